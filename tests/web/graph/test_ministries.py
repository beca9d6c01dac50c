"""Ministries of programmes: analysis, rules on several days, and every page agree."""

import csv
import io
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from itertools import chain, combinations, product
from pathlib import Path

import pytest
from bs4.element import Tag
from flask import Flask
from flask.testing import FlaskClient
from read_pages import number, soup, words
from reform import BEFORE_REFORM

from kg.analysis.ministries import ministries
from kg.release import Release
from kg.release.columns import Columns
from kg.store import EmbeddedStore, GraphFile, derived, load_store, questions
from kg.vocab import SCHEMES, TERMS, THINGS
from web.graph import matrix
from web.graph.queries import Graph

Marks = Mapping[str, frozenset[str]]
"""Ministry (key) to its marks: inferred, mandate-lapsed."""
Said = dict[str, Marks]
"""Programme (key) to its ministries; programmes without a ministry are left out."""

QUESTIONS = Path(__file__).parents[3] / "ontology" / "questions"
TODAY = date(2026, 11, 24)
MAX_MINISTRIES = 6
"""Ministries of a programme that the list shows; of the rest it says how many."""
DAYS = (date(2010, 6, 30), date(2018, 1, 1), BEFORE_REFORM, TODAY)
READ = """CONSTRUCT { ?s ?p ?o } WHERE {
    VALUES ?class { gp:Mandate gp:Authority gp:Affiliation gp:Programme org:ChangeEvent } ?s a ?class ; ?p ?o }"""
"""Input of rules 1 and 2, without derived facts."""
STATED = """SELECT ?programme ?ministry ?mandate ?inferred ?lapsed WHERE {
    ?state a gp:ProgrammeState ; gp:stateOf ?programme ; gp:asOf ?day ; prov:wasDerivedFrom ?mandate .
    ?held gp:stateOf ?mandate ; gp:asOf ?day ; gp:hasMinistry ?ministry .
    BIND(EXISTS { ?state gp:hasInferredMinistry ?ministry } AS ?inferred)
    BIND(EXISTS { ?state gp:hasMark <https://w3id.org/guapai/scheme/mark/mandate-lapsed> } AS ?lapsed)
    FILTER(?day = "DAY"^^xsd:date)
}"""
"""Output of the rules for a day: ministries, each with a mandate, inferred or not, lapsed or not."""


@pytest.fixture(scope="module")
def rules(release: Release, store: EmbeddedStore, tmp_path_factory: pytest.TempPathFactory) -> EmbeddedStore:
    """A store of what is said of mandates and bodies, on which the rules were run for four days: no Python decides."""
    folder = tmp_path_factory.mktemp("rules")
    read = store.construct(questions.with_prefixes(READ), {})
    days = (
        f'<{THINGS.removesuffix("id/")}dataset> <{TERMS}standingDay> "{day}"^^<http://www.w3.org/2001/XMLSchema#date>'
        for day in DAYS
    )
    (folder / "read.nt").write_text("".join(f"{triple} .\n" for triple in [*read, *days]), encoding="utf-8")
    files = [GraphFile(folder / "read.nt", "http://e/read", in_default=True)]
    texts = [questions.with_prefixes(rule.query) for rule in questions.questions(release.rules)[:2]]
    added = [sorted(f"{triple} .\n" for triple in triples) for triples in derived(files, texts)]
    assert min(map(len, added)) > 0
    (folder / "derived.nt").write_text("".join(chain.from_iterable(added)), encoding="utf-8")
    load_store(folder / "store", [*files, GraphFile(folder / "derived.nt", "http://e/derived", in_default=True)])
    return EmbeddedStore(folder / "store")


def key(iri: str) -> str:
    return iri.rpartition("/")[2]


def marked(*, inferred: bool, lapsed: bool) -> frozenset[str]:
    return frozenset(mark for mark, borne in (("inferred", inferred), ("mandate-lapsed", lapsed)) if borne)


def by_rules(rules: EmbeddedStore, day: date) -> tuple[Said, set[tuple[str, str, str]]]:
    """Return the ministries by the rules, and programme, ministry and mandate of each statement."""
    marks: dict[str, dict[str, frozenset[str]]] = defaultdict(dict)
    rests_on = set()
    for row in questions.as_cells(questions.rows(rules, STATED.replace("DAY", str(day)))):
        programme, ministry, mandate = map(key, row[:3])
        marks[programme][ministry] = marked(inferred=row[3] == "true", lapsed=row[4] == "true")
        rests_on.add((programme, ministry, mandate))
    return dict(marks), rests_on


