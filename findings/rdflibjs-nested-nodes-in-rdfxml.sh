#!/usr/bin/env bash
# rdflib.js 2.4.0: a nested blank node with a property makes RDF/XML that is none.
# Expected: RDF 1.1 XML Syntax, 7.2.18: inside rdf:parseType="Resource" stand properties; 7.2.6: rdf:Description
# is no name of a property.
# Seen: rdf:Description stands inside parseType="Resource". pyoxigraph 0.5.13 and rdflib 7.6.0 refuse the file; rdflib.js
# reads back other triples than it wrote, among them a property rdf:Description, and no ex:size.
# Matters: addresses, periods, measures and restrictions are nested nodes in nearly every graph; the RDF/XML of such a
# graph is lost, which shows only when it is loaded.
# Seen on 2026-12-01.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install -q rdflib==7.6.0 pyoxigraph==0.5.13
npm install --silent --no-save --no-fund --no-audit rdflib@2.4.0
cat > run.mjs <<'END'
import { writeFileSync } from "node:fs";
import * as rdf from "rdflib";
const graph = rdf.graph(), again = rdf.graph();
const data = "@prefix ex: <http://example.org/> . ex:zone ex:period [ ex:from [ ex:size 1 ] ] .";
rdf.parse(data, graph, "http://example.org/file", "text/turtle");
const written = rdf.serialize(null, graph, "http://example.org/file", "application/rdf+xml");
writeFileSync("written.rdf", written);
console.log(written.split("\n").map((line) => line.trim()).filter((line) => /period|Description>|size/.test(line)).join(" "));
rdf.parse(written, again, "http://example.org/file", "application/rdf+xml");
const local = (node) => node.value.replace(/.*[#/]/, "");
console.log("written", graph.statements.map((triple) => local(triple.predicate)).sort().join(" "));
console.log("read back", [...new Set(again.statements.map((triple) => local(triple.predicate)))].sort().join(" "));
END
cat > run.py <<'END'
import pyoxigraph
import rdflib

for name, read in (("pyoxigraph", lambda: list(pyoxigraph.parse(path="written.rdf"))), ("rdflib", lambda: rdflib.Graph().parse("written.rdf"))):
    try:
        print(name, len(read()), "triples")
    except (SyntaxError, rdflib.exceptions.ParserError) as error:
        print(name, type(error).__name__)
END
{ node run.mjs; venv/bin/python run.py; } > seen
diff - seen <<'END'
<ex:period rdf:parseType="Resource"> <rdf:Description> <rdf:Description> <ex:size rdf:datatype="http://www.w3.org/2001/XMLSchema#integer">1</ex:size> </rdf:Description> </rdf:Description> </ex:period> </rdf:Description>
written from period size
read back Description datatype parseType period type value
pyoxigraph SyntaxError
rdflib ParserError
END
echo "as seen on 2026-12-01"
