"""Decisions given, proposed and written: one or a whole file, with what each would do, all of them or none."""

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path

from kg.analysis.findings import find, rulings
from kg.analysis.findings.finding import Finding
from kg.curation.amending import Amended
from kg.curation.docket import Docket
from kg.errors import NOTHING, Complaint, Expectation, InputError, expect
from kg.release.columns import Columns
from kg.tables import checks, decision_checks, writer

GIVEN = ("finding", "one_id", "other_id", "verdict", "reason", "decided_by", "decided_on")
"""The columns of a file of decisions, and of what is given on the command line; an empty day means today."""
HEADS = ("id", "about", "verdict", "reason", "decided_by", "decided_on", "effect")
FILE = "decisions.csv"


@dataclass(frozen=True, slots=True)
class Given:
    """A decision as it is given: cells by the names of `GIVEN`, and the file and line where it stands (0: no file)."""

    cells: Mapping[str, str]
    file: str = "decide"
    line: int = 0

    def complaint(self, column: str, expected: Expectation) -> Complaint:
        """Return a complaint about a cell."""
        cell = self.cells.get(column, "")
        return Complaint(self.file, self.line, column, repr(cell) if cell else NOTHING, expected)


@dataclass(frozen=True, slots=True)
class Proposed:
    """A row of the table of decisions to be, and what it would do."""

    row: Mapping[str, str]
    effect: str

    @property
    def cells(self) -> list[str]:
        """The decision as a row of `HEADS`."""
        about = self.row["finding"] or f"{self.row['one_id']}\n{self.row['other_id']}"
        return [self.row["id"], about, *(self.row[name] for name in GIVEN[3:]), self.effect]


@dataclass(frozen=True, slots=True)
class Proposal:
    """What would be written: the decisions, and path below the data folder → content."""

    folder: Path
    decided: tuple[Proposed, ...]
    changed: Mapping[str, str] = field(default_factory=dict)


def read(path: Path) -> list[Given]:
    """Read a file of decisions with the columns of `GIVEN`.

    Raises:
        InputError: it is no CSV in UTF-8, or lacks a column.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            reader = csv.DictReader(stream, restval="")
            if missing := [name for name in GIVEN if name not in (reader.fieldnames or [])]:
                expected = expect("this-column")
                raise InputError([Complaint(path.name, 1, name, "no such column", expected) for name in missing])
            return [Given({name: row[name].strip() for name in GIVEN}, path.name, reader.line_num) for row in reader]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise InputError([Complaint(path.name, 0, "", str(error), expect("csv-utf-8"))]) from error


def propose(data: Path, columns: Columns, given: Sequence[Given], days: tuple[date, date]) -> Proposal:
    """Work out what decisions would do to the tables, and write nothing.

    Args:
        data: the data folder.
        columns: the columns of the release that was looked at, for the findings and their evidence.
        given: the decisions.
        days: the day on which the findings were looked at; today, for decisions without a day.

    Raises:
        InputError: faults in the tables or the decisions, all of them.
    """
    amended = Amended(checks.checked(data))
    clerk = _Clerk(amended, columns, days, given)
    decided = [proposed for each in given if (proposed := clerk.proposed(each))]
    if clerk.complaints:
        raise InputError(clerk.complaints)
    return Proposal(data, tuple(decided), amended.files())


def write(proposal: Proposal) -> list[str]:
    """Write a proposal, all files or none, if every rule still holds; return their paths.

    Raises:
        InputError: a rule would be broken; nothing is written then.
    """
    writer.write(proposal.folder, proposal.changed)
    return sorted(proposal.changed)


class _Clerk:
    """Turns what is given into rows, one after the other, and keeps what it complains of."""

    def __init__(self, amended: Amended, columns: Columns, days: tuple[date, date], given: Sequence[Given]) -> None:
        self.complaints: list[Complaint] = []
        self._columns, (self._as_of, self._today) = columns, days
        self._amended = amended
        records = {row["id"] for row in amended.rows("records")}
        # In one file, too, a different stands against a same, whichever comes first.
        to_come = [self._named(each, records) | {"id": f"{each.file}, row {each.line}"} for each in given]
        self._docket, self._records = Docket(amended, to_come), records
        self._number = max((int(row["id"].rpartition("-")[2]) for row in amended.rows("decisions")), default=0)

    @cached_property
    def _findings(self) -> dict[str, Finding]:
        return {finding.key: finding for finding in find.find(self._columns, self._as_of)}

    def proposed(self, given: Given) -> Proposed | None:
        """Return the row that a decision becomes and its effect, None where it is at fault."""
        cells = self._named(given, self._records)
        faults = [(name, expect("text")) for name in ("reason", "decided_by") if not cells[name]]
        faults += [*_faults(cells), *self._unknown(cells)]
        if not faults:
            self._number += 1
            cells |= {"id": f"decision-{self._number:04d}"} | self._evidence(cells)
            looked_at = self._docket.named(cells)
            effect, faults = self._docket.effect(cells)
        self.complaints += [given.complaint(column, expected) for column, expected in faults]
        if faults:
            return None
        if not cells["finding"]:
            # Two designations that part are two with names of their own only now.
            names = self._docket.named(cells) if cells["verdict"] == rulings.DIFFERENT else looked_at
            cells["evidence_hash"] = rulings.pair_evidence(names)
        self._amended.add("", "decisions", cells)
        return Proposed(cells, effect)

    def _named(self, given: Given, records: set[str]) -> dict[str, str]:
        """Return the cells with kind and key of a pair, also where a finding that asks about a pair is named."""
        cells = {name: given.cells.get(name, "") for name in GIVEN}
        if pair := rulings.pair_in(cells["finding"]):
            cells |= {"finding": "", "one_id": pair[0], "other_id": pair[1]}
        for name in ("one_id", "other_id"):
            if cells[name] and not cells[name].startswith(("designation/", "record/")):
                cells[name] = f"{'record' if cells[name] in records else 'designation'}/{cells[name]}"
        return cells | {"decided_on": cells["decided_on"] or self._today.isoformat()}

    def _unknown(self, cells: Mapping[str, str]) -> Iterator[tuple[str, Expectation]]:
        if cells["finding"]:
            if cells["finding"] not in self._findings:
                yield "finding", expect("key-of-finding", day=self._as_of)
            return
        for name in ("one_id", "other_id"):
            if not self._docket.behind.known(cells[name]):
                yield name, expect("finding-or-key")

    def _evidence(self, cells: Mapping[str, str]) -> dict[str, str]:
        """Return what is decided on: its evidence, and the day on which it was looked at."""
        if not (finding := self._findings.get(cells["finding"])):
            return {"evidence_hash": "", "members": "", "ministries": "", "looked_at": ""}
        return {
            "evidence_hash": finding.evidence_hash,
            "members": ";".join(finding.members),
            "ministries": ";".join(finding.ministries),
            "looked_at": self._as_of.isoformat(),
        }


def _faults(cells: Mapping[str, str]) -> Iterator[tuple[str, Expectation]]:
    """Yield column and what it expects for cells that the table of decisions would not take."""
    allowed = decision_checks.OF_FINDINGS if cells["finding"] else decision_checks.OF_PAIRS
    if cells["verdict"] not in allowed:
        yield "verdict", expect("one-of", values=", ".join(allowed))
    if not cells["finding"] and cells["one_id"] == cells["other_id"]:
        yield "other_id", expect("another-of-pair")
    try:
        date.fromisoformat(cells["decided_on"])
    except ValueError:
        yield "decided_on", expect("day")