def shown(cell: Tag) -> Marks:
    """Parse a cell of a page: links to ministries, each followed by its marks."""
    found: dict[str, set[str]] = {}
    for element in cell.find_all(["a", "span"]):
        if element.name == "a":
            ministry = key(str(element["href"]).partition("?")[0])
            found[ministry] = set()
        elif "mark" in element["class"]:
            found[ministry] |= {name.removeprefix("is-") for name in element["class"]} - {"mark"}
    return {ministry: frozenset(marks) for ministry, marks in found.items()}


def programmes(columns: Columns) -> list[str]:
    return [programme for (programme,) in columns.query("SELECT programme FROM programmes ORDER BY 1")]


def main_purposes(columns: Columns, level: str) -> list[tuple[str, str]]:
    sql = f"SELECT DISTINCT {level}, programme FROM programme_purposes WHERE weight = 'main'"  # noqa: S608 — our own
    return columns.query(sql)


def test_today_is_the_day_of_the_release(release: Release) -> None:
    assert release.data_as_of == TODAY


@pytest.mark.parametrize("day", DAYS)
def test_the_engine_says_what_the_rules_say(columns: Columns, rules: EmbeddedStore, day: date) -> None:
    """All programmes: ministries, mandates behind each, inferred or not, lapsed or not."""
    answers = ministries(columns, day)
    said: Said = {
        programme: {
            ministry: marked(inferred=ministry in answer.inferred, lapsed=answer.lapsed)
            for ministry in answer.ministries
        }
        for programme, answer in answers.items()
    }
    rests_on = {(programme, *pair) for programme, answer in answers.items() for pair in answer.rests_on}
    assert (said, rests_on) == by_rules(rules, day)


def test_the_days_show_all_that_can_be_said(columns: Columns, rules: EmbeddedStore) -> None:
    """No comparison is empty: each day has ministries and gaps, and each mark occurs on some day."""
    borne = set()
    for day in DAYS:
        said, _ = by_rules(rules, day)
        assert set() < set(said) < set(programmes(columns))
        borne |= {marks for behind in said.values() for marks in behind.values()}
    assert borne == {marked(inferred=one, lapsed=other) for one in (False, True) for other in (False, True)}


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.slow
def test_pages_of_programmes(client: FlaskClient, columns: Columns, rules: EmbeddedStore, language: str) -> None:
    """The page of every programme, on both of its days, with marks in words."""
    found: dict[date, Said] = {BEFORE_REFORM: {}, TODAY: {}}
    in_words = set()
    for programme in programmes(columns):
        page = soup(client, f"/page/programme/{programme}?lang={language}")
        standings = page.select(".standings > div")
        assert [str(day) in words(standing.h3) for day, standing in zip(found, standings, strict=True)] == [True, True]
        for day, standing in zip(found, standings, strict=True):
            cell = standing.select_one(".behind dd")
            assert cell is not None
            in_words |= {words(mark) for mark in cell.select(".is-mandate-lapsed")}
            if behind := shown(cell):
                found[day][programme] = behind
            else:
                assert words(cell) == {"en": "not known", "zh": "不详"}[language]
    assert found == {day: by_rules(rules, day)[0] for day in found}
    assert in_words == {{"en": "mandate lapsed", "zh": "职权已终止"}[language]}


def test_a_programme_whose_only_mandate_has_ended(client: FlaskClient) -> None:
    page = soup(client, "/page/programme/national-engineering-laboratory?lang=en")
    today = page.select(".standings > div")[-1]
    assert words(today.select_one("dt.none")) == "No mandate is known to be in force on this day."
    assert words(today.select_one(".behind dd")) == "National Development and Reform Commission mandate lapsed"


@pytest.mark.parametrize("day", DAYS)
@pytest.mark.slow
def test_programmes_side_by_side_on_any_day(
    client: FlaskClient, columns: Columns, rules: EmbeddedStore, day: date
) -> None:
    """The page that shows programmes on any day, two at a time, for all programmes."""
    known, found = programmes(columns), {}
    for one, other in zip(known[::2], [*known[1::2], *known[:1]], strict=False):
        page = soup(client, f"/compare/programmes?one={one}&other={other}&as_of={day}&lang=en")
        row = page.select_one("section[aria-labelledby=sides] tbody tr")
        assert row is not None
        found |= {side: shown(cell) for side, cell in zip((one, other), row.find_all("td"), strict=True)}
    assert set(found) == set(known)
    assert {programme: behind for programme, behind in found.items() if behind} == by_rules(rules, day)[0]


def cells(columns: Columns, said: Said, level: str) -> dict[tuple[str, str], set[str]]:
    """Return through which programmes a ministry serves a purpose, or a group of purposes, as a main one."""
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    for purpose, programme in main_purposes(columns, level):
        for ministry in said.get(programme, ()):
            found[purpose, ministry].add(programme)
    return dict(found)


