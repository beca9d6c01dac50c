"""Lists from the graph: data alternates, filters and pages; questions with query and result."""

import csv
import io
import json

import pytest
from flask.testing import FlaskClient
from read_pages import count, number, soup, words

from kg.release import Release
from kg.store import EmbeddedStore, questions
from kg.vocab import SCHEMES, THINGS
from web.lists.definitions import Definition
from web.lists.things import THINGS_LISTED


@pytest.mark.parametrize("listing", THINGS_LISTED, ids=lambda listing: listing.name)
def test_a_list_and_its_twins_hold_the_same(client: FlaskClient, store: EmbeddedStore, listing: Definition) -> None:
    name = listing.name
    classes = {
        "purposes": "gp:ApprovalPurpose ; skos:broader ?group",
        "sources": "gp:SourceDocument",
        "tables": "gp:SourceTable",
        "authorities": "gp:Authority",
    }
    total = count(store, f"?thing a {classes.get(name, f'gp:{name[:-1].capitalize()}')}")
    page = soup(client, f"/{name}?lang=en")
    assert number(page.h1.find(class_="count")) == total
    assert len(page.select("table.list tbody tr")) == min(total, 100)
    rows = list(csv.DictReader(io.StringIO(client.get(f"/{name}.csv?lang=en").text)))
    found = json.loads(client.get(f"/{name}.json?lang=en").text)
    assert len(rows) == found["total"] == len(found["entries"]) == total
    iri = "thing_iri" if "thing_iri" in rows[0] else "self_iri"
    key = iri.removesuffix("_iri")
    assert [row[iri] for row in rows] == [entry[key][0]["iri"] for entry in found["entries"]]
    assert len({row[iri] for row in rows}) == total
    assert [entry[key][0]["name"] for entry in found["entries"]] == [row[key] for row in rows]


def test_filters_narrow_a_list_and_its_twins(client: FlaskClient, store: EmbeddedStore) -> None:
    rows = list(csv.DictReader(io.StringIO(client.get("/programmes.csv?category=cluster&lang=en").text)))
    assert {row["category"] for row in rows} == {"cluster"}
    assert len(rows) == count(store, f"?thing gp:hasCategory <{SCHEMES}category/cluster>")
    both = json.loads(client.get("/programmes.json?category=cluster&ministry=mara&lang=en").text)
    assert both["filters"] == {"category": "cluster", "ministry": "mara"}
    assert [entry["thing"][0]["name"] for entry in both["entries"]] == [
        "Advantageous and Characteristic Agricultural Industry Cluster"
    ]
    page = soup(client, "/programmes?category=cluster&lang=en")
    assert page.find("option", value="cluster").has_attr("selected")
    assert page.find("a", href="/programmes.csv?category=cluster&bom=1")
    assert page.find("input", {"name": "lang", "value": "en"})
    assert "Nothing matches all of these filters." in words(soup(client, "/programmes?category=nothing&lang=en"))


def test_places_are_paged_and_an_impossible_page_is_none(client: FlaskClient, store: EmbeddedStore) -> None:
    pages = -(-count(store, "?thing a gp:Place") // 100)
    second = soup(client, "/places?page=2&lang=en")
    assert f"Page 2 of {pages}" in words(second.find("nav", class_="pager"))
    assert second.find("a", rel="next")["href"] == "/places?page=3&lang=en"
    for page in (0, pages + 1):
        assert client.get(f"/places?page={page}").status_code == 404


def test_questions_are_shown_with_query_and_answer(client: FlaskClient, release: Release) -> None:
    known = questions.questions(release.questions)
    listed = soup(client, "/questions?lang=zh")
    topics = questions.by_topic(known)
    assert [words(item) for item in listed.select("main h2")] == [topic["zh"] for topic, _ in topics]
    assert [words(item) for item in listed.select(".asked .question")] == [
        question.titles["zh"] for _, group in topics for question in group
    ]
    page = soup(client, "/questions/4?lang=en")
    assert words(page.h1) == "Do the published R&D shares add up?"
    assert "SELECT ?table ?name (SUM(?value) AS ?total)" in page.find("pre").get_text()
    cells = [[words(cell) for cell in row.find_all("td")] for row in page.select("tbody tr")]
    assert ["Paper 2, table 4", "上海", "100.12", "no"] in cells
    assert len(cells) == 15
    assert client.get("/questions/04-do-rd-shares-add-up").status_code == 200
    answer = list(csv.reader(io.StringIO(client.get("/questions/4.csv").text)))
    assert answer == [list(row) for row in [questions.expected(known[3])[0], *questions.expected(known[3])[1]]]
    assert json.loads(client.get("/questions/4.json").text)["rows"][0]["table"]["iri"] == f"{THINGS}table/p2-t4"
    assert client.get("/questions/99").status_code == 404
