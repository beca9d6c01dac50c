"""Comparison of two dates: findings gone, new and changed, caused by mandates or by designations."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from kg.analysis.findings.finding import Finding
from kg.analysis.in_force import IN_FORCE
from kg.analysis.ministries import ministries
from kg.release.columns import Columns

Cause = Literal["mandates", "designations", "both", ""]


@dataclass(frozen=True, slots=True)
class Change:
    """Change of one finding between two dates.

    key: of the finding; before, after: its states, None where it does not exist; change: gone, new, changed or same.
    cause: mandates (the same designations, other ministries), designations (started or ended), both, or "" without a
    change.
    became: key of the stack of one ministry that now contains the designations of a gone overlap, "" if none.
    rests_on_inferred: on one of the two dates, one of its programmes has a ministry only by an inferred mandate.
    """

    key: str
    before: Finding | None
    after: Finding | None
    change: Literal["gone", "new", "changed", "same"]
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
    inferred = {key for day in days for key, answer in ministries(columns, day).items() if answer.inferred}
    both = _in_force(columns, days[0]) & _in_force(columns, days[1])
    between = _Between(both, _by_group(stacks), frozenset(inferred))
    return [_change(key, early.get(key), late.get(key), between) for key in sorted(early.keys() | late.keys())]


@dataclass(frozen=True, slots=True)
class _Between:
    """Designations in force on both dates, later stacks by place and group, programmes with inferred ministries."""

    standing: frozenset[str]
    stacks: Mapping[tuple[str, str], list[Finding]]
    inferred: frozenset[str]


def _change(key: str, before: Finding | None, after: Finding | None, between: _Between) -> Change:
    stack = _became(before, between.stacks) if before and not after else None
    states = [finding for finding in (before, after, stack) if finding]
    inferred = any(not between.inferred.isdisjoint(finding.programmes) for finding in states)
    if before and after:
        if before.evidence_hash == after.evidence_hash:
            return Change(key, before, after, "same", "", "", inferred)
        moved = set(before.members) ^ set(after.members)
        mandates = before.ministries != after.ministries or not moved.isdisjoint(between.standing)
        cause: Cause = ("both" if mandates else "designations") if moved - between.standing else "mandates"
        return Change(key, before, after, "changed", cause, "", inferred)
    cause = "mandates" if all(set(finding.members) <= between.standing for finding in states[:1]) else "designations"
    return Change(key, before, after, "gone" if before else "new", cause, stack.key if stack else "", inferred)


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


def _in_force(columns: Columns, day: date) -> frozenset[str]:
    rows = columns.query(f"SELECT designation FROM designations WHERE {IN_FORCE}", {"as_of": day})  # noqa: S608
    return frozenset(designation for (designation,) in rows)
