"""Pages of every kind of resource: the five questions, tables, marks, messages, incoming links."""

import csv
import re
from itertools import pairwise

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from html5rdf import HTMLParser
from read_pages import count, number, soup, words

from kg.release import Release
from kg.store import EmbeddedStore, Literal, NamedNode, questions
from kg.store.questions import with_prefixes
from kg.vocab import KINDS, PREFIXES, SCHEMES, TERMS, THINGS
from web.graph.queries import prefixed
from web.http.language import LANGUAGES
from web.views.resource.papers import WORDED_STATEMENTS
from web.views.resource.programmes import segments

NOT_YET = {"decision"}
"""Kinds without an instance yet."""


ELSEWHERE = {"finding"}
"""Kinds whose pages have tests of their own."""

NAME = "http://www.w3.org/2004/02/skos/core#prefLabel"
"""Property whose values are on a page in both languages."""
KINDS_OF_TEXT = {
    "paper": ("论文", "paper"),
    "rule": ("规则", "rule"),
    "notice": ("通知", "notice"),
    "approval": ("批复", "letter of approval"),
    "plan": ("规划", "plan"),
}


DEPRECATION = f"<{PREFIXES['owl']}deprecated>, <{PREFIXES['dcterms']}isReplacedBy>"
"""What is stated of IRIs of earlier releases, which have no page."""


@pytest.fixture(scope="module")
def examples(store: EmbeddedStore) -> dict[str, str]:
    """For every kind the resource with the most statements."""
    asked = f"""SELECT ?s (COUNT(*) AS ?n) WHERE {{
        ?s ?p ?o FILTER(STRSTARTS(STR(?s), "{THINGS}") && ?p NOT IN ({DEPRECATION})) }}
        GROUP BY ?s ORDER BY ?n DESC(?s)"""
    return dict(subject.value.removeprefix(THINGS).split("/", 1) for subject, _ in store.select(asked, {}).rows)


@pytest.mark.slow
def test_every_kind_of_thing_has_a_page_that_says_all_of_it(
    client: FlaskClient, store: EmbeddedStore, examples: dict[str, str]
) -> None:
    """Every literal and the name of every object is on the page, in both languages.

    Texts with one value in each language are shown in the language of the page.
    """
    assert examples.keys() >= set(KINDS) - NOT_YET
    unsaid = days(client) | WORDED_STATEMENTS
    for kind, key in examples.items():
        if kind in ELSEWHERE:
            continue
        said = store.select("SELECT ?p ?o WHERE { ?s ?p ?o }", {"s": NamedNode(f"{THINGS}{kind}/{key}")}).rows
        for language, tag in LANGUAGES.items():
            page = soup(client, f"/page/{kind}/{key}?lang={language}")
            assert page.html["lang"] == tag
            shown = words(page.main)
            for property_, value in said:
                if property_.value in unsaid or getattr(value, "datatype", NamedNode("x:x")).value.endswith("#boolean"):
                    continue
                if isinstance(value, Literal):
                    others = [other for name, other in said if name == property_ and other != value]
                    if [other.language for other in others] == [language] and property_.value != NAME:
                        continue
                    for piece in in_words(value.value, language):
                        assert re.sub(r"\s+", " ", piece).strip() in shown, (kind, key, property_, value)
                elif property_.value == f"{TERMS}inTable":
                    assert page.find("a", href=re.compile(r"^/page/table/")), (kind, key)


def in_words(text: str, language: str) -> list[str]:
    """Return what the page must show of a text: kinds of texts in words, of a reason the sentences in its language."""
    if text in KINDS_OF_TEXT:
        return [KINDS_OF_TEXT[text][language == "en"]]
    chinese, bar, english = text.partition(" | ")
    if not bar:
        return [text]
    return chinese.split("；") if language == "zh" else english.split("; ")


def days(client: FlaskClient) -> set[str]:
    """Return the properties of the first and last possible days of dates, which stand beside the text of the date."""
    found = client.application.extensions["guapai"].graph.columns.days.values()
    return {name for pair in found for name in pair if name}


def test_a_property_of_the_graph_has_its_place_on_the_page(client: FlaskClient, store: EmbeddedStore) -> None:
    """Every property is in a group of statements, except the name of the page and those of messages."""
    placed = set(map(prefixed, client.application.extensions["guapai"].graph.display.placed))
    placed |= {f"gp:{name.removeprefix(TERMS)}" for name in days(client)} | {"skos:prefLabel", "rdfs:label"}
    asked = (
        f'SELECT DISTINCT ?p WHERE {{ ?s ?p ?o FILTER(STRSTARTS(STR(?s), "{THINGS}") && ?p NOT IN ({DEPRECATION})) }}'
    )
    said = {questions.cell_text(term) for (term,) in store.select(with_prefixes(asked), {}).rows}
    assert {name for name in said - placed if not name.startswith("sh:")} == set()


