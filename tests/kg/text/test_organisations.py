"""Organisations: one carrier under all its spellings; similar names stay separate."""

import csv
from pathlib import Path

import pytest

from kg import tables
from kg.text.names import NameWords
from kg.text.organisations import CarrierIndex, CarrierRow, OrganisationNames, mint

DATA = Path(__file__).parents[3] / "data"
SAMPLE = Path(__file__).parent / "carriers_sample.csv"
WRONG = 0.01
"""The share of pairs of the labelled sample that may be wrong (issue 3)."""


@pytest.fixture(scope="module")
def package() -> tables.Package:
    return tables.open_package(DATA)


@pytest.fixture(scope="module")
def names(package: tables.Package) -> OrganisationNames:
    return OrganisationNames(package.rows("organisation_words"), NameWords.of(package.rows("name_words")))


@pytest.fixture
def index(package: tables.Package, names: OrganisationNames) -> CarrierIndex:
    return CarrierIndex((), package.rows("carrier_equivalents"), names)


def sample(part: str) -> list[dict[str, str]]:
    with SAMPLE.open(encoding="utf-8", newline="") as stream:
        return [row for row in csv.DictReader(stream) if row["part"] == part]


@pytest.mark.parametrize("part", ["shared", "near-miss"])
def test_the_labelled_sample(index: CarrierIndex, part: str) -> None:
    """The pairs were drawn by seed (20261124) and labelled by hand, each with a reason."""
    pairs = sample(part)
    assert len(pairs) == 200
    cells = [(row[f"{side}_name"], row[f"{side}_province"], "guapai") for row in pairs for side in ("left", "right")]
    mint(index, cells)
    wrong = []
    for row in pairs:
        left, right = (index.find(row[f"{side}_name"], row[f"{side}_province"]) for side in ("left", "right"))
        assert left is not None
        assert right is not None
        if (left == right) != (row["label"] == "same"):
            wrong.append((row["left_name"], row["right_name"], row["reason"]))
    assert len(wrong) <= WRONG * len(pairs), wrong


def test_the_sample_agrees_with_the_table_of_carriers(package: tables.Package, names: OrganisationNames) -> None:
    index = CarrierIndex(package.rows("carriers"), package.rows("carrier_equivalents"), names)
    wrong = [
        row
        for part in ("shared", "near-miss")
        for row in sample(part)
        if (index.find(row["left_name"], row["left_province"]) == index.find(row["right_name"], row["right_province"]))
        != (row["label"] == "same")
    ]
    assert len(wrong) <= WRONG * 200, wrong


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("清华大学;天津大学;华东理工大学;浙江大学", ["清华大学", "天津大学", "华东理工大学", "浙江大学"]),
        ("甘肃省科技厅\n林草局", ["甘肃省科技厅", "林草局"]),
        ("长沙高新技术产业开发区、株洲高新技术产业开发区", ["长沙高新技术产业开发区", "株洲高新技术产业开发区"]),
        ("中国电子科技集团公司第五十五研究;所", ["中国电子科技集团公司第五十五研究所"]),
        ("中国石油天然气股份有限公司勘探开;发研究院", ["中国石油天然气股份有限公司勘探开发研究院"]),
        ("中国航天科技集团公司第五研究院;第五〇三研究所", ["中国航天科技集团公司第五研究院第五〇三研究所"]),
        ("北京邮电大学;中国移动;华为", ["北京邮电大学", "中国移动", "华为"]),
        ("国创科技;中车株洲电力机车有限公司", ["国创科技", "中车株洲电力机车有限公司"]),
        ("研究所（甲;乙）", ["研究所（甲;乙）"]),
        ("", []),
    ],
)
def test_cells_are_split_into_whole_names(names: OrganisationNames, cell: str, expected: list[str]) -> None:
    assert names.split(cell) == expected


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("江西江中制药（集团）有限责任公司", "江西江中制药(集团)有限责任公司"),
        ("中国重型机械研究院股份公司", "中国重型机械研究院股份有限公司"),
        ("常熟开关制造有限公司（原常熟开关厂）", "常熟开关制造有限公司"),
        ("合肥国家高新技术产业开发区", "合肥高新技术产业开发区"),
    ],
)
def test_spellings_that_are_one_by_form(names: OrganisationNames, one: str, other: str) -> None:
    assert names.normal(one) == names.normal(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("中国石油大学（北京）", "中国石油大学（华东）"),
        ("中国地质大学（武汉）", "中国地质大学（北京）"),
        ("沈阳机床（集团）有限责任公司", "沈阳机床股份有限公司"),
        ("青岛蔚蓝生物股份有限公司", "青岛蔚蓝生物集团有限公司"),
        ("哈尔滨工业大学（深圳）", "哈尔滨工业大学"),
    ],
)
def test_names_that_are_two(index: CarrierIndex, one: str, other: str) -> None:
    mint(index, [(one, "", "guapai"), (other, "", "guapai")])
    assert index.find(one) != index.find(other)


