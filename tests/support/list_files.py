"""Lists drawn as text and written as CSV, XLSX, ODS, HTML or DOCX.

A line of the drawing is a row, its cells parted by bars; `<` is a cell merged with the one on its left, `^` with the
one above; `¶` begins text outside of the table (a line of its own in CSV and workbooks), `---` a further sheet.
"""

import csv
import io
import zipfile
from collections.abc import Iterator
from html import escape
from pathlib import Path

import docx
from openpyxl import Workbook

Grid = list[list[str]]
NAMESPACES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text", "style")
)


def grids(drawing: str) -> list[Grid]:
    """Return the sheets of a drawing; a paragraph is a row of one cell that begins with ¶."""
    parts = "\n".join(line.strip() for line in drawing.strip("\n").split("\n")).split("\n---\n")
    return [[[cell.strip() for cell in line.split("|")] for line in part.split("\n")] for part in parts]


def span(grid: Grid, row: int, column: int) -> tuple[int, int]:
    """Return the number of rows and columns that a cell covers."""
    wide = high = 1
    while column + wide < len(grid[row]) and grid[row][column + wide] == "<":
        wide += 1
    while row + high < len(grid) and column < len(grid[row + high]) and grid[row + high][column] == "^":
        high += 1
    return high, wide


def plain(cell: str) -> str:
    return "" if cell in ("<", "^") else cell.removeprefix("¶").replace("\\n", "\n")


def write(path: Path, drawing: str) -> Path:
    """Write a drawing in the format of the suffix."""
    {".csv": as_csv, ".xlsx": as_xlsx, ".ods": as_ods, ".html": as_html, ".docx": as_docx}[path.suffix](
        path, grids(drawing)
    )
    return path


def as_csv(path: Path, sheets: list[Grid]) -> None:
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    for grid in sheets:
        writer.writerows([plain(cell) for cell in row] for row in grid)
    path.write_text(stream.getvalue(), encoding="utf-8")


def as_xlsx(path: Path, sheets: list[Grid]) -> None:
    book = Workbook()
    for number, grid in enumerate(sheets, 1):
        sheet = book.active if number == 1 else book.create_sheet()
        assert sheet is not None
        sheet.title = f"Sheet{number}"
        for row in grid:
            sheet.append([plain(cell) or None for cell in row])
        for top, left, high, wide in merges(grid):
            sheet.merge_cells(start_row=top + 1, start_column=left + 1, end_row=top + high, end_column=left + wide)
    book.save(path)


def merges(grid: Grid) -> Iterator[tuple[int, int, int, int]]:
    for top, row in enumerate(grid):
        for left, cell in enumerate(row):
            high, wide = span(grid, top, left)
            if cell not in ("<", "^") and high * wide > 1:
                yield top, left, high, wide


def as_ods(path: Path, sheets: list[Grid]) -> None:
    tables = ""
    for number, grid in enumerate(sheets, 1):
        cells = ("".join(ods_cells(grid, row)) for row in range(len(grid)))
        rows = "".join(f"<table:table-row>{row}</table:table-row>" for row in cells)
        empty = '<table:table-row table:number-rows-repeated="1048000"><table:table-cell/></table:table-row>'
        tables += f'<table:table table:name="Sheet{number}" table:style-name="ta{number}">{rows}{empty}</table:table>'
    ods(path, "", tables)


def ods(path: Path, styles: str, tables: str) -> None:
    body = f"<office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body>"
    styles = f"<office:automatic-styles>{styles}</office:automatic-styles>"
    content = f"<office:document-content {NAMESPACES}>{styles}{body}</office:document-content>"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content)


def ods_cells(grid: Grid, row: int) -> Iterator[str]:
    for column, cell in enumerate(grid[row]):
        high, wide = span(grid, row, column)
        if cell in ("<", "^"):
            yield "<table:covered-table-cell/>"
        else:
            paragraphs = "".join(f"<text:p>{escape(line)}</text:p>" for line in plain(cell).split("\n") if line)
            spans = f'table:number-rows-spanned="{high}" table:number-columns-spanned="{wide}"'
            yield f"<table:table-cell {spans}>{paragraphs}</table:table-cell>"


def as_html(path: Path, sheets: list[Grid]) -> None:
    body = ""
    for grid in sheets:
        opened = False
        for number, row in enumerate(grid):
            if row[0].startswith("¶"):
                body += ("</table>" if opened else "") + f"<p>{escape(plain(row[0]))}</p>"
                opened = False
                continue
            body += "" if opened else "<table>"
            opened = True
            body += f"<tr>{''.join(html_cells(grid, number))}</tr>"
        body += "</table>" if opened else ""
    page = f"<html><head><meta charset='utf-8'><title>名单</title></head><body><!-- 页面 -->{body}</body></html>"
    path.write_text(page, encoding="utf-8")


def html_cells(grid: Grid, row: int) -> Iterator[str]:
    for column, cell in enumerate(grid[row]):
        if cell not in ("<", "^"):
            high, wide = span(grid, row, column)
            yield f"<td rowspan={high} colspan={wide}>{escape(plain(cell)).replace(chr(10), '<br>')}</td>"


def as_docx(path: Path, sheets: list[Grid]) -> None:
    document = docx.Document()
    for grid in sheets:
        at = 0
        while at < len(grid):
            if grid[at][0].startswith("¶"):
                document.add_paragraph(plain(grid[at][0]))
                at += 1
                continue
            end = next((row for row in range(at, len(grid)) if grid[row][0].startswith("¶")), len(grid))
            docx_table(document, grid[at:end])
            at = end
    document.save(str(path))


def docx_table(document: "docx.document.Document", grid: Grid) -> None:
    table = document.add_table(rows=len(grid), cols=max(map(len, grid)))
    for row, cells in enumerate(grid):
        for column, cell in enumerate(cells):
            if cell not in ("<", "^"):
                table.cell(row, column).text = plain(cell)
    for top, left, high, wide in merges(grid):
        table.cell(top, left).merge(table.cell(top + high - 1, left + wide - 1))
