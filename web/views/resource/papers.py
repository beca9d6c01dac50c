"""The pages of documents, printed tables, rows, records and claims."""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from flask import abort, request

from kg.store import NamedNode, Term
from kg.vocab import TERMS, THINGS
from web.data import computed, counting
from web.graph.iris import key_of
from web.graph.queries import Graph, Row, value
from web.graph.resource import Thing
from web.html import finding_words, verdict_words
from web.lists import counts, totals

PAGE_SIZE = 200
"""Rows of a table on a page."""
RECORDS = THINGS + "record/"
TABLES = THINGS + "table/"
FIGURES = re.compile(r"(?:约 ?)?[\d\s.,%]*")
ROUNDING = Decimal("0.015")
"""Rounding error of the sum of three shares with two decimals."""

WORDED_STATEMENTS = frozenset({TERMS + "decidingNumber", TERMS + "claimedNumbers"})
"""Properties of a claim that its page shows in words."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A printed cell: column heading (empty if none is printed), property, text."""

    heading: str
    property: str
    text: str


@dataclass(frozen=True, slots=True)
class PrintedRow:
    """A row of a printed table: IRIs of row and record, key, cells, sum of shares."""

    row: str
    record: str
    key: str
    cells: tuple[Cell, ...]
    total: Decimal | None

    @property
    def adds_up(self) -> bool:
        """Whether the shares add up to 100 within rounding."""
        return self.total is None or abs(self.total - 100) <= ROUNDING


def table(graph: Graph, thing: Thing, _today: str) -> Mapping[str, object]:
    """Return a printed table: headings, rows, sums of shares; for a table of the project what each row makes."""
    node = NamedNode(thing.iri)
    if accounts := totals.lists(key=key_of(thing.iri)):
        return _list(graph, node, accounts[0])
    columns = graph.rows("resource/table_columns", table=node)
    made: dict[tuple[str, str], list[str]] = defaultdict(list)
    for row in graph.cached(("rows", thing.iri), lambda: graph.rows("resource/table_rows", table=node)):
        made[value(row, "row"), value(row, "key")].append(value(row, "thing"))
    recorded = any(thing.startswith(RECORDS) for things in made.values() for thing in things)
    printed = printed_rows(graph, node, columns) if recorded else []
    return {
        "columns": columns,
        "numeric": [all(_is_number(row.cells[place].text) for row in printed) for place in range(len(columns))],
        "printed": printed,
        "summed": any(row.total is not None for row in printed),
        "messages": graph.rows("resource/table_messages", table=node) if recorded else [],
        "astray": [row for row in printed if not row.adds_up],
        "made": list(made.items()),
        "length": PAGE_SIZE,
    }


def _list(graph: Graph, node: NamedNode, account: totals.Coverage) -> Mapping[str, object]:
    """Return a list of designations: accounting, rows left out with reasons, a page of rows."""
    return {
        "account": account,
        "reasons": [row for row in left_out(graph) if row["table"] == node],
        **_page_of(graph, "resource/list", table=node),
    }


