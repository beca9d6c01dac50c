"""Exports of lists from their definition: CSV, JSON, XLSX and Parquet, streamed."""

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from flask import Response, abort, current_app, request, url_for

from kg.release.columns import write_parquet
from kg.tables import escape_formulas
from kg.vocab import SCHEMES, THINGS
from web.graph.citation import here, permanent
from web.graph.labels import NUMEROUS, cited, name, names_of
from web.http.language import gettext as _
from web.http.language import language
from web.http.responses import FORMATS, answer, as_csv, as_json, spooled, with_etag
from web.lists import totals
from web.lists.definitions import PAIRS, THINGS_KINDS, Column, Definition, Row
from web.lists.query import Query
from web.lists.workbook import PIECE, Cell, Line, workbook

XLSX = "xlsx"
EXTENSIONS = ("csv", "json", XLSX, "parquet")
"""Formats of every list."""
LOCALISED_EXTENSIONS = (XLSX, "parquet")
"""Formats in the language of the linking page; the others follow the client."""
PART = 500
"""Rows sent at a time."""
KEYS = ("key", "place")
"""Columns of a table whose cells are keys, though they may look like numbers."""
MANY = 1000
"""Rows above which all names of the things in them are read at once, from the columns."""
NUMBER = re.compile(r"-?[0-9]{1,15}(?:\.[0-9]+)?(?:e[+-][0-9]+)?")


class Sheet:
    """Export of a list as its columns define it."""

    def __init__(self, definition: Definition) -> None:
        """Export a list in the language of the request."""
        self.definition = definition
        self._columns, self._names_rows = definition.taken, definition.names_rows
        self._known: Mapping[str, str] = {}
        self._others: Callable[[str], str] = lru_cache(maxsize=4096)(lambda iri: name(iri).text)

    def read_names(self) -> None:
        """Read the names of all things of the kinds that the rows name, where there are thousands of them."""
        bases = {self.definition.base, *(column.base for column in self.definition.taken)}
        self._known = {}
        for kind in (kind for kind in NUMEROUS if f"{THINGS}{kind}/" in bases):
            self._known |= names_of(kind)

    def _name(self, iri: str) -> str:
        return self._known.get(iri) or self._others(iri)

    @property
    def headers(self) -> Mapping[str, str]:
        """Columns of CSV and Parquet, to their Parquet types."""
        own = {} if self.definition.names_rows else {"thing": "VARCHAR", "thing_iri": "VARCHAR"}
        return {**own, **{header: column.type for column in self.definition.taken for header in column.headers}}

    def rows(self, found: Iterable[Row]) -> Iterator[list[Cell]]:
        """Yield the rows of CSV and Parquet."""
        return map(self._cells, found)

    @property
    def titles(self) -> list[str]:
        """Headers of a workbook, in the language of the request."""
        entry = self.definition.entry
        own = [] if self.definition.names_rows else [str(entry)]
        return [*own, *(title for column in self.definition.taken for title in _titles(column)), f"{entry} (IRI)"]

    def book_rows(self, found: Iterable[Row]) -> Iterator[list[Cell]]:
        """Yield the rows of a workbook: names and values for people, the IRI of the row in the last column."""
        names = [place for place, header in enumerate(self.headers) if not header.endswith("_iri")]
        for row in found:
            cells = self._cells(row)
            yield [*(cells[place] for place in names), row.iri]

    def _cells(self, row: Row) -> list[Cell]:
        """Return the cells of a row in CSV and Parquet."""
        cells: list[Cell] = [] if self._names_rows else [self._name(row.iri), row.iri]
        for column in self._columns:
            cells += _cells(column, row.cells[column.name], self._name)
        return cells

    def head(self) -> Mapping[str, object]:
        """Return further members of the JSON object."""
        return {}

    def entries(self, found: Iterable[Row]) -> Iterator[Mapping[str, object]]:
        """Yield the JSON entries."""
        for row in found:
            entry: dict[str, object] = {"iri": row.iri, "name": self._name(row.iri)}
            for column in self._columns:
                entry.update(_said(column, row.cells[column.name], self._name))
            yield entry

    def filters(self) -> Iterable[Line]:
        """Return further filters for the description sheet."""
        return ()


