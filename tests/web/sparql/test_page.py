"""The SPARQL page: a paged and sorted table of results."""

from collections.abc import Iterator
from urllib.parse import quote

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from small_graph import NAMES, get, serving

from kg.release import Release


@pytest.fixture(scope="module")
def client(small: Release) -> Iterator[FlaskClient]:
    with serving(small) as found:
        yield found


@pytest.mark.parametrize("picture", ["table", "bar", "map", "graph"])
def test_what_has_no_name_is_shown_as_it_is(client: FlaskClient, picture: str) -> None:
    """Blank nodes, and IRIs that the libraries cannot parse."""
    odd = "<a:b> AS ?two) (<javascript:alert(1)> AS ?three) (<http://e:99999/> AS ?four) (1 AS ?n"
    odd = f"SELECT (BNODE() AS ?one) ({odd}) {{}}"
    query = f"SELECT * {{ {{ SELECT (BNODE() AS ?s) {{}} }} UNION {{ {odd} }} }}"
    page = client.get("/sparql", query_string={"query": query, "picture": picture}, headers={"Accept": "text/html"})
    assert page.status_code == 200
    assert "<td>_:" in page.text
    assert 'href="javascript' not in page.text


BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


def test_a_reader_gets_a_page(client: FlaskClient) -> None:
    for answer in (
        client.get("/sparql", headers={"Accept": BROWSER}),
        get(client, NAMES, BROWSER, lang="en"),
        get(client, NAMES, format="html", lang="en"),
    ):
        assert (answer.status_code, answer.content_type) == (200, "text/html; charset=utf-8")
        assert '<textarea id="query"' in answer.text
        assert "http://e/park" in answer.text or answer.request.query_string == b""


def test_a_page_that_shows_only_some_rows_says_so_and_links_to_all(client: FlaskClient) -> None:
    rows = "SELECT ?a ?d { ?a ?b ?c . ?d ?e ?f } LIMIT "
    cut = get(client, rows + "1001", BROWSER, lang="en")
    assert "Rows 1 to 1\u202f000 are shown; the whole answer is below." in cut.text
    uncut = get(client, rows + "1000", BROWSER, lang="en")
    assert "are shown" not in uncut.text
    page = BeautifulSoup(cut.text, "html.parser")
    links = {link.text.strip(): link["href"] for link in page.select(".take a")}
    assert links.keys() == {"json", "xml", "csv", "tsv"}, links
    assert client.get(links["csv"]).text.count("\r\n") == 1002


def test_the_pages_of_a_table_are_the_whole_answer_in_its_order(client: FlaskClient) -> None:
    query = "SELECT ?a ?d { ?a ?b ?c . ?d ?e ?f } LIMIT 2500"
    whole = [line.split(",") for line in get(client, query, "text/csv").text.replace("http://", "").splitlines()[1:]]
    found: list[list[str]] = []
    address: str | None = f"/sparql?lang=en&query={quote(query)}"
    numbers = []
    while address:
        page = BeautifulSoup(client.get(address, headers={"Accept": BROWSER}).text, "html.parser")
        found += [[cell.get_text(strip=True) for cell in row.select("td")] for row in page.select("#outcome tbody tr")]
        numbers += [page.select_one(".pager span").text]
        following = [link["href"] for link in page.select(".pager a") if "Next" in link.text]
        address = str(following[0]) if following else None
    assert found == whole
    assert numbers == [f"Page {number} of 3" for number in (1, 2, 3)]
    for number in (0, 4, 1001):
        assert get(client, query, BROWSER, page=str(number)).status_code == 404, number
    long = get(client, query + " #" + "x" * 4000, BROWSER, page="2", lang="en")
    posted = BeautifulSoup(long.text, "html.parser").select(".pager form")
    assert [{i["name"]: i["value"] for i in form.select("input")}.get("page") for form in posted] == ["1", "3"]


def test_no_page_of_a_table_leads_to_one_that_is_not_shown(small: Release) -> None:
    with serving(small, rows=2000) as client:
        query, last = "SELECT ?a ?d { ?a ?b ?c . ?d ?e ?f }", []
        for number in ("1", "2", "3"):
            found = get(client, query, BROWSER, page=number, lang="en")
            last.append((found.status_code, "Next" in found.text))
        assert last == [(200, True), (200, False), (404, False)]


def test_the_table_of_an_answer_is_sorted_by_the_heads_of_its_columns(client: FlaskClient) -> None:
    query = "SELECT * { VALUES (?a ?b) { (10 1) ('x' 2) (9 3) (11 4) } }"
    address = f"/sparql?lang=en&query={quote(query)}"
    shown = []
    for _ in range(3):
        page = BeautifulSoup(client.get(address, headers={"Accept": BROWSER}).text, "html.parser")
        head = page.select_one("#outcome th")
        shown.append((head.get("aria-sort"), [row.select("td")[1].text for row in page.select("#outcome tbody tr")]))
        address = str(head.a["href"])
    assert shown == [
        (None, ["1", "2", "3", "4"]),
        ("ascending", ["3", "1", "4", "2"]),
        ("descending", ["2", "4", "1", "3"]),
    ]
    assert "All rows are sorted by ?a" in page.text
    assert get(client, query, BROWSER, sort="none", lang="en").status_code == 200


def test_a_page_hangs_on_the_graphs_that_its_address_names(client: FlaskClient) -> None:
    named = {"default-graph-uri": "http://e/none"}
    page = BeautifulSoup(get(client, "SELECT * { ?a ?b ?c }", BROWSER, lang="en", **named).text, "html.parser")
    assert "No rows." in page.select_one("#outcome").text
    links = [str(link["href"]) for link in page.select(".take a")]
    assert all("default-graph-uri=" in link for link in links), links
    assert page.select_one("form.ask input[name=default-graph-uri]")["value"] == "http://e/none"
