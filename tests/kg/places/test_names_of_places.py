"""Names and readings of places that were once misread, each with the divisions that it means (names_of_places.csv)."""

import csv
import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from kg.analysis.resolve import Names
from kg.tables import Package, open_package

ROOT = Path(__file__).parents[3]
NO_NAME = re.compile("[左右前中后]$|翼|(?:哈萨克|柯尔克孜|塔吉克|锡伯|蒙古|族|联合)$")
"""Ends of short names of banners and autonomous areas that are no names: 土默特左, 伊犁哈萨克."""
WITHOUT_KIND = {
    "浦东新区": "浦东",
    "滨海新区": "滨海",
    "两江新区": "两江",
    "井陉矿区": "井陉",
    "峰峰矿区": "峰峰",
    "六枝特区": "六枝",
    "神农架林区": "神农架",
    "东乡族自治县": "东乡",
    "达尔罕茂明安联合旗": "达茂",
    "土默特左旗": "",
}

with (Path(__file__).parent / "names_of_places.csv").open(encoding="utf-8", newline="") as stream:
    CASES = list(csv.DictReader(stream))


@pytest.fixture(scope="module")
def package() -> Package:
    return open_package(ROOT / "data")


@pytest.fixture(scope="module")
def names(package: Package) -> Names:
    return Names.of(package)


@pytest.mark.parametrize("case", CASES, ids=[case["text"] for case in CASES])
def test_a_name_means_its_places(case: Mapping[str, str], names: Names) -> None:
    assert {found.key for found in names.resolve("place", case["text"]).candidates} == set(case["keys"].split(";"))


def test_short_names_are_names(package: Package) -> None:
    places = list(package.rows("places"))
    kinds = ("旗", "自治县", "自治州")
    cut = [row["short_zh"] for row in places if row["name_zh"].endswith(kinds)]
    assert [short for short in cut if NO_NAME.search(short)] == ["喀左", "琼中"]
    assert {row["name_zh"]: row["short_zh"] for row in places if row["name_zh"] in WITHOUT_KIND} == WITHOUT_KIND


def test_a_city_of_2026_is_there_with_its_town(package: Package) -> None:
    """草湖市 was set up on 2026-04-17 (Ministry of Civil Affairs); its seat is the town 草湖镇."""
    city = package.index("places")["659013"]
    assert [city[column] for column in ("name_zh", "name_en", "pinyin", "parent_id", "source_ids")] == [
        *("草湖市", "Caohu City", "cao hu shi", "650000", "pl-mca-2026"),
    ]
    assert package.index("towns")["659003100"]["place_id"] == "659013"
