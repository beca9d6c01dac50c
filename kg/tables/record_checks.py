"""Rules for records, designations, relations, corrections and withdrawn keys."""

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import replace
from typing import Any

from kg.errors import NOTHING, Complaint, Expectation, expect
from kg.tables import Package, Row, dates
from kg.tables.canonical import alternates
from kg.tables.decided import decided

UNRESOLVED = {"approved": "approved_date", "ended": "ended_date"}
"""Printed column to the read column that must not be empty beside it without a reason."""


def check(package: Package) -> Iterator[Complaint]:
    """Yield every fault of records, designations, relations, corrections and withdrawn keys."""
    yield from _papers_rows(package)
    yield from _records(package)
    yield from _taken_once(package)
    yield from relations(decided(package))
    yield from _parted(package)
    yield from _corrections(package)
    yield from _withdrawn(package)


def _papers_rows(package: Package) -> Iterator[Complaint]:
    """Every row of a paper that a designation names stands in a table."""
    keys: dict[str, set[str]] = {}
    for row in package.rows("designations"):
        for entry in row.many("record_ids"):
            table, _, key = entry.partition("/")
            if table not in package.resources:
                yield row.complaint("record_ids", repr(entry), expect("table-and-row"))
            elif key not in keys.setdefault(table, {other["id"] for other in package.rows(table)}):
                yield row.complaint("record_ids", repr(entry), expect("row-of-table", table=table))


def _records(package: Package) -> Iterator[Complaint]:
    """A record is keyed by its list; it has a designation of its programme or its alternate, or a reason why not."""
    lists, designations = package.index("lists"), package.index("designations")
    alternating = alternates(package)
    for row in package.rows("records"):
        if not row["id"].startswith(f"{row['list_id']}/"):
            yield row.complaint("id", repr(row["id"]), expect("key-of-list", beginning=f"{row['list_id']}/"))
        if row["outcome"] == "left-out":
            yield from _left_out(row)
            continue
        for column in ("designation_id", "programme_id"):
            if not row[column]:
                yield row.complaint(column, NOTHING, expect("value-of-outcome", outcome=row["outcome"]))
        designation, listed = designations.get(row["designation_id"]), lists.get(row["list_id"])
        programmes = (
            frozenset((designation["programme_id"], row["programme_id"])) if designation and row["programme_id"] else ()
        )
        if designation and len(programmes) > 1 and programmes not in alternating:
            expected = expect("programme-of-designation", programme=designation["programme_id"])
            yield row.complaint("programme_id", repr(row["programme_id"]), expected)
        if listed and row["programme_id"] and row["programme_id"] not in listed.many("programme_ids"):
            expected = expect("programme-of-list", list=row["list_id"])
            yield row.complaint("programme_id", repr(row["programme_id"]), expected)
        yield from _unresolved(row)


def _left_out(row: Row) -> Iterator[Complaint]:
    if row["designation_id"]:
        yield row.complaint("designation_id", repr(row["designation_id"]), expect("nothing-left-out"))
    if not row["reason"]:
        yield row.complaint("reason", NOTHING, expect("reason-left-out"))


def _unresolved(row: Row) -> Iterator[Complaint]:
    if row["reason"]:
        return
    if not row["place_ids"]:
        yield row.complaint("reason", NOTHING, expect("reason-no-place"))
    for printed, read in UNRESOLVED.items():
        if row[printed] and not row[read]:
            yield row.complaint("reason", NOTHING, expect("reason-unread", column=printed, cell=row[printed]))


def _taken_once(package: Package) -> Iterator[Complaint]:
    """Of each designation one record is taken, and the others are merged into it."""
    taken: dict[str, Row] = {}
    for row in package.rows("records"):
        key = row["designation_id"]
        if row["outcome"] == "taken" and key and (first := taken.setdefault(key, row)) is not row:
            yield row.complaint("outcome", "'taken'", expect("outcome-merged", record=first["id"], designation=key))
    parts = {row["designation_id"] for row in package.rows("parted_rows")}
    for row in package.rows("designations"):
        if row["id"] not in taken and row["id"] not in parts:
            yield row.complaint("id", repr(row["id"]), expect("taken-record"))


