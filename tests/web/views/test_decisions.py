"""The queue of decisions: what waits, what is shown of it, and the line that `guapai decide` would write."""

import csv
import io

import pytest
from flask.testing import FlaskClient
from html5rdf import HTMLParser
from read_pages import number, soup, words

from kg import tables
from kg.analysis.findings.finding import Finding
from kg.curation import decide, decision_lines
from kg.release import Release
from kg.release.columns import Columns


@pytest.fixture(scope="module")
def pairs(app: object) -> list[Finding]:
    computed = app.extensions["guapai"].computed  # type: ignore[attr-defined]
    found = [one for one in computed.findings(computed.today).values() if one.kind == "duplicate"]
    return [one for one in found if all(ruling.reopened for ruling in one.rulings)]


def test_the_doubtful_come_first_and_none_is_missing(client: FlaskClient, pairs: list[Finding]) -> None:
    page = soup(client, "/decisions?lang=en")
    shown = [a["href"].removeprefix("/page/finding/").partition("?")[0] for a in page.select("section.question h2 > a")]
    assert number(page.h1.find(class_="count")) == len(shown) == len(pairs)
    assert set(shown) == {one.key for one in pairs}
    doubtful = [key for key in shown if not next(one for one in pairs if one.key == key).ranked]
    assert shown[: len(doubtful)] == doubtful
    assert 0 < len(doubtful) < len(shown)
    table = list(csv.DictReader(io.StringIO(client.get("/decisions.csv").text)))
    assert [row["one_id"].removeprefix("designation/") for row in table[: len(pairs)]] == [
        key.split("/")[1] for key in shown
    ]
    assert client.get("/decisions.json").json["total"] == len(table)


def test_both_sides_stand_beside_each_other_with_records_and_documents(
    client: FlaskClient, pairs: list[Finding]
) -> None:
    page = soup(client, f"/decisions?finding={pairs[0].key}&lang=en")
    (question,) = page.select("section.question")
    heads = [cell.a["href"].rpartition("/")[2].partition("?")[0] for cell in question.select("thead th")]
    assert heads == list(pairs[0].members)
    rows = {words(row.th): row.select("td") for row in question.select("tbody tr")}
    assert {"Name", "Programme", "Place", "Approved", "Records as printed", "Documents"} <= rows.keys()
    for title, cells in rows.items():
        assert ("differs" in cells[0].parent.get("class", [])) is (words(cells[0]) != words(cells[1])), title
    assert all(cell.select("a[href*='/page/record/']") for cell in rows["Records as printed"])


def test_the_line_is_the_one_that_guapai_decide_writes(
    client: FlaskClient, columns: Columns, release: Release, pairs: list[Finding]
) -> None:
    pair, overlap = pairs[0], next(one for one in _overlaps(client) if one.key not in {one.key for one in pairs})
    given = {"reason": "一处两名, “甲”", "decided_by": "张三", "decided_on": "2026-11-24"}
    asked = [
        decide.Given({"finding": pair.key, "verdict": "same", **given}, line=1),
        decide.Given({"finding": overlap.key, "verdict": "overlap-justified", **given}, line=2),
    ]
    package = tables.open_package(release.path / "tables")
    proposed = decide.decisions(package, columns, asked, (release.data_as_of, release.data_as_of))
    for number_of, (finding, one) in enumerate(zip((pair, overlap), proposed, strict=True)):
        line = decision_lines.line(package, finding, {**given, "verdict": one.row["verdict"]})
        before = f"decision-{int(one.row['id'].rpartition('-')[2]) - number_of:04d}"
        assert line.row == {**one.row, "id": before}
        assert line.wrong == ()
        assert next(csv.reader([line.text])) == [line.row[column] for column in line.columns]


def test_a_line_is_written_by_the_page_and_what_is_missing_is_named(client: FlaskClient, pairs: list[Finding]) -> None:
    address = f"/decisions?finding={pairs[0].key}&verdict=different&reason=r&decided_by=w&decided_on="
    page = soup(client, f"{address}2026-11-24&lang=en")
    text = page.find(id="line").get_text()
    header = page.find("pre").find(class_="aside").get_text()
    row = dict(zip(header.split(","), next(csv.reader([text])), strict=True))
    assert (row["verdict"], row["reason"], row["decided_by"]) == ("different", "r", "w")
    assert {row["one_id"], row["other_id"]} == {f"designation/{key}" for key in pairs[0].members}
    assert row["evidence_hash"] == pairs[0].evidence_hash
    wrong = soup(client, f"{address}24.11.2026&lang=en")
    assert wrong.find(id="line") is None
    assert "decided_on" in words(wrong.find(class_="evidence"))
    assert client.get("/decisions?finding=nothing").status_code == 404


def test_the_queue_is_sound(client: FlaskClient) -> None:
    for language in ("zh", "en"):
        text = client.get(f"/decisions?lang={language}").text
        HTMLParser(strict=True).parse(text)
        page = soup(client, f"/decisions?lang={language}")
        ids = [element["id"] for element in page.find_all(id=True)]
        assert len(ids) == len(set(ids))
        assert all(
            control.find_parent("label") for control in page.main.select("form input:not([type=hidden]), select")
        )


def _overlaps(client: FlaskClient) -> list[Finding]:
    computed = client.application.extensions["guapai"].computed
    return [one for one in computed.findings(computed.today).values() if one.kind == "territorial"]
