"""SVG documents that stand alone: title, legend, picture, note and source; texts stay texts, nothing runs."""

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

FONTS = (
    *("Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "Microsoft YaHei", "PingFang SC", "Hiragino Sans GB"),
    *("WenQuanYi Micro Hei", "WenQuanYi Zen Hei", "SimHei"),
)
"""Font families with simplified Chinese, by preference."""
PALETTE = ("#1b6ca8", "#e08e0b", "#3a8f5c", "#b8434e", "#6f5aa8", "#7a6a53", "#2a9d9d", "#c06c9b", "#8a8f98")
"""Colours of the classes part-0, part-1, …; line-0, line-1, … are lines of the same colours."""
FAINT = "#b9bec6"
MARGIN, MIN_WIDTH = 24, 640
"""Space around a document, and its least width, in SVG units."""
TITLE_SIZE, TEXT_SIZE, NOTE_SIZE = 17, 12, 11
"""Sizes of letters, in SVG units."""
LATIN_WIDTH = 0.56
"""Mean width of a Latin letter, as a part of its size; a Chinese character is as wide as its size."""
FIRST_WIDE = "\u2e80"
"""First character that is as wide as its size."""
SWATCH, KEY_GAP, LINE = 12, 18, 18
"""Side of a colour in the legend, gap between its entries, height of a line of text, in SVG units."""
_FAMILY = ",".join(f'"{family}"' for family in FONTS)
STYLE = (
    f"text{{font:{TEXT_SIZE}px {_FAMILY},sans-serif;fill:#222}}"
    f".title{{font-size:{TITLE_SIZE}px;font-weight:600}}.note{{font-size:{NOTE_SIZE}px;fill:#5c6470}}"
    ".end{text-anchor:end}.middle{text-anchor:middle}.on-dark{fill:#fff}.empty{fill:#b9bec6}"
    ".halo{paint-order:stroke;stroke:#fff;stroke-width:3px}"
    f".grid{{stroke:#e4e6ea;fill:none}}.faint{{stroke:{FAINT};fill:none}}.even{{stroke-dasharray:5 4}}"
    ".reform{stroke:#222;stroke-dasharray:4 3;fill:none}.sure{fill:none;stroke:#222;stroke-width:1.4}"
    + "".join(f".part-{n}{{fill:{c}}}.line-{n}{{stroke:{c};stroke-width:2;fill:none}}" for n, c in enumerate(PALETTE))
    + f".others{{fill:{FAINT}}}"
)


@dataclass(frozen=True, slots=True)
class Words:
    """Texts of a picture: title, labels of axes or colours, note and source below."""

    title: str
    horizontal: str = ""
    vertical: str = ""
    note: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Key:
    """An entry of the legend: what it says, and the attributes of its colour."""

    label: str
    colour: dict[str, str]


def element(name: str, attributes: dict[str, object], *children: str) -> str:
    """Return an element with attributes, numbers rounded to a tenth, around children that are markup already."""
    said = "".join(f' {key}="{_said(value)}"' for key, value in attributes.items() if value != "")
    return f"<{name}{said}>{''.join(children)}</{name}>" if children else f"<{name}{said}/>"


def text(x: float, y: float, said: str, kind: str = "", **attributes: object) -> str:
    """Return a text; kind: classes of the style, by space."""
    return element("text", {"x": x, "y": y, "class": kind, **attributes}, _escaped(said))


def _said(value: object) -> str:
    return f"{round(value, 1):g}" if isinstance(value, float | int) else _escaped(str(value))


def _escaped(said: str) -> str:
    """Return text as markup; characters that no XML document may hold become U+FFFD."""
    return html.escape(re.sub("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "\ufffd", said))


def width_of(said: str, size: float = TEXT_SIZE) -> float:
    """Return the width of a text in SVG units, as an estimate that needs no font."""
    return sum(size if letter >= FIRST_WIDE else size * LATIN_WIDTH for letter in said)


def wrapped(said: str, width: float, size: float = TEXT_SIZE) -> list[str]:
    """Return the lines of a text; it is broken at spaces and between Chinese characters."""
    lines = [""]
    for piece in re.findall(rf"[{FIRST_WIDE}-\U0010ffff]|[^\s{FIRST_WIDE}-\U0010ffff]+\s*|\s+", said):
        if lines[-1] and width_of(lines[-1] + piece.rstrip(), size) > width:
            lines.append("")
        lines[-1] += piece
    return [line.rstrip() for line in lines if line.strip()]


def document(body: str, width: float, height: float, words: Words, keys: Sequence[Key] = ()) -> str:
    """Return a whole SVG document on a light ground.

    Args:
        body: the picture as markup, in a box of its own from (0, 0).
        width: of that box, in SVG units.
        height: of that box.
        words: title, note and source; labels of axes are part of the picture.
        keys: the legend, above the picture.
    """
    inner = max(width, MIN_WIDTH)
    head, top = [], MARGIN + TITLE_SIZE / 2
    for line in wrapped(words.title, inner, TITLE_SIZE):
        head.append(text(MARGIN, top, line, "title"))
        top += TITLE_SIZE * 1.4
    for row in _rows(keys, inner):
        head.append(element("g", {"transform": f"translate({MARGIN} {top:g})"}, *row))
        top += LINE
    picture = element("g", {"transform": f"translate({MARGIN} {top + 8:g})"}, body)
    top += height + 8 + LINE
    foot = []
    for line in [line for said in (words.note, words.source) for line in wrapped(said, inner, NOTE_SIZE)]:
        foot.append(text(MARGIN, top, line, "note"))
        top += NOTE_SIZE * 1.45
    whole, high = inner + 2 * MARGIN, top + MARGIN / 2
    ground = element("rect", {"width": whole, "height": high, "fill": "#fff"})
    size: dict[str, object] = {"viewBox": f"0 0 {whole:g} {high:g}", "width": whole, "height": high}
    root = {"xmlns": "http://www.w3.org/2000/svg", **size, "role": "img"}
    title = element("title", {}, _escaped(words.title))
    return element("svg", root, title, f"<style>{STYLE}</style>", ground, *head, picture, *foot) + "\n"


def _rows(keys: Sequence[Key], width: float) -> Iterator[list[str]]:
    """Yield the lines of the legend."""
    row: list[str] = []
    x = 0.0
    for key in keys:
        needed = SWATCH + 6 + width_of(key.label)
        if row and x + needed > width:
            yield row
            row, x = [], 0.0
        if key.colour:
            row.append(element("rect", {"x": x, "width": SWATCH, "height": SWATCH, **key.colour}))
        row.append(text(x + (SWATCH + 6 if key.colour else 0), SWATCH - 2, key.label))
        x += needed + KEY_GAP
    if row:
        yield row
