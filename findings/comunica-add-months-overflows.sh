#!/usr/bin/env bash
# Comunica 5.4.1: a day plus months runs over into the month after: 31 January + P1M is 3 March.
# Expected: XPath Functions, op:add-yearMonthDuration-to-date, and XML Schema Part 2, appendix E ("Adding durations to
# dateTimes"), to which the common extension of SPARQL (SEP-0002) points: the day is cut to the last one of the month:
# 2019-02-28; 2020-02-29 + P1Y is 2021-02-28.
# Seen: 2019-03-03 and 2021-03-01; 2019-08-31 + P6M is 2020-03-02. rdflib 7.6.0 gives 2019-02-28, 2021-02-28 and
# 2020-02-29.
# Matters: a designation granted for one or three years on the last of a month gets a wrong end, and is found in force
# too long.
# Seen on 2026-11-30.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install -q rdflib==7.6.0
npm install --silent --no-save --no-fund --no-audit @comunica/query-sparql-rdfjs@5.4.1 n3@2.13.12
cat > query.rq <<'END'
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
SELECT ?r {
  VALUES (?day ?for) {
    ("2019-01-31"^^xsd:date "P1M"^^xsd:yearMonthDuration) ("2020-02-29"^^xsd:date "P1Y"^^xsd:yearMonthDuration)
    ("2019-08-31"^^xsd:date "P6M"^^xsd:yearMonthDuration) ("2019-05-15"^^xsd:date "P3Y"^^xsd:yearMonthDuration)
  } BIND(?day + ?for AS ?r) }
END
cat > run.mjs <<'END'
import { readFileSync } from "node:fs";
import { QueryEngine } from "@comunica/query-sparql-rdfjs";
import { Store } from "n3";
const rows = await new QueryEngine().queryBindings(readFileSync("query.rq", "utf8"), { sources: [new Store()] });
for (const row of await rows.toArray()) console.log("Comunica", row.get("r").value);
END
cat > run.py <<'END'
import rdflib

for row in rdflib.Graph().query(open("query.rq").read()):
    print("rdflib", row.r)
END
{ node run.mjs; venv/bin/python run.py; } > seen
diff - seen <<'END'
Comunica 2019-03-03
Comunica 2021-03-01
Comunica 2020-03-02
Comunica 2022-05-15
rdflib 2019-02-28
rdflib 2021-02-28
rdflib 2020-02-29
rdflib 2022-05-15
END
echo "as seen on 2026-11-30"
