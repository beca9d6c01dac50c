"""The site in a browser: the five questions by clicking, both languages, dark mode, phone, keyboard."""

import pytest
from browsing import LOCALES, in_chromium, opened
from playwright.sync_api import Browser, expect
from sampling import chosen
from waiting import until

from kg.vocab import THINGS

pytestmark = in_chromium


FIVE = {
    "zh": [
        ("哪些部委服务于“科技成果转移转化”", "现有哪些部委服务于这一目的，从何时起", "国家技术创新中心 2016-09-05"),
        ("国家级高新技术产业开发区的官方", "官方定位与建设目的（原文）", "加快高技术产业发展"),
        ("哪些区域宣称自己是国际科技创新中心", "宣称这一定位的区域", "粤港澳大湾区"),
        ("公布的研发经费占比", "原文", "100.12 不等于 100"),
        ("第一篇论文数出每种牌子", "“网络状创新高地”分布情况", "约 300"),
    ],
    "en": [
        (
            "purpose “technology transfer”",
            "Ministries that serve this purpose today, and since when",
            "Ministry of Education",
        ),
        (
            "high-tech zones say they are for",
            "Official purpose, in its own words",
            "Ministry of Industry and Information Technology",
        ),
        ("claim to be an international innovation centre", "Regions with this positioning", "Greater Bay Area"),
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


KUNSHAN = {
    "zh": (
        ("地点", "昆山", "问", "昆山市，2026-11-24：答案"),
        "本地",
        {
            "昆山高新技术产业开发区": ("国家高新技术产业开发区", "工信部"),
            "苏南国家自主创新示范区": ("国家自主创新示范区", "工信部"),
            "昆山经济技术开发区": ("国家级经济技术开发区", "商务部"),
            "昆山综合保税区": ("海关特殊监管区域", "海关总署 推断"),
        },
    ),
    "en": (
        ("Place", "kunshan", "Ask", "The answer for Kunshan City on 2026-11-24"),
        "Here",
        {
            "Kunshan National High-tech Zone": ("National High-tech Industrial Development Zone", "MIIT"),
            "Southern Jiangsu National Independent Innovation Demonstration Zone": (
                "National Independent Innovation Demonstration Zone",
                "MIIT",
            ),
            "Kunshan National Economic and Technological Development Zone": (
                "National Economic and Technological Development Zone",
                "MOFCOM",
            ),
            "Kunshan Comprehensive Bonded Zone": ("Special Customs Supervision Area", "GACC inferred"),
        },
    ),
}
"""Who has a designation for technology transfer in integrated circuits in Kunshan, by hand from the lists; not all."""


@pytest.mark.parametrize("language", chosen(LOCALES, "zh".__eq__))
def test_who_else_has_a_designation_for_this_here(
    browser: Browser, site: str, faults: list[str], language: str
) -> None:
    (box, name, button, heading), here, designations = KUNSHAN[language]
    page = opened(browser, faults, language)
    page.goto(site)
    form = page.locator("main form").first
    form.get_by_label(box).fill(name)
    form.locator("select[name=purpose]").select_option("technology-transfer")
    form.locator("select[name=field]").select_option("integrated-circuits")
    form.get_by_role("button", name=button).click()
    expect(page.get_by_role("heading", name=heading)).to_be_visible()
    number = page.locator(".figures a").filter(has_text=here).first.locator("b").inner_text()
    table = page.locator("section[aria-labelledby=here] table")
    expect(table.locator("tbody tr")).to_have_count(int(number))
    rows = [row.split("\t") for row in table.locator("tbody tr").all_inner_texts()]
    found = {
        designation: tuple(row[1:3]) for designation in designations for row in rows if row[0].startswith(designation)
    }
    assert found == designations
    zone = list(designations)[2]
    page.get_by_role("link", name=zone).first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(zone)
    page.context.close()
    assert faults == []


PINGGU = {
    "zh": (
        "平谷：2023年机构改革改变了什么",
        (
            "北京市平谷区：6块农业农村牌子，2个部委（农业农村部、科技部）",
            "变为同一部委叠加 推断",
            "农业农村部、科技部",
            "没有",
        ),
        ("变成的叠加", "北京市平谷区：农业农村部一家7块农业农村牌子，6种", "国家农业科技园区"),
    ),
    "en": (
        "Pinggu: what the reform of 2023 changed",
        (
            "Pinggu District, Beijing: 6 designations for agriculture and rural areas of 2 ministries (MARA, MOST)",
            "became designations of one ministry inferred",
            "MARA, MOST",
            "not present",
        ),
        (
            "what it became",
            "Pinggu District, Beijing: 7 designations of 6 programmes for agriculture and rural areas, all of MARA",
            "National Agricultural Science and Technology Park",
        ),
    ),
}


@pytest.mark.parametrize("language", chosen(LOCALES, "zh".__eq__))
def test_what_the_reform_changed_in_pinggu(browser: Browser, site: str, faults: list[str], language: str) -> None:
    """The agricultural science park passed to the ministry of the others there: stacking instead of an overlap."""
    link, changed, (became, stack, member) = PINGGU[language]
    page = opened(browser, faults, language)
    page.goto(site)
    page.get_by_role("link", name=link).click()
    page.wait_for_url("**/compare**")
    expect(page.locator("table.found tbody tr").first).to_be_visible()
    row = page.locator("table.found tbody tr").first.locator("th, td")
    expect(row).to_have_count(4)
    where, what, before, after = row.all_inner_texts()
    assert (where.split("\n")[0], what.split("\n")[0], after) == (changed[0], changed[1], changed[3])
    assert changed[2] in before
    page.get_by_role("link", name=became).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(stack)
    expect(page.locator("main")).to_contain_text(member)
    page.context.close()
    assert faults == []


@pytest.mark.parametrize("language", chosen(LOCALES, "zh".__eq__))
def test_a_query_is_drawn_on_the_map_and_its_link_opened_again(
    browser: Browser, site: str, faults: list[str], language: str
) -> None:
    run, drawn, title = {"zh": ("运行", "地图", "昆山市: 2"), "en": ("Run", "Map", "Kunshan City: 2")}[language]
    query = f"""SELECT ?place (COUNT(*) AS ?n) {{
  VALUES (?place ?zone) {{ (<{THINGS}place/320583> 1) (<{THINGS}place/320583> 2) (<{THINGS}place/110117> 1) }}
}} GROUP BY ?place"""
    page = opened(browser, faults, language)
    page.goto(f"{site}/sparql")
    page.locator("textarea").fill(query)
    page.get_by_role("button", name=run).click()
    page.get_by_role("link", name=drawn, exact=True).click()
    expect(page.locator("figure.map circle + title")).to_have_count(2)
    expect(page.locator("figure.map circle + title").first).to_have_text(title)
    titles = page.locator("figure.map circle + title").all_text_contents()
    again = page.context.new_page()
    again.goto(page.url)
    assert again.locator("figure.map circle + title").all_text_contents() == titles
    expect(again.locator("textarea")).to_have_value(query)
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
    page.locator("select[name=category]").select_option("cluster")
    page.get_by_role("button", name="Filter").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Programmes")
    expect(page.locator("select[name=category]")).to_have_value("cluster")
    page.get_by_role("link", name="中文").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("牌子类型")
    expect(page.locator("select[name=category]")).to_have_value("cluster")
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
    expect(page.get_by_label("Words in the name")).to_be_focused()
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline == "solid"
    page.context.close()
    assert faults == []


@pytest.mark.slow
def test_a_table_that_is_wider_than_a_phone_can_be_scrolled_by_keyboard(
    browser: Browser, site: str, faults: list[str]
) -> None:
    page = opened(browser, faults, "en", phone=True, scripts=True)
    page.goto(f"{site}/page/table/p2-t1")
    table = page.get_by_role("region", name="Paper 2, table 1")
    table.focus()
    page.keyboard.press("ArrowRight")
    until(lambda: page.evaluate("document.activeElement.scrollLeft") > 0, "the table scrolls")
    page.context.close()
    assert faults == []
