"""What pages count in the columns: designations by place, programme, year and list."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from kg.release.columns import COUNTRY
from kg.vocab import SCHEMES, THINGS
from web.data import computed, counting
from web.lists.definitions import tallies

PLACED = "designation_places JOIN places USING (place)"
_ABOVE = f"[place, county, prefecture, province, '{COUNTRY}']"
"""SQL: a place and all in which it lies, the country the last."""
WHOLE = "(SELECT extent FROM extents WHERE entire IN ('prefecture', 'province'))"
"""Extents at which a designation of a division covers what lies in it."""
SHADES = 4
PROVINCIAL = "0000"
"""How the codes of provinces end, and no other of today (GB/T 2260)."""


@dataclass(frozen=True, slots=True)
class Held:
    """The designations of a programme at some place: its key, their number, first and last day of approval."""

    programme: str
    designations: int
    first: date | None
    last: date | None

    @property
    def iri(self) -> str:
        """The IRI of the programme."""
        return f"{THINGS}programme/{self.programme}"


@dataclass(frozen=True, slots=True)
class Matrix:
    """Ministries (IRIs) as columns and groups of purposes (IRIs) as rows, numbers of designations in the cells.

    past: how many of the designations in the cell of a group and a ministry are of programmes of which every mandate
    has ended, where there are any.
    """

    ministries: tuple[str, ...]
    rows: tuple[tuple[str, Mapping[str, int]], ...]
    past: Mapping[tuple[str, str], int]

    def count(self, cells: Mapping[str, int], ministry: str) -> int:
        """Return the number of designations in a ministry's cell of a row."""
        return cells.get(ministry, 0)

    def shade(self, count: int) -> int:
        """Return how dark a cell is, from 0 to 4: by powers of the highest number."""
        most = max((number for _, cells in self.rows for number in cells.values()), default=0)
        return next((step for step in range(SHADES, 0, -1) if count and count >= most ** ((step - 1) / SHADES)), 0)


def ask(sql: str, **parameters: Any) -> list[tuple[Any, ...]]:  # noqa: ANN401 — what SQL takes
    """Ask the columns, and remember the answer as long as others do not push it out."""
    key = (sql, *sorted(parameters.items()))
    return tallies().cached(key, lambda: computed().columns.query(sql, parameters))


def stack(column: str, key: str) -> list[Held]:
    """Return the programmes with designations of something, those with most first.

    Args:
        column: `place` or `field` with those below it, or `region` with what lies in its whole members.
        key: the place, field or region.
    """
    sql = f"""SELECT programme, count(*), min(approved_first), max(approved_last) FROM designations
        WHERE designation IN ({_OF[column]}) GROUP BY programme ORDER BY 2 DESC, 1"""  # noqa: S608
    return [Held(*row) for row in ask(sql, key=key)]


def designations_in(place: str) -> list[tuple[str, str, date | None, date | None, str]]:
    """Return the designations in a place or below it: key, programme, days of approval, its first place there."""
    sql = f"""SELECT designation, programme, approved_first, approved_last, min(place)
        FROM designations JOIN ({PLACED}) USING (designation) WHERE list_contains({_ABOVE}, $place)
        GROUP BY ALL ORDER BY programme, designation"""  # noqa: S608
    return ask(sql, place=place)


def designations_of(place: str) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """Return the designations, each after its programme, that are of a place itself and not of a division below it.

    First those that cover it whole, then those that lie somewhere in it, nobody says where.
    """
    sql = f"""SELECT programme, designation, extent IN {WHOLE} FROM designations
    JOIN designation_places USING (designation)
        WHERE place = $place ORDER BY 1, 2"""  # noqa: S608
    rows = ask(sql, place=place)
    whole, somewhere = ([(row[0], row[1]) for row in rows if row[2] is side] for side in (True, False))
    return whole, somewhere


def below(place: str) -> Mapping[str, int]:
    """Return how many designations lie in each place that is in another one, those below it counted in."""
    rows = ask(
        f"""SELECT key, count(DISTINCT designation) FROM (
            SELECT designation, unnest({_ABOVE}) AS key FROM {PLACED} WHERE list_contains({_ABOVE}, $place)
        ) GROUP BY key""",  # noqa: S608
        place=place,
    )
    return dict(rows)


def main_groups() -> Mapping[str, Sequence[str]]:
    """Return for each programme the groups of its main purposes, in the order of their keys."""
    return dict(
        ask("""SELECT programme, list(DISTINCT purpose_group ORDER BY purpose_group) FROM programme_purposes
            WHERE weight = 'main' GROUP BY 1""")
    )


def matrix(held: Iterable[Held]) -> Matrix:
    """Return designations by ministry of today and group of main purposes; one of several counts in each."""
    groups, answers = main_groups(), computed().ministries(computed().today)
    cells: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    columns: dict[str, int] = defaultdict(int)
    past: dict[tuple[str, str], int] = defaultdict(int)
    totals: dict[str, int] = defaultdict(int)
    for one in held:
        served = [f"{SCHEMES}purpose/{key}" for key in groups.get(one.programme, ())]
        answer = answers.get(one.programme)
        for ministry in (f"{THINGS}authority/{key}" for key in (answer.ministries if answer else ())):
            columns[ministry] += one.designations
            for group in served:
                cells[group][ministry] += one.designations
                past[group, ministry] += one.designations if answer and answer.lapsed else 0
        for group in served:
            totals[group] += one.designations
    rows = sorted(cells.items(), key=lambda entry: (-totals[entry[0]], entry[0]))
    ordered = sorted(columns, key=lambda ministry: (-columns[ministry], ministry))
    lapsed = {cell: number for cell, number in past.items() if number}
    return Matrix(tuple(ordered), tuple((group, dict(found)) for group, found in rows), lapsed)


