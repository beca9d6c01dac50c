#!/usr/bin/env bash
# rdflib 7.6.0: a list whose tail is also used elsewhere loses the tail when it is written as Turtle.
# Expected: RDF 1.1 Turtle, 2.8: ( … ) abbreviates a list whose nodes nothing else names; a node that is named twice needs
# a label. The graph that is read back is the graph that was written.
# Seen: (ex:a ex:b) is written for the first list and a bare label for the second, which then has neither rdf:first nor
# rdf:rest. JSON-LD makes two lists out of one. N-Triples and TriG keep the graph.
# Matters: lists that share a tail come from editors and from merged ontologies; members vanish silently.
# Seen on 2026-12-01.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install -q rdflib==7.6.0
venv/bin/python - > seen <<'END'
import rdflib

DATA = """@prefix ex: <http://example.org/> . @prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
ex:line ex:stops _:m . ex:branch ex:stops _:n .
_:m rdf:first ex:a ; rdf:rest _:n . _:n rdf:first ex:b ; rdf:rest () ."""
EX = rdflib.Namespace("http://example.org/")
graph = rdflib.Graph().parse(data=DATA, format="turtle")
for form in ("nt", "turtle", "longturtle", "trig", "json-ld"):
    reader = {"longturtle": "turtle"}.get(form, form)
    again = rdflib.Dataset(default_union=True).parse(data=graph.serialize(format=form), format=reader)
    stops = [[str(stop)[-1] for stop in again.items(again.value(EX[line], EX.stops))] for line in ("line", "branch")]
    print(form, len(list(again.triples((None, None, None)))), "triples", *stops)
END
diff - seen <<'END'
nt 6 triples ['a', 'b'] ['b']
turtle 6 triples ['a', 'b'] []
longturtle 6 triples ['a', 'b'] []
trig 6 triples ['a', 'b'] ['b']
json-ld 8 triples ['a', 'b'] ['b']
END
echo "as seen on 2026-12-01"
