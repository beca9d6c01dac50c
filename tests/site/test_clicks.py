"""What an analyst asks first, by clicking, with the number of clicks that it takes."""

import io
from collections.abc import Callable, Mapping
from urllib.request import urlopen

import openpyxl
import pytest
from browsing import DESKTOP, LOCALES, PHONE, in_chromium, opened
from bs4 import BeautifulSoup
from playwright.sync_api import Browser, Locator, Page, expect
from read_pages import number

pytestmark = [in_chromium, pytest.mark.slow]


class Visit:
    """A visit that begins on the home page and counts clicks; typing is none."""

    def __init__(self, page: Page, site: str, language: str) -> None:
        self.page, self.site, self.language, self.clicks = page, site, language, 0
        page.goto(f"{site}/?lang={language}")

    def click(self, target: Locator) -> None:
        target.first.click()
        self.clicks += 1

    def link(self, chinese: str, english: str) -> Locator:
        return self.page.locator("main").get_by_role("link", name=self.said(chinese, english))

    def said(self, chinese: str, english: str) -> str:
        return {"zh": chinese, "en": english}[self.language]


def haidian(visit: Visit) -> None:
    """Who else is in Haidian for basic research?"""
    visit.page.get_by_label(visit.said("地点", "Place"), exact=True).fill("海淀")
    visit.page.locator("main form select").first.select_option("basic-research")
    visit.click(visit.page.locator("main form button[type=submit]"))
    expect(visit.page.locator("h1, h2").filter(has_text=visit.said("海淀", "Haidian")).first).to_be_visible()


def two_ministries(visit: Visit) -> None:
    """Which two ministries overlap most, and where?"""
    visit.click(visit.link("哪两个部委重叠最多", "Which two ministries overlap most"))
    visit.click(visit.page.locator("main table tbody a[href*='/matrices/ministry-ministry/']"))
    expect(visit.page.locator("main table tbody tr th a[href*='/page/place/']").first).to_be_visible()


def hunan(visit: Visit) -> None:
    """What did the reform change in Hunan?"""
    visit.click(visit.link("改革改变了什么", "What the reform changed"))
    visit.page.locator("select[name=place]").select_option("430000")
    visit.click(visit.page.locator("main form button[type=submit]"))
    expect(visit.page.locator("main")).to_contain_text(visit.said("湖南", "Hunan"))


def jiangsu(visit: Visit) -> None:
    """The designations of Jiangsu as Excel."""
    visit.click(visit.page.locator("main .figures a[href*='/designations']"))
    visit.page.locator("select[name=province]").select_option("320000")
    visit.click(visit.page.locator("main form button[type=submit]"))
    address = str(visit.page.locator("main a[href*='.xlsx']").first.get_attribute("href"))
    visit.clicks += 1
    with urlopen(f"{visit.site}{address}") as answer:
        book = openpyxl.load_workbook(io.BytesIO(answer.read()), read_only=True)
    rows = list(book.worksheets[0].iter_rows(values_only=True))
    assert len(rows) - 1 == number(BeautifulSoup(visit.page.content(), "html.parser").select_one("h1 .count"))
    assert str(rows[1][-1]).startswith("https://w3id.org/guapai/id/designation/")


def cited(visit: Visit) -> None:
    """A finding cited as GB/T 7714."""
    visit.click(visit.page.locator("main .ranked a"))
    visit.click(visit.page.locator("details.citing summary"))
    expect(visit.page.locator("main")).to_contain_text("[DS/OL]")


def reported(visit: Visit) -> None:
    """A wrong row reported, up to the line for data/corrections.csv."""
    visit.page.goto(f"{visit.site}/page/designation/national-high-tech-zone-0001?lang={visit.language}")
    visit.click(visit.page.locator("details.repair summary"))
    visit.click(visit.page.locator("details.repair button"))
    page = visit.page
    page.locator("form.correcting select, form.correcting input[type=text]").first.wait_for()
    for name, text in {"reason": "批复", "source": "国函〔1988〕74号", "who": "Ye", "on": "2026-11-24"}.items():
        page.locator(f"#{name}").fill(text)
    place = page.locator("#of-place_ids")
    if not place.is_visible():
        visit.click(page.locator("form.correcting details summary"))
    place.fill("110105")
    visit.click(page.locator("form.correcting button[type=submit]"))
    expect(page.locator("section[role=status] pre")).to_contain_text("110105")


ASKED: Mapping[Callable[[Visit], None], int] = {
    haidian: 1,
    two_ministries: 2,
    hunan: 2,
    jiangsu: 3,
    cited: 2,
    reported: 4,
}
"""What is asked, to the most clicks that it takes from the home page (a wrong row: from its designation)."""


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("language", LOCALES)
@pytest.mark.parametrize("asked", ASKED, ids=lambda asked: asked.__name__)
def test_an_analyst_gets_there_in_few_clicks(
    browser: Browser, site: str, asked: Callable[[Visit], None], language: str, size: dict[str, int]
) -> None:
    faults: list[str] = []
    page = opened(browser, faults, language)
    page.set_viewport_size(size)  # type: ignore[arg-type]
    visit = Visit(page, site, language)
    asked(visit)
    page.context.close()
    assert visit.clicks <= ASKED[asked]
    assert faults == []
