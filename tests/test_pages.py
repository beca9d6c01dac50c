"""The pages a reader sees: every kind of thing, every list, both languages, and nothing dangerous on any of them."""

import csv
import io
import json
import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from html5rdf import HTMLParser
from werkzeug.test import TestResponse

from kg import query
from kg.query import with_prefixes
from kg.release import MANIFEST, Release
from kg.store import EmbeddedStore, GraphFile, Literal, NamedNode, load_store
from kg.vocab import KINDS, SCHEMES, TERMS, THINGS, graph, text, thing
from web import create_app, ministries
from web.answers import HEADERS, defused
from web.graph import Graph
from web.language import LANGUAGES
from web.listings import LISTINGS
from web.parts.programmes import segments
from web.things import DATES, GROUPS

WEB = Path(__file__).parent.parent / "web"
NOT_YET = {"decision"}
"""Kinds of things of which there is none yet."""
ELSEWHERE = {"finding"}
"""Kinds of things whose pages have tests of their own."""


class Client(FlaskClient):
    """A client that reads an answer to its end and closes the file behind it."""

    def open(self, *arguments: object, **options: object) -> TestResponse:
        return super().open(*arguments, **{"buffered": True, **options})  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def store(release: Release) -> EmbeddedStore:
    return EmbeddedStore(release.store_path)


def soup(client: FlaskClient, address: str) -> BeautifulSoup:
    answer = client.get(address)
    assert answer.status_code == 200, address
    assert answer.mimetype == "text/html"
    return BeautifulSoup(answer.text, "html.parser")


def words(found: object) -> str:
    """Return the text of an element with all white space made one blank."""
    return re.sub(r"\s+", " ", found.get_text(" ")).strip()  # type: ignore[attr-defined]


def number(found: object) -> int:
    """Return a number that a page shows with thin spaces."""
    return int(re.sub(r"\s", "", words(found)))


def count(store: EmbeddedStore, pattern: str) -> int:
    rows = store.select(with_prefixes(f"SELECT (COUNT(DISTINCT ?thing) AS ?n) WHERE {{ {pattern} }}"), {}).rows
    return int(rows[0][0].value)


@pytest.fixture(scope="module")
def examples(store: EmbeddedStore) -> dict[str, str]:
    """Of every kind of thing that exists the one with most statements, by kind."""
    asked = f"""SELECT ?s (COUNT(*) AS ?n) WHERE {{ ?s ?p ?o FILTER(STRSTARTS(STR(?s), "{THINGS}")) }}
        GROUP BY ?s ORDER BY ?n DESC(?s)"""
    return dict(subject.value.removeprefix(THINGS).split("/", 1) for subject, _ in store.select(asked, {}).rows)


def test_every_kind_of_thing_has_a_page_that_says_all_of_it(
    client: FlaskClient, store: EmbeddedStore, examples: dict[str, str]
) -> None:
    """Every literal and the name of everything pointed to stands on the page, in both languages."""
    assert examples.keys() >= set(KINDS) - NOT_YET
    days = {f"{TERMS}{name.removeprefix('gp:')}" for pair in DATES.values() for name in pair if name}
    for kind, key in examples.items():
        if kind in ELSEWHERE:
            continue
        said = store.select("SELECT ?p ?o WHERE { ?s ?p ?o }", {"s": NamedNode(f"{THINGS}{kind}/{key}")}).rows
        for language, tag in LANGUAGES.items():
            page = soup(client, f"/page/{kind}/{key}?lang={language}")
            assert page.html["lang"] == tag
            shown = words(page.main)
            for property_, value in said:
                if property_.value in days or getattr(value, "datatype", NamedNode("x:x")).value.endswith("#boolean"):
                    continue
                if isinstance(value, Literal):
                    assert re.sub(r"\s+", " ", value.value).strip() in shown, (kind, key, property_, value)
                elif property_.value == f"{TERMS}inTable":
                    assert page.find("a", href=re.compile(r"^/page/table/")), (kind, key)


