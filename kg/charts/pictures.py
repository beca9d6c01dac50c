"""Heatmaps, curves, bars and years as SVG documents, from the same coordinates as the pages."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import cos, log2, radians, sin

from kg.charts import svg
from kg.charts.document import PALETTE, TEXT_SIZE, Key, Words, document, element, text, width_of

CELL_WIDTH, CELL_HEIGHT = 44, 26
"""Size of a cell of a heatmap, in SVG units."""
TILT = 40
"""Degrees by which the names of columns are turned."""
BAR_HEIGHT, BAR_STEP, BAR_WIDTH = 16, 23, 560
"""Height of a bar, from one to the next, and width of the whole, in SVG units."""
GAP = 8
"""Between a name and what it names, in SVG units."""
MAX_DOUBLINGS = 3.0
"""Lifts beyond 8 and 1/8 (three doublings) have the colours of these ends."""
MIN_SAID_SHARE = 0.05
"""Parts of a bar that are smaller have no number."""
LOW, EVEN, HIGH = (47, 121, 181), (247, 247, 247), (199, 67, 61)
"""Colours of a lift of 1/8, 1 and 8: red, green, blue."""
SCALE = (("≤⅛", -3), ("¼", -2), ("½", -1), ("1", 0), ("2", 1), ("4", 2), ("≥8", 3))
"""Lifts in the legend, with their doublings."""
BLANK = "#f1f2f4"


@dataclass(frozen=True, slots=True)
class Square:
    """Cell of a heatmap: position, observed number, lift (None: not coloured), marks.

    significant: framed, more than chance; by_design: hatched.
    """

    row: int
    column: int
    observed: int
    lift: float | None
    significant: bool = False
    by_design: bool = False


@dataclass(frozen=True, slots=True)
class Series:
    """Named series of values, or of points for curves; strong: coloured and named in the legend."""

    name: str
    values: Sequence[float] = ()
    points: Sequence[tuple[float, float]] = ()
    strong: bool = True


def heatmap(rows: Sequence[str], columns: Sequence[str], squares: Sequence[Square], words: Words) -> str:
    """Draw a matrix: the observed number in each cell, coloured by lift, framed if more than chance."""
    tilt = radians(TILT)
    reach = max(width_of(name) * cos(tilt) - (at + 0.5) * CELL_WIDTH for at, name in enumerate(columns))
    left = max(reach, *map(width_of, rows)) + GAP
    bottom = len(rows) * CELL_HEIGHT
    stripes = element("rect", {"width": 1.6, "height": 6, "fill": "#222", "fill-opacity": "0.55"})
    hatch = {"id": "by-design", "width": 6, "height": 6, "patternUnits": "userSpaceOnUse"}
    body = [element("pattern", {**hatch, "patternTransform": "rotate(45)"}, stripes)]
    for at, name in enumerate(rows):
        body.append(text(left - GAP, (at + 0.5) * CELL_HEIGHT + 4, name, "end"))
    body += [_square(square, left) for square in squares]
    for at, name in enumerate(columns):
        x, y = left + (at + 0.5) * CELL_WIDTH + 4, bottom + 14
        body.append(text(x, y, name, "end", transform=f"rotate(-{TILT} {x:g} {y:g})"))
    height = bottom + 20 + max(map(width_of, columns)) * sin(tilt)
    keys = [Key(words.vertical, {}), *(Key(said, {"fill": _shade(doublings)}) for said, doublings in SCALE)]
    return document("".join(body), left + len(columns) * CELL_WIDTH, height, words, keys)


def _square(square: Square, left: float) -> str:
    x, y = left + square.column * CELL_WIDTH, square.row * CELL_HEIGHT
    box = {"x": x + 0.5, "y": y + 0.5, "width": CELL_WIDTH - 1, "height": CELL_HEIGHT - 1}
    doublings = None if square.lift is None else _doublings(square.lift)
    drawn = [element("rect", {**box, "fill": BLANK if doublings is None else _shade(doublings)})]
    if square.by_design:
        drawn.append(element("rect", {**box, "fill": "url(#by-design)"}))
    if square.significant:
        inner = {"x": x + 2, "y": y + 2, "width": CELL_WIDTH - 4, "height": CELL_HEIGHT - 4}
        drawn.append(element("rect", {**inner, "class": "sure"}))
    kind = "middle"
    if square.by_design:
        kind += " halo"
    elif doublings is not None and abs(doublings) > 2.5:
        kind += " on-dark"
    elif not square.observed and doublings is None:
        kind += " empty"
    return "".join([*drawn, text(x + CELL_WIDTH / 2, y + CELL_HEIGHT / 2 + 4, f"{square.observed}", kind)])


def _doublings(lift: float) -> float:
    """Return the binary logarithm of a lift, clipped to the ends of the colours."""
    return max(-MAX_DOUBLINGS, min(MAX_DOUBLINGS, log2(lift))) if lift > 0 else -MAX_DOUBLINGS


def _shade(doublings: float) -> str:
    part, end = abs(doublings) / MAX_DOUBLINGS, HIGH if doublings > 0 else LOW
    mixed = (round(even + (far - even) * part) for even, far in zip(EVEN, end, strict=True))
    return "#" + "".join(f"{channel:02x}" for channel in mixed)


def curves(series: Sequence[Series], words: Words) -> str:
    """Draw curves in the unit square with its diagonal; strong series are coloured and in the legend."""
    side, left = svg.SIDE, 40
    body, keys = list[str](), list[Key]()
    for at in (0, 0.25, 0.5, 0.75, 1):
        x, y = at * side, (1 - at) * side
        body.append(element("path", {"class": "grid", "d": f"M0 {y:g}H{side}M{x:g} 0V{side}"}))
        body += [text(-6, y + 4, f"{at:.0%}", "end"), text(x, side + 18, f"{at:.0%}", "middle")]
    body.append(element("path", {"class": "faint even", "d": f"M0 {side}L{side} 0"}))
    for one in sorted(series, key=lambda one: one.strong):
        kind = "faint"
        if one.strong:
            number = len(keys) % len(PALETTE)
            kind = f"line-{number}"
            keys.append(Key(one.name, {"class": f"part-{number}"}))
        body.append(element("polyline", {"class": kind, "points": svg.curve(one.points)}))
    body += [text(side / 2, side + 38, words.horizontal, "middle"), text(6, 14, words.vertical, "halo")]
    inner = element("g", {"transform": f"translate({left} 6)"}, *body)
    return document(inner, left + side + 20, side + 50, words, keys)


def stacked_bars(rows: Sequence[str], series: Sequence[Series], words: Words) -> str:
    """Draw horizontal bars of shares that sum to one, with percentages, the first row on top."""
    left, body = max(map(width_of, rows)) + GAP, []
    for at, name in enumerate(rows):
        y = at * BAR_STEP
        body.append(text(left - GAP, y + 12, name, "end"))
        for number, segment in enumerate(svg.bar([(one.name, one.values[at]) for one in series])):
            x, width = left + segment.start * BAR_WIDTH / 100, segment.share * BAR_WIDTH / 100
            body.append(
                element("rect", {"class": f"part-{number}", "x": x, "y": y, "width": width, "height": BAR_HEIGHT})
            )
            if segment.share >= 100 * MIN_SAID_SHARE:
                body.append(text(x + width / 2, y + 12, f"{segment.share:.0f}%", "middle on-dark"))
    keys = [Key(one.name, {"class": f"part-{number}"}) for number, one in enumerate(series)]
    return document("".join(body), left + BAR_WIDTH, len(rows) * BAR_STEP, words, keys)


def stacked_years(years: Sequence[int], series: Sequence[Series], words: Words, day: date, name: str) -> str:
    """Draw a column a year, the first series at the bottom and the last one grey, with a day marked by its name."""
    drawn, left = svg.stacked(years, [one.values for one in series], day), 56
    kinds = [*(f"part-{number}" for number in range(len(series) - 1)), "others"]
    body = [text(-left, -8, words.vertical)]
    for mark, y in drawn.marks:
        body.append(element("path", {"class": "grid", "d": f"M0 {y:g}H{svg.WIDE}"}))
        body.append(text(-6, y + 4, f"{mark}", "end"))
    for place, (year, pieces) in enumerate(drawn.columns):
        x, width = place * drawn.step + 0.6, drawn.step - 1.2
        parts = (
            element("rect", {"class": kinds[number], "x": x, "y": top, "width": width, "height": high})
            for number, top, high in pieces
        )
        body.append(element("g", {}, element("title", {}, f"{year}"), *parts))
    body += [text(x, svg.HIGH + 18, f"{year}", "middle") for year, x in drawn.years]
    if drawn.reform is not None:
        body.append(element("path", {"class": "reform", "d": f"M{drawn.reform:g} 0V{svg.HIGH}"}))
        body.append(text(drawn.reform - 4, TEXT_SIZE, name, "end halo"))
    keys = [Key(one.name, {"class": kind}) for one, kind in zip(series, kinds, strict=True)]
    inner = element("g", {"transform": f"translate({left} 16)"}, *body)
    return document(inner, left + svg.WIDE, svg.HIGH + 40, words, keys[::-1])
