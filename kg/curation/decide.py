"""Decisions given, proposed and written: one or a whole file, with what each would do, all of them or none.

They are only added to `decisions.csv`; what they make of the other tables is read at build (`kg.tables.canonical`).
"""

import csv
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from itertools import count
from pathlib import Path

from kg.analysis.findings import find, rulings
from kg.analysis.findings.finding import Finding
from kg.errors import NOTHING, Complaint, Expectation, InputError, expect
from kg.release.columns import Columns
from kg.tables import Package, canonical, checks, decision_checks, writer
from kg.tables.canonical import DIFFERENT, SAME, Canonical

GIVEN = ("finding", "one_id", "other_id", "verdict", "reason", "decided_by", "decided_on")
"""The columns of a file of decisions, and of what is given on the command line; an empty day means today."""
HEADS = ("id", "about", "verdict", "reason", "decided_by", "decided_on", "effect")
TABLE = "decisions"
Cells = Mapping[str, str]


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
    """Work out what decisions would do, and write nothing.

    Args:
        data: the data folder.
        columns: the columns of the release that was looked at, for the findings and their evidence.
        given: the decisions.
        days: the day on which the findings were looked at; today, for decisions without a day.

    Raises:
        InputError: faults in the tables or the decisions, all of them.
    """
    package = checks.checked(data)
    decided = decisions(package, columns, given, days)
    (path,) = package.resources[TABLE].paths
    return Proposal(data, decided, writer.files(package, {TABLE: {path: [each.row for each in decided]}}))


def decisions(
    package: Package, columns: Columns, given: Sequence[Given], days: tuple[date, date]
) -> tuple[Proposed, ...]:
    """Return decisions as rows of tables that are sound, with what each would do; arguments as in `propose`.

    Raises:
        InputError: faults in the decisions, all of them.
    """
    clerk = _Clerk(package, columns, days, given)
    if complaints := clerk.complaints():
        raise InputError(complaints)
    return tuple(clerk.proposed())


def write(proposal: Proposal) -> list[str]:
    """Add the decisions of a proposal to their table, if every rule still holds; return the files that changed.

    Raises:
        InputError: a rule would be broken; nothing is written then.
    """
    writer.write(proposal.folder, proposal.changed)
    return sorted(proposal.changed)


def next_keys(rows: Iterable[Cells]) -> Iterator[str]:
    """Yield the keys of further rows of the table of decisions, without end."""
    last = max((int(row["id"].rpartition("-")[2]) for row in rows), default=0)
    return (f"decision-{number:04d}" for number in count(last + 1))


def evidence(finding: Finding) -> dict[str, str]:
    """Return the cells that say on what a finding is decided, and on which day it was looked at."""
    return {
        "evidence_hash": finding.evidence_hash,
        "members": ";".join(finding.members),
        "ministries": ";".join(finding.ministries),
        "looked_at": finding.as_of.isoformat(),
    }


def pair_evidence(hashed: str) -> dict[str, str]:
    """Return the same cells for a pair, of which the hash of both names says all."""
    return {"evidence_hash": hashed, "members": "", "ministries": "", "looked_at": ""}


