"""Header detection: the header line of a list, the meaning of its columns, and the rows below it as printed."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from kg.errors import Complaint, InputError, expect
from kg.importing.spreadsheets import Line, Sheet
from kg.tables import Package, Row
from kg.text.characters import unified

MAX_HEADER_LINE = 20
"""Number of lines searched for the header."""
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
"""The columns of a record with cells as printed, except `other`."""
EXTRA = ("place", "level", "stage", "batch", "serial", "source", "compiled", "other")
"""Further meanings of columns; all except source and compiled are stored among the other cells."""
IDENTIFYING = {"name", "carrier", "county", "prefecture", "province", "place"}
"""Columns of which a list needs at least one."""
COMPILED_NAMES = {"host": "carrier", "doc": "document"}
"""Other names of columns in the cell of derived columns (compiled)."""
Remark = tuple[str, str]
"""A sentence in Chinese and in English."""


@dataclass(frozen=True, slots=True)
class KnownHeader:
    """The meaning of a header: column of a record, and whether the compiler of the list derived it."""

    column: str
    compiled: bool


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a list: position, header as printed, column of a record; how: known, given or kept (unknown)."""

    position: int
    header: str
    column: str
    compiled: bool
    how: str


@dataclass(frozen=True, slots=True)
class Printed:
    """One row of a list as printed.

    line: in the file; cells: by the columns of a record; other: cells by their headers; extra: cells of the columns in
    `EXTRA`; compiled: columns derived by the compiler; sources: keys of documents; left_out: why it is no designation.
    """

    line: int
    cells: Mapping[str, str]
    other: Mapping[str, str] = field(default_factory=dict)
    extra: Mapping[str, str] = field(default_factory=dict)
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
    """A parsed list: title above the header, columns, rows, and the skipped lines."""

    title: str
    columns: tuple[Column, ...]
    rows: tuple[Printed, ...]
    skipped: tuple[Skipped, ...]


class Vocabulary:
    """Words by which lists are read (data/import_headers.csv, data/import_words.csv).

    headers: header (comparable form) → meaning; a star matches any prefix.
    """

    def __init__(self, headers: Iterable[Row] = (), rows: Mapping[str, str] | None = None) -> None:
        """Take up known headers, and words that say what a row is by what they say (lower-level, total, note)."""
        self.headers = {
            comparable(header): KnownHeader(row["column"], row["by_compiler"] == "true")
            for row in headers
            for header in row.many("headers")
        }
        found: dict[str, list[str]] = {"lower-level": [], "total": [], "note": []}
        for word, meaning in (rows or {}).items():
            found[meaning].append(word)
        self._lower = frozenset(found["lower-level"])
        self._total = re.compile(rf"(?:{_any(found['total'])})(?:[::（(\d\s].*)?", re.IGNORECASE)
        self._note = re.compile(rf"(?:{_any(found['note'])})\s*[::\d].*", re.IGNORECASE)

    @classmethod
    def of(cls, package: Package) -> "Vocabulary":
        """Read the tables of a package."""
        return cls(package.rows("import-headers"), cell_words(package, "row"))

    def no_designation(self, line: Line, level: str) -> Remark | None:
        """Return the remark on a row that is a total, a note or of a lower level, None for a designation."""
        if level.lower() in self._lower:
            return (f"{level}牌子，不是国家级牌子", f"a designation of the level {level}, not a national one")
        filled = [cell for cell in line.cells if cell]
        if any(self._total.fullmatch(unified(cell)) for cell in filled[:2]):
            return ("合计行，不是牌子", "a total, not a designation")
        if len(set(filled)) == 1 and self._note.fullmatch(unified(filled[0])):
            return ("附注，不是牌子", "a note, not a designation")
        return None


def cell_words(package: Package, about: str) -> dict[str, str]:
    """Return word → meaning of the words in cells of lists about something: stage, standing, row."""
    rows = (row for row in package.rows("import_words") if row["about"] == about)
    return {word: row["meaning"] for row in rows for word in row.many("words")}


def _any(words: Iterable[str]) -> str:
    """Return the pattern of any of some words, with blanks between Chinese characters; of none, what never matches."""
    return "|".join(r"\s*".join(word) if not word.isascii() else re.escape(word) for word in words) or "(?!)"


def comparable(header: str) -> str:
    """Return a header in comparable form: width and case unified, without blanks and line breaks."""
    return re.sub(r"\s+|_(?=$)", "", unified(header)).lower()


