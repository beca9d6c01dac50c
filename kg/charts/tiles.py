"""The provinces as tiles of equal size, near their neighbours: a map without an outline that anybody could dispute."""

from dataclasses import dataclass

from kg.charts.choropleth import Area, Sheet
from kg.charts.maps import Frame

GRID = """
..  ..  ..  ..  ..  ..  ..  23
..  ..  ..  ..  ..  15  ..  22
65  ..  62  64  14  13  11  21
..  63  ..  61  41  37  12  ..
54  ..  51  50  42  34  32  31
..  ..  ..  52  43  36  33  ..
..  ..  53  45  44  35  ..  71
..  ..  ..  46  82  81  ..  ..
"""
"""Where each province stands, west to the left: the first two digits of its code (GB/T 2260)."""
WIDTH, HEIGHT, GAP = 76, 46, 4
"""Size of a tile and distance between two, in SVG units."""
SHORTER = {"150000": "Nei Mongol"}
"""Names that have no room on a tile, to shorter ones, in English."""


@dataclass(frozen=True, slots=True)
class Tiles(Sheet):
    """A sheet whose areas are tiles."""

    @property
    def tiled(self) -> bool:
        """Whether the areas are tiles and no outlines."""
        return True


def tiles(outlines: Sheet) -> Tiles:
    """Return the provinces as tiles, with the names and divisions of the sheet of outlines of the country."""
    labels = {area.code: area.labels for area in outlines.areas if area.code}
    rows = [line.split() for line in GRID.strip().splitlines()]
    areas = tuple(
        _tile(code, column, row, labels.get(code, ("", "")))
        for row, cells in enumerate(rows)
        for column, start in enumerate(cells)
        if (code := f"{start}0000") in {*outlines.divisions, *labels}
    )
    frame = Frame(0.0, 0.0, 1.0, len(rows[0]) * (WIDTH + GAP), len(rows) * (HEIGHT + GAP))
    return Tiles(areas, frame, outlines.divisions, outlines.level, outlines.unlisted)


def _tile(code: str, column: int, row: int, labels: tuple[str, str]) -> Area:
    x, y = column * (WIDTH + GAP) + GAP / 2, row * (HEIGHT + GAP) + GAP / 2
    path = f"M{x:g} {y:g}h{WIDTH}v{HEIGHT}h-{WIDTH}z"
    named = labels[0], SHORTER.get(code, labels[1])
    return Area(code, path, (x + WIDTH / 2, y + HEIGHT / 2), float(WIDTH), float(WIDTH * HEIGHT), named)
