"""Shares of the designations that lie within one county whose county is known, by programme and by place."""

from dataclasses import dataclass

from kg.release.columns import Columns

MAPPED = 0.6
"""Minimum share of known counties for a number that is counted by county to stand on a map."""
MIN_DESIGNATIONS = 3
"""Minimum number of designations of a policy area in a place for its share to count by itself."""
HEADERS = ("programme", "name", "designations", "county known", "share")
_WITHIN = """
    WITH beyond_one AS (SELECT extent FROM extents WHERE entire <> '' AND NOT one_county),
    within_one AS (
        SELECT designation, programme, d.bearer, d.policy_area FROM designations d JOIN programmes p USING (programme)
        WHERE usual_extent NOT IN (FROM beyond_one) AND extent NOT IN (FROM beyond_one)
    ),
    placed AS (
        SELECT designation, bool_or(county <> '') AS known, any_value(province) AS province,
               any_value(prefecture) AS prefecture
        FROM designation_places JOIN places USING (place) GROUP BY designation
    )
"""
"""SQL: designations that lie within one county, as far as programme and records say: no title of an entire prefecture
or province, no zone of several counties."""


@dataclass(frozen=True, slots=True)
class Known:
    """Number of designations that lie within one county, and of those whose county is known."""

    designations: int
    known: int

    @property
    def share(self) -> float:
        """Known over all; 1 where there are none."""
        return self.known / self.designations if self.designations else 1.0


def by_programme(columns: Columns) -> dict[str, Known]:
    """Return what is known by programme, the most unknown first."""
    rows = columns.query(
        f"""{_WITHIN} SELECT programme, count(*), count(*) FILTER (coalesce(known, false)) AS found
        FROM within_one LEFT JOIN placed USING (designation) GROUP BY programme
        ORDER BY count(*) - found DESC, programme"""  # noqa: S608 — our own constant
    )
    return {row[0]: Known(row[1], row[2]) for row in rows}


def by_place(columns: Columns, level: str, bearer: str = "area") -> dict[str, Known]:
    """Return what is known of the designations of a kind of bearer, by province or prefecture.

    What meets within a county is counted too low where one policy area is badly known, however well another one is
    (agricultural towns always state their county, economic zones seldom): so the worst area with at least
    MIN_DESIGNATIONS counts, or all designations if they are worse.

    Args:
        columns: the columns of a release.
        level: province or prefecture.
        bearer: area or organisation.

    Raises:
        ValueError: no such level.
    """
    if level not in ("province", "prefecture"):
        raise ValueError(f"level {level!r}: expected province or prefecture")
    rows = columns.query(
        f"""{_WITHIN} SELECT {level}, count(*), count(*) FILTER (known) FROM within_one JOIN placed USING (designation)
        WHERE bearer = $bearer AND {level} <> '' GROUP BY GROUPING SETS (({level}), ({level}, policy_area))
        HAVING grouping(policy_area) = 1 OR count(*) >= {MIN_DESIGNATIONS}
        ORDER BY 1, 2, 3""",  # noqa: S608 — one of two words
        {"bearer": bearer},
    )
    found: dict[str, Known] = {}
    for code, designations, known in rows:
        found[code] = min(found.get(code, Known(0, 0)), Known(designations, known), key=lambda each: each.share)
    return found


def table(columns: Columns) -> list[list[str]]:
    """Return the rows of all programmes and their total, in the order of HEADERS."""
    names = dict(columns.query("SELECT programme, name_zh FROM programmes"))
    found = by_programme(columns)
    total = Known(sum(each.designations for each in found.values()), sum(each.known for each in found.values()))
    rows = [(key, names[key], each) for key, each in found.items()] + [("", "all", total)]
    return [[key, name, str(each.designations), str(each.known), f"{each.share:.3f}"] for key, name, each in rows]
