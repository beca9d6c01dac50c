"""Decisions proposed and written: one or a whole file, with what each would do, all of them or none."""

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path

from kg import decision_rules, joining, rules
from kg.columns import Columns
from kg.errors import Complaint, InputError
from kg.findings import decisions, engine
from kg.findings.finding import Finding
from kg.importing import writing
from kg.joining import Joining
from kg.tables import Package

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

    def complaint(self, column: str, expected: str) -> Complaint:
        """Return a complaint about a cell."""
        cell = self.cells.get(column, "")
        return Complaint(self.file, self.line, column, repr(cell) if cell else "nothing", expected)


@dataclass(frozen=True, slots=True)
class Proposed:
    """A row of the table of decisions to be, what it would do, and the merger that it means, None where none."""

    row: Mapping[str, str]
    effect: str
    joining: Joining | None = None

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
                raise InputError([Complaint(path.name, 1, name, "no such column", "this column") for name in missing])
            return [Given({name: row[name].strip() for name in GIVEN}, path.name, reader.line_num) for row in reader]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise InputError([Complaint(path.name, 0, "", str(error), "a CSV file in UTF-8")]) from error


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
    package = rules.checked(data)
    docket = _Docket(package, columns, days, given)
    decided = [proposed for each in given if (proposed := docket.proposed(each))]
    if docket.complaints:
        raise InputError(docket.complaints)
    changed = joining.files(package, [each.joining for each in decided if each.joining])
    changed |= joining.rewritten(package, "decisions", lambda cells: cells, [each.row for each in decided])
    return Proposal(data, tuple(decided), changed)


def write(proposal: Proposal) -> list[str]:
    """Write a proposal, all files or none, if every rule still holds; return their paths.

    Raises:
        InputError: a rule would be broken; nothing is written then.
    """
    writing.write(proposal.folder, proposal.changed)
    return sorted(proposal.changed)


class _Docket:
    """Turns what is given into rows, one after the other, and keeps what it complains of."""

    def __init__(self, package: Package, columns: Columns, days: tuple[date, date], given: Sequence[Given]) -> None:
        self.complaints: list[Complaint] = []
        self._columns, (self._as_of, self._today) = columns, days
        self._behind = decision_rules.pairs(package)
        self._plates = package.index("designations")
        self._earlier = [dict(row.cells) for row in package.rows("decisions")]
        self._number = max((int(row["id"].rpartition("-")[2]) for row in self._earlier), default=0)
        # In one file, too, a different stands against a same, whichever comes first.
        self._to_come = [self._named(each) for each in given]

    @cached_property
    def _findings(self) -> dict[str, Finding]:
        return {finding.key: finding for finding in engine.find(self._columns, self._as_of)}

    def proposed(self, given: Given) -> Proposed | None:
        """Return the row that a decision becomes and its effect, None where it is at fault."""
        before = len(self.complaints)
        cells = self._named(given)
        for name in ("reason", "decided_by"):
            if not cells[name]:
                self.complaints.append(given.complaint(name, "a text"))
        cells["evidence_hash"] = self._evidence(given, cells)
        if len(self.complaints) > before:
            return None
        self._number += 1
        cells["id"] = f"decision-{self._number:04d}"
        self.complaints += [given.complaint(column, expected) for column, expected in _faults(cells)]
        effect, merger = self._effect(given, cells)
        return None if len(self.complaints) > before else Proposed(cells, effect, merger)

    def _named(self, given: Given) -> dict[str, str]:
        """Return the cells with kind and key of a pair, also where a finding that asks about a pair is named."""
        cells = {name: given.cells.get(name, "") for name in GIVEN}
        finding = self._findings.get(cells["finding"]) if cells["finding"] else None
        if finding and (pair := decisions.pair_of(finding)):
            cells |= {"finding": "", "one_id": pair[0], "other_id": pair[1]}
        for name in ("one_id", "other_id"):
            if cells[name] and not cells[name].startswith(("designation/", "record/")):
                kind = "record" if cells[name] in self._behind.records else "designation"
                cells[name] = f"{kind}/{cells[name]}"
        return cells | {"decided_on": cells["decided_on"] or self._today.isoformat()}

    def _evidence(self, given: Given, cells: Mapping[str, str]) -> str:
        """Return the hash of what is decided on, complaining where that is nothing."""
        if cells["finding"]:
            if finding := self._findings.get(cells["finding"]):
                return finding.evidence_hash
            self.complaints.append(given.complaint("finding", f"the key of a finding of {self._as_of}"))
            return ""
        unknown = [name for name in ("one_id", "other_id") if not self._behind.known(cells[name])]
        if unknown:
            expected = "a finding, or a plate or record of the tables by its key"
            self.complaints += [given.complaint(name, expected) for name in unknown]
            return ""
        pair = tuple(sorted((cells["one_id"], cells["other_id"])))
        about = [finding for finding in self._findings.values() if decisions.pair_of(finding) == pair]
        if about:
            return about[0].evidence_hash
        plates = sorted({plate for entry in pair if (plate := self._behind.plate(entry))})
        return decisions.pair_evidence(self._columns, plates)

    def _effect(self, given: Given, cells: Mapping[str, str]) -> tuple[str, Joining | None]:
        verdict, pair = cells["verdict"], decision_rules.pair_of(cells)
        if cells["finding"] or verdict not in ("same", "different"):
            return "shown with its reason", None
        against = "different" if verdict == "same" else "same"
        contrary = [
            row.get("id") or "this file"
            for row in (*self._earlier, *self._to_come)
            if row["verdict"] == against and decision_rules.pair_of(row) == pair
        ]
        note = f"contradicts {', '.join(dict.fromkeys(contrary))}: counts as different" if contrary else ""
        one, other = (self._behind.plate(cells[name]) for name in ("one_id", "other_id"))
        if verdict == "different":
            if one and one == other:
                self.complaints.append(given.complaint("verdict", f"same, for both are the plate {one} now"))
            return note or "a possible duplicate no more", None
        return (note, None) if note else self._merged(given, cells, one, other)

    def _merged(self, given: Given, cells: Mapping[str, str], one: str, other: str) -> tuple[str, Joining | None]:
        if not (one and other):
            self.complaints.append(given.complaint("other_id" if one else "one_id", "what is or has a plate in use"))
            return "", None
        if one == other:
            return f"both are the plate {one} already", None
        programmes = [self._plates[plate]["programme_id"] for plate in (one, other)]
        if programmes[0] != programmes[1]:
            expected = f"plates of one programme, not of {programmes[0]} and {programmes[1]}"
            self.complaints.append(given.complaint("other_id", expected))
            return "", None
        self._behind.plates.discard(other)
        self._behind.successors = {**self._behind.successors, other: one}
        number = sum(plate == other for plate in self._behind.records.values())
        follow = "1 record follows" if number == 1 else f"{number} records follow"
        gone, kept = (f"{plate} {self._plates[plate]['name_zh']}" for plate in (other, one))
        effect = f"{gone} becomes {kept}, its key is withdrawn, {follow}"
        return effect, Joining(one, other, cells["id"], cells["decided_on"])


def _faults(cells: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield column and what it expects for cells that the table of decisions would not take."""
    allowed = decision_rules.OF_FINDINGS if cells["finding"] else decision_rules.OF_PAIRS
    if cells["verdict"] not in allowed:
        yield "verdict", "one of " + ", ".join(allowed)
    if not cells["finding"] and cells["one_id"] == cells["other_id"]:
        yield "other_id", "another one than the first"
    try:
        date.fromisoformat(cells["decided_on"])
    except ValueError:
        yield "decided_on", "a day as YYYY-MM-DD"
