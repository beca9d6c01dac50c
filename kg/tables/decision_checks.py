"""Rules for decisions: they agree with one another, and the designations follow them."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from kg.errors import NOTHING, Complaint, expect
from kg.tables import Package, Row

Decided = Row | Mapping[str, str]
"""A row of a table, read or to be written."""
OF_PAIRS = ("same", "different", "unsure")
OF_FINDINGS = ("overlap-accepted", "overlap-justified", "unsure")


@dataclass(frozen=True)
class Pairs:
    """Resolution of the keys of pairs to designations, by the tables.

    designations: keys in use; records: record to its designation ("" where it was left out); successors: withdrawn
    designation to the designation that followed it, "" where several did or none; origins: record that a merger moved
    to the designation it was of.
    """

    designations: set[str]
    records: Mapping[str, str]
    successors: Mapping[str, str] = field(default_factory=dict)
    origins: Mapping[str, str] = field(default_factory=dict)

    def designation(self, entry: str) -> str:
        """Return the designation in use today that `designation/key` or `record/key` means, "" where there is none."""
        kind, _, key = entry.partition("/")
        designation, seen = (key if kind == "designation" else self.records.get(key, "")), set[str]()
        while designation not in self.designations and designation not in seen:
            seen.add(designation)
            designation = self.successors.get(designation, "")
        return designation if designation in self.designations else ""

    def known(self, entry: str) -> bool:
        """Whether a key is one of the tables, in use or withdrawn."""
        kind, _, key = entry.partition("/")
        return key in self.records if kind == "record" else key in self.designations or key in self.successors

    def origin(self, entry: str) -> str:
        """Return the designation that a key meant before any decision of same, "" where there is none."""
        kind, _, key = entry.partition("/")
        return key if kind == "designation" else self.origins.get(key) or self.records.get(key, "")

    def pair(self, row: Decided) -> tuple[str, ...]:
        """Return what a decision is about, sorted: two original designations, or two records of one."""
        entries = (row["one_id"], row["other_id"])
        designations = {self.origin(entry) for entry in entries}
        return tuple(sorted(designations if len(designations) == len(entries) and all(designations) else entries))

    def one_designation(self, row: Decided) -> str:
        """Return the designation in use that both of a pair mean, "" where they mean two or none."""
        one, other = self.designation(row["one_id"]), self.designation(row["other_id"])
        return one if one == other else ""


def pairs(rows: Callable[[str], Iterable[Decided]]) -> Pairs:
    """Read what stands behind the keys of pairs from tables, given as table → rows."""
    successors, origins = {}, dict[str, str]()
    for row in rows("withdrawn"):
        kind, _, key = row["id"].partition("/")
        if kind == "designation":
            followed = [entry for entry in row["successor_ids"].split(";") if entry]
            successors[key] = followed[0].partition("/")[2] if len(followed) == 1 else ""
    for row in rows("merger_changes"):
        if (row["table"], row["column"]) == ("records", "designation_id"):
            origins.setdefault(row["row"], row["before"])
    designations = {row["id"] for row in rows("designations")}
    return Pairs(designations, {row["id"]: row["designation_id"] for row in rows("records")}, successors, origins)


def joining(rows: Iterable[Decided], behind: Pairs, designation: str) -> list[str]:
    """Return the decisions by which several designations are this one: same, and no different on the same pair."""
    listed = list(rows)
    different = {behind.pair(row) for row in listed if row["verdict"] == "different"}
    return [
        row["id"]
        for row in listed
        if row["verdict"] == "same" and behind.pair(row) not in different and behind.one_designation(row) == designation
    ]


def check(package: Package) -> Iterator[Complaint]:
    """Yield the faults of decisions: of each alone, and where the designations are not as was decided.

    A pair for which both same and different were decided counts as different; that is no fault.
    """
    rows = list(package.rows("decisions"))
    if not rows:
        return
    behind = pairs(package.rows)
    different = {behind.pair(row) for row in rows if row["verdict"] == "different"}
    for row in rows:
        if faults := list(_alone(row, behind)):
            yield from faults
        elif not row["finding"]:
            yield from _honoured(row, rows, behind, different)


def _alone(row: Row, behind: Pairs) -> Iterator[Complaint]:
    one, other, finding = row["one_id"], row["other_id"], row["finding"]
    if bool(finding) == bool(one or other):
        yield row.complaint("finding", repr(finding) if finding else NOTHING, expect("finding-or-pair"))
        return
    allowed = OF_FINDINGS if finding else OF_PAIRS
    if row["verdict"] not in allowed:
        yield row.complaint("verdict", repr(row["verdict"]), expect("one-of", values=", ".join(allowed)))
    if finding:
        return
    for column, entry in (("one_id", one), ("other_id", other)):
        if not behind.known(entry):
            yield row.complaint(column, repr(entry) if entry else NOTHING, expect("designation-or-record"))
    if one == other:
        yield row.complaint("other_id", repr(other), expect("another-of-pair"))


def _honoured(row: Row, rows: Sequence[Row], behind: Pairs, different: set[tuple[str, ...]]) -> Iterator[Complaint]:
    one, other = behind.designation(row["one_id"]), behind.designation(row["other_id"])
    if not (one and other):
        return
    if row["verdict"] == "same" and one != other and behind.pair(row) not in different:
        yield row.complaint("verdict", "'same'", expect("one-designation", one=one, other=other))
    if row["verdict"] == "different" and one == other:
        by = ", ".join(joining(rows, behind, one))
        expected = (
            expect("two-designations-by", designation=one, decisions=by)
            if by
            else expect("two-designations", designation=one)
        )
        yield row.complaint("verdict", "'different'", expected)
