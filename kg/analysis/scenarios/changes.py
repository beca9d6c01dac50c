"""Reader of the table of changes of a scenario (docs/what-if.md); reports every error by row and column."""

import csv
from collections.abc import Iterator, Mapping
from pathlib import Path

from kg.analysis.resolve import key
from kg.analysis.scenarios.scenario import Action, Change
from kg.errors import NOTHING, Complaint, Expectation, InputError, QueryError, expect
from kg.release.columns import Columns
from kg.tables import dates

REQUIRED = ("change", "programme")
OPTIONAL = ("to", "purpose", "from", "note")
NEEDS: Mapping[Action, str] = {"merge": "to", "end": "", "transfer": "to", "re-purpose": "purpose"}
"""Action to its required column; the other one of `to` and `purpose` must be empty."""


def read(path: Path, columns: Columns) -> list[Change]:
    """Read a table of changes; programmes, bodies and purposes by key or name.

    Args:
        path: a CSV file (UTF-8) with the columns change, programme and, where required, to, purpose (several separated
            by semicolons), from (a date), note.
        columns: the columns of the release that resolves the names.

    Raises:
        InputError: all errors of the file.
    """
    complaints: list[Complaint] = []
    changes: list[Change] = []
    first_lines: dict[str, int] = {}
    for line, row in _rows(path, complaints):
        reading = _Row(path.name, line, row, columns)
        change = reading.change()
        complaints += reading.complaints
        if change is None:
            continue
        if change.action in ("merge", "end") and (first := first_lines.setdefault(change.programme, line)) != line:
            expected = expect("one-end", row=first)
            complaints.append(Complaint(path.name, line, "programme", repr(row["programme"]), expected))
        changes.append(change)
    if not changes and not complaints:
        complaints.append(Complaint(path.name, 0, "", "no rows", expect("one-change")))
    if complaints:
        raise InputError(complaints)
    return changes


def _rows(path: Path, complaints: list[Complaint]) -> Iterator[tuple[int, dict[str, str]]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            reader = csv.DictReader(stream, restkey="", restval="", strict=True)
            headers = list(reader.fieldnames or [])
            complaints += _header_errors(path.name, headers)
            if complaints:
                return
            for row in reader:
                if "" in row:
                    expected = expect("cell-count", count=len(headers))
                    complaints.append(Complaint(path.name, reader.line_num, "", "too many cells", expected))
                    continue
                yield reader.line_num, {name: row.get(name, "").strip() for name in REQUIRED + OPTIONAL}
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        complaints.append(Complaint(path.name, 0, "", str(error), expect("csv-utf-8")))


def _header_errors(file: str, headers: list[str]) -> list[Complaint]:
    this, known = expect("this-column"), REQUIRED + OPTIONAL
    missing = [Complaint(file, 1, name, "no such column", this) for name in REQUIRED if name not in headers]
    only = expect("only-columns", columns=", ".join(known))
    return missing + [Complaint(file, 1, name, "an unknown column", only) for name in headers if name not in known]


class _Row:
    """Parses one row and collects its errors."""

    def __init__(self, file: str, line: int, cells: Mapping[str, str], columns: Columns) -> None:
        self.complaints: list[Complaint] = []
        self._file, self._line, self._cells, self._columns = file, line, cells, columns

    def change(self) -> Change | None:
        """Return the change, None if the row has an error."""
        action = next((action for action in NEEDS if action == self._cells["change"]), None)
        if action is None:
            self._complain("change", expect("one-of", values=", ".join(NEEDS)))
            return None
        programme = self._key("programme", "programme", self._cells["programme"])
        needed = NEEDS[action]
        for column in ("to", "purpose"):
            if column != needed and self._cells[column]:
                self._complain(column, expect("nothing-for-change", change=action))
        to = self._key("to", "authority" if action == "transfer" else "programme", self._cells["to"], needed == "to")
        purposes = tuple(self._purposes()) if needed == "purpose" else ()
        if to and action == "merge" and to == programme:
            self._complain("to", expect("other-programme"))
        start = None
        if self._cells["from"]:
            try:
                start = dates.parse(self._cells["from"]).first
            except dates.DateError as error:
                self._complain("from", error.expected)
        return None if self.complaints else Change(action, programme, to, purposes, start)

    def _purposes(self) -> Iterator[str]:
        groups = {group for (group,) in self._columns.query("SELECT DISTINCT purpose_group FROM purposes", {})}
        cells = [cell.strip() for cell in self._cells["purpose"].split(";") if cell.strip()]
        if not cells:
            self._complain("purpose", expect("purposes"))
        for cell in cells:
            purpose = self._key("purpose", "purpose", cell)
            if purpose in groups:
                self._complain("purpose", expect("purpose-no-group"), cell)
            elif purpose:
                yield purpose

    def _key(self, column: str, kind: str, cell: str, needed: bool = True) -> str:  # noqa: FBT001, FBT002
        if not needed:
            return ""
        if not cell:
            self._complain(column, expect("key-or-name", kind=kind))
            return ""
        try:
            return key(self._columns, kind, cell)
        except QueryError as error:
            self._complain(column, expect("known-key-or-name", kind=kind, reason=error), cell)
            return ""

    def _complain(self, column: str, expected: Expectation, cell: str | None = None) -> None:
        found = self._cells[column] if cell is None else cell
        self.complaints.append(Complaint(self._file, self._line, column, repr(found) if found else NOTHING, expected))
