"""Who has a designation for this purpose here: a small world by hand, and Kunshan on the real data."""

import json
from collections import Counter
from datetime import date

import pytest
from findings_world import Designation, world

from kg.analysis.ask import answer as answering
from kg.analysis.ask.ask import Coverage, Holder, Question, ask
from kg.analysis.ask.particulars import Document, Particulars
from kg.analysis.resolve import Place, key, place
from kg.errors import QueryError
from kg.release import Release
from kg.release.columns import Columns

DAY, BEFORE = date(2024, 1, 1), date(2022, 12, 31)
KUNSHAN, CHANGSHU, SUZHOU, WUXI, JIANGYIN = "320583", "320581", "320500", "320200", "320281"


@pytest.fixture(scope="module")
def columns(tmp_path_factory: pytest.TempPathFactory) -> Columns:
    """High-tech zones serve transfer, economic ones another purpose of its group; bonded zones neither."""
    designations = [
        Designation("here", "national-high-tech-zone", (KUNSHAN,), fields=("electronics",)),
        Designation("here-other-purpose", "national-etdz", (KUNSHAN,), fields=("machinery",)),
        Designation("here-only-field", "customs-special-zone", (KUNSHAN,), fields=("electronics",)),
        Designation("here-neither", "customs-special-zone", (KUNSHAN,), fields=("farming",)),
        Designation("here-over", "national-high-tech-zone", (KUNSHAN,), ended=date(2020, 1, 1)),
        Designation("around-city", "innovative-city", (SUZHOU,), "prefecture"),
        Designation("around-province", "tech-transfer-demo-zone", ("320000",), "province", dated=False),
        Designation("perhaps", "national-high-tech-zone", (SUZHOU,), "within-prefecture", ("industry",)),
        Designation("perhaps-one-of-two", "national-high-tech-zone", (KUNSHAN, JIANGYIN), "within-county"),
        Designation("next", "national-high-tech-zone", (CHANGSHU,), fields=("farming",)),
        Designation("far", "national-high-tech-zone", (WUXI,), "within-prefecture", ("electronics",)),
        Designation("elsewhere", "national-high-tech-zone", ("110117",), fields=("electronics",)),
        Designation("nowhere", "national-high-tech-zone", (), "unknown"),
    ]
    fields = [
        {"field": name, "broader": broader, "label_zh": label}
        for name, broader, label in (
            ("industry", "", "工业"),
            ("electronics", "industry", "电子"),
            ("machinery", "industry", "机械"),
            ("farming", "", "农业"),
        )
    ]
    return world(
        tmp_path_factory.mktemp("world"),
        designations,
        fields=fields,
        carriers=[{"carrier": "company", "name_zh": "某公司"}],
        designation_carriers=[{"designation": "here", "carrier": "company"}],
        designation_documents=[{"designation": "here", "document": "国函〔2010〕1号"}],
        designation_sources=[{"designation": "here", "source": "list"}],
        sources=[{"source": "list", "title": "名单", "address": "https://example.org/list"}],
        designation_stages=[
            {"designation": "here", "stage": "begun", "first": date(2009, 1, 1)},
            {"designation": "here", "stage": "recognised", "first": date(2023, 1, 1)},
        ],
        lists=[
            {"list": "zones", "completeness": "partial", "official_total": 178},
            {"list": "catalogue", "completeness": "whole", "official_total": 552},
        ],
        list_programmes=[
            {"list": "zones", "programme": "national-high-tech-zone"},
            {"list": "catalogue", "programme": "national-high-tech-zone"},
            {"list": "catalogue", "programme": "national-etdz"},
        ],
    )


def nearness(columns: Columns, **asked: str) -> list[tuple[str, str, str, str]]:
    """Return designation, where, purpose and field of the answer, in its order."""
    answer = ask(columns, Question(as_of=DAY, **asked))
    return [(holder.designation, holder.where, holder.purpose, holder.field) for holder in answer.holders]


def test_designations_come_by_place_purpose_and_field(columns: Columns) -> None:
    assert nearness(columns, place="昆山", purpose="科技成果转移转化", field="电子") == [
        ("here", "here", "same", "same"),
        ("here-other-purpose", "here", "near", "near"),
        ("here-only-field", "here", "touching", "same"),
        ("around-province", "covering", "same", "unknown"),
        ("around-city", "covering", "near", "unknown"),
        ("perhaps", "somewhere", "same", "near"),
        ("perhaps-one-of-two", "somewhere", "same", "unknown"),
        ("next", "prefecture", "same", "touching"),
        ("far", "province", "same", "same"),
    ]


