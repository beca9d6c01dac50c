#!/usr/bin/env bash
# pySHACL 0.40.1: sh:minInclusive on xsd:gYear or xsd:gYearMonth report every value.
# Expected: rdf-validate-shacl 0.6.5 and shacl-engine 1.1.2 report 2018 for sh:minInclusive "2019"^^xsd:gYear and pass
# 2020. By the letter of SHACL, 4.3.2, the comparison is SPARQL's `<=`, which need not know years; sh:lessThan (4.5.3)
# is defined by the same operator.
# Seen: pySHACL reports 2018 and 2020 alike, as it does for gYearMonth; with sh:lessThan it compares gYears as the
# other two do.
# Matters: a shape "founded from 1978 on" has no portable form for years: the same data conform in two engines and
# fail in one.
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
ex:a ex:year "2018"^^xsd:gYear, "2020"^^xsd:gYear ; ex:month "2018-12"^^xsd:gYearMonth, "2020-01"^^xsd:gYearMonth .
ex:b ex:start "2019"^^xsd:gYear ; ex:end "2020"^^xsd:gYear . ex:c ex:start "2021"^^xsd:gYear ; ex:end "2020"^^xsd:gYear .
END
cat > shapes.ttl <<'END'
@prefix ex: <http://example.org/> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> . @prefix sh: <http://www.w3.org/ns/shacl#> .
ex:from a sh:NodeShape ; sh:targetNode ex:a ; sh:property [ sh:path ex:year ; sh:minInclusive "2019"^^xsd:gYear ],
  [ sh:path ex:month ; sh:minInclusive "2019-01"^^xsd:gYearMonth ] .
ex:order a sh:NodeShape ; sh:targetNode ex:b, ex:c ; sh:property [ sh:path ex:start ; sh:lessThan ex:end ] .
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
rdf-validate-shacl [ '2018', '2018-12', '2021' ]
shacl-engine [ '2018', '2018-12', '2021' ]
pyshacl ['2018', '2018-12', '2020', '2020-01', '2021']
END
echo "as seen on 2026-11-30"
