"""The lists and their rows as triples: what each row prints, what came of it, and how whole the list is."""

import json
from collections.abc import Iterator, Sequence

from kg.pipeline import mapping
from kg.tables import Package, Row
from kg.tables.accounting import accounts
from kg.vocab import Node, Triple, concept, term, text, thing, typed


def lists(package: Package) -> Iterator[Triple]:
    """Say the lists: the programmes that they list, how whole they are, and what came of their rows."""
    lists_by_key = package.index("lists")
    for found in accounts(package):
        row = lists_by_key[found.list_id]
        node = thing("table", row["id"])
        yield from mapping.kind(node, "gp:SourceTable", "gp:List")
        yield from mapping.names(node, row["title_zh"], row["title_en"])
        for key in row.many("programme_ids"):
            yield node, term("gp:listsProgramme"), thing("programme", key)
        yield node, term("gp:hasCompleteness"), concept("completeness", row["completeness"])
        yield from mapping.dated(node, row["edition"], "edition")
        if row["official_total"]:
            yield node, term("gp:officialTotal"), typed(row["official_total"], "integer")
        yield from mapping.said(
            node, "gp:officialTotalText", row["official_total_text_zh"], row["official_total_text_en"]
        )
        yield from mapping.dated(node, row["official_total_as_of"], "officialTotalDate")
        counts = {"taken": found.taken, "merged": found.merged, "leftOut": sum(found.left_out.values())}
        for name, count in counts.items():
            yield node, term(f"gp:{name}Count"), typed(count, "integer")
        for key in row.many("source_ids"):
            yield node, term("gp:inDocument"), thing("source", key)


def records(package: Package) -> Iterator[tuple[str, Iterator[Triple]]]:
    """Yield the list and the triples of its records, list by list."""
    printed, parted = package.resources["records"].printed, package.grouped("parted_rows", "record_id")
    by_list: dict[str, list[Row]] = {row["id"]: [] for row in package.rows("lists")}
    for row in package.rows("records"):
        by_list[row["list_id"]].append(row)
    for key, rows in by_list.items():
        yield key, (triple for row in rows for triple in _record(row, printed, parted.get(row["id"], [])))


def _record(row: Row, printed: list[str], parted: Sequence[Row]) -> Iterator[Triple]:
    node = thing("record", row["id"])
    yield from mapping.kind(node, "gp:Record")
    yield from mapping.names(node, row["name"] or row["programme"] or row["id"])
    for column in printed:
        if row[column] and column != "other":
            yield node, term(printed_property(column)), text(row[column])
    yield from _others(node, row["other"])
    yield node, term("gp:hasOutcome"), concept("outcome", row["outcome"])
    yield from mapping.optional(node, "gp:reason", parted[0]["reason"] if parted else row["reason"])
    for plate in [part["designation_id"] for part in parted] or [row["designation_id"]]:
        if plate:
            yield node, term("gp:describes"), thing("designation", plate)
    if row["stage"]:
        yield node, term("gp:hasStageKind"), concept("stage", row["stage"])
    for name, column in (
        ("gp:derivedCell", "derived"),
        ("gp:compiledCell", "compiled"),
        ("gp:matchedWord", "field_words"),
    ):
        for entry in dict.fromkeys(row.many(column)):
            yield node, term(name), text(entry)


def _others(node: Node, cell: str) -> Iterator[Triple]:
    """Say the cells that have no column of their own, each with its head before it."""
    for head, value in (json.loads(cell) if cell else {}).items():
        if value:
            yield node, term("gp:printedOther"), text(f"{head}: {value}")


def printed_property(column: str) -> str:
    """Return the property of a printed column: `name` → `gp:printedName`."""
    return f"gp:printed{column.capitalize()}"
