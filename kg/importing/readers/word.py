"""Reader of the tables of a Word file (DOCX): merged cells filled, paragraphs as lines outside."""

import io
from collections.abc import Iterator
from zipfile import BadZipFile

import docx
from docx.document import Document
from docx.opc.exceptions import PackageNotFoundError
from docx.oxml.ns import nsmap
from docx.table import Table
from docx.text.paragraph import Paragraph

from kg.errors import expect
from kg.importing.readers.lines import Sheet, fault, sheet

W = f"{{{nsmap['w']}}}"
GONE = tuple(f"{W}{name}" for name in ("del", "moveFrom", "rt"))
"""Elements with text that is not shown in the line: deletions, where something stood, readings. A row may have one."""
WRAPPERS = tuple(f"{W}{name}" for name in ("sdt", "sdtContent", "ins", "moveTo", "smartTag", "fldSimple", "customXml"))
PROPERTIES = frozenset(f"{W}{name}" for name in ("sdtPr", "sdtEndPr", "smartTagPr", "customXmlPr", "fldData"))


def read(file: str, content: bytes) -> tuple[Sheet, ...]:
    """Read a file as one sheet: paragraphs are lines of one cell, rows of tables are lines of their cells.

    Raises:
        InputError: no Word file, or one without tables.
    """
    try:
        document = docx.Document(io.BytesIO(content))
    except (PackageNotFoundError, BadZipFile, KeyError, ValueError) as error:
        raise fault(file, str(error), expect("word-file")) from error
    _unwrap(document)
    if not document.tables:
        raise fault(file, "a Word file without a table", expect("table-file"))
    lines = list(_lines(document))
    rows = enumerate((cells for cells, _ in lines), 1)
    return (sheet(file, "", rows, [table for _, table in lines]),)


def _unwrap(document: Document) -> None:
    """Put the text that stands within other elements in their place, and take out what is deleted or stands above.

    python-docx 1.2.0 passes over insertions, content controls, smart tags, fields and ruby, with all that is in them.
    """
    body = document.element.body
    for element in [*body.iter(*GONE)]:
        row = element.getparent().getparent() if element.getparent().tag == f"{W}trPr" else element
        row.getparent().remove(row)
    for ruby in [*body.iter(f"{W}ruby")]:
        run = ruby.getparent()
        for below in ruby.iterfind(f"{W}rubyBase/{W}r"):
            run.addprevious(below)
    for element in [*body.iter(*WRAPPERS)]:
        for below in list(element):
            if below.tag not in PROPERTIES:
                element.addprevious(below)
        element.getparent().remove(element)


def _lines(document: Document) -> Iterator[tuple[list[str], int]]:
    """Yield the cells of every line, and the number of its table; 0 for a paragraph."""
    number = 0
    for block in document.iter_inner_content():
        if isinstance(block, Paragraph):
            yield [block.text], 0
        else:
            number += 1
            yield from ((cells, number) for cells in _rows(block))


def _rows(table: Table) -> Iterator[list[str]]:
    """Yield the rows of a table; a merged cell stands in every place that it covers."""
    for row in table.rows:
        yield [""] * row.grid_cols_before + [cell.text for cell in row.cells] + [""] * row.grid_cols_after
