"""The page that matches a pasted column of names."""

import csv
import io
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from playwright.sync_api import Browser

from web.views.match import HEADS, MAX_NAMES

LABELLED = Path(__file__).parents[2] / "kg" / "analysis" / "matching" / "labelled_names.csv"


def names() -> list[tuple[str, str]]:
    """Return 200 labelled names of places, designations and carriers as pasted lines, with the key that each means."""
    with LABELLED.open(encoding="utf-8", newline="") as stream:
        rows = [row for row in csv.DictReader(stream) if row["key"] and row["variation"] != "misprint"]
    return [("\t".join(filter(None, (row["text"], row["place"]))), row["key"]) for row in rows][:200]


def test_a_pasted_column_is_matched(client: FlaskClient) -> None:
    answer = client.post("/match?lang=en", data={"names": "昆山\r\n鼓楼区\t南京\r\n\r\n没有这个", "kind": "place"})
    page = BeautifulSoup(answer.text, "html.parser")
    rows = [[cell.text.strip() for cell in row.find_all(("th", "td"))] for row in page.select("#matches tbody tr")]
    assert [row[0] for row in rows] == ["昆山", "鼓楼区", "没有这个"]
    assert rows[0][1].startswith("Kunshan City")
    assert [row[4] for row in rows[:2]] == ["yes", "yes"]
    assert rows[2][1] == "No similar name."
    assert page.select_one("[role=status]").text.startswith("2 of 3 names")
    assert page.textarea.text.split() == ["昆山", "鼓楼区", "南京", "没有这个"]


def test_the_table_has_the_same(client: FlaskClient) -> None:
    answer = client.post("/match.csv?lang=en", data={"names": "昆山\n=1+1", "kind": "place"})
    rows = list(csv.reader(io.StringIO(answer.text)))
    assert rows[0] == list(HEADS)
    iri = "https://w3id.org/guapai/id/place/320583"
    assert rows[1] == ["昆山", "place", "320583", iri, "Kunshan City", "97.0", "true", "short"]
    assert rows[2][0] == "'=1+1"
    book = client.post("/match.xlsx", data={"names": "昆山"})
    assert book.data.startswith(b"PK")


@pytest.mark.parametrize(
    ("data", "status"),
    [
        ({"names": "x\n" * (MAX_NAMES + 1)}, 413),
        ({"names": "昆山", "kind": "cake"}, 404),
        ({"names": "昆" * 200_000}, 413),
        ({}, 200),
    ],
)
def test_limits(client: FlaskClient, data: dict[str, str], status: int) -> None:
    assert client.post("/match", data=data).status_code == status
    assert client.get("/match.csv").status_code == 405


def test_200_names_are_matched_in_a_browser(site: str, browser: Browser) -> None:
    pasted = names()
    assert len(pasted) == 200
    page = browser.new_page()
    page.goto(f"{site}/match?lang=en")
    page.fill("textarea[name=names]", "\n".join(line for line, _ in pasted))
    page.click("form.matching button:not([formaction])")
    rows = page.locator("#matches tbody tr")
    rows.last.wait_for()
    assert rows.count() == 200
    found = page.eval_on_selector_all(
        "#matches tbody tr", "rows => rows.map(row => row.querySelector('td a')?.href || '')"
    )
    certain = page.eval_on_selector_all("#matches tbody tr", "rows => rows.map(row => row.children[4].textContent)")
    right = [key for (_, key), address in zip(pasted, found, strict=True) if f"/{key}?" in address]
    # Carriers and designations may bear one name: then the first is one of them, and none is certain.
    assert len(right) >= 180
    shown = zip(pasted, found, certain, strict=True)
    assert [line for (line, key), address, sure in shown if sure.strip() == "yes" and f"/{key}?" not in address] == []
    page.close()
