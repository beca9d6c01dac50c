#!/usr/bin/env bash
# rdf-canonize 5.0.0: the canonical form of a graph with a rare Chinese character is in another order than RDFC-1.0 says.
# Expected: RDF Dataset Canonicalization 1.0, 5 (Serialization): the lines are sorted in code point order of Unicode.
# Seen: lines are sorted by the halves of UTF-16, so that 𠮷 (U+20BB7) comes before ～ (U+FF5E); PyLD 3.3.0, by the same authors,
# has them in code point order. The two hashes of one graph differ.
# Matters: verifiable credentials and published hashes of a dataset are made of exactly this form: a list with one name such
# as 𠮷林 or 𬬻 beside a full-width sign cannot be verified with the other library.
# Seen on 2026-12-01.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install -q PyLD==3.3.0
npm install --silent --no-save --no-fund --no-audit rdf-canonize@5.0.0
cat > names.nq <<'END'
<http://example.org/a> <http://example.org/name> "𠮷林" .
<http://example.org/a> <http://example.org/name> "～" .
<http://example.org/a> <http://example.org/name> "国" .
END
cat > run.mjs <<'END'
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { canonize } from "rdf-canonize";
const options = { algorithm: "RDFC-1.0", inputFormat: "application/n-quads", format: "application/n-quads" };
const form = await canonize(readFileSync("names.nq", "utf8"), options);
console.log("rdf-canonize", form.match(/(?<=")[^"]+/g).filter((text) => !/[<\n]/.test(text)).join(" "), createHash("sha256").update(form).digest("hex").slice(0, 12));
END
cat > run.py <<'END'
import hashlib
import re

from pyld import jsonld

text = open("names.nq").read()
form = jsonld.normalize(text, {"algorithm": "URDNA2015", "inputFormat": "application/n-quads", "format": "application/n-quads"})
print("PyLD", *re.findall(r'"(.+)"', form), hashlib.sha256(form.encode()).hexdigest()[:12])
lines = sorted(text.splitlines(keepends=True))
print("by code points", *re.findall(r'"(.+)"', "".join(lines)), hashlib.sha256("".join(lines).encode()).hexdigest()[:12])
END
{ node run.mjs; venv/bin/python run.py; } > seen
diff - seen <<'END'
rdf-canonize 国 𠮷林 ～ 150316de4358
PyLD 国 ～ 𠮷林 610e807ab5b5
by code points 国 ～ 𠮷林 610e807ab5b5
END
echo "as seen on 2026-12-01"
