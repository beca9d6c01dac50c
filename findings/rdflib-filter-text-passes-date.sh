#!/usr/bin/env bash
# rdflib 7.6.0: FILTER(?year >= "2020-01-01"^^xsd:date) lets texts, numbers and years through.
# Expected: SPARQL 1.1, 17.3 "Operator Mapping": no row of the table compares an xsd:date with a text, a number or an
# xsd:gYear, so that `>=` is a type error, and by 17.2 a FILTER drops the row of an error. An extension may add rows
# to the table, but an order between a date and the text "unknown" has no meaning.
# Seen: rdflib orders literals of different types by their kind, and the filter passes the text "未知" ("unknown"), the
# integer 1999 and the xsd:gYear 2018 as later than 2020-01-01; "8" > 9 is true. pyoxigraph 0.5.13 passes none of
# them.
# Matters: a column of award dates may mix dates, bare years and "unknown"; a count "since 2020" silently holds them
# all.
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

PREFIX = "PREFIX xsd: <http://www.w3.org/2001/XMLSchema#> "
QUERIES = [
    'SELECT ?v { VALUES ?v { "2021-05-01"^^xsd:date "未知" 1999 "2018"^^xsd:gYear } FILTER(?v >= "2020-01-01"^^xsd:date) }',
    'SELECT ?v { VALUES ?v { "8" 10 "高新区"@zh } FILTER(?v > 9) }',
]
for query in QUERIES:
    print("rdflib", [str(row.v) for row in rdflib.Graph().query(PREFIX + query)])
    print("pyoxigraph", [row["v"].value for row in pyoxigraph.Store().query(PREFIX + query)])
END
diff - seen <<'END'
rdflib ['2021-05-01', '未知', '1999', '2018']
pyoxigraph ['2021-05-01']
rdflib ['8', '10', '高新区']
pyoxigraph ['10']
END
echo "as seen on 2026-11-30"
