"""Words beside names of places: as the table has them, and at once where a curator adds one."""

from collections.abc import Iterable
from pathlib import Path

import pytest

from kg.places import Gazetteer, Stated
from kg.places.words import PlaceWords
from kg.tables import Package, Row, open_package

DATA = Path(__file__).parents[3] / "data"
PLACE = ("山西省", "", "")


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


@pytest.mark.parametrize(("added", "place_ids"), [("", ("141024",)), ("长廊", ("140000",))])
def test_a_word_of_the_table_counts_as_soon_as_it_stands_there(
    package: Package, added: str, place_ids: tuple[str, ...]
) -> None:
    def rows(name: str) -> Iterable[Row]:
        for row in package.rows(name):
            more = f";{added}" if name == "place_words" and row["kind"] == "other-word" and added else ""
            yield Row(name, row.file, row.line, {**row.cells, "words": row["words"] + more}) if more else row

    found = Gazetteer(rows).resolve(Stated(*PLACE, "洪洞长廊示范区", None), "within-county", "area")
    assert found.place_ids == place_ids
