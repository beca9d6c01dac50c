"""A reader with a browser: the five questions by clicking, both languages, dark, on a phone, with the keyboard."""

import pytest
from browsing import LOCALES, in_chromium, opened
from playwright.sync_api import Browser, expect

pytestmark = [pytest.mark.alone, in_chromium]


FIVE = {
    "zh": [
        ("哪些部委服务于“科技成果转移转化”", "今日哪些部委服务于它，从何时起", "国家技术创新中心 2016-09-05"),
        ("国家级高新技术产业开发区说自己", "它说自己是为了什么", "加快高技术产业发展"),
        ("哪些区域宣称自己是国际科技创新中心", "谁宣称这一定位", "粤港澳大湾区"),
        ("公布的研发经费各项占比", "原文", "100.12 不等于 100"),
        ("第一篇论文数出每种牌子", "论文一表3:“网络状创新高地”分布情况", "约 300"),
    ],
    "en": [
        ("purpose “technology transfer”", "Which ministries serve it today, and since when", "Ministry of Education"),
        (
            "high-tech zones say they are for",
            "What it says it is for",
            "Ministry of Industry and Information Technology",
        ),
        ("claim to be an international innovation centre", "Who claims it", "Greater Bay Area"),
        ("R&D shares add up", "As printed", "100.12 does not add up"),
        ("did the first paper count", "Paper 1, table 3", "约 300"),
    ],
}


@pytest.mark.parametrize("language", LOCALES)
def test_the_five_questions_by_clicking(browser: Browser, site: str, faults: list[str], language: str) -> None:
    page = opened(browser, faults, language)
    page.goto(site)
    assert page.get_attribute("html", "lang") == {"zh": "zh-Hans", "en": "en"}[language]
    for question, heading, answer in FIVE[language]:
        page.get_by_role("link", name=question).click()
        expect(page.get_by_role("heading", name=heading).first).to_be_visible()
        expect(page.locator("main")).to_contain_text(answer, use_inner_text=True)
        page.locator("a.brand").click()
    page.context.close()
    assert faults == []


def test_the_language_is_switched_and_stays(browser: Browser, site: str, faults: list[str]) -> None:
    page = opened(browser, faults, "zh")
    page.goto(f"{site}/page/programme/agri-sci-park")
    expect(page.get_by_role("heading", level=1)).to_have_text("国家农业科技园区")
    page.get_by_role("link", name="English").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("National Agricultural Science and Technology Park")
    page.get_by_role("link", name="Programmes", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Programmes")
    page.get_by_label("Category").select_option("cluster")
    page.get_by_role("button", name="Filter").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Programmes")
    expect(page.get_by_label("Category")).to_have_value("cluster")
    page.get_by_role("link", name="中文").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("牌种")
    expect(page.get_by_label("大类")).to_have_value("cluster")
    page.context.close()
    assert faults == []


def test_a_cell_of_the_matrix_leads_to_as_many_programmes(browser: Browser, site: str, faults: list[str]) -> None:
    page = opened(browser, faults, "en")
    page.goto(site)
    cell = page.locator("table.matrix td a").first
    number = cell.inner_text()
    cell.click()
    expect(page.locator("h1 .count")).to_have_text(number)
    expect(page.locator("table.list tbody tr")).to_have_count(int(number))
    page.context.close()
    assert faults == []


def test_a_query_is_asked_and_a_fault_is_shown_in_its_place(browser: Browser, site: str, faults: list[str]) -> None:
    page = opened(browser, faults, "en")
    page.goto(f"{site}/sparql")
    page.get_by_role("link", name="Do the published R&D shares add up?").click()
    page.get_by_role("button", name="Run").click()
    expect(page.locator("table.list tbody tr")).to_have_count(15)
    page.get_by_role("link", name="Paper 2, table 4").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Paper 2, table 4")
    page.goto(f"{site}/sparql")
    page.get_by_label("Query").fill("SELECT ?s\nWHERE { ?s ?p }")
    page.get_by_role("button", name="Run").click()
    expect(page.get_by_role("alert")).to_contain_text("Line 2, column")
    expect(page.get_by_label("Query")).to_have_value("SELECT ?s\nWHERE { ?s ?p }")
    page.context.close()
    assert faults == ["Failed to load resource: the server responded with a status of 400 (BAD REQUEST)"]


def test_the_keyboard_skips_to_the_content_and_shows_where_it_is(
    browser: Browser, site: str, faults: list[str]
) -> None:
    page = opened(browser, faults, "en", scripts=True)
    page.goto(f"{site}/programmes")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to the content")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_label("Category")).to_be_focused()
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline == "solid"
    page.context.close()
    assert faults == []


def test_a_table_that_is_wider_than_a_phone_can_be_scrolled_by_keyboard(
    browser: Browser, site: str, faults: list[str]
) -> None:
    page = opened(browser, faults, "en", phone=True, scripts=True)
    page.goto(f"{site}/page/table/p2-t1")
    table = page.get_by_role("region", name="Paper 2, table 1")
    table.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function("document.activeElement.scrollLeft > 0")
    page.context.close()
    assert faults == []
