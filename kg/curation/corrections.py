"""A wrong cell of a record, told by a reader: the lines that repair it, held against the rules of a build."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from kg import tables
from kg.analysis.resolve import Names
from kg.errors import Complaint, Expectation, expect
from kg.tables import Column, Package, Row, record_checks, schema

TABLE = "corrections"
REPAIRED = (
    *("approved_date", "ended_date", "standing", "stage", "place_ids", "extent", "place_basis", "carrier_ids"),
    *("authority_ids", "supervisor_ids", "field_ids", "source_ids"),
)
"""The columns of a record that a reader may repair: what we read. What is printed stays as the source prints it; to
which designation a record belongs is decided (`guapai decide`), and its programme follows from its list."""
MOST = 8
"""Things that are named where a name means several."""
PARTING = re.compile(r"[;；、]")
NUMBERED = re.compile(r"c(\d+)")


@dataclass(frozen=True, slots=True)
class Given:
    """What a reader tells: new values by column, why, the document that says so, who says it, and the day."""

    values: Mapping[str, str]
    reason: str
    source: str
    decided_by: str
    decided_on: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """The rows to be added to the table of corrections, and every complaint about them; ready where there is none."""

    package: Package
    rows: tuple[Row, ...]
    complaints: tuple[Complaint, ...]

    @property
    def text(self) -> str:
        """The rows as they stand in the file, without its header."""
        return self._lines().split("\n", 1)[1]

    @property
    def header(self) -> str:
        """The header of the file, as the first line of it."""
        return self._lines().split("\n", 1)[0]

    def _lines(self) -> str:
        columns = self.package.resources[TABLE].columns
        return tables.to_csv(columns, ([row[column] for column in columns] for row in self.rows))


@dataclass(frozen=True, slots=True)
class Known:
    """A record as its list was read, and the repairs that stand for it already, by column."""

    record: Row
    repairs: Mapping[str, Row]

    def now(self, column: str) -> str:
        """Return what a column says today, repaired where it was."""
        return self.repairs[column]["repaired"] if column in self.repairs else self.record[column]


def known(package: Package, key: str) -> Known | None:
    """Return a record with its repairs, None where there is none of this key; reads the file of its list alone."""
    record = next((row for row in _rows_of_list(package, key.partition("/")[0]) if row["id"] == key), None)
    if record is None:
        return None
    repairs = {row["column"]: row for row in package.rows(TABLE) if row["record_id"] == key}
    return Known(record, repairs)


def described(package: Package) -> dict[str, Column]:
    """Return the columns that can be repaired, each with its description in the package."""
    columns = package.resources["records"].described
    return {column: columns[column] for column in REPAIRED}


def propose(package: Package, names: Names, found: Known, given: Given) -> Proposal:
    """Make a correction of every value that differs from what the record says now, and hold it against the rules.

    Args:
        package: the tables of a release.
        names: the names of the things in them.
        found: the record.
        given: what a reader tells; entries of lists may be keys or names.

    Returns:
        The rows and complaints: names that mean nothing or several things, then whatever `schema` and
        `designation_rules` say of the rows.
    """
    resource, line = package.resources[TABLE], sum(1 for _ in package.rows(TABLE)) + 1
    rows, complaints = list[Row](), list[Complaint]()
    number = _next(package)
    reason = _spaced(f"{given.reason}（{given.source}）" if given.source else given.reason)
    for column in REPAIRED:
        if column not in given.values:
            continue
        value, faults = _value(package, names, column, given.values[column])
        if value == found.now(column):
            continue
        cells = {
            "id": f"c{number + len(rows):04d}",
            "record_id": found.record["id"],
            "column": column,
            "found": found.record[column],
            "repaired": value,
            "reason": reason,
            "decided_by": _spaced(given.decided_by),
            "decided_on": given.decided_on,
        }
        row = Row(TABLE, resource.paths[-1], line + len(rows) + 1, cells)
        rows.append(row)
        complaints += [row.complaint("repaired", asked, expected) for asked, expected in faults]
        complaints += [
            row.complaint(name, repr(cells[name]), expect("no-formula"))
            for name in ("reason", "decided_by")
            if cells[name].startswith(tables.FORMULA_STARTS)
        ]
        complaints += schema.check_row(package, row, {"records": {found.record["id"]}})
        if not faults:
            complaints += record_checks.repair_faults(
                package, row, found.record, {(row["record_id"], c) for c in found.repairs}
            )
    return Proposal(package, tuple(rows), tuple(complaints))


def _value(package: Package, names: Names, column: str, text: str) -> tuple[str, list[tuple[str, Expectation]]]:
    """Return a value with keys in the place of names, and for each name that has no one key what was expected."""
    resource = package.resources["records"]
    if column not in resource.lists:
        return text.strip(), []
    entries = list(filter(None, map(str.strip, PARTING.split(text))))
    target = resource.references.get(column, "")
    kind = package.resources[target].kind or package.resources[target].scheme if target else ""
    keys, faults = [], []
    for entry, meant in ((entry, names.resolve(kind, entry)) for entry in entries):
        keys.append(meant.key if meant.certain else entry)
        if meant.candidates and not meant.certain:
            named = ", ".join(f"{candidate.key} ({candidate.shown})" for candidate in meant.candidates[:MOST])
            faults.append((repr(entry), expect("one-of-keys", keys=named)))
        elif target and not meant.certain:
            faults.append((repr(entry), expect("key-of-table", table=target)))
    return ";".join(dict.fromkeys(keys)), faults


def _rows_of_list(package: Package, key: str) -> Iterator[Row]:
    paths: Sequence[str] = package.resources["records"].paths
    own = [path for path in paths if path.rpartition("/")[2] == f"{key}.csv"]
    return package.rows("records", own or paths)


def _next(package: Package) -> int:
    """Return the number of the next key."""
    numbers = (match[1] for row in package.rows(TABLE) if (match := NUMBERED.fullmatch(row["id"])))
    return max(map(int, numbers), default=0) + 1


def _spaced(text: str) -> str:
    return " ".join(text.split())