def give(query: Query, sheet: Sheet, extension: str, chosen: Iterable[Line]) -> Response:
    """Give the whole list, written to disk first so that it has a length; 304 for a client that has it.

    Args:
        query: selection.
        sheet: exporter.
        extension: one of `EXTENSIONS`.
        chosen: title and labels of each selected filter.
    """
    definition, rows = query.definition, query.rows()
    if query.total > MANY:
        sheet.read_names()
    if extension == XLSX:
        programmes = query.chosen.get("programme", ())
        whole = completeness(programmes[0] if len(programmes) == 1 else "") if definition.whole else ()
        unknown = [(_("Not recognised, so ignored or without a match"), text) for text in query.unknown]
        notes = [*([("", str(definition.sentence))] if definition.sentence else []), *unknown, *whole]
        filters = [*sheet.filters(), *chosen]
        return workbook(
            definition.name, sheet.titles, sheet.book_rows(rows), about(str(definition.title), filters, notes)
        )
    pieces = {
        "csv": lambda: _as_csv(sheet, rows),
        "json": lambda: _as_json(query, sheet, rows),
        "parquet": lambda: _as_parquet(sheet, rows),
    }[extension]()
    response = Response(pieces, mimetype=FORMATS[extension])
    saved = f'attachment; filename="{definition.name}.{extension}"'
    response.headers["Content-Disposition"] = "inline" if extension == "json" else saved
    return spooled(with_etag(response))


def offered(extension: str, extensions: Sequence[str] = EXTENSIONS) -> None:
    """Abort with 404 unless the format is available."""
    if extension not in ("", *extensions):
        abort(404, description=", ".join(extensions))


def table(
    filename: str, title: str, headers: Sequence[str], rows: Iterable[Sequence[str]], whole: Iterable[Line] = ()
) -> Response:
    """Give a table as CSV, or as a workbook with the same headers and rows, numbers as such, and what it is.

    Args:
        filename: with its extension, csv or xlsx.
        title: what the table is called, in the reader's language.
        headers: what stands above the columns, keys for programs.
        rows: of texts.
        whole: lines that say how whole the lists are that it rests on.
    """
    stem, _dot, extension = filename.rpartition(".")
    if extension != XLSX:
        return answer(as_csv(headers, rows), extension, filename)
    cells = ([_typed(header, cell) for header, cell in zip(headers, row, strict=True)] for row in rows)
    return workbook(stem, headers, cells, about(title, None, whole))


def about(title: str, filters: Sequence[Line] | None, completeness: Iterable[Line]) -> Iterator[Line]:
    """Yield what a reader must know of a list: what was asked, from which release, how whole, and how to cite it.

    Args:
        title: what the list is called.
        filters: title and text of what is chosen; None where only the address says what was asked.
        completeness: lines that say how whole the list is.
    """
    release = current_app.extensions["guapai"].release
    yield _("List"), title
    if filters is not None:
        yield from filters or [(_("Filters"), _("none: the whole list"))]
    yield _("Address on the site"), f"{request.path}{'?' * bool(request.query_string)}{request.query_string.decode()}"
    yield _("Release"), f"{release.id}"
    yield _("Data as of"), f"{release.data_as_of}"
    yield _("Licence"), _("Our selection and arrangement: CC BY 4.0. What a source says belongs to its source.")
    yield _("Citation"), f"{title.rstrip('?？')}. {cited()} {permanent(here())}"
    yield _("Empty cells"), _("Not known or not stated; an empty cell never means none.")
    yield from completeness


def alternates(endpoint: str, extensions: Iterable[str], kept: Mapping[str, Any]) -> dict[str, str]:
    """Return the addresses of a list as data by extension."""
    return {
        extension: url_for(
            endpoint, extension=extension, **kept, **({} if extension in LOCALISED_EXTENSIONS else {"lang": None})
        )
        for extension in extensions
    }


