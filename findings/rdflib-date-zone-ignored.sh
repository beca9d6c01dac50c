#!/usr/bin/env bash
# rdflib 7.6.0: comparing xsd:date ignores the time zone; the order of days of different zones is wrong.
# Expected: XML Schema 1.1 Part 2, 3.3.9 (date) and XPath Functions op:date-equal, op:date-less-than: a date is the
# moment its day begins in its zone, so 2019-05-01+08:00 begins 8 hours before 2019-05-01Z, and 2019-04-30-10:00
# equals 2019-05-01+14:00.
# Seen: rdflib finds the first two equal, the last two different, and 2019-05-01+13:00 not before 2019-05-01-10:00,
# which begins 23 hours later. pyoxigraph 0.5.13 answers by the definition. DISTINCT in rdflib still keeps the
# spellings apart.
# Matters: days published with +08:00 (Beijing time) join and sort wrongly with days in UTC.
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

XSD = "^^<http://www.w3.org/2001/XMLSchema#date>"
PAIRS = [
    ("2019-05-01+08:00", "=", "2019-05-01Z"),
    ("2019-05-01+08:00", "<", "2019-05-01Z"),
    ("2019-04-30-10:00", "=", "2019-05-01+14:00"),
    ("2019-05-01+13:00", "<", "2019-05-01-10:00"),
]
for left, sign, right in PAIRS:
    query = f'SELECT ("{left}"{XSD} {sign} "{right}"{XSD} AS ?r) {{}}'
    print(left, sign, right, "| rdflib", [str(row.r) for row in rdflib.Graph().query(query)], end=" ")
    print("| pyoxigraph", [row["r"].value for row in pyoxigraph.Store().query(query)])
END
diff - seen <<'END'
2019-05-01+08:00 = 2019-05-01Z | rdflib ['true'] | pyoxigraph ['false']
2019-05-01+08:00 < 2019-05-01Z | rdflib ['false'] | pyoxigraph ['true']
2019-04-30-10:00 = 2019-05-01+14:00 | rdflib ['false'] | pyoxigraph ['true']
2019-05-01+13:00 < 2019-05-01-10:00 | rdflib ['false'] | pyoxigraph ['true']
END
echo "as seen on 2026-11-30"
