#!/usr/bin/env bash
# rdflib.js 2.4.0: members of a list that are literals, or have no triples of their own, are left out of RDF/XML.
# Expected: RDF 1.1 XML Syntax, 7.2.19: parseType="Collection" holds nodes only; a list with literals is written with
# rdf:first and rdf:rest.
# Seen: sh:in ("国家级" "省级") is written as an empty collection, and of (ex:a "省级" ex:b), where only ex:b is described,
# ex:b is left. Nothing is raised; Turtle of rdflib.js has all members.
# Matters: allowed values of shapes (sh:in, sh:languageIn) and data ranges of ontologies (owl:oneOf) are lists of
# literals: saved as RDF/XML, a shape allows nothing, or other things than before.
# Seen on 2026-12-01.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install -q rdflib==7.6.0
npm install --silent --no-save --no-fund --no-audit rdflib@2.4.0
cat > run.mjs <<'END'
import { writeFileSync } from "node:fs";
import * as rdf from "rdflib";
const data = `@prefix ex: <http://example.org/> . @prefix sh: <http://www.w3.org/ns/shacl#> .
ex:level sh:in ( "国家级" "省级" ) . ex:mixed sh:in ( ex:a "省级" ex:b ) . ex:b ex:name "乙" .`;
const graph = rdf.graph();
rdf.parse(data, graph, "http://example.org/file", "text/turtle");
for (const [name, type] of [["turtle", "text/turtle"], ["xml", "application/rdf+xml"]])
  writeFileSync(name, rdf.serialize(null, graph, "http://example.org/file", type));
END
cat > run.py <<'END'
import rdflib

EX = rdflib.Namespace("http://example.org/")
for form in ("turtle", "xml"):
    graph = rdflib.Graph().parse(form, format=form, publicID="http://example.org/file")
    print(form, *[[str(item) for item in graph.items(graph.value(EX[name], rdflib.SH["in"]))] for name in ("level", "mixed")])
END
{ node run.mjs; venv/bin/python run.py; } > seen
diff - seen <<'END'
turtle ['国家级', '省级'] ['http://example.org/a', '省级', 'http://example.org/b']
xml [] ['http://example.org/b']
END
echo "as seen on 2026-12-01"
