"""Maps of China: the projection, how it fits a picture, outlines as SVG paths, places as points."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 560, 470
"""Largest size of a map, in SVG units."""
SOUTHERNMOST = 17.5
"""Degrees; islands further south would leave half of the picture empty, and have no county-level designations."""
MARGIN = 12.0
MIN_CORNERS = 4
"""Corners of an outline; what has fewer at the size of the picture is a speck."""
CELL = 2.2
"""Units within which corners of an outline are one."""
MAX_RADIUS = 15.0
"""Radius of the largest circle on a map, in SVG units."""
_FIRST, _SECOND, _MIDDLE, _ORIGIN = (math.radians(degree) for degree in (25.0, 47.0, 105.0, 36.0))
"""Albers equal-area conic projection: standard parallels, central meridian and origin as usual for China."""
_CONE = (math.sin(_FIRST) + math.sin(_SECOND)) / 2
_CONSTANT = math.cos(_FIRST) ** 2 + 2 * _CONE * math.sin(_FIRST)
"""Snyder's n and C of this projection."""
Point = tuple[float, float]
Line = Sequence[Point]


@dataclass(frozen=True, slots=True)
class Frame:
    """A part of the projection as a picture: its west and north end, units to a radius of the Earth, width, height."""

    west: float
    north: float
    scale: float
    width: float
    height: float

    def at(self, longitude: float, latitude: float) -> Point:
        """Return where a point in degrees lies, in units of the picture."""
        return self.fit(projected(longitude, latitude))

    def fit(self, point: Point) -> Point:
        """Return where a point of the projection lies, in units of the picture."""
        return MARGIN + (point[0] - self.west) * self.scale, MARGIN + (point[1] - self.north) * self.scale


@dataclass(frozen=True, slots=True)
class Ground:
    """What maps of points lie on.

    points: of all places in units of the picture; dots: the same, faint, as an SVG path; land: outlines of provinces
    as an SVG path, empty where the release has none; frame: how the projection fits the picture.
    """

    points: Mapping[str, Point]
    dots: str
    land: str
    frame: Frame

    def at(self, longitude: float, latitude: float) -> Point | None:
        """Return where a point in degrees lies on the picture, None where it lies outside."""
        x, y = (round(number, 1) for number in self.frame.at(longitude, latitude))
        return (x, y) if 0 <= x <= WIDTH and 0 <= y <= HEIGHT and latitude >= SOUTHERNMOST else None


def ground(degrees: Mapping[str, Point], land: str = "", on: Frame | None = None) -> Ground:
    """Return the ground of maps of points.

    Args:
        degrees: longitude and latitude of each place.
        land: outlines as an SVG path.
        on: how the projection fits the picture of these outlines; without one, the places alone fill it.
    """
    placed = {code: projected(*point) for code, point in degrees.items() if point[1] >= SOUTHERNMOST}
    on = on or frame(placed.values())
    fitted = {code: on.fit(point) for code, point in placed.items()}
    points = {code: (round(x, 1), round(y, 1)) for code, (x, y) in fitted.items()}
    return Ground(points, dots({(round(x), round(y)) for x, y in points.values()}), land, on)


def frame(points: Iterable[Point]) -> Frame:
    """Return the frame that holds points of the projection, as large as the picture may be."""
    placed = [*points] or [(0.0, 0.0)]
    (left, right), (top, bottom) = ((min(found), max(found)) for found in zip(*placed, strict=True))
    wide, high = max(right - left, 1e-9), max(bottom - top, 1e-9)
    scale = min((WIDTH - 2 * MARGIN) / wide, (HEIGHT - 2 * MARGIN) / high)
    return Frame(left, top, scale, round(wide * scale + 2 * MARGIN, 1), round(high * scale + 2 * MARGIN, 1))


def path(lines: Iterable[Line], corners: dict[Point, Point]) -> str:
    """Return closed lines of a picture as an SVG path, of many corners in one cell only the first.

    Args:
        lines: in units of the picture.
        corners: cell to the corner that stands for it; one for a whole picture, so that neighbours keep one border.
    """
    drawn = []
    for line in lines:
        steps = [corners.setdefault((round(x / CELL), round(y / CELL)), (round(x * 2), round(y * 2))) for x, y in line]
        kept = [point for point, before in zip(steps, [None, *steps], strict=False) if point != before]
        if len(kept) < MIN_CORNERS:
            continue
        moves = zip(kept[1:], kept, strict=False)
        drawn.append(f"M{_half(kept[0])}l{' '.join(_half((a - x, b - y)) for (a, b), (x, y) in moves)}z")
    return "".join(drawn)


def _half(point: Point) -> str:
    return f"{point[0] / 2:g} {point[1] / 2:g}"


def projected(longitude: float, latitude: float) -> Point:
    """Return east and south of the origin on a sphere of radius 1 (Snyder 1987, Map projections, 14-1 to 6)."""
    turn = _CONE * (math.radians(longitude) - _MIDDLE)
    away = _distance(math.radians(latitude))
    return away * math.sin(turn), away * math.cos(turn) - _distance(_ORIGIN)


def _distance(latitude: float) -> float:
    """Return how far a parallel in radians is from the tip of the cone."""
    return math.sqrt(_CONSTANT - 2 * _CONE * math.sin(latitude)) / _CONE


def dots(points: Iterable[tuple[int, int]]) -> str:
    """Return dots as one path of strokes without length, each relative to the one before."""
    drawn, at = [], (0, 0)
    for x, y in sorted(points):
        drawn.append(f"m{x - at[0]} {y - at[1]}h0")
        at = x, y
    return "".join(drawn)