def parse(sheet: Sheet, known: Vocabulary, given: Mapping[str, str]) -> Listing:
    """Find the header of a list and parse the rows below it.

    Args:
        sheet: the list.
        known: headers and words that are known.
        given: header as printed → column of a record, by the user; overrides known headers.

    Raises:
        InputError: no header line, or an unknown given header or column.
    """
    meanings = dict(known.headers)
    for header, column in given.items():
        if column not in PRINTED + EXTRA:
            expected = expect("one-of", values=", ".join(PRINTED + EXTRA))
            raise InputError([Complaint(sheet.file, 0, header, column, expected)])
        meanings[comparable(header)] = KnownHeader(column, compiled=False)
    top = _header(sheet, meanings)
    printed = {comparable(cell) for cell in top.cells}
    if missing := [name for name in given if comparable(name) not in printed]:
        expected = expect("this-header")
        raise InputError([Complaint(sheet.file, top.number, name, "no such header", expected) for name in missing])
    columns = tuple(_columns(top, meanings, {comparable(name) for name in given}))
    above = [line for line in sheet.lines if line.number < top.number]
    skipped = [Skipped(line.number, _shown(line), _why_above(line)) for line in above]
    rows = []
    for line in (line for line in sheet.lines if line.number > top.number):
        if line.blank:
            skipped.append(Skipped(line.number, "", ("空行", "blank line")))
        elif line.cells == top.cells:
            skipped.append(Skipped(line.number, _shown(line), ("表头重复", "header repeated")))
        else:
            rows.append(_row(line, columns, known))
    title = next((_shown(line) for line in above if not line.blank), "")
    return Listing(title, columns, tuple(rows), tuple(skipped))


def _header(sheet: Sheet, meanings: Mapping[str, KnownHeader]) -> Line:
    """Return the line whose cells name most columns; the lower one of equals, since headers of two lines merge down."""
    best, most = None, 0
    for line in sheet.lines[:MAX_HEADER_LINE]:
        found = {known.column for cell in line.cells if (known := _meaning(cell, meanings))}
        if found & IDENTIFYING and len(found) >= most:
            best, most = line, len(found)
    if best is None:
        raise InputError([Complaint(sheet.file, 0, "", "no known header", expect("header-line"))])
    return best


def _meaning(header: str, meanings: Mapping[str, KnownHeader]) -> KnownHeader | None:
    """Return the meaning of a header: by its full text, else by its longest known suffix (*名称)."""
    name = comparable(header)
    beginnings = range(1, len(name))
    suffixes = (f"*{name[start:]}" for start in beginnings)
    return next((meanings[key] for key in (name, *suffixes) if key in meanings), None)


def _columns(header: Line, meanings: Mapping[str, KnownHeader], given: set[str]) -> Iterable[Column]:
    """Yield the columns; unknown ones, and further ones of the same meaning, are stored among the other cells."""
    taken: set[str] = set()
    for position, cell in enumerate(header.cells):
        meaning = _meaning(cell, meanings)
        if meaning is None or (meaning.column != "other" and meaning.column in taken):
            yield Column(position, cell, "other", compiled=False, how="kept")
            continue
        taken.add(meaning.column)
        yield Column(
            position, cell, meaning.column, meaning.compiled, "given" if comparable(cell) in given else "known"
        )


def _row(line: Line, columns: Iterable[Column], known: Vocabulary) -> Printed:
    cells = dict.fromkeys(PRINTED, "")
    other, extra = {}, {}
    compiled = []
    for column in columns:
        cell = line.cells[column.position] if column.position < len(line.cells) else ""
        if not cell:
            continue
        if column.column in cells:
            cells[column.column] = cell
            compiled += [column.column] if column.compiled else []
            continue
        extra[column.column] = cell
        if column.column not in ("source", "compiled"):
            other[column.header or str(column.position + 1)] = cell
    named = [COMPILED_NAMES.get(name, name) for name in extra.get("compiled", "").split(";")]
    compiled += [name for name in named if name in PRINTED and name not in compiled]
    sources = tuple(key for key in extra.get("source", "").split(";") if key)
    left_out = known.no_designation(line, extra.get("level", ""))
    return Printed(line.number, cells, other, extra, tuple(compiled), sources, left_out)


def _why_above(line: Line) -> Remark:
    return ("空行", "blank line") if line.blank else ("表头以上的标题", "title above the header")


def _shown(line: Line) -> str:
    """Return the text of a line, with merged cells once."""
    return " ".join(dict.fromkeys(cell for cell in line.cells if cell))
