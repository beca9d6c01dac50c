#!/usr/bin/env bash
# rdf-validate-shacl 0.6.5 and shacl-engine 1.1.2: sh:maxLength and sh:minLength count rare Chinese characters twice.
# Expected: SHACL, 4.4.1 and 4.4.2: the length is that of SPARQL's STRLEN, in characters: "𠮷林" has two.
# Seen: both count the UTF-16 units of JavaScript: "𠮷林" is reported for sh:maxLength 2, and "𠮷" passes sh:minLength 2.
# pySHACL 0.40.1 reports only the latter.
# Matters: characters beyond U+FFFF stand in names of villages, towns and persons; the reports of the engines differ
# by exactly these.
# Seen on 2026-11-30.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install -q pyshacl==0.40.1 rdflib==7.6.0
npm install --silent --no-save --no-fund --no-audit rdf-validate-shacl@0.6.5 shacl-engine@1.1.2 @zazuko/env@3.0.1 n3@2.13.12
cat > data.ttl <<'END'
@prefix ex: <http://example.org/> .
ex:a ex:short "𠮷林", "吉林" ; ex:long "𠮷", "吉", "吉林" .
END
cat > shapes.ttl <<'END'
@prefix ex: <http://example.org/> . @prefix sh: <http://www.w3.org/ns/shacl#> .
ex:shape a sh:NodeShape ; sh:targetNode ex:a ; sh:property [ sh:path ex:short ; sh:maxLength 2 ], [ sh:path ex:long ; sh:minLength 2 ] .
END
cat > run.mjs <<'END'
import { readFileSync } from "node:fs";
import rdf from "@zazuko/env";
import { Parser } from "n3";
import RdfValidateShacl from "rdf-validate-shacl";
import { Validator } from "shacl-engine";
const parse = (name) => rdf.dataset(new Parser().parse(readFileSync(name, "utf8")));
const dataset = parse("data.ttl"), shapes = parse("shapes.ttl"), names = (report) =>
  report.results.map((result) => (result.value?.value ?? result.focusNode.value ?? result.focusNode.term.value)).sort();
const older = await new RdfValidateShacl(shapes, { factory: rdf }).validate(dataset);
console.log("rdf-validate-shacl", names(older));
const engine = await new Validator(shapes, { factory: rdf }).validate({ dataset });
console.log("shacl-engine", names(engine));
END
cat > run.py <<'END'
import pyshacl
import rdflib

report = pyshacl.validate(rdflib.Graph().parse("data.ttl"), shacl_graph=rdflib.Graph().parse("shapes.ttl"))[1]
print("pyshacl", sorted(str(node) for node in report.objects(None, rdflib.SH.value)))
END
{ node run.mjs; venv/bin/python run.py; } > seen
diff - seen <<'END'
rdf-validate-shacl [ '吉', '𠮷林' ]
shacl-engine [ '吉', '𠮷林' ]
pyshacl ['吉', '𠮷']
END
echo "as seen on 2026-11-30"
