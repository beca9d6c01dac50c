#!/usr/bin/env bash
# shacl-rust 0.2.12: a property shape with sh:deactivated true is checked all the same.
# Expected: SHACL, 2.1.6 "Deactivating a Shape": all focus nodes conform to a deactivated shape.
# Seen: a deactivated property shape reports a violation; a deactivated node shape does not. pySHACL 0.40.1 reports none.
# Matters: who takes over a published profile switches off single rules in this way (it is the use that the specification
# names); here the rule stays.
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
DATA = PREFIXES + 'ex:a ex:p "text" .'
OFF = "sh:deactivated true"
for name, shapes in (
    ("active", "ex:s sh:targetNode ex:a ; sh:property [ sh:path ex:p ; sh:datatype xsd:integer ] ."),
    ("node shape off", f"ex:s sh:targetNode ex:a ; {OFF} ; sh:property [ sh:path ex:p ; sh:datatype xsd:integer ] ."),
    ("property shape off", f"ex:s sh:targetNode ex:a ; sh:property [ sh:path ex:p ; sh:datatype xsd:integer ; {OFF} ] ."),
    ("named property shape off", f"ex:s sh:targetNode ex:a ; sh:property ex:t . ex:t sh:path ex:p ; sh:datatype xsd:integer ; {OFF} ."),
):
    graphs = [rdflib.Graph().parse(data=text, format="turtle") for text in (DATA, PREFIXES + shapes)]
    print(name, "| shacl-rust", shacl_rust.conforms(DATA, PREFIXES + shapes), "| pySHACL", pyshacl.validate(graphs[0], shacl_graph=graphs[1])[0])
END
diff - seen <<'END'
active | shacl-rust False | pySHACL False
node shape off | shacl-rust True | pySHACL True
property shape off | shacl-rust False | pySHACL True
named property shape off | shacl-rust False | pySHACL True
END
echo "as seen on 2026-12-01"
