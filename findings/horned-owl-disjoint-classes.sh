#!/usr/bin/env bash
# py-horned-owl 2.0.0: of three or more disjoint classes, RDF/XML keeps only the pairs with the first.
# Expected: OWL 2 Mapping to RDF Graphs, 2.1: DisjointClasses of n > 2 classes is owl:AllDisjointClasses with
# owl:members; every two of them are disjoint (OWL 2 Syntax, 9.1.3). Saving keeps the axioms.
# Seen: DisjointClasses(:A :B :C :D) becomes A owl:disjointWith B, C and D: nothing says that B and C are disjoint.
# DisjointObjectProperties of three is lost on the way. The OWL functional and XML syntaxes keep both. An
# owl:AllDisjointClasses, as the OWL API and owlready2 write it, is not read.
# Matters: an individual that is both a B and a C was inconsistent and is not any more; a reasoner finds no fault.
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

OWL = rdflib.OWL
ONTOLOGY = """Prefix(:=<http://example.org/>) Prefix(owl:=<http://www.w3.org/2002/07/owl#>)
Ontology(<http://example.org/ontology>
Declaration(Class(:A)) Declaration(Class(:B)) Declaration(Class(:C)) Declaration(Class(:D))
Declaration(ObjectProperty(:p)) Declaration(ObjectProperty(:q)) Declaration(ObjectProperty(:r))
DisjointClasses(:A :B :C :D) DisjointObjectProperties(:p :q :r))"""


def disjoint(ontology):
    """The axioms of disjointness, by local names."""
    return sorted(str(axiom).replace("http://example.org/", "") for axiom in ontology.get_axioms() if "Disjoint" in str(axiom))


first = pyhornedowl.open_ontology_from_string(ONTOLOGY, serialization="ofn")
for form in ("ofn", "owx", "owl"):
    print(form, *disjoint(pyhornedowl.open_ontology_from_string(first.save_to_string(form), serialization=form)))
graph = rdflib.Graph().parse(data=first.save_to_string("owl"), format="xml")
print("AllDisjointClasses", len(set(graph.subjects(rdflib.RDF.type, OWL.AllDisjointClasses))), "disjointWith", len(list(graph.triples((None, OWL.disjointWith, None)))))
members = rdflib.Graph().parse(format="turtle", data="""@prefix : <http://example.org/> . @prefix owl: <http://www.w3.org/2002/07/owl#> .
<http://example.org/ontology> a owl:Ontology . :A a owl:Class . :B a owl:Class . :C a owl:Class . [] a owl:AllDisjointClasses ; owl:members (:A :B :C) .""")
read = pyhornedowl.open_ontology_from_string(members.serialize(format="xml"), serialization="owl")
print("AllDisjointClasses read:", *disjoint(read) or ["nothing"])
END
diff - seen <<'END'
ofn DisjointClasses(<A> <B> <C> <D>) DisjointObjectProperties(<p> <q> <r>)
owx DisjointClasses(<A> <B> <C> <D>) DisjointObjectProperties(<p> <q> <r>)
owl DisjointClasses(<A> <B>) DisjointClasses(<A> <C>) DisjointClasses(<A> <D>)
AllDisjointClasses 0 disjointWith 3
AllDisjointClasses read: nothing
END
echo "as seen on 2026-12-01"
