"""Rows of lists from the graph, read once per language, because names determine their order."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from kg.release.columns import Database
from kg.store import Literal, NamedNode, Term
from web.graph import ministries
from web.graph.iris import key_of
from web.graph.labels import graph, name, today
from web.graph.matrix import MAIN
from web.graph.queries import Graph, Row, collation, last_part, value
from web.http.language import LANGUAGES, language
from web.lists import counts, totals
from web.lists.definitions import Source

Cells = Mapping[str, tuple[Term, ...]]
Adding = Callable[[Graph, str, str], Cells]
"""Takes the graph, the IRI of a row and the day called today; returns cells beyond those of the query."""
OWN = {"key": "VARCHAR", "rank": "INTEGER", "words": "VARCHAR"}
"""Columns of every such table: key, rank in the default order, names for text search."""


def source(listing: str, columns: Sequence[str], facets: Sequence[str], order: Sequence[str], adding: Adding) -> Source:
    """Return the table of a list in the language of the request.

    Cells are lists of IRIs or texts; `<name>_key` has the keys of a facet.

    Args:
        listing: name of the list and of its query.
        columns: variables of the query.
        facets: those that are facets.
        order: variables to sort by before the name.
        adding: computes further cells.
    """
    found, day, asked = graph(), today(), language()

    def read() -> Database:
        kinds = dict.fromkeys((*columns, *(f"{facet}_key" for facet in facets)), "VARCHAR[]")
        return Database.of_rows("entries", {**OWN, **kinds}, _rows(listing, columns, facets, order, adding))

    tables = found.cached(("list", listing, day, asked), read)
    return Source(tables, tables, {}, {})


def _rows(
    listing: str, columns: Sequence[str], facets: Sequence[str], order: Sequence[str], adding: Adding
) -> Iterator[tuple[Any, ...]]:
    found, day = graph(), today()
    read = {iri: {**cells, **adding(found, iri, day)} for iri, cells in _read(found, listing).items()}

    def in_order(entry: tuple[str, Cells]) -> tuple[tuple[object, ...], object]:
        iri, cells = entry
        return tuple(_sort_key(cells.get(column, ())) for column in order), collation(name(iri))

    for rank, (iri, cells) in enumerate(sorted(read.items(), key=in_order)):
        texts = {column: [str(term.value) for term in cells.get(column, ())] for column in columns}
        names = " ".join({name(iri, each).text for each in LANGUAGES} | {*found.labels(iri).values()})
        yield last_part(iri), rank, names, *texts.values(), *([*map(key_of, texts[facet])] for facet in facets)


def _read(found: Graph, listing: str) -> Mapping[str, Cells]:
    """Return the cells of each row as the graph has them, none of them twice."""
    gathered: dict[str, dict[str, dict[Term, None]]] = defaultdict(lambda: defaultdict(dict))
    for row in found.rows(f"lists/{listing}"):
        for variable, term in row.items():
            gathered[value(row, "thing")][variable].setdefault(term)
    return {iri: {column: tuple(terms) for column, terms in cells.items()} for iri, cells in gathered.items()}


def _sort_key(terms: Sequence[Term]) -> tuple[object, ...]:
    """Return the order of a cell: empty ones last, texts as texts (numbers as numbers), things by name."""
    if not terms:
        return (1,)
    term = terms[0]
    if isinstance(term, Literal):
        return (0, f"{int(term.value):09}") if term.value.isdecimal() and len(term.value) < 5 else (0, term.value)
    return (0, collation(name(term)))


def nothing(_graph: Graph, _iri: str, _today: str) -> Cells:
    """Return no further cells."""
    return {}


def behind(graph: Graph, iri: str, today: str) -> Cells:
    """Return the ministries behind a programme today, and the purposes and groups that it serves as main ones."""
    ties = ministries.on(graph, today).get(iri, ())
    main = [row for row in _main_purposes(graph) if value(row, "programme") == iri]
    return {
        "ministry": tuple(NamedNode(tie.ministry) for tie in ties),
        "inferred": tuple(NamedNode(tie.ministry) for tie in ties if ministries.INFERRED in tie.marks),
        "lapsed": tuple(NamedNode(tie.ministry) for tie in ties if ministries.LAPSED in tie.marks),
        "purpose": tuple(dict.fromkeys(row["purpose"] for row in main)),
        "group": tuple(dict.fromkeys(row["group"] for row in main)),
        **_held(last_part(iri)),
    }


def _held(programme: str) -> Cells:
    """Return how many designations of a programme this release holds, and how many there are by its main list."""
    total = totals.total(programme)
    return {
        "designations": (Literal(str(total.counted)),),
        "official": () if total.official is None else (Literal(str(total.official)),),
    }


def resting(graph: Graph, iri: str, _today: str) -> Cells:
    """Return how many rows of lists rest on a document, and how many designations that we hold."""

    def read() -> Mapping[str, str]:
        return {value(row, "source"): value(row, "records") for row in graph.rows("resource/source_records")}

    rows, designations = graph.cached("rows by source", read).get(iri), counts.by_source().get(last_part(iri))
    return {name: (Literal(str(count)),) for name, count in (("rows", rows), ("designations", designations)) if count}


def serving(graph: Graph, iri: str, today: str) -> Cells:
    """Return the ministries that serve a purpose today, as a main one."""
    programmes = [value(row, "programme") for row in _main_purposes(graph) if value(row, "purpose") == iri]
    found = {tie.ministry for programme in programmes for tie in ministries.on(graph, today).get(programme, ())}
    return {"ministry": tuple(NamedNode(ministry) for ministry in sorted(found))}


def _main_purposes(graph: Graph) -> list[Row]:
    rows = graph.cached("purpose_weights", lambda: graph.rows("graph/purpose_weights"))
    return [row for row in rows if value(row, "weight") == MAIN]
