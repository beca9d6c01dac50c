#!/usr/bin/env bash
# rdflib 7.6.0: a JSON number such as 2.0 is read from JSON-LD as a double, and coerced to xsd:integer as the invalid
# "2.0".
# Expected: JSON-LD 1.1 API, Object to RDF Conversion: only a number with a non-zero fraction (or from 1e21 on) is a
# double; 2.0 is "2"^^xsd:integer, as JSON makes no difference between 2 and 2.0.
# Seen: "2.0"^^xsd:double; coerced to xsd:integer "2.0"^^xsd:integer, which is not valid; 3 coerced to xsd:double "3",
# not canonical. PyLD 3.3.0 gives "2", "2" and "3.0E0".
# Matters: tools that hold whole numbers with gaps as floats (pandas does) write 2.0; such counts don't join with
# those of another reader of the same file.
# Seen on 2026-11-30.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install -q rdflib==7.6.0 PyLD==3.3.0
venv/bin/python -W ignore - > seen <<'END'
import json

import rdflib
from pyld import jsonld

XSD = "http://www.w3.org/2001/XMLSchema#"
for number, datatype in ((2.0, None), (2.0, XSD + "integer"), (3, XSD + "double")):
    value = {"@value": number} if datatype is None else {"@value": number, "@type": datatype}
    document = {"@id": "http://example.org/a", "http://example.org/n": value}
    seen = next(rdflib.Graph().parse(data=json.dumps(document), format="json-ld").objects())
    print(number, "| rdflib", f'"{seen}"^^<{seen.datatype}>', end=" ")
    print("| PyLD", jsonld.to_rdf(document, {"format": "application/n-quads"}).split(" ")[2])
END
diff - seen <<'END'
2.0 | rdflib "2.0"^^<http://www.w3.org/2001/XMLSchema#double> | PyLD "2"^^<http://www.w3.org/2001/XMLSchema#integer>
2.0 | rdflib "2.0"^^<http://www.w3.org/2001/XMLSchema#integer> | PyLD "2"^^<http://www.w3.org/2001/XMLSchema#integer>
3 | rdflib "3"^^<http://www.w3.org/2001/XMLSchema#double> | PyLD "3.0E0"^^<http://www.w3.org/2001/XMLSchema#double>
END
echo "as seen on 2026-11-30"
