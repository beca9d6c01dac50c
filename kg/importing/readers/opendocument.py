"""Reader of OpenDocument spreadsheets (.ods): text as shown, merged cells filled, hidden sheets marked."""

import io
import zipfile
from collections.abc import Iterator

from lxml import etree

from kg.errors import expect
from kg.importing.readers.lines import MAX_CELLS, MAX_LINES, Sheet, check_size, fault, sheet

OFFICE, TABLE, TEXT, STYLE = (
    f"{{urn:oasis:names:tc:opendocument:xmlns:{name}:1.0}}" for name in ("office", "table", "text", "style")
)
WHITE = {f"{TEXT}s": " ", f"{TEXT}tab": "\t", f"{TEXT}line-break": "\n"}
ABOVE = frozenset({f"{TEXT}ruby-text", f"{OFFICE}annotation"})
"""Elements whose text is no part of the line: readings and remarks."""
Cell = tuple[str, int, int]
"""Text of a cell, and the number of its rows and columns."""


def read(file: str, content: bytes) -> tuple[Sheet, ...]:
    """Read the sheets of a file.

    Raises:
        InputError: no OpenDocument spreadsheet, or one above the limits.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            root = etree.fromstring(archive.read("content.xml"), parser)
        return _sheets(file, root)
    except (etree.XMLSyntaxError, zipfile.BadZipFile, KeyError, ValueError) as error:
        raise fault(file, str(error), expect("workbook")) from error


def _sheets(file: str, root: etree._Element) -> tuple[Sheet, ...]:
    hidden = {
        style.get(f"{STYLE}name")
        for style in root.iter(f"{STYLE}style")
        if any(each.get(f"{TABLE}display") == "false" for each in style.iter(f"{STYLE}table-properties"))
    }
    return tuple(
        sheet(
            file,
            table.get(f"{TABLE}name") or "",
            enumerate(_filled(file, table), 1),
            hidden=table.get(f"{TABLE}style-name") in hidden,
        )
        for table in root.iter(f"{TABLE}table")
    )


def _filled(file: str, table: etree._Element) -> list[list[str]]:
    """Return the rows of a table, every merged range filled with its text."""
    rows: list[list[str]] = []
    ranges: list[tuple[int, int, Cell]] = []
    part = table.get(f"{TABLE}name") or ""
    cells_so_far = 0
    for cells, times in _rows(table):
        for _ in range(times):
            ranges += [(len(rows), column, cell) for column, cell in enumerate(cells) if cell[1] * cell[2] > 1]
            rows.append([text for text, _, _ in cells])
            cells_so_far += len(cells)
            check_size(file, part, len(rows), cells_so_far)
    for top, left, (text, high, wide) in ranges:
        for row in rows[top : top + high]:
            row.extend([""] * (left + wide - len(row)))
            row[left : left + wide] = [text] * wide
    return rows


def _rows(table: etree._Element) -> Iterator[tuple[list[Cell], int]]:
    """Yield cells of every row and how often the row repeats; empty rows at the end, thousands by format, are none."""
    waiting = 0
    for row in table.iter(f"{TABLE}table-row"):
        cells = list(_cells(row))
        times = min(int(row.get(f"{TABLE}number-rows-repeated", "1")), MAX_LINES + 1)
        if not cells:
            waiting = min(waiting + times, MAX_LINES + 1)
            continue
        if waiting:
            yield [], waiting
            waiting = 0
        yield cells, times


def _text(element: etree._Element) -> Iterator[str]:
    """Yield the text of a paragraph as shown: spaces, tabs and line breaks are elements, readings stand above."""
    yield element.text or ""
    for part in element:
        if part.tag in WHITE:
            yield WHITE[part.tag] * int(part.get(f"{TEXT}c", "1"))
        elif part.tag not in ABOVE:
            yield from _text(part)
        yield part.tail or ""


def _cells(row: etree._Element) -> Iterator[Cell]:
    """Yield the cells of a row; empty ones at its end, thousands by format, are none."""
    waiting = 0
    for cell in row.iterchildren(f"{TABLE}table-cell", f"{TABLE}covered-table-cell"):
        times = min(int(cell.get(f"{TABLE}number-columns-repeated", "1")), MAX_CELLS)
        text = "\n".join("".join(_text(each)) for each in cell.iterchildren(f"{TEXT}p"))
        high, wide = (int(cell.get(f"{TABLE}number-{name}-spanned", "1")) for name in ("rows", "columns"))
        if not text:
            waiting += times
            continue
        yield from [("", 1, 1)] * waiting
        waiting = 0
        yield from [(text, high, wide)] * times
