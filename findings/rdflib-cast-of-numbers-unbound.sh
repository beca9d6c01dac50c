#!/usr/bin/env bash
# rdflib 7.6.0: xsd:integer() of a decimal, a double or a boolean fails, and so does xsd:decimal() of a boolean.
# Expected: SPARQL 1.1, 17.5 "XPath Constructor Functions": the table of casts has Y (always) for decimal, boolean to
# integer and M for float, double; by XPath Functions the fraction is cut off: xsd:integer(2.9) = 2, xsd:integer(true)
# = 1.
# Seen: rdflib leaves the variable unbound (the row is then lost when it is the only one) for 2.9, 2.0, 1e3, true and
# 201.9. pyoxigraph 0.5.13 gives 2, 2, 1000, 1 and 201.
# Matters: xsd:integer(YEAR(?day) / 10) for decades, or a share cut to percents, is empty for every row.
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
DAY = '"2019-05-01"^^xsd:date'
for value in ("2.9", "2.0", "1e3", "true", f"YEAR({DAY}) / 10"):
    query = PREFIX + f'SELECT (COALESCE(xsd:integer({value}), "unbound") AS ?r) {{}}'
    print(value, "| rdflib", [str(row.r) for row in rdflib.Graph().query(query)], end=" ")
    print("| pyoxigraph", [row["r"].value for row in pyoxigraph.Store().query(query)])
END
diff - seen <<'END'
2.9 | rdflib ['unbound'] | pyoxigraph ['2']
2.0 | rdflib ['unbound'] | pyoxigraph ['2']
1e3 | rdflib ['unbound'] | pyoxigraph ['1000']
true | rdflib ['unbound'] | pyoxigraph ['1']
YEAR("2019-05-01"^^xsd:date) / 10 | rdflib ['unbound'] | pyoxigraph ['201']
END
echo "as seen on 2026-11-30"
