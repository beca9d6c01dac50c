"""A resource: its statements in display order, incoming links, validation results."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter

from kg.store import Literal, NamedNode, Term
from kg.vocab import PREFIXES
from web.graph.queries import Graph, Row, expanded, value

INCOMING_PAGE_SIZE = 50
"""Incoming links on a page of one property."""
INCOMING_PREVIEW = 8
"""Incoming links shown of each property."""
MAX_INCOMING_READ = 200
"""Incoming links up to which all are read and counted here; beyond, the store counts."""


def _iri(name: str) -> str:
    return expanded(name) or name


NAME = _iri("skos:prefLabel")
NAMES = (NAME, _iri("rdfs:label"))
"""Properties that are the title of a page."""
ENGLISH_NAME = "name_en"
"""Derived column of designations and carriers whose English name the build made."""
GENERIC_CLASSES = (PREFIXES["skos"] + "Concept", PREFIXES["qb"] + "DataSet")


@dataclass(frozen=True, slots=True)
class Statement:
    """A property with its values; IRI of its group; whether derived by us; first and last possible day of a date."""

    property: str
    values: tuple[Term, ...]
    group: str
    derived: bool = False
    first: str = ""
    last: str = ""


@dataclass(frozen=True, slots=True)
class Incoming:
    """Incoming links by one property: number, those on this page, page and number of pages."""

    property: str
    count: int
    things: tuple[str, ...]
    page: int
    pages: int


@dataclass(frozen=True, slots=True)
class Thing:
    """A resource: IRI, classes, statements by property in display order, derived properties, incoming links."""

    iri: str
    classes: tuple[str, ...]
    statements: Mapping[str, Statement]
    derived: frozenset[str]
    incoming: tuple[Incoming, ...]

    @property
    def shown_classes(self) -> tuple[str, ...]:
        """The classes to show: the generic ones only if there are no others."""
        return tuple(iri for iri in self.classes if iri not in GENERIC_CLASSES) or self.classes

    @property
    def name_derived(self) -> bool:
        """Whether the Chinese label was made up by the project."""
        return NAME in self.derived

    @property
    def english_name_made(self) -> bool:
        """Whether the English label was made of place, programme and topic by the build."""
        return ENGLISH_NAME in [term.value for term in self.values("gp:derivedCell")]

    def values(self, name: str) -> tuple[Term, ...]:
        """Return the values of a property (prefixed name)."""
        statement = self.statements.get(expanded(name) or "")
        return statement.values if statement else ()

    @property
    def groups(self) -> list[tuple[str, list[Statement]]]:
        """The groups in display order with their statements."""
        found = groupby(self.statements.values(), key=attrgetter("group"))
        return [(name, list(statements)) for name, statements in found]

    def has(self, *names: str) -> bool:
        """Return whether it has any of some properties (prefixed names)."""
        return any(map(self.values, names))

    def has_incoming(self, *names: str) -> bool:
        """Return whether it has incoming links by any of some properties (prefixed names)."""
        requested = {expanded(name) for name in names}
        return any(found.property in requested for found in self.incoming)


def read(graph: Graph, iri: str, requested: str = "", page: int = 1, *, incoming_links: bool = True) -> Thing | None:
    """Return a resource, None if the graph has no statement about it.

    Args:
        graph: the graph to query.
        iri: of the resource.
        requested: IRI of a property of which a page of incoming links is read; empty for a preview of each.
        page: number of that page, from 1.
        incoming_links: whether incoming links are read.
    """
    statements: dict[str, list[Term]] = defaultdict(list)
    for name, term in graph.tuples("graph/thing", thing=NamedNode(iri)):
        statements[name.value].append(term)
    if not statements:
        return None
    derived = graph.columns.derived(iri, [str(term.value) for term in statements.get(_iri("gp:derivedCell"), [])])
    classes = tuple(str(term.value) for term in statements.get(_iri("rdf:type"), []))
    incoming: Iterable[Incoming] = ()
    if incoming_links:
        incoming = _incoming_page(graph, iri, requested, page) if requested else _incoming(graph, iri)
    return Thing(iri, classes, _statements(graph, statements, derived), derived, tuple(incoming))


def _incoming(graph: Graph, iri: str) -> list[Incoming]:
    """Return the incoming links counted by property, with a preview of each."""
    thing, preview = NamedNode(iri), defaultdict[str, list[str]](list)
    links = graph.tuples("graph/incoming_few", thing=thing)
    for property_name, other in links:
        preview[property_name.value].append(other.value)
    if len(links) <= MAX_INCOMING_READ:
        counts = sorted(((name, len(others)) for name, others in preview.items()), key=lambda each: (-each[1], each[0]))
    else:
        counts = _counts(graph, thing)
        for name, _ in counts:
            others = graph.rows("graph/incoming_first", thing=thing, property=NamedNode(name))
            preview[name] = [value(row, "other") for row in others]
    return [Incoming(name, count, tuple(sorted(preview[name])[:INCOMING_PREVIEW]), 1, 1) for name, count in counts]


def _incoming_page(graph: Graph, iri: str, requested: str, page: int) -> Iterable[Incoming]:
    """Yield the incoming links counted by property, with one page of the requested property."""
    thing, start = NamedNode(iri), (page - 1) * INCOMING_PAGE_SIZE
    for name, count in _counts(graph, thing):
        if name == requested:
            others = graph.rows("graph/incoming", thing=thing, property=NamedNode(name))
            shown = sorted(value(row, "other") for row in others)[start : start + INCOMING_PAGE_SIZE]
            yield Incoming(name, count, tuple(shown), page, -(-count // INCOMING_PAGE_SIZE))
        else:
            yield Incoming(name, count, (), 1, 1)


def _counts(graph: Graph, thing: NamedNode) -> list[tuple[str, int]]:
    return [
        (value(row, "property"), int(value(row, "count"))) for row in graph.rows("graph/incoming_counts", thing=thing)
    ]


def messages(graph: Graph, thing: Thing) -> list[Row]:
    """Return the validation results of a resource with severity, message by language and shape."""
    return graph.rows("resource/messages", thing=NamedNode(thing.iri)) if thing.has_incoming("sh:focusNode") else []


def documents(graph: Graph, thing: Thing) -> list[tuple[str, str]]:
    """Return the source documents of a resource with their addresses, empty if unknown."""
    sources = sorted(str(term.value) for term in thing.values("dcterms:source"))
    return [(source, address) for source in sources for address in _addresses(graph, source) or [""]]


def _addresses(graph: Graph, source: str) -> list[str]:
    def read() -> list[str]:
        return [address.value for (address,) in graph.tuples("graph/source_addresses", source=NamedNode(source))]

    return graph.cached(("addresses", source), read)


def _statements(graph: Graph, statements: Mapping[str, list[Term]], derived: frozenset[str]) -> dict[str, Statement]:
    """Return the statements by property in display order; possible days are part of their date."""
    days = {day for iri in statements for day in graph.columns.days.get(iri, ())}
    places = sorted((graph.display.position(iri), iri) for iri in statements if iri not in days and iri not in NAMES)
    return {iri: _statement(graph, statements, iri, derived) for _, iri in places}


def _statement(graph: Graph, statements: Mapping[str, list[Term]], iri: str, derived: frozenset[str]) -> Statement:
    values = tuple(statements[iri]) if len(statements[iri]) == 1 else _sorted(graph, statements[iri])
    group = graph.display.position(iri).group
    if iri not in graph.columns.days:
        return Statement(iri, values, group, iri in derived)
    first, last = (str(statements[day][0].value) if day in statements else "" for day in graph.columns.days[iri])
    return Statement(iri, values, group, iri in derived, first, last)


def _sorted(graph: Graph, terms: Iterable[Term]) -> tuple[Term, ...]:
    def order(term: Term) -> tuple[bool, str, str]:
        if isinstance(term, Literal):
            return False, term.language or "", term.value
        return True, graph.label(str(term.value), "en").text, str(term.value)

    return tuple(sorted(terms, key=order))
