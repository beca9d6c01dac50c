"""Coordinates of charts in SVG, for templates and documents: curves, bars, years, spans."""

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

SIDE = 400
"""Width and height of a square chart, in SVG units."""
WIDE, HIGH = 640, 260
"""Width and height of what is drawn over years, in SVG units."""
LANE = 38
"""Height of a line of spans, its name included, in SVG units."""
OLDEST = 1978
"""Where an axis begins that an unknown start would leave open."""
MAX_LABELS = 11
"""Years that are printed below a picture at most."""
BAR_STEPS = (32, 20)
"""Width of a year in a picture of few years, and of many, in SVG units."""
MANY_YEARS, MIN_BARS_WIDTH, BAR_HEIGHT, MIN_BAR_HEIGHT = 20, 400, 96, 1.5
"""Years from which they are many; least width, height of the highest bar and of the lowest above 0, in SVG units."""
PEAK_DISTANCE = 4
"""Years around the reform in which its name leaves no room for the highest number."""


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


@dataclass(frozen=True, slots=True)
class Stacked:
    """Columns of one year each upon a common ground.

    columns: year, and the pieces from below (number of the series, upper edge and height in units); step: width of a
    column; marks: heights of round numbers; years: years that are printed, with their middles; reform: where that day
    lies, None where it is outside.
    """

    columns: tuple[tuple[int, tuple[tuple[int, float, float], ...]], ...]
    step: float
    marks: tuple[tuple[int, float], ...]
    years: tuple[tuple[int, float], ...]
    reform: float | None


def stacked(years: Sequence[int], series: Sequence[Sequence[float]], reform: date | None = None) -> Stacked:
    """Return numbers of some series year by year as columns, the first series at the bottom, and where a day lies."""
    step = WIDE / len(years)
    top = max((sum(values) for values in zip(*series, strict=True)), default=0) or 1
    columns = []
    for place, year in enumerate(years):
        pieces, reached = [], 0.0
        for number, values in enumerate(series):
            high = values[place] * HIGH / top
            reached += high
            if high > 0:
                pieces.append((number, round(HIGH - reached, 1), round(high, 1)))
        columns.append((year, tuple(pieces)))
    every = next(found for found in (1, 2, 5, 10, 20) if len(years) / found <= MAX_LABELS)
    return Stacked(
        tuple(columns),
        round(step, 2),
        tuple((mark, round(HIGH - mark * HIGH / top, 1)) for mark in rounds(top)),
        tuple((year, round((place + 0.5) * step, 1)) for place, year in enumerate(years) if year % every == 0),
        _where(reform, years[0], years[-1] + 1, WIDE),
    )


@dataclass(frozen=True, slots=True)
class Bars:
    """A bar a year: year, number, height in units; step: width of a year; width: of the picture.

    peak: which bar has its number printed, None where there is no room; reform: where that day lies, if it does.
    """

    bars: tuple[tuple[str, int, float], ...]
    step: int
    width: int
    peak: int | None
    reform: float | None


def yearly(found: Sequence[tuple[str, int]], reform: date | None = None) -> Bars:
    """Return numbers of successive years as bars, and where the day of a reform lies."""
    highest = max(count for _, count in found) or 1
    step = BAR_STEPS[0] if len(found) < MANY_YEARS else BAR_STEPS[1]
    bars = (
        (year, count, max(round(BAR_HEIGHT * count / highest, 1), MIN_BAR_HEIGHT if count else 0))
        for year, count in found
    )
    first = int(found[0][0])
    named = reform.year - first if reform else -PEAK_DISTANCE - 1
    peaks = (at for at, (_, count) in enumerate(found) if count == highest and abs(named - at) > PEAK_DISTANCE)
    marked = _where(reform, first, first + len(found), len(found) * step)
    return Bars(tuple(bars), step, max(len(found) * step, MIN_BARS_WIDTH), next(peaks, None), marked)


def rounds(top: float) -> list[int]:
    """Return round numbers between zero and the highest, three to six of them."""
    rough = top / 5
    power = 10 ** math.floor(math.log10(max(rough, 1)))
    step = next(found for found in (power, 2 * power, 5 * power, 10 * power) if found >= rough)
    return list(range(step, math.floor(top) + 1, step))


def _where(day: date | None, first: int, last: int, width: float) -> float | None:
    """Return where a day lies on an axis from the beginning of one year to that of another, None if it does not."""
    found = _fraction(day, first, last) if day else 0
    return round(found * width, 1) if 0 < found < 1 else None


@dataclass(frozen=True, slots=True)
class Span:
    """A time as drawn: beginning and width in units, whether each end is unknown, and the number of what it is of."""

    x: float
    width: float
    unknown_start: bool
    unknown_end: bool
    number: int


@dataclass(frozen=True, slots=True)
class Spans:
    """Times in lanes under one axis: lanes with their name and spans, printed years, the reform, height."""

    lanes: tuple[tuple[tuple[str, ...], tuple[Span, ...]], ...]
    years: tuple[tuple[int, float], ...]
    reform: float | None
    height: int


def spans(
    found: Sequence[tuple[tuple[str, ...], date | None, date | None]], today: date, reform: date | None = None
) -> Spans | None:
    """Return times as spans in lanes, one for each name in the order met; None where no day is known at all.

    Args:
        found: name of the lane, first and last day; an unknown first day reaches back to the beginning of the axis, an
            unknown last day to today.
        today: where the axis ends.
        reform: a day to be marked.
    """
    starts = [first for _, first, _ in found if first]
    if not starts and not any(last for _, _, last in found):
        return None
    known = [*starts, *(last for _, _, last in found if last)]
    first, last = max(min(known).year - 2, OLDEST), today.year + 1
    lanes: dict[tuple[str, ...], list[Span]] = defaultdict(list)
    for number, (name, start, end) in enumerate(found):
        left = _fraction(start, first, last) * WIDE if start else 0.0
        right = _fraction(end or today, first, last) * WIDE
        lanes[name].append(Span(round(left, 1), round(max(right - left, 3), 1), start is None, end is None, number))
    every = next(step for step in (1, 2, 5, 10, 20) if (last - first) / step <= MAX_LABELS)
    years = tuple(
        (year, round((year - first) / (last - first) * WIDE, 1)) for year in range(first + 1, last) if year % every == 0
    )
    return Spans(
        tuple((name, tuple(held)) for name, held in lanes.items()),
        years,
        _where(reform, first, last, WIDE),
        len(lanes) * LANE,
    )


def _fraction(day: date, first: int, last: int) -> float:
    """Return where a day lies between the beginnings of two years, from 0 to 1."""
    return (day.year + (day.timetuple().tm_yday - 1) / 366 - first) / (last - first)
