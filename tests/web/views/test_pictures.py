"""Charts of the pages: maps with links and tables, years and spans, neighbourhood graphs."""

import csv
import io
import json
import re
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from urllib.parse import urlencode

import pytest
from browsing import in_chromium, opened
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from html5rdf import HTMLParser
from playwright.sync_api import Browser, expect
from read_pages import number, soup, words
from served import listening

from kg.analysis.in_force import IN_FORCE
from kg.analysis.measures.timeline import over_time
from kg.charts import network as layout
from kg.charts import outlines
from kg.release.columns import Columns
from kg.store.questions import with_prefixes
from kg.vocab import THINGS
from web.charts import choropleth
from web.data import computed
from web.graph.labels import graph
from web.views import neighbourhood

DRAWN = pytest.mark.usefixtures("outlined")
FINDING = "/page/finding/territorial/110117/agriculture-rural"
MOST = f"{THINGS}authority/most"


@DRAWN
def test_every_area_of_a_map_is_a_place_of_today(app: Flask, columns: Columns) -> None:
    places = {code for (code,) in columns.query("SELECT place FROM places")}
    with app.test_request_context("/"):
        sheets = choropleth.sheets()
    assert sheets.keys() == {"", *outlines.FILES}
    codes = {area.code for sheet in sheets.values() for area in sheet.areas} - {""}
    assert codes <= places


@DRAWN
def test_a_map_shows_the_numbers_of_the_columns_and_no_zero_where_there_are_no_data(app: Flask) -> None:
    with app.test_request_context("/"):
        found = choropleth.shaded({"320000": 7, "330000": 2, "820000": 1}, lambda code: f"/{code}")
        assert found
        numbers = {shade.area.code: shade.count for shade in found.shades}
        assert (numbers["320000"], numbers["540000"], numbers["710000"], numbers["820000"]) == (7, 0, None, 1)
        assert found.steps == ((1, 1), (2, 6), (7, 7))
        assert {shade.area.code: shade.step for shade in found.shades if shade.count} == {
            "320000": 3,
            "330000": 2,
            "820000": 1,
        }
        assert [row for row in found.rows if row[1] != 0] == [
            ("320000", 7, "/320000"),
            ("330000", 2, "/330000"),
            ("820000", 1, "/820000"),
            ("710000", None, "/710000"),
            ("810000", None, "/810000"),
        ]


@DRAWN
@pytest.mark.parametrize(
    ("address", "place", "sql"),
    [
        ("/designations?programme=agri-sci-park&lang=en&map=outlines", "province", "programme = 'agri-sci-park'"),
        ("/designations?province=320000&lang=en", "prefecture", "province = '320000'"),
        ("/designations?province=500000&lang=en", "county", "province = '500000'"),
        ("/page/place/320000?lang=en", "prefecture", "province = '320000'"),
        ("/page/programme/agri-sci-park?lang=en&map=outlines", "province", "programme = 'agri-sci-park'"),
    ],
)
def test_the_map_of_a_page_has_a_row_and_a_link_for_each_area(
    client: FlaskClient, columns: Columns, address: str, place: str, sql: str
) -> None:
    expected = dict(
        columns.query(
            f"SELECT {place}, count(DISTINCT designation) FROM designations JOIN designation_places USING "  # noqa: S608
            "(designation) "
            f"JOIN places USING (place) WHERE {sql} AND {place} <> '' GROUP BY 1"
        )
    )
    names = dict(columns.query("SELECT place, name_en FROM places"))
    figure = soup(client, address).select_one("figure.areas")
    assert figure
    rows = {words(row.th): words(row.td) for row in figure.select("tbody tr")}
    for code, count in expected.items():
        assert "".join(rows[names[code]].split()) == str(count), names[code]
    drawn = [group for group in figure.select("svg > g") if group.select_one("a")]
    assert all(words(group.title).rpartition(": ")[0] in rows for group in drawn)
    text = words(figure)
    assert "ECharts 4.9.0" in text
    assert "no position on borders is implied" in text


