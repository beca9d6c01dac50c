"""Normalised names: the names of one designation agree across lists."""

from pathlib import Path

import pytest

from kg.tables import open_package
from kg.text.names import NameWords, normal, slug

DATA = Path(__file__).parents[3] / "data"

HIGH_TECH = ("国家高新技术产业开发区", "国家级高新技术产业开发区", "国家高新区", "国家级高新区", "高新技术产业开发区")
ECONOMIC = ("国家级经济技术开发区", "国家级经开区", "国家经济技术开发区", "国家经开区", "经济技术开发区")
SCIENCE_PARK = ("国家农业科技园区", "国家级农业科技园区", "农业科技园区")
MODERN_PARK = ("国家现代农业产业园", "国家农业产业园区", "国家现代农业产业园(创建)", "国家现代农业产业园(认定)")
CUSTOMS = ("海关特殊监管区域", "综合保税区", "保税区", "出口加工区", "保税港区")


@pytest.fixture(scope="module")
def words() -> NameWords:
    return NameWords.of(open_package(DATA).rows("name_words"))


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("中国地质大学（武汉）", "中国地质大学(武汉)"),
        ("太原钢铁（集团）有限公司 ", "太原钢铁(集团)有限公司"),
        ("科 技 部", "科技部"),
        ("广西—东盟经济技术开发区", "广西-东盟经济技术开发区"),
        ("臺灣農民創業園", "台湾农民创业园"),
        ("“一带一路”５Ｇ〔2019〕218号", "一带一路5g(2019)218号"),
        ("特钢新材料•江阴", "特钢新材料·江阴"),
        ("", ""),
    ],
)
def test_normal_is_one_form(printed: str, expected: str) -> None:
    assert normal(printed) == expected
    assert normal(expected) == expected


def test_kinds_within_a_programme_are_no_words_of_it(words: NameWords) -> None:
    assert words.of_programme(CUSTOMS) == ("海关特殊监管区域",)
    assert words.of_programme(SCIENCE_PARK) == ("国家级农业科技园区", "国家农业科技园区", "农业科技园区")


@pytest.mark.parametrize(
    ("name", "names", "expected"),
    [
        ("国家心血管疾病临床医学研究中心", ("国家临床医学研究中心", "临床医学研究中心"), "心血管疾病"),
        ("重质油国家重点实验室", ("国家重点实验室",), "重质油"),
        ("中国（上海）自由贸易试验区", ("自由贸易试验区", "自贸试验区"), "上海"),
        ("太原经济技术开发区（山西转型综改示范区太原区域）", ECONOMIC, "太原"),
        ("国家云贵高原特色作物种质资源圃（贵阳）", ("国家农业种质资源库（圃）",), "云贵高原特色作物种质资源圃贵阳"),
        ("天津东疆保税港区", CUSTOMS, "天津东疆保税港区"),
        ("国家级新区", ("国家级新区",), "国家级新区"),
    ],
)
def test_core_is_what_the_programme_leaves(words: NameWords, name: str, names: tuple[str, ...], expected: str) -> None:
    assert words.core(name, names) == expected


def test_stages_and_batches_in_brackets_are_no_part_of_a_name(words: NameWords) -> None:
    for marked in ("昆山（创建）", "昆山〔试点培育〕", "昆山（第十二批）", "昆山（首批）", "昆山"):
        assert words.without_stages(marked) == "昆山"
    for kept in ("昆山（北区）", "昆山（批）", "昆山创建"):
        assert words.without_stages(kept) == normal(kept)


def test_a_word_of_the_table_counts_as_soon_as_it_stands_there() -> None:
    assert NameWords().core("全国（预备）昆山农业科技园区", SCIENCE_PARK) == "全国预备昆山"
    words = NameWords([("全国", "rank"), ("预备", "stage"), ("园区", "organisation")])
    assert words.core("全国（预备）昆山农业科技园区", SCIENCE_PARK) == "昆山"
    assert NameWords().identity("江苏昆山园区", (), ("江苏",)) == "昆山园区"
    assert words.identity("江苏昆山园区", (), ("江苏",)) == "江苏昆山园区"


@pytest.mark.parametrize(
    ("names", "provinces", "spellings", "expected"),
    [
        (
            SCIENCE_PARK,
            ("江苏省", "江苏"),
            (
                "江苏常熟农业科技园区",
                "江苏常熟国家农业科技园区",
                "常熟国家农业科技园区",
                "江苏省常熟市国家农业科技园区",
            ),
            "常熟",
        ),
        (MODERN_PARK, ("浙江省", "浙江"), ("浙江省慈溪市现代农业产业园", "慈溪市国家现代农业产业园（认定）"), "慈溪"),
        (ECONOMIC, ("天津市", "天津"), ("西青经济技术开发区", "天津西青经济技术开发区"), "西青"),
        (
            ECONOMIC,
            ("新疆维吾尔自治区", "新疆"),
            ("新疆奎屯—独山子经济技术开发区", "奎屯-独山子经济技术开发区"),
            "奎屯独山子",
        ),
        (HIGH_TECH, ("北京市", "北京"), ("中关村科技园区", "北京中关村科技园区"), "中关村科技园区"),
        (ECONOMIC, ("北京市", "北京"), ("北京经济技术开发区", "北京国家级经济技术开发区"), "北京"),
    ],
)
def test_names_of_one_designation_agree(
    words: NameWords, names: tuple[str, ...], provinces: tuple[str, str], spellings: tuple[str, ...], expected: str
) -> None:
    assert {words.identity(name, names, provinces) for name in spellings} == {expected}


def test_names_of_two_designations_do_not_agree(words: NameWords) -> None:
    customs = {words.identity(name, CUSTOMS, ("天津市", "天津")) for name in ("天津港保税区", "天津港综合保税区")}
    assert customs == {"港保税区", "港综合保税区"}
    county, city = (
        words.identity(f"{name}现代农业产业园", MODERN_PARK, ("湖南省", "湖南")) for name in ("长沙县", "长沙市")
    )
    assert (county, city) == ("长沙县", "长沙")


def test_the_province_of_an_organisation_stays(words: NameWords) -> None:
    names = ("国家大学科技园", "大学科技园")
    assert words.identity("北京大学国家大学科技园", names, ("北京市", "北京")) == "北京大学"


def test_older_names_of_places_are_replaced(words: NameWords) -> None:
    found = words.identity("襄樊经济技术开发区", ECONOMIC, ("湖北省", "湖北"), {"襄樊": "襄阳"})
    assert found == words.identity("襄阳经济技术开发区", ECONOMIC, ("湖北省", "湖北")) == "襄阳"


def test_slugs_are_short_and_unique() -> None:
    first = slug("中国科学院大连化学物理研究所")
    assert first == "zhong-guo-ke-xue-yuan-da-lian-hua-xue-wu-li-yan-jiu-suo"
    assert slug("重庆大学") == "chong-qing-da-xue"
    assert slug("洛阳LYC轴承有限公司") == "luo-yang-lyc-zhou-cheng-you-xian-gong-si"
    assert slug("重庆大学", {"chong-qing-da-xue", "chong-qing-da-xue-2"}) == "chong-qing-da-xue-3"
    long = slug("北大荒农垦集团有限公司建三江分公司七星现代农业产业园发展有限责任公司")
    assert long == "bei-da-huang-nong-ken-ji-tuan-you-xian-gong-si-jian-san"
