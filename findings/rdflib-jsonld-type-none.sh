#!/usr/bin/env bash
# rdflib 7.6.0: "@type": "@none" in a JSON-LD 1.1 context gives literals the datatype "<vocab>@none".
# Expected: JSON-LD 1.1, 4.2.3 "Type Coercion" and 9.15.1 "Expanded term definition": @none is a valid type of a term:
# no coercion; the text is a plain one.
# Seen: with an @vocab the literal is "高新区"^^<http://example.org/@none>. PyLD 3.3.0 and pyoxigraph 0.5.13 give "高新区".
# Matters: the labels of a document no longer equal those of any other, no filter on texts finds them, and no error is
# raised.
# Seen on 2026-11-30.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install -q rdflib==7.6.0 PyLD==3.3.0 pyoxigraph==0.5.13
venv/bin/python -W ignore - > seen <<'END'
import json

import pyoxigraph
import rdflib
from pyld import jsonld

CONTEXT = {"@version": 1.1, "@vocab": "http://example.org/", "label": {"@type": "@none"}}
document = {"@context": CONTEXT, "@id": "http://example.org/a", "label": "高新区"}
text = json.dumps(document)
print("rdflib", next(rdflib.Graph().parse(data=text, format="json-ld").objects()).n3())
print("PyLD", jsonld.to_rdf(document, {"format": "application/n-quads"}).split(" ")[2])
print("pyoxigraph", next(iter(pyoxigraph.parse(text, format=pyoxigraph.RdfFormat.JSON_LD))).object)
END
diff - seen <<'END'
rdflib "高新区"^^<http://example.org/@none>
PyLD "高新区"
pyoxigraph "高新区"
END
echo "as seen on 2026-11-30"
