#!/usr/bin/env bash
# rdflib 7.6.0: translateAlgebra, which writes an algebra back as a query, drops parentheses, flags, filters and HAVING.
# Expected: its docstring: the query string that corresponds to the algebra; run, it gives what the algebra gives.
# Seen: 10 - (4 - 3) is written as 10 - 4 - 3, !(?a = ?b) as !?a = ?b, REGEX loses its flags, OPTIONAL its FILTER, and
# HAVING becomes a FILTER before the grouping. All are valid queries with other answers; nothing is raised.
# Matters: tools that rewrite a query (add a graph, a limit, a right of access) go through the algebra and send the other
# query to an endpoint.
# Seen on 2026-12-01.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install -q rdflib==7.6.0 pyoxigraph==0.5.13
venv/bin/python - > seen <<'END'
import pyoxigraph
from rdflib.plugins.sparql.algebra import translateAlgebra, translateQuery
from rdflib.plugins.sparql.parser import parseQuery

DATA = b"""@prefix : <http://example.org/> . :a :zone :x, :y ; :name "ETDZ" . :b :zone :x . :x :area 1 . :y :area 9 ."""
PREFIX = "PREFIX : <http://example.org/> "
store = pyoxigraph.Store()
store.load(DATA, format=pyoxigraph.RdfFormat.TURTLE)


def rows(query):
    """The values of each row, sorted."""
    return sorted(" ".join(term.value if term else "-" for term in row) for row in store.query(query))


for query in (
    "SELECT (10 - (4 - 3) AS ?n) {}",
    "SELECT (8 / (4 / 2) AS ?n) {}",
    "SELECT (!(1 = 2) AS ?n) {}",
    'SELECT ?s { ?s :name ?name FILTER(REGEX(?name, "etdz", "i")) }',
    "SELECT ?s ?area { ?s :zone ?z OPTIONAL { ?z :area ?area FILTER(?area > 5) } }",
    "SELECT ?s { ?s :zone ?z } GROUP BY ?s HAVING(COUNT(?z) > 1)",
):
    try:
        again = rows(translateAlgebra(translateQuery(parseQuery(PREFIX + query))))
    except SyntaxError:
        again = "no query"
    print(query, "|", rows(PREFIX + query) == again, again)
END
diff - seen <<'END'
SELECT (10 - (4 - 3) AS ?n) {} | False ['3']
SELECT (8 / (4 / 2) AS ?n) {} | False ['1']
SELECT (!(1 = 2) AS ?n) {} | False ['false']
SELECT ?s { ?s :name ?name FILTER(REGEX(?name, "etdz", "i")) } | False []
SELECT ?s ?area { ?s :zone ?z OPTIONAL { ?z :area ?area FILTER(?area > 5) } } | False ['http://example.org/a 1', 'http://example.org/a 9', 'http://example.org/b 1']
SELECT ?s { ?s :zone ?z } GROUP BY ?s HAVING(COUNT(?z) > 1) | False []
END
echo "as seen on 2026-12-01"
