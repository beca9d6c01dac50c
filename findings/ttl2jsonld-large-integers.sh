#!/usr/bin/env bash
# @frogcat/ttl2jsonld 0.0.10: an integer of more than 15 digits becomes another integer in JSON-LD.
# Expected: XSD 1.1, 3.4.13: xsd:integer is exact; JSON-LD 1.1, 4.2.3: a typed value object ("@type": xsd:integer with a
# text) holds what a JSON number cannot.
# Seen: 12345678901234567890 becomes the JSON number 12345678901234567000, in RDF 12345678901234567168, while a decimal with
# as many digits is kept as text. rdflib 7.6.0 keeps both.
# Matters: numbers of certificates, registrations and statistics; a Turtle file and the JSON-LD made of it name two
# things.
# Seen on 2026-12-01.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-save --no-fund --no-audit @frogcat/ttl2jsonld@0.0.10 jsonld@9.0.0
cat > run.mjs <<'END'
import ttl2jsonld from "@frogcat/ttl2jsonld";
import jsonld from "jsonld";
const turtle = `@prefix ex: <http://example.org/> .
ex:a ex:small 123 . ex:b ex:large 9007199254740993 . ex:c ex:larger 12345678901234567890 . ex:d ex:decimal 12345678901234567.890 .`;
const quads = await jsonld.toRDF(ttl2jsonld.parse(turtle), { format: "application/n-quads" });
for (const quad of quads.trim().split("\n")) console.log(quad.replaceAll(/http:\/\/[^ >]*[/#]/g, ""));
END
node run.mjs > seen
diff - seen <<'END'
<a> <small> "123"^^<integer> .
<b> <large> "9007199254740992"^^<integer> .
<c> <larger> "12345678901234567168"^^<integer> .
<d> <decimal> "12345678901234567.890"^^<decimal> .
END
echo "as seen on 2026-12-01"
