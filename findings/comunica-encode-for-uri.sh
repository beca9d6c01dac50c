#!/usr/bin/env bash
# Comunica 5.4.1: ENCODE_FOR_URI leaves "/", "?", "#", "&" and other reserved characters as they are.
# Expected: SPARQL 1.1, 17.4.3.11: as fn:encode-for-uri of XPath Functions, which escapes all but A-Z a-z 0-9 "-" "_"
# "." "~": its own example gives "100%25%20organic", and "/" becomes "%2F".
# Seen: "A/B?x=1&y#2" comes back unchanged; rdflib 7.6.0 gives "A%2FB%3Fx%3D1%26y%232". Chinese characters and blanks
# are escaped by both.
# Matters: an address made with IRI(CONCAT(base, ENCODE_FOR_URI(?name))) of a name with "/" or "#" is another resource
# than intended, or is cut at "#" when fetched.
# Seen on 2026-11-30.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install -q rdflib==7.6.0
npm install --silent --no-save --no-fund --no-audit @comunica/query-sparql-rdfjs@5.4.1 n3@2.13.12
cat > query.rq <<'END'
SELECT ?r { VALUES ?v { "高新 区" "A/B?x=1&y#2" "it's (a)!*" "100% organic" } BIND(ENCODE_FOR_URI(?v) AS ?r) }
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
Comunica %E9%AB%98%E6%96%B0%20%E5%8C%BA
Comunica A/B?x=1&y#2
Comunica it's%20(a)!*
Comunica 100%25%20organic
rdflib %E9%AB%98%E6%96%B0%20%E5%8C%BA
rdflib A%2FB%3Fx%3D1%26y%232
rdflib it%27s%20%28a%29%21%2A
rdflib 100%25%20organic
END
echo "as seen on 2026-11-30"