@pytest.mark.parametrize("day", DAYS)
def test_the_matrix_on_any_day(app: Flask, columns: Columns, rules: EmbeddedStore, day: date) -> None:
    said, _ = by_rules(rules, day)
    lapsed = {programme for programme, behind in said.items() if any("mandate-lapsed" in m for m in behind.values())}
    with app.test_request_context():
        graph = app.extensions["guapai"].graph
        for level, made in (("purpose", matrix.by_purpose), ("purpose_group", matrix.by_group)):
            crossed = made(graph, str(day))
            assert crossed is not None
            expected = cells(columns, said, level)
            found = {
                (key(purpose), key(ministry)): set(map(key, held))
                for purpose, row in crossed.rows
                for ministry, held in row.items()
            }
            assert found == expected != {}
            past = {cell: len(held & lapsed) for cell, held in expected.items() if held & lapsed}
            assert {(key(a), key(b)): count for (a, b), count in crossed.past.items()} == past


@pytest.mark.parametrize(("address", "level"), [("/purposes", "purpose"), ("/", "purpose_group")])
def test_the_matrix_of_today(
    client: FlaskClient, columns: Columns, rules: EmbeddedStore, address: str, level: str
) -> None:
    """Numbers in the cells, and of how many of them the mandates have lapsed."""
    said, _ = by_rules(rules, TODAY)
    table = soup(client, f"{address}?lang=en").select_one("table.matrix")
    assert table is not None
    heads = [key(str(head.a["href"]).partition("?")[0]) for head in table.select("thead th")]  # type: ignore[index]
    found = {}
    for row in table.select("tbody tr"):
        purpose = key(str(row.th.a["href"]).partition("?")[0])  # type: ignore[union-attr, index]
        for ministry, cell in zip(heads, row.find_all("td"), strict=True):
            if cell.a:
                past = str(cell.a["title"]).partition("mandate lapsed: ")[2]
                found[purpose, ministry] = number(cell), int(past or 0), "past" in cell.a.get("class", [])
    expected = {}
    for (purpose, ministry), held in cells(columns, said, level).items():
        lapsed = sum("mandate-lapsed" in said[programme][ministry] for programme in held)
        expected[purpose, ministry] = len(held), lapsed, lapsed > 0
    assert found == expected
    assert any(lapsed for _, lapsed, _ in expected.values())


