"""SHACL validation of triples, with messages in two languages (the only module that imports pyshacl)."""

import hashlib
import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass
from functools import lru_cache, partial
from itertools import chain
from pathlib import Path
from typing import Any

import pyshacl
from pyshacl.errors import ReportableRuntimeError
from rdflib import RDF, SH, BNode, Graph, IdentifiedNode, Literal, Node, URIRef
from rdflib.extras.shacl import parse_shacl_path
from rdflib.plugins.sparql import prepareQuery
from rdflib.plugins.sparql.sparql import Query

from kg import vocab
from kg.errors import BuildError
from kg.pipeline.rdf_files import Statements, digests, load, no_collection, subclasses, terms_in, with_subclasses
from kg.release.reuse import Reuse
from kg.vocab import TYPE, Triple, term, text, thing, typed

SEVERITIES = ("violation", "warning", "info")
"""From the worst to the mildest: a violation stops the build, a warning is reported, an info is work to do."""

TARGETS = (SH.targetClass, SH.targetSubjectsOf, SH.targetObjectsOf, SH.targetNode)


@dataclass(frozen=True, slots=True)
class Result:
    """One failure of a shape at a focus node.

    severity: one of SEVERITIES; focus: IRI of the thing; path: the property or path that leads to the value, in
    prefixed names, empty where the thing as a whole fails; value: the term at fault as N-Triples, empty where none is;
    shape: the node shape, such as `gps:MandateShape`; component: the kind of constraint, such as
    `sh:MinCountConstraintComponent`; message_zh, message_en: what the shape demands.
    """

    severity: str
    focus: str
    path: str
    value: str
    shape: str
    component: str
    message_zh: str
    message_en: str

    def __str__(self) -> str:
        found = " ".join(part for part in (self.path, self.value) if part)
        return f"{self.severity} of {self.shape} at {self.focus}{f' ({found})' if found else ''}: {self.message_en}"


@dataclass(frozen=True)
class Report:
    """All results of a validation, the worst first, then by shape, thing, path and value."""

    results: tuple[Result, ...]

    @property
    def counts(self) -> Mapping[str, int]:
        """Severity to number of results, zeros too."""
        return {name: sum(result.severity == name for result in self.results) for name in SEVERITIES}

    @property
    def violations(self) -> tuple[Result, ...]:
        """The results that stop a build."""
        return tuple(result for result in self.results if result.severity == "violation")


@dataclass(frozen=True, slots=True)
class Part:
    """A node shape, such as `gps:MandateShape`, and what it reads: properties and classes; None for all."""

    name: str
    terms: frozenset[str] | None

    def reads(self, terms: frozenset[str]) -> bool:
        """Whether the shape may read a statement about one of some terms."""
        return self.terms is None or not self.terms.isdisjoint(terms)


def parts(shapes: Path) -> list[Part]:
    """Return the node shapes of a file that have targets, by name.

    A shape reads the statements with a property or class that it names, in paths, values, targets or queries, and those
    of subclasses. What it says of others, it says of the value nodes that these lead to (SHACL, sections 2 and 4);
    only a closed shape, or a query whose property is a variable, looks at all statements.
    """
    return list(_parts(shapes, shapes.read_bytes() if shapes.is_file() else b""))


@lru_cache(maxsize=2)
def _parts(shapes: Path, _content: bytes) -> tuple[Part, ...]:
    rules = _rules(shapes)
    owners = {owner for target in TARGETS for owner in rules.subjects(target, None)}
    return tuple(
        sorted((Part(_name(rules, owner), _terms(rules, owner)) for owner in owners), key=lambda part: part.name)
    )


