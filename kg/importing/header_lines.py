"""Headers of a list: which lines are headers, what each column means, and lists that stand side by side."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from kg.importing.readers.lines import Line
from kg.tables import Row
from kg.text.names import normal

MAX_HEADER_LINE = 20
"""Number of lines with text in tables that are searched for the first header."""
MAX_HEADER_CHARS = 24
"""Greatest length of a header among known ones; longer texts are notes or data."""
IDENTIFYING = {"name", "carrier", "county", "prefecture", "province", "place"}
"""Columns of which a list needs at least one."""
SELDOM_KNOWN = 2
"""A line with this many known headers is a header, however many unknown ones stand beside them."""


@dataclass(frozen=True, slots=True)
class KnownHeader:
    """The meaning of a header: column of a record, and whether the compiler of the list derived it.

    beside: the column that is meant where another header of the list means `column` more clearly (城市 beside
    开发区名称), "" if there is none.
    """

    column: str
    compiled: bool
    beside: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a list: position, header as printed, column of a record; how: known, given or kept (unknown)."""

    position: int
    header: str
    column: str
    compiled: bool
    how: str


@dataclass(frozen=True, slots=True)
class Header:
    """A header: index of its first line among the lines, number of its lines, cells of all its lines together."""

    start: int
    height: int
    cells: tuple[str, ...]


def known_headers(rows: Iterable[Row]) -> dict[str, KnownHeader]:
    """Return header (comparable form) → meaning from the table of known headers; a star matches any prefix."""
    return {
        comparable(header): KnownHeader(row["column"], row["by_compiler"] == "true", row["beside"])
        for row in rows
        for header in row.many("headers")
    }


def comparable(header: str) -> str:
    """Return a header in comparable form: width, case, characters unified (名稱), without blanks and line breaks."""
    return normal(header).removesuffix("_")


def meaning(header: str, meanings: Mapping[str, KnownHeader]) -> KnownHeader | None:
    """Return the meaning of a header: by its full text, else by its longest known suffix (*名称)."""
    name = comparable(header)
    suffixes = (f"*{name[start:]}" for start in range(1, len(name)))
    return next((meanings[key] for key in (name, *suffixes) if key in meanings), None)


def first(lines: Sequence[Line], meanings: Mapping[str, KnownHeader]) -> Header | None:
    """Return the first header of a sheet, None if no line is one.

    The first line with several known headers precedes a line with one, and that any line of which most is unknown: a
    row whose cells are words like 县, 市 is no header, since the header stands above it.
    """
    in_tables = [number for number, line in enumerate(lines) if line.table and not line.blank][:MAX_HEADER_LINE]
    found = {number: _known(lines[number], meanings) for number in in_tables}
    ranked = (
        [number for number, known in found.items() if len(known) >= SELDOM_KNOWN and _mostly(lines[number], known)],
        [number for number, known in found.items() if known and _mostly(lines[number], known)],
        sorted((number for number, known in found.items() if known), key=lambda number: (-len(found[number]), number)),
    )
    start = next((numbers[0] for numbers in ranked if numbers), None)
    if start is None:
        return None
    wide = len(set(filter(None, lines[start].cells)))
    earlier = (
        number for number in found if number < start and found[number] and _as_wide(lines[number], wide, meanings)
    )
    return _whole(lines, next(earlier, start), meanings)


def again(lines: Sequence[Line], at: int, header: Header, meanings: Mapping[str, KnownHeader]) -> Header | None:
    """Return the header that begins at a line below another one, None if the line is none.

    It repeats the header at a page break, or begins a further table: all its cells are known headers or stand in the
    header above it, and it is as wide as two columns or the whole header.
    """
    line = lines[at]
    printed = {comparable(cell) for cell in header.cells if cell}
    cells = {comparable(cell) for cell in line.cells if cell}
    if not cells or not line.table or len(cells) < min(2, len(printed)):
        return None
    known = _known(line, meanings)
    if cells <= printed and (len(cells) >= 2 or cells == printed) and known:
        return _whole(lines, at, meanings)
    same = len(cells & printed) * 2 >= len(cells) or line.table != lines[header.start].table
    if known and same and all(cell in printed or meaning(cell, meanings) for cell in cells):
        return _whole(lines, at, meanings)
    return None