@DRAWN
def test_the_provinces_are_tiles_of_equal_size_unless_outlines_are_asked_for(client: FlaskClient) -> None:
    page = soup(client, "/page/programme/agri-sci-park?lang=en")
    figure = page.select_one("figure.areas")
    paths = {str(path["d"]) for path in figure.select("path[id^=area-]")}
    assert len(paths) == 34, "provinces, none upon another"
    assert len({path.partition("h")[2] for path in paths}) == 1, "of one size"
    assert len(figure.select("svg text")) == 34, "each with its name"
    outlines = soup(client, str(figure.find("a", href=re.compile("map=outlines"))["href"])).select_one("figure.areas")
    assert not paths & {str(path["d"]) for path in outlines.select("path[id^=area-]")}
    assert "ECharts" in words(outlines)
    assert "ECharts" not in words(figure)

    def numbers(drawn: BeautifulSoup) -> dict[str, str]:
        return {words(row.th): words(row.td) for row in drawn.select("tbody tr")}

    assert numbers(figure) == numbers(outlines)


@DRAWN
@in_chromium
def test_pictures_are_saved_as_svg_png_and_csv(site: str, browser: Browser, faults: list[str]) -> None:
    page = opened(browser, faults, "en", scripts=True)
    page.goto(f"{site}/page/programme/agri-sci-park?lang=en")
    figure = page.locator("figure.areas")
    saved = {}
    for kind in ("SVG", "PNG", "CSV"):
        with page.expect_download() as download:
            figure.get_by_role("button", name=f"Save the picture: {kind}").click()
        assert download.value.suggested_filename == f"guapai-agri-sci-park.{kind.lower()}"
        saved[kind] = Path(download.value.path()).read_bytes()
    drawing = BeautifulSoup(saved["SVG"], "xml")
    assert len(drawing.find_all("path")) == figure.locator("svg").first.locator("path").count()
    assert not drawing.find_all(class_=True), "it needs no style sheet"
    assert saved["PNG"].startswith(b"\x89PNG")
    rows = list(csv.reader(io.StringIO(saved["CSV"].decode("utf-8-sig"))))
    assert rows[0] == ["Place", "Designations"]
    shown = [row.locator("th, td").all_text_contents() for row in figure.locator("tbody tr").all()]
    assert [[" ".join(cell.split()) for cell in row] for row in shown] == rows[1:]
    assert faults == []


QUESTION = """SELECT ?place ?above (COUNT(?plate) AS ?plates)
WHERE { ?plate gp:locatedIn ?place . ?place gp:within ?above } GROUP BY ?place ?above LIMIT 3"""


def asked(picture: str) -> str:
    return "/sparql?" + urlencode({"query": with_prefixes(QUESTION), "picture": picture, "lang": "en"})


PICTURES = {
    "/?lang=en": 2,
    "/findings?kind=territorial&lang=en": 2,
    "/designations?programme=agri-sci-park&lang=en": 2,
    "/compare?lang=en": 1,
    "/purposes?lang=en": 1,
    "/concentration?lang=en": 4,
    "/timeline?lang=en": 1,
    "/matrices/ministry-purpose?lang=en": 1,
    "/matrices/ministry-ministry?lang=en": 1,
    "/matrices/programme-programme?lang=en": 1,
    "/neighbourhood/programme/agri-sci-park?lang=en": 1,
    "/page/programme/national-high-tech-zone?lang=en": 3,
    "/page/authority/most?lang=en": 2,
    "/page/place/320000?lang=en": 3,
    **{asked(picture): 1 for picture in ("bar", "map", "graph")},
}
"""Pages with pictures, to the number of them."""