def _page_of(graph: Graph, queries: str, **bound: NamedNode) -> Mapping[str, object]:
    """Return the requested page of rows, by the queries for keys and rows."""

    def read() -> list[Term]:
        return [row["key"] for row in graph.rows(f"{queries}_keys", **bound)]

    keys = graph.cached(("keys", *(node.value for node in bound.values())), read)
    pages = max(-(-len(keys) // PAGE_SIZE), 1)
    page = request.args.get("rows", 1, int)
    if not 1 <= page <= pages:
        abort(404, description=f"1–{pages}")
    shown = keys[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]
    rows = graph.rows(f"{queries}_rows", **bound, **{"from": shown[0], "to": shown[-1]}) if shown else []
    return {"rows": rows, "page": page, "pages": pages}


def left_out(graph: Graph) -> list[Row]:
    """Return the rows of all lists that were left out, by list and reason."""
    return graph.cached("left out", lambda: graph.rows("resource/list_reasons"))


def printed_rows(graph: Graph, node: NamedNode, columns: Sequence[Row]) -> list[PrintedRow]:
    """Return the rows of a printed table with a cell for each column."""
    totals = {
        value(row, "row"): Decimal(value(row, "total"))
        for row in graph.rows("resource/table_shares", table=node)
        if value(row, "count") == "3"
    }
    rows: dict[tuple[str, str, str], list[Cell]] = defaultdict(list)
    for row in graph.rows("resource/table_cells", table=node):
        place = value(row, "row"), value(row, "record"), value(row, "key")
        rows[place].append(Cell("", value(row, "property"), value(row, "cell")))
    return [
        PrintedRow(row, record, key, _ordered(found, columns), totals.get(row))
        for (row, record, key), found in rows.items()
    ]


def cells(graph: Graph, record_iri: str) -> tuple[Cell, ...]:
    """Return the printed cells of a record with column headings."""
    rows = graph.rows("resource/record_cells", record=NamedNode(record_iri))
    if not rows:
        return ()
    columns = graph.rows("resource/table_columns", table=rows[0]["table"])
    found = [Cell("", value(row, "property"), value(row, "cell")) for row in rows]
    return tuple(cell for cell in _ordered(found, columns) if cell.text)


def record(graph: Graph, thing: Thing, _today: str) -> Mapping[str, object]:
    """Return the cells of a record."""
    return {"cells": cells(graph, thing.iri)}


def row(graph: Graph, thing: Thing, _today: str) -> Mapping[str, object]:
    """Return the resources made from a row, with the cells of its records."""
    things = graph.rows("resource/row_things", row=NamedNode(thing.iri))
    records = [value(found, "thing") for found in things if value(found, "class") == TERMS + "Record"]
    return {
        "things": list(dict.fromkeys(value(found, "thing") for found in things)),
        "records": [(r, cells(graph, r)) for r in records],
    }


def source(graph: Graph, thing: Thing, _today: str) -> Mapping[str, object]:
    """Return the lists, tables and claims of a document, and the number of resources by class."""
    node = NamedNode(thing.iri)
    outcomes: dict[str, dict[str, int]] = defaultdict(dict)
    for row in graph.cached(("source lists", thing.iri), lambda: graph.rows("resource/source_lists", source=node)):
        outcomes[value(row, "table")][key_of(value(row, "outcome"))] = int(value(row, "records"))
    asked = request.args.get("list", "") or next(iter(outcomes), "").removeprefix(TABLES)
    if request.args.get("list") and TABLES + asked not in outcomes:
        abort(404, description=asked)
    return {
        "lists": list(outcomes.items()),
        "designations": counts.from_source(key_of(thing.iri)),
        "chosen": TABLES + asked,
        **(_page_of(graph, "resource/source", source=node, table=NamedNode(TABLES + asked)) if outcomes else {}),
        "tables": [
            row for row in graph.rows("resource/source_tables", source=node) if value(row, "table") not in outcomes
        ],
        "claims": graph.rows("resource/source_claims", source=node),
        "kinds": graph.cached(("source kinds", thing.iri), lambda: graph.rows("resource/source_kinds", source=node)),
    }


def claim(graph: Graph, thing: Thing, _today: str) -> Mapping[str, object]:
    """Return a claim, its tests if there are columns, and the lists it needs."""
    tested = {one.key: one for one in verdict_words.judged(computed())} if counting() else {}
    return {
        "claim": graph.rows("resource/claim", claim=NamedNode(thing.iri))[0],
        "tested": tested.get(key_of(thing.iri)),
        "needed": graph.rows("resource/claim_needs", claim=NamedNode(thing.iri)),
        "finding_words": finding_words,
        "verdict_words": verdict_words,
        "worded": WORDED_STATEMENTS,
    }


def _is_number(text: str) -> bool:
    return FIGURES.fullmatch(text) is not None


def _ordered(found: Sequence[Cell], columns: Sequence[Row]) -> tuple[Cell, ...]:
    """Order cells by the columns of their table, if it has any."""
    if not columns:
        return tuple(found)
    by_property = {cell.property: cell.text for cell in found}
    return tuple(
        Cell(value(column, "heading"), name, by_property.get(name, ""))
        for column in columns
        for name in [f"{TERMS}printed{value(column, 'name').capitalize()}"]
    )
