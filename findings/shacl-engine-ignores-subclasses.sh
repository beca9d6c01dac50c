#!/usr/bin/env bash
# shacl-engine 1.1.2: subclasses are ignored by sh:targetClass and by sh:class.
# Expected: SHACL, 2.1.3.2 and 4.1.1: both mean SHACL instances: nodes whose rdf:type is the class or, by
# rdfs:subClassOf in the data graph, a subclass of it.
# Seen: for data with ex:Park rdfs:subClassOf ex:Designation, the shape of ex:Designation is not applied to ex:a, a
# park without a name (a violation that is not reported), while the value ex:a of a property with sh:class
# ex:Designation is reported (a violation that is none). rdf-validate-shacl 0.6.5 and pySHACL 0.40.1 answer by the
# clauses.
# Matters: with one class for each programme, shapes written for the common class check nothing, and the report says
# that all conforms.
# Seen on 2026-11-30.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install -q pyshacl==0.40.1 rdflib==7.6.0
npm install --silent --no-save --no-fund --no-audit rdf-validate-shacl@0.6.5 shacl-engine@1.1.2 @zazuko/env@3.0.1 n3@2.13.12
cat > data.ttl <<'END'
@prefix ex: <http://example.org/> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
ex:Park rdfs:subClassOf ex:Designation . ex:a a ex:Park . ex:record ex:about ex:a .
END
cat > shapes.ttl <<'END'
@prefix ex: <http://example.org/> . @prefix sh: <http://www.w3.org/ns/shacl#> .
ex:named a sh:NodeShape ; sh:targetClass ex:Designation ; sh:property [ sh:path ex:name ; sh:minCount 1 ; sh:name "name" ] .
ex:about-shape a sh:NodeShape ; sh:targetNode ex:record ; sh:property [ sh:path ex:about ; sh:class ex:Designation ] .
END
cat > run.mjs <<'END'
import { readFileSync } from "node:fs";
import rdf from "@zazuko/env";
import { Parser } from "n3";
import RdfValidateShacl from "rdf-validate-shacl";
import { Validator } from "shacl-engine";
const parse = (name) => rdf.dataset(new Parser().parse(readFileSync(name, "utf8")));
const dataset = parse("data.ttl"), shapes = parse("shapes.ttl"), names = (report) =>
  report.results.map((result) => (result.path?.[0]?.predicates?.[0]?.value ?? result.path.value)).sort();
const older = await new RdfValidateShacl(shapes, { factory: rdf }).validate(dataset);
console.log("rdf-validate-shacl", names(older));
const engine = await new Validator(shapes, { factory: rdf }).validate({ dataset });
console.log("shacl-engine", names(engine));
END
cat > run.py <<'END'
import pyshacl
import rdflib

report = pyshacl.validate(rdflib.Graph().parse("data.ttl"), shacl_graph=rdflib.Graph().parse("shapes.ttl"))[1]
print("pyshacl", sorted(str(node) for node in report.objects(None, rdflib.SH.resultPath)))
END
{ node run.mjs; venv/bin/python run.py; } > seen
diff - seen <<'END'
rdf-validate-shacl [ 'http://example.org/name' ]
shacl-engine [ 'http://example.org/about' ]
pyshacl ['http://example.org/name']
END
echo "as seen on 2026-11-30"
