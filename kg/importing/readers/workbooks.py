"""Reader of workbooks (XLSX, XLSB, XLS and ET): merged cells filled, dates as precise as the program shows them."""

import io
from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from functools import partial

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from kg.errors import expect
from kg.importing.readers.date_formats import DateFormats, shown
from kg.importing.readers.lines import Sheet, check_size, fault, sheet

Value = int | float | str | bool | time | date | datetime | timedelta
"""Types of cells of a workbook."""


def read(file: str, content: bytes, kind: str) -> tuple[Sheet, ...]:
    """Read the sheets of a workbook, hidden ones marked; charts are no sheets.

    Args:
        file: its name.
        content: its bytes.
        kind: xlsx, xlsb or xls.

    Raises:
        InputError: no workbook, or one above the limits.
    """
    formats = DateFormats(content, kind)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        tables = [each for each in book.sheets_metadata if each.typ == SheetTypeEnum.WorkSheet]
        return tuple(
            _sheet(file, book.get_sheet_by_name(each.name), formats, hidden=each.visible != SheetVisibleEnum.Visible)
            for each in tables
        )
    except CalamineError as error:
        raise fault(file, str(error), expect("workbook")) from error


def _sheet(file: str, found: CalamineSheet, formats: DateFormats, *, hidden: bool) -> Sheet:
    check_size(file, found.name, found.total_height, found.total_height * found.total_width)
    rows = [
        [_text(value, partial(formats.of, found.name, row, column)) for column, value in enumerate(values)]
        for row, values in enumerate(found.to_python(skip_empty_area=False))
    ]
    for (top, left), (bottom, right) in found.merged_cell_ranges or []:
        merged = rows[top][left] if top < len(rows) and left < len(rows[top]) else ""
        for row in rows[top : bottom + 1]:
            row[left : right + 1] = [merged] * len(row[left : right + 1])
    return sheet(file, found.name, _numbered(rows), hidden=hidden)


def _numbered(rows: list[list[str]]) -> Iterator[tuple[int, list[str]]]:
    yield from enumerate(rows, 1)


def _text(value: Value, number_format: Callable[[], str]) -> str:
    """Return the value of a cell as text: a date as precise as its format shows it, a whole number without a point."""
    if isinstance(value, date):
        day = value.date() if isinstance(value, datetime) else value
        return shown(day, number_format())
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
