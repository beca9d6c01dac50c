"""Positioning overlaps: areas that claim the same position (paper 2, section 3.1), and those by national design."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from kg.analysis.atlas import Atlas
from kg.analysis.findings.finding import Finding, evidence_hash
from kg.release.columns import Columns

KIND = "positioning"
BY_DESIGN = "by-national-design"
"""Mark of a position assigned to several areas by the state; its score is 0."""


@dataclass(frozen=True, slots=True)
class Claimed:
    """One row of the second paper: its key, a position, and the area (kind place or region) that claims it."""

    positioning: str
    position: str
    kind: str
    area: str


def find(columns: Columns, as_of: date) -> list[Finding]:
    """Return the positions claimed by two or more areas; the same on every day, since the papers give no dates."""
    atlas = Atlas.of(columns)
    design = dict(columns.query("SELECT position, national_design FROM positions"))
    claimed: dict[str, list[Claimed]] = defaultdict(list)
    for row in columns.query("SELECT positioning, position, kind, area FROM positionings ORDER BY ALL"):
        claimed[row[1]].append(Claimed(*row))
    return [
        _finding(position, rows, as_of, atlas, by_design=design[position])
        for position, rows in sorted(claimed.items())
        if len(_areas(rows)) > 1
    ]


def apart(areas: Iterable[tuple[str, str]], atlas: Atlas) -> set[tuple[str, str]]:
    """Return the areas not contained in another one: a city within a region that claims the same does not compete."""
    covered = {area: _covered(area, atlas) for area in areas}
    return {
        area
        for area, places in covered.items()
        if not any(
            area != other and places != wider and all(atlas.inside(place, wider) for place in places)
            for other, wider in covered.items()
        )
    }


def own_sets(columns: Columns) -> float:
    """Return the share of the areas with a unique set of positions, from 0 to 1."""
    rows = columns.query("SELECT kind, area, list_sort(list_distinct(list(position))) FROM positionings GROUP BY ALL")
    sets = [tuple(positions) for _, _, positions in rows]
    return sum(sets.count(found) == 1 for found in sets) / len(sets)


def _finding(position: str, rows: list[Claimed], as_of: date, atlas: Atlas, *, by_design: bool) -> Finding:
    members = tuple(sorted({row.positioning for row in rows}))
    areas = _areas(rows)
    rivals = apart(areas, atlas)
    factors: Mapping[str, float] = {"areas": float(len(areas)), "apart": float(len(rivals))}
    return Finding(
        kind=KIND,
        key=f"{KIND}/{position}",
        as_of=as_of,
        group={"position": position} | _group(areas),
        members=members,
        programmes=(),
        ministries=(),
        factors=factors,
        score=0.0 if by_design else 1 - 1 / len(rivals),
        certainty="same",
        rests_on_inferred=False,
        evidence_hash=evidence_hash(members, [f"{kind} {area}" for kind, area in areas], ()),
        marks=(BY_DESIGN,) if by_design else (),
    )


def _areas(rows: Iterable[Claimed]) -> list[tuple[str, str]]:
    return sorted({(row.kind, row.area) for row in rows})


def _group(areas: Iterable[tuple[str, str]]) -> dict[str, str]:
    regions = ";".join(area for kind, area in areas if kind == "region")
    return {"region": regions} if regions else {}


def _covered(area: tuple[str, str], atlas: Atlas) -> frozenset[str]:
    kind, key = area
    return atlas.members([key]) if kind == "region" else frozenset([key])
