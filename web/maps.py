"""Maps of China as points: every county a faint dot, and circles whose areas are counts; no tiles, no scripts."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from web.graph import Graph, last_part, value
from web.parts.areas import POINT

WIDTH, HEIGHT = 560, 470
SOUTHERNMOST = 17.5
"""Degrees; the few islands further south would leave half of the picture empty, and bear no county-level plates."""
LARGEST = 15.0
"""Radius of the largest circle."""
_FIRST, _SECOND, _MIDDLE, _ORIGIN = (math.radians(degree) for degree in (25.0, 47.0, 105.0, 36.0))
"""Albers equal-area conic projection: standard parallels, central meridian and origin as usual for China."""
Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Circle:
    """A circle on a map: code of the place, its count, centre and radius in units of the picture."""

    place: str
    count: int
    x: float
    y: float
    radius: float


@dataclass(frozen=True, slots=True)
class Ground:
    """What all maps lie on.

    points: of all places in units of the picture; dots: the same, faint, as an SVG path; corner, scale: west and north
    end of the picture on the projection, and units of the picture to a radius of the Earth.
    """

    points: Mapping[str, Point]
    dots: str
    corner: Point = (0.0, 0.0)
    scale: float = 0.0

    def at(self, longitude: float, latitude: float) -> Point | None:
        """Return where a point in degrees lies on the picture, None where it lies outside."""
        x, y = _albers(longitude, latitude)
        found = round(20 + (x - self.corner[0]) * self.scale, 1), round(20 + (y - self.corner[1]) * self.scale, 1)
        return found if 0 <= found[0] <= WIDTH and 0 <= found[1] <= HEIGHT and latitude >= SOUTHERNMOST else None


def ground(graph: Graph) -> Ground:
    """Return the points of the places of a release."""
    return graph.remembered("ground of maps", lambda: _ground(graph))


def circles(counts: Mapping[str, int], on: Ground, most: int) -> list[Circle]:
    """Return a circle for each place with a point, the largest first so that no small one is hidden.

    Args:
        counts: count by code of the place.
        on: where the places lie.
        most: the count with the largest circle; the same for maps that are compared.
    """
    scale = LARGEST / math.sqrt(max(most, 1))
    made = [
        Circle(place, count, *on.points[place], round(max(scale * math.sqrt(count), 2.0), 1))
        for place, count in counts.items()
        if count and place in on.points
    ]
    return sorted(made, key=lambda circle: (-circle.count, circle.place))


def _ground(graph: Graph) -> Ground:
    rows = graph.rows("place_points")
    matches = {last_part(value(row, "place")): POINT.fullmatch(value(row, "point")) for row in rows}
    degrees = {code: (float(match[1]), float(match[2])) for code, match in matches.items() if match}
    placed = {code: _albers(*point) for code, point in degrees.items() if point[1] >= SOUTHERNMOST}
    if not placed:
        return Ground({}, "")
    (left, right), (top, bottom) = ((min(found), max(found)) for found in zip(*placed.values(), strict=True))
    scale = min((WIDTH - 40) / (right - left), (HEIGHT - 40) / (bottom - top))
    points = {
        code: (round(20 + (x - left) * scale, 1), round(20 + (y - top) * scale, 1)) for code, (x, y) in placed.items()
    }
    return Ground(points, _path({(round(x), round(y)) for x, y in points.values()}), (left, top), scale)


def _albers(longitude: float, latitude: float) -> Point:
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
