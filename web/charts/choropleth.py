"""Shaded maps of pages: the sheets of the release, with links to lists and pages."""

from collections.abc import Callable, Collection, Mapping, Sequence

from flask import current_app, request, url_for

from kg.analysis import county_coverage
from kg.charts import choropleth
from kg.charts.choropleth import Map, Sheet
from kg.charts.tiles import tiles
from kg.release.columns import COUNTRY, Columns
from kg.vocab import THINGS
from web.graph.iris import address
from web.graph.labels import graph

CHOICE, OUTLINES = "map", "outlines"
"""Parameter of an address, and its value that asks for outlines in the place of tiles."""
__all__ = ["Map", "barely_placed", "of", "shaded", "sheets"]


def sheets() -> Mapping[str, Sheet]:
    """Return the sheets of the release by province, "" for the country; none where it was built without outlines."""
    path = current_app.extensions["guapai"].release.path
    found: Mapping[str, Sheet] = graph().cached("sheets of maps", lambda: choropleth.read(path / choropleth.FOLDER))
    return found


def has_districts(province: str) -> bool:
    """Return whether the map of a province, such as a municipality, is made of county-level units."""
    sheet = sheets().get(province)
    return bool(province and sheet and sheet.level == "county")


def shaded(
    counted: Mapping[str, int],
    link: Callable[[str], str],
    province: str = "",
    like: Sequence[int] = (),
    unknown: Collection[str] = (),
) -> Map | None:
    """Return a map of the provinces, or of the divisions of one; None where the release has no outlines of it.

    The provinces are tiles of equal size, unless the reader asks for outlines.

    Args:
        counted: number by code of the place.
        link: from a code to an address.
        province: the code of the province; empty for the country.
        like: the numbers of all maps on the same scale, where there are several.
        unknown: places of which too little is known for a number.
    """
    sheet = sheets().get(province)
    if sheet and not province and request.args.get(CHOICE) != OUTLINES:
        sheet = tiles(sheet)
    return choropleth.shaded(sheet, counted, link, like, unknown) if sheet else None


def barely_placed(columns: Columns, level: str) -> frozenset[str]:
    """Return the provinces or prefectures with too few known counties to count what meets within counties."""
    found = columns.cached(f"counties known by {level}", lambda: county_coverage.by_place(columns, level))
    return frozenset(code for code, known in found.items() if known.share < county_coverage.MAPPED)


def of(counted: Mapping[str, int], endpoint: str, kept: Mapping[str, str], place: str = "") -> Map | None:
    """Return a map for a page: of the country, or of a province; None for a place that no outlines divide.

    Args:
        counted: number by code of the place.
        endpoint: the list to which an area leads with `kept` and its own code as filters; empty for its page.
        kept: filters of that list.
        place: the country, a province, or any other place.
    """
    province = "" if place in ("", COUNTRY) else place
    level = "county" if has_districts(province) else "prefecture" if province else "province"
    above = {"province": province} if province else {}

    def link(code: str) -> str:
        filters = {**kept, **above, level: code} if level != "county" else {**kept, "place": code}
        return url_for(endpoint, **filters) if endpoint else address(f"{THINGS}place/{code}") or ""  # type: ignore[arg-type]

    return shaded(counted, link, province)
