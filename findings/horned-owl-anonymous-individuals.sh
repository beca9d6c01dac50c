#!/usr/bin/env bash
# py-horned-owl 2.0.0: what an ontology in RDF/XML says of anonymous individuals is not read.
# Expected: OWL 2 Mapping to RDF Graphs, 3.2.5 (Parsing of Axioms): a blank node that is an individual makes class, object and
# data property assertions, SameIndividual and so on, as an IRI does.
# Seen: the class, the data value, the restriction to a value and owl:sameAs are gone; the object property assertion
# becomes an annotation. No error, and nothing is counted as left over. The same ontology in functional syntax is whole.
# Matters: addresses, periods and measures are anonymous individuals in most ontologies; a program that reads and writes
# such an ontology deletes them.
# Seen on 2026-12-01.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install -q py-horned-owl==2.0.0
venv/bin/python - > seen <<'END'
import pyhornedowl

HEAD = """Prefix(:=<http://example.org/>) Prefix(owl:=<http://www.w3.org/2002/07/owl#>)
Ontology(<http://example.org/ontology> Declaration(Class(:Zone)) Declaration(Class(:Period)) Declaration(ObjectProperty(:period))
Declaration(DataProperty(:from)) Declaration(NamedIndividual(:a)) """
for axiom in (
    "ClassAssertion(:Period :x)", "ClassAssertion(:Period _:x)", "ObjectPropertyAssertion(:period :a _:x)",
    'DataPropertyAssertion(:from _:x "1994")', "SubClassOf(:Zone ObjectHasValue(:period _:x))", "SameIndividual(:a _:x)",
):
    first = pyhornedowl.open_ontology_from_string(HEAD + axiom + ")", serialization="ofn")
    again = pyhornedowl.open_ontology_from_string(first.save_to_string("owl"), serialization="owl")
    rest = [str(each).replace("http://example.org/", "") for each in again.get_axioms() if not str(each).startswith("Declaration")]
    print(axiom, "->", *(text.split("_:")[0] + "_:…" if "_:" in text else text for text in rest))
END
diff - seen <<'END'
ClassAssertion(:Period :x) -> ClassAssertion(<Period> <x>)
ClassAssertion(:Period _:x) ->
ObjectPropertyAssertion(:period :a _:x) -> AnnotationAssertion(<period> <a> _:…
DataPropertyAssertion(:from _:x "1994") ->
SubClassOf(:Zone ObjectHasValue(:period _:x)) ->
SameIndividual(:a _:x) ->
END
echo "as seen on 2026-12-01"
