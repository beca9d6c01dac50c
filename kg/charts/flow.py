"""What became of some things between two days, as two bars and a band: coordinates for SVG."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

WIDTH, HEIGHT, BAR = 640, 220, 26
"""Width and height of the picture, and width of a bar, in SVG units."""
LINE = 19
"""Least distance between the middles of two labels, in SVG units."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a bar: key, number, upper edge and height, and the middle of its label, in SVG units."""

    key: str
    number: int
    y: float
    height: float
    label: float


@dataclass(frozen=True, slots=True)
class Flow:
    """Two bars on a common scale: what stood before and what stands after; what is in both is a band at the top.

    before, after: numbers of all; kept: the band; lost, gained: pieces of the left and of the right bar below it;
    height: of the picture with its labels.
    """

    before: int
    after: int
    kept: Piece
    lost: tuple[Piece, ...]
    gained: tuple[Piece, ...]
    height: float


def flow(kept: int, lost: Sequence[tuple[str, int]], gained: Sequence[tuple[str, int]]) -> Flow | None:
    """Return the picture of what was kept, lost and gained; None where there is nothing at all.

    Args:
        kept: number of the things of both days.
        lost: key and number of the things of the first day alone, in the order in which they are drawn.
        gained: those of the second day alone.
    """
    before, after = (kept + sum(number for _, number in found) for found in (lost, gained))
    if not (before or after):
        return None
    scale = HEIGHT / max(before, after)
    top = round(kept * scale, 1)
    band = Piece("still", kept, 0.0, top, max(top / 2, LINE / 2))
    first = band.label + LINE if kept else LINE / 2
    left, right = (tuple(_pieces(found, top, scale, first)) for found in (lost, gained))
    bottom = max((piece.label for piece in (*left, *right)), default=0.0) + LINE / 2
    return Flow(before, after, band, left, right, max(HEIGHT, bottom))


def _pieces(found: Sequence[tuple[str, int]], top: float, scale: float, first: float) -> Iterable[Piece]:
    """Yield the pieces with a number, one below the other, labels beside them but never nearer than a line."""
    free = first
    for key, number in found:
        if number:
            height = number * scale
            label = max(free, top + height / 2)
            yield Piece(key, number, round(top, 1), round(height, 1), round(label, 1))
            top, free = top + height, label + LINE
