#!/usr/bin/env bash
# rdflib 7.6.0: blank nodes that point at one another in a circle are not written into JSON-LD at all.
# Expected: JSON-LD 1.1 API, 8.4 (Serialize RDF as JSON-LD): every triple of the dataset is in the output; a blank node
# that cannot be nested keeps its identifier as "@id".
# Seen: two neighbours that name each other are gone with their names, and so is a node that points at itself; Turtle,
# N-Triples and pyoxigraph 0.5.13 keep all of them. Nothing is raised.
# Matters: symmetric relations (adjoining places, inverse properties, owl:equivalentClass of restrictions) between nodes
# without IRIs are the usual case; triples are lost on every save.
# Seen on 2026-12-01.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install -q rdflib==7.6.0 pyoxigraph==0.5.13
venv/bin/python - > seen <<'END'
import pyoxigraph
import rdflib

DATA = """@prefix ex: <http://example.org/> . ex:atlas ex:year 2026 .
_:a ex:name "甲" ; ex:adjoins _:b . _:b ex:name "乙" ; ex:adjoins _:a . _:c ex:name "丙" ; ex:sameAs _:c ."""
graph = rdflib.Graph().parse(data=DATA, format="turtle")
print("triples", len(graph))
for form in ("turtle", "nt", "xml", "json-ld"):
    print("rdflib", form, len(rdflib.Graph().parse(data=graph.serialize(format=form), format=form)))
triples = list(pyoxigraph.parse(DATA.encode(), format=pyoxigraph.RdfFormat.TURTLE))
written = pyoxigraph.serialize((quad.triple for quad in triples), format=pyoxigraph.RdfFormat.JSON_LD)
print("pyoxigraph json-ld", len(list(pyoxigraph.parse(written, format=pyoxigraph.RdfFormat.JSON_LD))))
END
diff - seen <<'END'
triples 7
rdflib turtle 7
rdflib nt 7
rdflib xml 7
rdflib json-ld 1
pyoxigraph json-ld 7
END
echo "as seen on 2026-12-01"
