"""Where area-borne plates lie on a date: which unit each is known to touch, and how surely; and who is of one field."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from kg.columns import Columns
from kg.findings.ministries import Answer
from kg.findings.standing import IN_FORCE

HOLDINGS = f"""
    answers AS (SELECT a.programme, a.ministries FROM (SELECT unnest($answers) AS a)),
    standing AS (
        SELECT plate, programme, extent FROM plates SEMI JOIN answers USING (programme)
        WHERE bearer = 'area' AND {IN_FORCE} AND extent NOT IN ('organisation', 'province', 'several-provinces')
    ),
    placed AS (
        SELECT plate, programme, place, extent, county, prefecture,
               extent = 'prefecture' OR (extent = 'county' AND level = 'prefecture') AS entire
        FROM standing JOIN plate_places USING (plate) JOIN places USING (place) JOIN programmes USING (programme)
        WHERE NOT (level = 'province' AND extent = 'prefecture' AND usual_extent = 'province')
    ),
    doubtful AS (
        SELECT plate FROM placed WHERE county <> '' AND extent IN ('town', 'within-county', 'county', 'unknown')
        GROUP BY plate HAVING count(*) > 1
    ),
    whole AS (SELECT plate, programme, prefecture FROM placed WHERE place = prefecture AND entire),
    inside AS (
        SELECT plate, programme, county, prefecture FROM placed ANTI JOIN doubtful USING (plate)
        WHERE county <> '' AND NOT (place = prefecture AND entire)
    ),
    somewhere AS (
        SELECT plate, programme, prefecture FROM placed WHERE prefecture <> '' AND county = '' AND NOT entire
        UNION SELECT plate, programme, prefecture FROM placed SEMI JOIN doubtful USING (plate) WHERE prefecture <> ''
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
known (so, too, a plate within one county whose name today fits several). Province-wide plates hold nothing, nor
does the plate of a whole municipality in a programme for provinces, nor a plate that an organisation bears; a
prefecture without counties is a county-level unit for what lies within it, a prefecture for what is the whole of it.
Needs the parameters as_of and answers."""

PROVINCIAL = """
    near AS (
        SELECT DISTINCT plate FROM plate_places JOIN places USING (place)
        WHERE province IN (SELECT province FROM places WHERE list_contains($units, place))
    ),
""" + HOLDINGS.replace("FROM plates SEMI JOIN answers", "FROM plates SEMI JOIN near USING (plate) SEMI JOIN answers")  # noqa: S608
"""SQL: the same of those plates only that touch the provinces of some units. Needs the parameter units, too."""

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
    masks AS (
        SELECT stated.field, bitstring_agg(held.position, 0, $last_field) AS fields,
               CASE WHEN count(*) = 1 THEN bitstring_agg(held.position, 0, $last_field) END AS narrow
        FROM numbered stated JOIN numbered held ON held.field = stated.field OR held.broader = stated.field
        GROUP BY stated.field
    ),
    fielded AS (
        SELECT plate, bit_or(fields) AS fields, bit_or(narrow) AS narrow
        FROM plate_fields JOIN masks USING (field) GROUP BY plate
    )
"""
"""SQL: the fields of a plate as a bit mask, a group of fields as all that is in it; two plates have a field in common
if their masks meet, and surely one field if the narrow ones meet, without groups. Needs the parameter last_field."""

AGREEMENT = """
    CASE WHEN a.fields IS NULL OR b.fields IS NULL THEN 'unknown'
         WHEN bit_count(a.narrow & b.narrow) > 0 THEN 'common'
         WHEN bit_count(a.fields & b.fields) > 0 THEN 'broader'
         ELSE 'different' END
"""
"""SQL: how the fields of two plates a and b agree; the end of a key of the weights `field.`."""

HELD = {"in": "in", "covered": "covered", "whole": "prefecture", "somewhere": "prefecture"}
"""How a unit is held, as far as chance tells it apart."""


@dataclass(frozen=True, slots=True)
class Margin:
    """For a province: its units of a level, those with a whole combination of programmes, and those with each."""

    units: int
    observed: int
    each: tuple[int, ...]


def parameters(as_of: date, answers: Mapping[str, Answer]) -> dict[str, Any]:
    """Return the parameters that `HOLDINGS` needs."""
    known = [{"programme": programme, "ministries": sorted(a.ministries)} for programme, a in sorted(answers.items())]
    return {"as_of": as_of, "answers": known or [{"programme": "", "ministries": [""]}]}


def last_field(columns: Columns) -> int:
    """Return the position of the last field, for the bit masks."""
    return max(int(columns.query("SELECT count(*) FROM fields", {})[0][0]) - 1, 0)


class Margins:
    """How many units of a level each programme touches in a province, on a date: what chance is measured against.

    Chance moves the plates of a programme about within their province, each on its own.
    """

    def __init__(self, columns: Columns, as_of: date, answers: Mapping[str, Answer], units: Sequence[str] = ()) -> None:
        """Read the margins of all provinces, or of those in which some units lie."""
        self._units: dict[tuple[str, str, str], set[str]] = defaultdict(set)
        rows = columns.query(
            f"""WITH {PROVINCIAL if units else HOLDINGS} SELECT DISTINCT hold, province, programme, unit
            FROM holdings JOIN places ON place = unit""",  # noqa: S608
            parameters(as_of, answers) | ({"units": list(units)} if units else {}),
        )
        for hold, province, programme, unit in rows:
            self._units[HELD[hold], province, programme].add(unit)
        self._province = dict(columns.query("SELECT place, province FROM places", {}))
        counted = columns.query(
            """SELECT 'county', province, count(*) FROM places WHERE place = county GROUP BY 2
            UNION ALL SELECT 'prefecture', province, count(*) FROM places WHERE place = prefecture GROUP BY 2""",
            {},
        )
        self._total = {(level, province): int(number) for level, province, number in counted}

    def county(self, unit: str, own: Iterable[str], covering: Iterable[str]) -> Margin:
        """Count the counties of a unit's province.

        Prefecture-wide plates cover whole blocks of counties, so they do not move one by one: those that cover the
        unit count as one, whose counties are those that all of them cover.

        Args:
            unit: a county-level unit.
            own: programmes with plates of their own in it.
            covering: programmes of which only a prefecture-wide plate covers it.
        """
        covered = self._sets("covered", unit, covering)
        held = self._sets("in", unit, own) + ([set.intersection(*covered)] if covered else [])
        return self._margin("county", unit, held)

    def prefecture(self, unit: str, programmes: Iterable[str]) -> Margin:
        """Count the prefectures of a unit's province: those that a plate of the programmes is, or lies somewhere in."""
        return self._margin("prefecture", unit, self._sets("prefecture", unit, programmes))

    def _sets(self, held: str, unit: str, programmes: Iterable[str]) -> list[set[str]]:
        return [self._units[held, self._province[unit], programme] for programme in programmes]

    def _margin(self, level: str, unit: str, held: list[set[str]]) -> Margin:
        total = self._total[level, self._province[unit]]
        return Margin(total, len(set.intersection(*held)), tuple(len(units) for units in held))
