"""Documents, lists, tables, columns and rows as triples, and the row behind each resource."""

import json
from collections.abc import Iterable, Iterator, Sequence

from kg.pipeline import mapping
from kg.pipeline.merge import Designation
from kg.pipeline.papers import TABLES, observations, record
from kg.tables import Package, Row
from kg.tables.accounting import accounts
from kg.vocab import Node, Triple, concept, link, term, text, thing, typed

KINDS = {
    "authorities": "authority",
    "affiliations": "affiliation",
    "programmes": "programme",
    "purpose_texts": "purpose-text",
    "purpose_assignments": "assignment",
    "mandates": "mandate",
    "programme_relations": "relation",
    "places": "place",
    "regions": "region",
    "carriers": "carrier",
    "carrier_names": "carrier",
    "designations": "designation",
    "strategies": "strategy",
    "claims": "claim",
    "former_places": "former-place",
    "designation_relations": "designation-relation",
}
"""Table to the kind of resource that its rows create or describe."""
SCHEMES = {
    "purposes": "purpose",
    "measures": "measure",
    "sectors": "sector",
    "positionings": "position",
    "fields": "field",
}
"""Table to the concept scheme of its rows."""


def documents(package: Package) -> Iterator[Triple]:
    """Yield triples for the documents, lists and papers."""
    for row in package.rows("sources"):
        node = thing("source", row["id"])
        yield from mapping.kind(node, "gp:SourceDocument")
        yield from mapping.names(node, row["title_zh"], row["title_en"])
        yield node, term("dcterms:identifier"), text(row["id"])
        yield node, term("gp:hasReliability"), concept("reliability", row["reliability"])
        yield from mapping.optional(node, "dcterms:rights", row["licence"])
        yield from mapping.translated(node, "gp:issuerText", row["issuer_zh"], row["issuer_en"])
        yield from mapping.optional(node, "gp:documentNumber", row["document_number"])
        yield from mapping.optional(node, "gp:publishedText", row["as_of"])
        if row["address"]:
            yield node, term("rdfs:seeAlso"), link(row["address"])


def tables(package: Package) -> Iterator[Triple]:
    """Yield triples for the tables: those printed in the papers, with their columns, and the project's own."""
    printed = package.index("papers-tables")
    for name, resource in package.resources.items():
        node, paper = thing("table", name), printed.get(name)
        yield from mapping.kind(node, "gp:SourceTable")
        chinese = str(resource.descriptor["guapai:title_zh"])
        english = str(resource.descriptor["title"])
        if paper:
            chinese = f"{chinese}：{paper['caption_zh']}"
            yield from mapping.optional(node, "gp:tableNumber", paper["number_zh"])
            yield from mapping.optional(node, "gp:sectionNumber", paper["section"])
            yield from mapping.optional(node, "gp:quote", paper["note_zh"])
        yield from mapping.names(node, chinese, english)
        yield node, term("gp:inDocument"), thing("source", paper["source_id"] if paper else "guapai")
    for row in package.rows("papers-columns"):
        node = thing("column", row["id"])
        yield from mapping.kind(node, "gp:TableColumn")
        yield from mapping.names(node, row["heading_zh"])
        yield node, term("gp:inTable"), thing("table", row["table_id"])
        yield node, term("gp:columnName"), text(row["column_name"])
        yield node, term("gp:columnHeading"), text(row["heading_zh"])
        yield node, term("gp:columnPosition"), typed(row["position"], "integer")


def rows(package: Package, designations: Iterable[Designation]) -> Iterator[Triple]:
    """Yield for each resource its row and source documents, and for each row its table and key."""
    papers = {row["id"]: row["source_id"] for row in package.rows("papers-tables")}
    behind = {designation.key: designation.sources for designation in designations}
    for name in package.resources:
        for row in package.rows(name):
            node = subject(row)
            if node is None:
                continue
            table, key = (row["list_id"], row["id"].partition("/")[2]) if name == "records" else (name, row["id"])
            yield from _row(node, table, key)
            for source in behind[row["id"]] if name == "designations" else _sources(row, papers):
                yield node, term("dcterms:source"), thing("source", source)
    yield from _observations(package)


def _row(node: Node, table: str, key: str) -> Iterator[Triple]:
    """Yield triples for a row; records are rows of their list, everything else of a table of the project."""
    source_row = thing("row", f"{table}/{key}")
    yield from mapping.kind(source_row, "gp:SourceRow")
    yield source_row, term("gp:inTable"), thing("table", table)
    yield source_row, term("gp:rowKey"), text(key)
    yield node, term("gp:fromRow"), source_row


def subject(row: Row) -> Node | None:
    """Return the resource that a row creates, None if it creates none."""
    if row.resource in KINDS:
        return thing(KINDS[row.resource], row["id"])
    if row.resource in SCHEMES:
        return concept(SCHEMES[row.resource], row["id"])
    if row.resource in TABLES:
        return record(row.resource, row["id"])
    if row.resource == "records":
        return thing("record", row["id"])
    if row.resource in ("p2-positions", "p2-text-positions"):
        return thing("positioning", f"{row.resource}/{row['id']}")
    return None


def _sources(row: Row, papers: dict[str, str]) -> list[str]:
    if "source_ids" in row.cells:
        return row.many("source_ids")
    if "source_id" in row.cells:
        return [row["source_id"]]
    if row.resource in papers:
        return [papers[row.resource]]
    return ["rg-R02"] if row.resource.startswith("p2-") else []


def _observations(package: Package) -> Iterator[Triple]:
    """Yield triples for the rows of figures, clusters and indicators in the papers' tables."""
    for found in observations(package):
        source_row = thing("row", f"{found.row.resource}/{found.row['id']}")
        yield thing("observation", found.key), term("gp:fromRow"), source_row
    for table, column, kind in (("p2-t1", "cluster_id", "cluster"), ("p2-t3", "indicator_id", "indicator")):
        for row in package.rows(table):
            yield thing(kind, row[column]), term("gp:fromRow"), thing("row", f"{table}/{row['id']}")


def lists(package: Package) -> Iterator[Triple]:
    """Yield triples for the lists: programmes, completeness, accounting of rows."""
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
        yield from mapping.translated(
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
    for designation in [part["designation_id"] for part in parted] or [row["designation_id"]]:
        if designation:
            yield node, term("gp:describes"), thing("designation", designation)
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
    """Yield the printed cells without a column of their own, each prefixed with its header."""
    for header, value in (json.loads(cell) if cell else {}).items():
        if value:
            yield node, term("gp:printedOther"), text(f"{header}: {value}")


def printed_property(column: str) -> str:
    """Return the property of a printed column: `name` → `gp:printedName`."""
    return f"gp:printed{column.capitalize()}"
