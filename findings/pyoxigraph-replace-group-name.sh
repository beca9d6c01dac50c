#!/usr/bin/env bash
# pyoxigraph 0.5.13: in REPLACE, a letter, digit or "_" right after $1 makes the group vanish, and "\$" is no dollar
# sign.
# Expected: SPARQL 1.1, 17.4.3.15: as fn:replace of XPath Functions: $N is the group of the number N, N one digit
# (more digits only as far as there are groups), whatever follows; "\$" is a dollar sign. The example of fn:replace
# itself: replace("darted", "^(.*?)d(.*)$", "$1c$2") is "carted".
# Seen: "arted": the name of the group is read on to "1c", which no group has, and gives nothing. A year joined with a
# unit in Latin letters vanishes the same way; before a Chinese character the group stays. rdflib 7.6.0 gives
# "carted".
# Matters: rewriting "2019年" to "2019y" or "2019_" silently loses the year.
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

CALLS = [
    '"darted", "^(.*?)d(.*)$", "$1c$2"',
    '"2019年5月", "([0-9]+)年", "$1y"',
    '"2019年5月", "([0-9]+)年", "$1_"',
    '"2019年5月", "([0-9]+)年", "$1年度"',
    '"ab", "(a)(b)", "$2$1"',
]
for call in CALLS:
    query = f"SELECT (REPLACE({call}) AS ?r) {{}}"
    print(call, "| pyoxigraph", [row["r"].value for row in pyoxigraph.Store().query(query)], end=" ")
    print("| rdflib", [str(row.r) for row in rdflib.Graph().query(query)])
query = r'SELECT (REPLACE("5 CNY", " CNY", "\\$") AS ?r) {}'
print("dollar | pyoxigraph", [row["r"].value for row in pyoxigraph.Store().query(query)])
END
diff - seen <<'END'
"darted", "^(.*?)d(.*)$", "$1c$2" | pyoxigraph ['arted'] | rdflib ['carted']
"2019年5月", "([0-9]+)年", "$1y" | pyoxigraph ['5月'] | rdflib ['2019y5月']
"2019年5月", "([0-9]+)年", "$1_" | pyoxigraph ['5月'] | rdflib ['2019_5月']
"2019年5月", "([0-9]+)年", "$1年度" | pyoxigraph ['2019年度5月'] | rdflib ['2019年度5月']
"ab", "(a)(b)", "$2$1" | pyoxigraph ['ba'] | rdflib ['ba']
dollar | pyoxigraph ['5\\$']
END
echo "as seen on 2026-11-30"
