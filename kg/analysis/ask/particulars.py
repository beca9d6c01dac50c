"""Details of designations beside place and purpose: carriers, stage, documents, sources."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from kg.release.columns import Columns

_CHOSEN = "WHERE list_contains($designations, designation) GROUP BY designation"
_CARRIERS = f"""SELECT designation, list(name_zh ORDER BY carrier) FROM designation_carriers
    JOIN (SELECT carrier, name_zh FROM carriers) USING (carrier) {_CHOSEN}"""  # noqa: S608
_DOCUMENTS = f"SELECT designation, list(document ORDER BY document) FROM designation_documents {_CHOSEN}"  # noqa: S608
_SOURCES = f"""SELECT designation, list([source, title, address] ORDER BY source) FROM designation_sources
    JOIN sources USING (source) {_CHOSEN}"""  # noqa: S608
_STAGES = """SELECT designation, max(stage) FROM designation_stages
    WHERE list_contains($designations, designation) AND (first IS NULL OR first <= $as_of) GROUP BY designation"""
"""SQL: the stage of each designation on a day; `begun` sorts before `recognised`. An undated stage has been reached,
since its list states it."""


class Document(NamedTuple):
    """A source of records: its key, Chinese title, and address ("" if none)."""

    key: str
    title: str
    address: str


@dataclass(frozen=True, slots=True)
class Particulars:
    """Details of one designation.

    carriers: their names; stage: begun, recognised, or "" without one; documents: their numbers; sources: the documents
    and lists of its records.
    """

    carriers: tuple[str, ...] = ()
    stage: str = ""
    documents: tuple[str, ...] = ()
    sources: tuple[Document, ...] = ()


def particulars(columns: Columns, designations: Sequence[str], as_of: date) -> dict[str, Particulars]:
    """Return the particulars of some designations on a day, by key."""
    asked: dict[str, Any] = {"designations": list(designations) or [""]}
    carriers, documents, sources = (dict(columns.query(sql, asked)) for sql in (_CARRIERS, _DOCUMENTS, _SOURCES))
    stages = dict(columns.query(_STAGES, asked | {"as_of": as_of}))
    return {
        designation: Particulars(
            carriers=tuple(carriers.get(designation, ())),
            stage=stages.get(designation, ""),
            documents=tuple(documents.get(designation, ())),
            sources=tuple(Document(*source) for source in sources.get(designation, ())),
        )
        for designation in designations
    }
