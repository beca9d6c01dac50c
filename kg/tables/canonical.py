"""Canonical designations: which designations of the tables are one by decision, and under which key.

`decisions.csv` is read as a graph, as OpenSanctions' nomenklatura does: *same* is an edge between two designations,
*different* takes the edges of its pair away, and designations that are connected are one. Its key is the one that the
tables name first. No table is rewritten, and the order of the decisions does not matter.

*Different* between two records that the lists gave to one designation parts them: the later further record becomes a
designation of its own, with a key made of the record's.
"""

from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from functools import cached_property
from itertools import combinations

from kg.errors import Expectation, expect
from kg.tables.package import Package, Row

Decided = Row | Mapping[str, str]
"""A row of the table of decisions, read or to be written."""
SAME, DIFFERENT = "same", "different"


@dataclass(frozen=True)
class Stated:
    """What the tables say before any decision.

    designations: rows by key; records: the rows that decisions name, by key; both in the order of the tables.
    successors: withdrawn designation to the one that followed it, "" where several did or none; alternates: pairs of
    programmes that are two names of one.
    """

    designations: Mapping[str, Row]
    records: Mapping[str, Row]
    successors: Mapping[str, str] = field(default_factory=dict)
    alternates: AbstractSet[frozenset[str]] = frozenset()

    @cached_property
    def order(self) -> Mapping[str, int]:
        """Rank of each designation in the tables, and after them of those that its records can become."""
        return {key: rank for rank, key in enumerate([*self.designations, *map(own_key, self.records)])}

    def origin(self, entry: str) -> str:
        """Return the designation that `designation/key` or `record/key` names, in use or not; "" if there is none."""
        kind, _, key = entry.partition("/")
        if kind == "designation":
            return key
        return self.records[key]["designation_id"] if key in self.records else ""

    def known(self, entry: str) -> bool:
        """Whether a key is one of the tables, in use or withdrawn, or one that a record can get."""
        kind, _, key = entry.partition("/")
        return key in self.records if kind == "record" else key in self.order or key in self.successors

    def alternate(self, programmes: Iterable[str]) -> bool:
        """Whether all programmes are names of one."""
        return all(frozenset(pair) in self.alternates for pair in combinations(set(programmes), 2))


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """Why a designation has another key: the canonical one, the day of the merger (YYYY-MM-DD), all decisions of it."""

    kept: str
    day: str
    decisions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Fault:
    """A decision that cannot hold: its column and what was expected there, and the decisions that stand against it."""

    row: Decided
    column: str
    expected: Expectation
    against: tuple[str, ...] = ()


