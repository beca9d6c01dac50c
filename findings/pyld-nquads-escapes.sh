#!/usr/bin/env bash
# PyLD 3.3.0: "\u56FD" in N-Quads is read as six characters, a backslash among them, and not as 国.
# Expected: RDF 1.1 N-Quads, 4 (Grammar, UCHAR and ECHAR): \uXXXX and \UXXXXXXXX stand for the character, in texts and IRIs, as do
# \b and \f.
# Seen: from_rdf keeps the backslash in the text, and normalize writes it doubled, so that "\u56FD" and "国" have two canonical
# forms and two hashes. rdf-canonize 5.0.0, by the same authors, and pyoxigraph 0.5.13 give one.
# Matters: rapper and other writers of N-Quads escape every Chinese character; labels become unreadable and signatures of one
# and the same graph differ.
# Seen on 2026-12-01.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install -q PyLD==3.3.0 pyoxigraph==0.5.13
npm install --silent --no-save --no-fund --no-audit rdf-canonize@5.0.0
cat > escaped.nq <<'END'
<http://example.org/a> <http://example.org/name> "\u56FD\u5BB6" .
END
cat > run.py <<'END'
import pyoxigraph
from pyld import jsonld

text = open("escaped.nq").read()
options = {"algorithm": "URDNA2015", "inputFormat": "application/n-quads", "format": "application/n-quads"}
print("PyLD from_rdf", jsonld.from_rdf(text)[0]["http://example.org/name"][0]["@value"])
print("PyLD normalize", jsonld.normalize(text, options).split('"')[1], jsonld.normalize(text.encode().decode("unicode_escape"), options).split('"')[1])
print("pyoxigraph", *(quad.object.value for quad in pyoxigraph.parse(text.encode(), format=pyoxigraph.RdfFormat.N_QUADS)))
END
cat > run.mjs <<'END'
import { readFileSync } from "node:fs";
import { canonize } from "rdf-canonize";
const options = { algorithm: "RDFC-1.0", inputFormat: "application/n-quads", format: "application/n-quads" };
console.log("rdf-canonize", (await canonize(readFileSync("escaped.nq", "utf8"), options)).split('"')[1]);
END
{ venv/bin/python run.py; node run.mjs; } > seen
diff - seen <<'END'
PyLD from_rdf \u56FD\u5BB6
PyLD normalize \\u56FD\\u5BB6 国家
pyoxigraph 国家
rdf-canonize 国家
END
echo "as seen on 2026-12-01"
