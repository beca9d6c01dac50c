"""Both languages: choice by address and header, links that keep it, complete translations."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from read_pages import soup, words

WEB = Path(__file__).parents[3] / "web"


@pytest.mark.parametrize(
    ("language", "heading", "title", "skip"),
    [
        ("zh", "国家高新技术产业开发区", "官方定位与建设目的（原文）", "跳到正文"),
        (
            "en",
            "National High-tech Industrial Development Zone",
            "Official purpose, in its own words",
            "Skip to the content",
        ),
    ],
)
def test_a_page_is_in_the_language_asked_for(
    client: FlaskClient, language: str, heading: str, title: str, skip: str
) -> None:
    page = soup(client, f"/page/programme/national-high-tech-zone?lang={language}")
    assert words(page.h1) == heading
    assert words(page.find(id="for")) == title
    assert words(page.find("a", class_="skip")) == skip


def test_the_language_comes_from_address_then_browser_then_is_chinese(client: FlaskClient) -> None:
    def tag(address: str, header: str | None) -> str:
        headers = {"Accept-Language": header} if header else {}
        return str(BeautifulSoup(client.get(address, headers=headers).text, "html.parser").html["lang"])

    assert tag("/", None) == "zh-Hans"
    assert tag("/", "fr-FR, de;q=0.5") == "zh-Hans"
    assert tag("/", "en-GB, zh;q=0.5") == "en"
    assert tag("/", "zh-TW, en;q=0.5") == "zh-Hans"
    assert tag("/?lang=zh", "en") == "zh-Hans"
    assert tag("/?lang=xx", "en") == "en"


def test_every_link_carries_the_language_of_the_address(client: FlaskClient) -> None:
    links = [str(a["href"]) for a in soup(client, "/?lang=en").find_all("a", href=re.compile(r"^/"))]
    assert len(links) > 40
    assert [link for link in links if "lang=en" not in link and "lang=zh" not in link] == []
    assert sum("lang=zh" in link for link in links) == 1, "the switch"
    assert [a["href"] for a in soup(client, "/").find_all("a", href=re.compile("lang="))] == ["/?lang=en"]


def extracted() -> Iterator[str]:
    methods = [("**.py", "python"), *((f"templates/**.{end}", "jinja2.ext:babel_extract") for end in ("html", "xml"))]
    for _, _, message, _, _ in extract_from_dir(str(WEB), methods):
        assert isinstance(message, str)
        yield message


def test_every_word_of_the_site_is_translated() -> None:
    with (WEB / "translations" / "zh" / "LC_MESSAGES" / "messages.po").open("rb") as stream:
        catalogue = read_po(stream, locale="zh")
    known = {str(message.id): message for message in catalogue if message.id}
    asked = set(extracted())
    assert asked - known.keys() == set(), "without translation"
    assert known.keys() - asked == set(), "translated but not used"
    assert catalogue.obsolete == {}
    for message in known.values():
        assert message.string, f"{message.id!r} is not translated"
        assert not message.fuzzy, f"{message.id!r} is fuzzy"
        assert set(re.findall(r"%\(\w+\)s", message.id)) == set(re.findall(r"%\(\w+\)s", message.string)), message.id
