"""Where area-borne plates lie on a date: which unit each is known to touch, and how surely; and who is of one field."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from typing import Any

from kg.columns import Columns
from kg.findings.ministries import Answer
from kg.findings.standing import IN_FORCE

HOLDINGS = f"""
    answers AS (SELECT a.programme, a.ministries FROM (SELECT unnest($answers) AS a)),
    standing AS (
        SELECT plate, programme, extent FROM plates SEMI JOIN answers USING (programme)
        WHERE bearer = 'area' AND {IN_FORCE} AND extent NOT IN ('province', 'several-provinces')
    ),
    placed AS (
        SELECT plate, programme, extent, county, prefecture,
               count(*) FILTER (county <> '') OVER (PARTITION BY plate) > 1
               AND extent IN ('town', 'within-county', 'county', 'unknown') AS doubtful
        FROM standing JOIN plate_places USING (plate) JOIN places USING (place)
    ),
    inside AS (SELECT DISTINCT plate, programme, county, prefecture FROM placed WHERE county <> '' AND NOT doubtful),
    whole AS (
        SELECT DISTINCT plate, programme, prefecture FROM placed
        WHERE county = '' AND prefecture <> '' AND extent = 'prefecture'
    ),
    somewhere AS (
        SELECT DISTINCT plate, programme, prefecture FROM placed
        WHERE prefecture <> '' AND (doubtful OR (county = '' AND extent <> 'prefecture'))
    ),
    holdings AS (
        SELECT plate, programme, county AS unit, 'in' AS hold FROM inside
        UNION ALL
        SELECT plate, programme, place, 'covered' FROM whole JOIN places USING (prefecture) WHERE place = county
        UNION ALL SELECT plate, programme, prefecture, 'whole' FROM whole
        UNION ALL SELECT plate, programme, prefecture, 'somewhere' FROM somewhere
    )
"""  # noqa: S608 — made of our own constants
"""SQL: every unit that a plate is known to touch. hold says how: `in` a county-level unit; `covered`: the unit lies in
a prefecture that the plate is whole; `whole`: the plate is the prefecture; `somewhere` in the prefecture, county not
known (so, too, a plate within one county whose name today fits several). Province-wide plates hold nothing.
Needs the parameters as_of and answers."""

CERTAINTIES = """
    certainties(one_hold, other_hold, certainty) AS (VALUES
        ('in', 'in', 'same'), ('in', 'covered', 'covers'), ('covered', 'in', 'covers'),
        ('whole', 'whole', 'covers'), ('whole', 'somewhere', 'covers'), ('somewhere', 'whole', 'covers'),
        ('somewhere', 'somewhere', 'possible'),
        ('somewhere', 'nearby', 'possible'), ('nearby', 'somewhere', 'possible')
    )
"""
"""SQL: how surely two plates meet in a unit, by how each holds it; other pairs of holds meet in another unit or not."""

NEARBY = "SELECT plate, programme, prefecture AS unit, 'nearby' AS hold FROM inside"
"""SQL: plates inside a county of a prefecture, which may meet those somewhere in it."""

FIELDS = """
    numbered AS (SELECT field, broader, row_number() OVER (ORDER BY field)::INTEGER - 1 AS position FROM fields),
    fielded AS (
        SELECT plate, bitstring_agg(numbered.position, 0, $last_field) AS fields
        FROM plate_fields JOIN numbered ON numbered.field = plate_fields.field OR numbered.broader = plate_fields.field
        GROUP BY plate
    )
"""
"""SQL: the fields of a plate as a bit mask, a group of fields as all that is in it; two plates have a field in common
if their masks meet. Needs the parameter last_field."""

LEVELS = {"in": "county", "covered": "county", "whole": "prefecture", "somewhere": "prefecture"}
"""The level of the unit in which a plate is counted, by how it holds it."""


def parameters(as_of: date, answers: Mapping[str, Answer]) -> dict[str, Any]:
    """Return the parameters that `HOLDINGS` needs."""
    known = [{"programme": programme, "ministries": sorted(a.ministries)} for programme, a in sorted(answers.items())]
    return {"as_of": as_of, "answers": known or [{"programme": "", "ministries": [""]}]}


def last_field(columns: Columns) -> int:
    """Return the position of the last field, for the bit masks."""
    return max(int(columns.query("SELECT count(*) FROM fields", {})[0][0]) - 1, 0)


class Margins:
    """How many units of a level each programme touches in a province, on a date: what chance is measured against.

    A prefecture-wide plate touches every county of its prefecture. Chance moves plates about within their province.
    """

    def __init__(self, columns: Columns, as_of: date, answers: Mapping[str, Answer]) -> None:
        self._units: dict[tuple[str, str], dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
        rows = columns.query(
            f"""WITH {HOLDINGS} SELECT DISTINCT hold, province, programme, unit
            FROM holdings JOIN places ON place = unit""",  # noqa: S608
            parameters(as_of, answers),
        )
        for hold, province, programme, unit in rows:
            self._units[LEVELS[hold], province][programme].add(unit)
        self._province = dict(columns.query("SELECT place, province FROM places", {}))
        counted = columns.query(
            """SELECT 'county', province, count(*) FROM places WHERE place = county GROUP BY 2
            UNION ALL SELECT 'prefecture', province, count(*) FROM places WHERE place = prefecture GROUP BY 2""",
            {},
        )
        self._total = {(level, province): int(number) for level, province, number in counted}

    def units(self, level: str, unit: str, programmes: tuple[str, ...]) -> tuple[int, int, tuple[int, ...]]:
        """Return for a unit's province: its units of the level, those with all programmes, and those with each."""
        key = level, self._province[unit]
        held = [self._units[key][programme] for programme in programmes]
        return self._total[key], len(set.intersection(*held)), tuple(len(units) for units in held)
