"""SVG documents as PNG, by resvg (the extra `guapai[png]`; the only module that imports it)."""

from kg.charts.document import Words, document, text
from kg.errors import GuapaiError

ZOOM = 2.0
"""Pixels to an SVG unit."""


def png(drawing: str) -> bytes:
    """Return an SVG document as a PNG, in the fonts of this machine.

    Raises:
        GuapaiError: the extra is not installed.
    """
    try:
        import resvg_py  # noqa: PLC0415 — an extra
    except ImportError as error:
        raise GuapaiError("PNG needs the extra png (pip install 'guapai[png]'); SVG needs nothing") from error
    return bytes(resvg_py.svg_to_bytes(svg_string=drawing, zoom=ZOOM))


def draws_chinese() -> bool:
    """Return whether a font of this machine has Chinese: 中 is drawn otherwise than a character that no font has."""
    chinese, missing = (png(document(text(0, 20, said), 40, 40, Words(""))) for said in ("中", "\U0010fffd"))
    return chinese != missing