def test_a_property_of_the_graph_has_its_place_on_the_page(store: EmbeddedStore) -> None:
    """What we say of things stands in a group of statements; only messages and descriptions of the data set do not."""
    placed = set(" ".join(GROUPS.values()).split())
    placed |= {name for first, last in DATES.values() for name in (first, last)} | {"skos:prefLabel"}
    rows = store.select(
        with_prefixes(f'SELECT DISTINCT ?p WHERE {{ ?s ?p ?o FILTER(STRSTARTS(STR(?s), "{THINGS}")) }}'), {}
    ).rows
    said = {query.plain(term) for (term,) in rows}
    assert {name for name in said - placed if not name.startswith("sh:")} == set()


@pytest.mark.parametrize(
    ("language", "heading", "title", "skip"),
    [
        ("zh", "国家高新技术产业开发区", "它说自己是为了什么", "跳到正文"),
        ("en", "National High-tech Industrial Development Zone", "What it says it is for", "Skip to the content"),
    ],
)
def test_a_page_is_in_the_language_asked_for(
    client: FlaskClient, language: str, heading: str, title: str, skip: str
) -> None:
    page = soup(client, f"/page/programme/national-high-tech-zone?lang={language}")
    assert words(page.h1) == heading
    assert words(page.find(id="for")) == title
    assert words(page.find("a", class_="skip")) == skip


def test_the_language_comes_from_address_then_browser_then_is_chinese(client: FlaskClient) -> None:
    def tag(address: str, header: str | None) -> str:
        headers = {"Accept-Language": header} if header else {}
        return str(BeautifulSoup(client.get(address, headers=headers).text, "html.parser").html["lang"])

    assert tag("/", None) == "zh-Hans"
    assert tag("/", "fr-FR, de;q=0.5") == "zh-Hans"
    assert tag("/", "en-GB, zh;q=0.5") == "en"
    assert tag("/", "zh-TW, en;q=0.5") == "zh-Hans"
    assert tag("/?lang=zh", "en") == "zh-Hans"
    assert tag("/?lang=xx", "en") == "en"


def test_every_link_carries_the_language_of_the_address(client: FlaskClient) -> None:
    links = [str(a["href"]) for a in soup(client, "/?lang=en").find_all("a", href=re.compile(r"^/"))]
    assert len(links) > 40
    assert [link for link in links if "lang=en" not in link and "lang=zh" not in link] == []
    assert sum("lang=zh" in link for link in links) == 1, "the switch"
    assert [a["href"] for a in soup(client, "/").find_all("a", href=re.compile("lang="))] == ["/?lang=en"]


def test_home_shows_the_figures_of_the_store_and_what_is_missing(client: FlaskClient, store: EmbeddedStore) -> None:
    page = soup(client, "/?lang=en")
    shown = {words(item.span): number(item.b) for item in page.select(".figures li")}
    assert shown == {
        "plates": count(store, "?thing a gp:Designation"),
        "rows of lists": count(store, "?thing gp:hasOutcome ?outcome"),
        "programmes with plates": count(store, "?plate gp:underProgramme ?thing"),
        "carriers": count(store, "?thing a gp:Carrier"),
        "counties with a plate": count(store, COUNTIES),
        "mandates": count(store, "?thing a gp:Mandate"),
        "sources": count(store, "?thing a gp:SourceDocument"),
    }
    without = store.select(
        with_prefixes("SELECT ?p WHERE { ?p a gp:Programme FILTER NOT EXISTS { ?plate gp:underProgramme ?p } }"), {}
    ).rows
    missing = page.find("ul", class_="missing").li
    assert words(missing).startswith(f"Of {len(without)} programmes no list of plates could be had:")
    named = {str(link["href"]).removesuffix("?lang=en").removeprefix("/page/") for link in missing.find_all("a")}
    assert named == {str(programme.value).removeprefix(THINGS) for (programme,) in without}
    assert {"programme/tech-incubator", "programme/maker-space"} < named


COUNTIES = f"""?plate gp:locatedIn ?place . ?place gp:directlyWithin* ?thing .
    {{ ?thing gp:hasLevel <{SCHEMES}level/county> }} UNION {{
        ?thing gp:hasLevel <{SCHEMES}level/prefecture> FILTER NOT EXISTS {{ ?below gp:directlyWithin ?thing }}
    }}"""
"""A county with a plate of its own or within; a prefecture without counties stands for its own."""

