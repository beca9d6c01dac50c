"""Lines and sheets as every reader gives them, and the limits of a list that is read."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kg.errors import Complaint, Expectation, InputError, expect

MAX_FILE_BYTES = 64 * 1024 * 1024
"""Size of a file; the largest list of a ministry has below 2 MB."""
MAX_UNPACKED_BYTES = 512 * 1024 * 1024
"""Size of the parts of a packed file (XLSX, ODS, DOCX) together, unpacked."""
MAX_LINES = 100_001
"""Lines of a sheet: a header and 100,000 rows; the largest list of a ministry has below 10,000."""
MAX_CELLS = 2_000_000
"""Cells of a sheet: lines times columns, empty ones included."""
MAX_CELL_CHARS = 10_000
"""Characters of a cell."""
INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
"""Characters without a shape: soft hyphens, zero-width spaces, marks of direction and byte order."""
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
"""Control characters other than tabulator and line ends: NUL bytes of damaged files."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a list.

    number: line in the file as an editor or the program counts it (from 1); cells: its text; table: number of the table
    of a page or document, from 1; 0 = text outside of tables.
    """

    number: int
    cells: tuple[str, ...]
    table: int = 1

    @property
    def blank(self) -> bool:
        """Whether all cells are empty."""
        return not any(self.cells)

    @property
    def text(self) -> str:
        """The text of the line, with merged cells once."""
        return " ".join(dict.fromkeys(cell for cell in self.cells if cell))


@dataclass(frozen=True, slots=True)
class Sheet:
    """The lines of a sheet or table of a file.

    file: its name; part: name of the sheet, "" where the file has but one; encoding: of a text file, else "";
    hidden: whether the program hides the sheet.
    """

    file: str
    part: str
    encoding: str
    lines: tuple[Line, ...]
    hidden: bool = False


def fault(file: str, found: str, expected: Expectation, row: int = 0, column: str = "") -> InputError:
    """Return the error of a file that cannot be read."""
    return InputError([Complaint(file, row, column, found, expected)])


def sheet(
    file: str, part: str, rows: Iterable[tuple[int, Iterable[str]]], tables: Sequence[int] = (), *, hidden: bool = False
) -> Sheet:
    """Return a sheet of numbered rows, each cell without blanks around it and without invisible characters.

    Args:
        file: name of the file.
        part: name of the sheet.
        rows: number and cells of every line.
        tables: the table of every line, as of `Line`; all are of one if empty.
        hidden: whether the program hides the sheet.

    Raises:
        InputError: more lines or cells than the limits, a cell that is too long or has control characters.
    """
    lines: list[Line] = []
    cells = 0
    for number, row in rows:
        text = tuple(_cell(file, part, number, column, cell) for column, cell in enumerate(row, 1))
        line = Line(number, text, tables[len(lines)] if tables else 1)
        lines.append(line)
        cells += len(line.cells)
        check_size(file, part, len(lines), cells)
    while lines and lines[-1].blank:
        lines.pop()
    return Sheet(file, part, "", tuple(lines), hidden)


def check_size(file: str, part: str, lines: int, cells: int) -> None:
    """Raise InputError if a sheet has more lines or cells than the limits."""
    where = f"sheet {part!r}: " if part else ""
    if lines > MAX_LINES:
        raise fault(file, f"{where}more than {MAX_LINES} lines", expect("at-most-lines", count=MAX_LINES))
    if cells > MAX_CELLS:
        raise fault(file, f"{where}more than {MAX_CELLS} cells", expect("at-most-cells", count=MAX_CELLS))


def _cell(file: str, part: str, row: int, column: int, text: str) -> str:
    where = f"{file}, sheet {part}" if part else file
    if len(text) > MAX_CELL_CHARS:
        raise fault(
            where, f"{len(text)} characters", expect("at-most-characters", count=MAX_CELL_CHARS), row, str(column)
        )
    if match := CONTROL.search(text):
        raise fault(where, f"the control character {match[0]!r}", expect("no-control"), row, str(column))
    return INVISIBLE.sub("", text).strip()
