"""Accessibility of every kind of page: axe, narrow screens, keyboard."""

import pytest
from browsing import PHONE, in_chromium, inaccessible, opened, with_axe
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from page_addresses import PAGES, QUERY, WRONG
from playwright.sync_api import Browser
from werkzeug.test import TestResponse

from kg.release import Release
from kg.vocab import KINDS
from kg.vocab import THINGS as BASE

NO_PAGES = {
    *("/.well-known/void", "/context.jsonld", "/favicon.ico", "/health", "/metrics", "/robots.txt", "/suggest"),
    *("/sitemap.xml", "/sitemap-<kind>-<int:number>.xml"),
    *("/data/<kind>/<path:key>", "/id/<kind>/<path:key>", "/downloads/<path:path>", "/library/<file>"),
    *("/reconcile", "/reconcile/suggest/<what>", "/reconcile/properties", "/reconcile/preview"),
    *("/openapi.json", "/changes.atom"),
    *("/release/<key>/", "/release/<key>/<path:path>", "/release/<key>/downloads/<path:path>"),
    *("/dataset", "/ns/", "/ontology/<version>", "/sparql/words.json", "/static/<path:filename>"),
    *("/card/<kind>.png", "/card/<kind>/<path:key>.png", "/designations/counties"),
}
"""Addresses of data, redirects and pages of other releases, besides those with an extension."""
THINGS = {
    "programme": "national-high-tech-zone",
    "authority": "most",
    "table": "p1-t3",
    "place": "320583",
    "region": "gba",
    "claim": "key-resources-in-three-regions",
    "source": "rg-R01",
    "designation": "modern-agri-industrial-park-0083",
    "carrier": "qing-hua-da-xue",
}
"""Kind of resource to the example with the richest page; for other kinds the first is tested."""
CONTROLS = """() => {
  window.looks = control => [control, ...control.querySelectorAll("path, use, circle, rect")].map(part => {
    const style = getComputedStyle(part);
    return [style.outlineStyle, style.stroke, style.strokeWidth, style.fill, style.fillOpacity].join();
  }).join(";");
  window.controls = [...document.querySelectorAll(
      "a[href], button, input, select, textarea, summary, [tabindex='0']")]
    .filter(each => each.checkVisibility({ visibilityProperty: true }) && !each.disabled && each.type !== "hidden"
      && each.tabIndex === 0);
  window.before = window.controls.map(window.looks);
  return window.controls.length;
}"""
"""Remembers what the keyboard must come to, in the order of the page, and how it looks; gives how many."""
BESIDE = ".matrix, .printings, .printed, .bars, .every, .yearly, .sides, .narrow, .answer"
"""Tables that may be wider than a phone, since their columns are compared."""
SIDEWAYS = """beside => [...document.querySelectorAll(".scroll:has(table)")]
  .filter(region => region.scrollWidth > region.clientWidth + 1 && !region.querySelector("table").matches(beside))
  .map(region => region.ariaLabel)"""
"""Script that returns the names of other tables that are wider."""
AWAY = ":is(a, button, input, select, textarea)[tabindex]:not([aria-hidden=true][tabindex='-1'])"
"""Controls with an order of their own, but those that only repeat another for the mouse."""
FOCUSED = """() => {
  const focused = document.activeElement, number = window.controls.indexOf(focused);
  return [number, window.looks(focused) !== window.before[number] || Boolean(focused.closest(".CodeMirror-focused"))];
}"""
"""Script that returns the focused control and whether its focus is visible."""


@pytest.fixture(scope="module")
def addresses(app: Flask, release: Release) -> list[str]:
    """At least one page of every kind, one of every kind of resource, and one that does not exist."""
    query = f"""SELECT (MIN(STR(?thing)) AS ?first) {{ ?thing a ?class FILTER STRSTARTS(STR(?thing), "{BASE}") }}
      GROUP BY ?class"""
    rows = app.extensions["guapai"].store.select(query, {}).rows
    firsts = dict(row[0].value.removeprefix(BASE).split("/", 1) for row in sorted(rows, key=str))
    things = [f"/page/{kind}/{THINGS.get(kind) or firsts[kind]}" for kind in KINDS]
    listed = [address for kind in PAGES.values() for address in kind]
    return [*listed, *things, f"/releases/{release.id}/{release.id}", "/page/place/none"]


SAMPLE = (
    "/",
    "/ask?place=320583&purpose=technology-transfer",
    "/page/designation/modern-agri-industrial-park-0083",
    QUERY,
)
"""Pages tested by `make test`; all are tested by `make test-all`."""


@pytest.fixture(scope="module", params=["sample", pytest.param("all", marks=pytest.mark.slow)])
def looked_at(request: pytest.FixtureRequest, addresses: list[str]) -> list[str]:
    assert set(SAMPLE) <= set(addresses)
    return list(SAMPLE) if request.param == "sample" else addresses


@pytest.fixture(scope="module")
def read(app: Flask, addresses: list[str]) -> dict[str, TestResponse]:
    """The pages without scripts."""
    client = app.test_client()
    return {address: client.get(address, headers={"Accept": "text/html"}, buffered=True) for address in addresses}


