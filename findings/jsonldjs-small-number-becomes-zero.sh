#!/usr/bin/env bash
# jsonld.js 9.0.0: some small numbers become the integer 0 in RDF: 5e-7, 1e-7, 9e-9, but not 1.5e-7.
# Expected: JSON-LD 1.1 API, 8.2 "Object to RDF Conversion" and 8.6 "Data Round Tripping": a number with a non-zero
# fractional part is an xsd:double in canonical form: "5.0E-7"^^xsd:double.
# Seen: "0"^^xsd:integer for every number below 1e-6 that JavaScript writes without a point; its neighbours are right.
# PyLD 3.3.0, by the same authors, gives "5.0E-7"^^xsd:double.
# Matters: p-values, weights and shares of small places become an exact zero of another datatype, with no warning.
# Seen on 2026-11-30.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install -q PyLD==3.3.0
npm install --silent --no-save --no-fund --no-audit jsonld@9.0.0
cat > run.mjs <<'END'
import jsonld from "jsonld";
for (const share of [1e-6, 1.5e-7, 5e-7, 1e-7, 9e-9]) {
  const document = { "@id": "http://example.org/a", "http://example.org/share": share };
  console.log("jsonld.js", share, (await jsonld.toRDF(document, { format: "application/n-quads" })).split(" ")[2]);
}
END
cat > run.py <<'END'
from pyld import jsonld

for share in (5e-7, 1e-7):
    document = {"@id": "http://example.org/a", "http://example.org/share": share}
    print("PyLD", share, jsonld.to_rdf(document, {"format": "application/n-quads"}).split(" ")[2])
END
{ node run.mjs; venv/bin/python run.py; } > seen
diff - seen <<'END'
jsonld.js 0.000001 "1.0E-6"^^<http://www.w3.org/2001/XMLSchema#double>
jsonld.js 1.5e-7 "1.5E-7"^^<http://www.w3.org/2001/XMLSchema#double>
jsonld.js 5e-7 "0"^^<http://www.w3.org/2001/XMLSchema#integer>
jsonld.js 1e-7 "0"^^<http://www.w3.org/2001/XMLSchema#integer>
jsonld.js 9e-9 "0"^^<http://www.w3.org/2001/XMLSchema#integer>
PyLD 5e-07 "5.0E-7"^^<http://www.w3.org/2001/XMLSchema#double>
PyLD 1e-07 "1.0E-7"^^<http://www.w3.org/2001/XMLSchema#double>
END
echo "as seen on 2026-11-30"
