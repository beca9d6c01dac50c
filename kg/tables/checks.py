"""Rules between rows and tables, beyond the schema; rows that violate the schema are skipped."""

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

from kg import tables
from kg.errors import Complaint, InputError, expect
from kg.tables import Package, Row, dates, decision_checks, journal, record_checks, schema


def checked(data: Path, progress: Callable[[str], None] = lambda _: None) -> Package:
    """Open a data folder and validate it by schema and rules; `progress` is called with each table's name.

    A change of the tables that was interrupted is completed first.

    Raises:
        InputError: all faults of all files.
        HeldError: another process is changing the tables.
        GuapaiError: an interrupted change cannot be completed.
    """
    journal.recover(data)
    package = tables.open_package(data)
    if complaints := [*schema.check(package, progress), *check(package)]:
        raise InputError(complaints)
    return package


def check(package: Package) -> list[Complaint]:
    """Return all violations of rules between rows."""
    return [
        *_quotes(package),
        *_intervals(package),
        *_sourcing(package),
        *_phrases(package),
        *_purposes(package),
        *record_checks.check(package),
        *decision_checks.check(package),
    ]


def _quotes(package: Package) -> Iterator[Complaint]:
    """No assignment without a quote: the quote is a substring of a text of the same programme."""
    texts = package.index("purpose_texts")
    for row in package.rows("purpose_assignments"):
        text = texts.get(row["text_id"])
        if text is None:
            continue
        if row["quote"] not in text["text_zh"]:
            yield row.complaint("quote", repr(row["quote"]), expect("substring", text=text["text_zh"]))
        if row["programme_id"] != text["programme_id"]:
            yield row.complaint(
                "text_id", repr(row["text_id"]), expect("text-of-programme", programme=row["programme_id"])
            )


def _intervals(package: Package) -> Iterator[Complaint]:
    for name in ("authorities", "affiliations", "programmes", "mandates"):
        for row in package.rows(name):
            start, end = _day(row["valid_from"], first=True), _day(row["valid_to"], first=False)
            if start and end and end < start:
                expected = expect("day-from-start", start=row["valid_from"])
                yield row.complaint("valid_to", repr(row["valid_to"]), expected)


def _day(text: str, *, first: bool) -> date | None:
    """Return the first or last day of a date cell, None where it is empty or at fault."""
    try:
        span = dates.parse(text)
    except ValueError:
        return None
    return span.first if first else span.last


def _sourcing(package: Package) -> Iterator[Complaint]:
    for name in ("mandates", "programme_relations", "carrier_names"):
        for row in package.rows(name):
            if (row["status"] == "unsourced") != (not row["source_ids"]):
                yield row.complaint("status", repr(row["status"]), expect("status-of-sources"))


def _phrases(package: Package) -> Iterator[Complaint]:
    positioning = {row["id"]: row["positioning"] for row in package.rows("p2-t2")}
    for row in package.rows("p2-positions"):
        cell = positioning.get(row["row_id"])
        if cell is not None and row["phrase"] not in cell:
            yield row.complaint("phrase", repr(row["phrase"]), expect("substring", text=cell))


def _purposes(package: Package) -> Iterator[Complaint]:
    """Purposes have two levels, and assignments name the lower one."""
    purposes = package.index("purposes")

    def group(row: Row) -> bool:
        return not row["broader_id"]

    for row in purposes.values():
        if not group(row) and (broader := purposes.get(row["broader_id"])) and not group(broader):
            yield row.complaint("broader_id", repr(row["broader_id"]), expect("purpose-group"))
    for row in package.rows("purpose_assignments"):
        if (purpose := purposes.get(row["purpose_id"])) and group(purpose):
            yield row.complaint("purpose_id", repr(row["purpose_id"]), expect("purpose-no-group"))
