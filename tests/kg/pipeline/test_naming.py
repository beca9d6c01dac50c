"""English names of designations: labelled cases of every programme, kept apart, marked, and found by search."""

import csv
import re
from pathlib import Path

from flask.testing import FlaskClient

from kg.analysis.resolve import rows as resolve
from kg.pipeline.naming.templates import Template
from kg.release.columns import Columns
from kg.store import EmbeddedStore, NamedNode
from kg.text.english import Phrase, Place, Reader, Words, stems
from kg.vocab import THINGS

CASES = Path(__file__).with_name("naming_cases.csv")
"""Designations drawn from all programmes, and some by name, with the English name that each shall have."""
WORDS = (
    ("高新技术产业开发区", "High-tech Zone", "kind"),
    ("工业园区", "Industrial Park", "kind"),
    ("片区", "Area", "kind"),
    ("新区", "New Area", "division"),
    ("有限公司", "Co., Ltd.", "legal-form"),
    ("中关村", "Zhongguancun", "name"),
    ("地质过程", "Geological Processes", "topic"),
    ("矿产资源", "Mineral Resources", "topic"),
    ("海洋", "Marine", "topic"),
    ("与", "and", "joiner"),
    ("、", ",", "joiner"),
)
PLACES = {
    "江苏": Place(2, "Jiangsu", ("320000",), "province"),
    "昆山": Place(2, "Kunshan", ("320583", "320500", "320000"), "county"),
    "苏州": Place(2, "Suzhou", ("320500", "320000"), "prefecture"),
    "宁波": Place(2, "Ningbo", ("330200", "330000"), "prefecture"),
}
READER = Reader(
    Words.of({"word": word, "english": english, "role": role} for word, english, role in WORDS),
    {"清华大学": "Tsinghua University"},
    lambda text: f"<{text}>",
)


def place_at(text: str) -> Place | None:
    return PLACES.get(text[:2])


def test_designations_of_every_programme_have_the_expected_names(columns: Columns) -> None:
    with CASES.open(encoding="utf-8", newline="") as stream:
        expected = {row["designation"]: [row["name_zh"], row["name_en"]] for row in csv.DictReader(stream)}
    rows = columns.query("SELECT designation, programme, name_zh, name_en FROM designations", {})
    assert {key: names for key, _, *names in rows if key in expected} == expected
    programmes = {key: programme for key, programme, *_ in rows}
    assert {programmes[key] for key in expected} == set(programmes.values()) - STATED


STATED = {"international-sti-center", "national-sti-center"}
"""Programmes all of whose designations have a stated English name."""


def test_every_designation_is_named_in_latin_letters(columns: Columns) -> None:
    rows = columns.query("SELECT designation, name_en FROM designations", {})
    assert [(key, name) for key, name in rows if not name or re.search("[\u3400-\u9fff{}<>\\[\\]]", name)] == []


def test_different_names_of_a_programme_are_different_in_english(columns: Columns) -> None:
    same = """SELECT programme, name_en FROM designations
        GROUP BY ALL HAVING count(*) > 1 AND count(DISTINCT name_zh) > 1"""
    assert columns.query(same, {}) == []


def test_names_that_the_build_made_are_marked_and_stated_ones_are_not(store: EmbeddedStore) -> None:
    marked = 'ASK { ?designation <https://w3id.org/guapai/ns/derivedCell> "name_en" }'
    keys = ("national-high-tech-zone-0039", "international-sti-center-0001")
    found = {key: store.ask(marked, {"designation": NamedNode(f"{THINGS}designation/{key}")}) for key in keys}
    assert found == {"national-high-tech-zone-0039": True, "international-sti-center-0001": False}


def test_a_designation_is_found_by_its_english_name(client: FlaskClient, columns: Columns) -> None:
    zone = "national-high-tech-zone-0039"
    hits = client.get("/search.json?q=Kunshan+National+High-tech+Zone").get_json()
    first = [entry["iri"].removeprefix(THINGS) for entry in hits["entries"][:2]]
    assert first == ["carrier/kun-shan-gao-xin-ji-shu-chan-ye-kai-fa-qu", f"designation/{zone}"]
    listed = client.get("/designations.json?q=Kunshan+National+High-tech").get_json()
    assert [entry["iri"].rpartition("/")[2] for entry in listed["entries"]] == ["eco-industrial-demo-park-0017", zone]
    named = [row for row in resolve.from_columns(columns, "designation") if row.key == zone and row.language == "en"]
    assert [(row.name, row.standing) for row in named] == [("Kunshan National High-tech Zone", "preferred")]


def test_the_page_says_that_an_english_name_is_ours(client: FlaskClient) -> None:
    page = client.get("/page/designation/national-high-tech-zone-0039?lang=en").text
    assert "Kunshan National High-tech Zone</h1>" in page
    assert "English name made by this project of place, programme and topic; not official" in page


def test_a_topic_is_translated_as_a_whole_or_not_at_all() -> None:
    assert READER.topic("地质过程与矿产资源") == "Geological Processes and Mineral Resources"
    assert READER.topic("地质过程、矿产资源与海洋") == "Geological Processes, Mineral Resources and Marine"
    assert READER.topic("地质过程与未知") == "<地质过程与未知>"
    assert READER.topic("地质过程与") == "<地质过程与>"


def test_a_name_is_read_as_places_core_and_topic() -> None:
    read = {
        "江苏昆山": Phrase("Kunshan"),
        "宁波、苏州": Phrase("Ningbo, Suzhou"),
        "宁波苏州": Phrase("Ningbo-Suzhou"),
        "昆山望春工业园区": Phrase("Kunshan <望春>", "Industrial Park", "kind"),
        "昆山贵安新区": Phrase("Kunshan <贵安> New Area", "", "division"),
        "宁波工业园区昆山片区": Phrase("Ningbo Industrial Park Kunshan", "Area", "kind"),
        "昆山龙腾有限公司": Phrase("Kunshan <龙腾> Co., Ltd.", "", "legal-form"),
        "清华大学": Phrase("Tsinghua University", "", "body"),
        "中关村": Phrase("Zhongguancun"),
    }
    assert {text: READER.phrase(text, place_at) for text in read} == read
    assert READER.phrase("昆山望春海洋", place_at) == Phrase("Kunshan <望春海洋>")
    assert READER.phrase("昆山望春海洋", place_at, split=True) == Phrase("Kunshan <望春>", "Marine")


def test_a_pattern_leaves_out_what_a_name_does_not_say() -> None:
    template = Template.of("{place}[国家]高新技术产业开发区", "[{place} ]National [{topic} ]High-tech Zone")
    names = ("昆山高新技术产业开发区", "昆山海洋国家高新技术产业开发区", "昆山工业园区")
    assert [template.filled(name, READER, place_at) for name in names] == [
        "Kunshan National High-tech Zone",
        "Kunshan National Marine High-tech Zone",
        "",
    ]
    after = Template.of("国家{topic}{place}观测站", "{place} Station ({topic})")
    assert after.filled("国家海洋宁波观测站", READER, place_at) == "Ningbo Station (Marine)"


def test_a_place_has_its_english_name_without_kind_and_people() -> None:
    assert [stems(name) for name in ("Kunshan City", "Pudong New Area", "Suzhou", "Hami (Kumul)")] == [
        ["Kunshan"],
        ["Pudong"],
        [],
        ["Hami"],
    ]
    assert stems("Qapqal Xibe Autonomous County") == ["Qapqal Xibe", "Qapqal"]
