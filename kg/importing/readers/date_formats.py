"""Number formats of the dates of a workbook: what the program shows of a stored day."""

import io
import re
import struct
from collections.abc import Mapping
from datetime import date
from typing import Any

BUILT_IN = re.compile(r"\[[^\]]*\]|\"[^\"]*\"|\\.")
"""Parts of a format that show no part of a date: conditions, colours, quoted text, escaped characters."""

MONTH_IDS = frozenset({27, 36, 50, 52, 57})
"""Numbers of the built-in formats of Chinese Excel that show year and month (ECMA-376, 18.8.30, zh-cn).

openpyxl 3.1.5 and xlrd 2.0.2 give them no text, and openpyxl takes such a cell for a number.
"""
MONTH = 'yyyy"年"m"月"'


class DateFormats:
    """Formats of cells, read where a sheet has a date; the formats of an XLSB are not known.

    Args:
        content: bytes of the workbook.
        kind: xlsx, xlsb or xls.
    """

    def __init__(self, content: bytes, kind: str) -> None:
        self._content, self._kind = content, kind
        self._sheets: dict[str, Mapping[tuple[int, int], str]] = {}

    def of(self, part: str, row: int, column: int) -> str:
        """Return the number format of a cell (row and column from 0) of a sheet, "" if unknown."""
        if part not in self._sheets:
            self._sheets[part] = self._read(part)
        return self._sheets[part].get((row, column), "")

    def _read(self, part: str) -> Mapping[tuple[int, int], str]:
        """Return the formats of the dates of a sheet by row and column; none of a workbook with damaged styles."""
        readers = {"xlsx": _xlsx, "xls": _xls}
        try:
            return readers[self._kind](self._content, part) if self._kind in readers else {}
        except (ValueError, KeyError, TypeError, IndexError, AttributeError, AssertionError, struct.error):
            return {}


def shown(day: date, number_format: str) -> str:
    """Return a day as precise as its format shows it: YYYY, YYYY-MM or YYYY-MM-DD."""
    plain = BUILT_IN.sub("", number_format.partition(";")[0]).lower()
    if not plain or "d" in plain or "y" not in plain:
        return day.isoformat()
    return day.strftime("%Y-%m" if "m" in plain else "%Y")


def _xlsx(content: bytes, part: str) -> Mapping[tuple[int, int], str]:
    import openpyxl  # noqa: PLC0415 — loaded where a workbook has dates

    book = openpyxl.load_workbook(io.BytesIO(content), read_only=True)
    try:
        return {
            (cell.row - 1, cell.column - 1): MONTH if _shows_month(cell) else cell.number_format
            for row in book[part].iter_rows()
            for cell in row
            if getattr(cell, "is_date", False) or _shows_month(cell)
        }
    finally:
        book.close()


def _shows_month(cell: Any) -> bool:  # noqa: ANN401 — a cell of openpyxl, some of which are empty
    return getattr(getattr(cell, "style_array", None), "numFmtId", 0) in MONTH_IDS


def _xls(content: bytes, part: str) -> Mapping[tuple[int, int], str]:
    import xlrd  # noqa: PLC0415 — loaded where a workbook has dates

    try:
        book = xlrd.open_workbook(file_contents=content, formatting_info=True, on_demand=True)
        found = book.sheet_by_name(part)
    except xlrd.XLRDError as error:
        raise ValueError(str(error)) from error
    dates = (
        (row, column)
        for row in range(found.nrows)
        for column, kind in enumerate(found.row_types(row))
        if kind == xlrd.XL_CELL_DATE
    )
    keys = {(row, column): book.xf_list[found.cell_xf_index(row, column)].format_key for row, column in dates}
    return {place: MONTH if key in MONTH_IDS else book.format_map[key].format_str for place, key in keys.items()}
