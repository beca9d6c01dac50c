"""Measures of claims that count designations, areas, ties and meetings on a day."""

import math
from collections.abc import Callable, Mapping
from dataclasses import replace

from kg.analysis.claims.data import World
from kg.analysis.claims.evaluate import Test, Value, exactly
from kg.analysis.findings.unit_coverage import HOLDINGS, parameters


def designations(world: World, test: Test) -> Value:
    """Count designations: at least the dated ones, at most also undated ones and those the list lacks."""
    members, names = world.area(test), test.many("name")
    known = [
        designation
        for designation in world.designations(test)
        if (designation.begun or not designation.dated)
        and (not members or world.lies(designation.key, members))
        and (not names or any(name in designation.name for name in names))
    ]
    missing = sum(
        max(0, (found.official or 0) - found.found)
        for found in {world.coverage(key).list: world.coverage(key) for key in test.programmes}.values()
        if found.completeness != "whole"
    )
    sure = sum(designation.sure for designation in known)
    return Value(sure, len(known) + missing, len(test.programmes))


def begun(world: World, test: Test) -> Value:
    """Return the number of designations that began between two days, by the first day that their date can mean."""
    asked = world.designations(test)
    return exactly(sum(designation.sure and designation.recent for designation in asked), len(test.programmes))


def areas_with(world: World, test: Test) -> Value:
    """Count the areas with a designation of any of the programmes; one of a whole province is in its cities."""
    areas = [world.atlas.members([region]) for region in test.regions]
    areas += [frozenset([place]) for place in test.places]
    places = [spot.place for spots in world.spots(test).values() for spot in spots]
    return exactly(sum(any(world.atlas.touches(place, area) for place in places) for area in areas))


def related(world: World, test: Test) -> Value:
    """Return how many designations the designations of the programmes stand in a relation to."""
    subjects = [
        designation.key for designation in world.designations(test) if designation.begun or not designation.dated
    ]
    rows = world.columns.query(
        """SELECT count(DISTINCT object) FROM designation_relations
        WHERE relation = $relation AND list_contains($subjects, subject)""",
        {"relation": test.parameters["relation"], "subjects": subjects},
    )
    return exactly(rows[0][0])


def untied(world: World, test: Test) -> Value:
    """Count designations without one of the other programmes (with): at least in their prefecture, at most near.

    At most those for which none is known in the same county-level unit and no relation is stated.
    """
    others = [spot.place for spots in world.spots(_others(test)).values() for spot in spots]
    prefectures = {world.atlas.units[place].prefecture for place in others} - {""}
    counties = {world.atlas.units[place].county for place in others} - {""}
    own = [designation.key for designation in world.designations(test) if designation.begun or not designation.dated]
    units = {key: [world.atlas.units[place] for place in world.places.get(key, ())] for key in own}
    low = sum(prefectures.isdisjoint(unit.prefecture for unit in units[key]) for key in own)
    high = sum(counties.isdisjoint(unit.county for unit in units[key]) for key in own)
    return Value(low, high)


def beside(world: World, test: Test) -> Value | None:
    """Return the part of the designations in whose prefecture a designation of the other programmes (with) lies."""
    others = [spot.place for spots in world.spots(_others(test)).values() for spot in spots]
    found = {code for place in others for code in (world.atlas.units[place].prefecture, place) if code}
    own = [spot for spots in world.spots(test).values() for spot in spots]
    near = [spot.designations for spot in own if {world.atlas.units[spot.place].prefecture, spot.place} & found]
    total = sum(spot.designations for spot in own)
    return exactly(sum(near) / total) if total else None


def meetings(world: World, test: Test) -> Value:
    """Count county-level units with area-borne designations of several ministries (as many as `least`).

    A further list can only add to them: where a list is not whole, there is no upper bound.
    """
    asked, least = set(test.many("ministries")), int(test.parameters["least"])
    rows = world.columns.query(
        f"""WITH {HOLDINGS} SELECT unit, list(DISTINCT ministry) FROM (
            SELECT unit, unnest(ministries) AS ministry FROM holdings
            WHERE hold = 'in' AND list_contains($programmes, programme)
        ) GROUP BY unit""",  # noqa: S608 — made of our own constants
        parameters(world.columns, test.on) | {"programmes": list(test.programmes)},
    )
    found = sum(len(asked.intersection(there)) >= least for _, there in rows)
    whole = all(world.coverages[key].whole for key in test.programmes)
    return Value(found, found if whole else math.inf, len(test.programmes))


def units_without(world: World, test: Test) -> Value:
    """Return the part of the county-level units of some kinds in which no designation of any of the programmes lies.

    At most where none is known to lie; at least, were each designation of unknown county-level unit in one of these.
    """
    spots = [spot for spots in world.spots(test).values() for spot in spots]
    held = {world.atlas.units[spot.place].county for spot in spots}
    asked = test.many("kinds")
    units = [code for code, unit in world.atlas.units.items() if code == unit.county and unit.kind in asked]
    without = sum(code not in held for code in units)
    unknown = sum(spot.designations for spot in spots if not world.atlas.units[spot.place].county)
    return Value(max(0.0, without - unknown) / len(units), without / len(units), len(test.programmes))


def _others(test: Test) -> Test:
    """Return the test about the other programmes (parameter with)."""
    return replace(test, programmes=tuple(test.many("with")))


MEASURES: Mapping[str, Callable[[World, Test], Value | None]] = {
    "designations": designations,
    "begun": begun,
    "areas-with": areas_with,
    "related": related,
    "untied": untied,
    "beside": beside,
    "meetings": meetings,
    "units-without": units_without,
}
