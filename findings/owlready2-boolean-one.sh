#!/usr/bin/env bash
# owlready2 0.51: the boolean "1" is read as False. Seen 2026-11-30.
# Expected: XSD 1.1, section 3.3.2: the lexical forms of xsd:boolean are true, false, 1 and 0; "1" is true.
# Seen: only "true" is True; "1" is False, without a warning. (rdflib reads both as True.)
# Why it matters: tables and databases write 1 for yes; mapped to RDF as they are, every flag is turned round.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check owlready2==0.51 rdflib==7.6.0

cat > "$folder/run.py" <<'PYTHON'
import io

import rdflib
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


for value in ("true", "false", "1", "0"):
    print(value, loaded("boolean", value)[1], rdflib.Literal(value, datatype=rdflib.XSD.boolean).value)
PYTHON

(cd "$folder" && venv/bin/python run.py) > "$folder/seen" 2> "$folder/errors" || cat "$folder/errors"
diff "$folder/seen" - <<'SEEN' || { echo "owlready2-boolean-one: the behaviour has changed" >&2; exit 1; }
true [True] True
false [False] False
1 [False] True
0 [False] False
SEEN
echo "owlready2-boolean-one: as seen"