def _parted(package: Package) -> Iterator[Complaint]:
    """A row is parted into several designations, one of them its own, by pieces of its printed name."""
    records, designations = package.index("records"), package.index("designations")
    for row in package.rows("parted_rows"):
        record, designation = records.get(row["record_id"]), designations.get(row["designation_id"])
        if record and row["name"] not in record["name"]:
            yield row.complaint("name", repr(row["name"]), expect("piece-of-name", name=record["name"]))
        if record and designation and designation["programme_id"] != record["programme_id"]:
            expected = expect("designation-of-programme", programme=record["programme_id"])
            yield row.complaint("designation_id", repr(designation["id"]), expected)
    for key, rows in package.grouped("parted_rows", "record_id").items():
        described = {row["designation_id"] for row in rows}
        if key in records and (len(described) < len(rows) or len(rows) < 2):
            yield rows[0].complaint("record_id", repr(key), expect("several-parts"))
        elif key in records and records[key]["designation_id"] not in described:
            yield rows[0].complaint("designation_id", repr(key), expect("part-of-record"))


def relations(package: Package) -> Iterator[Complaint]:
    """No designation is related to itself, no two are related both ways (also after decisions); the records exist."""
    records = package.index("records")
    pairs: dict[tuple[str, str, str], Row] = {}
    for row in package.rows("designation_relations"):
        relation, one, other = row["relation"], row["subject_id"], row["object_id"]
        pairs.setdefault((relation, one, other), row)
        if one == other:
            yield row.complaint("object_id", repr(other), expect("other-designation"))
        elif (relation, other, one) in pairs:
            opposite = pairs[relation, other, one]["id"]
            yield row.complaint("relation", repr(relation), expect("one-direction", relation=opposite))
        for key in row.many("record_ids"):
            if key not in records:
                yield row.complaint("record_ids", repr(key), expect("key-of-table", table="records"))


def _corrections(package: Package) -> Iterator[Complaint]:
    """A correction repairs what stands there, once, by a value that the column may have."""
    records, seen = package.index("records"), set[tuple[str, str]]()
    for row in package.rows("corrections"):
        yield from repair_faults(package, row, records.get(row["record_id"]), seen)
        seen.add((row["record_id"], row["column"]))


def repair_faults(
    package: Package, row: Row, record: Row | None, seen: AbstractSet[tuple[str, str]]
) -> Iterator[Complaint]:
    """Yield every fault of one correction.

    Args:
        package: the tables.
        row: the correction.
        record: the record that it names, as it is without repairs; None where there is none.
        seen: record and column of the corrections before it.
    """
    columns, column = {field["name"]: field for field in package.resources["records"].fields}, row["column"]
    if column not in columns or column in ("id", "list_id"):
        yield row.complaint("column", repr(column), expect("repairable-column"))
        return
    if (row["record_id"], column) in seen:
        yield row.complaint("column", repr(column), expect("one-repair"))
    if record and record[column] != row["found"]:
        yield row.complaint("found", repr(row["found"]), expect("cell-as-now", cell=record[column]))
    if record and (fault := _fault(package, columns[column], replace(record, cells={column: row["repaired"]}))):
        yield row.complaint("repaired", repr(row["repaired"]), fault)


def _fault(package: Package, column: Mapping[str, Any], row: Row) -> Expectation | None:
    """Return what a column expects of the one cell of a row, None where it is as it should be."""
    name, resource = str(column["name"]), package.resources["records"]
    constraints, cell = column.get("constraints", {}), row[str(column["name"])]
    if not cell:
        return expect("value") if constraints.get("required") else None
    entries = row.many(name) if name in resource.lists else [cell]
    if "enum" in constraints and not set(entries) <= set(constraints["enum"]):
        return expect("one-of", values=", ".join(constraints["enum"]))
    target = resource.references.get(name)
    if target and not set(entries) <= package.index(target).keys():
        return expect("key-of-table", table=target)
    return dates.fault(cell) if column.get("guapai:date") else None


def _withdrawn(package: Package) -> Iterator[Complaint]:
    """A withdrawn key is of a known kind and in use no more; what follows it is in use."""
    used: dict[str, set[str]] = {}
    kinds, tables = package.resources["withdrawn"].described["id"].kinds, package.by_kind

    def in_use(entry: str) -> bool:
        kind, _, key = entry.partition("/")
        return key in used.setdefault(kind, set(package.index(tables[kind])))

    for row in package.rows("withdrawn"):
        for column, entries in (("id", [row["id"]]), ("successor_ids", row.many("successor_ids"))):
            for entry in entries:
                if entry.partition("/")[0] not in kinds:
                    yield row.complaint(column, repr(entry), expect("kind-and-key", kinds=", ".join(kinds)))
                elif in_use(entry) != (column == "successor_ids"):
                    expected = expect("used-key") if column == "successor_ids" else expect("unused-key")
                    yield row.complaint(column, repr(entry), expected)
