#!/usr/bin/env bash
# rdflib 7.6.0: the RDF/XML format "pretty-xml" writes the literals of a list as IRIs.
# Expected: RDF 1.1 XML Syntax, 7.2.19 (parseTypeCollectionPropertyElt): rdf:parseType="Collection" holds nodes; a list
# with literals is written with rdf:first and rdf:rest, as the formats "xml" and "turtle" of rdflib do.
# Seen: ("国家级" "省级"@zh 1) comes back as (<国家级> <省级> <1>), resolved against the address of the file; languages and
# datatypes are gone. The only warning speaks of rdf:List. A list that has an IRI of its own loses it.
# Matters: sh:in, owl:oneOf of a data range and sh:languageIn are lists of literals: shapes and ontologies that were
# saved so mean something else, and no parser complains.
# Seen on 2026-12-01.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install -q rdflib==7.6.0
venv/bin/python -W ignore - > seen <<'END'
import rdflib

DATA = """@prefix ex: <http://example.org/> . @prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
ex:level sh:in ("国家级" "省级"@zh 1) . ex:route ex:stops ex:list . ex:list rdf:first ex:suzhou ; rdf:rest () ."""
SH = rdflib.Namespace("http://www.w3.org/ns/shacl#")
EX = rdflib.Namespace("http://example.org/")
graph = rdflib.Graph().parse(data=DATA, format="turtle")
for form, reader in (("turtle", "turtle"), ("xml", "xml"), ("pretty-xml", "xml")):
    again = rdflib.Graph().parse(data=graph.serialize(format=form), format=reader, publicID="http://example.org/file")
    items = [item.n3() for item in again.items(again.value(EX.level, SH["in"]))]
    stops = again.value(EX.route, EX.stops)
    print(form, *items, "| list:", stops if isinstance(stops, rdflib.URIRef) else "a blank node")
END
diff - seen <<'END'
turtle "国家级" "省级"@zh "1"^^<http://www.w3.org/2001/XMLSchema#integer> | list: http://example.org/list
xml "国家级" "省级"@zh "1"^^<http://www.w3.org/2001/XMLSchema#integer> | list: http://example.org/list
pretty-xml <http://example.org/国家级> <http://example.org/省级> <http://example.org/1> | list: a blank node
END
echo "as seen on 2026-12-01"
