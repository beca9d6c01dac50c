#!/usr/bin/env bash
# PyShEx 0.9.0: a datatype in a shape is compared by name only; "abc"^^xsd:integer conforms to xsd:integer.
# Expected: ShEx 2.1, 5.4.3 (Datatype Constraints): for the datatypes that SPARQL 1.1 knows, the lexical form must be one
# of the datatype.
# Seen: all of seven ill-typed literals conform, from "abc" as an integer to 2019-02-30 as a date. pyrudof 0.3.35 refuses
# five of them.
# Matters: shapes are there to find exactly these cells after a conversion from spreadsheets; PyShEx reports none.
# Seen on 2026-12-01.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install -q PyShEx==0.9.0 rdflib==7.6.0 pyrudof==0.3.35
venv/bin/python -W ignore - > seen 2> errors <<'END'
import pyrudof
from pyshex import ShExEvaluator

PREFIXES = "PREFIX ex: <http://example.org/>\nPREFIX xsd: <http://www.w3.org/2001/XMLSchema#>\n"


def pyshex(data, schema):
    results = ShExEvaluator(rdf=data, schema=schema, focus="http://example.org/a", start="http://example.org/S").evaluate()
    return all(result.result for result in results)


def rudof(data, schema):
    session = pyrudof.Rudof(pyrudof.RudofConfig())
    session.read_data(data)
    session.read_shex(schema)
    session.read_shapemap("<http://example.org/a>@<http://example.org/S>")
    return session.validate_shex().conforms


for value, datatype in (
    ("12", "integer"), ("abc", "integer"), ("1.5E0", "decimal"), ("yes", "boolean"), ("300", "byte"),
    ("2019", "date"), ("2019-02-30", "date"), ("2019-05-01", "dateTime"),
):
    data, schema = PREFIXES + f'ex:a ex:p "{value}"^^xsd:{datatype} .', PREFIXES + f"ex:S {{ ex:p xsd:{datatype} }}"
    print(value, datatype, "| PyShEx", pyshex(data, schema), "| rudof", rudof(data, schema))
END
diff - seen <<'END' || { cat errors; exit 1; }
12 integer | PyShEx True | rudof True
abc integer | PyShEx True | rudof False
1.5E0 decimal | PyShEx True | rudof False
yes boolean | PyShEx True | rudof False
300 byte | PyShEx True | rudof False
2019 date | PyShEx True | rudof True
2019-02-30 date | PyShEx True | rudof True
2019-05-01 dateTime | PyShEx True | rudof False
END
echo "as seen on 2026-12-01"
