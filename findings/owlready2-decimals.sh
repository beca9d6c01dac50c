#!/usr/bin/env bash
# owlready2 0.51: loading and saving an ontology changes its decimal numbers. Seen 2026-11-30.
# Expected: XSD 1.1, section 3.3.3: xsd:decimal is an exact type of at least 16 digits in any processor, and OWL 2 (4.1)
# keeps its values apart from those of xsd:double; a load and a save without a change keep the numbers.
# Seen: decimals pass through a binary floating-point number: the last digits of a long one are others, silently, and
# one of 17 digits is saved with an exponent, which is no form of xsd:decimal.
# Why it matters: amounts of money and shares are decimals for exactly this reason.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check owlready2==0.51

cat > "$folder/run.py" <<'PYTHON'
import io
from owlready2 import World

TEXT = """<http://example.org/o> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://www.w3.org/2002/07/owl#Ontology> .
<http://example.org/o#p> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://www.w3.org/2002/07/owl#DatatypeProperty> .
<http://example.org/o#C> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://www.w3.org/2002/07/owl#Class> .
<http://example.org/o#i> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://example.org/o#C> .
<http://example.org/o#i> <http://example.org/o#p> "{}"^^<http://www.w3.org/2001/XMLSchema#{}> .
"""


def loaded(kind, value):
    world = World()
    ontology = world.get_ontology("http://example.org/o").load(fileobj=io.BytesIO(TEXT.format(value, kind).encode()))
    return ontology, world["http://example.org/o#p"][world["http://example.org/o#i"]]


for value in ("12.5", "1234567890123.45", "12345678901234567.89", "0.1234567890123456789"):
    ontology, values = loaded("decimal", value)
    saved = io.BytesIO()
    ontology.save(saved, format="ntriples")
    print(value, values, next(line for line in saved.getvalue().decode().splitlines() if "decimal" in line).split('"')[1])
PYTHON

(cd "$folder" && venv/bin/python run.py) > "$folder/seen" 2> "$folder/errors" || cat "$folder/errors"
diff "$folder/seen" - <<'SEEN' || { echo "owlready2-decimals: the behaviour has changed" >&2; exit 1; }
12.5 [12.5] 12.5
1234567890123.45 [1234567890123.45] 1234567890123.45
12345678901234567.89 [1.2345678901234568e+16] 1.2345678901234568e+16
0.1234567890123456789 [0.12345678901234568] 0.12345678901234568
SEEN
echo "owlready2-decimals: as seen"
