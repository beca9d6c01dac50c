#!/usr/bin/env bash
# pySHACL 0.40.1: sh:lessThan is silent where two values cannot be compared. Seen 2026-11-30.
# Expected: SHACL, section 4.5.3: a pair of values has a result, too, if SPARQL's < cannot compare them; < has no order of IRIs
# or of values of different date types.
# Seen: a date of 2014 is "less than" the year 2013, a day less than an hour of the day before, and IRIs have an order;
# while a string and a year are reported, as they should be.
# Why it matters: dates of different precision (year, month, day) stand beside each other in published lists,
# and a shape "begins before it ends" does not notice an end before the beginning.
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


for first, second in (
    ('"2014-01-01"^^xsd:date', '"2013"^^xsd:gYear'),
    ('"2014"^^xsd:gYear', '"2013-11"^^xsd:gYearMonth'),
    ('"2013-11-06"^^xsd:date', '"2013-11-05T08:00:00"^^xsd:dateTime'),
    ("ex:x", "ex:y"),
    ('"2014"', '"2013"^^xsd:gYear'),
    ('"2014"^^xsd:gYear', '"2013"^^xsd:gYear'),
):
    print(first, second, conforms(f"ex:a ex:p {first} ; ex:q {second} .", "sh:lessThan ex:q"))
PYTHON

(cd "$folder" && venv/bin/python run.py) > "$folder/seen" 2> "$folder/errors" || cat "$folder/errors"
diff "$folder/seen" - <<'SEEN' || { echo "pyshacl-incomparable-dates: the behaviour has changed" >&2; exit 1; }
"2014-01-01"^^xsd:date "2013"^^xsd:gYear True
"2014"^^xsd:gYear "2013-11"^^xsd:gYearMonth True
"2013-11-06"^^xsd:date "2013-11-05T08:00:00"^^xsd:dateTime True
ex:x ex:y True
"2014" "2013"^^xsd:gYear False
"2014"^^xsd:gYear "2013"^^xsd:gYear False
SEEN
echo "pyshacl-incomparable-dates: as seen"
