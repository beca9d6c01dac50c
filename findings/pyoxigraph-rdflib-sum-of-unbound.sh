#!/usr/bin/env bash
# pyoxigraph 0.5.13 and rdflib 7.6.0 disagree on SUM and AVG over rows in which the value is unbound.
# Expected: one answer. By the letter of SPARQL 1.1, 18.5.1 ("the evaluation of an unbound expression is an error")
# the sum of such a group is an error, so unbound; users, as of SQL's SUM, expect that the missing values are left
# out.
# Seen: SUM, AVG and MIN over 1, 3 and an unbound value: pyoxigraph leaves all three unbound; rdflib gives 4, 2 and 1.
# COUNT(?v) is 2 in both, so that pyoxigraph counts values that it cannot sum.
# Matters: OPTIONAL amounts are the rule in catalogues of awards. The portable query sums COALESCE(?v, 0), or binds
# ?v.
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

for call in ("COUNT(?v)", "SUM(?v)", "AVG(?v)", "MIN(?v)", "SUM(COALESCE(?v, 0))"):
    query = f"SELECT ({call} AS ?r) {{ VALUES (?g ?v) {{ (1 1) (2 3) (3 UNDEF) }} }}"
    print(call, "| pyoxigraph", [row["r"] and row["r"].value for row in pyoxigraph.Store().query(query)], end=" ")
    print("| rdflib", [str(row["r"]) for row in rdflib.Graph().query(query).bindings])
END
diff - seen <<'END'
COUNT(?v) | pyoxigraph ['2'] | rdflib ['2']
SUM(?v) | pyoxigraph [None] | rdflib ['4']
AVG(?v) | pyoxigraph [None] | rdflib ['2']
MIN(?v) | pyoxigraph [None] | rdflib ['1']
SUM(COALESCE(?v, 0)) | pyoxigraph ['4'] | rdflib ['4']
END
echo "as seen on 2026-11-30"