def test_the_list_of_programmes(client: FlaskClient, rules: EmbeddedStore) -> None:
    """As a page with marks beside ministries, and as data with marks in columns of their own."""
    said, _ = by_rules(rules, TODAY)
    as_data = {}
    for row in csv.DictReader(io.StringIO(client.get("/programmes.csv").text)):
        behind, inferred, lapsed = (row[f"{column}_iri"].split(";") for column in ("ministry", "inferred", "lapsed"))
        as_data[key(row["thing_iri"])] = {
            key(iri): marked(inferred=iri in inferred, lapsed=iri in lapsed) for iri in filter(None, behind)
        }
    assert {programme: behind for programme, behind in as_data.items() if behind} == said
    page = soup(client, "/programmes?lang=en")
    rows = page.select("table.list tbody tr")
    for number_of_page in range(2, -(-len(as_data) // len(rows)) + 1):
        rows += soup(client, f"/programmes?page={number_of_page}&lang=en").select("table.list tbody tr")
    heads = [words(head) for head in page.select("table.list thead th")]
    place = heads.index("Ministries today")
    on_page = {
        key(str(row.th.a["href"]).partition("?")[0]): shown(row.find_all(["th", "td"])[place])  # type: ignore[union-attr, index]
        for row in rows
    }
    assert on_page == {programme: dict(list(behind.items())[:MAX_MINISTRIES]) for programme, behind in as_data.items()}
    rest = {
        programme: len(behind) - MAX_MINISTRIES for programme, behind in as_data.items() if len(behind) > MAX_MINISTRIES
    }
    asides = {
        key(str(row.th.a["href"]).partition("?")[0]): words(aside)  # type: ignore[union-attr, index]
        for row in rows
        if (aside := row.find_all(["th", "td"])[place].select_one(".aside"))
    }
    assert asides == {programme: f"and {number} more" for programme, number in rest.items()} != {}


def test_pages_of_purposes(client: FlaskClient, columns: Columns, rules: EmbeddedStore) -> None:
    """The ministries of each purpose today, by programmes with it as a main or secondary purpose."""
    said, _ = by_rules(rules, TODAY)
    served = defaultdict(list)
    for purpose, programme, weight in columns.query(
        "SELECT DISTINCT purpose, programme, weight FROM programme_purposes"
    ):
        served[purpose].append((programme, weight))
    for purpose, held in served.items():
        page = soup(client, f"/scheme/purpose/{purpose}?lang=en")
        found = {
            (key(str(row.th.a["href"]).partition("?")[0]), programme, marks)  # type: ignore[union-attr, index]
            for row in page.select("section[aria-labelledby=servers] tbody tr")
            for line in row.select("li")
            for programme, marks in shown(line).items()
        }
        assert found == {
            (ministry, programme, marks | {weight})
            for programme, weight in held
            for ministry, marks in said.get(programme, {}).items()
        }


@pytest.mark.slow
def test_pages_of_ministries(client: FlaskClient, rules: EmbeddedStore) -> None:
    """For every ministry of one of the days: programmes lost, gained, and their number."""
    before, now = (by_rules(rules, day)[0] for day in (BEFORE_REFORM, TODAY))
    for ministry in sorted({ministry for said in (before, now) for behind in said.values() for ministry in behind}):
        page = soup(client, f"/page/authority/{ministry}?lang=en")
        for title, there, here in (("Lost", before, now), ("Gained", now, before)):
            rows = page.select(f"section[aria-labelledby=reform] [aria-label$='{title}'] tbody tr")
            found = {key(str(row.th.a["href"]).partition("?")[0]): shown(row.td) for row in rows}  # type: ignore[union-attr, index, arg-type]
            assert found == {
                programme: here.get(programme, {})
                for programme, behind in there.items()
                if ministry in behind and ministry not in here.get(programme, {})
            }
        standing = [marks for behind in now.values() for one, marks in behind.items() if one == ministry]
        sentence = f"it oversees {len(standing)} programmes"
        assert (sentence in words(page)) == bool(standing)
        lapsed = sum("mandate-lapsed" in marks for marks in standing)
        assert [words(mark) for mark in page.select("section[aria-labelledby=mandates] .is-mandate-lapsed")] == [
            "mandate lapsed"
        ] * bool(lapsed)


@pytest.fixture
def closed(app: Flask) -> Iterator[FlaskClient]:
    """Client of a site whose release has no columns."""
    services = app.extensions["guapai"]
    app.extensions["guapai"] = replace(services, computed=None, graph=Graph(services.store))
    yield app.test_client()
    app.extensions["guapai"] = services


def test_without_columns_pages_say_that_it_is_not_computed(closed: FlaskClient) -> None:
    """They neither name a ministry nor say that none is known."""
    sentence = "Which ministry is responsible for a programme is not computed: this release has no columns."
    for address, section in (
        ("/scheme/purpose/technology-transfer", "servers"),
        ("/page/authority/ndrc", "mandates"),
        ("/purposes", "picture"),
    ):
        page = soup(closed, f"{address}?lang=en")
        assert [words(said) for said in page.select(f"section[aria-labelledby={section}] .none")] == [sentence], address
        assert "No ministry is known" not in words(page)
    assert closed.get("/page/programme/national-high-tech-zone").status_code == 503


@pytest.mark.parametrize(("asked", "day"), [("6", BEFORE_REFORM), ("7", TODAY)])
def test_questions_of_shared_purposes(
    columns: Columns, store: EmbeddedStore, rules: EmbeddedStore, asked: str, day: date
) -> None:
    """The questions skip programmes whose mandates have lapsed; otherwise the results agree."""
    standing = {
        programme: behind
        for programme, behind in by_rules(rules, day)[0].items()
        if not any("mandate-lapsed" in marks for marks in behind.values())
    }
    called = Graph(store)

    def name(kind: str, of: str) -> str:
        return called.label(f"{SCHEMES if kind == 'purpose' else THINGS}{kind}/{of}", "zh").text

    generic = {purpose for (purpose,) in columns.query("SELECT purpose FROM programme_purposes WHERE generic")}
    sharing = defaultdict(set)
    for purpose, programme in main_purposes(columns, "purpose"):
        if programme in standing and purpose not in generic:
            sharing[purpose].add(programme)
    expected = {
        (
            name("purpose", purpose),
            *((name("programme", p), name("authority", m)) for p, m in zip(pair, behind, strict=True)),
            any(marks for p in pair for marks in standing[p].values()),
        )
        for purpose, held in sharing.items()
        for pair in combinations(sorted(held), 2)
        if standing[pair[0]].keys().isdisjoint(standing[pair[1]])
        for behind in product(*(standing[p] for p in pair))
    }
    answer = questions.as_cells(questions.rows(store, questions.find(QUESTIONS, asked).query))
    found = {
        (purpose, (one, its), (other, others), inferred == "true")
        for purpose, one, its, other, others, inferred in answer
    }
    assert found == expected != set()
