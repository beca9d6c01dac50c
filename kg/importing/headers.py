"""The head of a list: where it stands, which column is which, and the rows below it as printed."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from kg.errors import Complaint, InputError, expect
from kg.importing.spreadsheets import Line, Sheet
from kg.tables import Row

SEARCHED = 20
"""The head of a list stands among its first lines."""
PRINTED: tuple[str, ...] = (
    "programme",
    "name",
    "province",
    "prefecture",
    "county",
    "approved",
    "ended",
    "status",
    "authority",
)
PRINTED += ("carrier", "supervisor", "field", "document")
"""The columns of a record that hold cells as printed, but for `other`."""
BESIDES = ("place", "level", "stage", "batch", "serial", "source", "compiled", "other")
"""What else a column of a list can be; all of them but source and compiled are kept among the other cells."""
NAMING = {"name", "carrier", "county", "prefecture", "province", "place"}
"""A list has at least one of these columns."""
COMPILERS_WORDS = {"host": "carrier", "doc": "document"}
"""What compilers call columns among the derived ones, where it is no name of a column."""
TOTAL = re.compile(r"(?:合\s*计|总\s*计|共\s*计|小\s*计|(?:sub|grand )?total)(?:[::（(\d\s].*)?", re.IGNORECASE)
NOTE = re.compile(r"(?:注|备注|说明|附注|数据来源|资料来源|notes?|source)\s*[::\d].*", re.IGNORECASE)
LOWER = {"省级", "市级", "县级", "provincial"}
"""Levels of designations that no national body gives."""
Remark = tuple[str, str]
"""A sentence in Chinese and in English."""


@dataclass(frozen=True, slots=True)
class KnownHead:
    """What a head means: column = the column of a record, compiled = whether the compiler of such a list derived it."""

    column: str
    compiled: bool


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a list: position, head as printed, column of a record; how it was found: known, given, kept."""

    position: int
    head: str
    column: str
    compiled: bool
    how: str


@dataclass(frozen=True, slots=True)
class Printed:
    """One row of a list as printed.

    line: in the file; cells: by the columns of a record; other: cells by their heads; beside: cells of the columns
    in BESIDES; compiled: columns that the compiler derived; sources: keys of documents; left_out: why it is no
    designation.
    """

    line: int
    cells: Mapping[str, str]
    other: Mapping[str, str] = field(default_factory=dict)
    beside: Mapping[str, str] = field(default_factory=dict)
    compiled: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    left_out: Remark | None = None


@dataclass(frozen=True, slots=True)
class Skipped:
    """A line that is no row of the list: its number, its text, and why."""

    line: int
    text: str
    why: Remark


@dataclass(frozen=True, slots=True)
class Listing:
    """A list as it was understood: title above the head, columns, rows, and the lines that are no rows."""

    title: str
    columns: tuple[Column, ...]
    rows: tuple[Printed, ...]
    skipped: tuple[Skipped, ...]


def known_heads(rows: Iterable[Row]) -> dict[str, KnownHead]:
    """Return head (comparable form) → meaning from the rows of the table of known heads; a star stands for anything."""
    return {
        comparable(head): KnownHead(row["column"], row["by_compiler"] == "true")
        for row in rows
        for head in row.many("heads")
    }


def comparable(head: str) -> str:
    """Return a head without its differences of width, case, blanks and line breaks."""
    return re.sub(r"\s+|_(?=$)", "", unicodedata.normalize("NFKC", head)).lower()


def understand(sheet: Sheet, known: Mapping[str, KnownHead], given: Mapping[str, str]) -> Listing:
    """Find the head of a list and read the rows below it.

    Args:
        sheet: the list.
        known: head (comparable form) → meaning.
        given: head as printed → column of a record, by the user; it goes before what is known.

    Raises:
        InputError: no line reads as a head, or a given head or column is not there.
    """
    meanings = dict(known)
    for head, column in given.items():
        if column not in PRINTED + BESIDES:
            expected = expect("one-of", values=", ".join(PRINTED + BESIDES))
            raise InputError([Complaint(sheet.file, 0, head, column, expected)])
        meanings[comparable(head)] = KnownHead(column, compiled=False)
    top = _head(sheet, meanings)
    printed = {comparable(cell) for cell in top.cells}
    if missing := [name for name in given if comparable(name) not in printed]:
        expected = expect("this-head")
        raise InputError([Complaint(sheet.file, top.number, name, "no such head", expected) for name in missing])
    columns = tuple(_columns(top, meanings, {comparable(name) for name in given}))
    above = [line for line in sheet.lines if line.number < top.number]
    skipped = [Skipped(line.number, _shown(line), _why_above(line)) for line in above]
    rows = []
    for line in (line for line in sheet.lines if line.number > top.number):
        if line.blank:
            skipped.append(Skipped(line.number, "", ("空行", "blank line")))
        elif line.cells == top.cells:
            skipped.append(Skipped(line.number, _shown(line), ("表头重复", "head repeated")))
        else:
            rows.append(_row(line, columns))
    title = next((_shown(line) for line in above if not line.blank), "")
    return Listing(title, columns, tuple(rows), tuple(skipped))


