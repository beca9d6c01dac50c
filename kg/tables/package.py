"""Data package: reads the tables of `data/` by their Frictionless descriptor and reports unreadable rows."""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from kg.errors import Complaint, Expectation, InputError, expect
from kg.tables import dates
from kg.tables.column import ANY_KIND, Column, read_column
from kg.vocab import SCHEMES, THINGS

DESCRIPTOR = "datapackage.json"
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""Prefixes of cells that spreadsheets interpret as formulas; Chinese and Japanese versions accept the full-width
characters too (OWASP, CSV injection)."""


@dataclass(frozen=True, slots=True)
class Row:
    """Row of a table. resource: name of the table; line: line in the file (header = 1); cells: text by column."""

    resource: str
    file: str
    line: int
    cells: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells[column]

    def many(self, column: str) -> list[str]:
        """Return the entries of a list cell, which semicolons separate."""
        cell = self.cells[column]
        return [entry for entry in cell.split(";") if entry] if cell else []

    def complaint(self, column: str, found: str, expected: Expectation) -> Complaint:
        """Return a complaint about one cell of this row."""
        return Complaint(self.file, self.line, column, found, expected)


@dataclass(frozen=True)
class Resource:
    """Table of the package: descriptor (Frictionless Table Schema) and files."""

    name: str
    paths: tuple[str, ...]
    descriptor: Mapping[str, Any]

    @cached_property
    def described(self) -> dict[str, Column]:
        """Column names and descriptions in order."""
        return {
            str(entry["name"]): read_column(entry, self.references.get(str(entry["name"]), "")) for entry in self.fields
        }

    def own(self, key: str) -> str:
        """Return a property of the table that is the project's own (`guapai:<key>`), empty if it has none."""
        return str(self.descriptor.get(f"guapai:{key}", ""))

    @property
    def kind(self) -> str:
        """Kind of the resource that a row is, with what precedes its key (`record/p1-t1`); empty if it is none."""
        return self.own("kind")

    @property
    def scheme(self) -> str:
        """Scheme of the concept that a row is, empty if it is none."""
        return self.own("scheme")

    @property
    def base(self) -> str:
        """What the IRI of a row begins with; its key follows. Empty if rows are no resources of one kind."""
        if self.scheme:
            return f"{SCHEMES}{self.scheme}/"
        return f"{THINGS}{self.kind}/" if self.kind not in ("", ANY_KIND) else ""

    @cached_property
    def classes(self) -> tuple[str, ...]:
        """Classes of the resource that a row is, as prefixed names."""
        return tuple(self.descriptor.get("guapai:class", ()))

    @cached_property
    def fields(self) -> list[Mapping[str, Any]]:
        """Column descriptors in order."""
        return list(self.descriptor["schema"]["fields"])

    @cached_property
    def columns(self) -> list[str]:
        """Column names in order."""
        return [str(entry["name"]) for entry in self.fields]

    @cached_property
    def printed(self) -> list[str]:
        """Columns whose cells are as printed in the source."""
        return [str(entry["name"]) for entry in self.fields if entry.get("guapai:printed")]

    @cached_property
    def references(self) -> dict[str, str]:
        """Column to the resource that it references, for single and list cells."""
        keys = self.descriptor["schema"].get("foreignKeys", [])
        single = {str(key["fields"]): str(key["reference"]["resource"]) for key in keys}
        lists = {str(c["name"]): str(c["guapai:references"]) for c in self.fields if "guapai:references" in c}
        return single | lists

    @cached_property
    def unique(self) -> list[str]:
        """Columns whose values are unique."""
        return [str(entry["name"]) for entry in self.fields if entry.get("constraints", {}).get("unique")]

    @cached_property
    def lists(self) -> set[str]:
        """Columns whose cells are lists."""
        return {str(entry["name"]) for entry in self.fields if "guapai:list" in entry}


MAX_HELD_ROWS = 500_000
"""Rows that a package that holds its rows keeps; some 1 kB each."""


@dataclass(frozen=True)
class Package:
    """All tables of a data folder; rows are read from the files on every access."""

    folder: Path
    descriptor: Mapping[str, Any]
    resources: Mapping[str, Resource] = field(default_factory=dict)

    def rows(self, name: str, paths: Sequence[str] = ()) -> Iterator[Row]:
        """Yield the rows of a table, or of some of its files; call it on a checked package only."""
        resource = self.resources[name]
        for path in paths or resource.paths:
            yield from read(self.folder, resource, path, [])

    def index(self, name: str) -> dict[str, Row]:
        """Return the rows of a table by key."""
        return {row["id"]: row for row in self.rows(name)}

    @property
    def by_kind(self) -> dict[str, str]:
        """Kinds of things to the table that has their keys: the first of each."""
        tables = ((table.kind, name) for name, table in reversed(list(self.resources.items())))
        return {kind: name for kind, name in tables if kind not in ("", ANY_KIND)}

    @property
    def by_name(self) -> dict[str, str]:
        """Kinds of things that are found by their names to the name of their table."""
        return {kind: name for name, table in self.resources.items() if (kind := table.own("found_by_name"))}

    def grouped(self, name: str, column: str) -> dict[str, list[Row]]:
        """Return the rows of a table grouped by the value of a column, in table order."""
        found: dict[str, list[Row]] = {}
        for row in self.rows(name):
            found.setdefault(row[column], []).append(row)
        return found

    @property
    def data_as_of(self) -> str:
        """The release's date of today, as YYYY-MM-DD: a setting, not the clock."""
        return str(self.descriptor["guapai:data_as_of"])