def test_a_place_alone_asks_for_everything_there_and_around(columns: Columns) -> None:
    assert nearness(columns, place=KUNSHAN) == [
        (key, where, "", "")
        for key, where in (
            *((key, "here") for key in ("here-neither", "here-only-field", "here-other-purpose", "here")),
            *(("around-city", "covering"), ("around-province", "covering")),
            *(("perhaps", "somewhere"), ("perhaps-one-of-two", "somewhere")),
            *(("next", "prefecture"), ("far", "province")),
        )
    ]


@pytest.mark.parametrize(
    ("asked", "counts"),
    [
        ({}, {"here": 6, "elsewhere": 1}),
        ({"purpose": "technology-transfer"}, {"purpose": 2, "related purpose": 2, "elsewhere": 1}),
        ({"field": "电子"}, {"field": 2, "related field": 1, "elsewhere": 0}),
        (
            {"purpose": "technology-transfer", "field": "电子"},
            {
                "purpose and field": 1,
                "purpose": 1,
                "related purpose": 2,
                "field": 1,
                "related field": 0,
                "elsewhere": 1,
            },
        ),
    ],
)
def test_designations_are_counted_by_what_they_have_in_common(
    columns: Columns, asked: dict[str, str], counts: dict[str, int]
) -> None:
    answer = ask(columns, Question(KUNSHAN, DAY, **asked))
    assert answering.counts(answer) == counts
    assert json.loads(answering.as_json(answer))["counts"] == counts


def test_a_group_of_fields_holds_its_fields(columns: Columns) -> None:
    asked = nearness(columns, place=KUNSHAN, field="工业")
    assert asked == [
        ("here-only-field", "here", "", "same"),
        ("here-other-purpose", "here", "", "same"),
        ("here", "here", "", "same"),
        ("perhaps", "somewhere", "", "same"),
        ("far", "province", "", "same"),
    ]


def test_a_programme_stands_for_its_main_purposes_and_a_purpose_alone_asks_for_no_field(columns: Columns) -> None:
    by_programme = nearness(columns, place=KUNSHAN, programme="国家科技成果转移转化示范区")
    by_purpose = nearness(columns, place=KUNSHAN, purpose="technology-transfer")
    assert by_programme == by_purpose
    assert [row[0] for row in by_purpose] == [
        "here",
        "here-other-purpose",
        "around-province",
        "around-city",
        "perhaps",
        "perhaps-one-of-two",
        "next",
        "far",
    ]
    assert {row[3] for row in by_purpose} == {""}


def test_of_a_prefecture_and_a_province_all_that_lies_in_it_is_here(columns: Columns) -> None:
    prefecture = {row[0]: row[1] for row in nearness(columns, place="苏州", purpose="technology-transfer")}
    assert prefecture == {
        "here": "here",
        "here-other-purpose": "here",
        "next": "here",
        "perhaps": "here",
        "around-city": "here",
        "perhaps-one-of-two": "somewhere",
        "around-province": "covering",
        "far": "province",
    }
    province = {row[1] for row in nearness(columns, place="江苏", purpose="technology-transfer")}
    assert province == {"here", "somewhere"}


def test_a_holder_has_its_bearers_documents_and_those_in_charge_on_the_day(columns: Columns) -> None:
    holder = ask(columns, Question(KUNSHAN, DAY, "technology-transfer", field="electronics")).holders[0]
    assert holder == Holder(
        designation="here",
        name="here",
        programme="national-high-tech-zone",
        where="here",
        place=KUNSHAN,
        purpose="same",
        field="same",
        ministries=("miit",),
        inferred=(),
        lapsed=False,
        since=None,
        particulars=Particulars(
            ("某公司",), "recognised", ("国函〔2010〕1号",), (Document("list", "名单", "https://example.org/list"),)
        ),
    )
    before = ask(columns, Question(KUNSHAN, BEFORE, "technology-transfer")).holders[0]
    assert (before.ministries, before.particulars.stage) == (("most",), "begun")


def test_the_answer_says_how_whole_the_lists_are(columns: Columns) -> None:
    answer = ask(columns, Question(KUNSHAN, DAY, "technology-transfer"))
    chosen = {
        row.programme: row
        for row in answer.coverage
        if row.programme in ("national-high-tech-zone", "national-etdz", "tech-incubator")
    }
    assert chosen == {
        "national-high-tech-zone": Coverage("national-high-tech-zone", "same", 7, 1, "partial", 178),
        "national-etdz": Coverage("national-etdz", "near", 1, 0, "whole", None),
        "tech-incubator": Coverage("tech-incubator", "same", 0, 0, "none", None),
    }
    said = list(answering.sentences(columns, answer))
    assert said[:3] == [
        "asked: 江苏省昆山市 · 科技成果转移转化 · 2024-01-01",
        "in common: purpose 2 · related purpose 2 · elsewhere 1",
        "designations: 2 here, 2 covering, 2 somewhere, 1 prefecture, 1 province",
    ]
    assert "partial: 国家高新技术产业开发区 (7 of 178)" in said[3]
    assert said[5:] == ["1 designations of these programmes have no known place and may lie here too"]


