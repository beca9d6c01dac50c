"""Reference geography: ranks of places, regions, populations, and numbers of designations by place."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Self

from kg.release.columns import Columns

RANKS = ("municipality", "capital", "sub-provincial", "prefecture")
"""Administrative ranks of prefecture-level units, the highest first: municipalities, provincial capitals, other
sub-provincial cities, all others; each includes everything in it. A county outside any prefecture counts as one."""
KINDS = ("district", "county")
"""Kinds of county-level units: districts (including cities without county-level units), and all others: counties,
county-level cities, banners."""

_COUNTIES = (
    *("county", "county-level-city", "autonomous-county", "banner", "autonomous-banner", "forest-area"),
    "special-area",
)
_PLACES = """
    WITH ranked AS (SELECT place, list(rank) AS ranks FROM place_ranks GROUP BY place)
    SELECT p.place, p.name_zh, p.county, p.prefecture, p.province,
           coalesce(own.ranks, []), coalesce(city.ranks, [])
    FROM places p LEFT JOIN ranked own ON own.place = p.place LEFT JOIN ranked city ON city.place = p.prefecture
"""
_SPOTS = """
    WITH chosen AS (
        SELECT designation, programme FROM designations
        WHERE standing <> 'withdrawn' AND (ended_last IS NULL OR ended_last >= $as_of)
          AND (counted_from <= $as_of OR ($undated AND NOT dated))
          AND ($since IS NULL OR (dated AND counted_from >= $since))
    ),
    parts AS (SELECT designation, place, 1.0 / count(*) OVER (PARTITION BY designation) AS part FROM designation_places)
    SELECT programme, place, sum(part) FROM chosen JOIN parts USING (designation) GROUP BY ALL ORDER BY ALL
"""


@dataclass(frozen=True, slots=True)
class Spot:
    """Number of designations of a programme in a place; a designation of several places counts in equal parts."""

    programme: str
    place: str
    designations: float


@dataclass(frozen=True, slots=True)
class Unit:
    """A place: name, and codes of the units that it is or lies in ("" for higher places).

    rank: of the prefecture-level unit, "" above it; kind: of the county-level unit, "" above it, where the county of a
    designation is unknown.
    """

    name: str
    county: str
    prefecture: str
    province: str
    rank: str
    kind: str

    @property
    def codes(self) -> tuple[str, str, str]:
        """The codes of its county, prefecture and province."""
        return self.county, self.prefecture, self.province


class Atlas:
    """Places, regions and populations of a release, queried once."""

    def __init__(self, columns: Columns) -> None:
        self._columns = columns
        rows = columns.query(_PLACES)
        self.units = {
            row[0]: Unit(row[1], row[2], row[3], row[4], _rank(row[3], row[6]), _kind(row[2], row[5])) for row in rows
        }

    @classmethod
    def of(cls, columns: Columns) -> Self:
        """Return the atlas of a release, made once."""
        return columns.cached("atlas", lambda: cls(columns))

    @cached_property
    def population(self) -> dict[str, int]:
        """Residents by province at the newest census; provinces without a figure are excluded."""
        rows = self._columns.query(
            "SELECT place, arg_max(persons, year) FROM populations GROUP BY place ORDER BY place"
        )
        return dict(rows)

    @cached_property
    def counties(self) -> dict[str, int]:
        """Number of county-level units by province."""
        found = Counter(unit.province for code, unit in self.units.items() if code == unit.county)
        return {province: found[province] for province in sorted(self.population)}

    @cached_property
    def ranked(self) -> dict[str, int]:
        """Number of prefecture-level units of each rank."""
        found = Counter(unit.rank for code, unit in self.units.items() if code == unit.prefecture)
        return {rank: found[rank] for rank in RANKS}

    @cached_property
    def kinds(self) -> dict[str, int]:
        """Number of county-level units of each kind."""
        found = Counter(unit.kind for code, unit in self.units.items() if code == unit.county)
        return {kind: found[kind] for kind in KINDS}

    @cached_property
    def big_regions(self) -> tuple[str, ...]:
        """四大板块, the big regions of state statistics, in the order of their table."""
        return self._of_kind("big-region")

    @cached_property
    def halves(self) -> tuple[str, ...]:
        """The two halves of the country, in the order of their table."""
        return self._of_kind("half")

    def _of_kind(self, kind: str) -> tuple[str, ...]:
        rows = self._columns.query("SELECT region FROM regions WHERE kind = ? ORDER BY place_in_table", [kind])
        return tuple(region for (region,) in rows)

    @cached_property
    def regions(self) -> dict[str, dict[str, str]]:
        """Members of each region with their scope, whole or partial."""
        members: dict[str, dict[str, str]] = {}
        for region, place, scope in self._columns.query("SELECT region, place, scope FROM region_places ORDER BY ALL"):
            members.setdefault(region, {})[place] = scope
        return members

    def members(self, regions: Iterable[str], places: Iterable[str] = (), *, partial: bool = False) -> frozenset[str]:
        """Return the places that make up regions and places; `partial` includes those that belong to one in part."""
        found = set(places)
        for region in regions:
            known = self.regions.get(region, {})
            found |= {place for place, scope in known.items() if partial or scope == "whole"}
        return frozenset(found)

    def inside(self, place: str, members: frozenset[str]) -> bool:
        """Whether a place is one of the members or lies in one."""
        return place in members or not members.isdisjoint(self.units[place].codes)

    def touches(self, place: str, members: frozenset[str]) -> bool:
        """Whether a place is, lies in or contains one of the members."""
        return self.inside(place, members) or any(place in self.units[member].codes for member in members)

    def county_share(self, members: frozenset[str]) -> float:
        """Return the share of all county-level units that lie in the members."""
        units = [code for code, unit in self.units.items() if code == unit.county]
        return sum(self.inside(code, members) for code in units) / len(units)

    def population_share(self, members: frozenset[str]) -> float | None:
        """Return the share of all residents who live in the members; None unless they are entire provinces."""
        if not members <= self.population.keys():
            return None
        return sum(self.population[province] for province in members) / sum(self.population.values())

    def spots(self, as_of: date, since: date | None = None, *, undated: bool = False) -> list[Spot]:
        """Return the number of designations by programme and place on a day.

        Args:
            as_of: the day on which a designation must be in force.
            since: only designations with a known start on or after this day.
            undated: include designations without a date whose list is later than the day.
        """
        rows = self._columns.query(_SPOTS, {"as_of": as_of, "since": since, "undated": undated})
        return [Spot(*row) for row in rows]


def _rank(prefecture: str, ranks: list[str]) -> str:
    """Return the rank of a prefecture-level unit; "" for none and for Hong Kong and Macao."""
    if not prefecture or "special-administrative-region" in ranks:
        return ""
    if "municipality" in ranks:
        return "municipality"
    if not {"provincial-capital", "autonomous-region-capital"}.isdisjoint(ranks):
        return "capital"
    return "sub-provincial" if "sub-provincial-city" in ranks else "prefecture"


def _kind(county: str, ranks: list[str]) -> str:
    if not county:
        return ""
    return "district" if set(ranks).isdisjoint(_COUNTIES) else "county"