def years(column: str, key: str) -> list[tuple[str, int]]:
    """Return every year from the first to the last approval with its designations; undated ones are not counted.

    Args:
        column: `programme`, `programmes` (keys with spaces between), `place` or `field` with what lies below it.
        key: the programme, place or field.
    """
    rows = ask(
        f"""SELECT year(approved_first), count(*) FROM designations
            WHERE approved_first IS NOT NULL AND designation IN ({_OF[column]}) GROUP BY 1 ORDER BY 1""",  # noqa: S608
        key=key,
    )
    found: Mapping[int, int] = dict(rows)
    return [(str(year), found.get(year, 0)) for year in range(min(found), max(found) + 1)] if found else []


def provinces(column: str, key: str) -> list[tuple[str, int]]:
    """Return the provinces with designations of a programme or field, by code, with their numbers."""
    found = sorted(spread(column, key).items())
    return [(f"{THINGS}place/{code}", count) for code, count in found if code.endswith(PROVINCIAL)]


def spread(column: str, key: str, province: str = "") -> Mapping[str, int]:
    """Return designations of something by province, prefecture and county where they lie; of one province, or of all.

    Args:
        column: `programme`, `programmes` (keys with spaces between), `purpose` (or its group), `field` or `place`.
        key: the programme, purpose, field or place.
        province: the code of the province, empty for the country.
    """
    sql = f"""SELECT key, count(DISTINCT designation) FROM (
            SELECT designation, unnest([county, prefecture, province]) AS key FROM {PLACED}
            WHERE $province IN ('', province) AND designation IN ({_OF[column]})
        ) WHERE key <> '' GROUP BY 1"""  # noqa: S608
    return dict(ask(sql, key=key, province=province))


def undated(column: str, key: str) -> int:
    """Return how many designations of something, as `years` takes it, have no date of approval."""
    sql = f"SELECT count(*) FROM designations WHERE approved_first IS NULL AND designation IN ({_OF[column]})"  # noqa: S608
    return int(ask(sql, key=key)[0][0])


def fields() -> Mapping[str, int]:
    """Return for each field the number of designations of it or of one below it."""
    sql = """SELECT key, count(DISTINCT designation) FROM
        (SELECT designation, unnest([field, broader]) AS key FROM designation_fields JOIN fields USING (field))
        WHERE key <> '' GROUP BY 1"""
    return dict(ask(sql))


def total(table: str) -> int:
    """Return how many rows a table of the columns has; the name of the table is ours, never a visitor's."""
    return int(ask(f"SELECT count(*) FROM {table}")[0][0])  # noqa: S608


def placed() -> int:
    """Return how many divisions of county level have a designation of their own or within."""
    return int(ask(f"SELECT count(DISTINCT county) FROM {PLACED} WHERE county <> ''")[0][0])  # noqa: S608


def records() -> int:
    """Return how many rows of lists were taken in."""
    return int(ask("SELECT coalesce(sum(rows), 0) FROM lists")[0][0])


def sourceless() -> int:
    """Return how many designations rest on no document, or on one that is marked as no source."""
    return int(ask("SELECT count(*) FROM designations WHERE NOT sourced")[0][0])


def from_source(source: str) -> int:
    """Return how many designations rest on a document; none where there are no columns to count in."""
    return by_source().get(source, 0)


def by_source() -> Mapping[str, int]:
    """Return for each document how many designations rest on it; nothing where there are no columns to count in."""
    return (
        {}
        if not counting()
        else dict(ask("SELECT source, count(DISTINCT designation) FROM designation_sources GROUP BY 1"))
    )


def unplaced() -> list[tuple[str, int, int, int]]:
    """Return for each list its IRI and the numbers of designations, of those without a place, without a county.

    Small is what is less than a prefecture; those with most unknown come first.
    """
    sql = f"""SELECT list, count(DISTINCT designation) AS designations,
            count(DISTINCT designation) FILTER (designation NOT IN (SELECT designation
            FROM designation_places)) AS placeless,
            count(DISTINCT designation) FILTER (extent IN (SELECT extent FROM extents WHERE small)
                AND designation IN (SELECT designation FROM designation_places)
                AND designation NOT IN (SELECT designation FROM {PLACED} WHERE county <> '')) AS countyless
        FROM designation_records JOIN designations USING (designation) GROUP BY list"""  # noqa: S608
    rows = sorted(ask(sql), key=lambda row: (-row[2] - row[3], row[0]))
    return [(f"{THINGS}table/{key}", *numbers) for key, *numbers in rows]


_OF = {
    "programme": "SELECT designation FROM designations WHERE programme = $key",
    "programmes": "SELECT designation FROM designations WHERE programme IN (SELECT unnest(string_split($key, ' ')))",
    "purpose": """SELECT designation FROM designations JOIN programme_purposes USING (programme)
        WHERE weight = 'main' AND $key IN (purpose, purpose_group)""",
    "field": "SELECT designation FROM designation_fields JOIN fields USING (field) WHERE $key IN (field, broader)",
    "place": f"SELECT designation FROM {PLACED} WHERE list_contains({_ABOVE}, $key)",  # noqa: S608
    "region": f"""SELECT designation FROM (SELECT designation, unnest({_ABOVE}) AS place FROM {PLACED})
        JOIN region_places USING (place) WHERE region = $key AND scope = 'whole'""",  # noqa: S608
}
"""SQL: the designations of a programme or field, in a place or below it, or in the whole members of a region."""
