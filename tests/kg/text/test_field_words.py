"""Fields by their longest words; uninformative words decide nothing."""

from pathlib import Path

import pytest

from kg import tables
from kg.text.field_words import FieldIndex
from kg.text.organisations import OrganisationNames

DATA = Path(__file__).parents[3] / "data"


@pytest.fixture(scope="module")
def package() -> tables.Package:
    return tables.open_package(DATA)


@pytest.fixture(scope="module")
def fields(package: tables.Package) -> FieldIndex:
    schools = OrganisationNames(package.rows("organisation_words")).named("university")
    return FieldIndex(package.rows("fields"), schools)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("新能源汽车", [("new-energy-vehicles", "新能源汽车")]),
        (
            "新能源、新材料、商贸物流",
            [("new-energy", "新能源"), ("new-materials", "新材料"), ("trade", "商贸"), ("logistics", "物流")],
        ),
        ("材料", [("materials-science", "材料")]),
        (
            "电子信息、仓储物流、贸易",
            [("information-technology", "电子信息"), ("logistics", "仓储"), ("trade", "贸易")],
        ),
        ("广西桂西北肉牛", [("livestock", "肉牛")]),
        ("海南天然橡胶", [("industrial-crops", "天然橡胶")]),
        ("粉末冶金", [("metals", "粉末冶金")]),
        ("智能语音", [("artificial-intelligence", "智能语音")]),
        ("西藏羊八井宇宙线", [("mathematics-physics", "宇宙线")]),
        ("浙江舟山海水环境材料腐蚀", [("materials-science", "海水环境材料腐蚀")]),
        ("天水电气传动研究所有限责任公司", [("general-machinery", "传动")]),
        ("中国农业大学", []),
        ("北京航空航天大学、哈尔滨工业大学", []),
        ("机电", []),
        ("机电、医药、新材料", [("pharmaceuticals", "医药"), ("new-materials", "新材料")]),
        ("产品", []),
        ("装备", []),
        ("工业;先进制造;加工制造", []),
        ("", []),
    ],
)
def test_fields_of_real_cells(fields: FieldIndex, text: str, expected: list[tuple[str, str]]) -> None:
    assert fields.find([text]) == expected


def test_a_field_counts_once_with_its_first_word(fields: FieldIndex) -> None:
    assert fields.find(["汽车及零部件", "整车进口"]) == [("vehicles", "汽车及零部件")]


def test_the_scheme_has_two_levels_and_each_word_one_field(package: tables.Package) -> None:
    rows = {row["id"]: row for row in package.rows("fields")}
    groups = {key for key, row in rows.items() if not row["broader_id"]}
    assert {row["broader_id"] for row in rows.values()} - {""} <= groups
    assert 60 <= len(rows) <= 90
    words = [word for row in rows.values() for word in row.many("words")]
    assert len(words) == len(set(words))
    assert {"机电", "产品", "装备", "工业", "制造", "西南", "西部"} & {
        word.removeprefix("=") for word in words
    } == set()
