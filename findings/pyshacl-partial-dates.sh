#!/usr/bin/env bash
# pySHACL 0.40.1: sh:datatype xsd:gYear accepts a month, and xsd:gYearMonth accepts a day. Seen 2026-11-30.
# Expected: SHACL, section 4.1.2: a literal that is ill-typed for an RDF-compatible XSD type violates sh:datatype;
# XSD 1.1, sections 3.3.11 and 3.3.10: gYear is -?YYYY and gYearMonth -?YYYY-MM, each with an optional time zone.
# Seen: rdflib 7.6.0, asked for validity, reads more or less than the type allows, even a thirteenth month;
# xsd:date is held strictly, except for ISO weeks; a year of five digits is rejected, though XSD allows it.
# Why it matters: partial dates are what lists of designations print; a shape does not find those of the wrong type.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check pyshacl==0.40.1 rdflib==7.6.0

cat > "$folder/run.py" <<'PYTHON'
import rdflib
import pyshacl

PREFIXES = """@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix ex: <http://example.org/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> . """


def conforms(data, constraint):
    shape = f"ex:s a sh:NodeShape ; sh:targetNode ex:a ; sh:property [ sh:path ex:p ; {constraint} ] ."
    graphs = [rdflib.Graph().parse(data=PREFIXES + text, format="turtle") for text in (data, shape)]
    return pyshacl.validate(graphs[0], shacl_graph=graphs[1])[0]


for kind, text in (
    ("gYear", "2013"), ("gYear", "2013-11"), ("gYear", "13"), ("gYearMonth", "2013-11"), ("gYearMonth", "2013-13"),
    ("gYearMonth", "2013-11-05"), ("gYearMonth", "201311"), ("date", "2013-11"), ("date", "20131105"),
    ("date", "2013-W45-2"), ("date", "12013-11-05"),
):
    print(kind, text, conforms(f'ex:a ex:p "{text}"^^xsd:{kind} .', f"sh:datatype xsd:{kind}"))
PYTHON

(cd "$folder" && venv/bin/python run.py) > "$folder/seen" 2> "$folder/errors" || cat "$folder/errors"
diff "$folder/seen" - <<'SEEN' || { echo "pyshacl-partial-dates: the behaviour has changed" >&2; exit 1; }
gYear 2013 True
gYear 2013-11 True
gYear 13 True
gYearMonth 2013-11 True
gYearMonth 2013-13 True
gYearMonth 2013-11-05 True
gYearMonth 201311 True
date 2013-11 False
date 20131105 False
date 2013-W45-2 True
date 12013-11-05 False
SEEN
echo "pyshacl-partial-dates: as seen"