def validate(
    data: Sequence[Path], shapes: Path, *, only: Collection[str] | None = None, reuse: Reuse | None = None
) -> Report:
    """Validate the triples of files by the shapes of another file.

    Args:
        data: files in N-Triples or Turtle, read as one graph; with the ontology, if shapes use subclasses that the
            data does not state.
        shapes: a Turtle file of node shapes (W3C SHACL) whose messages are in zh and en.
        only: names of the shapes that are evaluated; None for all.
        reuse: results of earlier builds: of a shape for which all that it reads is as it was. The files are then
            N-Triples.

    Raises:
        BuildError: a file cannot be read as RDF, or pyshacl cannot evaluate a shape.
    """
    wanted, below = [part for part in parts(shapes) if only is None or part.name in only], subclasses(data)
    reads = {part.name: with_subclasses(part.terms, below) for part in wanted}
    if reuse is None:
        return _report(_evaluated(data, shapes, reads))
    states, text = digests(data), shapes.read_bytes()
    inputs = {name: [text, name, *_states(terms, states)] for name, terms in reads.items()}
    held = {name: reuse.get("shape", given) for name, given in inputs.items()}
    made: dict[str, list[Result]] = {name: [] for name, result in held.items() if result is None}
    for result in _evaluated(data, shapes, {name: reads[name] for name in made}) if made else ():
        made[result.shape].append(result)
    for name, results in made.items():
        reuse.put("shape", inputs[name], json.dumps([astuple(result) for result in results], ensure_ascii=False))
    known = (Result(*cells) for result in held.values() if result is not None for cells in json.loads(result))
    return _report(chain(known, *made.values()))


def _report(results: Iterable[Result]) -> Report:
    return Report(tuple(sorted(results, key=_order)))


def joined(*reports: Report) -> Report:
    """Return one report of the results of several."""
    return _report(chain.from_iterable(report.results for report in reports))


def _evaluated(data: Sequence[Path], shapes: Path, reads: Mapping[str, frozenset[str] | None]) -> set[Result]:
    """Evaluate some shapes, given what each reads, over the triples that they read."""
    rules = _rules(shapes)
    for target in TARGETS:
        for owner in {*rules.subjects(target, None)}:
            if _name(rules, owner) not in reads:
                rules.remove((owner, target, None))
    owners = _lift(rules)
    read = [terms for terms in reads.values() if terms is not None]
    terms = frozenset[str]().union(*read, [term("rdfs:subClassOf")]) if len(read) == len(reads) else None
    with no_collection():
        try:
            graph = load(data, into=_Data(), terms=terms)
            _, found, message = pyshacl.validate(graph, shacl_graph=Statements(rules), inplace=True)
        except ReportableRuntimeError as error:
            raise BuildError(f"the shapes in {shapes} cannot be used: {error}") from error
        if not isinstance(found, Graph):  # pyshacl hands back its exception in the place of the report
            raise BuildError(f"the shapes in {shapes} cannot be evaluated: {message}")
        return {_result(found, node, rules, owners) for node in found.subjects(RDF.type, SH.ValidationResult)}


class _Data(Statements):
    """Statements of which the same queries are asked of many things: a query is parsed once."""

    def __init__(self) -> None:
        super().__init__()
        self._queries: dict[str, Query] = {}

    def query(self, query_object: str | Query, *arguments: Any, **named: Any) -> Any:  # noqa: ANN401 — rdflib's own
        if isinstance(query_object, str):
            text = query_object
            query_object = self._queries.get(text) or prepareQuery(text, initNs=dict(self.namespaces()))
            self._queries[text] = query_object
        return super().query(query_object, *arguments, **named)


def _rules(shapes: Path) -> Graph:
    """Return the shapes of a file as a graph of the caller's own."""
    made = Graph(store="SimpleMemory")
    made += _parsed(shapes, shapes.read_bytes() if shapes.is_file() else b"")
    for prefix, namespace in vocab.PREFIXES.items():
        made.bind(prefix, namespace, replace=True)
    return made


@lru_cache(maxsize=2)
def _parsed(shapes: Path, _content: bytes) -> Graph:
    """Parse a file of shapes, once for each content."""
    return load([shapes])


def _name(rules: Graph, node: Node | None) -> str:
    return rules.namespace_manager.normalizeUri(str(node))