def _as_wide(line: Line, wide: int, meanings: Mapping[str, KnownHeader]) -> bool:
    """Whether a line has as many cells as another one below it, and a header that is known by its full text."""
    cells = set(filter(None, line.cells))
    return len(cells) >= max(wide, 2) and any(comparable(cell) in meanings for cell in cells)


def _known(line: Line, meanings: Mapping[str, KnownHeader]) -> set[str]:
    """Return the columns that the cells of a line mean, none unless one of them identifies a designation."""
    short = (cell for cell in line.cells if cell and len(cell) <= MAX_HEADER_CHARS)
    found = {known.column for cell in short if (known := meaning(cell, meanings))}
    return found if found & IDENTIFYING else set()


def _mostly(line: Line, known: set[str]) -> bool:
    """Whether a line is like a header: no cell is a number or a long text, and half of the cells are known."""
    cells = {cell for cell in line.cells if cell}
    long = any(len(cell) > 2 * MAX_HEADER_CHARS for cell in cells)
    return not long and not any(cell.isdecimal() for cell in cells) and len(known) * 2 >= len(cells)


def _whole(lines: Sequence[Line], start: int, meanings: Mapping[str, KnownHeader]) -> Header:
    """Return a header with its second line, if the line below divides some of its columns (所在地: 省, 市, 县)."""
    cells = lines[start].cells
    if start + 1 < len(lines) and lines[start + 1].table == lines[start].table:
        below = lines[start + 1].cells
        wide = max(len(cells), len(below))
        upper, lower = (row + ("",) * (wide - len(row)) for row in (cells, below))
        if _divides(upper, lower, meanings):
            both = tuple(under or over for over, under in zip(upper, lower, strict=True))
            return Header(start, 2, both)
    return Header(start, 1, cells)


def _divides(upper: Sequence[str], lower: Sequence[str], meanings: Mapping[str, KnownHeader]) -> bool:
    """Whether a second line of headers divides columns of the first: under the same header or under nothing else."""
    own = [(over, under) for over, under in zip(upper, lower, strict=True) if under and under != over]
    if len(own) < 2 or not all(len(under) <= MAX_HEADER_CHARS and meaning(under, meanings) for _, under in own):
        return False
    merged = [over for over, _ in own]
    others = [over for over, under in zip(upper, lower, strict=True) if over and not under]
    groups = len({over for over in merged if over}) < len(own)
    return groups and not any(over in merged for over in others)


def blocks(header: Header) -> list[range]:
    """Return the columns of each list that stands side by side under one header: one for a common list.

    A further list begins where the first header is printed again (序号, 名称, 序号, 名称).
    """
    named = [number for number, cell in enumerate(header.cells) if cell]
    if not named:
        return [range(len(header.cells))]
    leading = comparable(header.cells[named[0]])
    starts = [number for number in named if comparable(header.cells[number]) == leading]
    merged = any(after == before + 1 for before, after in pairwise(starts))
    if merged and len(named) > len(starts):  # one header merged over several columns
        return [range(len(header.cells))]
    ends = [*starts[1:], len(header.cells)]
    return [range(0 if not start else begin, end) for start, (begin, end) in enumerate(zip(starts, ends, strict=True))]


def columns(header: Header, block: range, meanings: Mapping[str, KnownHeader], given: set[str]) -> tuple[Column, ...]:
    """Return the columns of a list; unknown ones, and further ones of the same meaning, are kept as other cells.

    Args:
        header: the header.
        block: the positions of the list among its cells.
        meanings: header (comparable form) → meaning.
        given: headers (comparable form) of which the user gave the meaning.
    """
    found = [(number, header.cells[number], meaning(header.cells[number], meanings)) for number in block]
    clear = {known.column for _, _, known in found if known and not known.beside}
    taken: set[str] = set()
    columns = []
    for number, cell, known in found:
        column = "other" if known is None else known.beside if known.beside and known.column in clear else known.column
        if known is None or (column != "other" and column in taken):
            columns.append(Column(number, cell, "other", compiled=False, how="kept"))
            continue
        taken.add(column)
        how = "given" if comparable(cell) in given else "known"
        columns.append(Column(number, cell, column, known.compiled, how))
    return tuple(columns)
