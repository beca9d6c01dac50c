#!/usr/bin/env bash
# rdflib.js 2.4.0: blank nodes that point at one another in a circle are missing from Turtle and RDF/XML.
# Expected: RDF 1.1 Turtle, 2.6, and RDF 1.1 XML Syntax, 2.10 (rdf:nodeID): a blank node that cannot be nested gets a
# label; the file holds every triple of the graph.
# Seen: two neighbours that name each other are gone with their names, and so is a node that points at itself; N-Triples
# have them. N3.js 2.13.12 writes all of them. Nothing is raised.
# Matters: symmetric relations between nodes without IRIs are lost on every save.
# Seen on 2026-12-01.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-save --no-fund --no-audit rdflib@2.4.0 n3@2.13.12
cat > run.mjs <<'END'
import * as rdf from "rdflib";
import { Parser, Writer } from "n3";
const data = `@prefix ex: <http://example.org/> . ex:atlas ex:year 2026 .
_:a ex:name "甲" ; ex:adjoins _:b . _:b ex:name "乙" ; ex:adjoins _:a . _:c ex:name "丙" ; ex:sameAs _:c .`;
const graph = rdf.graph();
rdf.parse(data, graph, "http://example.org/file", "text/turtle");
console.log("triples", graph.length);
for (const type of ["text/turtle", "application/n-triples"])
  console.log("rdflib.js", type, new Parser().parse(rdf.serialize(null, graph, "http://example.org/file", type)).length);
const again = rdf.graph(), xml = "application/rdf+xml";
rdf.parse(rdf.serialize(null, graph, "http://example.org/file", xml), again, "http://example.org/file", xml);
console.log("rdflib.js", xml, again.length);
console.log("N3.js", new Parser().parse(new Writer().quadsToString(new Parser().parse(data))).length);
END
node run.mjs > seen
diff - seen <<'END'
triples 7
rdflib.js text/turtle 1
rdflib.js application/n-triples 7
rdflib.js application/rdf+xml 1
N3.js 7
END
echo "as seen on 2026-12-01"
