"""Evidence of overlaps on a topic: one carrier, or one place word in a prefecture; the cost is linear."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import product

from kg.analysis.findings.organisation_designations import OrganisationDesignation
from kg.analysis.findings.scoring import ScoringContext
from kg.analysis.findings.strength import BIT, nearness
from kg.analysis.findings.topics import MIN_SITE_CHARS

Lying = Mapping[tuple[str, str], set[int]]
"""Carrier (with ""), or prefecture and beginning of a place word, to what the designations there lack, as bits."""


def nearest_lacks(
    context: ScoringContext,
    ones: Sequence[OrganisationDesignation],
    others: Sequence[OrganisationDesignation],
    partners: Mapping[str, Collection[str]],
    *,
    topical: bool,
) -> int:
    """Return the bits that the strongest pair of designations of two programmes lacks.

    Args:
        context: the scoring context.
        ones: the designations of one programme.
        others: those of the other.
        partners: designation to those that are related to it by design, which are no pair with it.
        topical: whether the designations share a topic; if not, they are borne by one carrier.
    """
    alone = [one for one in ones if one.designation not in partners]
    found = [*_lacks(context, alone, others, topical=topical)]
    for one in ones:
        if related := partners.get(one.designation):
            rest = [other for other in others if other.designation not in related]
            found += _lacks(context, [one], rest, topical=topical)
    return min(found, key=nearness)


def on_one_site(
    ones: Sequence[OrganisationDesignation],
    others: Sequence[OrganisationDesignation],
    partners: Mapping[str, Collection[str]],
) -> bool:
    """Whether a pair of designations has a common carrier and a common place word, and is not related by design."""
    there: dict[tuple[str, str], list[str]] = defaultdict(list)
    for other in others:
        for key in product(other.carriers, _beginnings(other)):
            there[key].append(other.designation)
    return any(
        other not in partners.get(one.designation, ())
        for one in ones
        for key in product(one.carriers, _beginnings(one))
        for other in there.get(key, ())
    )


def _beginnings(designation: OrganisationDesignation) -> set[str]:
    return {site[:MIN_SITE_CHARS] for site in designation.topic.sites}


def _lacks(
    context: ScoringContext,
    ones: Sequence[OrganisationDesignation],
    others: Sequence[OrganisationDesignation],
    *,
    topical: bool,
) -> Iterator[int]:
    """Yield what pairs lack, each combination once: of those on one carrier or at one place word, and of the others.

    A pair on one carrier is also among the others, where it lacks more.
    """
    own = {
        each.designation: context.lacks(each.designation)
        | (0 if topical or each.topic.phrases else BIT["topic-unknown"])
        | BIT["mandate-inferred"] * context.inferred(each.programme)
        for each in (*ones, *others)
    }
    mine, theirs = (_lying(own, side) for side in (ones, others))
    found = {one | other for key in mine.keys() & theirs.keys() for one in mine[key] for other in theirs[key]}
    known, unknown = (
        {own[each.designation] for each in ones if bool(each.carriers) is borne} for borne in (True, False)
    )
    for other in {(own[each.designation], bool(each.carriers)) for each in others}:
        found |= {one | other[0] | BIT["carrier-differs" if other[1] else "carrier-unknown"] for one in known}
        found |= {one | other[0] | BIT["carrier-unknown"] for one in unknown}
    for lacks in found:
        yield lacks if topical or lacks & BIT["topic-unknown"] else lacks | BIT["group-only"]


def _lying(own: Mapping[str, int], designations: Sequence[OrganisationDesignation]) -> Lying:
    found: dict[tuple[str, str], set[int]] = defaultdict(set)
    for designation in designations:
        beginnings = _beginnings(designation)
        keys = [(carrier, "") for carrier in designation.carriers]
        keys += [(prefecture, site) for prefecture in designation.prefectures for site in beginnings]
        for key in keys:
            found[key].add(own[designation.designation])
    return found