class Canonical:
    """The designations after all decisions.

    parted: record that became a designation of its own → the decisions by which; gone: designation with another key →
    which, and why; members: canonical key → the others of its component, in the order of the tables; different: pairs
    of designations that are kept apart; faults: decisions that cannot hold.
    """

    def __init__(self, stated: Stated, decisions: Iterable[Decided]) -> None:
        self.stated = stated
        self.faults: list[Fault] = []
        rows = [row for row in decisions if not row["finding"] and row["one_id"] != row["other_id"]]
        apart = [row for row in rows if row["verdict"] == DIFFERENT]
        self.parted = self._parted(apart)
        self.different = {self.pair(row) for row in apart}
        edges = [row for row in rows if row["verdict"] == SAME and self.pair(row) not in self.different]
        self.gone = self._joined([row for row in edges if len(self.pair(row)) > 1])
        self.members: dict[str, list[str]] = {}
        for key in sorted(self.gone, key=self.stated.order.__getitem__):
            self.members.setdefault(self.gone[key].kept, []).append(key)
        at_fault = [fault.row for fault in self.faults]
        self.faults += self._contradictions(row for row in apart if row not in at_fault)
        self.faults += self._strangers(edges)

    def key(self, designation: str) -> str:
        """Return the canonical key of a designation of the tables."""
        return self.gone[designation].kept if designation in self.gone else designation

    def designation(self, entry: str) -> str:
        """Return the canonical key of what `designation/key` or `record/key` means, "" where nothing is in use."""
        return self.key(self._node(entry))

    def of_record(self, record: Row) -> str:
        """Return the canonical key of the designation of a record, "" if it was left out."""
        return self.key(own_key(record["id"]) if record["id"] in self.parted else record["designation_id"])

    def pair(self, row: Decided) -> frozenset[str]:
        """Return the designations that a decision is about, as far as they are in use; one if they are one already."""
        return frozenset((self._node(row["one_id"]), self._node(row["other_id"]))) - {""}

    def _node(self, entry: str) -> str:
        kind, _, key = entry.partition("/")
        if kind == "record" and key in self.parted:
            return own_key(key)
        designation, seen = self.stated.origin(entry), set[str]()
        while designation not in self._nodes and designation not in seen:
            seen.add(designation)
            designation = self.stated.successors.get(designation, "")
        return designation if designation in self._nodes else ""

    @cached_property
    def _nodes(self) -> AbstractSet[str]:
        return self.stated.designations.keys() | set(map(own_key, self.parted))

    def _parted(self, apart: Iterable[Decided]) -> dict[str, tuple[str, ...]]:
        """Return the records that part from the designation that a list gave them to, with the decisions by which."""
        parted: dict[str, list[str]] = {}
        for row in apart:
            designation = self.stated.origin(row["one_id"])
            if not designation or self.stated.origin(row["other_id"]) != designation:
                continue
            named = {row[name].removeprefix("record/") for name in ("one_id", "other_id")}
            further = [key for key, record in self.stated.records.items() if record["outcome"] == "merged"]
            if leaving := [key for key in further if key in named]:
                parted.setdefault(leaving[-1], []).append(row["id"])
            else:
                self.faults.append(Fault(row, "other_id", expect("further-record", designation=designation)))
        return {key: tuple(sorted(by)) for key, by in parted.items()}

    def _joined(self, edges: list[Decided]) -> dict[str, Withdrawn]:
        """Return the designations that are not the first of their component (union by order, the oldest day first)."""
        above: dict[str, str] = {}
        days: dict[str, str] = {}

        def first(key: str) -> str:
            while key in above:
                key = above[key]
            return key

        for row in sorted(edges, key=lambda row: row["decided_on"]):
            kept, gone = sorted(map(first, self.pair(row)), key=self.stated.order.__getitem__)
            if kept != gone:
                above[gone], days[gone] = kept, row["decided_on"]
        decisions: dict[str, set[str]] = {}
        for row in edges:
            decisions.setdefault(first(min(self.pair(row))), set()).add(row["id"])
        return {key: Withdrawn(first(key), day, tuple(sorted(decisions[first(key)]))) for key, day in days.items()}

    def _contradictions(self, apart: Iterable[Decided]) -> Iterator[Fault]:
        """Yield the decisions of different whose designations are one, through a third or a withdrawn key."""
        for row in apart:
            pair = self.pair(row)
            kept = {self.key(designation) for designation in pair}
            if len(kept) != 1 or not (self._node(row["one_id"]) and self._node(row["other_id"])):
                continue
            by = next((self.gone[key].decisions for key in pair if key in self.gone), ()) if len(pair) > 1 else ()
            if by:
                expected = expect("two-designations-by", designation=kept.pop(), decisions=", ".join(by))
            else:
                expected = expect("two-designations", designation=kept.pop())
            yield Fault(row, "verdict", expected, by)

    def _strangers(self, edges: Iterable[Decided]) -> Iterator[Fault]:
        """Yield the decisions of same between designations of programmes that are not names of one."""
        for row in edges:
            ends = [self._node(row[name]) for name in ("one_id", "other_id")]
            if all(ends):
                one, other, kept = map(self.programme, [*ends, self.key(ends[0])])
                if not self.stated.alternate((one, other, kept)):
                    strange = (one, other) if one != other else (kept, other)
                    expected = expect("one-programme", one=strange[0], other=strange[1])
                    yield Fault(row, "other_id", expected, self.gone[ends[0]].decisions if ends[0] in self.gone else ())

    @cached_property
    def own(self) -> Mapping[str, Row]:
        """The records that are designations, by their keys as designations."""
        return {own_key(key): record for key, record in self.stated.records.items() if key in self.parted}

    def programme(self, designation: str) -> str:
        """Return the programme of a designation."""
        return (self.own.get(designation) or self.stated.designations[designation])["programme_id"]

    def name(self, designation: str) -> str:
        """Return the name of a designation."""
        record = self.own.get(designation)
        return record["name"] if record else self.stated.designations[designation]["name_zh"]


def own_key(record: str) -> str:
    """Return the key of the designation that a record becomes when it is parted from the one it was given to."""
    return record.replace("/", ".")


def stated(package: Package, decisions: Iterable[Decided]) -> Stated:
    """Read from tables, before any decision, what decisions are about."""
    named = {row[name].removeprefix("record/") for row in decisions for name in ("one_id", "other_id")}
    records = {row["id"]: row for row in package.rows("records") if row["id"] in named}
    successors = {}
    for row in package.rows("withdrawn"):
        kind, _, key = row["id"].partition("/")
        if kind == "designation":
            followed = row.many("successor_ids")
            successors[key] = followed[0].partition("/")[2] if len(followed) == 1 else ""
    return Stated(package.index("designations"), records, successors, alternates(package))


def alternates(package: Package) -> set[frozenset[str]]:
    """Return the pairs of programmes that are two names of one."""
    return {
        frozenset((row["subject_id"], row["object_id"]))
        for row in package.rows("programme_relations")
        if row["relation"] == "alternates"
    }
