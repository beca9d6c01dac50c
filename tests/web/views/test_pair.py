"""From a number to its cases: cells of the matrices, and the page of a pair of programmes."""

import csv
import io
import re
from urllib.parse import parse_qsl

import pytest
from flask.testing import FlaskClient
from html5rdf import HTMLParser
from read_pages import number, soup, words
from reform import BEFORE_REFORM
from werkzeug.datastructures import MultiDict

from kg.analysis import weights
from kg.analysis.measures.cases import cases, overlaps_of_ministries, programme_pairs
from kg.analysis.measures.matrices import MATRICES
from kg.release import Release
from kg.release.columns import Columns
from web.data import Computed
from web.lists.designations import DESIGNATIONS
from web.lists.query import read

ETDZ, HIGH_TECH = "national-etdz", "national-high-tech-zone"
PAIR = f"/pair/{ETDZ}/{HIGH_TECH}"
BONDED = "customs-special-zone"


@pytest.fixture
def found(client: FlaskClient) -> Computed:
    computed: Computed = client.application.extensions["guapai"].computed
    return computed


@pytest.mark.parametrize("key", MATRICES)
@pytest.mark.parametrize("eve", ["eve", pytest.param("", marks=pytest.mark.slow)])
def test_behind_every_cell_are_as_many_cases_as_it_says(columns: Columns, release: Release, key: str, eve: str) -> None:
    day = BEFORE_REFORM if eve else release.data_as_of
    made = MATRICES[key](columns, day)
    counted = {(cell.row, cell.column): cell.observed for cell in made.cells}
    behind = {pair: cases(columns, day, key, *pair) for pair in counted}
    assert {pair: len(found) for pair, found in behind.items()} == counted
    assert all(len({case.unit for case in found}) == len(found) for found in behind.values())
    if key == "programme-programme":
        related = {(cell.row, cell.column) for cell in made.cells if cell.relation and cell.observed}
        assert related
        assert all(case.by_design for pair in related for case in behind[pair])


def test_a_case_of_a_pair_holds_the_designations_of_both_in_force_there(columns: Columns, release: Release) -> None:
    rows = columns.query(
        """SELECT county, programme, designation FROM designations JOIN designation_places USING (designation)
        JOIN places USING (place) WHERE list_contains($both, programme) AND county <> ''
        AND counted_from <= $day AND (ended_last IS NULL OR ended_last >= $day)""",
        {"both": [ETDZ, HIGH_TECH], "day": release.data_as_of},
    )
    for case in cases(columns, release.data_as_of, "programme-programme", ETDZ, HIGH_TECH):
        held = {(holding.programme, holding.designation) for holding in (*case.row, *case.column)}
        assert held <= {(programme, key) for county, programme, key in rows if county == case.unit}
        assert {holding.programme for holding in case.row} == {ETDZ}
        assert {holding.programme for holding in case.column} == {HIGH_TECH}


def test_only_by_design_is_where_every_pair_is_stated_so(columns: Columns, release: Release) -> None:
    """Customs zones lie on economic zones by design: where nothing else meets, the county is set apart."""
    known = weights.weights(columns)
    stated = columns.query(
        "SELECT subject, object FROM programme_relations WHERE status IN ('asserted', 'inferred') "
        "AND list_contains($subtracting, relation)",
        {"subtracting": known.keys_with_prefix("subtracts.")},
    )
    related = {frozenset(pair) for pair in stated}
    found = cases(columns, release.data_as_of, "ministry-ministry", "gacc", "mofcom")
    apart = [case for case in found if case.by_design]
    assert 0 < len(apart) < len(found)
    mixed = [
        case
        for case in found
        if all(frozenset((r.programme, c.programme)) in related for r in case.row for c in case.column)
    ]
    assert {case.unit for case in mixed} <= {case.unit for case in apart}
    pairs = programme_pairs(columns, found)
    assert [pair.units for pair in pairs] == sorted((pair.units for pair in pairs), reverse=True)
    assert pairs[0].units == sum(
        any(r.programme == pairs[0].row for r in case.row) and any(c.programme == pairs[0].column for c in case.column)
        for case in found
    )


def test_the_ministries_that_overlap_most_are_two_clicks_from_home(client: FlaskClient, found: Computed) -> None:
    home = soup(client, "/?lang=en")
    (first,) = {a["href"] for a in home.select("a") if words(a) == "Which two ministries overlap most, and where"}
    page = soup(client, str(first))
    top = page.select("[aria-labelledby=tops] li")[0]
    there = soup(client, str(top.a["href"]))
    ministries = re.fullmatch(r"/matrices/ministry-ministry/(\w+)/(\w+)", str(top.a["href"]).partition("?")[0])
    assert ministries
    expected = overlaps_of_ministries(found.findings(found.today).values(), found.ministries(found.today))
    strong = {pair: sum(one.strength == "strong" for one in held) for pair, held in expected.items()}
    assert strong[ministries[1], ministries[2]] == max(strong.values()) > 0
    listed = [a["href"].removeprefix("/page/finding/").partition("?")[0] for a in there.select("ol.ranked a")]
    shown = [key for key in listed if key.startswith("territorial/")]
    assert shown == [one.key for one in expected[ministries[1], ministries[2]]]
    assert number(there.find(id="overlaps").find(class_="count")) == len(shown)


