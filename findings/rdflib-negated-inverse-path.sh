#!/usr/bin/env bash
# rdflib 7.6.0: the negated property set !(^p) and !(p|^q) find nothing.
# Expected: SPARQL 1.1, 9.1 and 18.4: !(^p) is the inverse of NPS({p}): every pair joined backwards by another
# predicate than p; !(p|^q) is the union of both directions.
# Seen: with three triples, rdflib gives 0 rows for `?o !(^ex:partOf) ex:a` and for the mixed set, where two are right
# (as pyoxigraph 0.5.13 gives).
# Matters: "all neighbours but the parents" of a node is silently empty.
# Seen on 2026-11-30.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install -q rdflib==7.6.0 pyoxigraph==0.5.13
venv/bin/python -W ignore - > seen <<'END'
import pyoxigraph
import rdflib

DATA = """@prefix ex: <http://example.org/> .
ex:a ex:partOf ex:p ; ex:grantedBy ex:m ; ex:locatedIn ex:c ."""
graph = rdflib.Graph().parse(data=DATA, format="turtle")
store = pyoxigraph.Store()
store.load(DATA.encode(), format=pyoxigraph.RdfFormat.TURTLE)
for path in ("!(ex:partOf)", "!(^ex:partOf)", "!(ex:partOf|^ex:partOf)"):
    end = "ex:a {} ?o" if path == "!(ex:partOf)" else "?o {} ex:a"
    query = "PREFIX ex: <http://example.org/> SELECT ?o { " + end.format(path) + " }"
    try:
        rows = len(list(graph.query(query)))
    except Exception as error:
        rows = type(error).__name__
    print(path, "| rdflib", rows, "| pyoxigraph", len(list(store.query(query))))
END
diff - seen <<'END'
!(ex:partOf) | rdflib 2 | pyoxigraph 2
!(^ex:partOf) | rdflib 0 | pyoxigraph 2
!(ex:partOf|^ex:partOf) | rdflib 0 | pyoxigraph 2
END
echo "as seen on 2026-11-30"
