"""Excel export (the only module that imports XlsxWriter): rows on the first sheet, a description on the second."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, time
from tempfile import TemporaryFile

import xlsxwriter
from flask import Response
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from kg.tables import FORMULA_STARTS
from web.graph.labels import today
from web.http.language import gettext as _
from web.http.responses import FORMATS, spooled, with_etag

LONGEST = 32_767
"""Characters that a cell of Excel can hold."""
MOST_ROWS = 1_000_000
"""Rows on one sheet; Excel has 1,048,576, and more rows go on to a further sheet."""
PIECE = 65_536
"""Bytes that are sent at a time."""
WIDTH = 22
"""Width of a column in characters."""

Cell = str | int | float | date | None
Line = tuple[str, str]
Looks = Mapping[str, Format]


def workbook(filename: str, headers: Sequence[str], rows: Iterable[Sequence[Cell]], about: Iterable[Line]) -> Response:
    """Give a list as a workbook; 304 without making it for a client that has it.

    Rows are written one after the other to disk, so that a million of them take no memory. A text stays a text,
    whatever it begins with: no cell is a formula or a link.

    Args:
        filename: without its extension.
        headers: what stands above the columns, in the reader's language.
        rows: texts, numbers and days; None for what is not known.
        about: what stands on the second sheet, title and text of each line.
    """
    response = Response(_pieces(headers, rows, about), mimetype=FORMATS["xlsx"])
    response.headers["Content-Disposition"] = f'attachment; filename="{filename}.xlsx"'
    return spooled(with_etag(response))


def _pieces(headers: Sequence[str], rows: Iterable[Sequence[Cell]], about: Iterable[Line]) -> Iterator[bytes]:
    with TemporaryFile() as file:
        with xlsxwriter.Workbook(file, {"constant_memory": True}) as book:
            book.set_properties(
                {"created": datetime.combine(date.fromisoformat(today()), time()), "title": _("Guapai")}
            )
            looks = {
                "header": book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"}),
                "day": book.add_format({"num_format": "yyyy-mm-dd"}),
                "quoted": book.add_format({"quote_prefix": True}),
                "wrapped": book.add_format({"text_wrap": True, "valign": "top"}),
            }
            _write_rows(book, headers, rows, looks)
            _write_about(book.add_worksheet(_("about")), about, looks)
        file.seek(0)
        yield from iter(lambda: file.read(PIECE), b"")


def _write_rows(
    book: xlsxwriter.Workbook, headers: Sequence[str], rows: Iterable[Sequence[Cell]], looks: Looks
) -> None:
    sheet = _headed(book, _("rows"), headers, looks)
    place = -1
    for count, row in enumerate(rows):
        number, place = divmod(count, MOST_ROWS)
        if number and not place:
            sheet.autofilter(0, 0, MOST_ROWS, len(headers) - 1)
            sheet = _headed(book, f"{_('rows')} {number + 1}", headers, looks)
        for column, cell in enumerate(row):
            _write(sheet, (place + 1, column), cell, looks)
    sheet.autofilter(0, 0, place + 1, len(headers) - 1)


def _headed(book: xlsxwriter.Workbook, title: str, headers: Sequence[str], looks: Looks) -> Worksheet:
    """Add a sheet with headers that stay in sight."""
    sheet = book.add_worksheet(title)
    sheet.set_column(0, len(headers) - 1, WIDTH)
    sheet.freeze_panes(1, 1)
    for column, header in enumerate(headers):
        sheet.write_string(0, column, header, looks["header"])
    return sheet


def _write(sheet: Worksheet, place: tuple[int, int], cell: Cell, looks: Looks) -> None:
    """Write a cell by what it is; a text that Excel would take for a formula when it is touched is marked as text."""
    if isinstance(cell, date):
        sheet.write_datetime(*place, cell, looks["day"])
    elif isinstance(cell, str):
        if cell:
            sheet.write_string(*place, cell[:LONGEST], looks["quoted"] if cell.startswith(FORMULA_STARTS) else None)
    elif cell is not None:
        sheet.write_number(*place, cell)


def _write_about(sheet: Worksheet, about: Iterable[Line], looks: Looks) -> None:
    sheet.set_column(0, 0, 2 * WIDTH)
    sheet.set_column(1, 1, 4 * WIDTH)
    for place, (title, text) in enumerate(about):
        sheet.write_string(place, 0, title[:LONGEST], looks["header"])
        sheet.write_string(place, 1, text[:LONGEST], looks["wrapped"])
