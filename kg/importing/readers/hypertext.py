"""Reader of the tables of a web page, also one saved as .xls: merged cells filled, tables within cells left to them."""

import re
from collections.abc import Iterator

from lxml import etree, html

from kg.errors import expect
from kg.importing.readers.delimited import decoded
from kg.importing.readers.lines import Sheet, check_size, fault, sheet

BREAKS = ("br", "p", "div", "li", "h1", "h2", "h3", "h4", "h5", "h6", "td", "tr", "title", "body", "table")
"""Elements that begin a new line of text."""
UNSEEN = ("script", "style", "head", "noscript", "template")
"""Elements whose content is not shown."""
MAX_SPAN = 1000
"""Greatest number of rows or columns of a merged cell, as browsers limit them."""


def read(file: str, content: bytes) -> tuple[Sheet, ...]:
    """Read a page as one sheet: rows of its tables, and text outside of them as lines of one cell.

    A table that holds other tables only sets out the page.

    Raises:
        InputError: a page without tables.
    """
    text, _ = decoded(file, content)
    root = html.document_fromstring(
        text.encode("utf-8"), parser=html.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True)
    )
    lines = [line for line in _lines(file, root) if line[1] or line[0][0]]
    if not any(table for _, table in lines):
        raise fault(file, "a page without a table", expect("table-file"))
    return (sheet(file, "", enumerate((cells for cells, _ in lines), 1), [table for _, table in lines]),)


def _lines(file: str, root: etree._Element) -> Iterator[tuple[list[str], int]]:
    """Yield the cells of every line, and the number of its table; 0 for text outside of tables."""
    number = 0
    text: list[str] = []
    walk = etree.iterwalk(root, events=("start", "end"))
    for event, element in walk:
        if event == "start" and (element.tag in UNSEEN or not isinstance(element.tag, str)):
            walk.skip_subtree()
            continue
        innermost = element.tag == "table" and element.find(".//table") is None
        if event == "start" and innermost:
            yield _joined(text), 0
            text = []
            number += 1
            yield from ((cells, number) for cells in _grid(file, element))
            walk.skip_subtree()
            continue
        if element.tag in BREAKS:
            yield _joined(text), 0
            text = []
        text.append((element.text if event == "start" else "" if element is root else element.tail) or "")
    yield _joined(text), 0


def _joined(pieces: list[str]) -> list[str]:
    return [" ".join("".join(pieces).split())]


def _grid(file: str, table: etree._Element) -> list[list[str]]:
    """Return the rows of a table, every merged cell in all places that it covers."""
    covered: dict[tuple[int, int], str] = {}
    rows: list[list[str]] = []
    count = 0
    for number, row in enumerate(table.iter("tr")):
        cells: list[str] = []
        for text, high, wide in _cells(row):
            while (number, len(cells)) in covered:
                cells.append(covered.pop((number, len(cells))))
            for below in range(1, high):
                covered |= {(number + below, len(cells) + right): text for right in range(wide)}
            cells += [text] * wide
            count += high * wide
            check_size(file, "", number + 1, count)
        while (number, len(cells)) in covered:
            cells.append(covered.pop((number, len(cells))))
        rows.append(cells)
    return rows


def _cells(row: etree._Element) -> Iterator[tuple[str, int, int]]:
    for cell in row.iterchildren("td", "th"):
        high, wide = (_span(cell.get(name, "1")) for name in ("rowspan", "colspan"))
        yield _text(cell), high, wide


def _span(text: str) -> int:
    return min(max(int(text), 1), MAX_SPAN) if text.strip().isdecimal() else 1


def _text(cell: etree._Element) -> str:
    """Return the text of a cell with its line breaks, and without those of the page's source."""
    pieces: list[str] = []
    for event, element in etree.iterwalk(cell, events=("start", "end")):
        pieces += ["\n"] if element.tag in BREAKS and element is not cell else []
        source = element.text if event == "start" else "" if element is cell else element.tail
        pieces.append(re.sub(r"\s+", " ", source or ""))
    return "\n".join(line.strip() for line in "".join(pieces).split("\n") if line.strip())
