"""What there is to say of single plates beside their place and purpose: bearers, stage, documents, sources."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from kg.release.columns import Columns

_CHOSEN = "WHERE list_contains($plates, plate) GROUP BY plate"
_CARRIERS = f"""SELECT plate, list(name_zh ORDER BY carrier) FROM plate_carriers
    JOIN (SELECT carrier, name_zh FROM carriers) USING (carrier) {_CHOSEN}"""  # noqa: S608
_DOCUMENTS = f"SELECT plate, list(document ORDER BY document) FROM plate_documents {_CHOSEN}"  # noqa: S608
_SOURCES = f"""SELECT plate, list([source, title, address] ORDER BY source) FROM plate_sources
    JOIN sources USING (source) {_CHOSEN}"""  # noqa: S608
_STAGES = """SELECT plate, max(stage) FROM plate_stages
    WHERE list_contains($plates, plate) AND (first IS NULL OR first <= $as_of) GROUP BY plate"""
"""SQL: the stage of each plate on a day. `begun` comes before `recognised` as a word, too. A stage whose day nobody
states has begun, for the list that names it says so."""


class Document(NamedTuple):
    """A document or list from which records come: its key, its Chinese title, and its address or an empty text."""

    key: str
    title: str
    address: str


@dataclass(frozen=True, slots=True)
class Particulars:
    """What else is known of one plate.

    carriers: their names; stage: begun, recognised, or "" where it has none; documents: their numbers; sources: the
    documents and lists from which its records come.
    """

    carriers: tuple[str, ...] = ()
    stage: str = ""
    documents: tuple[str, ...] = ()
    sources: tuple[Document, ...] = ()


def particulars(columns: Columns, plates: Sequence[str], as_of: date) -> dict[str, Particulars]:
    """Return the particulars of some plates on a day, by key."""
    asked: dict[str, Any] = {"plates": list(plates) or [""]}
    carriers, documents, sources = (dict(columns.query(sql, asked)) for sql in (_CARRIERS, _DOCUMENTS, _SOURCES))
    stages = dict(columns.query(_STAGES, asked | {"as_of": as_of}))
    return {
        plate: Particulars(
            carriers=tuple(carriers.get(plate, ())),
            stage=stages.get(plate, ""),
            documents=tuple(documents.get(plate, ())),
            sources=tuple(Document(*source) for source in sources.get(plate, ())),
        )
        for plate in plates
    }