def _head(sheet: Sheet, meanings: Mapping[str, KnownHead]) -> Line:
    """Return the line whose cells name most columns; the lower one of equals: heads of two lines are merged down."""
    best, most = None, 0
    for line in sheet.lines[:SEARCHED]:
        found = {known.column for cell in line.cells if (known := _meaning(cell, meanings))}
        if found & NAMING and len(found) >= most:
            best, most = line, len(found)
    if best is None:
        raise InputError([Complaint(sheet.file, 0, "", "no head that is known", expect("line-of-heads"))])
    return best


def _meaning(head: str, meanings: Mapping[str, KnownHead]) -> KnownHead | None:
    """Return what a head means: as it is known, else by the longest known ending (*名称)."""
    name = comparable(head)
    beginnings = range(1, len(name))
    endings = (f"*{name[start:]}" for start in beginnings)
    return next((meanings[key] for key in (name, *endings) if key in meanings), None)


def _columns(head: Line, meanings: Mapping[str, KnownHead], given: set[str]) -> Iterable[Column]:
    """Yield the columns; a second column of the same meaning, and an unknown one, is kept among the other cells."""
    taken: set[str] = set()
    for position, cell in enumerate(head.cells):
        meaning = _meaning(cell, meanings)
        if meaning is None or (meaning.column != "other" and meaning.column in taken):
            yield Column(position, cell, "other", compiled=False, how="kept")
            continue
        taken.add(meaning.column)
        yield Column(
            position, cell, meaning.column, meaning.compiled, "given" if comparable(cell) in given else "known"
        )


def _row(line: Line, columns: Iterable[Column]) -> Printed:
    cells = dict.fromkeys(PRINTED, "")
    other, beside = {}, {}
    compiled = []
    for column in columns:
        cell = line.cells[column.position] if column.position < len(line.cells) else ""
        if not cell:
            continue
        if column.column in cells:
            cells[column.column] = cell
            compiled += [column.column] if column.compiled else []
            continue
        beside[column.column] = cell
        if column.column not in ("source", "compiled"):
            other[column.head or str(column.position + 1)] = cell
    named = [COMPILERS_WORDS.get(name, name) for name in beside.get("compiled", "").split(";")]
    compiled += [name for name in named if name in PRINTED and name not in compiled]
    sources = tuple(key for key in beside.get("source", "").split(";") if key)
    return Printed(
        line.number, cells, other, beside, tuple(compiled), sources, _no_designation(line, beside.get("level", ""))
    )


def _no_designation(line: Line, level: str) -> Remark | None:
    """Say why a row below the head is a total, a note or of a lower level, None where it is none of these."""
    if level.lower() in LOWER:
        return (f"{level}牌子，不是国家级牌子", f"a designation of the level {level}, not a national one")
    filled = [cell for cell in line.cells if cell]
    if any(TOTAL.fullmatch(unicodedata.normalize("NFKC", cell)) for cell in filled[:2]):
        return ("合计行，不是牌子", "a total, not a designation")
    if len(set(filled)) == 1 and NOTE.fullmatch(unicodedata.normalize("NFKC", filled[0])):
        return ("附注，不是牌子", "a note, not a designation")
    return None


def _why_above(line: Line) -> Remark:
    return ("空行", "blank line") if line.blank else ("表头以上的标题", "title above the head")


def _shown(line: Line) -> str:
    """Return the text of a line, what is merged over several cells once."""
    return " ".join(dict.fromkeys(cell for cell in line.cells if cell))