class _Clerk:
    """Turns what is given into rows: faults are looked for in all together, effects in each after those before it."""

    def __init__(self, package: Package, columns: Columns, days: tuple[date, date], given: Sequence[Given]) -> None:
        self._package, self._columns, self._given = package, columns, given
        self._as_of, self._today = days
        self._earlier: list[Cells] = [row.cells for row in package.rows(TABLE)]
        # What is given has no key before it is written, and is called by its file and line.
        self._rows: list[Cells] = [self._named(each) | {"id": f"{each.file}, row {each.line}"} for each in given]
        self._stated = canonical.stated(package, [*self._earlier, *self._rows])
        self._whole = Canonical(self._stated, [*self._earlier, *self._rows])
        self._keys = dict(zip((row["id"] for row in self._rows), next_keys(self._earlier), strict=False))

    @cached_property
    def _findings(self) -> dict[str, Finding]:
        return {finding.key: finding for finding in find.find(self._columns, self._as_of)}

    @cached_property
    def _sizes(self) -> Counter[str]:
        """Number of records of each designation of the tables."""
        return Counter(row["designation_id"] for row in self._package.rows("records"))

    def complaints(self) -> list[Complaint]:
        """Return what is at fault: in each decision alone, and between them."""
        found = {row["id"]: list(self._alone(row)) for row in self._rows}
        sound = Canonical(self._stated, [*self._earlier, *(row for row in self._rows if not found[row["id"]])])
        for fault in sound.faults:
            last = [key for key in found if key in (fault.row["id"], *fault.against)][-1]
            expected = fault.expected
            if last != fault.row["id"] and fault.row["verdict"] == DIFFERENT:
                pair = " and ".join(sorted(sound.pair(fault.row)))
                expected = expect("not-same", decision=fault.row["id"], pair=pair)
            found[last].append((fault.column, expected))
        return [
            given.complaint(column, expected)
            for given, faults in zip(self._given, found.values(), strict=True)
            for column, expected in faults
        ]

    def proposed(self) -> Iterator[Proposed]:
        """Yield the row that each decision becomes, and its effect."""
        made, before = list(self._earlier), Canonical(self._stated, self._earlier)
        for row in self._rows:
            if row["verdict"] != SAME or self._whole.pair(row) not in self._whole.different:
                made.append(row)
            after = Canonical(self._stated, made)
            # Two designations that part are two with names of their own only now.
            looked_at = after if row["verdict"] == DIFFERENT else before
            yield Proposed(
                {**row, "id": self._keys[row["id"]], **self._evidence(row, looked_at)}, self._effect(row, before, after)
            )
            before = after

    def _named(self, given: Given) -> dict[str, str]:
        """Return the cells with kind and key of a pair, also where a finding that asks about a pair is named."""
        cells = {name: given.cells.get(name, "") for name in GIVEN}
        if pair := rulings.pair_in(cells["finding"]):
            cells |= {"finding": "", "one_id": pair[0], "other_id": pair[1]}
        for name in ("one_id", "other_id"):
            if cells[name] and not cells[name].startswith(("designation/", "record/")):
                cells[name] = f"{'record' if '/' in cells[name] else 'designation'}/{cells[name]}"
        return cells | {"decided_on": cells["decided_on"] or self._today.isoformat()}

    def _alone(self, row: Cells) -> Iterator[tuple[str, Expectation]]:
        """Yield column and what it expects for cells that the table of decisions would not take."""
        yield from ((name, expect("text")) for name in ("reason", "decided_by") if not row[name])
        allowed = decision_checks.OF_FINDINGS if row["finding"] else decision_checks.OF_PAIRS
        if row["verdict"] not in allowed:
            yield "verdict", expect("one-of", values=", ".join(allowed))
        if not row["finding"] and row["one_id"] == row["other_id"]:
            yield "other_id", expect("another-of-pair")
        try:
            date.fromisoformat(row["decided_on"])
        except ValueError:
            yield "decided_on", expect("day")
        if row["finding"] and row["finding"] not in self._findings:
            yield "finding", expect("key-of-finding", day=self._as_of)
        for name in () if row["finding"] else ("one_id", "other_id"):
            if not self._stated.known(row[name]):
                yield name, expect("finding-or-key")
            elif row["verdict"] == SAME and not self._whole.designation(row[name]):
                yield name, expect("designation-in-use")

    def _evidence(self, row: Cells, looked_at: Canonical) -> dict[str, str]:
        """Return what is decided on: its evidence, and the day on which it was looked at."""
        if not row["finding"]:
            designations = {looked_at.designation(row[name]) for name in ("one_id", "other_id")} - {""}
            names = {key: looked_at.name(key) for key in sorted(designations)}
            return pair_evidence(rulings.pair_evidence(names))
        return evidence(self._findings[row["finding"]])

    def _effect(self, row: Cells, before: Canonical, after: Canonical) -> str:
        """Return what a decision does, in a sentence."""
        if row["finding"] or row["verdict"] not in (SAME, DIFFERENT):
            return "shown with its reason"
        contrary = ", ".join(self._contrary(row))
        notes = [f"contradicts {contrary}: counts as different"] if contrary else []
        if said := [*notes, *self._changes(before, after)]:
            return "; ".join(said)
        one = before.designation(row["one_id"])
        return f"both are the designation {one} already" if row["verdict"] == SAME else "a possible duplicate no more"

    def _contrary(self, row: Cells) -> Iterator[str]:
        """Yield the decisions that say the contrary of one on the same pair."""
        pair, verdict = self._whole.pair(row), SAME if row["verdict"] == DIFFERENT else DIFFERENT
        for other in [*self._earlier, *self._rows]:
            if len(pair) > 1 and other["verdict"] == verdict and self._whole.pair(other) == pair:
                yield self._keys.get(other["id"], other["id"])

    def _changes(self, before: Canonical, after: Canonical) -> Iterator[str]:
        """Yield which keys go, which come back, and which records become designations."""
        for key in after.gone.keys() - before.gone.keys():
            kept, follow = _called(after, after.key(key)), _records(self._size(before, key), "follow")
            yield f"{_called(after, key)} becomes {kept}, its key is withdrawn, {follow}"
        for key in before.gone.keys() - after.gone.keys():
            back = _records(self._size(after, key), "go")
            yield f"{_called(after, key)} is a designation again and no longer {before.key(key)}, {back} back"
        for record in after.parted.keys() - before.parted.keys():
            own, left = _called(after, canonical.own_key(record)), before.designation(f"record/{record}")
            yield f"{record} becomes a designation of its own, {own}, and no longer {left}"

    def _size(self, found: Canonical, designation: str) -> int:
        """Return the number of records of a canonical designation."""
        members = {designation, *found.members.get(designation, ())}
        left = sum(record["designation_id"] in members for record in found.own.values())
        return sum(self._sizes[key] for key in members) - left + len(members & found.own.keys())


def _called(found: Canonical, designation: str) -> str:
    return f"{designation} {found.name(designation)}"


def _records(number: int, verb: str) -> str:
    return f"1 record {verb}{'es' if verb == 'go' else 's'}" if number == 1 else f"{number} records {verb}"
