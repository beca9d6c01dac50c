"""The SPARQL page in a browser: libraries, completion, charts of results, the editor."""

import json
import os
import re
import socket
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from browsing import CHROMIUM, inaccessible, opened, with_axe
from bs4 import BeautifulSoup, Tag
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser, Page, expect
from rdflib import OWL, RDF, Graph
from waiting import running, until

from kg.release import Release
from kg.store.formats import Literal, NamedNode, Solutions
from kg.vocab import PREFIXES, TERMS, THINGS
from web.charts import query_results
from web.html import assets
from web.sparql import page as sparql_page

ROOT = Path(__file__).parents[3]
INSTALLED = all((assets.MODULES / package / path).is_file() for package, path in assets.LIBRARIES.values())
in_a_browser = pytest.mark.skipif(
    not (INSTALLED and CHROMIUM.exists()) and not os.environ.get("CI"),
    reason=f"needs {CHROMIUM} and the libraries of `make node_modules`; on CI their absence is a failure",
)
COUNTED = """SELECT ?place (COUNT(?designation) AS ?designations) (MIN(?code) AS ?least) WHERE {
  VALUES ?place { <https://w3id.org/guapai/id/place/110117> <https://w3id.org/guapai/id/place/320583> }
  ?designation <https://w3id.org/guapai/ns/locatedIn> ?place . BIND(1 AS ?code)
} GROUP BY ?place ORDER BY ?place"""
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a a ?b . ?c a ?d . ?e a ?f . ?g a ?h }"
"""A product of four lists of types: minutes of work, 200 MB of memory, so that time or a person ends it."""
INTEGER = NamedNode(PREFIXES["xsd"] + "integer")


def page_of(client: FlaskClient, **parameters: str) -> BeautifulSoup:
    answer = client.get("/sparql", query_string={"lang": "en", **parameters}, headers={"Accept": "text/html"})
    assert answer.status_code == 200
    return BeautifulSoup(answer.get_data(as_text=True), "html.parser")


def texts(found: list[Tag]) -> list[str]:
    return [element.get_text(" ", strip=True) for element in found]


def test_libraries_are_pinned_and_the_lock_names_no_registry() -> None:
    wanted = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))["dependencies"]
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in wanted.values())
    text = (ROOT / "package-lock.json").read_text(encoding="utf-8")
    packages = {path: entry for path, entry in json.loads(text)["packages"].items() if path}
    assert {path.removeprefix("node_modules/") for path in packages} >= set(wanted)
    assert [path for path, entry in packages.items() if "integrity" not in entry or "resolved" in entry] == []
    assert re.findall(r"registry|npmjs|\.tgz|localhost|127\.0\.0\.1", text) == []


@pytest.fixture
def modules(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Path]:
    """An empty folder of browser libraries, instead of those installed; what a process knew of them is forgotten."""
    with monkeypatch.context() as changed:
        changed.setattr(assets, "MODULES", tmp_path)
        assets._version.cache_clear()
        yield tmp_path
    assets._version.cache_clear()


def test_a_library_is_given_as_installed_and_nothing_else_is(app: Flask, modules: Path) -> None:
    package, path = assets.LIBRARIES["cytoscape.js"]
    (modules / package / path).parent.mkdir(parents=True)
    (modules / package / path).write_text("// drawn", encoding="utf-8")
    (modules / package / "package.json").write_text('{"version": "1.2.3"}', encoding="utf-8")
    client = app.test_client()
    answer = client.get("/library/cytoscape.js?v=1.2.3", buffered=True)
    assert (answer.status_code, answer.get_data(as_text=True)) == (200, "// drawn")
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    again = client.get("/library/cytoscape.js", headers={"If-None-Match": answer.headers["ETag"]}, buffered=True)
    assert again.status_code == 304
    for other in ("yasqe.js", "package.json", "cytoscape/package.json", "..%2Fpackage.json", "../package.json"):
        assert client.get(f"/library/{other}").status_code == 404, other
    with app.test_request_context():
        assert assets.libraries() == {"cytoscape.js": "/library/cytoscape.js?v=1.2.3"}