@pytest.mark.parametrize("key", MATRICES)
def test_every_number_of_a_matrix_leads_to_its_list(
    client: FlaskClient, columns: Columns, release: Release, key: str
) -> None:
    page = soup(client, f"/matrices/{key}?lang=en")
    linked = {(str(a["href"]), number(a)) for a in page.select("table.lifts td a, td[data-title=Observed] a")}
    assert linked
    bare = [cell for cell in page.select("table.lifts td") if re.search(r"\d", words(cell)) and not cell.a]
    assert bare == []
    counted = {(cell.row, cell.column): cell.observed for cell in MATRICES[key](columns, release.data_as_of).cells}
    for address, shown in linked:
        row, column = address.partition("?")[0].split("/")[-2:]
        assert counted[row, column] == shown, address
    smallest, largest = (choose(linked, key=lambda link: (link[1], link[0])) for choose in (min, max))
    for address, shown in (smallest, largest):
        assert number(soup(client, address).find(id="cases").find(class_="count")) == shown
        path, mark, query = address.partition("?")
        content = client.get(f"{path}.json{mark}{query}").json
        assert content["total"] == len(content["entries"]) == shown
        table = csv.DictReader(io.StringIO(client.get(f"{path}.csv").text))
        assert len({row["key"] for row in table}) == shown


def test_a_pair_says_what_both_are_for_who_answers_and_where(client: FlaskClient, columns: Columns) -> None:
    whole = client.get(f"{PAIR}.json?as_of=2022-12-31&lang=zh").json
    expected = cases(columns, BEFORE_REFORM, "programme-programme", ETDZ, HIGH_TECH)
    assert [entry["key"] for entry in whole["entries"]] == [case.unit for case in expected]
    assert {"320583", "320581"} <= {entry["key"] for entry in whole["entries"]}
    assert (whole["one"]["ministries"], whole["other"]["ministries"]) == (["mofcom"], ["most"])
    page = soup(client, f"{PAIR}?as_of=2022-12-31&lang=zh")
    assert words(page.h1) == "国家级经济技术开发区 × 国家高新技术产业开发区"
    shown = [
        row.th.a["href"].rpartition("/")[2].partition("?")[0] for row in page.select("[aria-labelledby=cases] tbody tr")
    ]
    assert shown == [case.unit for case in expected]
    assert [len(side.select("figure.passage")) > 0 for side in page.select(".beside > div")] == [True, True]
    assert len(page.select("figure.spans a rect")) == len(whole["mandates"])
    assert {mandate["programme"] for mandate in whole["mandates"]} == {ETDZ, HIGH_TECH}
    finding = page.select_one("[aria-labelledby=finding] p a[href*='/page/finding/']")
    assert whole["finding"] == (finding and finding["href"].removeprefix("/page/finding/").partition("?")[0])


def test_a_pair_by_design_says_so_and_why(client: FlaskClient) -> None:
    whole = client.get(f"/pair/{BONDED}/{ETDZ}.json").json
    assert whole["relations"]
    assert all(entry["by_design"] for entry in whole["entries"])
    page = soup(client, f"/pair/{BONDED}/{ETDZ}?lang=en")
    assert "The two are related by design." in words(page.select_one(".lead"))
    assert len(page.select("[aria-labelledby=design] li")) == len(whole["relations"])
    assert whole["finding"] is None


def test_a_pair_has_one_address(client: FlaskClient) -> None:
    turned = client.get(f"/pair/{HIGH_TECH}/{ETDZ}?lang=en&as_of=2022-12-31")
    assert (turned.status_code, turned.location) == (301, f"{PAIR}?lang=en&as_of=2022-12-31")
    through = client.get(f"/matrices/programme-programme/{ETDZ}/{HIGH_TECH}.json")
    assert (through.status_code, through.location) == (301, f"{PAIR}.json")
    mutual = client.get("/matrices/ministry-ministry/most/mara?lang=en")
    assert (mutual.status_code, mutual.location) == (301, "/matrices/ministry-ministry/mara/most?lang=en")
    for address in (f"/pair/{ETDZ}/{ETDZ}", f"/pair/{ETDZ}/nothing", "/matrices/ministry-ministry/mara/nothing"):
        assert client.get(address).status_code == 404, address


def test_pages_of_cases_are_sound(client: FlaskClient) -> None:
    for address in (
        PAIR,
        "/matrices/ministry-ministry/mofcom/most",
        "/matrices/ministry-purpose/mara/agriculture-rural",
    ):
        for language in ("zh", "en"):
            text = client.get(f"{address}?lang={language}").text
            HTMLParser(strict=True).parse(text)
            ids = re.findall(r'\bid="([^"]+)"', text)
            assert len(ids) == len(set(ids)), address


def test_every_year_over_time_leads_to_as_many_designations(client: FlaskClient) -> None:
    page = soup(client, "/timeline?lang=en")
    rows = {words(row.th): row.select("td")[-1] for row in page.select("table.yearly tbody tr")}
    assert len(rows) > 30
    assert {a["href"] for a in page.select("figure svg a")} == {cell.a["href"] for cell in rows.values()}
    listed = {}
    with client.application.test_request_context("/"):
        for year in rows:
            listed[year] = read(DESIGNATIONS, MultiDict({"year_end": year})).total
    assert listed == {year: number(cell) for year, cell in rows.items()}


@pytest.mark.slow
def test_every_bar_of_years_and_cell_of_a_place_leads_to_as_many_designations(client: FlaskClient) -> None:
    for address in (f"/page/programme/{HIGH_TECH}?lang=en", "/page/place/320000?lang=en"):
        page = soup(client, address)
        bars = {str(a["href"]): int(a["aria-label"].partition(": ")[2]) for a in page.select("figure.years svg a")}
        cells = {str(a["href"]): int(words(a)) for a in page.select("table.matrix td a")}
        shown = {link: count for link, count in (bars | cells).items() if count}
        assert len(shown) > 10, address
        with client.application.test_request_context("/"):
            listed = {link: read(DESIGNATIONS, MultiDict(parse_qsl(link.partition("?")[2]))).total for link in shown}
        assert listed == shown, address