FIVE = [
    (
        "/scheme/purpose/technology-transfer",
        [
            "国家技术创新中心 2016-09-05 主要",
            "中华人民共和国教育部 2001-05-11",
            "中华人民共和国工业和信息化部 2016 国家制造业创新中心 2016 主要",
        ],
        ["Ministry of Education 2001-05-11", "National Technology Innovation Center 2016-09-05 main"],
    ),
    (
        "/page/programme/national-high-tech-zone",
        [
            "加快高技术产业发展 3 ， 促进科技成果产业化 4",
            "国务院关于同意升级为国家高新技术产业开发区的批复 (2015, 14 zones; e.g. 国函〔2015〕25号)",
            "2022-12-31 批准 中华人民共和国国务院 管理 中华人民共和国科学技术部 执行 科学技术部火炬高技术产业开发中心",
            "今日（2026-11-24） 批准 中华人民共和国国务院 管理 中华人民共和国工业和信息化部",
        ],
        [
            "2022-12-31 approves State Council of the People's Republic of China administers Ministry of Science",
            "Today (2026-11-24) approves State Council of the People's Republic of China administers Ministry of Ind",
        ],
    ),
    (
        "/scheme/position/international-sti-center",
        ["粤港澳大湾区", "《北京市“十四五”时期国际科技创新中心建设规划》", "香港特别行政区 国际科创中心"],
        ["Guangdong-Hong Kong-Macao Greater Bay Area", "Beijing 国际科技创新中心"],
    ),
    (
        "/page/table/p2-t4",
        ["9 行中有 2 行", "上海 9.77 10.45 79.90 100.12 不等于 100", "全国 6.50 11.25 82.26 100.01"],
        ["In 2 of 9 rows they do not", "长三角三省一市 5.37 7.03 87.63 100.03 does not add up"],
    ),
    (
        "/scheme/measure/plate-count",
        [
            "国家高新技术产业开发区 169 块牌子 2020-12",
            "国家农业科技园区 约 300 ≈ 300 块牌子 2021-12",
            "国家大学科技园 140 块牌子 未写明",
        ],
        ["National High-tech Industrial Development Zone 169 plates 2020-12", "3+12 = 15"],
    ),
]


@pytest.mark.parametrize(
    ("address", "chinese", "english"), FIVE, ids=lambda found: found if isinstance(found, str) else ""
)
def test_the_five_questions_are_answered_by_a_page(
    client: FlaskClient, address: str, chinese: list[str], english: list[str]
) -> None:
    for language, expected in (("zh", chinese), ("en", english)):
        assert soup(client, f"/?lang={language}").find("a", class_="question", href=f"{address}?lang={language}")
        shown = words(soup(client, f"{address}?lang={language}").main)
        for sentence in expected:
            assert sentence in shown, sentence


def test_a_table_is_shown_cell_by_cell_in_the_order_of_its_headings(client: FlaskClient, release: Release) -> None:
    headings = {
        "p1-t1": ["中心", "区域", "载体", "批复部门", "批复目的"],
        "p1-t4": ["种类", "基地", "数量（个）", "批复部门", "批复目的"],
        "p2-t1": ["排名", "科技集群名称", "国家", "专利申请 (件)", "科研论文 (篇)"],
    }
    columns = {
        "p1-t1": ["name", "region", "carrier", "authority", "purpose"],
        "p1-t4": ["group", "name", "count", "authority", "purpose"],
        "p2-t1": ["rank", "name", "country", "patents", "papers"],
    }
    for table, expected in headings.items():
        shown = soup(client, f"/page/table/{table}").find("table", class_="printed")
        assert [words(cell) for cell in shown.select("thead th")][1:] == expected
        with (release.path / "tables" / "papers" / f"{table}.csv").open(encoding="utf-8", newline="") as stream:
            printed = [[row["id"], *(row[column] for column in columns[table])] for row in csv.DictReader(stream)]
        rows = [[cell.get_text().strip() for cell in row.find_all(["th", "td"])] for row in shown.select("tbody tr")]
        assert rows == printed


def test_a_mandate_shows_status_source_and_possible_days(client: FlaskClient) -> None:
    page = soup(client, "/page/mandate/agri-high-tech-zone-most-administers-1998-03?lang=en")
    shown = words(page.main)
    assert "has mandate status inferred" in shown
    assert "1998-03 (not before 1998-03-01)" in shown
    assert "These statements come from row Mandates agri-high-tech-zone-most-administers-1998-03" in shown
    row = soup(client, "/page/programme/agri-high-tech-zone?lang=en")
    assert row.find("span", class_="is-disputed")
    assert row.find("span", class_="date", title="not before 1998-03-01")


