"""Pinyin: official readings of places, whole names word by word."""

import csv
from pathlib import Path

import pytest

from kg.pipeline import mapping, registry
from kg.tables import open_package
from kg.text import pinyin
from kg.vocab import term, text

DATA = Path(__file__).parents[3] / "data"


@pytest.mark.parametrize(
    ("name", "spelled", "reading"),
    [
        ("克什克腾旗", "Hexigten Banner", "ke shi ke teng qi"),
        ("新都区", "Xindu District", "xin du qu"),
        ("长治市", "Changzhi", "chang zhi shi"),
        ("朝阳区", "Chaoyang District", "chao yang qu"),
        ("六合区", "Luhe District", "lu he qu"),
        ("漯河市", "Luohe", "luo he shi"),
        ("浚县", "Xun County", "xun xian"),
        ("吕梁市", "Lüliang", "lv liang shi"),
        ("蚌埠市", "Bengbu", "beng bu shi"),
        ("乌什县", "Wushi County", "wu shi xian"),
        ("阿坝县", "Ngawa (Aba) County", "a ba xian"),
    ],
)
def test_a_place_is_read_as_its_official_spelling_shows(name: str, spelled: str, reading: str) -> None:
    assert " ".join(pinyin.official_reading(name, spelled)) == reading


def test_every_place_of_the_table_is_read_so() -> None:
    with (DATA / "places.csv").open(encoding="utf-8", newline="") as stream:
        wrong = [
            row["name_zh"]
            for row in csv.DictReader(stream)
            if [pinyin.plain(syllable) for syllable in row["pinyin"].split()]
            != pinyin.official_reading(row["name_zh"], row["name_en"])
        ]
    assert wrong == []


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("昆山高新技术产业开发区", "Kunshan Gaoxin Jishu Chanye Kaifaqu"),
        ("苏南国家自主创新示范区", "Sunan Guojia Zizhu Chuangxin Shifanqu"),
        ("陕西省西安市", "Shaanxi Sheng Xi'an Shi"),
        ("长沙高新技术产业开发区", "Changsha Gaoxin Jishu Chanye Kaifaqu"),
        ("克什克腾旗", "Keshiketeng Qi"),
        (
            "广西港河生态农业有限公司(生产型示范单位)",
            "Guangxi Ganghe Shengtai Nongye Youxian Gongsi (Shengchanxing Shifan Danwei)",
        ),
        ("江苏AB集团股份有限公司技术中心", "Jiangsu AB Jituan Gufen Youxian Gongsi Jishu Zhongxin"),
        ("中国科学院上海有机化学研究所", "Zhongguo Kexueyuan Shanghai Youji Huaxue Yanjiusuo"),
        ("重庆机床（集团）有限责任公司", "Chongqing Jichuang (Jituan) Youxian Zeren Gongsi"),
        ("吕梁市", "Lüliang Shi"),
        ("昆山龙腾光电有限公司", "Kunshan Longteng Guangdian Youxian Gongsi"),
        (
            "蛋白质与植物基因研究国家重点实验室",
            "Danbaizhi Yu Zhiwu Jiyin Yanjiu Guojia Zhongdian Shiyanshi",
        ),
        ("中铁十一局集团有限公司", "Zhongtie Shiyiju Jituan Youxian Gongsi"),
        ("福建广生堂药业股份有限公司", "Fujian Guangshengtang Yaoye Gufen Youxian Gongsi"),
        ("江苏兴达钢帘线股份有限公司", "Jiangsu Xingda Ganglianxian Gufen Youxian Gongsi"),
        ("昭苏县乌尊布拉克镇", "Zhaosu Xian Wuzunbulake Zhen"),
        ("海阳市二十里店镇", "Haiyang Shi Ershilidian Zhen"),
        ("上海松江出口加工区", "Shanghai Songjiang Chukou Jiagongqu"),
        ("第三师五十四团", "Disan Shi Wushisi Tuan"),
        ("材料和器件", "Cailiao He Qijian"),
        ("太和县", "Taihe Xian"),
        ("", ""),
    ],
)
def test_a_name_is_written_word_by_word(name: str, written: str) -> None:
    places = mapping.readings(open_package(DATA))
    assert pinyin.transcribed(name, places) == written


def test_the_kind_of_a_former_division_stands_apart_as_that_of_one_of_today() -> None:
    package = open_package(DATA)
    said = {}
    for subject, predicate, value in registry.former_places(package, mapping.readings(package)):
        said[subject, predicate] = value
    written = {
        said[subject, term("skos:prefLabel")]: value
        for (subject, predicate), value in said.items()
        if predicate == term("gp:transcription")
    }
    expected = {"崇文区": "Chongwen Qu", "昌平县": "Changping Xian", "赵县": "Zhaoxian", "郊区": "Jiaoqu"}
    assert {name: written[text(name, "zh")] for name in expected} == {
        name: text(spelled, mapping.PINYIN) for name, spelled in expected.items()
    }
