"""Reader of delimited text: CSV with comma, tabulator or semicolon, in UTF-8, UTF-16 or GB 18030."""

import csv
import io
from collections.abc import Iterator
from dataclasses import replace

from kg.errors import expect
from kg.importing.readers.lines import MAX_CELL_CHARS, Sheet, fault, sheet

SEPARATOR_SAMPLE_CHARS = 5000
"""Characters at the beginning of the file that tell its separator."""


def decoded(file: str, content: bytes) -> tuple[str, str]:
    """Return text and encoding of a file; GB 18030 is tried last, since it accepts almost any byte sequence.

    Raises:
        InputError: bytes of no known encoding.
    """
    marked = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16",) if marked else ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding), encoding.removesuffix("-sig")
        except UnicodeDecodeError:
            continue
    raise fault(file, "bytes of no known encoding", expect("known-encoding"))


def read(file: str, content: bytes) -> Sheet:
    """Read a file of delimited text.

    Raises:
        InputError: an unknown encoding, a quote that is not closed, a cell or file above the limits.
    """
    text, encoding = decoded(file, content)
    return replace(sheet(file, "", _rows(file, text)), encoding=encoding)


def _rows(file: str, text: str) -> Iterator[tuple[int, list[str]]]:
    """Yield number and cells of every line; strict, so that a stray quote is a fault with its line."""
    separator = max(",\t;", key=text[:SEPARATOR_SAMPLE_CHARS].count)
    expected = 0
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    start = 1
    csv.field_size_limit(MAX_CELL_CHARS * 10)
    try:
        for cells in reader:
            expected = max(expected, len(cells) - 1)
            _closed(file, start, cells, separator, expected)
            yield start, cells
            start = reader.line_num + 1
    except csv.Error as error:
        raise fault(file, f"{error} (in the line or a cell that begins there)", expect("csv"), start) from error


def _closed(file: str, row: int, cells: list[str], separator: str, columns: int) -> None:
    """Raise InputError if a quoted cell holds a whole further line: its quote was not closed where it should be."""
    for cell in cells:
        inner = cell.splitlines()
        if columns and len(inner) > 1 and any(line.count(separator) >= max(columns - 1, 1) for line in inner):
            found = f"a quoted cell of {len(inner)} lines that holds whole lines of the list"
            raise fault(file, found, expect("closed-quote"), row)
