"""Maps whose areas are shaded by a number: the provinces, or the divisions of one, each with its link and its row."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from flask import url_for

from kg.release.columns import COUNTRY
from kg.vocab import THINGS
from web.charts.maps import SOUTHERNMOST, Frame, Line, Point, frame, path, projected
from web.charts.outlines import FILES, Outline, outlines
from web.data import computed
from web.graph.iris import address
from web.graph.labels import graph, name
from web.graph.queries import Graph, last_part, value

STEPS = 5
APART = ("710000", "810000", "820000")
"""Taiwan, Hong Kong and Macao: the lists of national designations are not made for them, so none is no zero."""
MUNICIPALITIES = ("110000", "120000", "310000", "500000")
SMALL, TOWN = 50.0, 2500.0
"""Square units below which an area is too small to be seen, and gets a ring; and below which it may lie in another."""
LEVELS = (0.5, 0.4, 0.6, 0.3, 0.7, 0.2, 0.8)
"""Parts of the height of an area at which room for its name is looked for."""
ROOM = {"zh": 12.0, "en": 6.2}
"""Units that a letter of a name takes."""


@dataclass(frozen=True, slots=True)
class Area:
    """A division on the picture.

    code: of today, empty where that of 2018 was split; path: its outline; middle, room: where a name stands best and
    how wide it may be; size: of its largest part, in square units.
    """

    code: str
    path: str
    middle: Point
    room: float
    size: float


@dataclass(frozen=True, slots=True)
class Sheet:
    """The areas of the country or of one province, and the size of the picture."""

    province: str
    areas: tuple[Area, ...]
    frame: Frame


@dataclass(frozen=True, slots=True)
class Shade:
    """An area with its number (None where there are no data), its step from 0 to STEPS, and where it leads."""

    area: Area
    count: int | None
    step: int
    address: str

    @property
    def small(self) -> bool:
        """Whether a ring has to show where it is."""
        return self.area.size < SMALL


@dataclass(frozen=True, slots=True)
class Map:
    """A sheet with the number of each area.

    shades: the areas as drawn; rows: code, number and address of every division, drawn or not, the highest first;
    steps: lowest and highest number of each step.
    """

    sheet: Sheet
    shades: tuple[Shade, ...]
    rows: tuple[tuple[str, int | None, str], ...]
    steps: tuple[tuple[int, int], ...]

    @property
    def absent(self) -> bool:
        """Whether an area of the picture has no data."""
        return any(shade.count is None for shade in self.shades)

    @property
    def zero(self) -> bool:
        """Whether an area of the picture has a number, and that is zero."""
        return any(shade.count == 0 for shade in self.shades)

    def named(self, shade: Shade, language: str) -> str:
        """Return the short name of an area where there is room for it, else nothing."""
        if not shade.area.code:
            return ""
        text = short(shade.area.code, language)
        return text if shade.area.room > len(text) * ROOM[language] else ""


def shaded(
    counted: Mapping[str, int], link: Callable[[str], str], province: str = "", like: Sequence[int] = ()
) -> Map | None:
    """Return a map of the provinces, or of the divisions of one, None where outlines are not installed.

    Args:
        counted: number by code of the place; what is not in it is zero, or without data in Taiwan, Hong Kong and Macao.
        link: from a code to an address.
        province: the code of the province; empty for the country.
        like: the numbers of all maps on the same scale, where there are several.
    """
    drawn = sheet(graph(), province)
    if not drawn.areas:
        return None
    codes = {area.code for area in drawn.areas if area.code} | divisions(province)
    found = {code: counted.get(code, 0) or (None if code in APART else 0) for code in codes}
    scaled = [count for count in like or found.values() if count]
    bounds, most = _bounds(scaled), max(scaled, default=0)
    shades = tuple(_shade(area, found.get(area.code), bounds, link) for area in drawn.areas)
    ordered = sorted(found.items(), key=lambda entry: (entry[1] is None, -(entry[1] or 0), entry[0]))
    tops = [*(bound - 1 for bound in bounds[1:]), most]
    return Map(
        drawn,
        shades,
        tuple((code, count, link(code)) for code, count in ordered),
        tuple(zip(bounds, tops, strict=True)) if bounds else (),
    )


def _shade(area: Area, count: int | None, bounds: Sequence[int], link: Callable[[str], str]) -> Shade:
    return Shade(area, count, sum((count or 0) >= bound for bound in bounds), link(area.code) if area.code else "")


def divisions(province: str) -> set[str]:
    """Return the provinces of today, or the divisions that a map of one is made of: prefectures, else districts."""
    sql = """SELECT place FROM places WHERE CASE WHEN $province = '' THEN level = 'province'
        WHEN list_contains($municipalities, $province) THEN province = $province AND place = county
        ELSE province = $province AND place = prefecture AND place <> province END"""
    asked = {"province": province, "municipalities": MUNICIPALITIES}
    return graph().cached(("divisions", province), lambda: {code for (code,) in computed().columns.query(sql, asked)})


def short(code: str, language: str) -> str:
    """Return the name of a division without the word for its kind, as maps print it."""
    text = name(f"{THINGS}place/{code}").text
    if language == "zh":
        known: Mapping[str, str] = graph().cached("short names of places", _shortest)
        return text.removesuffix("林区") if text.endswith("林区") else known.get(code, text)
    for ending in (" City", " District", " County", " Municipality", " Province", " Prefecture"):
        text = text.removesuffix(ending)
    return text


def _shortest() -> Mapping[str, str]:
    """Return the shortest Chinese name of today of every place, never shorter than two characters."""
    sql = """SELECT place, arg_min(name, length(name)) FROM place_names
        WHERE NOT former AND length(name) > 1 GROUP BY place"""
    return dict(computed().columns.query(sql))


def sheet(known: Graph, province: str = "") -> Sheet:
    """Return the areas of a province, or of the country."""
    return known.cached(("sheet", province), lambda: _sheet(known, province))


def _sheet(known: Graph, province: str) -> Sheet:
    lines: dict[str, list[Line]] = {}
    for number, outline in enumerate(outlines(province)):
        kept = [
            [projected(*point) for point in ring]
            for ring in outline.rings
            if min(latitude for _, latitude in ring) >= SOUTHERNMOST
        ]
        code = today(known, outline, province)
        lines.setdefault(code or f"?{number}", []).extend(kept)
    on = frame(point for found in lines.values() for line in found for point in line)
    corners: dict[Point, Point] = {}
    placed = {code: [[on.fit(point) for point in line] for line in found] for code, found in lines.items() if found}
    small = [line for found in placed.values() for line in found if _extent(line) < TOWN]
    areas = []
    for code, found in placed.items():
        middle, width = _room(found, [line for line in small if line not in found])
        size = max(_extent(line) for line in found)
        known_code = "" if code.startswith("?") else code
        areas.append(Area(known_code, path(lines[code], on, corners), middle, width, size))
    return Sheet(province, tuple(areas), on)


def today(known: Graph, outline: Outline, province: str) -> str:
    """Return the code that an area of 2018 has today, empty where it has been split between several."""
    level_of: Mapping[str, tuple[str, str]] = known.cached("levels of places", _levels)
    if outline.code in level_of:
        return outline.code
    former: Mapping[str, list[str]] = known.cached("codes of former days", lambda: _former(known))
    whole = {
        code if province in MUNICIPALITIES else level_of.get(code, ("", ""))[0] for code in former.get(outline.code, ())
    }
    if not outline.code:
        whole = {code for code, (_, called) in level_of.items() if code[:2] == province[:2] and called == outline.name}
    return whole.pop() if len(whole) == 1 else ""


def _levels() -> Mapping[str, tuple[str, str]]:
    """Return prefecture and Chinese name of every place."""
    rows = computed().columns.query("SELECT place, prefecture, name_zh FROM places")
    return {code: (above, called) for code, above, called in rows}


def _former(known: Graph) -> Mapping[str, list[str]]:
    found: dict[str, list[str]] = {}
    for row in known.rows("charts/place_codes"):
        found.setdefault(value(row, "code"), []).append(last_part(value(row, "place")))
    return found


def _room(lines: Sequence[Line], others: Sequence[Line]) -> tuple[Point, float]:
    """Return where a name has most room in an area, and how wide that is, on some levels of its largest part."""
    largest = max(lines, key=_extent)
    top, bottom = (find(y for _, y in largest) for find in (min, max))
    best = ((0.0, 0.0), -1.0)
    for part in LEVELS:
        y = top + (bottom - top) * part + 0.01
        cuts = _cuts(largest, y)
        between = sorted(x for line in others for x in _cuts(line, y))
        for left, right in zip(cuts[::2], cuts[1::2], strict=False):
            ends = [left, *(x for x in between if left < x < right), right]
            for start, end in pairwise(ends):
                inside = sum(x < (start + end) / 2 for x in between) % 2
                if not inside and end - start > best[1]:
                    best = ((round((start + end) / 2, 1), round(y, 1)), round(end - start, 1))
    return best


def _cuts(line: Line, y: float) -> list[float]:
    """Return where a closed line crosses a level, from west to east."""
    crossed = (
        x + (y - height) / (above - height) * (next_x - x)
        for (x, height), (next_x, above) in zip(line, [*line[1:], line[0]], strict=True)
        if (height <= y) != (above <= y)
    )
    return sorted(crossed)


def _extent(line: Line) -> float:
    (left, right), (top, bottom) = ((min(found), max(found)) for found in zip(*line, strict=True))
    return float((right - left) * (bottom - top))


def _bounds(numbers: Sequence[int]) -> list[int]:
    """Return the numbers from which the steps begin: parts of the numbers above zero that are as equal as can be."""
    ordered = sorted(numbers)
    if not ordered:
        return []
    return sorted({ordered[0], *(ordered[len(ordered) * part // STEPS] for part in range(1, STEPS))})


def of(counted: Mapping[str, int], endpoint: str, kept: Mapping[str, str], place: str = "") -> Map | None:
    """Return a map for a page: of the country, or of a province; None for a place that no outlines divide.

    Args:
        counted: number by code of the place.
        endpoint: the list to which an area leads with `kept` and its own code as filters; empty for its page.
        kept: filters of that list.
        place: the country, a province, or any other place.
    """
    province = "" if place in ("", COUNTRY) else place
    if province and province not in FILES:
        return None
    level = "county" if province in MUNICIPALITIES else "prefecture" if province else "province"
    above = {"province": province} if province else {}

    def link(code: str) -> str:
        filters = {**kept, **above, level: code} if level != "county" else {**kept, "place": code}
        return url_for(endpoint, **filters) if endpoint else address(f"{THINGS}place/{code}") or ""  # type: ignore[arg-type]

    return shaded(counted, link, province)
