"""Units covered by area-borne designations on a date, with the certainty and the fields of each designation."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from kg.analysis.findings.strength import BIT, LOW_SOURCE
from kg.analysis.in_force import IN_FORCE
from kg.analysis.ministries import ministries
from kg.release.columns import Columns

_FIELDED = """
    ordered AS (SELECT field, broader, row_number() OVER (ORDER BY field)::INTEGER - 1 AS position FROM fields),
    masks AS (
        SELECT stated.field, bitstring_agg(held.position, 0, $last_field) AS fields,
               CASE WHEN count(*) = 1 THEN bitstring_agg(held.position, 0, $last_field) END AS narrow
        FROM ordered stated JOIN ordered held ON held.field = stated.field OR held.broader = stated.field
        GROUP BY stated.field
    ),
    fielded AS (
        SELECT designation, bit_or(fields) AS fields, bit_or(narrow) AS narrow
        FROM designation_fields JOIN masks USING (field) GROUP BY designation
    )
"""
"""SQL: the fields of a designation as a bit mask, a group of fields as all fields in it; two designations may share a
field if their masks intersect, and certainly do if the narrow masks, without groups, intersect. Needs the parameter
last_field."""

_UNIT_COVERAGE = f"""WITH {_FIELDED},
    placed AS (
        SELECT designation, number, place, extent, county, prefecture,
               extent = 'prefecture' OR (extent = 'county' AND level = 'prefecture') AS entire
        FROM designations JOIN designation_places USING (designation) JOIN places USING (place)
        JOIN programmes USING (programme)
        JOIN numbers USING (programme)
        WHERE designations.bearer = 'area' AND extent IN (SELECT extent FROM extents WHERE counted)
          AND NOT (level = 'province' AND extent = 'prefecture' AND usual_extent = 'province')
    ),
    doubtful AS (
        SELECT designation FROM placed WHERE county <> '' AND extent IN (SELECT extent FROM extents WHERE one_county)
        GROUP BY designation HAVING count(*) > 1
    ),
    whole AS (SELECT designation, number, prefecture FROM placed WHERE place = prefecture AND entire),
    held AS (
        SELECT designation, number, county AS unit, 'in' AS hold FROM placed ANTI JOIN doubtful USING (designation)
        WHERE county <> '' AND NOT (place = prefecture AND entire)
        UNION ALL
        SELECT designation, number, place, 'covered' FROM whole JOIN places USING (prefecture) WHERE place = county
        UNION ALL SELECT designation, number, prefecture, 'whole' FROM whole
        UNION ALL (
            SELECT designation, number, prefecture, 'somewhere' FROM placed
            WHERE prefecture <> '' AND county = '' AND NOT entire
            UNION SELECT designation, number, prefecture, 'somewhere' FROM placed SEMI JOIN doubtful USING (designation)
            WHERE prefecture <> ''
        )
    )
    SELECT designation, number, unit, hold, prefecture, province, fields, narrow, counted_from, ended_last,
        (CASE WHEN dated THEN 0 ELSE {BIT["date-unknown"]} END
            | CASE WHEN {LOW_SOURCE} THEN {BIT["source-low"]} ELSE 0 END)::UTINYINT AS lacks
    FROM held JOIN places ON place = unit JOIN designations USING (designation) LEFT JOIN fielded USING (designation)
    ORDER BY unit, number, designation
"""  # noqa: S608 — made of our own constants
"""SQL: units covered by designations on any day, sorted by unit, so that a query for one unit or province reads little.
The number is the programme's in the table `numbers`, in the order of their keys; lacks: what a designation lacks as
evidence of its own, as bits (`strength.BIT`)."""

HOLDINGS = f"""
    answers AS (
        SELECT number, programme, a.ministries
        FROM (SELECT unnest($answers) AS a) JOIN numbers ON programme = a.programme
    ),
    holdings AS (SELECT unit_coverage.*, programme, ministries
        FROM unit_coverage JOIN answers USING (number) WHERE {IN_FORCE})
