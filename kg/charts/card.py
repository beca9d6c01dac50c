"""The card that a messenger shows for a shared link: a title, a number, what it counts, and whose page it is."""

from kg.charts.document import FONTS, element, text, width_of, wrapped

WIDTH, HEIGHT = 600, 315
"""Size in SVG units, half of that in pixels (1200 × 630, the ratio of Open Graph's readers)."""
EDGE = 40
TITLE_SIZES = (30, 26, 22)
"""Sizes of the title in SVG units, the first at which it takes at most `TITLE_LINES`."""
TITLE_LINES = 3
FIGURE_SIZE, SAID_SIZE, SITE_SIZE = 64, 17, 15
GROUND, INK, SOFT, BRASS = "#f8f8f5", "#1b1b1b", "#5b5b5b", "#7d5c17"
"""Colours of the site's light pages."""
ELLIPSIS = "…"


def card(title: str, figure: str, said: str, site: str) -> str:
    """Return a card as an SVG document.

    Args:
        title: of the page; what does not fit ends in an ellipsis.
        figure: the key figure, empty for none.
        said: what the figure counts, or what the page is.
        site: the name of the site, at the foot.
    """
    inner = WIDTH - 2 * EDGE
    size, lines = _title(title, inner)
    body = [element("rect", {"width": WIDTH, "height": HEIGHT, "fill": GROUND})]
    body.append(element("rect", {"width": WIDTH, "height": 10, "fill": BRASS}))
    body += [_line(EDGE, EDGE + size * (0.95 + 1.25 * at), line, size, INK) for at, line in enumerate(lines)]
    beside = width_of(figure, FIGURE_SIZE) + 18 if figure else 0
    below = _cut(wrapped(said, inner - beside, SAID_SIZE), 3)
    base = HEIGHT - EDGE - 32
    if figure:
        body.append(_line(EDGE, base, figure, FIGURE_SIZE, BRASS))
    top = base - SAID_SIZE * 1.35 * (len(below) - 1)
    body += [_line(EDGE + beside, top + SAID_SIZE * 1.35 * at, line, SAID_SIZE, SOFT) for at, line in enumerate(below)]
    body.append(_line(EDGE, HEIGHT - EDGE + 14, site, SITE_SIZE, SOFT))
    size_of_all: dict[str, object] = {"viewBox": f"0 0 {WIDTH} {HEIGHT}", "width": WIDTH, "height": HEIGHT}
    families = ",".join(f"'{family}'" for family in FONTS)
    root = {"xmlns": "http://www.w3.org/2000/svg", **size_of_all, "font-family": f"{families},sans-serif"}
    return element("svg", root, *body)


def _title(title: str, width: float) -> tuple[float, list[str]]:
    """Return the size of a title and its lines."""
    for size in TITLE_SIZES:
        lines = wrapped(title, width, size)
        if len(lines) <= TITLE_LINES:
            return size, lines
    return size, _cut(lines, TITLE_LINES)


def _cut(lines: list[str], most: int) -> list[str]:
    return lines if len(lines) <= most else [*lines[: most - 1], lines[most - 1][:-1] + ELLIPSIS]


def _line(x: float, y: float, said: str, size: float, colour: str) -> str:
    return text(x, y, said, style=f"font-size:{size:g}px;fill:{colour}")
