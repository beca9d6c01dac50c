#!/usr/bin/env bash
# rdflib 7.6.0: a relative @vocab ("#") in JSON-LD 1.1 gives relative property IRIs.
# Expected: JSON-LD 1.1, 4.1.2.1 "Using the Document Base for the Default Vocabulary": "@vocab": "#" is resolved
# against the base: the property is http://example.org/list#status.
# Seen: the triple has the predicate <#status>, which is no IRI and may not stand in RDF (RDF 1.1 Concepts, 3.2). PyLD
# 3.3.0 and pyoxigraph 0.5.13 resolve it.
# Matters: the pattern is the one of the specification for a document that brings its own terms; the data of two such
# documents run together under one and the same <#status>.
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

CONTEXT = {"@version": 1.1, "@base": "http://example.org/list", "@vocab": "#"}
document = {"@context": CONTEXT, "@id": "#a", "status": "in force"}
text = json.dumps(document)
graph = rdflib.Graph().parse(data=text, format="json-ld")
print("rdflib", next(graph.subjects()).n3(), next(graph.predicates()).n3())
print("PyLD", *jsonld.to_rdf(document, {"format": "application/n-quads"}).split(" ")[:2])
quad = next(iter(pyoxigraph.parse(text, format=pyoxigraph.RdfFormat.JSON_LD)))
print("pyoxigraph", quad.subject, quad.predicate)
END
diff - seen <<'END'
rdflib <http://example.org/list#a> <#status>
PyLD <http://example.org/list#a> <http://example.org/list#status>
pyoxigraph <http://example.org/list#a> <http://example.org/list#status>
END
echo "as seen on 2026-11-30"