class Held(Package):
    """A package whose files do not change while it is used: they are read once, up to MAX_HELD_ROWS."""

    @cached_property
    def _held(self) -> dict[str, tuple[Row, ...]]:
        return {}

    def rows(self, name: str, paths: Sequence[str] = ()) -> Iterator[Row]:
        """Yield the rows of a table, or of some of its files."""
        for path in paths or self.resources[name].paths:
            if path not in self._held:
                rows = tuple(super().rows(name, [path]))
                if sum(map(len, self._held.values())) + len(rows) > MAX_HELD_ROWS:
                    yield from rows
                    continue
                self._held[path] = rows
            yield from self._held[path]


def open_package(folder: Path) -> Package:
    """Read the descriptor of a data folder.

    Raises:
        InputError: the descriptor is missing, or is not JSON of the expected form.
    """
    path = folder / DESCRIPTOR
    try:
        descriptor = json.loads(path.read_text(encoding="utf-8"))
        dates.parse(descriptor["guapai:data_as_of"])
        resources = {
            str(entry["name"]): Resource(str(entry["name"]), _paths(entry["path"]), entry)
            for entry in descriptor["resources"]
        }
    except FileNotFoundError as error:
        raise InputError([Complaint(DESCRIPTOR, 0, "", "no such file", expect("descriptor", folder=folder))]) from error
    except (ValueError, KeyError, TypeError) as error:
        complaint = Complaint(DESCRIPTOR, 0, "", repr(error), expect("data-package"))
        raise InputError([complaint]) from error
    return Package(folder, descriptor, resources)


def read(folder: Path, resource: Resource, path: str, complaints: list[Complaint]) -> Iterator[Row]:
    """Yield the well-formed rows of one file and collect complaints about the others.

    Args:
        folder: the data folder.
        resource: the table.
        path: the file, below the folder.
        complaints: appended to: missing file, wrong header, number of cells, encoding.
    """
    try:
        stream = (folder / path).open(encoding="utf-8-sig", errors="surrogateescape", newline="")
    except OSError as error:
        complaints.append(Complaint(path, 0, "", error.strerror or str(error), expect("readable-file")))
        return
    with stream:
        reader = csv.reader(stream, strict=True)
        try:
            header = next(reader, [])
            if faults := _header_faults(header, resource, path):
                complaints += faults
                return
            for cells in reader:
                if len(cells) != len(header):
                    found, expected = f"{len(cells)} cells", expect("cell-count", count=len(header))
                    complaints.append(Complaint(path, reader.line_num, "", found, expected))
                    continue
                row = Row(resource.name, path, reader.line_num, dict(zip(header, cells, strict=True)))
                if not _is_text("".join(cells)):
                    complaints += _encoding_faults(row)
                    continue
                yield row
        except csv.Error as error:
            complaints.append(Complaint(path, reader.line_num, "", str(error), expect("csv")))


def _paths(path: str | list[str]) -> tuple[str, ...]:
    return (path,) if isinstance(path, str) else tuple(path)


def _header_faults(header: list[str], resource: Resource, path: str) -> list[Complaint]:
    missing = [
        Complaint(path, 1, name, "no such column", expect("this-column"))
        for name in resource.columns
        if name not in header
    ]
    only = expect("only-columns", columns=", ".join(resource.columns))
    strange = [
        Complaint(path, 1, name.encode(errors="replace").decode(), "an unknown column", only)
        for name in header
        if name not in resource.columns
    ]
    double = [
        Complaint(path, 1, name, "this column twice", expect("column-once"))
        for name in {n for n in header if header.count(n) > 1}
    ]
    return missing + strange + double


def _encoding_faults(row: Row) -> list[Complaint]:
    faults = []
    for column, cell in row.cells.items():
        if not _is_text(cell):
            raw = cell.encode("utf-8", "surrogateescape")
            faults.append(row.complaint(column, repr(raw[:40]), expect("utf-8")))
    return faults


def _is_text(cell: str) -> bool:
    """Return whether text contains no bytes that are invalid UTF-8."""
    try:
        cell.encode()
    except UnicodeEncodeError:
        return False
    return True


def escape_formulas(cells: Iterable[Any]) -> list[Any]:
    """Return the cells of a row, with an apostrophe before texts that spreadsheets would run as formulas."""
    return ["'" + cell if isinstance(cell, str) and cell.startswith(FORMULA_STARTS) else cell for cell in cells]


def to_csv(columns: list[str], rows: Iterator[list[str]]) -> str:
    """Return rows as CSV with line feeds and a header."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return stream.getvalue()


def to_json(columns: list[str], rows: list[list[str]]) -> str:
    """Return rows as a JSON list of objects."""
    return json.dumps([dict(zip(columns, row, strict=True)) for row in rows], ensure_ascii=False, indent=1)
