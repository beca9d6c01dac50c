"""Cards of shared links: named by the pages that have one, drawn in the size and the words that readers expect."""

import struct

import pytest
from flask import Flask
from flask.testing import FlaskClient
from read_pages import soup

from kg.charts.card import card as drawn
from kg.charts.png import png
from web.views import card

WITH_CARDS = pytest.mark.skipif(not card.available(), reason="needs the extra png and a Chinese font")
FINDING = "territorial/110117/agriculture-rural"
PAGES = {
    "/": "home",
    "/page/designation/agri-sci-park-0001": "designation/agri-sci-park-0001",
    "/page/place/320583": "place/320583",
    f"/page/finding/{FINDING}": f"finding/{FINDING}",
}
"""Pages to the part of their card's address."""


def size(pixels: bytes) -> tuple[int, int]:
    """Return width and height in the header of a PNG."""
    assert pixels.startswith(b"\x89PNG")
    width, height = struct.unpack(">II", pixels[16:24])
    return width, height


@WITH_CARDS
@pytest.mark.parametrize(("page", "part"), PAGES.items())
def test_a_page_names_its_card(client: FlaskClient, page: str, part: str) -> None:
    tags = {
        str(tag["property"]): str(tag["content"]) for tag in soup(client, f"{page}?lang=en").select("meta[property]")
    }
    assert tags["og:image"] == f"http://localhost/card/{part}.png?lang=en"
    answer = client.get(tags["og:image"])
    assert (answer.status_code, answer.mimetype, size(answer.data)) == (200, "image/png", (1200, 630))
    stated = tuple(int(tags[f"og:image:{side}"]) for side in ("width", "height"))
    assert stated == (1200, 630)
    assert client.get(tags["og:image"], headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304


@WITH_CARDS
def test_a_card_says_title_and_number_in_the_language_of_the_page(app: Flask) -> None:
    with app.test_request_context("/?lang=zh"):
        words = card.WORDS["place"]("320583")
        members = card.WORDS["finding"](FINDING)
        assert words.title == "昆山市"
        assert words.said.startswith("块牌子，分属")
        assert f"{members.figure}块" in members.title
        chinese = png(drawn(*words, "挂牌"))
    with app.test_request_context("/?lang=en"):
        assert card.WORDS["place"]("320583").figure == words.figure
    assert chinese != png(drawn("\ue000\ue001\ue002", *words[1:], "挂牌")), "drawn, and not as boxes"


@WITH_CARDS
@pytest.mark.parametrize(
    "part", ["place/999999", "designation/none", "finding/none", "home/more", "place", "carrier/none"]
)
def test_what_has_no_card_is_not_found(client: FlaskClient, part: str) -> None:
    assert client.get(f"/card/{part}.png").status_code == 404


def test_without_the_means_no_page_names_a_card(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(card, "available", lambda: False)
    assert soup(client, "/page/place/320583?lang=en").select("meta[property='og:image']") == []
    assert client.get("/card/place/320583.png").status_code == 404


def test_a_long_title_is_smaller_and_then_cut() -> None:
    short, long, longest = (drawn("字" * number, "7", "said", "site") for number in (20, 60, 200))
    assert [text.count("<text") for text in (short, long, longest)] == [5, 6, 6]
    assert "font-size:30px" in short
    assert "font-size:30px" not in long
    assert "…" not in long
    assert "…" in longest
