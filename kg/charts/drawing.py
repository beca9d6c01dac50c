"""Heatmaps, curves, bars and areas, with a Chinese font if available (the only module that imports matplotlib)."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from math import log2
from pathlib import Path

from matplotlib import colormaps, rc_context
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import ListedColormap, TwoSlopeNorm
from matplotlib.figure import Figure
from matplotlib.font_manager import fontManager
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.patches import Rectangle

FORMATS = ("svg", "png")
_CHINESE = (
    *("Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "Noto Sans CJK JP", "WenQuanYi Micro Hei"),
    *("WenQuanYi Zen Hei", "Microsoft YaHei", "PingFang SC", "Hiragino Sans GB", "SimHei", "Noto Serif CJK SC"),
)
"""Font families with simplified Chinese, by preference; matplotlib names a collection by its first face."""
_PALETTE = ("#1b6ca8", "#e08e0b", "#3a8f5c", "#b8434e", "#6f5aa8", "#7a6a53", "#2a9d9d", "#c06c9b", "#8a8f98")
_INK, _FAINT = "#222222", "#b9bec6"
_MAX_LIFT = 8.0
"""Lifts beyond 8 and 1/8 (three doublings) have the colours of these ends."""


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


@dataclass(frozen=True, slots=True)
class Words:
    """Texts of a chart: title, labels of axes or colours, note below."""

    title: str
    horizontal: str = ""
    vertical: str = ""
    note: str = ""


@cache
def chinese_font() -> str | None:
    """Return the family of an installed font with simplified Chinese, None if there is none."""
    known = {font.name for font in fontManager.ttflist}
    return next((family for family in _CHINESE if family in known), None)


def heatmap(path: Path, rows: Sequence[str], columns: Sequence[str], squares: Sequence[Square], words: Words) -> None:
    """Draw a matrix: the observed number in each cell, coloured by lift, framed if more than chance."""
    width = max(8.0, 1.8 + 0.085 * _max_width(rows) + 0.56 * len(columns))
    height = max(4.5, 1.6 + 0.06 * _max_width(columns) + 0.36 * len(rows))
    with _drawing(path, width, height) as (figure, axes):
        norm, colours = TwoSlopeNorm(0.0, -3.0, 3.0), _diverging()
        for square in squares:
            shade = "#f1f2f4" if square.lift is None else colours(norm(_doublings(square.lift)))
            corner = (square.column - 0.5, square.row - 0.5)
            hatch = "///" if square.by_design else None
            axes.add_patch(Rectangle(corner, 1, 1, facecolor=shade, edgecolor="#ffffff", linewidth=1.0, hatch=hatch))
            if square.significant:
                inner = (square.column - 0.46, square.row - 0.46)
                axes.add_patch(Rectangle(inner, 0.92, 0.92, fill=False, edgecolor=_INK, linewidth=1.3))
            dark = square.lift is not None and abs(_doublings(square.lift)) > 2.5 and not square.by_design
            colour = "#ffffff" if dark else _INK if square.observed or square.lift is not None else _FAINT
            number = axes.text(square.column, square.row, f"{square.observed}", ha="center", va="center", color=colour)
            number.set_fontsize(8)
            if square.by_design:
                number.set_bbox({"facecolor": "#ffffff", "alpha": 0.75, "pad": 1.2, "edgecolor": "none"})
        axes.set(xlim=(-0.5, len(columns) - 0.5), ylim=(len(rows) - 0.5, -0.5))
        axes.set_xticks(range(len(columns)), columns, rotation=40, ha="right", rotation_mode="anchor")
        axes.set_yticks(range(len(rows)), rows)
        axes.tick_params(length=0)
        axes.spines[:].set_visible(False)
        bar = figure.colorbar(ScalarMappable(norm, colours), ax=axes, shrink=0.6, aspect=24, pad=0.02)
        bar.set_ticks([-3, -2, -1, 0, 1, 2, 3], labels=["≤⅛", "¼", "½", "1", "2", "4", "≥8"])
        bar.set_label(words.vertical)
        bar.outline.set_visible(False)
        _add_texts(figure, axes, words)


def curves(path: Path, series: Sequence[Series], words: Words) -> None:
    """Draw curves in the unit square with its diagonal; strong series are coloured and in the legend."""
    named = [one.name for one in series if one.strong]
    with _drawing(path, 7.4 + 0.075 * _max_width(named), 6.6) as (figure, axes):
        axes.plot([0, 1], [0, 1], color=_FAINT, linewidth=1.0, linestyle=(0, (4, 3)))
        colours = iter(_PALETTE * 3)
        for one in sorted(series, key=lambda one: one.strong):
            horizontal, vertical = zip(*one.points, strict=True)
            if one.strong:
                axes.plot(horizontal, vertical, color=next(colours), linewidth=2.0, label=one.name)
            else:
                axes.plot(horizontal, vertical, color=_FAINT, linewidth=0.8, zorder=1)
        axes.set(xlim=(0, 1), ylim=(0, 1))
        axes.set_box_aspect(1)
        axes.legend(loc="center left", bbox_to_anchor=(1.02, 0.5), frameon=False, fontsize=9)
        _hide_spines(axes)
        _add_texts(figure, axes, words)


def stacked_bars(path: Path, rows: Sequence[str], series: Sequence[Series], words: Words) -> None:
    """Draw horizontal bars of shares that sum to one, with percentages, the first row on top."""
    with _drawing(path, 10.0, 1.9 + 0.34 * len(rows)) as (figure, axes):
        left = [0.0] * len(rows)
        for colour, one in zip(_PALETTE, series, strict=False):
            axes.barh(range(len(rows)), one.values, left=left, height=0.72, color=colour, label=one.name)
            for place, (start, value) in enumerate(zip(left, one.values, strict=True)):
                if value >= 0.05:
                    said = f"{value:.0%}"
                    axes.text(start + value / 2, place, said, ha="center", va="center", fontsize=8, color="#ffffff")
            left = [start + value for start, value in zip(left, one.values, strict=True)]
        axes.set(xlim=(0, 1), ylim=(len(rows) - 0.4, -0.6))
        axes.set_yticks(range(len(rows)), rows)
        axes.tick_params(length=0)
        axes.set_xticks([])
        axes.spines[:].set_visible(False)
        axes.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=len(series), frameon=False, fontsize=9)
        _add_texts(figure, axes, words, pad=26)


def stacked_areas(
    path: Path, years: Sequence[int], series: Sequence[Series], words: Words, mark: tuple[float, str]
) -> None:
    """Draw stacked areas over years, with a marked and labelled year."""
    with _drawing(path, 10.0, 5.6) as (figure, axes):
        colours = [*_PALETTE[: len(series) - 1], _FAINT] if len(series) > 1 else _PALETTE
        axes.stackplot(years, [one.values for one in series], labels=[one.name for one in series], colors=colours)
        axes.axvline(mark[0], color=_INK, linewidth=0.9, linestyle=(0, (4, 3)))
        top = max(sum(values) for values in zip(*(one.values for one in series), strict=True))
        axes.text(mark[0] - 0.3, top, mark[1], ha="right", va="top", fontsize=9, color=_INK)
        axes.set(xlim=(years[0], years[-1]), ylim=(0, top * 1.04))
        handles, names = axes.get_legend_handles_labels()
        axes.legend(handles[::-1], names[::-1], loc="upper left", frameon=False, fontsize=9)
        _hide_spines(axes)
        _add_texts(figure, axes, words)


def _max_width(names: Sequence[str]) -> int:
    """Return the width of the widest name in Latin letters; a Chinese character counts two."""
    return max(sum(2 if ord(character) > 0x2E7F else 1 for character in name) for name in names)


def _diverging() -> ListedColormap:
    """Return blue to red without the darkest ends, on which numbers would be hard to read."""
    wide = colormaps["RdBu_r"]
    return ListedColormap([wide(0.12 + 0.76 * step / 255) for step in range(256)])


def _doublings(lift: float) -> float:
    """Return the binary logarithm of a lift, clipped to the ends of the colours."""
    return log2(min(max(lift, 1 / _MAX_LIFT), _MAX_LIFT))


def _hide_spines(axes: Axes) -> None:
    axes.spines[["top", "right"]].set_visible(False)
    axes.tick_params(color=_FAINT)


def _add_texts(figure: Figure, axes: Axes, words: Words, pad: float = 10) -> None:
    axes.set_title(words.title, loc="left", fontsize=12, fontweight="bold", pad=pad)
    axes.set_xlabel(words.horizontal)
    if words.vertical and not axes.get_ylabel() and len(figure.axes) == 1:
        axes.set_ylabel(words.vertical)
    if words.note:
        figure.text(0.01, 0.005, words.note, fontsize=7.5, color="#5c6470", ha="left", va="bottom")


@contextmanager
def _drawing(path: Path, width: float, height: float) -> Iterator[tuple[Figure, Axes]]:
    """Yield a figure of a size in inches and write it at the end of the block; the output is deterministic."""
    family = [font for font in (chinese_font(), "DejaVu Sans") if font]
    with rc_context({"font.family": family, "svg.hashsalt": "guapai", "axes.unicode_minus": False}):
        figure = Figure(figsize=(width, height))
        engine = ConstrainedLayoutEngine(rect=(0, 0.04, 1, 0.96))
        figure.set_layout_engine(engine)
        yield figure, figure.add_subplot()
        metadata = {"Date": None} if path.suffix == ".svg" else {"Software": None}
        figure.savefig(path, dpi=150, metadata=metadata)
