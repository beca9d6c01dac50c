"""One completeness of every list and programme: equal on every page that prints it, in exports and in the graph."""

import csv
import io

import pytest
from flask.testing import FlaskClient
from read_pages import soup

from kg.release.columns import Columns
from kg.store import EmbeddedStore, questions

PRINTS = (
    *("/", "/accounting", "/claims", "/concentration", "/dossier/320583"),
    "/page/finding/territorial/110117/agriculture-rural",
    *(
        "/page/table/guojia_jingkaiqu",
        "/page/table/national_enterprise_tech_centers",
        "/page/designation/national-etdz-0001",
    ),
    *("/page/programme/national-etdz", "/page/programme/national-enterprise-technology-center"),
    *("/page/programme/state-key-laboratory", "/page/programme/agri-mechanisation-demo-county"),
)
"""Addresses that print how whole lists or programmes are."""


@pytest.fixture(scope="module")
def known(columns: Columns) -> dict[str, str]:
    """Thing → state, designations held and official total, as pages print them."""
    rows = [
        *columns.query("SELECT 'table/' || list, completeness, held, official_total FROM lists"),
        *columns.query("SELECT 'programme/' || programme, completeness, held, official_total FROM programmes"),
    ]
    return {key: f"{state} {held} {official or '?'}" for key, state, held, official in rows}


def test_every_page_prints_the_same(client: FlaskClient, known: dict[str, str]) -> None:
    seen: dict[str, set[str]] = {}
    for address in PRINTS:
        printed = soup(client, f"{address}?lang=en").select("[data-of]")
        assert printed, address
        for each in printed:
            assert each["data-held"] == known[str(each["data-of"])], (address, each["data-of"])
            seen.setdefault(str(each["data-of"]), set()).add(address)
    assert len(seen["programme/national-etdz"]) > 3
    assert len(seen["table/guojia_jingkaiqu"]) > 2


def test_exports_say_the_same(client: FlaskClient, known: dict[str, str]) -> None:
    rows = list(csv.DictReader(io.StringIO(client.get("/accounting.csv?lang=en").text)))
    said = {f"table/{row['list_iri'].rpartition('/')[2]}": row for row in rows}
    assert {
        key: f"{row['completeness']} {row['found']} {row['official_total'] or '?'}" for key, row in said.items()
    } == {key: text for key, text in known.items() if key.startswith("table/")}


def test_the_graph_says_the_same(store: EmbeddedStore, known: dict[str, str]) -> None:
    query = """SELECT ?thing ?state ?held ?official WHERE {
        ?thing gp:hasCompleteness ?state ; gp:heldCount ?held . OPTIONAL { ?thing gp:officialTotal ?official } }"""
    rows = questions.rows(store, query).rows
    said = {
        str(thing.value).split("/id/")[1]: " ".join(
            (str(state.value).rpartition("/")[2], str(held.value), str(official.value) if official else "?")
        )
        for thing, state, held, official in rows
        if thing and state and held
    }
    assert said == {key: known[key] for key in said}
    assert {key for key in known if key.startswith("table/")} <= said.keys()
