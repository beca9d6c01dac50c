#!/usr/bin/env bash
# rdflib 7.6.0 and Comunica 5.4.1: SUBSTR with a start of 0 or less counts from the end, as Python and JavaScript do.
# Expected: SPARQL 1.1, 17.4.3.3: as fn:substring of XPath Functions: the characters whose position p, from 1, has
# start <= p < start + length; substring("12345", 0, 3) is "12" there, and a negative start without a length gives the
# whole text.
# Seen: SUBSTR("国家高新区", 0, 3) is "" in both, and SUBSTR("国家高新区", -1) is "新区". pyoxigraph 0.5.13 gives "国家" and the
# whole text.
# Matters: SUBSTR(?name, STRLEN(?name) - 5) takes the last characters of a name; for a shorter name the start is 0 or
# less, and a piece from elsewhere comes back, with no error.
# Seen on 2026-11-30.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install -q rdflib==7.6.0 pyoxigraph==0.5.13
npm install --silent --no-save --no-fund --no-audit @comunica/query-sparql-rdfjs@5.4.1 n3@2.13.12
cat > query.rq <<'END'
SELECT (CONCAT(SUBSTR("国家高新区", 0, 3), "|", SUBSTR("国家高新区", -1), "|", SUBSTR("国家高新区", 4)) AS ?r) {}
END
cat > run.mjs <<'END'
import { readFileSync } from "node:fs";
import { QueryEngine } from "@comunica/query-sparql-rdfjs";
import { Store } from "n3";
const rows = await new QueryEngine().queryBindings(readFileSync("query.rq", "utf8"), { sources: [new Store()] });
for (const row of await rows.toArray()) console.log("Comunica", row.get("r").value);
END
cat > run.py <<'END'
import pyoxigraph
import rdflib

query = open("query.rq").read()
print("rdflib", [str(row.r) for row in rdflib.Graph().query(query)])
print("pyoxigraph", [row["r"].value for row in pyoxigraph.Store().query(query)])
END
{ node run.mjs; venv/bin/python run.py; } > seen
diff - seen <<'END'
Comunica |新区|新区
rdflib ['|新区|新区']
pyoxigraph ['国家|国家高新区|新区']
END
echo "as seen on 2026-11-30"
