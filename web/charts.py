"""Charts drawn by the server as coordinates of SVG: Lorenz curves and stacked bars; no scripts, no style attributes."""

from collections.abc import Sequence
from dataclasses import dataclass

SIDE = 400
"""Width and height of a square chart, in units of the picture."""


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of a bar: name of the class, its share, and where it begins, shares of the whole bar in percent."""

    name: str
    share: float
    start: float


def curve(points: Sequence[tuple[float, float]]) -> str:
    """Return points between (0, 0) and (1, 1) as the `points` of an SVG polyline, the origin at the lower left."""
    return " ".join(f"{x * SIDE:.1f},{(1 - y) * SIDE:.1f}" for x, y in points)


def bar(shares: Sequence[tuple[str, float]]) -> list[Segment]:
    """Return the segments of a stacked bar, one after the other."""
    segments, at = [], 0.0
    for name, share in shares:
        segments.append(Segment(name, share * 100, at))
        at += share * 100
    return segments
