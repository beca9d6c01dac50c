#!/usr/bin/env bash
# shacl-rust 0.2.12: bounds compare numbers as doubles, and a value that cannot be compared passes.
# Expected: SHACL, 4.3: a value that SPARQL's < or <= cannot compare with the bound is a violation; of xsd:integer and
# xsd:decimal SPARQL compares the exact values.
# Seen: 12345678901234567891 passes sh:maxInclusive 12345678901234567890, 1.0000000000000000001 passes 1, and the text "5"
# passes sh:minInclusive 1; a date does not. pySHACL 0.40.1 reports all four.
# Matters: a text among numbers is the fault that such a rule is there for.
# Seen on 2026-12-01.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install -q shacl-rust==0.2.12 pyshacl==0.40.1 rdflib==7.6.0
venv/bin/python - > seen <<'END'
import pyshacl
import rdflib
import shacl_rust

PREFIXES = "@prefix ex: <http://example.org/> . @prefix sh: <http://www.w3.org/ns/shacl#> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> . "
for value, bound in (
    ("0", "sh:minInclusive 1"), ("12345678901234567891", "sh:maxInclusive 12345678901234567890"),
    ("1.0000000000000000001", "sh:maxInclusive 1"), ('"5"', "sh:minInclusive 1"), ('"2020-01-01"^^xsd:date', "sh:minInclusive 1"),
):
    data = PREFIXES + f"ex:a ex:p {value} ."
    shapes = PREFIXES + f"ex:s sh:targetNode ex:a ; sh:property [ sh:path ex:p ; {bound} ] ."
    graphs = [rdflib.Graph().parse(data=text, format="turtle") for text in (data, shapes)]
    print(value, bound, "| shacl-rust", shacl_rust.conforms(data, shapes), "| pySHACL", pyshacl.validate(graphs[0], shacl_graph=graphs[1])[0])
END
diff - seen <<'END'
0 sh:minInclusive 1 | shacl-rust False | pySHACL False
12345678901234567891 sh:maxInclusive 12345678901234567890 | shacl-rust True | pySHACL False
1.0000000000000000001 sh:maxInclusive 1 | shacl-rust True | pySHACL False
"5" sh:minInclusive 1 | shacl-rust True | pySHACL False
"2020-01-01"^^xsd:date sh:minInclusive 1 | shacl-rust False | pySHACL False
END
echo "as seen on 2026-12-01"
