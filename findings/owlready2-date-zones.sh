#!/usr/bin/env bash
# owlready2 0.51: a date with a time zone is read as None. Seen 2026-11-30.
# Expected: XSD 1.1, section 3.3.9: xsd:date has an optional time zone, Z or +08:00.
# Seen: the individual has the value None; a traceback goes to standard error, no exception is raised.
# (A dateTime with a time zone is read well.) The triple itself stays in the store.
# Why it matters: dates of Chinese records with +08:00 are lost to every program that reads by owlready2.
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


for kind, value in (
    ("date", "2013-11-05"), ("date", "2013-11-05Z"), ("date", "2013-11-05+08:00"), ("dateTime", "2013-11-05T00:00:00+08:00"),
):
    print(kind, value, [value and value.isoformat() for value in loaded(kind, value)[1]])
PYTHON

(cd "$folder" && venv/bin/python run.py) > "$folder/seen" 2> "$folder/errors" || cat "$folder/errors"
diff "$folder/seen" - <<'SEEN' || { echo "owlready2-date-zones: the behaviour has changed" >&2; exit 1; }
date 2013-11-05 ['2013-11-05']
date 2013-11-05Z [None]
date 2013-11-05+08:00 [None]
dateTime 2013-11-05T00:00:00+08:00 ['2013-11-05T00:00:00+08:00']
SEEN
echo "owlready2-date-zones: as seen"
