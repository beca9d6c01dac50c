"""A reader with a browser: the five questions by clicking, both languages, dark, on a phone, with the keyboard."""

import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, expect, sync_playwright
from werkzeug.serving import make_server

from kg.release import Release
from kg.sandbox import Pool
from web import create_app

CHROMIUM = Path(os.environ.get("CHROMIUM", "/usr/bin/chromium"))
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
LOCALES = {"zh": "zh-CN", "en": "en-GB"}
PHONE = {"width": 360, "height": 740}
DESKTOP = {"width": 1280, "height": 900}
PAGES = (
    "/",
    "/page/programme/national-high-tech-zone",
    "/page/authority/most",
    "/page/table/p1-t3",
    "/page/table/p2-t4",
    "/page/place/440000",
    "/page/region/gba",
    "/page/claim/key-resources-in-three-regions",
    "/page/source/rg-R01",
    "/scheme/purpose/technology-transfer",
    "/scheme/measure/plate-count",
    "/page/designation/modern-agri-industrial-park-0083",
    "/page/place/320583",
    "/page/carrier/qing-hua-da-xue",
    "/page/table/extra_moa_county_pilots",
    "/page/source/pk-S02",
    "/scheme/field/information-technology",
    "/designations?province=320000",
    "/places?level=prefecture",
    "/lists",
    "/accounting",
    "/quality",
    "/programmes",
    "/mandates",
    "/purposes",
    "/questions/2",
    "/sparql",
    "/downloads",
    "/ontology",
    "/findings",
    "/page/finding/territorial/110117/agriculture-rural",
    "/compare",
    "/ask?place=320583&purpose=technology-transfer",
    "/claims",
    "/matrices",
    "/concentration",
)

pytestmark = [
    pytest.mark.alone,
    pytest.mark.skipif(
        not CHROMIUM.exists() and not os.environ.get("CI"), reason=f"there is no {CHROMIUM}; on CI this is a failure"
    ),
]


@pytest.fixture(scope="module")
def site(release: Release) -> Iterator[str]:
    pool = Pool(release.store_path, workers=1)
    server = make_server("127.0.0.1", 0, create_app(release, pool=pool), threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()
    pool.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
        yield found
        found.close()


@pytest.fixture
def faults() -> list[str]:
    """What the browser complains of: blocked by the policy, not found, broken."""
    return []


def opened(
    browser: Browser,
    faults: list[str],
    language: str,
    *,
    dark: bool = False,
    phone: bool = False,
    scripts: bool = False,
) -> Page:
    """Open a page of a reader; scripts are off, for nothing here may need them, and clicks and keys work without."""
    context = browser.new_context(
        locale=LOCALES[language],
        viewport=PHONE if phone else DESKTOP,  # type: ignore[arg-type]
        color_scheme="dark" if dark else "light",
        java_script_enabled=scripts,
    )

    def heard(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            faults.append(message.text)

    page = context.new_page()
    page.on("console", heard)
    page.on("pageerror", lambda error: faults.append(str(error)))
    return page


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


@pytest.mark.parametrize("language", LOCALES)
@pytest.mark.parametrize("dark", [False, pytest.param(True, marks=pytest.mark.slow)], ids=["light", "dark"])
def test_a_phone_scrolls_in_one_direction_only(
    browser: Browser, site: str, faults: list[str], language: str, *, dark: bool
) -> None:
    page = opened(browser, faults, language, dark=dark, phone=True, scripts=True)
    for address in PAGES:
        page.goto(site + address)
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width == PHONE["width"], f"{address} is {width} wide"
    page.context.close()
    assert faults == []


CONTRAST = """() => {
  const parse = colour => colour.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => [r, g, b].map(v => v / 255)
    .map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const ground = element => {
    for (let e = element; e; e = e.parentElement) {
      const colour = parse(getComputedStyle(e).backgroundColor);
      if (colour.length < 4 || colour[3] > 0) return colour;
    }
    return [255, 255, 255];
  };
  const faint = [];
  for (const element of document.querySelectorAll("body *")) {
    const own = [...element.childNodes].some(n => n.nodeType === 3 && n.textContent.trim());
    if (!own || !element.checkVisibility() || element.closest(".visually-hidden, .skip, option")) continue;
    const [a, b] = [light(parse(getComputedStyle(element).color)), light(ground(element))].sort((x, y) => y - x);
    const ratio = (a + 0.05) / (b + 0.05);
    if (ratio < 4.5) faint.push(`${element.tagName}.${element.className} ${ratio.toFixed(2)}`);
  }
  return [...new Set(faint)];
}"""


@pytest.mark.parametrize("dark", [False, pytest.param(True, marks=pytest.mark.slow)], ids=["light", "dark"])
def test_every_text_can_be_read_against_its_ground(
    browser: Browser, site: str, faults: list[str], *, dark: bool
) -> None:
    """WCAG 2.2, 1.4.3 (AA): 4.5 to 1 for every text, in both themes; and the themes differ."""
    page = opened(browser, faults, "zh", dark=dark, scripts=True)
    for address in PAGES:
        page.goto(site + address)
        assert page.evaluate(CONTRAST) == [], address
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert (sum(map(int, ground.removeprefix("rgb(").removesuffix(")").split(","))) < 200) is dark
    page.context.close()


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