def _terms(rules: Graph, owner: Node) -> frozenset[str] | None:
    """Return the IRIs that a shape names, and so do the shapes, lists and paths that it consists of."""
    found, seen, waiting = set[str](), {owner}, [owner]
    while waiting:
        for _, relation, value in rules.triples((waiting.pop(), None, None)):
            named = (
                terms_in(str(value)) if relation == SH.select else {value.n3()} if isinstance(value, URIRef) else set()
            )
            if relation == SH.closed or named is None:
                return None
            found |= named
            if value not in seen and (value, None, None) in rules:
                seen.add(value)
                waiting.append(value)
    return frozenset(found)


def _states(terms: frozenset[str] | None, states: Mapping[str, bytes]) -> Iterator[str | bytes]:
    """Yield what a shape reads, each with the digest of its statements."""
    for read in sorted(states.keys() if terms is None else terms | {term("rdfs:subClassOf")}):
        yield read
        yield states.get(read, b"")


def as_triples(report: Report) -> Iterator[Triple]:
    """Yield the triples of a report for the quality graph (W3C SHACL, section 3.6), without blank nodes.

    A path of several steps, which needs blank nodes in RDF, is left out: the source shape has it.
    """
    whole = thing("result", "report")
    yield whole, TYPE, term("sh:ValidationReport")
    yield whole, term("sh:conforms"), typed(not report.results, "boolean")
    for result in report.results:
        node = thing("result", hashlib.sha256("\n".join(astuple(result)).encode()).hexdigest()[:16])
        yield whole, term("sh:result"), node
        yield node, TYPE, term("sh:ValidationResult")
        yield node, term("sh:resultSeverity"), term(f"sh:{result.severity.capitalize()}")
        yield node, term("sh:sourceShape"), term(result.shape)
        yield node, term("sh:sourceConstraintComponent"), term(result.component)
        yield node, term("sh:focusNode"), f"<{result.focus}>"
        if result.path and result.path.replace(":", "", 1).isalnum():
            yield node, term("sh:resultPath"), term(result.path)
        if result.value:
            yield node, term("sh:value"), result.value
        yield node, term("sh:resultMessage"), text(result.message_zh, "zh")
        yield node, term("sh:resultMessage"), text(result.message_en, "en")


def _lift(shapes: Graph) -> dict[Node, Node]:
    """Give property shapes the targets of their node shapes; return property shape to node shape.

    The results are the same, since a property shape reports for itself (SHACL, section 4.7.1), but pyshacl then takes
    all things of a class at once instead of one after the other, in half the time.
    """
    owners: dict[Node, Node] = {}
    for owner, shape in list(shapes.subject_objects(SH.property)):
        targets = [(relation, target) for relation in TARGETS for target in shapes.objects(owner, relation)]
        if targets:
            owners[shape] = owner
            shapes.remove((owner, SH.property, shape))
            for relation, target in targets:
                shapes.add((shape, relation, target))
    return owners


def _result(found: Graph, node: Node, rules: Graph, owners: Mapping[Node, Node]) -> Result:
    """Read one result of a report graph."""
    name = partial(_name, rules)
    source, value = found.value(node, SH.sourceShape, any=False), found.value(node, SH.value)
    if source is None:
        raise BuildError(f"a result of pyshacl names no shape: {node.n3()}")
    owner, path = owners.get(source, source), rules.value(source, SH.path)
    texts = rules.objects(source, SH.message)
    messages = {message.language: str(message) for message in texts if isinstance(message, Literal)}
    if not messages.keys() >= {"zh", "en"}:
        raise BuildError(f"the shape {name(owner)} has no message in zh and en")
    return Result(
        severity=name(found.value(node, SH.resultSeverity)).removeprefix("sh:").lower(),
        focus=str(found.value(node, SH.focusNode)),
        path=parse_shacl_path(rules, path).n3(rules.namespace_manager) if isinstance(path, IdentifiedNode) else "",
        value="" if value is None or isinstance(value, BNode) else value.n3(),
        shape=name(owner),
        component=name(found.value(node, SH.sourceConstraintComponent)),
        message_zh=messages["zh"],
        message_en=messages["en"],
    )


def _order(result: Result) -> tuple[int, str, str, str, str, str]:
    severity = SEVERITIES.index(result.severity)
    return severity, result.shape, result.focus, result.path, result.value, result.component
