#!/usr/bin/env bash
# py-horned-owl 2.0.0: a property chain that has a comment is lost on the way through RDF/XML; without the comment it is kept.
# Expected: OWL 2 Mapping to RDF Graphs, 2.2 and 3.2.5: an annotated axiom is the axiom's triple and an owl:Axiom whose
# owl:annotatedTarget is the same list; reading gives the axiom with its annotation.
# Seen: the comment makes the axiom vanish: in the file, owl:propertyChainAxiom and owl:annotatedTarget point at a node without
# members, and the members hang on another that nothing names. A key of a class expression vanishes, too, and a negative
# data assertion comes back without its comment.
# Matters: to give the source of an axiom, as every curated ontology does, deletes it; a reasoner infers less.
# Seen on 2026-12-01.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install -q py-horned-owl==2.0.0 rdflib==7.6.0
venv/bin/python - > seen <<'END'
import pyhornedowl
import rdflib

HEAD = """Prefix(:=<http://example.org/>) Prefix(owl:=<http://www.w3.org/2002/07/owl#>) Prefix(rdfs:=<http://www.w3.org/2000/01/rdf-schema#>)
Ontology(<http://example.org/ontology> Declaration(Class(:A)) Declaration(Class(:B)) Declaration(ObjectProperty(:p)) Declaration(ObjectProperty(:q))
Declaration(DataProperty(:d)) Declaration(NamedIndividual(:i)) """
OWL = rdflib.OWL
for axiom in (
    "SubObjectPropertyOf(ObjectPropertyChain(:p :q) :p)",
    'SubObjectPropertyOf(Annotation(rdfs:comment "by rule 3") ObjectPropertyChain(:p :q) :p)',
    "HasKey(:A () (:d))", "HasKey(ObjectIntersectionOf(:A :B) () (:d))",
    'NegativeDataPropertyAssertion(Annotation(rdfs:comment "checked") :d :i "1")',
):
    written = pyhornedowl.open_ontology_from_string(HEAD + axiom + ")", serialization="ofn").save_to_string("owl")
    again = pyhornedowl.open_ontology_from_string(written, serialization="owl")
    kept = [str(each).replace("http://example.org/", "") for each in again.get_axioms() if not str(each).startswith("Declaration")]
    graph = rdflib.Graph().parse(data=written, format="xml")
    chains = [len(list(graph.items(each))) for each in graph.objects(None, OWL.propertyChainAxiom)]
    print(axiom, "->", *kept or ["lost"], *(f"| members in the file: {members}" for members in chains))
END
diff - seen <<'END'
SubObjectPropertyOf(ObjectPropertyChain(:p :q) :p) -> SubObjectPropertyOf(ObjectPropertyChain(<p> <q>) <p>) | members in the file: 2
SubObjectPropertyOf(Annotation(rdfs:comment "by rule 3") ObjectPropertyChain(:p :q) :p) -> lost | members in the file: 0
HasKey(:A () (:d)) -> HasKey(<A> () (<d>))
HasKey(ObjectIntersectionOf(:A :B) () (:d)) -> lost
NegativeDataPropertyAssertion(Annotation(rdfs:comment "checked") :d :i "1") -> NegativeDataPropertyAssertion(<d> <i> "1")
END
echo "as seen on 2026-12-01"
