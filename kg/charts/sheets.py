"""Sheets of maps made from outlines of 2018 and today's divisions: once, at build."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from kg.charts.choropleth import Area, Sheet
from kg.charts.maps import SOUTHERNMOST, Line, Point, frame, path, projected
from kg.charts.outlines import Outline

MIN_EXTENT = 2500.0
"""Square units below which an area may lie within another."""
LEVELS = (0.5, 0.4, 0.6, 0.3, 0.7, 0.2, 0.8)
"""Parts of the height of an area at which room for its name is looked for."""
ENDINGS = (" City", " District", " County", " Municipality", " Province", " Prefecture")
"""What English names of divisions lose on maps."""


@dataclass(frozen=True, slots=True)
class Division:
    """A place of today: names, level, and the divisions that it is or lies in, else empty."""

    code: str
    short_zh: str
    name_zh: str
    name_en: str
    level: str
    county: str
    prefecture: str
    province: str

    @property
    def labels(self) -> tuple[str, str]:
        """Chinese and English name without the word for its kind and a second name in brackets, as maps print it."""
        chinese = min(self.short_zh, self.name_zh, key=len) if len(self.short_zh) > 1 else self.name_zh
        english = self.name_en.partition(" (")[0]
        for ending in ENDINGS:
            english = english.removesuffix(ending)
        return chinese, english or self.name_zh


def sheets(
    outlines: Mapping[str, Sequence[Outline]],
    divisions: Iterable[Division],
    former: Mapping[str, Sequence[str]],
    unlisted: Iterable[str] = (),
) -> dict[str, Sheet]:
    """Return the sheet of the country ("") and of each province.

    Args:
        outlines: of 2018, by province.
        divisions: the places of today.
        former: former code to the places of today on its land.
        unlisted: places for which no lists are made.
    """
    known, without = {division.code: division for division in divisions}, frozenset(unlisted)
    drawn = {province: _sheet(province, found, known, former) for province, found in outlines.items()}
    return {
        province: replace(sheet, unlisted=tuple(code for code in sheet.divisions if code in without))
        for province, sheet in drawn.items()
    }


def _sheet(
    province: str, outlines: Sequence[Outline], known: Mapping[str, Division], former: Mapping[str, Sequence[str]]
) -> Sheet:
    lines: dict[str, list[Line]] = {}
    for number, outline in enumerate(outlines):
        code = today(outline, province, known, former)
        lines.setdefault(code or f"?{number}", []).extend(_projected(outline))
    on = frame(point for found in lines.values() for line in found for point in line)
    corners: dict[Point, Point] = {}
    placed = {code: [[on.fit(point) for point in line] for line in found] for code, found in lines.items() if found}
    islands = [line for found in placed.values() for line in found if _extent(line) < MIN_EXTENT]
    small = [(min(y for _, y in line), max(y for _, y in line), line) for line in islands]
    areas = []
    for code, found in placed.items():
        middle, width = _room(found, small)
        size = round(max(_extent(line) for line in found), 1)
        labels = known[code].labels if code in known else ("", "")
        key = "" if code.startswith("?") else code
        areas.append(Area(key, path(found, corners), middle, width, size, labels))
    return Sheet(tuple(areas), on, tuple(sorted(_divisions(province, known))), _level(province, known))


def _projected(outline: Outline) -> list[Line]:
    return [
        [projected(*point) for point in ring]
        for ring in outline.rings
        if min(latitude for _, latitude in ring) >= SOUTHERNMOST
    ]


def _divisions(province: str, known: Mapping[str, Division]) -> Iterator[str]:
    """Yield the provinces of today, or the divisions that a map of one is made of: prefectures, else districts."""
    districts = _is_own_prefecture(province, known)
    for code, one in known.items():
        unit = one.county if districts else one.prefecture
        if one.province == province and code == unit != province if province else one.level == "province":
            yield code


def _level(province: str, known: Mapping[str, Division]) -> str:
    """Return the level of the divisions of a sheet."""
    return "province" if not province else "county" if _is_own_prefecture(province, known) else "prefecture"


def _is_own_prefecture(province: str, known: Mapping[str, Division]) -> bool:
    """Return whether a province is its own prefecture, as municipalities are."""
    return province in known and known[province].prefecture == province


def today(outline: Outline, province: str, known: Mapping[str, Division], former: Mapping[str, Sequence[str]]) -> str:
    """Return the code that an area of 2018 has today, empty where it has been split between several."""
    if outline.code in known:
        return outline.code
    if not outline.code:
        found = {one.code for one in known.values() if one.code[:2] == province[:2] and one.name_zh == outline.name}
        return found.pop() if len(found) == 1 else ""
    codes = set(former.get(outline.code, ()))
    if not _is_own_prefecture(province, known):
        codes = {known[code].prefecture if code in known else "" for code in codes}
    return codes.pop() if len(codes) == 1 else ""


def _room(lines: Sequence[Line], small: Sequence[tuple[float, float, Line]]) -> tuple[Point, float]:
    """Return where a name has most room in an area, and how wide that is, on some levels of its largest part.

    Args:
        lines: the parts of the area.
        small: upper end, lower end and line of what may lie within another area.
    """
    largest = max(lines, key=_extent)
    own = {id(line) for line in lines}
    top, bottom = (find(y for _, y in largest) for find in (min, max))
    best = ((0.0, 0.0), -1.0)
    for part in LEVELS:
        y = top + (bottom - top) * part + 0.01
        others = [line for high, low, line in small if high <= y < low and id(line) not in own]
        cuts, between = _cuts(largest, y), sorted(x for line in others for x in _cuts(line, y))
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
