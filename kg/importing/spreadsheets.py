"""Readers of CSV and Excel: every format becomes the same record of lines, with merged cells filled."""

import csv
import io
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from kg.errors import Complaint, Expectation, InputError, expect

EXCEL = {".xlsx", ".xlsm", ".xls", ".xlsb", ".ods"}
SEPARATOR_SAMPLE_CHARS = 5000
"""Characters at the beginning of a CSV file used to detect its separator."""
Value = int | float | str | bool | time | date | datetime | timedelta
"""Types of cells of a workbook."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a list: number = line in the file as an editor or the program counts it (from 1), cells as text."""

    number: int
    cells: tuple[str, ...]

    @property
    def blank(self) -> bool:
        """Whether all cells are empty."""
        return not any(self.cells)


@dataclass(frozen=True, slots=True)
class Sheet:
    """The lines of a file: file = its name, part = name of the sheet ("" in CSV), encoding ("" in Excel)."""

    file: str
    part: str
    encoding: str
    lines: tuple[Line, ...]


def read(path: Path, part: str | None = None) -> Sheet:
    """Read a list from CSV (UTF-8, UTF-16 with a byte order mark, GB 18030) or from a workbook.

    Args:
        path: the file.
        part: name of the sheet; the first one with more than one line if None.

    Raises:
        InputError: the file cannot be read, or has no such sheet.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise _fault(path, error.strerror or str(error), expect("readable-file")) from error
    if path.suffix.lower() in EXCEL:
        return _workbook(path, content, part)
    text, encoding = _decoded(path, content)
    try:
        lines = tuple(_csv_lines(text))
    except csv.Error as error:
        raise _fault(path, str(error), expect("csv")) from error
    return Sheet(path.name, "", encoding, lines)


def _fault(path: Path, found: str, expected: Expectation) -> InputError:
    return InputError([Complaint(path.name, 0, "", found, expected)])


def _decoded(path: Path, content: bytes) -> tuple[str, str]:
    """Decode a text file; GB 18030 is tried last, since it accepts almost any byte sequence."""
    marked = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16",) if marked else ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding), encoding.removesuffix("-sig")
        except UnicodeDecodeError:
            continue
    raise _fault(path, "bytes of no known encoding", expect("known-encoding"))


def _csv_lines(text: str) -> list[Line]:
    """Split CSV into lines; the separator is the most frequent candidate at its beginning."""
    separator = max(",\t;", key=text[:SEPARATOR_SAMPLE_CHARS].count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    lines, start = [], 1
    for cells in reader:
        lines.append(Line(start, tuple(cell.strip() for cell in cells)))
        start = reader.line_num + 1
    return lines


def _workbook(path: Path, content: bytes, part: str | None) -> Sheet:
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        if part is not None and part not in book.sheet_names:
            raise _fault(path, f"the sheets {', '.join(book.sheet_names)}", expect("sheet", name=part))
        for name in [part] if part is not None else book.sheet_names:
            sheet = Sheet(path.name, name, "", _filled(book.get_sheet_by_name(name)))
            if len(sheet.lines) > 1:
                break
    except CalamineError as error:
        raise _fault(path, str(error), expect("workbook")) from error
    return sheet


def _filled(sheet: CalamineSheet) -> tuple[Line, ...]:
    """Return the lines with every merged range filled with its value."""
    rows = [[_text(value) for value in row] for row in sheet.to_python(skip_empty_area=False)]
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or []:
        shown = rows[top][left] if top < len(rows) and left < len(rows[top]) else ""
        for row in rows[top : bottom + 1]:
            row[left : right + 1] = [shown] * len(row[left : right + 1])
    return tuple(Line(number, tuple(row)) for number, row in enumerate(rows, 1))


def _text(value: Value) -> str:
    """Return the value of a cell as text: a day as YYYY-MM-DD, a whole number without a point."""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()