@DRAWN
@pytest.mark.parametrize(("address", "number"), PICTURES.items())
def test_every_picture_has_the_buttons_that_save_it(client: FlaskClient, address: str, number: int) -> None:
    page = BeautifulSoup(client.get(address, headers={"Accept": "text/html"}).text, "html.parser")
    saved = page.select("[data-saving]")
    assert len(saved) == number
    drawn = page.select("figure:not(.passage), table.matrix, table.bars")
    assert all(one.find_parent(attrs={"data-saving": True}) or one.has_attr("data-saving") for one in drawn)
    assert {block["data-saving"] for block in saved} <= {"drawn", "laid-out"}
    assert all(block.select_one("svg[viewBox][role], table, ul, [data-network]") for block in saved)
    assert all(
        block.select("table, ul > li, svg[viewBox][role] title") for block in saved if "data-table" not in block.attrs
    )
    assert all(page.select_one(str(block["data-table"])) for block in saved if block.has_attr("data-table"))
    assert page.select_one('script[src*="picture.js"][data-title="Save the picture"]')


@DRAWN
@in_chromium
@pytest.mark.slow
@pytest.mark.parametrize("address", ["/matrices/ministry-purpose?lang=en", asked("bar"), asked("graph")])
def test_tables_and_graphs_are_saved_as_they_stand(
    site: str, browser: Browser, faults: list[str], address: str
) -> None:
    page = opened(browser, faults, "en", scripts=True)
    page.goto(site + address)
    block = page.locator("[data-saving]")
    if "graph" in address:
        expect(block.locator("[data-drawn]")).to_be_visible()
    saved = {}
    for kind in ("SVG", "PNG", "CSV"):
        with page.expect_download() as download:
            block.get_by_role("button", name=f"Save the picture: {kind}").click()
        saved[kind] = Path(download.value.path()).read_bytes()
    texts = {" ".join(one.text.split()) for one in BeautifulSoup(saved["SVG"], "xml").find_all("text")}
    rows = list(csv.reader(io.StringIO(saved["CSV"].decode("utf-8-sig"))))
    assert {row[0].rpartition(" (")[0] or row[0] for row in rows[1:]} <= {
        part for text in texts for part in (text, text.rpartition(" (")[0], text.split(" · ")[0].strip())
    }
    assert saved["PNG"].startswith(b"\x89PNG")
    assert faults == []


