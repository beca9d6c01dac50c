#!/usr/bin/env bash
# pySHACL 0.40.1, rdf-validate-shacl 0.6.5 and shacl-engine 1.1.2 disagree on which days, years and decimals are
# valid.
# Expected: SHACL, 4.1.2 sh:datatype: a literal that is ill-typed by its datatype is a violation: here 2019-02-30, the
# gYear "19", the gYearMonth "2019-13" and the decimal "1.5E0". The year -0044 and the time 24:00:00 are valid (XML
# Schema 1.1 Part 2, 3.3.7, 3.3.9).
# Seen: pySHACL passes the gYear, the gYearMonth and the decimal and reports the two valid ones; rdf-validate-shacl
# passes 2019-02-30 and 2019-13; shacl-engine passes 2019-02-30. No two reports are the same, and none is right.
# Matters: "valid by the published shapes" depends on the engine, for partial dates above all.
# Seen on 2026-11-30.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install -q pyshacl==0.40.1 rdflib==7.6.0
npm install --silent --no-save --no-fund --no-audit rdf-validate-shacl@0.6.5 shacl-engine@1.1.2 @zazuko/env@3.0.1 n3@2.13.12
cat > data.ttl <<'END'
@prefix ex: <http://example.org/> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
ex:a ex:date "2019-02-30"^^xsd:date, "-0044-03-15"^^xsd:date ; ex:time "2019-05-01T24:00:00"^^xsd:dateTime ;
  ex:year "19"^^xsd:gYear ; ex:month "2019-13"^^xsd:gYearMonth ; ex:area "1.5E0"^^xsd:decimal .
END
cat > shapes.ttl <<'END'
@prefix ex: <http://example.org/> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> . @prefix sh: <http://www.w3.org/ns/shacl#> .
ex:shape a sh:NodeShape ; sh:targetNode ex:a ; sh:property [ sh:path ex:date ; sh:datatype xsd:date ],
  [ sh:path ex:time ; sh:datatype xsd:dateTime ], [ sh:path ex:year ; sh:datatype xsd:gYear ],
  [ sh:path ex:month ; sh:datatype xsd:gYearMonth ], [ sh:path ex:area ; sh:datatype xsd:decimal ] .
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
rdf-validate-shacl [ '1.5E0', '19' ]
shacl-engine [ '1.5E0', '19', '2019-13' ]
pyshacl ['-0044-03-15', '2019-02-30', '2019-05-01T24:00:00']
END
echo "as seen on 2026-11-30"
