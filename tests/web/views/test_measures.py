"""Claims, matrices and concentration: every number on the pages against an independent count."""

import csv
import io
import json
import re
from collections import Counter

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from html5rdf import HTMLParser
from read_pages import soup, words

from kg.analysis.claims import claims
from kg.analysis.measures import matrices
from kg.analysis.measures.spread import MEAN, Measures
from kg.analysis.ministries import ministries
from kg.charts import svg
from kg.release import Release
from kg.release.columns import Columns


def test_every_claim_stands_with_its_verdict_and_numbers(client: FlaskClient, columns: Columns) -> None:
    order = ("supported", "contradicted", "not-testable")
    judged = sorted(claims.evaluated(columns), key=lambda claim: order.index(claim.verdict))
    page = soup(client, "/claims?lang=en")
    shown = {section.h2["id"]: section for section in page.select("section.claim")}
    assert list(shown) == [claim.key for claim in judged]
    verdicts = {"supported": "supported", "contradicted": "contradicted", "not-testable": "not testable"}
    for claim in judged:
        section = shown[claim.key]
        assert words(section.h2) == f"{claim.statement_en} {verdicts[claim.verdict]}"
        assert claim.quote in section.blockquote.get_text()
        assert len(section.select("tbody tr")) == len(claim.tests)
        found = [words(row.select("td")[0]) for row in section.select("tbody tr")]
        assert found == [str(tested.value) if tested.value else "—" for tested in claim.tests]
        if claim.lacking:
            assert claim.verdict == "not-testable"
    counts = Counter(claim.verdict for claim in judged)
    assert words(page.find("p", class_="lead")).startswith(
        f"Of {len(judged)} claims the data support {counts['supported']} and contradict {counts['contradicted']}; "
    )
    tabs = {words(tab).rpartition(" ")[0]: int(words(tab).rpartition(" ")[2]) for tab in page.select(".kinds a")[1:]}
    assert tabs == {verdicts[verdict]: counts[verdict] for verdict in verdicts}
    narrowed = json.loads(client.get("/claims.json?verdict=contradicted").text)
    assert [entry["iri"].rpartition("/")[2] for entry in narrowed["entries"]] == [
        claim.key for claim in judged if claim.verdict == "contradicted"
    ]
    table = list(csv.DictReader(io.StringIO(client.get("/claims.csv?lang=en").text)))
    assert [row["verdict"] for row in table] == [claim.verdict for claim in judged]


def test_a_cell_of_the_matrix_is_the_designations_of_a_ministry_with_that_purpose(
    client: FlaskClient, columns: Columns, release: Release
) -> None:
    answers = ministries(columns, release.data_as_of)
    designations = Counter(
        dict(
            columns.query(
                """SELECT programme, count(*) FROM designations
                WHERE counted_from <= $day AND (ended_last IS NULL OR ended_last >= $day) GROUP BY 1""",
                {"day": release.data_as_of},
            )
        )
    )
    serving = columns.query(
        """SELECT DISTINCT programme FROM programme_purposes
        WHERE purpose_group = 'agriculture-rural' AND weight = 'main' AND NOT generic"""
    )
    own = sum(designations[key] for (key,) in serving if key in answers and "mara" in answers[key].ministries)
    page = soup(client, "/matrices/ministry-purpose?lang=en")
    heads = [cell.a["href"].rpartition("/")[2].partition("?")[0] for cell in page.select("table.lifts thead th")]
    rows = {
        row.th.a["href"].rpartition("/")[2].partition("?")[0]: row.select("td")
        for row in page.select("table.lifts tbody tr")
    }
    assert words(rows["mara"][heads.index("agriculture-rural")]) == str(own)
    assert words(rows["mara"][heads.index("open-economy")]) == "·"


