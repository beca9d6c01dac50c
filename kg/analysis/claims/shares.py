"""Measures of claims on shares of areas and ranks: each programme first, then the mean over programmes."""

from collections.abc import Callable, Iterable, Mapping

from kg.analysis.atlas import RANKS, Spot
from kg.analysis.claims.data import World
from kg.analysis.claims.evaluate import Test, Value, exactly
from kg.analysis.inequality import location_quotient
from kg.analysis.statistics import spearman

_HEIGHTS = {rank: float(len(RANKS) - place) for place, rank in enumerate(RANKS)}
"""The height of each rank, the highest first."""


def share(world: World, test: Test) -> Value | None:
    """Return the mean over programmes of the area's part of the designations whose province is known."""
    members = world.area(test)
    return _mean([_part(world, spots, members) for spots in world.spots(test).values()])


def share_difference(world: World, test: Test) -> Value | None:
    """Return the mean share of the area less that of the region `against`."""
    members, against = world.area(test), world.atlas.members(test.many("against"))
    return _mean([_gap(world, spots, members, against) for spots in world.spots(test, test.on).values()])


def share_difference_growth(world: World, test: Test) -> Value | None:
    """Return how much the difference of shares has grown since the day `from`, over the same programmes."""
    start = test.day("from")
    if start is None:
        return None
    before = world.spots(test, start)
    after = {programme: spots for programme, spots in world.spots(test, test.on).items() if programme in before}
    members, against = world.area(test), world.atlas.members(test.many("against"))
    gaps = [
        (_gap(world, before[programme], members, against), _gap(world, spots, members, against))
        for programme, spots in after.items()
    ]
    return _mean([late - early for early, late in gaps if early is not None and late is not None])


def quotient(world: World, test: Test) -> Value | None:
    """Return the mean location quotient of the area, against county-level units or residents (parameter base)."""
    members = world.area(test)
    by_units = test.parameters["base"] == "units"
    base = world.atlas.county_share(members) if by_units else world.atlas.population_share(members)
    if base is None:
        return None
    parts = [_part(world, spots, members) for spots in world.spots(test).values()]
    return _mean([location_quotient(part, base) for part in parts if part is not None])


def rank_correlation(world: World, test: Test) -> Value | None:
    """Return the mean rank correlation (Spearman) of administrative rank and designations for each unit of the rank.

    Over programmes of whose designations nearly all have a known rank.
    """
    units = world.atlas.ranked
    ranks = [rank for rank in RANKS if units[rank]]
    found = []
    for spots in world.spots(test).values():
        designations = _by_rank(world, spots)
        density = [designations[rank] / units[rank] for rank in ranks]
        if sum(density) and sum(designations.values()) >= world.known * sum(spot.designations for spot in spots):
            found.append(spearman(density, [_HEIGHTS[rank] for rank in ranks]))
    return _mean(found)


def kind_share(world: World, test: Test) -> Value | None:
    """Return the mean over programmes of the part that county-level units of some kinds have.

    Of the designations whose county-level unit is known.
    """
    found = []
    for spots in world.spots(test).values():
        known = [spot for spot in spots if world.atlas.units[spot.place].kind]
        if total := sum(spot.designations for spot in known):
            found.append(sum(spot.designations for spot in _of_kinds(world, known, test)) / total)
    return _mean(found)


def policy_share(world: World, test: Test) -> Value | None:
    """Return the part that a policy area has of all designations that lie in county-level units of some kinds.

    At least, were all designations of other areas whose county-level unit nobody knows in such units; at most, were its
    own.
    """
    area = test.parameters["area"]
    spots = [spot for spots in world.spots(test).values() for spot in spots]
    there = _of_kinds(world, spots, test)
    unknown = [spot for spot in spots if not world.atlas.units[spot.place].kind]

    def number(among: Iterable[Spot], *, ours: bool) -> float:
        return sum(spot.designations for spot in among if (world.policy_areas[spot.programme] == area) == ours)

    own, other = number(there, ours=True), number(there, ours=False)
    if not own + other:
        return None
    low = own / (own + other + number(unknown, ours=False))
    more = own + number(unknown, ours=True)
    return Value(low, more / (more + other), len(test.programmes))


def _of_kinds(world: World, spots: Iterable[Spot], test: Test) -> list[Spot]:
    asked = test.many("kinds")
    return [spot for spot in spots if world.atlas.units[spot.place].kind in asked]


def _part(world: World, spots: Iterable[Spot], members: frozenset[str]) -> float | None:
    """Return the part of the designations of known province that lies in an area; None where there is none."""
    known = [spot for spot in spots if world.atlas.units[spot.place].province]
    total = sum(spot.designations for spot in known)
    return (
        sum(spot.designations for spot in known if world.atlas.inside(spot.place, members)) / total if total else None
    )


def _gap(world: World, spots: list[Spot], members: frozenset[str], against: frozenset[str]) -> float | None:
    one, other = _part(world, spots, members), _part(world, spots, against)
    return None if one is None or other is None else one - other


def _by_rank(world: World, spots: Iterable[Spot]) -> dict[str, float]:
    designations = dict.fromkeys(RANKS, 0.0)
    for spot in spots:
        if rank := world.atlas.units[spot.place].rank:
            designations[rank] += spot.designations
    return designations


def _mean(values: Iterable[float | None]) -> Value | None:
    known = [value for value in values if value is not None]
    return exactly(sum(known) / len(known), len(known)) if known else None


MEASURES: Mapping[str, Callable[[World, Test], Value | None]] = {
    "share": share,
    "share-difference": share_difference,
    "share-difference-growth": share_difference_growth,
    "location-quotient": quotient,
    "rank-correlation": rank_correlation,
    "kind-share": kind_share,
    "policy-share": policy_share,
}
