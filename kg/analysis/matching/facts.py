"""What is known of candidates beside their names: places, programmes, carriers, days of approval."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from kg.release.columns import Columns

PLACES = {
    "place": "SELECT place AS key, place AS lies FROM places",
    "designation": "SELECT designation AS key, place AS lies FROM designation_places",
    "carrier": """SELECT carrier AS key, d.place AS lies FROM designation_carriers JOIN designation_places d
        USING (designation) UNION ALL SELECT carrier AS key, place AS lies FROM carriers WHERE place <> ''""",
}
PROGRAMMES = {
    "designation": "SELECT designation AS key, programme FROM designations",
    "carrier": "SELECT carrier AS key, programme FROM designation_carriers JOIN designations USING (designation)",
}
CARRIERS = {"designation": "SELECT designation AS key, carrier FROM designation_carriers"}
DAYS = {
    "designation": "SELECT designation AS key, [approved_first, approved_last] FROM designations "
    "WHERE approved_first IS NOT NULL AND approved_last IS NOT NULL"
}
"""SQL of two columns by kind of thing: key, and what is known of it. Kinds that are missing have no such fact."""


@dataclass(frozen=True, slots=True)
class Facts:
    """Facts of one candidate; empty where nothing is known.

    places: chains of a place and the units around it, the place first; programmes, carriers: keys; days: first and last
    possible day of approval.
    """

    places: list[tuple[str, ...]] = field(default_factory=list)
    programmes: set[str] = field(default_factory=set)
    carriers: set[str] = field(default_factory=set)
    days: list[tuple[date, date]] = field(default_factory=list)


def read(columns: Columns, kind: str, keys: Collection[str]) -> Mapping[str, Facts]:
    """Return what is known of things of a kind, by key."""
    found: dict[str, Facts] = defaultdict(Facts)
    for key, *units in _rows(columns, PLACES, kind, keys, " JOIN places ON place = lies"):
        found[key].places.append(tuple(dict.fromkeys(filter(None, units))))
    for key, programme in _rows(columns, PROGRAMMES, kind, keys):
        found[key].programmes.add(programme)
    for key, carrier in _rows(columns, CARRIERS, kind, keys):
        found[key].carriers.add(carrier)
    for key, (first, last) in _rows(columns, DAYS, kind, keys):
        found[key].days.append((first, last))
    return found


def _rows(
    columns: Columns, queries: Mapping[str, str], kind: str, keys: Collection[str], around: str = ""
) -> list[tuple[Any, ...]]:
    if kind not in queries or not keys:
        return []
    cells = "key, place, county, prefecture, province" if around else "*"
    asked = "(SELECT unnest($keys::VARCHAR[]) AS key)"
    sql = f"SELECT {cells} FROM ({queries[kind]}) SEMI JOIN {asked} USING (key){around}"  # noqa: S608
    return columns.query(sql, {"keys": sorted(keys)})