def test_rows_for_people_and_for_machines(columns: Columns) -> None:
    holders = ask(columns, Question(KUNSHAN, DAY, "technology-transfer", field="electronics")).holders[:1]
    assert dict(zip(answering.NAME_HEADERS, answering.name_rows(columns, holders)[0], strict=True)) == {
        "where": "here",
        "designation": "here\n江苏省昆山市",
        "programme": "国家高新技术产业开发区",
        "ministries": "工信部",
        "borne by": "某公司",
        "since": "recognised",
        "purpose": "same",
        "field": "same",
        "documents": "国函〔2010〕1号",
    }
    assert dict(zip(answering.KEY_HEADERS, answering.key_rows(holders)[0], strict=True)) == {
        "where": "here",
        "place": KUNSHAN,
        "designation": "here",
        "name": "here",
        "programme": "national-high-tech-zone",
        "ministries": "miit",
        "inferred": "",
        "lapsed": "false",
        "carriers": "某公司",
        "stage": "recognised",
        "since": "",
        "purpose": "same",
        "field": "same",
        "documents": "国函〔2010〕1号",
        "sources": "名单 https://example.org/list",
    }


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"place": "火星", "field": "电子"}, "no place is called '火星'"),
        ({"place": "江", "field": "电子"}, "'江' may mean 2 places: 江苏省 (320000), 江苏省无锡市江阴市 (320281)"),
        ({"place": KUNSHAN, "field": "量子"}, "no field is called '量子'"),
        ({"place": KUNSHAN, "purpose": "转化"}, "'转化' may mean 3 purposes: .*technology-transfer"),
    ],
)
def test_what_means_nothing_or_too_much_is_refused_with_candidates(
    columns: Columns, asked: dict[str, str], sentence: str
) -> None:
    with pytest.raises(QueryError, match=sentence.replace("(", r"\(").replace(")", r"\)")):
        ask(columns, Question(as_of=DAY, **asked))


def test_names_are_understood_whole_by_their_beginning_by_a_part_and_abbreviated(columns: Columns) -> None:
    found = [
        key(columns, "programme", asked)
        for asked in ("national-etdz", "国家技术创新中心", "技术创新中心", "国家经开区")
    ]
    centre = "national-technology-innovation-center"
    assert found == ["national-etdz", centre, centre, "national-etdz"]
    assert place(columns, "无锡 江阴") == Place(JIANGYIN, "江阴市", "county", JIANGYIN, WUXI, "320000")


def test_kunshan_on_the_real_data(release: Release) -> None:
    columns = Columns.open(release)
    answer = ask(columns, Question("昆山", release.data_as_of, "科技成果转移转化", field="集成电路"))
    same = [(holder.name, holder.where) for holder in answer.holders if holder.purpose == "same"]
    assert same[:3] == [
        ("昆山高新技术产业开发区", "here"),
        ("苏南国家自主创新示范区", "here"),
        ("江苏苏南国家科技成果转移转化示范区", "covering"),
    ]
    assert answer.asked.field == "integrated-circuits"
    assert all(holder.particulars.sources for holder in answer.holders)
    rows = columns.query("SELECT designation FROM designation_places WHERE place = '320583'")
    counted = Counter(holder.where for holder in answer.holders)
    here = {holder.designation for holder in answer.holders if holder.where == "here"}
    assert here <= {designation for (designation,) in rows}
    assert counted["here"] == len(here) > 5


def test_a_carrier_seated_in_another_county_says_elsewhere(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Somewhere in the prefecture is not perhaps here if all carriers are seated in other counties."""
    carried = {
        "there": ["changshu"],
        "here-too": ["changshu", "kunshan"],
        "unknown": ["changshu", "nowhere"],
        "none": [],
    }
    made = world(
        tmp_path_factory.mktemp("carriers"),
        [Designation(name, "national-high-tech-zone", (SUZHOU,), "organisation") for name in carried],
        carriers=[
            {"carrier": "changshu", "place": CHANGSHU},
            {"carrier": "kunshan", "place": KUNSHAN},
            {"carrier": "nowhere", "place": ""},
        ],
        designation_carriers=[
            {"designation": name, "carrier": carrier} for name, carriers in carried.items() for carrier in carriers
        ],
    )
    answer = ask(made, Question(KUNSHAN, DAY, programme="national-high-tech-zone"))
    assert {holder.designation: holder.where for holder in answer.holders} == {
        "there": "prefecture",
        "here-too": "somewhere",
        "unknown": "somewhere",
        "none": "somewhere",
    }
