#!/usr/bin/env bash
# rdflib 7.6.0: the product of two integers is an xsd:decimal.
# Expected: SPARQL 1.1, 17.3: `A * B` is op:numeric-multiply, which for two xsd:integer gives an xsd:integer (XPath
# Functions , the operands' type; only op:numeric-divide makes a decimal of two integers).
# Seen: 2 * 3 is "6"^^xsd:decimal while 2 + 3 and 5 - 3 are xsd:integer, so that 1 + 2 * 3 is a decimal too and is not
# the term 7: it does not join with the integer 7 of VALUES or of the data. pyoxigraph 0.5.13 gives integers.
# Matters: rows are silently lost where a computed number meets a stored one (years, counts, weights).
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

EXPRESSIONS = ["2 + 3", "5 - 3", "2 * 3", "1 + 2 * 3"]
for expression in EXPRESSIONS:
    query = f"SELECT (DATATYPE({expression}) AS ?r) {{}}"
    print(expression, "| rdflib", [row.r.split("#")[1] for row in rdflib.Graph().query(query)], end=" ")
    print("| pyoxigraph", [row["r"].value.split("#")[1] for row in pyoxigraph.Store().query(query)])
query = "SELECT ?n { BIND(1 + 2 * 3 AS ?n) VALUES ?n { 7 } }"
print("join | rdflib", len(list(rdflib.Graph().query(query))), "| pyoxigraph", len(list(pyoxigraph.Store().query(query))))
END
diff - seen <<'END'
2 + 3 | rdflib ['integer'] | pyoxigraph ['integer']
5 - 3 | rdflib ['integer'] | pyoxigraph ['integer']
2 * 3 | rdflib ['decimal'] | pyoxigraph ['integer']
1 + 2 * 3 | rdflib ['decimal'] | pyoxigraph ['integer']
join | rdflib 0 | pyoxigraph 1
END
echo "as seen on 2026-11-30"