"""  # noqa: S608
"""SQL: every unit that a designation is known to touch. hold: `in` a county-level unit; `covered`: the unit lies in a
prefecture that the designation covers entirely; `whole`: the designation covers the entire prefecture; `somewhere` in
the prefecture, county unknown (including a designation within one county whose name fits several today). Excluded are
province-wide designations, designations of an entire municipality in a programme for provinces, and organisation-borne
ones; a prefecture without counties is a county-level unit for designations within it, a prefecture for designations
that cover it. Needs the tables and parameters of `parameters`."""

HELD = {"in": "in", "covered": "covered", "whole": "prefecture", "somewhere": "prefecture"}
"""Hold to the class of holds whose units are counted together as margins."""


@dataclass(frozen=True, slots=True)
class Margin:
    """Numbers for a province: units of a level, those with all programmes of a combination, those with each."""

    units: int
    observed: int
    each: tuple[int, ...]


def parameters(columns: Columns, as_of: date) -> dict[str, Any]:
    """Create the temporary coverage tables on first use and return the parameters of `HOLDINGS`."""
    create_tables(columns)
    answers = sorted(ministries(columns, as_of).items())
    known = [{"programme": programme, "ministries": sorted(answer.ministries)} for programme, answer in answers]
    return {"as_of": as_of, "answers": known or [{"programme": "", "ministries": [""]}]}


def create_tables(columns: Columns) -> None:
    """Create the temporary tables `numbers` (of programmes) and `unit_coverage` (units by designation) on first use."""
    columns.materialise(
        "numbers", "SELECT programme, row_number() OVER (ORDER BY programme)::SMALLINT AS number FROM programmes"
    )
    last = columns.cached("last field", lambda: max(len(columns.query("FROM fields")) - 1, 0))
    columns.materialise("unit_coverage", _UNIT_COVERAGE, {"last_field": last})


class Margins:
    """Numbers of units of a level with each programme, by province, on a date: the margins of the model of chance.

    The model distributes the designations of each programme independently within their province.
    """

    def __init__(self, columns: Columns, as_of: date, units: Sequence[str] = ()) -> None:
        """Read the margins of all provinces, or of the provinces of `units`."""
        self._province, self._total = columns.cached("units", lambda: _units(columns))
        provinces = sorted({self._province[unit] for unit in units})
        near = "WHERE province IN (SELECT unnest($provinces))" if units else ""
        rows = columns.query(
            f"WITH {HOLDINGS} SELECT DISTINCT hold, province, programme, unit FROM holdings {near}",  # noqa: S608
            parameters(columns, as_of) | ({"provinces": provinces} if units else {}),
        )
        self._units: dict[tuple[str, str, str], set[str]] = defaultdict(set)
        for hold, province, programme, unit in rows:
            self._units[HELD[hold], province, programme].add(unit)

    def county(self, unit: str, own: Iterable[str], covering: Iterable[str]) -> Margin:
        """Count the counties of a unit's province.

        Counties covered by prefecture-wide designations are not independent: those designations that cover the unit
        count as one, with the counties that all of them cover.

        Args:
            unit: a county-level unit.
            own: programmes with a designation within it.
            covering: programmes with only a prefecture-wide designation over it.
        """
        covered = self._sets("covered", unit, covering)
        held = self._sets("in", unit, own) + ([set.intersection(*covered)] if covered else [])
        return self._margin("county", unit, held)

    def prefecture(self, unit: str, programmes: Iterable[str]) -> Margin:
        """Count the prefectures of a unit's province touched by designations of the programmes."""
        return self._margin("prefecture", unit, self._sets("prefecture", unit, programmes))

    def _sets(self, held: str, unit: str, programmes: Iterable[str]) -> list[set[str]]:
        return [self._units[held, self._province[unit], programme] for programme in programmes]

    def _margin(self, level: str, unit: str, held: list[set[str]]) -> Margin:
        total = self._total[level, self._province[unit]]
        return Margin(total, len(set.intersection(*held)), tuple(len(units) for units in held))


def _units(columns: Columns) -> tuple[dict[str, str], dict[tuple[str, str], int]]:
    """Return the province of each place, and the number of units by level and province."""
    counted = columns.query(
        """SELECT 'county', province, count(*) FROM places WHERE place = county GROUP BY 2
        UNION ALL SELECT 'prefecture', province, count(*) FROM places WHERE place = prefecture GROUP BY 2"""
    )
    return (
        dict(columns.query("SELECT place, province FROM places")),
        {(level, province): int(number) for level, province, number in counted},
    )