def test_what_we_derived_is_marked(client: FlaskClient) -> None:
    page = soup(client, "/page/designation/comprehensive-national-science-center-zhangjiang?lang=en")
    marked = {words(row.dt) for row in page.select(".statements > div") if row.find("span", class_="is-derived")}
    assert marked == {"has extent", "is located in"}
    assert page.find("p", class_="second").find("span", class_="is-derived"), "the Chinese name is ours too"


def test_messages_of_the_validation_stand_on_the_page_of_the_record(client: FlaskClient) -> None:
    shown = words(soup(client, "/page/record/p2-t4/r04?lang=en").find("section", class_="messages"))
    assert shown.startswith("What the validation found warning The three shares of R&D should add up to 100")
    assert soup(client, "/page/record/p2-t4/r01").find("section", class_="messages") is None


def test_incoming_links_are_counted_and_paged(client: FlaskClient, store: EmbeddedStore) -> None:
    address = "/page/place/440000?lang=en"
    first = words(soup(client, address).find("ul", class_="incoming"))
    below = count(store, "?thing gp:directlyWithin <https://w3id.org/guapai/id/place/440000>")
    assert f"is directly within {below}" in first
    level = soup(client, "/scheme/level/county?lang=en&from=gp:hasLevel&page=2")
    assert len(level.select(".incoming li li")) == 50
    pages = -(-count(store, "?thing gp:hasLevel <https://w3id.org/guapai/scheme/level/county>") // 50)
    assert f"Page 2 of {pages}" in words(level)


@pytest.mark.parametrize("listing", LISTINGS, ids=lambda listing: listing.name)
def test_a_list_and_its_twins_hold_the_same(client: FlaskClient, store: EmbeddedStore, listing: object) -> None:
    name = listing.name  # type: ignore[attr-defined]
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
    assert page.find("a", href="/programmes.csv?category=cluster")
    assert page.find("input", {"name": "lang", "value": "en"})
    assert "Nothing has all of these." in words(soup(client, "/programmes?category=nothing&lang=en"))


def test_places_are_paged_and_an_impossible_page_is_none(client: FlaskClient, store: EmbeddedStore) -> None:
    pages = -(-count(store, "?thing a gp:Place") // 100)
    second = soup(client, "/places?page=2&lang=en")
    assert f"Page 2 of {pages}" in words(second.find("nav", class_="pager"))
    assert second.find("a", rel="next")["href"] == "/places?page=3&lang=en"
    for page in (0, pages + 1):
        assert client.get(f"/places?page={page}").status_code == 404


def test_the_matrix_says_what_the_question_says(release: Release, store: EmbeddedStore) -> None:
    """Programmes and ministries of the pages are those that questions 6 and 7 find by SPARQL alone."""
    found = Graph(store)
    purposes = found.rows("purpose_weights")
    for number, day in ((6, "2022-12-31"), (7, str(release.data_as_of))):
        answer = query.rows(store, query.find(release.questions, str(number)).query)
        by_query = {
            (row[0].value, row[side].value, ministry)
            for row in answer.rows
            for side in (1, 3)
            for ministry in row[side + 1].value.split(";")
        }
        standing = ministries.on(found, day)
        by_page = {
            (found.label(row["purpose"].value, "zh").text, programme, found.label(tie.ministry, "zh").text)
            for row in purposes
            if row["weight"].value == f"{SCHEMES}weight/main"
            for tie in standing.get(row["programme"].value, ())
            for programme in [found.label(row["programme"].value, "zh").text]
        }
        assert by_query
        assert by_query <= by_page


def test_ministries_follow_dates_succession_and_status(store: EmbeddedStore) -> None:
    found = Graph(store)

    def behind(key: str, day: str) -> list[tuple[str, bool]]:
        ties = ministries.on(found, day)[f"{THINGS}programme/{key}"]
        return [(tie.ministry.rpartition("/")[2], tie.inferred) for tie in ties]

    assert behind("national-high-tech-zone", "2022-12-31") == [("most", False)]
    assert behind("national-high-tech-zone", "2024-01-01") == [("miit", False)]
    assert [name for name, _ in behind("agri-sci-park", "2022-12-31")] == ["most"]
    assert behind("agri-sci-park", "2024-01-01") == [("mara", True)]


def test_quotes_that_overlap_are_both_shown() -> None:
    found = segments("甲乙丙丁", [(1, "甲乙"), (2, "乙丙"), (3, "没有")])
    assert [(piece.text, piece.quotes) for piece in found] == [("甲", (1,)), ("乙", (1, 2)), ("丙", (2,)), ("丁", ())]


def test_questions_are_shown_with_query_and_answer(client: FlaskClient, release: Release) -> None:
    known = query.questions(release.questions)
    assert [words(item) for item in soup(client, "/questions?lang=zh").select(".asked .question")] == [
        question.titles["zh"] for question in known
    ]
    page = soup(client, "/questions/4?lang=en")
    assert words(page.h1) == "Do the published R&D shares add up?"
    assert "SELECT ?table ?name (SUM(?value) AS ?total)" in page.find("pre").get_text()
    cells = [[words(cell) for cell in row.find_all("td")] for row in page.select("tbody tr")]
    assert ["Paper 2, table 4", "上海", "100.12", "no"] in cells
    assert len(cells) == 15
    assert client.get("/questions/04-do-rd-shares-add-up").status_code == 200
    answer = list(csv.reader(io.StringIO(client.get("/questions/4.csv").text)))
    assert answer == [list(row) for row in [query.expected(known[3])[0], *query.expected(known[3])[1]]]
    assert json.loads(client.get("/questions/4.json").text)["rows"][0]["table"]["iri"] == f"{THINGS}table/p2-t4"
    assert client.get("/questions/99").status_code == 404


SAMPLE = 10
"""Links to one list with other filters that are followed; `test_plate_pages` and `test_lists` look at their numbers."""


def test_all_internal_links_of_some_pages_lead_somewhere(client: FlaskClient) -> None:
    left = [
        "/?lang=en",
        "/page/programme/agri-sci-park?lang=en",
        "/page/table/p1-t3?lang=en",
        "/page/region/gba?lang=en",
        "/page/designation/national-manufacturing-innovation-center-glass?lang=en",
        "/page/source/rg-R01?lang=en",
        "/ns/Mandate?lang=en",
        "/scheme/status?lang=en",
        "/tables?lang=en",
        "/questions/4?lang=en",
        "/downloads?lang=en",
    ]
    seen, lists = set(left), Counter[str]()
    for address in left:
        for link in soup(client, address).find_all(["a", "link"], href=re.compile(r"^[/?#]")):
            target = str(link["href"]).partition("#")[0]
            path, query_string, _ = target.partition("?")
            lists[path] += bool(query_string)
            if target and target not in seen and lists[path] <= SAMPLE:
                seen.add(target)
                answer = client.get(target, headers={"Accept": "text/html, */*;q=0.1"})
                assert answer.status_code in (200, 303), (address, target)
    assert len(seen) > 300


def test_html_has_no_faults(client: FlaskClient, examples: dict[str, str]) -> None:
    addresses = [f"/page/{kind}/{key}" for kind, key in examples.items() if kind not in ELSEWHERE]
    addresses += [
        "/",
        "/programmes",
        "/purposes",
        "/questions",
        "/questions/3",
        "/ontology",
        "/ns/Programme",
        "/scheme/",
        "/designations?province=320000",
        "/carriers",
        "/places",
        "/lists",
        "/accounting",
        "/quality?shape=RdShares",
        "/page/place/320583",
        "/page/table/extra_moa_county_pilots",
        "/page/designation/modern-agri-industrial-park-0083",
        "/scheme/field/information-technology",
    ]
    addresses += ["/scheme/purpose", "/scheme/purpose/technology-transfer", "/downloads", "/scheme/measure/plate-count"]
    for address in addresses:
        page = client.get(address).text
        HTMLParser(strict=True).parse(page)
        found = BeautifulSoup(page, "html.parser")
        ids = [element["id"] for element in found.find_all(id=True)]
        assert len(ids) == len(set(ids)), address
        assert len(found.find_all("h1")) == 1, address
        levels = [int(heading.name[1]) for heading in found.main.find_all(re.compile(r"^h[1-6]$"))]
        assert all(below <= above + 1 for above, below in pairwise([0, *levels])), (address, levels)
        assert not found.find_all(style=True), address
        assert not found.find_all("style"), address
        inline = [script for script in found.find_all("script") if script.string or not script.get("src")]
        assert all(script["type"] == "application/ld+json" for script in inline), (
            "data in a page, and nothing that runs"
        )


def test_headers_and_conditional_requests(client: FlaskClient) -> None:
    for address in (
        "/",
        "/page/programme/agri-sci-park",
        "/programmes.csv",
        "/nothing",
        "/health",
        "/static/guapai.css",
    ):
        answer = client.get(address)
        for name, content in HEADERS.items():
            assert answer.headers[name] == content, (address, name)
        assert "Set-Cookie" not in answer.headers
    tags = set()
    for address in ("/?lang=zh", "/?lang=en", "/programmes.csv?lang=en", "/programmes.json?lang=en"):
        first = client.get(address)
        tags.add(first.headers["ETag"])
        again = client.get(address, headers={"If-None-Match": first.headers["ETag"]})
        assert (again.status_code, again.data) == (304, b"")
        assert client.get(address, headers={"If-None-Match": '"other"'}).status_code == 200
    assert len(tags) == 4, "language and format are part of the tag"
    assert "Accept-Language" in client.get("/").headers["Vary"]


def test_what_never_existed_is_404_with_a_page_that_helps(client: FlaskClient) -> None:
    for address in (
        "/page/programme/none",
        "/page/nonsense/none",
        "/scheme/none",
        "/ns/none",
        "/programmes.xml",
        "/none",
    ):
        answer = client.get(f"{address}?lang=en")
        page = BeautifulSoup(answer.text, "html.parser")
        assert answer.status_code == 404, address
        assert words(page.h1) == "Nothing is known here"
        assert page.main.find("a", href="/programmes?lang=en")
    answer = client.post("/programmes")
    assert (answer.status_code, "GET" in answer.headers["Allow"]) == (405, True)


@pytest.mark.parametrize(
    "address",
    [
        "/page/programme/a%20b",
        "/page/programme/%3Cscript%3E",
        "/page/programme/%ED%A0%80",
        "/page/programme/北京",
        "/page/place/440000?from=gp:a%3Eb",
        "/page/place/440000?from=gp:directlyWithin&page=99",
        "/page/place/440000?from=nonsense:x",
        "/ns/%22",
        "/ns/a%20b.ttl",
        "/scheme/a%3E%3C",
        "/scheme/purpose/%7B%7D.ttl",
        "/id/programme/%5C",
        "/data/programme/%00.ttl",
        "/places?page=99999999999999999999",
        "/questions/٣",
        "/static/%2e%2e/__init__.py",
    ],
)
def test_an_address_that_can_be_no_iri_never_existed(client: FlaskClient, address: str) -> None:
    assert client.get(address).status_code == 404


def test_downloads_are_those_of_the_manifest(client: FlaskClient, release: Release) -> None:
    files = release.manifest["files"]
    page = soup(client, "/downloads?lang=en")
    shown = {path: entry["sha256"] for path, entry in files.items() if not path.startswith("ontology/examples/")}
    assert {words(code) for code in page.select("code.digest")} == set(shown.values())
    answer = client.get("/downloads/tables/programmes.csv")
    assert answer.data == (release.path / "tables" / "programmes.csv").read_bytes()
    assert answer.headers["Content-Disposition"].startswith("attachment")
    for path in ("manifest.json", "../manifest.json", "store/CURRENT", "tables/%2e%2e/manifest.json"):
        assert client.get(f"/downloads/{path}").status_code == 404, path


def test_the_site_can_stand_under_a_prefix(release: Release) -> None:
    app = create_app(release, prefix="/guapai")
    app.test_client_class = Client
    client = app.test_client()
    page = soup(client, "/guapai/page/programme/agri-sci-park?lang=en")
    links = [str(a["href"]) for a in page.find_all(["a", "link"], href=re.compile(r"^/"))]
    assert links
    assert [link for link in links if not link.startswith("/guapai/")] == []
    assert client.get(links[0]).status_code == 200
    assert client.get("/page/programme/agri-sci-park").status_code == 404


HOSTILE = '"><script>alert(1)</script>'
FORMULA = '=HYPERLINK("http://evil.example","x")'


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory, release: Release) -> FlaskClient:
    """A release whose names and addresses are an attack."""
    folder = tmp_path_factory.mktemp("hostile")
    node, other = thing("source", "bad"), thing("source", "formula")
    pref, see = "<http://www.w3.org/2004/02/skos/core#prefLabel>", "<http://www.w3.org/2000/01/rdf-schema#seeAlso>"
    kind = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
    reliability = f"<{TERMS}hasReliability>"
    triples = [
        (node, kind, f"<{TERMS}SourceDocument>"),
        (node, pref, text(HOSTILE, "zh")),
        (node, see, "<javascript:alert(1)>"),
        (node, see, "<data:text/html,bad>"),
        (node, see, "<https://good.example/?a=1&b=2>"),
        (node, reliability, f"<{SCHEMES}reliability/low>"),
        (node, f"<{TERMS}quote>", text(HOSTILE)),
        (other, kind, f"<{TERMS}SourceDocument>"),
        (other, pref, text(FORMULA, "zh")),
        (other, reliability, f"<{SCHEMES}reliability/low>"),
    ]
    lines = "".join(" ".join(triple) + " .\n" for triple in triples)
    (folder / "plates.nt").write_text(lines, encoding="utf-8")
    load_store(folder / "store", [GraphFile(folder / "plates.nt", graph("plates"), in_default=True)])
    (folder / MANIFEST).write_text(json.dumps(dict(release.manifest)), encoding="utf-8")
    return create_app(Release(folder, release.manifest)).test_client()


def test_hostile_names_are_text_and_only_web_addresses_are_links(hostile: FlaskClient) -> None:
    for address in ("/page/source/bad", "/sources", "/data/source/bad.csv"):
        answer = hostile.get(address)
        assert answer.status_code == 200
        assert "alert(1)" in answer.text
        if answer.mimetype == "text/html":
            page = BeautifulSoup(answer.text, "html.parser")
            assert [urlsplit(str(script["src"])).path for script in page.find_all("script", src=True)] == [
                "/static/search.js"
            ]
            assert {script["type"] for script in page.find_all("script", src=False)} <= {"application/ld+json"}
            schemes = {urlsplit(str(link["href"])).scheme for link in page.find_all(href=True)}
            assert schemes <= {"", "http", "https"}, address
            assert page.find("a", href="https://good.example/?a=1&b=2")["rel"] == ["external", "nofollow"]
    assert "javascript:alert(1)" in words(soup(hostile, "/page/source/bad").main), "shown, but as text"


def test_no_spreadsheet_runs_a_cell(hostile: FlaskClient) -> None:
    rows = list(csv.DictReader(io.StringIO(hostile.get("/sources.csv").text)))
    assert {row["thing"] for row in rows} == {HOSTILE, "'" + FORMULA}
    assert [defused(cell) for cell in ("=1", "+1", "-1", "@x", "\tx", "x=1", "")] == [
        "'=1",
        "'+1",
        "'-1",
        "'@x",
        "'\tx",
        "x=1",
        "",
    ]


def extracted() -> Iterator[str]:
    methods = [("**.py", "python"), ("templates/**.html", "jinja2.ext:babel_extract")]
    for _, _, message, _, _ in extract_from_dir(str(WEB), methods):
        assert isinstance(message, str)
        yield message


def test_every_word_of_the_site_is_translated() -> None:
    with (WEB / "translations" / "zh" / "LC_MESSAGES" / "messages.po").open("rb") as stream:
        catalogue = read_po(stream, locale="zh")
    known = {str(message.id): message for message in catalogue if message.id}
    asked = set(extracted())
    assert asked - known.keys() == set(), "without translation"
    assert known.keys() - asked == set(), "translated but not used"
    assert catalogue.obsolete == {}
    for message in known.values():
        assert message.string, f"{message.id!r} is not translated"
        assert not message.fuzzy, f"{message.id!r} is fuzzy"
        assert set(re.findall(r"%\(\w+\)s", message.id)) == set(re.findall(r"%\(\w+\)s", message.string)), message.id