def test_home_shows_the_figures_of_the_store_and_what_is_missing(client: FlaskClient, store: EmbeddedStore) -> None:
    page = soup(client, "/?lang=en")
    shown = {words(item.span): number(item.b) for item in page.select(".figures li")}
    assert shown == {
        "designations": count(store, "?thing a gp:Designation"),
        "rows of lists": count(store, "?thing gp:hasOutcome ?outcome"),
        "programmes with designations": count(store, "?designation gp:underProgramme ?thing"),
        "carriers": count(store, "?thing a gp:Carrier"),
        "counties with a designation": count(store, COUNTIES),
        "mandates": count(store, "?thing a gp:Mandate"),
        "sources": count(store, "?thing a gp:SourceDocument"),
    }
    without = store.select(
        with_prefixes("SELECT ?p WHERE { ?p a gp:Programme FILTER NOT EXISTS { ?designation gp:underProgramme ?p } }"),
        {},
    ).rows
    missing = page.find("ul", class_="missing").li
    assert words(missing).startswith(f"No list of designations was found for {len(without)} programmes:")
    named = {str(link["href"]).removesuffix("?lang=en").removeprefix("/page/") for link in missing.find_all("a")}
    assert named == {str(programme.value).removeprefix(THINGS) for (programme,) in without}
    assert {"programme/tech-incubator", "programme/maker-space"} < named


def test_home_says_how_many_overlaps_are_strong_without_inferred_mandates(
    client: FlaskClient, release: Release, store: EmbeddedStore
) -> None:
    without = f"<{SCHEMES}left-out/inferred-mandates>"
    query = f"""SELECT ?all ?left WHERE {{ ?one a gp:Sensitivity ; gp:asOf "{release.data_as_of}"^^xsd:date .
        ?one gp:strongCount ?all .
        FILTER NOT EXISTS {{ ?one gp:leavesOut ?what }}
        ?other gp:asOf "{release.data_as_of}"^^xsd:date ; gp:leavesOut {without} ; gp:strongCount ?left }}"""
    ((whole, left),) = store.select(with_prefixes(query), {}).rows
    said = (
        f"Without inferred mandates there are {left.value} strong overlaps of all kinds today instead of {whole.value}."
    )
    assert said in words(soup(client, "/?lang=en").main)


COUNTIES = f"""?designation gp:locatedIn ?place . ?place gp:directlyWithin* ?thing .
    {{ ?thing gp:hasLevel <{SCHEMES}level/county> }} UNION {{
        ?thing gp:hasLevel <{SCHEMES}level/prefecture> FILTER NOT EXISTS {{ ?below gp:directlyWithin ?thing }}
    }}"""
"""A county with a designation in it; a prefecture without counties counts as its own."""


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
            "国务院关于同意升级为国家高新技术产业开发区的批复（2015年，14家；如国函〔2015〕25号）",
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
        "/scheme/measure/designation-count",
        [
            "国家高新技术产业开发区 169 块牌子 2020-12",
            "国家农业科技园区 约 300 ≈ 300 块牌子 2021-12",
            "国家大学科技园 140 块牌子 未写明",
        ],
        ["National High-tech Industrial Development Zone 169 designations 2020-12", "3+12 = 15"],
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


def test_a_claim_says_in_words_how_it_is_tested(client: FlaskClient) -> None:
    for language, head, row in (
        (
            "zh",
            "所测 实测 论断值 按已收录的数据 检验方法",
            "有效的牌子数： 北京市 2021-11-30 1 至 9 = 3 未定 北京的个数。",
        ),
        (
            "en",
            "Measured Found Claimed On the data held How this tests the claim",
            "number of designations in force: Beijing 2021-11-30 1 to 9 = 3 undecided Those of Beijing.",
        ),
    ):
        page = soup(client, f"/page/claim/manufacturing-centers-concentrated?lang={language}")
        table = page.find(id="claim").parent.table
        assert words(table.thead) == head
        assert row in [words(found) for found in table.select("tbody tr")]
        assert "designations (110000)" not in words(page.main)


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


def test_quotes_that_overlap_are_both_shown() -> None:
    found = segments("甲乙丙丁", [(1, "甲乙"), (2, "乙丙"), (3, "没有")])
    assert [(piece.text, piece.quotes) for piece in found] == [("甲", (1,)), ("乙", (1, 2)), ("丙", (2,)), ("丁", ())]


SOUND = ("/", "/questions/3", "/designations?province=320000", "/page/place/320583", "/scheme/purpose")
"""Pages whose HTML is read for each change."""


@pytest.mark.parametrize("every", [False, pytest.param(True, marks=pytest.mark.slow)], ids=["some", "all"])
def test_html_has_no_faults(client: FlaskClient, request: pytest.FixtureRequest, *, every: bool) -> None:
    examples: dict[str, str] = request.getfixturevalue("examples") if every else {}
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
    addresses += [
        "/scheme/purpose",
        "/scheme/purpose/technology-transfer",
        "/downloads",
        "/scheme/measure/designation-count",
    ]
    assert set(SOUND) <= set(addresses)
    for address in addresses if every else SOUND:
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


def test_english_pages_show_our_translation_of_each_quote(client: FlaskClient, release: Release) -> None:
    position = "international-sti-center"
    glosses = {
        row["gloss_en"]
        for table in ("p2-text-positions", "p2-positions")
        for row in csv.DictReader((release.path / f"tables/papers/{table}.csv").read_text("utf-8").splitlines())
        if row["positioning_id"] == position
    }
    shown = {
        language: {
            gloss.get_text() for gloss in soup(client, f"/scheme/position/{position}?lang={language}").select(".gloss")
        }
        for language in ("en", "zh")
    }
    assert shown == {"en": {f"{gloss} our translation" for gloss in glosses}, "zh": set()}
