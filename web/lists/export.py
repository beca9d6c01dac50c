"""The one door of XlsxWriter: a list as an Excel workbook, its rows on the first sheet and what it is on the second."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, time
from tempfile import TemporaryFile
from typing import Any

import xlsxwriter
from flask import Response, current_app, request, stream_with_context, url_for
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from kg.tables import FORMULA_STARTS
from kg.vocab import SCHEMES
from web.graph.labels import cited, name, today
from web.http.language import gettext as _
from web.http.responses import FORMATS, answer, as_csv, tagged
from web.lists import totals
from web.lists.filters import Choice

ENDING = "xlsx"
LONGEST = 32_767
"""Characters that a cell of Excel can hold."""
MOST_ROWS = 1_000_000
"""Rows on one sheet; Excel has 1,048,576, and more rows go on to a further sheet."""
PIECE = 65_536
"""Bytes that are sent at a time."""
WIDTH = 22
"""Width of a column in characters."""

KEYS = ("key", "place")
"""Columns of a table whose cells are keys, though they may look like numbers."""
NUMBER = re.compile(r"-?[0-9]{1,15}(?:\.[0-9]+)?(?:e[+-][0-9]+)?")

Cell = str | int | float | date | None
Line = tuple[str, str]
Looks = Mapping[str, Format]


def workbook(filename: str, heads: Sequence[str], rows: Iterable[Sequence[Cell]], about: Iterable[Line]) -> Response:
    """Give a list as a workbook that is made when it is sent; who has it already is told so without making it.

    Rows are written one after the other to disk, so that a million of them take no memory. A text stays a text,
    whatever it begins with: no cell is a formula or a link.

    Args:
        filename: without its ending.
        heads: what stands above the columns, in the reader's language.
        rows: texts, numbers and days; None for what is not known.
        about: what stands on the second sheet, title and text of each line.
    """
    response = Response(stream_with_context(_pieces(heads, rows, about)), mimetype=FORMATS[ENDING])
    response.headers["Content-Disposition"] = f'attachment; filename="{filename}.{ENDING}"'
    return tagged(response)


def table(
    filename: str, title: str, heads: Sequence[str], rows: Iterable[Sequence[str]], whole: Iterable[Line] = ()
) -> Response:
    """Give a table as CSV, or as a workbook with the same heads and rows, numbers as such, and what it is.

    Args:
        filename: with its ending, csv or xlsx.
        title: what the table is called, in the reader's language.
        heads: what stands above the columns, keys for programs.
        rows: of texts.
        whole: lines that say how whole the lists are that it rests on.
    """
    stem, _dot, ending = filename.rpartition(".")
    if ending != ENDING:
        return answer(as_csv(heads, rows), ending, filename)
    cells = ([_typed(head, cell) for head, cell in zip(heads, row, strict=True)] for row in rows)
    return workbook(stem, heads, cells, about(title, None, whole))


def _typed(head: str, cell: str) -> Cell:
    """Return a cell as a number where it is one and no key; what is not finite stays a text."""
    return float(cell) if NUMBER.fullmatch(cell) and head not in KEYS else cell


def about(title: str, filters: Iterable[Choice] | None, completeness: Iterable[Line]) -> Iterator[Line]:
    """Yield what a reader must know of a list: what was asked, from which release, how whole, and how to cite it.

    Args:
        title: what the list is called.
        filters: the filters of the list, chosen or not; None where only the address says what was asked.
        completeness: lines that say how whole the list is.
    """
    release = current_app.extensions["guapai"].release
    yield _("List"), title
    if filters is not None:
        chosen = [(str(choice.title), choice.text) for choice in filters if choice.chosen]
        yield from chosen or [(_("Filters"), _("none: the whole list"))]
    yield _("Address on the site"), f"{request.path}{'?' * bool(request.query_string)}{request.query_string.decode()}"
    yield _("Release"), f"{release.id}"
    yield _("Data as of"), f"{release.data_as_of}"
    yield _("Licence"), _("Our selection and arrangement: CC BY 4.0. What a source says belongs to its source.")
    yield _("Citation"), f"{title.rstrip('?？')}. {cited()}"
    yield _("Empty cells"), _("Not known or not stated; an empty cell never means none.")
    yield from completeness


def twins(endpoint: str, endings: Iterable[str], kept: Mapping[str, Any]) -> dict[str, str]:
    """Return the addresses of a list as data by ending; a workbook is in the language of the page that links to it."""
    return {
        ending: url_for(endpoint, ending=ending, **kept, **({} if ending == ENDING else {"lang": None}))
        for ending in endings
    }


def completeness(programme: str = "") -> Iterator[Line]:
    """Yield how whole the lists are, of a programme or all of them, one a line."""
    found = totals.lists(programme=programme) if programme else totals.lists(everything=True)
    yield _("How whole the lists are"), _("What is not on a list that is not whole may exist all the same.")
    for each in found:
        words = name(f"{SCHEMES}completeness/{each.completeness}").text
        if each.official:
            held = _("%(found)s of %(official)s", found=each.found, official=each.official)
        else:
            held = _("%(count)s designations, official total unknown", count=each.found)
        yield name(each.iri).text, f"{words} · {held}" + (f" · {each.edition}" if each.edition else "")


def _pieces(heads: Sequence[str], rows: Iterable[Sequence[Cell]], told: Iterable[Line]) -> Iterator[bytes]:
    with TemporaryFile() as file:
        with xlsxwriter.Workbook(file, {"constant_memory": True}) as book:
            book.set_properties(
                {"created": datetime.combine(date.fromisoformat(today()), time()), "title": _("Guapai")}
            )
            looks = {
                "head": book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"}),
                "day": book.add_format({"num_format": "yyyy-mm-dd"}),
                "quoted": book.add_format({"quote_prefix": True}),
                "wrapped": book.add_format({"text_wrap": True, "valign": "top"}),
            }
            _write_rows(book, heads, rows, looks)
            _write_about(book.add_worksheet(_("about")), told, looks)
        file.seek(0)
        yield from iter(lambda: file.read(PIECE), b"")


def _write_rows(book: xlsxwriter.Workbook, heads: Sequence[str], rows: Iterable[Sequence[Cell]], looks: Looks) -> None:
    sheet = _headed(book, _("rows"), heads, looks)
    for count, row in enumerate(rows):
        number, place = divmod(count, MOST_ROWS)
        if number and not place:
            sheet = _headed(book, f"{_('rows')} {number + 1}", heads, looks)
        for column, cell in enumerate(row):
            _write(sheet, (place + 1, column), cell, looks)


def _headed(book: xlsxwriter.Workbook, title: str, heads: Sequence[str], looks: Looks) -> Worksheet:
    """Add a sheet with heads that stay in sight."""
    sheet = book.add_worksheet(title)
    sheet.set_column(0, len(heads) - 1, WIDTH)
    sheet.freeze_panes(1, 1)
    for column, head in enumerate(heads):
        sheet.write_string(0, column, head, looks["head"])
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


def _write_about(sheet: Worksheet, told: Iterable[Line], looks: Looks) -> None:
    sheet.set_column(0, 0, 2 * WIDTH)
    sheet.set_column(1, 1, 4 * WIDTH)
    for place, (title, text) in enumerate(told):
        sheet.write_string(place, 0, title[:LONGEST], looks["head"])
        sheet.write_string(place, 1, text[:LONGEST], looks["wrapped"])