def test_every_address_of_the_application_is_listed_here(app: Flask) -> None:
    """Every address is either a page in PAGES, and therefore tested, or in NO_PAGES."""
    rules = {str(rule) for rule in app.url_map.iter_rules() if rule.methods and "GET" in rule.methods}
    assert {rule for rule in rules if not rule.endswith(".<extension>")} == {*PAGES, *NO_PAGES}


@pytest.mark.slow
def test_what_is_listed_is_as_it_is_listed(app: Flask, read: dict[str, TestResponse]) -> None:
    odd = {address: answer.status_code for address, answer in read.items() if answer.status_code != 200}
    assert odd == {WRONG: 400, "/page/place/none": 404}
    assert {answer.mimetype for answer in read.values()} == {"text/html"}
    client = app.test_client()
    given = {address: client.get(address, buffered=True) for address in NO_PAGES if "<" not in address}
    assert [
        address for address, answer in given.items() if answer.status_code == 200 and "html" in answer.mimetype
    ] == []


def test_nothing_is_taken_out_of_the_order_of_the_keyboard(client: FlaskClient, looked_at: list[str]) -> None:
    """Controls are native HTML elements, in reading order."""
    odd = []
    for address in looked_at:
        page = BeautifulSoup(client.get(address, headers={"Accept": "text/html"}).text, "html.parser")
        odd += [(address, str(found)) for found in page.select(AWAY)]
        odd += [(address, str(found)) for found in page.select("[tabindex]") if found["tabindex"] not in ("0", "-1")]
        odd += [(address, str(found)) for found in page.select("[onclick], a:not([href]), [role=button], [accesskey]")]
        assert page.select_one("a.skip[href='#content']"), address
        assert page.select_one("main#content[tabindex='-1']"), address
    assert odd == []


@in_chromium
@with_axe
@pytest.mark.parametrize(
    ("language", "dark"),
    [
        pytest.param("zh", False, id="zh-light"),
        pytest.param("en", False, id="en-light", marks=pytest.mark.slow),
        pytest.param("zh", True, id="zh-dark", marks=pytest.mark.slow),
        pytest.param("en", True, id="en-dark", marks=pytest.mark.slow),
    ],
)
def test_axe_finds_no_serious_fault(
    browser: Browser, site: str, looked_at: list[str], language: str, *, dark: bool
) -> None:
    """Contrast, names of controls, target sizes, tables, headings: WCAG 2.2, A and AA."""
    said: list[str] = []
    page = opened(browser, said, language, dark=dark, scripts=True)
    found = {}
    for address in looked_at:
        page.goto(site + address)
        found[address] = inaccessible(page)
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.context.close()
    assert {address: faults for address, faults in found.items() if faults} == {}
    assert (sum(map(int, ground.removeprefix("rgb(").removesuffix(")").split(","))) < 200) is dark
    assert [fault for fault in said if "BAD REQUEST" not in fault and "NOT FOUND" not in fault] == []


@in_chromium
@with_axe
def test_links_on_a_phone_are_large_enough_and_landmarks_have_names_of_their_own(browser: Browser, site: str) -> None:
    page = opened(browser, [], "en", phone=True, scripts=True)
    found = {}
    for address in ("/page/programme/national-high-tech-zone", "/page/place/320583"):
        page.goto(site + address)
        found[address] = inaccessible(page, "target-size", "landmark-unique")
    page.context.close()
    assert found == {address: [] for address in found}


@in_chromium
@pytest.mark.parametrize("language", ["en", pytest.param("zh", marks=pytest.mark.slow)])
def test_a_phone_scrolls_in_one_direction_only(
    browser: Browser, site: str, looked_at: list[str], language: str
) -> None:
    """Pages never scroll horizontally; tables only if their columns are compared."""
    page = opened(browser, [], language, phone=True, scripts=True)
    widths, sideways = {}, {}
    for address in looked_at:
        page.goto(site + address)
        widths[address] = page.evaluate("document.documentElement.scrollWidth")
        sideways[address] = page.evaluate(SIDEWAYS, BESIDE)
    page.context.close()
    assert {address: width for address, width in widths.items() if width != PHONE["width"]} == {}
    assert {address: tables for address, tables in sideways.items() if tables} == {}


@in_chromium
@pytest.mark.parametrize(
    "address", [*SAMPLE[1:2], *(pytest.param(each, marks=pytest.mark.slow) for each in ("/", QUERY))]
)
def test_the_keyboard_comes_to_every_control_and_shows_where_it_is(browser: Browser, site: str, address: str) -> None:
    page = opened(browser, [], "en", scripts=True)
    page.goto(site + address)
    controls = page.evaluate(CONTROLS)
    met = []
    for _ in range(controls):
        page.keyboard.press("Tab")
        number, shown = page.evaluate(FOCUSED)
        assert shown, f"control {number} does not show that it has the focus"
        met.append(number)
    page.context.close()
    assert met == list(range(controls))
