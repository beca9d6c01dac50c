"""Findings of one day with equal members: linked, and listed once under the first of them; every key stays."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from kg.analysis.findings.finding import TIERS, Finding

APART = TIERS[-1]
"""Kinds that concern the lists and not the designations: they are always listed themselves."""


def linked(ranked: Iterable[Finding]) -> list[Finding]:
    """Return findings of one day in their order, each with the one under which it is listed.

    The first in the order has the strongest evidence. Possible findings are listed apart, and not linked.

    Args:
        ranked: findings of one day, as `finding.rank` orders them.
    """
    first: dict[tuple[str, ...], str] = {}
    found = []
    for finding in ranked:
        if finding.ranked and finding.members and finding.kind not in APART:
            leader = first.setdefault(finding.members, finding.key)
            found.append(finding if leader == finding.key else replace(finding, listed_under=leader))
        else:
            found.append(finding)
    return found


def others(findings: Iterable[Finding]) -> Mapping[str, Sequence[Finding]]:
    """Return, for each finding under which others of the same day are listed, those others in their order."""
    found: dict[str, list[Finding]] = {}
    for finding in findings:
        if finding.listed_under:
            found.setdefault(finding.listed_under, []).append(finding)
    return found