@pytest.mark.parametrize(
    ("spelling", "province", "name"),
    [
        ("中科院大连化物所", "", "中国科学院大连化学物理研究所"),
        ("阜外医院", "", "中国医学科学院阜外医院"),
        ("第四军医大学", "", "空军军医大学"),
        ("交通大学", "上海市", "上海交通大学"),
        ("交通大学", "", "交通大学"),
        ("胜利农场", "黑龙江省", "黑龙江省胜利农场"),
        ("胜利农场", "广东省", "广东省胜利农场"),
    ],
)
def test_equivalents_are_rows(index: CarrierIndex, spelling: str, province: str, name: str) -> None:
    assert index.full_name(spelling, province) == name


def test_minting_is_deterministic_and_keeps_what_there_is(package: tables.Package, names: OrganisationNames) -> None:
    old = [row for row in package.rows("carriers") if row["id"] == "anhui-new-glass-materials"]
    cells = [
        ("玻璃新材料创新中心(安徽)有限公司", "安徽省", "bs-N01"),
        ("哈尔滨工业大学", "黑龙江省", "bs-S01"),
        ("哈尔滨工业大学（深圳）;中国农业科学院", "", "bs-S01"),
        ("中国农业科学院作物科学研究所", "", "bs-S09;bs-S04"),
    ]
    made = [mint(CarrierIndex(old, package.rows("carrier_equivalents"), names), cells) for _ in range(2)]
    assert made[0] == made[1]
    assert [row.id for row in made[0]] == [
        "anhui-new-glass-materials",
        "ha-er-bin-gong-ye-da-xue",
        "ha-er-bin-gong-ye-da-xue-shen-zhen",
        "zhong-guo-nong-ye-ke-xue-yuan",
        "zhong-guo-nong-ye-ke-xue-yuan-zuo-wu-ke-xue-yan-jiu-suo",
    ]
    assert {row.id: row.parent_id for row in made[0] if row.parent_id} == {
        "ha-er-bin-gong-ye-da-xue-shen-zhen": "ha-er-bin-gong-ye-da-xue",
        "zhong-guo-nong-ye-ke-xue-yuan-zuo-wu-ke-xue-yan-jiu-suo": "zhong-guo-nong-ye-ke-xue-yuan",
    }
    assert made[0][-1] == CarrierRow(
        id="zhong-guo-nong-ye-ke-xue-yuan-zuo-wu-ke-xue-yan-jiu-suo",
        name_zh="中国农业科学院作物科学研究所",
        kind="institute",
        parent_id="zhong-guo-nong-ye-ke-xue-yuan",
        source_ids=("bs-S09", "bs-S04"),
    )
    again = CarrierIndex([row.cells() for row in made[0]], package.rows("carrier_equivalents"), names)
    assert mint(again, cells) == made[0]


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("中国石油大学（北京）", "university"),
        ("北京大学深圳研究生院", "university"),
        ("中国医学科学院血液病医院(血液学研究所)", "hospital"),
        ("青海大学农林科学院（青海省农林科学院）", "institute"),
        ("中国电信集团系统集成有限责任公司陕西分公司", "company"),
        ("中国人民解放军第五七二〇工厂", "company"),
        ("昆山高新技术产业开发区", "zone"),
        ("北京国际科技创新中心", "zone"),
        ("太原市人民政府", "government"),
        ("上海绿椰农业种植专业合作社", "other"),
    ],
)
def test_kinds_by_name(names: OrganisationNames, name: str, kind: str) -> None:
    assert names.kind(name) == kind
