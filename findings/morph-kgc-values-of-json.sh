#!/usr/bin/env bash
# morph-kgc 2.10.0: a whole number in JSON is written as 2 or as 2.0, depending on the other records; true is "True".
# Expected: RML over JSON: a reference yields the value as JSON writes it: 2, true; what a record gives does not depend on
# its neighbours.
# Seen: with only whole numbers 2 becomes "2"; if any record has 1.5, it becomes "2.0", which is no xsd:integer. Booleans
# become Python's "True" and "False", which are no xsd:boolean.
# Matters: keys made of such a number (http://example.org/2 and …/2.0) no longer join with those of last month's file.
# Seen on 2026-12-01.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install -q morph-kgc==2.10.0 rdflib==7.2.1 "setuptools<81"
echo '[{"id": "a", "code": 2, "open": true}, {"id": "b", "code": 3}]' > whole.json
echo '[{"id": "a", "code": 2, "open": true}, {"id": "b", "code": 1.5}]' > mixed.json
venv/bin/python - > seen 2> errors <<'END' || cat errors
import pathlib

import morph_kgc

MAPPING = """@prefix rr: <http://www.w3.org/ns/r2rml#> . @prefix rml: <http://semweb.mmlab.be/ns/rml#> .
@prefix ql: <http://semweb.mmlab.be/ns/ql#> . @prefix ex: <http://example.org/> .
<#map> rml:logicalSource [ rml:source "%s" ; rml:referenceFormulation ql:JSONPath ; rml:iterator "$[*]" ] ;
  rr:subjectMap [ rr:template "http://example.org/{id}" ] ;
  rr:predicateObjectMap [ rr:predicate ex:code ; rr:objectMap [ rml:reference "code" ] ],
    [ rr:predicate ex:open ; rr:objectMap [ rml:reference "open" ] ],
    [ rr:predicate ex:node ; rr:objectMap [ rr:template "http://example.org/code/{code}" ] ] ."""
for name in ("whole.json", "mixed.json"):
    pathlib.Path("mapping.ttl").write_text(MAPPING % name)
    graph = morph_kgc.materialize("[Source]\nmappings: mapping.ttl\n")
    print(name, *sorted(str(value) for subject, value in graph.subject_objects() if subject.endswith("/a")))
END
diff - seen <<'END'
whole.json 2 True http://example.org/code/2
mixed.json 2.0 True http://example.org/code/2.0
END
echo "as seen on 2026-12-01"
