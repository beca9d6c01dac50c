"""Documents, lists, tables, columns and rows as triples, and the row behind each resource."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from kg.pipeline import mapping
from kg.pipeline.mapping import Mapper
from kg.pipeline.merge import Designation
from kg.pipeline.papers import observations
from kg.tables import Package, Resource, Row, grades
from kg.tables.accounting import accounts
from kg.tables.completeness import Held
from kg.vocab import Node, Triple, concept, term, text, thing, typed

UNTRACED = frozenset({"gp:SourceDocument", "gp:SourceTable", "gp:TableColumn", "gp:Decision", "gp:WithdrawnKey"})
"""Classes of rows that are provenance themselves, or say what was decided: they do not lead to a row."""


def documents(package: Package) -> Iterator[Triple]:
    """Yield triples for the documents, lists and papers."""
    mapper, known = Mapper(package, "sources"), grades.grades(package)
    for row in package.rows("sources"):
        node, grade = mapper.subject(row), known[row["id"]]
        yield from mapper.triples(row)
        yield node, term("gp:hasGrade"), concept("source-grade", grade.key)
        yield node, term("gp:gradeReason"), text(grade.reason_zh, "zh")
        yield node, term("gp:gradeReason"), text(grade.reason_en, "en")


def tables(package: Package) -> Iterator[Triple]:
    """Yield triples for the tables: those printed in the papers, with their columns, and the project's own."""
    printed, mapper = package.index("papers-tables"), Mapper(package, "papers-tables")
    for name, resource in package.resources.items():
        node, paper = thing("table", name), printed.get(name)
        chinese, english = resource.own("title_zh"), str(resource.descriptor["title"])
        if paper:
            chinese = f"{chinese}：{paper['caption_zh']}"
            yield from mapper.triples(paper)
        else:
            yield from mapping.kind(node, "gp:SourceTable")
            yield node, term("gp:inDocument"), thing("source", "guapai")
        yield from mapping.names(node, chinese, english)
    mapper = Mapper(package, "papers-columns")
    for row in package.rows("papers-columns"):
        yield from mapper.triples(row)


def rows(package: Package, designations: Iterable[Designation]) -> Iterator[Triple]:
    """Yield for each resource its row and source documents, and for each row its table and key."""
    papers = {row["id"]: row["source_id"] for row in package.rows("papers-tables")}
    behind = {designation.key: designation.sources for designation in designations}
    for name, resource in package.resources.items():
        if not _is_traced(resource):
            continue
        subject = mapping.minting(resource)
        for row in package.rows(name):
            node = subject(row["id"])
            table, key = (row["list_id"], row["id"].partition("/")[2]) if name == "records" else (name, row["id"])
            yield from _row(node, table, key)
            for source in behind[row["id"]] if name == "designations" else _sources(row, resource, papers):
                yield node, term("dcterms:source"), thing("source", source)
    yield from _observations(package)


def _row(node: Node, table: str, key: str) -> Iterator[Triple]:
    """Yield triples for a row; records are rows of their list, everything else of a table of the project."""
    source_row = thing("row", f"{table}/{key}")
    yield from mapping.kind(source_row, "gp:SourceRow")
    yield source_row, term("gp:inTable"), thing("table", table)
    yield source_row, term("gp:rowKey"), text(key)
    yield node, term("gp:fromRow"), source_row


def _is_traced(resource: Resource) -> bool:
    """Return whether what the rows of a table make leads to its row."""
    return bool(resource.kind or resource.scheme) and UNTRACED.isdisjoint(resource.classes)


def _sources(row: Row, resource: Resource, papers: dict[str, str]) -> list[str]:
    if "source_ids" in row.cells:
        return row.many("source_ids")
    if "source_id" in row.cells:
        return [row["source_id"]]
    if row.resource in papers:
        return [papers[row.resource]]
    return [source for source in [resource.own("source")] if source]


def _observations(package: Package) -> Iterator[Triple]:
    """Yield triples for the rows of figures, clusters and indicators in the papers' tables."""
    for found in observations(package):
        source_row = thing("row", f"{found.row.resource}/{found.row['id']}")
        yield thing("observation", found.key), term("gp:fromRow"), source_row
    for table, column, kind in (("p2-t1", "cluster_id", "cluster"), ("p2-t3", "indicator_id", "indicator")):
        for row in package.rows(table):
            yield thing(kind, row[column]), term("gp:fromRow"), thing("row", f"{table}/{row['id']}")


def lists(package: Package, held: Mapping[str, Held]) -> Iterator[Triple]:
    """Yield triples for the lists: programmes, completeness, accounting of rows."""
    lists_by_key, mapper = package.index("lists"), Mapper(package, "lists")
    for found in accounts(package):
        row, own = lists_by_key[found.list_id], held[found.list_id]
        yield from mapper.triples(replace(row, cells={**row.cells, "completeness": own.state}))
        yield mapper.subject(row), term("gp:heldCount"), typed(own.held, "integer")
        counts = {"taken": found.taken, "merged": found.merged, "leftOut": sum(found.left_out.values())}
        for name, count in counts.items():
            yield mapper.subject(row), term(f"gp:{name}Count"), typed(count, "integer")


def records(package: Package) -> Iterator[tuple[str, Iterator[Triple]]]:
    """Yield the list and the triples of its records, list by list."""
    mapper, parted = Mapper(package, "records"), package.grouped("parted_rows", "record_id")
    by_list: dict[str, list[Row]] = {row["id"]: [] for row in package.rows("lists")}
    for row in package.rows("records"):
        by_list[row["list_id"]].append(row)
    for key, rows in by_list.items():
        yield key, (triple for row in rows for triple in _record(row, mapper, parted.get(row["id"], [])))


def _record(row: Row, mapper: Mapper, parted: Sequence[Row]) -> Iterator[Triple]:
    node = mapper.subject(row)
    yield from mapper.triples(row)
    yield from mapping.names(node, row["name"] or row["programme"] or row["id"])
    yield from _others(node, row["other"])
    yield from mapping.optional(node, "gp:reason", parted[0]["reason"] if parted else row["reason"])
    for designation in [part["designation_id"] for part in parted] or [row["designation_id"]]:
        if designation:
            yield node, term("gp:describes"), thing("designation", designation)


def _others(node: Node, cell: str) -> Iterator[Triple]:
    """Yield the printed cells without a column of their own, each prefixed with its header."""
    for header, value in (json.loads(cell) if cell else {}).items():
        if value:
            yield node, term("gp:printedOther"), text(f"{header}: {value}")
