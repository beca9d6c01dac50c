"""Words beside names of places, as the table has them."""

from pathlib import Path

import pytest

from kg.places.words import PlaceWords
from kg.tables import Package, open_package

DATA = Path(__file__).parents[3] / "data"


@pytest.fixture(scope="module")
def package() -> Package:
    return open_package(DATA)


@pytest.fixture(scope="module")
def words(package: Package) -> PlaceWords:
    return PlaceWords.of(package.rows("place_words"))


@pytest.mark.parametrize(
    ("name", "region"),
    [
        ("中原经济带", "中原"),
        ("中原区", ""),
        ("中原高新区", ""),
        ("新兴产业基地", "新兴产业"),
        ("新兴县", ""),
        ("临海湿地", "临海湿地"),
        ("南海诸岛", "南海诸岛"),
        ("钱塘江流域", "钱塘江流域"),
        ("海江区流域", ""),
        ("市江流域", ""),
    ],
)
def test_regions_begin_like_counties(words: PlaceWords, name: str, region: str) -> None:
    found = words.region.match(name)
    assert (found[0] if found else "") == region


def test_landscapes_have_two_characters_before(words: PlaceWords) -> None:
    names = ("井冈山", "神农湖", "金湖", "昆山市")
    assert [name for name in names if words.landscape.fullmatch(name)] == ["井冈山", "神农湖"]
