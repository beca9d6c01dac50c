"""PNG of drawings: Chinese is drawn with a font of the machine, and not as boxes of missing glyphs."""

import os
import shutil
import subprocess

import pytest

from kg.charts.document import Words, document
from kg.charts.png import draws_chinese, png

FC_LIST = shutil.which("fc-list")
CHINESE_FONTS = subprocess.run([FC_LIST, ":lang=zh"], capture_output=True, check=True).stdout if FC_LIST else b""
WITH_FONT = pytest.mark.skipif(
    not CHINESE_FONTS and "CI" not in os.environ, reason="needs a Chinese font, such as Noto Sans CJK"
)


def titled(title: str) -> bytes:
    return png(document("", 40, 40, Words(title)))


@WITH_FONT
def test_chinese_is_drawn_and_not_as_boxes() -> None:
    boxes = titled("\ue000\ue001")
    assert boxes == titled("\ue002\ue003")  # characters that no font has are all the same box
    assert len({boxes, titled("重庆"), titled("庆重"), titled("重重")}) == 4
    assert draws_chinese()


def test_the_same_drawing_makes_the_same_png() -> None:
    first, second = titled("Lorenz"), titled("Lorenz")
    assert first == second
    assert first.startswith(b"\x89PNG")