def test_without_outlines_pages_have_their_tables(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(choropleth, "sheets", dict)
    page = soup(client, "/page/programme/agri-sci-park?lang=en")
    assert page.select("ul.counted li")
    assert "No map here: this release was built without outlines." in words(page)
    page = soup(client, "/findings?kind=territorial&lang=en")
    assert page.select("section[aria-labelledby=map] details[open] tbody tr")
    assert not page.select("figure.areas")


def test_designations_over_time_add_up(client: FlaskClient, columns: Columns, app: Flask) -> None:
    with app.test_request_context("/"):
        today = computed().today
    found = over_time(columns, today)
    sql = f"SELECT count(*) FROM designations WHERE dated AND {IN_FORCE}"  # noqa: S608
    dated = columns.query(sql, {"as_of": today})[0][0]
    assert sum(values[-1] for values in found.designations.values()) == pytest.approx(int(dated))
    page = soup(client, "/timeline?lang=en")
    first = page.select("tbody tr")[0]
    assert [number(cell) for cell in (first.th, first.select("td")[-1])] == [today.year, dated]
    rows = client.get("/timeline.csv").text.splitlines()
    assert rows[0].startswith("year,mara,")
    assert len(rows) == len(found.years) + 1


def test_the_neighbourhood_is_drawn_with_its_table_and_bounded(client: FlaskClient, app: Flask) -> None:
    with app.test_request_context("/?lang=en"):
        found = neighbourhood.relations(graph(), MOST)
        assert found
        drawing = neighbourhood.drawing(MOST, found, both=True)
    assert all(len(one.neighbours) <= neighbourhood.MAX_NEIGHBOURS for one in found)
    assert any(one.more for one in found)
    page = soup(client, "/neighbourhood/authority/most?lang=en")
    rows = page.select("section[aria-labelledby=table] tbody tr")
    assert [int("".join(words(row.select("td")[-1]).split())) for row in rows] == [one.count for one in found]
    for picture in page.select(".still svg"):
        texts = [words(text) for text in picture.select("text")]
        assert texts[0] == "Ministry of Science and Technology"
        assert len(texts) == 1 + sum(1 + len(one.neighbours) + bool(one.more) for one in found)
        assert len(picture.select("a")) >= len(texts) - 1 - len(found)
    heights = sorted((node.y, node.side) for node in drawing.nodes if node.side == "left")
    assert all(late[0] - early[0] >= layout.LINE_HEIGHT for early, late in pairwise(heights))
    network = json.loads(str(page.select_one(".canvas")["data-network"]))  # type: ignore[index]
    assert network == json.loads(client.get("/neighbourhood/authority/most.json?lang=en").text)
    identities = {node["id"] for node in network["nodes"]}
    assert {edge[end] for edge in network["edges"] for end in ("source", "target")} == identities


def test_what_does_not_exist_has_no_neighbourhood(client: FlaskClient) -> None:
    assert client.get("/neighbourhood/place/nothing").status_code == 404
    assert client.get("/neighbourhood/nothing/nothing.json").status_code == 404


def test_pages_of_things_lead_to_their_neighbourhood(client: FlaskClient) -> None:
    for address in (
        "/page/place/320583",
        "/page/programme/agri-sci-park",
        "/scheme/purpose/technology-transfer",
        FINDING,
    ):
        page = soup(client, f"{address}?lang=en")
        link = next(a for a in page.select("a") if words(a) == "Neighbourhood graph")
        answer = client.get(str(link["href"]))
        assert answer.status_code == 200
        HTMLParser(strict=True).parse(answer.text)


@pytest.mark.parametrize("address", ["/", "/places?province=320000", "/timeline", "/page/authority/most"])
def test_pages_with_pictures_are_sound(client: FlaskClient, address: str) -> None:
    for language in ("zh", "en"):
        text = client.get(f"{address}{'&' if '?' in address else '?'}lang={language}").text
        HTMLParser(strict=True).parse(text)
        page = soup(client, f"{address}{'&' if '?' in address else '?'}lang={language}")
        ids = [element["id"] for element in page.find_all(id=True)]
        assert len(ids) == len(set(ids))
        assert not page.find_all(style=True)


@pytest.mark.slow
@in_chromium
def test_a_neighbourhood_moves_and_expands_where_scripts_run(app: Flask, browser: Browser, faults: list[str]) -> None:
    with listening(app) as address:
        page = opened(browser, faults, "en", scripts=True)
        page.goto(f"{address}/neighbourhood/place/320583?lang=en")
        still, canvas = page.locator(".still"), page.locator(".canvas")
        expect(still.locator("svg.wide")).to_be_visible()
        expect(canvas).to_be_hidden()
        page.get_by_role("button", name="Explore").click()
        expect(canvas).to_have_attribute("data-drawn", re.compile(r"\d+"))
        expect(still).to_be_hidden()
        before = int(str(canvas.get_attribute("data-drawn")))
        page.get_by_role("button", name="Click a node to expand it").click()
        expect(page.get_by_role("button", name="Click a node to expand it")).to_have_attribute("aria-pressed", "true")
        canvas.evaluate("box => box.graph.nodes('[?expand]').first().emit('tap')")
        expect(canvas).not_to_have_attribute("data-drawn", str(before))
        assert int(str(canvas.get_attribute("data-drawn"))) > before
        page.get_by_role("button", name="Static picture").click()
        expect(still.locator("svg.wide")).to_be_visible()
        with page.expect_navigation():
            still.locator("svg.wide g.thing a").first.click()
        assert "/page/" in page.url or "/scheme/" in page.url
        page.context.close()
    # Cytoscape writes a style element of its own, which the policy refuses and our stylesheet replaces.
    assert [fault for fault in faults if "Applying inline style" not in fault] == []


def test_pages_that_only_add_maps_do_without_columns(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    without = replace(app.extensions["guapai"], computed=None)
    monkeypatch.setitem(app.extensions, "guapai", without)
    for address in ("/page/authority/most", "/scheme/purpose/technology-transfer", "/neighbourhood/authority/most"):
        page = soup(client, f"{address}?lang=en")
        assert page.h1
        assert not page.select("figure.areas")
