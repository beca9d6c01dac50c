"""`guapai match`: a list, CSV or workbook, with the key that each of its names means."""

import csv
import io
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import BinaryIO

import xlsxwriter

from kg.analysis.matching import Asked, Match, Matcher
from kg.errors import Complaint, GuapaiError, InputError, expect
from kg.importing.header_lines import KnownHeader, comparable
from kg.importing.readers.lines import Sheet
from kg.tables import escape_formulas

MADE = ("kind", "key", "iri", "matched_name", "score", "sure", "fit", "features", "others")
"""Columns added to a list, each after `guapai_`."""
PREFIX = "guapai_"
NAMES = ("name", "county", "place", "carrier", "prefecture", "province")
"""Columns that may hold the name to be matched, by precedence; the first column of a list that has none."""
AROUND = ("province", "prefecture", "county", "place")
"""Columns that together tell where a thing lies, the widest first."""
BATCH = 500
"""Rows matched at a time."""
WORKBOOK = ".xlsx"
"""Ending of a matched list that is written as a workbook."""
MAX_OTHERS = 3
"""Further candidates that are written."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A list to be matched: headers, rows of cells, and what each row asks."""

    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    asked: tuple[Asked, ...]


def read(sheet: Sheet, known: Mapping[str, KnownHeader], given: Mapping[str, str], kind: str) -> Listed:
    """Read what a list asks.

    Its first line is a header if one of its cells is a known or given one; else its first column has the names.

    Args:
        sheet: the list.
        known: header (comparable form) → meaning.
        given: header as printed → meaning (name, place, programme, carrier, approved …); overrides `known`.
        kind: of the things that are meant, empty for any.

    Raises:
        InputError: the list has no rows, or a given header is not there.
    """
    lines = [line.cells for line in sheet.lines if not line.blank]
    if not lines:
        raise InputError([Complaint(sheet.file, 0, "", "no rows", expect("value"))])
    named = {comparable(header): column for header, column in given.items()}
    first = [comparable(cell) for cell in lines[0]]
    if missing := [header for header in given if comparable(header) not in first]:
        raise InputError([Complaint(sheet.file, 1, missing[0], ", ".join(lines[0]), expect("this-column"))])
    meanings = [named.get(cell) or (known[cell].column if cell in known else "") for cell in first]
    headed = any(meanings)
    headers, rows = (lines[0], lines[1:]) if headed else ([str(n + 1) for n in range(len(first))], lines)
    places = {column: at for at, column in reversed(list(enumerate(meanings))) if column}
    name = next((column for column in NAMES if column in places), "")
    asked = [_asked(cells, places, name, kind) for cells in rows]
    return Listed(tuple(headers), tuple(map(tuple, rows)), tuple(asked))


def _asked(cells: Sequence[str], places: Mapping[str, int], name: str, kind: str) -> Asked:
    def cell(column: str) -> str:
        at = places.get(column, len(cells))
        return cells[at].strip() if at < len(cells) else ""

    around = "".join(cell(column) for column in AROUND if column != name)
    text = cell(name) if name else cells[0].strip() if cells else ""
    carrier = "" if name == "carrier" else cell("carrier")
    return Asked(text, kind, around, cell("programme"), carrier, cell("approved"))


def matched(listed: Listed, matcher: Matcher) -> Iterator[list[list[Match]]]:
    """Yield the candidates of the rows, `BATCH` rows at a time."""
    for part in _batches(listed.asked):
        yield matcher.match(part)


def _batches(asked: Sequence[Asked]) -> Iterator[Sequence[Asked]]:
    return (asked[at : at + BATCH] for at in range(0, len(asked), BATCH))


def headers(listed: Listed) -> list[str]:
    """Return the headers of the matched list."""
    return [*listed.headers, *(PREFIX + column for column in MADE)]


def row(cells: Sequence[str], found: Sequence[Match], min_score: float, width: int) -> list[str]:
    """Return a row of the matched list.

    Args:
        cells: of the list.
        found: candidates, the best first.
        min_score: from 0 to 100; a best candidate with less is among the others only.
        width: number of columns of the list.
    """
    own = [*cells, *[""] * (width - len(cells))][:width]
    best = found[0] if found and 100 * found[0].score >= min_score else None
    others = [match for match in found if match is not best][:MAX_OTHERS]
    told = "; ".join(f"{match.shown} ({match.kind}/{match.key}) {100 * match.score:.1f}" for match in others)
    if best is None:
        return [*own, *[""] * (len(MADE) - 1), told]
    features = "; ".join(f"{name} {value:.2f}" for name, value in best.features.items())
    return [
        *(*own, best.kind, best.key, best.iri, best.shown, f"{100 * best.score:.1f}"),
        *(str(best.sure).lower(), best.fit, features, told),
    ]


def write(path: Path, heads: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Write a matched list row by row, as CSV or, by its ending, as a workbook; no cell becomes a formula.

    The file is there when it is whole: until then its rows stand in one beside it.

    Raises:
        GuapaiError: the file cannot be written.
    """
    device = path.exists() and not path.is_file()
    writing = path if device else path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with writing.open("wb") as file:
            (_workbook if path.suffix.lower() == WORKBOOK else _text)(file, chain([heads], rows))
        if not device:
            writing.replace(path)
    except OSError as error:
        raise GuapaiError(f"{path}: {error.strerror or error}; nothing was written") from error
    finally:
        with suppress(OSError):
            if not device:
                writing.unlink(missing_ok=True)


def _text(file: BinaryIO, rows: Iterable[Sequence[str]]) -> None:
    with io.TextIOWrapper(file, encoding="utf-8-sig", newline="") as text:
        csv.writer(text, lineterminator="\n").writerows(map(escape_formulas, rows))


def _workbook(file: BinaryIO, rows: Iterable[Sequence[str]]) -> None:
    with xlsxwriter.Workbook(file, {"constant_memory": True}) as book:
        sheet = book.add_worksheet()
        for number, cells in enumerate(rows):
            for at, cell in enumerate(cells):
                sheet.write_string(number, at, cell)
