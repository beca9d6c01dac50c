#!/usr/bin/env bash
# rdflib 7.6.0: one text among the values of SUM ends the whole query with a Python error, and AVG leaves it out
# silently.
# Expected: SPARQL 1.1, 11.5 "Aggregate Example (with errors)": the aggregate of the group with the error is left
# unbound, and the other groups are answered.
# Seen: of two groups, one with the text "待定" ("to be decided") among its amounts, rdflib raises SPARQLTypeError and
# answers neither; AVG gives 5 for that group, as if the text were not there, where COUNT says 2. pyoxigraph 0.5.13
# answers as the example does.
# Matters: one unclean cell in a column of amounts makes every sum by ministry fail, and gives a wrong mean that
# nobody notices, where the clause promises a gap.
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

VALUES = '{ VALUES (?g ?v) { ("甲" 1) ("甲" 2) ("乙" 5) ("乙" "待定") } } GROUP BY ?g ORDER BY ?g'
for call in ("SUM(?v)", "AVG(?v)", "COUNT(?v)"):
    query = f"SELECT ?g ({call} AS ?r) {VALUES}"
    try:
        rows = [(str(row.g), None if row.r is None else str(row.r)) for row in rdflib.Graph().query(query)]
    except Exception as error:
        rows = type(error).__name__
    print(call, "| rdflib", rows, end=" ")
    print("| pyoxigraph", [(row["g"].value, row["r"] and row["r"].value) for row in pyoxigraph.Store().query(query)])
END
diff - seen <<'END'
SUM(?v) | rdflib SPARQLTypeError | pyoxigraph [('乙', None), ('甲', '3')]
AVG(?v) | rdflib [('乙', '5'), ('甲', '1.5')] | pyoxigraph [('乙', None), ('甲', '1.5')]
COUNT(?v) | rdflib [('乙', '2'), ('甲', '2')] | pyoxigraph [('乙', '2'), ('甲', '2')]
END
echo "as seen on 2026-11-30"