def completeness(programme: str = "") -> Iterator[Line]:
    """Yield how whole the lists are, of a programme or all of them, one a line."""
    found = totals.lists(programme=programme) if programme else totals.lists(everything=True)
    yield _("List completeness"), _("What is not on a list that is not whole may exist all the same.")
    for each in found:
        words = name(f"{SCHEMES}completeness/{each.completeness}").text
        if each.official:
            held = _("%(found)s of %(official)s", found=each.found, official=each.official)
        else:
            held = _("%(count)s designations, official total unknown", count=each.found)
        yield name(each.iri).text, f"{words} · {held}" + (f" · {each.edition}" if each.edition else "")


def _typed(header: str, cell: str) -> Cell:
    """Return a cell as a number where it is one and no key; what is not finite stays a text."""
    return float(cell) if NUMBER.fullmatch(cell) and header not in KEYS else cell


def _cells(column: Column, parts: Sequence[Any], named: Callable[[str], str]) -> list[Cell]:
    """Return the export cells of a column; semicolons separate several texts."""
    if column.kind in THINGS_KINDS:
        return [";".join(map(named, parts)), ";".join(parts)]
    if column.kind in PAIRS:
        return list(parts)
    if column.kind == "number":
        return [int(parts[0]) if parts else None]
    return [";".join(map(str, parts))]


def _titles(column: Column) -> list[str]:
    """Return the workbook headers of a column."""
    if column.kind in THINGS_KINDS:
        return [str(column.title)]
    if column.kind == "days":
        return [
            _("%(what)s, first possible day", what=column.title),
            _("%(what)s, last possible day", what=column.title),
        ]
    return [_("Designations held"), _("Official total")] if column.kind == "coverage" else [str(column.title)]


def _said(column: Column, parts: Sequence[Any], named: Callable[[str], str]) -> Mapping[str, object]:
    """Return the JSON members of a cell."""
    if column.kind in THINGS_KINDS:
        return {column.name: [{"iri": iri, "name": named(iri)} for iri in parts]}
    if column.kind in PAIRS:
        said = (part.isoformat() if isinstance(part, date) else part for part in parts)
        return dict(zip(column.headers, said, strict=True))
    return {column.name: ";".join(parts) if column.printed else parts[0] if parts else None}


def _as_csv(sheet: Sheet, found: Iterable[Row]) -> Iterator[bytes]:
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow(sheet.headers)
    for count, row in enumerate(sheet.rows(found), 1):
        writer.writerow(escape_formulas(row))
        if not count % PART:
            yield stream.getvalue().encode()
            stream.seek(0)
            stream.truncate()
    yield stream.getvalue().encode()


def _as_json(query: Query, sheet: Sheet, found: Iterable[Row]) -> Iterator[bytes]:
    chosen = {name: keys[0] if len(keys) == 1 else list(keys) for name, keys in query.chosen.items()}
    header = {"list": query.definition.name, "language": language(), **sheet.head(), "filters": chosen}
    words = {"q": " ".join(query.words)} if query.words else {}
    opened = as_json({**header, **words, "unknown": list(query.unknown)}).rstrip().removesuffix("}").rstrip()
    held, total = [opened, ',\n "entries": ['], 0
    for total, entry in enumerate(sheet.entries(found), 1):
        held += ["\n" if total == 1 else ",\n", as_json(entry)]
        if not total % PART:
            yield "".join(held).encode()
            held.clear()
    yield "".join((*held, f'\n ],\n "total": {total}\n}}\n')).encode()


def _as_parquet(sheet: Sheet, found: Iterable[Row]) -> Iterator[bytes]:
    kinds = [kind == "VARCHAR" for kind in sheet.headers.values()]
    rows = ([c if c != "" or text else None for c, text in zip(r, kinds, strict=True)] for r in sheet.rows(found))
    with TemporaryDirectory() as folder:
        path = Path(folder) / "list.parquet"
        write_parquet(path, sheet.headers, rows)
        with path.open("rb") as file:
            yield from iter(lambda: file.read(PIECE), b"")