@pytest.mark.parametrize("key", matrices.MATRICES)
def test_a_matrix_and_its_twins_hold_the_same(
    client: FlaskClient, columns: Columns, release: Release, key: str
) -> None:
    made = matrices.MATRICES[key](columns, release.data_as_of)
    table = list(csv.DictReader(io.StringIO(client.get(f"/matrices/{key}.csv").text)))
    assert [(row["row"], row["column"], row["observed"]) for row in table] == [
        (cell.row, cell.column, str(cell.observed)) for cell in made.cells
    ]
    whole = json.loads(client.get(f"/matrices/{key}.json?as_of=2022-12-31").text)
    assert whole["as_of"] == "2022-12-31"
    page = soup(client, f"/matrices/{key}?lang=en")
    assert int(re.sub(r"\s", "", words(page.find(id="pairs").find(class_="count")))) == len(made.cells)
    assert client.get("/matrices/nothing").status_code == 404


def test_concentration_shows_gini_coverage_and_a_curve_that_ends_where_it_must(
    client: FlaskClient, columns: Columns, release: Release
) -> None:
    measures = Measures(columns, release.data_as_of)
    spreads = {spread.programme: spread for spread in measures.spreads()}
    programme = "national-etdz"
    page = soup(client, f"/concentration?programme={programme}&lang=en")
    figure = page.find("figure", class_="chart")
    points = [tuple(map(float, pair.split(","))) for pair in figure.find("polyline", class_="strong")["points"].split()]
    assert points[0] == (0, svg.SIDE)
    assert points[-1] == (svg.SIDE, 0)
    assert len(points) == len(measures.curve(programme))
    gini = spreads[programme].gini_population
    cells = {words(cell.dt): words(cell.dd) for cell in page.select(".cells > div")}
    assert cells["Gini against residents"] == f"{gini:.2f}"
    known = measures.coverages[programme]
    assert cells["Found of official total"].startswith(f"{known.completeness}, {known.found} of {known.official} desi")
    rows = page.select("[aria-labelledby=every] tbody tr")
    assert len(rows) == len(spreads)
    assert words(rows[0].th) == "mean of the complete lists"
    assert f"{spreads[MEAN].gini_population:.2f}" in words(rows[0])


def test_concentration_opens_on_the_largest_programme_that_is_complete_by_an_official_total(
    client: FlaskClient, columns: Columns, release: Release
) -> None:
    """Complete is a list whose share of the official total suffices for the averages."""
    entries = json.loads(client.get("/concentration.json").text)["entries"]
    averaged = Measures(columns, release.data_as_of).averaged()
    known = [row for row in entries if row["programme"] in averaged and row["official"]]
    whole = {row["programme"]: float(row["placed"]) for row in known}
    chosen = soup(client, "/concentration").select_one("select[name=programme] option[selected]")
    assert chosen is not None
    assert whole[str(chosen["value"])] == max(whole.values()) > 100


def test_each_bar_stands_beside_its_numbers(client: FlaskClient) -> None:
    page = soup(client, "/concentration?lang=en")
    for row in page.select("table.bars tbody tr"):
        widths = [float(part["width"]) for part in row.svg.find_all("rect")]
        numbers = [float(words(cell).rstrip("%")) for cell in row.select("td.number")]
        assert len(widths) == len(numbers)
        assert all(abs(width - number) < 0.06 for width, number in zip(widths, numbers, strict=True))
        assert sum(widths) == pytest.approx(100, abs=0.1)


def test_pages_of_measures_are_sound(client: FlaskClient) -> None:
    for address in (
        "/claims",
        "/matrices",
        "/matrices/ministry-ministry",
        "/matrices/programme-programme",
        "/concentration",
    ):
        for language in ("zh", "en"):
            text = client.get(f"{address}?lang={language}").text
            HTMLParser(strict=True).parse(text)
            page = BeautifulSoup(text, "html.parser")
            ids = [element["id"] for element in page.find_all(id=True)]
            assert len(ids) == len(set(ids)), address
            assert len(page.find_all("h1")) == 1
            assert not page.find_all(style=True)
            assert all(cell.get("scope") for cell in page.find_all("th")), address
