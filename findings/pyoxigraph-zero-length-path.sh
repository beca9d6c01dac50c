#!/usr/bin/env bash
# pyoxigraph 0.5.13: a path with * or ? does not find its own start when that is in no triple.
# Expected: SPARQL 1.1, 9.3 and 18.4 (ALP, ZeroOrOnePath): a path of length zero joins every term of the query with
# itself, whether or not the term is in the data: `ex:new skos:broader* ?x` has the solution ex:new.
# Seen: no solution, and ASK { ex:new skos:broader* ex:new } is false; the same with a term from VALUES. As soon as
# one triple has the term, even as its object, the solution is there. rdflib 7.6.0 answers by the definition.
# Matters: "this class and all above it" of a code that the vocabulary does not hold yet is silently empty, and the
# row of the outer query is lost, where other stores keep it.
# Seen on 2026-11-30.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install -q pyoxigraph==0.5.13 rdflib==7.6.0
venv/bin/python -W ignore - > seen <<'END'
import pyoxigraph
import rdflib

PREFIX = "PREFIX ex: <http://example.org/> PREFIX skos: <http://www.w3.org/2004/02/skos/core#> "
DATA = "@prefix ex: <http://example.org/> . ex:set ex:member ex:known ."
PATTERNS = [
    "ex:known skos:broader* ?x",
    "ex:new skos:broader* ?x",
    "ex:new skos:broader? ?x",
    "VALUES ?s { ex:new } ?s skos:broader* ?x",
    "ex:new skos:broader* ex:new",
]
store = pyoxigraph.Store()
store.load(DATA.encode(), format=pyoxigraph.RdfFormat.TURTLE)
graph = rdflib.Graph().parse(data=DATA, format="turtle")
for pattern in PATTERNS:
    query = PREFIX + "SELECT * { " + pattern + " }"
    print(pattern, "| pyoxigraph", len(list(store.query(query))), "| rdflib", len(graph.query(query)))
END
diff - seen <<'END'
ex:known skos:broader* ?x | pyoxigraph 1 | rdflib 1
ex:new skos:broader* ?x | pyoxigraph 0 | rdflib 1
ex:new skos:broader? ?x | pyoxigraph 0 | rdflib 1
VALUES ?s { ex:new } ?s skos:broader* ?x | pyoxigraph 0 | rdflib 1
ex:new skos:broader* ex:new | pyoxigraph 0 | rdflib 1
END
echo "as seen on 2026-11-30"
