"""Measures of claims on shares of areas and ranks: by programme first, then the mean over programmes."""

from collections.abc import Callable, Iterable, Mapping

from kg.analysis.atlas import RANKS, Spot
from kg.analysis.claims.data import ClaimData
from kg.analysis.claims.evaluate import Test, Value, exactly
from kg.analysis.statistics import location_quotient, spearman

_HEIGHTS = {rank: float(len(RANKS) - place) for place, rank in enumerate(RANKS)}
"""The height of each rank, the highest first."""


def share(data: ClaimData, test: Test) -> Value | None:
    """Return the mean over programmes of the area's share of the designations with a known province."""
    members = data.area(test)
    return _mean([_part(data, spots, members) for spots in data.spots(test).values()])


def share_difference(data: ClaimData, test: Test) -> Value | None:
    """Return the mean share of the area minus that of the region `against`."""
    members, against = data.area(test), data.atlas.members(test.many("against"))
    return _mean([_gap(data, spots, members, against) for spots in data.spots(test, test.on).values()])


def share_difference_growth(data: ClaimData, test: Test) -> Value | None:
    """Return the growth of the difference of shares since the day `from`, over the same programmes."""
    start = test.day("from")
    if start is None:
        return None
    before = data.spots(test, start)
    after = {programme: spots for programme, spots in data.spots(test, test.on).items() if programme in before}
    members, against = data.area(test), data.atlas.members(test.many("against"))
    gaps = [
        (_gap(data, before[programme], members, against), _gap(data, spots, members, against))
        for programme, spots in after.items()
    ]
    return _mean([late - early for early, late in gaps if early is not None and late is not None])


def quotient(data: ClaimData, test: Test) -> Value | None:
    """Return the mean location quotient of the area, relative to county-level units or residents (parameter base)."""
    members = data.area(test)
    by_units = test.parameters["base"] == "units"
    base = data.atlas.county_share(members) if by_units else data.atlas.population_share(members)
    if base is None:
        return None
    parts = [_part(data, spots, members) for spots in data.spots(test).values()]
    return _mean([location_quotient(part, base) for part in parts if part is not None])


def rank_correlation(data: ClaimData, test: Test) -> Value | None:
    """Return the mean rank correlation (Spearman) of administrative rank and designations for each unit of the rank.

    Over programmes with a known rank for nearly all designations.
    """
    units = data.atlas.ranked
    ranks = [rank for rank in RANKS if units[rank]]
    found = []
    for spots in data.spots(test).values():
        designations = _by_rank(data, spots)
        density = [designations[rank] / units[rank] for rank in ranks]
        if sum(density) and sum(designations.values()) >= data.known * sum(spot.designations for spot in spots):
            found.append(spearman(density, [_HEIGHTS[rank] for rank in ranks]))
    return _mean(found)


def kind_share(data: ClaimData, test: Test) -> Value | None:
    """Return the mean over programmes of the share of county-level units of some kinds.

    Of the designations with a known county-level unit.
    """
    found = []
    for spots in data.spots(test).values():
        known = [spot for spot in spots if data.atlas.units[spot.place].kind]
        if total := sum(spot.designations for spot in known):
            found.append(sum(spot.designations for spot in _of_kinds(data, known, test)) / total)
    return _mean(found)


def policy_share(data: ClaimData, test: Test) -> Value | None:
    """Return the share of a policy area in all designations in county-level units of some kinds.

    At least if all designations of other policy areas with an unknown county were in such units; at most if all its own
    were.
    """
    area = test.parameters["area"]
    spots = [spot for spots in data.spots(test).values() for spot in spots]
    there = _of_kinds(data, spots, test)
    unknown = [spot for spot in spots if not data.atlas.units[spot.place].kind]

    def number(among: Iterable[Spot], *, ours: bool) -> float:
        return sum(spot.designations for spot in among if (data.policy_areas[spot.programme] == area) == ours)

    own, other = number(there, ours=True), number(there, ours=False)
    if not own + other:
        return None
    low = own / (own + other + number(unknown, ours=False))
    more = own + number(unknown, ours=True)
    return Value(low, more / (more + other), len(test.programmes))


def _of_kinds(data: ClaimData, spots: Iterable[Spot], test: Test) -> list[Spot]:
    asked = test.many("kinds")
    return [spot for spot in spots if data.atlas.units[spot.place].kind in asked]


def _part(data: ClaimData, spots: Iterable[Spot], members: frozenset[str]) -> float | None:
    """Return the share of an area in the designations with a known province; None without any."""
    known = [spot for spot in spots if data.atlas.units[spot.place].province]
    total = sum(spot.designations for spot in known)
    return sum(spot.designations for spot in known if data.atlas.inside(spot.place, members)) / total if total else None


def _gap(data: ClaimData, spots: list[Spot], members: frozenset[str], against: frozenset[str]) -> float | None:
    one, other = _part(data, spots, members), _part(data, spots, against)
    return None if one is None or other is None else one - other


def _by_rank(data: ClaimData, spots: Iterable[Spot]) -> dict[str, float]:
    designations = dict.fromkeys(RANKS, 0.0)
    for spot in spots:
        if rank := data.atlas.units[spot.place].rank:
            designations[rank] += spot.designations
    return designations


def _mean(values: Iterable[float | None]) -> Value | None:
    known = [value for value in values if value is not None]
    return exactly(sum(known) / len(known), len(known)) if known else None


MEASURES: Mapping[str, Callable[[ClaimData, Test], Value | None]] = {
    "share": share,
    "share-difference": share_difference,
    "share-difference-growth": share_difference_growth,
    "location-quotient": quotient,
    "rank-correlation": rank_correlation,
    "kind-share": kind_share,
    "policy-share": policy_share,
}
