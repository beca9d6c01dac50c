"""Comparison of two dates: findings gone, new, changed, and those of which the other day is not known."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from kg.analysis import weights
from kg.analysis.findings.finding import Finding
from kg.analysis.findings.unit_coverage import create_tables
from kg.analysis.in_force import NOT_KNOWN, in_force, not_known
from kg.analysis.ministries import ministries
from kg.release.columns import Columns

Cause = Literal["mandates", "designations", "both", "not-known", ""]


@dataclass(frozen=True, slots=True)
class Change:
    """Change of one finding between two dates.

    key: of the finding; before, after: its states, None where it does not exist; change: gone, new, changed or same;
    not-known-before, not-known-after: it is there on one day, and on the other it is there or not, by designations of
    which it is not known whether they are in force.
    cause: mandates (the same designations, other ministries), designations (started or ended), both, not-known (only
    designations that are not known on the other day), or "" without a change.
    became: key of the stack of one ministry that now contains the designations of a gone overlap, "" if none.
    rests_on_inferred: on one of the two dates, one of its programmes has a ministry only by an inferred mandate.
    """

    key: str
    before: Finding | None
    after: Finding | None
    change: Literal["gone", "new", "changed", "same", "not-known-before", "not-known-after"]
    cause: Cause
    became: str
    rests_on_inferred: bool


def compare(
    columns: Columns,
    before: Iterable[Finding],
    after: Iterable[Finding],
    stacks: Iterable[Finding],
    days: tuple[date, date],
) -> list[Change]:
    """Compare the findings of two dates, key by key.

    Args:
        columns: the columns of the release, for the designations in force.
        before: the findings of the earlier date.
        after: the findings of the later date, of the same kinds.
        stacks: the stacks of one ministry on the later date, which may succeed an overlap.
        days: the two dates.
    """
    early, late = ({finding.key: finding for finding in findings} for findings in (before, after))
    between = _Between(columns, stacks, days)
    return [_change(key, early.get(key), late.get(key), between) for key in sorted(early.keys() | late.keys())]


class _Day:
    """What is known of a day: designations in force and not known, ministries of programmes."""

    def __init__(self, columns: Columns, day: date) -> None:
        self.in_force, self.not_known = in_force(columns, day), not_known(columns, day)
        self.ministries = {key: answer.ministries for key, answer in ministries(columns, day).items()}
        self._programme = columns.cached(
            "programme of designations",
            lambda: dict(columns.query("SELECT designation, programme FROM designations")),
        )
        self._stacked = int(weights.weights(columns)["stacking.programmes"])
        self._near = columns.cached(("not known by unit", day), lambda: _by_unit(columns, day))

    def may_have(self, finding: Finding) -> bool:
        """Whether a finding of another day would be there, were all designations in force that are not known to be.

        Its members are taken as they are: they share place or topic, purpose and field on every day. What is not known
        on either day is no member of it, and counts at its place if it is of one of its programmes.
        """
        if finding.kind == "programme":
            unknown = {self._programme[designation] for designation in self.not_known}
            return not unknown.isdisjoint(finding.programmes)
        possible = {member for member in finding.members if member in self.in_force or member in self.not_known}
        if finding.kind in ("territorial", "stacking"):
            near = self._near.get(finding.group["place"], ())
            possible |= {designation for designation in near if self._programme[designation] in finding.programmes}
        if self.not_known.isdisjoint(possible):
            return False
        there = {self._programme[member] for member in possible}
        if finding.kind == "stacking":
            own = [key for key in there if self.ministries.get(key) == frozenset(finding.ministries)]
            return len(own) >= self._stacked
        if finding.kind == "duplicate":
            return possible == set(finding.members)
        return any(self._rivals(*pair) for pair in finding.overlaps if there.issuperset(pair))

    def _rivals(self, one: str, other: str) -> bool:
        """Whether two programmes have known ministries on the day, and none in common."""
        mine, theirs = self.ministries.get(one), self.ministries.get(other)
        return bool(mine and theirs and mine.isdisjoint(theirs))


def _by_unit(columns: Columns, day: date) -> dict[str, list[str]]:
    """Return for each unit the designations known to touch it of which it is not known whether they are in force."""
    create_tables(columns)
    rows = columns.query(
        f"""SELECT unit, list(designation) FROM unit_coverage
        SEMI JOIN (SELECT designation FROM designations WHERE {NOT_KNOWN}) USING (designation)
        WHERE hold <> 'somewhere' GROUP BY unit""",  # noqa: S608
        {"as_of": day},
    )
    return dict(rows)


class _Between:
    """Both days, designations in force on both, later stacks by group, programmes with inferred ministries."""

    def __init__(self, columns: Columns, stacks: Iterable[Finding], days: tuple[date, date]) -> None:
        self.early, self.late = (_Day(columns, day) for day in days)
        self.standing = self.early.in_force & self.late.in_force
        self.stacks = _by_group(stacks)
        self.inferred = {key for day in days for key, answer in ministries(columns, day).items() if answer.inferred}


def _change(key: str, before: Finding | None, after: Finding | None, between: _Between) -> Change:
    if before and after:
        inferred = _inferred((before, after), between)
        if before.evidence_hash == after.evidence_hash:
            return Change(key, before, after, "same", "", "", inferred)
        return Change(key, before, after, "changed", _cause(before, after, between), "", inferred)
    stack = _became(before, between.stacks) if before else None
    inferred = _inferred((before, after, stack), between)
    if after and between.early.may_have(after):
        return Change(key, before, after, "not-known-before", "not-known", "", inferred)
    if before and not stack and between.late.may_have(before):
        return Change(key, before, after, "not-known-after", "not-known", "", inferred)
    moved = set(before.members if before else after.members if after else ()) - between.standing
    known = moved - (between.late if before else between.early).not_known
    cause: Cause = "designations" if known else "mandates"
    return Change(key, before, after, "gone" if before else "new", cause, stack.key if stack else "", inferred)


def _inferred(states: Iterable[Finding | None], between: _Between) -> bool:
    return any(not between.inferred.isdisjoint(finding.programmes) for finding in states if finding)


def _cause(before: Finding, after: Finding, between: _Between) -> Cause:
    """Return the cause of changed evidence; designations that are not known on the other day are none by themselves."""
    came, went = set(after.members) - set(before.members), set(before.members) - set(after.members)
    moved = came | went
    mandates = before.ministries != after.ministries or not moved.isdisjoint(between.standing)
    known = moved - between.standing - (came & between.early.not_known) - (went & between.late.not_known)
    if known:
        return "both" if mandates else "designations"
    return "mandates" if mandates or not moved else "not-known"


def _became(before: Finding, stacks: Mapping[tuple[str, str], list[Finding]]) -> Finding | None:
    """Return the stack of one ministry with designations of two or more programmes of a gone overlap."""
    for stack in stacks.get((before.group.get("place", ""), before.group.get("purpose_group", "")), ()):
        if before.kind != stack.kind and any(set(pair) <= set(stack.programmes) for pair in before.overlaps):
            return stack
    return None


def _by_group(findings: Iterable[Finding]) -> dict[tuple[str, str], list[Finding]]:
    stacks: dict[tuple[str, str], list[Finding]] = defaultdict(list)
    for finding in findings:
        stacks[finding.group["place"], finding.group["purpose_group"]].append(finding)
    return stacks
