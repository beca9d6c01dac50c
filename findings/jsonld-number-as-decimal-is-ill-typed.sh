#!/usr/bin/env bash
# JSON-LD 1.1 (seen with PyLD 3.3.0 and pyoxigraph 0.5.13): a JSON number coerced to xsd:decimal becomes an invalid
# decimal.
# Expected by most authors of a context with {"@type": "xsd:decimal"}: 1.5 is "1.5"^^xsd:decimal. But the Object to
# RDF Conversion of JSON-LD 1.1 API writes every number with a fraction in the canonical form of xsd:double, and keeps
# the coerced type.
# Seen: "1.5E0"^^xsd:decimal, whose exponent XML Schema does not allow (3.3.3, decimal): SUM over it is unbound in
# pyoxigraph, and it does not equal 1.5. The text "1.5" in place of the number gives a good decimal. rdflib 7.6.0
# departs from the clause and reads the number as "1.5"^^xsd:decimal.
# Matters: areas and amounts published as JSON numbers load without error in every store and can't be summed.
# Seen on 2026-11-30.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install -q PyLD==3.3.0 pyoxigraph==0.5.13 rdflib==7.6.0
venv/bin/python -W ignore - > seen <<'END'
import json

import pyoxigraph
import rdflib
from pyld import jsonld

TYPE = "http://www.w3.org/2001/XMLSchema#decimal"
CONTEXT = {"area": {"@id": "http://example.org/area", "@type": TYPE}}
for area in (1.5, "1.5", 2):
    document = {"@context": CONTEXT, "@id": "http://example.org/a", "area": area}
    lines = jsonld.to_rdf(document, {"format": "application/n-quads"})
    print(json.dumps(area), "| PyLD", lines.split(" ")[2].split("^")[0], end=" ")
    store = pyoxigraph.Store()
    store.load(json.dumps(document).encode(), format=pyoxigraph.RdfFormat.JSON_LD)
    print("| pyoxigraph", next(iter(store)).object.value, end=" ")
    row = next(iter(store.query("SELECT (SUM(?o) AS ?sum) { ?s ?p ?o }")))
    print("sum", row["sum"] and row["sum"].value, end=" ")
    graph = rdflib.Graph().parse(data=json.dumps(document), format="json-ld")
    print("| rdflib", next(graph.objects()))
END
diff - seen <<'END'
1.5 | PyLD "1.5E0" | pyoxigraph 1.5E0 sum None | rdflib 1.5
"1.5" | PyLD "1.5" | pyoxigraph 1.5 sum 1.5 | rdflib 1.5
2 | PyLD "2" | pyoxigraph 2 sum 2 | rdflib 2
END
echo "as seen on 2026-11-30"