@pytest.mark.usefixtures("modules")
def test_without_libraries_the_page_is_whole(app: Flask) -> None:
    edges = "SELECT ?s ?p ?o { ?s ?p ?o } LIMIT 2"
    page = page_of(app.test_client(), query=edges, picture="graph")
    assert [str(script["src"]).partition("?")[0] for script in page.find_all("script", src=True)] == [
        "/static/search.js",
        "/static/sparql.js",
        "/static/picture.js",
    ]
    assert "npm ci" in page.select_one("form.ask .note").get_text()  # type: ignore[union-attr]
    assert "npm ci" in page.select_one("figure.network").get_text()  # type: ignore[union-attr]
    assert len(page.select("#outcome tbody tr")) == 2


def test_words_are_those_of_the_ontology_with_names_in_both_languages(client: FlaskClient, release: Release) -> None:
    answer = client.get("/sparql/words.json?lang=en")
    found = answer.json
    assert found["prefixes"] == PREFIXES
    ontology = Graph().parse(release.path / "ontology" / "guapai.ttl")
    kinds = {
        OWL.Class: "owl:Class",
        OWL.ObjectProperty: "owl:ObjectProperty",
        OWL.DatatypeProperty: "owl:DatatypeProperty",
    }
    expected = {
        (f"gp:{str(term).removeprefix(TERMS)}", written)
        for kind, written in kinds.items()
        for term in ontology.subjects(RDF.type, kind)
        if str(term).startswith(TERMS)
    }
    assert {(written, kind) for written, kind, _, _ in found["words"] if written.startswith("gp:")} == expected
    assert ["gp:locatedIn", "owl:ObjectProperty", "位于", "is located in"] in found["words"]
    purpose = f"<{PREFIXES['sch']}purpose/technology-transfer>"
    assert [word[1] for word in found["words"] if word[0] == purpose] == ["sch:purpose"]
    assert found["kinds"]["owl:Class"] == "class"
    assert client.get("/sparql/words.json?lang=zh").json["kinds"]["owl:Class"] == "类"
    again = client.get("/sparql/words.json?lang=en", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304


def test_bars_begin_at_zero_on_either_side(app: Flask) -> None:
    rows = [(Literal(text), Literal(number, datatype=INTEGER)) for text, number in (("a", "30"), ("b", "-10"))]
    broken = (Literal("c"), None)
    solutions = Solutions(("what", "n"), (*rows, broken))
    assert query_results.numbers(solutions) == ["n"]
    with app.test_request_context():
        drawn = [(str(bar.label), bar.text, bar.start, bar.width) for bar in query_results.bars(solutions, "n")]
    assert drawn == [("a", "30", 25.0, 75.0), ("b", "-10", 0.0, 25.0)]


def test_what_is_no_number_for_all_rows_is_no_number() -> None:
    mixed = Solutions(("n",), ((Literal("1", datatype=INTEGER),), (Literal("one"),)))
    endless = Solutions(("n",), ((Literal("INF", datatype=NamedNode(PREFIXES["xsd"] + "double")),),))
    assert (query_results.numbers(mixed), query_results.numbers(endless)) == ([], [])


def test_a_graph_has_names_on_its_nodes_and_no_edge_for_them(app: Flask) -> None:
    one, two = (NamedNode(f"http://e/{name}") for name in ("one", "two"))
    knows, named = NamedNode("http://e/knows"), NamedNode(PREFIXES["skos"] + "prefLabel")
    rows = (
        (one, knows, two),
        (one, named, Literal("Number one")),
        (two, NamedNode("http://e/says"), Literal("x" * 50)),
    )
    with app.test_request_context():
        drawn, left_out = query_results.network(Solutions(("subject", "predicate", "object"), rows))
    text = f'"{"x" * 50}"'
    assert drawn == {
        "nodes": [
            {"id": "<http://e/one>", "label": "Number one", "kind": "thing", "address": "http://e/one"},
            {"id": "<http://e/two>", "label": "http://e/two", "kind": "thing", "address": "http://e/two"},
            {"id": text, "label": "x" * 39 + "…", "kind": "text", "address": ""},
        ],
        "edges": [
            {"source": "<http://e/one>", "target": "<http://e/two>", "label": "http://e/knows"},
            {"source": "<http://e/two>", "target": text, "label": "http://e/says"},
        ],
    }
    assert left_out == 0


def test_a_script_in_an_iri_becomes_no_link(app: Flask) -> None:
    rows = ((NamedNode("javascript:alert(1)"), NamedNode("http://e/p"), NamedNode("http://e/o")),)
    with app.test_request_context():
        drawn, _ = query_results.network(Solutions(("s", "p", "o"), rows))
    assert [node["address"] for node in drawn["nodes"]] == ["", "http://e/o"]


def test_points_as_text_lie_where_their_place_lies(app: Flask) -> None:
    graph = app.extensions["guapai"].graph
    with app.test_request_context():
        ground = sparql_page.ground(graph)
        wkt = next(
            row["point"].value
            for row in graph.rows("charts/place_points")
            if row["place"].value == THINGS + "place/320583"
        )
        place = NamedNode(THINGS + "place/320583")
        point = Literal(wkt, datatype=NamedNode(query_results.WKT))
        far = Literal("POINT(2.35 48.86)", datatype=NamedNode(query_results.WKT))
        spots, left_out = query_results.spots(Solutions(("where",), ((place,), (point,), (far,))), "", ground)
    assert [(spot.x, spot.y, spot.value) for spot in spots] == [(*ground.points["320583"], 2)]
    assert left_out == 1


def test_an_answer_is_drawn_as_its_address_asks(client: FlaskClient) -> None:
    page = page_of(client, query=COUNTED, picture="bar", by="designations")
    assert texts(page.select("nav.pictures > ul:first-child li")) == ["Table", "Bars", "Map"]
    assert texts(page.select("nav.pictures [aria-current]")) == ["Bars", "?designations"]
    in_bars = texts(page.select("figure.bars .number"))
    assert in_bars == [row.find_all("td")[1].get_text() for row in page.select("#outcome tbody tr")]
    page = page_of(client, query=COUNTED, picture="map")
    rows = [texts(row.find_all("td")) for row in page.select("#outcome tbody tr")]
    rows.sort(key=lambda row: -int(row[1]))
    assert texts(page.select("figure.map title")) == [f"{name}: {number}" for name, number, _ in rows]
    places = [link["href"] for link in page.select("figure.map a")]
    assert sorted(places) == ["/page/place/110117?lang=en", "/page/place/320583?lang=en"]
    page = page_of(client, query=COUNTED, picture="nonsense")
    assert texts(page.select("nav.pictures [aria-current]")) == ["Table"]


def test_a_page_shows_the_beginning_of_a_long_text_and_the_data_is_whole(client: FlaskClient) -> None:
    query = f'SELECT (REPLACE("{"x" * 1000}", "x", "0123456789") AS ?text) {{}}'
    page = page_of(client, query=query)
    assert page.select("#outcome td")[0].get_text() == "0123456789" * 200 + "…"
    assert "Only the first 2\u202f000 characters of each text are sho" in page.select_one("#outcome").get_text()  # type: ignore[union-attr]
    whole = client.get("/sparql", query_string={"query": query, "format": "csv"}, buffered=True)
    assert whole.text == f"text\r\n{'0123456789' * 1000}\r\n"


def test_a_query_too_long_for_an_address_is_posted_on(client: FlaskClient) -> None:
    query = COUNTED + "\n#" + "长" * 1000
    answer = client.post("/sparql?lang=en", data={"query": query, "picture": "bar", "format": "html"})
    page = BeautifulSoup(answer.get_data(as_text=True), "html.parser")
    assert texts(page.select("nav.pictures button[aria-current]")) == ["Bars", "?designations"]
    assert texts(page.select("form.take button")) == ["json", "xml", "csv", "tsv"]
    assert next(box["value"] for box in page.select("#outcome input[name=query]")) == query
    assert max(len(str(link["href"])) for link in page.select("#outcome a[href]")) < sparql_page.MAX_ADDRESS_CHARS


@pytest.mark.parametrize("media", ["text/html", "text/csv"])
def test_a_query_ends_when_its_sender_hangs_up(app: Flask, client: FlaskClient, site: str, media: str) -> None:
    pool = app.extensions["guapai"].pool
    assert page_of(client, query="ASK {}")  # the worker is there
    before, counted = pool.replaced, cancelled(client)
    host, _, port = site.removeprefix("http://").partition(":")
    with socket.create_connection((host, int(port))) as connection:
        asked = f"GET /sparql?query={quote(ENDLESS)} HTTP/1.1\r\nHost: {host}\r\nAccept: {media}\r\n\r\n"
        connection.sendall(asked.encode())
        until(lambda: running(pool))
        assert pool.replaced == before
    until(lambda: pool.replaced > before)
    until(lambda: cancelled(client) > counted)
    assert (pool.replaced, cancelled(client)) == (before + 1, counted + 1)


def cancelled(client: FlaskClient) -> int:
    """Return the number of cancelled queries in the metrics."""
    found = re.search(r'guapai_queries_total\{outcome="cancelled"\} (\d+)', client.get("/metrics").text)
    assert found
    return int(found[1])


@pytest.fixture
def page(browser: Browser, site: str, faults: list[str]) -> Iterator[Page]:
    """The SPARQL page in a browser, in English, its box emptied; the browser must report no errors."""
    found = opened(browser, faults, "en", scripts=True)
    found.goto(f"{site}/sparql")
    found.locator(".CodeMirror").evaluate("box => box.CodeMirror.setValue('')")
    yield found
    found.context.close()
    assert [fault for fault in faults if "400 (BAD REQUEST)" not in fault] == []


def written(page: Page) -> str:
    return str(page.evaluate("document.querySelector('.CodeMirror').CodeMirror.getValue()"))


def write(page: Page, query: str) -> None:
    page.locator(".CodeMirror").click()
    page.keyboard.press("Control+A")
    page.keyboard.insert_text(query)


@in_a_browser
def test_a_query_is_written_run_drawn_and_its_link_opened_again(page: Page) -> None:
    page.locator(".CodeMirror").click()
    page.keyboard.type("SELECT ?place (COUNT(?designation) AS ?designations) { ?designation gp:located")
    expect(page.locator(".CodeMirror-hint")).to_have_text(re.compile("gp:locatedIn *is located in · object property"))
    page.keyboard.press("Enter")
    page.keyboard.type(" ?place } GROUP BY ?place ORDER BY DESC(?designations) LIMIT 12")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#outcome tbody tr")).to_have_count(12)
    expect(page.locator("#outcome .taken")).to_contain_text("Rows: 12")
    rows = [row.split("\t") for row in page.locator("#outcome tbody tr").all_inner_texts()]
    query = written(page)
    assert query.startswith("PREFIX gp: <https://w3id.org/guapai/ns/>\nSELECT")
    page.get_by_role("link", name="Bars").click()
    expect(page.locator("figure.bars li")).to_have_count(12)
    assert page.locator("figure.bars .number").all_inner_texts() == [number for _, number in rows]
    expect(page.get_by_role("link", name="Bars")).to_be_focused()
    page.get_by_role("link", name="Map").click()
    expect(page.locator("figure.map circle").first).to_be_visible()
    titles = page.locator("figure.map title").all_text_contents()
    link = page.url
    assert parse_qs(urlsplit(link).query) == {"query": [query], "picture": ["map"]}
    again = page.context.new_page()
    again.goto(link)
    expect(again.locator("figure.map circle")).to_have_count(len(titles))
    assert again.locator("figure.map title").all_text_contents() == titles
    assert written(again) == query
    page.go_back()
    expect(page.locator("figure.bars li")).to_have_count(12)


@in_a_browser
def test_a_name_of_any_thing_becomes_its_iri(page: Page) -> None:
    hints, first = page.locator(".CodeMirror-hint"), page.locator(".CodeMirror-hint").first
    page.locator(".CodeMirror").click()
    page.keyboard.insert_text("# 昆山")
    page.keyboard.press("Enter")
    page.keyboard.type("SELECT ?designation { ?designation gp:locatedIn ")
    page.keyboard.insert_text("昆山")
    expect(first).to_have_text(re.compile("place/320583 *Kunshan City · Place"))
    page.keyboard.press("Enter")
    page.keyboard.type(" ; gp:heldBy <qinghuadaxue")
    expect(first).to_have_text(re.compile("carrier/qing-hua-da-xue *Tsinghua University · Carrier"))
    page.keyboard.press("Enter")
    page.keyboard.type(" ; gp:underProgramme <national high-tech")
    expect(first).to_contain_text("programme/national-high-tech-zone")
    page.keyboard.press("Enter")
    page.keyboard.type(" . FILTER(?n < 5) } # <kunshan")
    page.wait_for_timeout(400)  # for what shall not come
    expect(hints).to_have_count(0)
    assert written(page).splitlines() == [
        f"PREFIX gp: <{TERMS}>",
        "# 昆山",
        (
            f"SELECT ?designation {{ ?designation gp:locatedIn <{THINGS}place/320583> ; gp:heldBy "
            f"<{THINGS}carrier/qing-hua-da-xue>"
            f" ; gp:underProgramme <{THINGS}programme/national-high-tech-zone> . FILTER(?n < 5) }} # <kunshan"
        ),
    ]


@in_a_browser
def test_a_graph_is_drawn_and_a_long_query_has_a_link_too(page: Page) -> None:
    query = (
        "CONSTRUCT { ?programme gp:underProgramme ?designation } { ?designation gp:underProgramme ?programme } "
        "LIMIT 7\n"
    )
    query += "#" + "长" * 1000
    write(page, query)
    page.keyboard.press("Control+Enter")
    expect(page.locator("#outcome tbody tr")).to_have_count(7)
    page.get_by_role("button", name="Graph").click()
    canvas = page.locator("[data-drawn]")
    expect(canvas).to_have_attribute("data-drawn", re.compile(r"^\d+$"))
    assert urlsplit(page.url).query == ""
    again = page.context.new_page()
    again.goto(page.url)
    expect(again.locator("[data-drawn]")).to_have_attribute("data-drawn", str(canvas.get_attribute("data-drawn")))
    assert written(again) == written(page)


@in_a_browser
def test_a_fault_is_marked_in_its_line_and_an_example_is_loaded(page: Page) -> None:
    write(page, "SELECT ?s\nWHERE { ?s ?p }")
    page.get_by_role("button", name="Run").click()
    expect(page.get_by_role("alert")).to_contain_text("Line 2, column")
    expect(page.locator(".CodeMirror .faulty")).to_have_count(1)
    assert page.locator(".CodeMirror-code > div").nth(1).locator(".faulty").count() == 1
    page.get_by_label("Example", exact=True).select_option("4")
    assert "# en: Do the published R&D shares add up?" in written(page)
    page.get_by_role("button", name="Run").click()
    expect(page.locator("#outcome tbody tr")).to_have_count(15)


@in_a_browser
def test_a_query_is_cancelled_here_and_on_the_server(page: Page, app: Flask) -> None:
    pool = app.extensions["guapai"].pool
    write(page, ENDLESS)
    page.keyboard.press("Control+Enter")
    expect(page.locator(".running")).to_contain_text("Running")
    until(lambda: running(pool))
    before = pool.replaced
    page.get_by_role("button", name="Cancel").click()
    expect(page.locator(".running")).to_have_text("Cancelled. The server stops the query too.")
    expect(page.get_by_role("button", name="Cancel")).to_be_hidden()
    until(lambda: pool.replaced > before)
    assert pool.replaced == before + 1


@in_a_browser
@with_axe
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_the_editor_can_be_read_and_left_by_keyboard_on_a_phone(page: Page, *, dark: bool) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    page.emulate_media(color_scheme="dark" if dark else "light")
    write(page, f'# said\nPREFIX e: <http://e/>\nSELECT * {{ ?s e:p "text", 7 ; a ?{"long" * 30} }}')
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Run")).to_be_focused()
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    assert inaccessible(page) == []


def test_the_box_opens_with_a_short_query_that_answers(app: Flask) -> None:
    client = app.test_client()
    opening = page_of(client).select_one("textarea#query").get_text()  # type: ignore[union-attr]
    assert len(opening.splitlines()) < 8
    answer = page_of(client, query=opening)
    assert len(answer.select("#outcome tbody tr")) == 10
