"""What maps of China lie on: a projection, outlines, and every county a faint dot."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from web.charts.outlines import outlines
from web.graph.iris import POINT
from web.graph.queries import Graph, last_part, value

WIDTH, HEIGHT = 560, 470
SOUTHERNMOST = 17.5
"""Degrees; islands further south would leave half of the picture empty, and bear no county-level designations."""
MARGIN = 12.0
LEAST_CORNERS = 4
"""Corners of an outline; what has fewer at the size of the picture is a speck."""
CELL = 2.2
"""Units within which corners of an outline are one."""
LARGEST = 15.0
"""Radius of the largest circle on a map."""
_FIRST, _SECOND, _MIDDLE, _ORIGIN = (math.radians(degree) for degree in (25.0, 47.0, 105.0, 36.0))
"""Albers equal-area conic projection: standard parallels, central meridian and origin as usual for China."""
Point = tuple[float, float]
Line = Sequence[Point]


@dataclass(frozen=True, slots=True)
class Ground:
    """What all maps lie on.

    points: of all places in units of the picture; dots: the same, faint, as an SVG path; land: outlines of provinces
    as an SVG path, empty where they are not installed; frame: how the projection fits the picture.
    """

    points: Mapping[str, Point]
    dots: str
    land: str
    frame: "Frame"

    def at(self, longitude: float, latitude: float) -> Point | None:
        """Return where a point in degrees lies on the picture, None where it lies outside."""
        x, y = (round(number, 1) for number in self.frame.at(longitude, latitude))
        return (x, y) if 0 <= x <= WIDTH and 0 <= y <= HEIGHT and latitude >= SOUTHERNMOST else None


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


def frame(points: Iterable[Point]) -> Frame:
    """Return the frame that holds points of the projection, as large as the picture may be."""
    placed = [*points] or [(0.0, 0.0)]
    (left, right), (top, bottom) = ((min(found), max(found)) for found in zip(*placed, strict=True))
    wide, high = max(right - left, 1e-9), max(bottom - top, 1e-9)
    scale = min((WIDTH - 2 * MARGIN) / wide, (HEIGHT - 2 * MARGIN) / high)
    return Frame(left, top, scale, round(wide * scale + 2 * MARGIN, 1), round(high * scale + 2 * MARGIN, 1))


def path(rings: Iterable[Line], on: Frame, corners: dict[Point, Point]) -> str:
    """Return closed lines as an SVG path, of many corners in one cell of the picture only the first.

    Args:
        rings: lines on the projection.
        on: where they are drawn.
        corners: cell to the corner that stands for it; one for a whole picture, so that neighbours keep one border.
    """
    drawn = []
    for ring in rings:
        placed = [on.fit(point) for point in ring]
        steps = [
            corners.setdefault((round(x / CELL), round(y / CELL)), (round(x * 2), round(y * 2))) for x, y in placed
        ]
        kept = [point for point, before in zip(steps, [None, *steps], strict=False) if point != before]
        if len(kept) < LEAST_CORNERS:
            continue
        moves = zip(kept[1:], kept, strict=False)
        drawn.append(f"M{_half(kept[0])}l{' '.join(_half((a - x, b - y)) for (a, b), (x, y) in moves)}z")
    return "".join(drawn)


def _half(point: Point) -> str:
    return f"{point[0] / 2:g} {point[1] / 2:g}"


def ground(graph: Graph) -> Ground:
    """Return the points of the places of a release."""
    return graph.cached("ground of maps", lambda: _ground(graph))


def _ground(graph: Graph) -> Ground:
    rows = graph.rows("charts/place_points")
    matches = {last_part(value(row, "place")): POINT.fullmatch(value(row, "point")) for row in rows}
    degrees = {code: (float(match[1]), float(match[2])) for code, match in matches.items() if match}
    placed = {code: projected(*point) for code, point in degrees.items() if point[1] >= SOUTHERNMOST}
    rings = [[projected(*point) for point in ring] for outline in outlines() for ring in outline.rings]
    on = frame([*placed.values(), *(point for ring in rings for point in ring)])
    points = {
        code: (round(x, 1), round(y, 1)) for code, (x, y) in ((code, on.fit(point)) for code, point in placed.items())
    }
    return Ground(points, _path({(round(x), round(y)) for x, y in points.values()}), path(rings, on, {}), on)


def projected(longitude: float, latitude: float) -> Point:
    """Return east and south of the origin on a sphere of radius 1 (Snyder 1987, Map projections, 14-1 to 6)."""
    n = (math.sin(_FIRST) + math.sin(_SECOND)) / 2
    constant = math.cos(_FIRST) ** 2 + 2 * n * math.sin(_FIRST)

    def distance(angle: float) -> float:
        return math.sqrt(constant - 2 * n * math.sin(angle)) / n

    turn = n * (math.radians(longitude) - _MIDDLE)
    away = distance(math.radians(latitude))
    return away * math.sin(turn), away * math.cos(turn) - distance(_ORIGIN)


def _path(points: Iterable[tuple[int, int]]) -> str:
    """Return dots as one path of strokes without length, each relative to the one before."""
    drawn, at = [], (0, 0)
    for x, y in sorted(points):
        drawn.append(f"m{x - at[0]} {y - at[1]}h0")
        at = x, y
    return "".join(drawn)
