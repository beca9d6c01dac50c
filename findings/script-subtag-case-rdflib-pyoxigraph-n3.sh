#!/usr/bin/env bash
# pyoxigraph 0.5.13 and N3.js 2.13.12 make language tags lower case, rdflib 7.6.0 keeps them: LANG(?label) = "zh-Hans"
# finds all or none.
# Expected: RDF 1.1 Concepts, 3.3 lets a reader convert tags to lower case; BCP 47, 2.1.1 recommends to write zh-Hans,
# zh-Hant, and says that case has no meaning. All three are right by these clauses; users write the query as the data.
# Seen: for "高新区"@zh-Hans the filter LANG(?l) = "zh-Hans" finds the label in rdflib and nothing in pyoxigraph;
# "zh-hans" the reverse; both pairs keep quiet. N3.js gives the literal as zh-hans, and written back the file has
# changed.
# Matters: zh-Hans and zh-Hant tell the scripts of Chinese apart; plain en and zh never show this.
# LANGMATCHES(LANG(?l), "zh-Hans") is the portable test (SPARQL 1.1, 17.4.3.13).
# Seen on 2026-11-30.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install -q pyoxigraph==0.5.13 rdflib==7.6.0
npm install --silent --no-save --no-fund --no-audit n3@2.13.12
cat > labels.ttl <<'END'
<http://example.org/a> <http://www.w3.org/2000/01/rdf-schema#label> "高新区"@zh-Hans, "高新區"@zh-Hant .
END
cat > run.py <<'END'
import pyoxigraph
import rdflib

graph, store = rdflib.Graph().parse("labels.ttl"), pyoxigraph.Store()
store.load(path="labels.ttl")
for test in ('LANG(?l) = "zh-Hans"', 'LANG(?l) = "zh-hans"', 'LANGMATCHES(LANG(?l), "zh-Hans")'):
    query = "SELECT ?l { ?s ?p ?l FILTER(" + test + ") }"
    print(test, "| rdflib", len(list(graph.query(query))), "| pyoxigraph", len(list(store.query(query))))
END
cat > run.mjs <<'END'
import { readFileSync } from "node:fs";
import { Parser } from "n3";
for (const quad of new Parser().parse(readFileSync("labels.ttl", "utf8"))) console.log("N3.js", quad.object.language);
END
{ venv/bin/python run.py; node run.mjs; } > seen
diff - seen <<'END'
LANG(?l) = "zh-Hans" | rdflib 1 | pyoxigraph 0
LANG(?l) = "zh-hans" | rdflib 0 | pyoxigraph 1
LANGMATCHES(LANG(?l), "zh-Hans") | rdflib 1 | pyoxigraph 1
N3.js zh-hans
N3.js zh-hant
END
echo "as seen on 2026-11-30"
