#!/usr/bin/env bash
# rdflib 7.6.0: REPLACE takes its flags for the greatest number of replacements, and REGEX knows no flag "x".
# Expected: SPARQL 1.1, 17.4.3.15 (REPLACE) and 17.4.3.14 (REGEX): as fn:replace and fn:matches of XPath Functions,
# whose flags are "s", "m", "i" and "x": "i" ignores case, "x" removes white space from the pattern.
# Seen: REPLACE("aaaa", "a", "Z", "i") is "ZZaa" (2, the value of Python's re.IGNORECASE, replacements, and case still
# counts); REPLACE("HTZ-Htz", "htz", "*", "i") changes nothing; the "x" of REGEX is ignored. pyoxigraph 0.5.13 follows
# the clauses.
# Matters: cleaning names (dropping a suffix in any case) leaves most of them as they were, and says nothing.
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

EXPRESSIONS = [
    'REPLACE("aaaa", "a", "Z", "i")',
    'REPLACE("aaaa", "a", "Z", "s")',
    'REPLACE("HTZ-Htz", "htz", "*", "i")',
    'REGEX("国家高新区", "国家 高新区", "x")',
]
for expression in EXPRESSIONS:
    query = "SELECT (" + expression + " AS ?r) {}"
    print(expression, "| rdflib", [str(row.r) for row in rdflib.Graph().query(query)], end=" ")
    print("| pyoxigraph", [row["r"].value for row in pyoxigraph.Store().query(query)])
END
diff - seen <<'END'
REPLACE("aaaa", "a", "Z", "i") | rdflib ['ZZaa'] | pyoxigraph ['ZZZZ']
REPLACE("aaaa", "a", "Z", "s") | rdflib ['ZZZZ'] | pyoxigraph ['ZZZZ']
REPLACE("HTZ-Htz", "htz", "*", "i") | rdflib ['HTZ-Htz'] | pyoxigraph ['*-*']
REGEX("国家高新区", "国家 高新区", "x") | rdflib ['false'] | pyoxigraph ['true']
END
echo "as seen on 2026-11-30"
