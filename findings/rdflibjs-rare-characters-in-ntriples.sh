#!/usr/bin/env bash
# rdflib.js 2.4.0: rare Chinese characters in N-Triples are written as two halves of a surrogate pair.
# Expected: RDF 1.1 N-Triples, 7 (UCHAR): a character is itself, \uXXXX or \UXXXXXXXX; a code of D800 to DFFF is no
# Unicode character.
# Seen: "𠮷林" is written as "\ud842\udfb7\u6797"; pyoxigraph 0.5.13 refuses the file, and rdflib 7.6.0 reads two
# characters that cannot be encoded. In IRIs, too. Turtle of rdflib.js has the character itself.
# Matters: names of persons, places and chemical elements (𬬻, 𬭊) outside the basic plane; a dump with one of them cannot
# be loaded.
# Seen on 2026-12-01.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install -q rdflib==7.6.0 pyoxigraph==0.5.13
npm install --silent --no-save --no-fund --no-audit rdflib@2.4.0
cat > run.mjs <<'END'
import { writeFileSync } from "node:fs";
import * as rdf from "rdflib";
const graph = rdf.graph();
rdf.parse('<http://example.org/a> <http://example.org/name> "𠮷林", "国家" .', graph, "http://example.org/", "text/turtle");
const written = rdf.serialize(null, graph, "http://example.org/", "application/n-triples");
writeFileSync("written.nt", written);
console.log(written.trim().split("\n").map((line) => line.split('"')[1]).join(" "));
END
cat > run.py <<'END'
import pyoxigraph
import rdflib

try:
    print("pyoxigraph", len(list(pyoxigraph.parse(path="written.nt"))), "triples")
except SyntaxError as error:
    print("pyoxigraph SyntaxError", "escape sequence" in str(error))
names = sorted(map(str, rdflib.Graph().parse("written.nt").objects()), key=len)
print("rdflib", [len(name) for name in names], ascii(names[-1]))
END
{ node run.mjs; venv/bin/python run.py; } > seen
diff - seen <<'END'
\u56fd\u5bb6 \ud842\udfb7\u6797
pyoxigraph SyntaxError True
rdflib [2, 3] '\ud842\udfb7\u6797'
END
echo "as seen on 2026-12-01"
