"""SHACL validation of triples, with messages in two languages (the only module that imports pyshacl)."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass
from pathlib import Path

import pyshacl
from pyshacl.errors import ReportableRuntimeError
from rdflib import RDF, SH, BNode, Graph, IdentifiedNode, Literal, Node
from rdflib.extras.shacl import parse_shacl_path

from kg import vocab
from kg.errors import BuildError
from kg.pipeline.rdf_files import load
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


def validate(data: Sequence[Path], shapes: Path) -> Report:
    """Validate the triples of files by the shapes of another file.

    Args:
        data: files in N-Triples or Turtle, read as one graph; with the ontology, if shapes use subclasses that the
            data does not state.
        shapes: a Turtle file of node shapes (W3C SHACL) whose messages are in zh and en.

    Raises:
        BuildError: a file cannot be read as RDF, or pyshacl cannot evaluate a shape.
    """
    rules = load([shapes])
    owners = _lift(rules)
    for prefix, namespace in vocab.PREFIXES.items():
        rules.bind(prefix, namespace, replace=True)
    try:
        _, found, message = pyshacl.validate(load(data, store="default"), shacl_graph=rules, inplace=True)
    except ReportableRuntimeError as error:
        raise BuildError(f"the shapes in {shapes} cannot be used: {error}") from error
    if not isinstance(found, Graph):  # pyshacl hands back its exception in the place of the report
        raise BuildError(f"the shapes in {shapes} cannot be evaluated: {message}")
    results = {_result(found, node, rules, owners) for node in found.subjects(RDF.type, SH.ValidationResult)}
    return Report(tuple(sorted(results, key=_order)))


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

    def name(value: Node | None) -> str:
        return rules.namespace_manager.normalizeUri(str(value))

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
