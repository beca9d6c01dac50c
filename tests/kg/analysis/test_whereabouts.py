"""What people call a place: everyday names of zones, regions, and names that several places have."""

from datetime import date

import pytest

from kg.analysis.ask.answer import sentences
from kg.analysis.ask.ask import Question, ask
from kg.analysis.resolve import whereabouts
from kg.release import Release
from kg.release.columns import Columns

ZONES = {
    "昆山高新区": "320583",
    "苏州高新区": "320505",
    "北京经开区": "110115",
    "上海自贸区": "310000",
    "昆山综保区": "320583",
    "中关村": "110000",
    "雄安": "130600",
    "雄安新区": "130600",
    "苏州工业园区": "320500",
    "杨凌": "610403",
    "兵团": "650000",
    "光谷": "420100",
    "横琴": "440402",
    "前海": "440300",
    "张江": "310115",
    "东湖高新区": "420100",
    "合肥高新区": "340104",
    "江北新区": "320100",
    "松山湖": "441900",
    "广州开发区": "440100",
    "苏州自贸区": "320500",
    "Kunshan high-tech": "320583",
    "Wuhan East Lake": "420100",
}
"""Name to the smallest division that is known to hold the zone, by hand."""
FIRST_MEANT = {
    "西安": ("610100", ["220403", "231005"]),
    "河南": ("410000", ["632324"]),
    "海南": ("460000", ["632500", "150303"]),
    "吉林": ("220000", ["220200"]),
    "吉林市": ("220200", []),
    "Urumqi": ("650100", ["650121"]),
    "昆山": ("320583", []),
}
"""Name to the place that is meant, and the others that have it."""
SEVERAL = {
    "朝阳": ["211300", "110105", "220104", "211321"],
    "南山": ["230404", "440305"],
    "长三角": ["310000", "320000", "330000", "340000"],
    "京津冀": ["110000", "120000", "130000"],
    "天府新区": ["510100", "511400"],
    "火星": [],
    "双创基地": [],
}
"""Name to the places among which a reader has to choose."""


@pytest.fixture(scope="module")
def columns(release: Release) -> Columns:
    return Columns.open(release)


@pytest.mark.parametrize("name", ZONES)
def test_a_zone_is_a_place(columns: Columns, name: str) -> None:
    assert whereabouts(columns, name).resolution.key == ZONES[name]


@pytest.mark.parametrize("name", FIRST_MEANT)
def test_provinces_and_capitals_are_meant_first_and_the_others_are_named(columns: Columns, name: str) -> None:
    found = whereabouts(columns, name)
    assert (found.resolution.key, [other.key for other in found.besides]) == FIRST_MEANT[name]
    assert found.through == ()


@pytest.mark.parametrize("name", SEVERAL)
def test_what_may_mean_several_places_is_asked_back(columns: Columns, name: str) -> None:
    found = whereabouts(columns, name)
    assert [candidate.key for candidate in found.resolution.candidates] == SEVERAL[name]


def test_the_designations_by_whose_names_a_place_was_found_are_said(columns: Columns) -> None:
    assert whereabouts(columns, "昆山高新区").through == ("national-high-tech-zone-0039",)
    assert whereabouts(columns, "昆山市").through == ()


def test_the_sentences_of_an_answer_say_how_its_place_was_found(columns: Columns) -> None:
    day = date(2026, 11, 24)
    zone = list(sentences(columns, ask(columns, Question("昆山高新区", day))))
    assert zone[1] == "the place was found by the name of 昆山高新技术产业开发区"
    capital = list(sentences(columns, ask(columns, Question("海南", day))))
    assert capital[1] == "other places of this name: 青海省海南藏族自治州, 内蒙古自治区海南区"
