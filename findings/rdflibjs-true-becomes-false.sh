#!/usr/bin/env bash
# rdflib.js 2.4.0: the boolean "true" is written into Turtle as false.
# Expected: RDF 1.1 Turtle, 2.5.3: true stands for "true"^^xsd:boolean; XSD 1.1, 3.3.2: "true" and "1" are one value.
# Seen: "true"^^xsd:boolean, read from RDF/XML or made by literal("true", …), becomes the word
# false; "1" becomes true. N-Triples come out right. A plain true read from Turtle survives, since it is kept as "1".
# Matters: a file that is converted to Turtle says the contrary: revoked instead of valid, with no error.
# Seen on 2026-12-01.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-save --no-fund --no-audit rdflib@2.4.0 n3@2.13.12
cat > run.mjs <<'END'
import * as rdf from "rdflib";
import { Parser } from "n3";
const BOOLEAN = "http://www.w3.org/2001/XMLSchema#boolean", S = "http://example.org/a", P = "http://example.org/valid";
const sources = {
  "text/turtle": `<${S}> <${P}> true .`,
  "application/rdf+xml": `<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="http://example.org/">
    <rdf:Description rdf:about="${S}"><e:valid rdf:datatype="${BOOLEAN}">true</e:valid></rdf:Description></rdf:RDF>`,
};
const graphs = Object.entries(sources).map(([type, text]) => {
  const graph = rdf.graph();
  rdf.parse(text, graph, "http://example.org/file", type);
  return [type, graph];
});
const made = rdf.graph();
made.add(rdf.sym(S), rdf.sym(P), rdf.literal("true", rdf.sym(BOOLEAN)));
for (const [name, graph] of [...graphs, ["literal", made]]) {
  const written = (type) => new Parser().parse(rdf.serialize(null, graph, "http://example.org/file", type))[0].object.value;
  console.log(name, "-> Turtle", written("text/turtle"), "N-Triples", written("application/n-triples"));
}
END
node run.mjs > seen
diff - seen <<'END'
text/turtle -> Turtle true N-Triples 1
application/rdf+xml -> Turtle false N-Triples true
literal -> Turtle false N-Triples true
END
echo "as seen on 2026-12-01"
