"""Measures of claims: counts of designations, areas, relations and co-occurrences on a day."""

import math
from collections.abc import Callable, Mapping
from dataclasses import replace

from kg.analysis.claims.data import ClaimData
from kg.analysis.claims.evaluate import Test, Value, exactly
from kg.analysis.findings.unit_coverage import HOLDINGS, parameters


def designations(data: ClaimData, test: Test) -> Value:
    """Count designations: at least the dated ones, at most also undated ones and those missing from the list."""
    members, names = data.area(test), test.many("name")
    known = [
        designation
        for designation in data.designations(test)
        if (designation.begun or not designation.dated)
        and (not members or data.lies(designation.key, members))
        and (not names or any(name in designation.name for name in names))
    ]
    by_list = {data.coverage(key).list: data.coverage(key) for key in test.programmes}
    missing = sum(found.missing for found in by_list.values())
    sure = sum(designation.sure for designation in known)
    return Value(sure, len(known) + missing, len(test.programmes))


def begun(data: ClaimData, test: Test) -> Value:
    """Return the number of designations that began between two days, by the first possible day of their date."""
    asked = data.designations(test)
    return exactly(sum(designation.sure and designation.recent for designation in asked), len(test.programmes))


def areas_with(data: ClaimData, test: Test) -> Value:
    """Count the areas with a designation of any of the programmes; one of an entire province counts for its cities."""
    areas = [data.atlas.members([region]) for region in test.regions]
    areas += [frozenset([place]) for place in test.places]
    places = [spot.place for spots in data.spots(test).values() for spot in spots]
    return exactly(sum(any(data.atlas.touches(place, area) for place in places) for area in areas))


def related(data: ClaimData, test: Test) -> Value:
    """Return the number of designations that are objects of a relation from designations of the programmes."""
    subjects = [
        designation.key for designation in data.designations(test) if designation.begun or not designation.dated
    ]
    rows = data.columns.query(
        """SELECT count(DISTINCT object) FROM designation_relations
        WHERE relation = $relation AND list_contains($subjects, subject)""",
        {"relation": test.parameters["relation"], "subjects": subjects},
    )
    return exactly(rows[0][0])


def untied(data: ClaimData, test: Test) -> Value:
    """Count designations without one of the other programmes (parameter with) nearby.

    At least those without one in their prefecture, at most those without one in their county-level unit.
    """
    others = [spot.place for spots in data.spots(_others(test)).values() for spot in spots]
    prefectures = {data.atlas.units[place].prefecture for place in others} - {""}
    counties = {data.atlas.units[place].county for place in others} - {""}
    own = [designation.key for designation in data.designations(test) if designation.begun or not designation.dated]
    units = {key: [data.atlas.units[place] for place in data.places.get(key, ())] for key in own}
    low = sum(prefectures.isdisjoint(unit.prefecture for unit in units[key]) for key in own)
    high = sum(counties.isdisjoint(unit.county for unit in units[key]) for key in own)
    return Value(low, high)


def beside(data: ClaimData, test: Test) -> Value | None:
    """Return the share of the designations with one of the other programmes (with) in their prefecture."""
    others = [spot.place for spots in data.spots(_others(test)).values() for spot in spots]
    found = {code for place in others for code in (data.atlas.units[place].prefecture, place) if code}
    own = [spot for spots in data.spots(test).values() for spot in spots]
    near = [spot.designations for spot in own if {data.atlas.units[spot.place].prefecture, spot.place} & found]
    total = sum(spot.designations for spot in own)
    return exactly(sum(near) / total) if total else None


def meetings(data: ClaimData, test: Test) -> Value:
    """Count county-level units with area-borne designations of at least `least` ministries.

    There is no upper bound while a list is incomplete.
    """
    asked, least = set(test.many("ministries")), int(test.parameters["least"])
    rows = data.columns.query(
        f"""WITH {HOLDINGS} SELECT unit, list(DISTINCT ministry) FROM (
            SELECT unit, unnest(ministries) AS ministry FROM holdings
            WHERE hold = 'in' AND list_contains($programmes, programme)
        ) GROUP BY unit""",  # noqa: S608 — made of our own constants
        parameters(data.columns, test.on) | {"programmes": list(test.programmes)},
    )
    found = sum(len(asked.intersection(there)) >= least for _, there in rows)
    whole = all(data.coverages[key].complete for key in test.programmes)
    return Value(found, found if whole else math.inf, len(test.programmes))


def units_without(data: ClaimData, test: Test) -> Value:
    """Return the share of the county-level units of some kinds without a designation of the programmes.

    At most those without a known designation; at least those left if each designation of unknown county were in one.
    """
    spots = [spot for spots in data.spots(test).values() for spot in spots]
    held = {data.atlas.units[spot.place].county for spot in spots}
    asked = test.many("kinds")
    units = [code for code, unit in data.atlas.units.items() if code == unit.county and unit.kind in asked]
    without = sum(code not in held for code in units)
    unknown = sum(spot.designations for spot in spots if not data.atlas.units[spot.place].county)
    return Value(max(0.0, without - unknown) / len(units), without / len(units), len(test.programmes))


def _others(test: Test) -> Test:
    """Return the test about the other programmes (parameter with)."""
    return replace(test, programmes=tuple(test.many("with")))


MEASURES: Mapping[str, Callable[[ClaimData, Test], Value | None]] = {
    "designations": designations,
    "begun": begun,
    "areas-with": areas_with,
    "related": related,
    "untied": untied,
    "beside": beside,
    "meetings": meetings,
    "units-without": units_without,
}
