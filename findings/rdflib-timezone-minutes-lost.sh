#!/usr/bin/env bash
# rdflib 7.6.0: TIMEZONE drops the minutes of a time zone.
# Expected: SPARQL 1.1, 17.4.5.8 "timezone": "Returns the timezone part of arg as an xsd:dayTimeDuration"; TZ
# (17.4.5.9) gives the same part as a text.
# Seen: for +05:30 (India) TIMEZONE is PT5H where TZ says +05:30; for +08:45 (Eucla) PT8H; for -00:30 and -03:30
# (Newfoundland) P0D and -PT3H. pyoxigraph 0.5.13 gives PT5H30M, PT8H45M, -PT30M and -PT3H30M.
# Matters: moments moved to UTC by subtracting TIMEZONE are wrong by up to 45 minutes, and nothing says so.
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

for zone in ("+08:00", "+05:30", "+08:45", "-00:30", "-03:30"):
    moment = f'"2019-05-01T00:00:00{zone}"^^<http://www.w3.org/2001/XMLSchema#dateTime>'
    query = f"SELECT (TZ({moment}) AS ?t) (TIMEZONE({moment}) AS ?d) {{}}"
    for row in rdflib.Graph().query(query):
        print("rdflib", row.t, row.d, end=" | ")
    for row in pyoxigraph.Store().query(query):
        print("pyoxigraph", row["t"].value, row["d"].value)
END
diff - seen <<'END'
rdflib +08:00 PT8H | pyoxigraph +08:00 PT8H
rdflib +05:30 PT5H | pyoxigraph +05:30 PT5H30M
rdflib +08:45 PT8H | pyoxigraph +08:45 PT8H45M
rdflib -00:30 P0D | pyoxigraph -00:30 -PT30M
rdflib -03:30 -PT3H | pyoxigraph -03:30 -PT3H30M
END
echo "as seen on 2026-11-30"
