"""The page of a designation: accepted values with their records, and the printed records side by side."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any

from kg.store import NamedNode, Term
from kg.tables.grades import GRADES
from kg.vocab import PREFIXES, SCHEMES, TERMS
from web.graph.iris import key_of
from web.graph.queries import Graph, Row, value
from web.graph.resource import Thing
from web.html.fragments import in_words
from web.lists import totals
from web.views.resource.papers import cells

PRINTED = TERMS + "printed"
SOURCE = PREFIXES["dcterms"] + "source"
COLUMNS = (
    *("approved_date", "ended_date", "standing", "place_ids", "extent", "carrier_ids"),
    *("authority_ids", "supervisor_ids", "field_ids", "document"),
)
"""Columns of a designation in display order."""

MAX_COUNTED, MAX_SHOWN = 100, 24
"""Neighbours of a designation up to which they are counted, and those that are shown; many cost a page no more than
some."""


@dataclass(frozen=True, slots=True)
class Taken:
    """Provenance of a value: numbers of the records that state it, and of those that state others."""

    records: tuple[int, ...]
    others: Mapping[str, tuple[int, ...]]


@dataclass(slots=True)
class Record:
    """A record: IRI, table, printed cells by property, values read."""

    iri: str
    table: str
    number: int
    printed: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    readings: dict[str, list[Term]] = field(default_factory=lambda: defaultdict(list))

    @property
    def listed(self) -> bool:
        """Whether it is a row of a list, which can be corrected, not of a paper's table."""
        return TERMS + "hasOutcome" in self.readings

    def read(self, name: str) -> list[str]:
        """Return the values of a property."""
        return [str(term.value) for term in self.readings.get(name, ())]


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Other designations: place or programme and IRI of each, number counted, whether there are more."""

    shown: tuple[tuple[str, str], ...]
    count: int
    more: bool

    @property
    def count_text(self) -> str:
        """The number, with a + if there are more."""
        return f"{self.count}+" if self.more else str(self.count)


def designation(graph: Graph, thing: Thing, _today: str) -> Mapping[str, object]:
    """Return records, readings, relations, stages, lists and neighbours of a designation."""
    node = NamedNode(thing.iri)

    def rows(name: str, *, there: bool) -> list[Row]:
        """Ask only where the statements of the designation, or what points to it, tell that there is an answer."""
        return graph.rows(name, designation=node) if there else []

    def tuples(name: str, *, there: bool) -> tuple[tuple[Any, ...], ...]:
        return graph.tuples(name, designation=node) if there else ()

    records = _records(tuples("resource/designation_cells", there=thing.has_incoming("gp:describes")))
    listed = {key_of(record.table) for record in records}
    grades = {value(row, "source"): value(row, "grade") for row in graph.rows("resource/grades_of", thing=node)}
    taken = _taken(rows("resource/designation_readings", there=thing.has_incoming("gp:readingOf")), records)
    return {
        "columns": {column: graph.columns.stated[column] for column in COLUMNS},
        "records": records,
        "printed": _printed(graph, records),
        "stated": {name for record in records for name in record.readings},
        "disputed": _disputed(graph, taken),
        "taken": taken,
        "grades": {column: _graded(taken.get(column), records, grades) for column in COLUMNS},
        "words": list(dict.fromkeys(word for record in records for word in record.read(TERMS + "matchedWord"))),
        "reasons": _reasons(records),
        "relations": rows(
            "resource/designation_relations",
            there=thing.has_incoming("gp:relatesDesignation", "gp:relatesToDesignation"),
        ),
        "statements": rows("resource/designation_statements", there=thing.has("gp:isPlacedBy")),
        "stages": rows("resource/designation_stages", there=thing.has("gp:hasStage")),
        "lists": [found for found in totals.lists(everything=True) if found.list in listed],
        "around": _neighbours(tuples("resource/designation_around", there=thing.has("gp:locatedIn")), thing.iri),
        "shared": _neighbours(tuples("resource/designation_of_carrier", there=thing.has("gp:borneBy")), thing.iri),
        "source": SOURCE,
    }


def _graded(found: Taken | None, records: Sequence[Record], grades: Mapping[str, str]) -> tuple[str, ...]:
    """Return best and worst grade (IRIs; one if they are equal) of the documents of the records behind a value."""
    behind = [record for record in records if found is None or record.number in found.records]
    sources = {source for record in behind for source in record.read(SOURCE)}
    keys = {grades[source].rpartition("/")[2] for source in sources & grades.keys()}
    ranked = [f"{SCHEMES}source-grade/{key}" for key in GRADES if key in keys]
    return tuple(dict.fromkeys((ranked[0], ranked[-1]))) if ranked else ()


def _neighbours(read: Iterable[tuple[Any, ...]], itself: str) -> Neighbours:
    """Return the other designations in rows of place or programme and designation."""
    found = sorted({(beside.value, other.value) for beside, other in read if other.value != itself})
    return Neighbours(tuple(found[:MAX_SHOWN]), min(len(found), MAX_COUNTED), more=len(found) > MAX_COUNTED)


def _records(read: Iterable[tuple[Any, ...]]) -> list[Record]:
    """Return the records in rows of record, table, property and value."""
    found: dict[str, Record] = {}
    texts = [(record.value, name.value, term.value, table.value, term) for record, table, name, term in read]
    for iri, name, text, table, term in sorted(texts, key=itemgetter(0, 1, 2)):
        record = found.get(iri)
        if record is None:
            record = found[iri] = Record(iri, table, len(found) + 1)
        if name.startswith(PRINTED):
            record.printed[name].append(text)
        else:
            record.readings[name].append(term)
    return list(found.values())


def _printed(graph: Graph, records: Sequence[Record]) -> list[tuple[str, str]]:
    """Return the printed properties of the records with their headings, in the order of ontology/display.ttl."""
    papers = [record for record in records if not record.listed]
    headings = {cell.property: cell.heading for record in papers for cell in cells(graph, record.iri) if cell.heading}
    names = {name for record in records for name in record.printed}
    return [
        (name, headings.get(name, "")) for name in sorted(names, key=lambda name: (graph.display.position(name), name))
    ]


def _taken(rows: Sequence[Row], records: Sequence[Record]) -> Mapping[str, Taken]:
    """Return by column the records that state the accepted value, and those that state others."""
    numbers = {record.iri: record.number for record in records}
    saying: dict[str, dict[int, None]] = defaultdict(dict)
    others: dict[str, dict[str, dict[int, None]]] = defaultdict(lambda: defaultdict(dict))
    for row in rows:
        column = value(row, "column")
        saying[column][numbers[value(row, "record")]] = None
        if "other" in row:
            others[column][value(row, "other")][numbers[value(row, "disregarded")]] = None
    return {
        column: Taken(tuple(records), {other: tuple(found) for other, found in others[column].items()})
        for column, records in saying.items()
    }


def _reasons(records: Sequence[Record]) -> Mapping[str, list[int]]:
    """Return the reasons of unresolved values with the numbers of their records."""
    found: dict[str, list[int]] = defaultdict(list)
    for record in records:
        for reason in record.read(TERMS + "reason"):
            for sentence in in_words(reason):
                found[sentence].append(record.number)
    return found


def _disputed(graph: Graph, taken: Mapping[str, Taken]) -> set[tuple[int, str]]:
    """Return the cells overruled by another record: number of the record and printed property."""
    return {
        (number, printed)
        for column, found in taken.items()
        for numbers in found.others.values()
        for number in numbers
        for printed in graph.columns.read_from.get(column, ())
    }
