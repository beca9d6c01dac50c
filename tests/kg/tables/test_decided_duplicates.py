"""Duplicates that anybody can decide are one designation in the project's tables."""

from pathlib import Path

import pytest

from kg.tables import Package, open_package
from kg.tables.decided import decided


@pytest.fixture(scope="module")
def package() -> Package:
    return decided(open_package(Path(__file__).parents[3] / "data"))


@pytest.mark.parametrize(
    ("kept", "withdrawn", "names"),
    [
        ("agri-sci-park-0150", "agri-sci-park-0312", ("内蒙古锡林国家农业科技园区", "内蒙古锡盟国家农业科技园区")),
        ("agri-sci-park-0154", "agri-sci-park-0308", ("河北沧州国家农业科技园区", "河北沧州河北国家农业科技园区")),
        ("agri-sci-park-0136", "agri-sci-park-0311", ("浙江象山国家农业科技园区", "宁波象山国家农业科技园区")),
        ("agri-sci-park-0285", "agri-sci-park-0317", ("兵团胡杨河国家农业科技园区", "兵团胡杨河国家农业科技园区")),
        ("agri-sci-park-0151", "agri-sci-park-0316", ("兵团五一农场国家农业科技园区", "兵团五一农场国家农业科技园区")),
        (
            "agri-sci-park-0207",
            "agri-sci-park-0313",
            ("兵团铁门关国家农业科技园区", "兵团第二师铁门关国家农业科技园区"),
        ),
    ],
)
def test_two_spellings_are_one_park(kept: str, withdrawn: str, names: tuple[str, str], package: Package) -> None:
    designations = package.index("designations")
    assert kept in designations
    assert withdrawn not in designations
    printed = {row["name"] for row in package.rows("records") if row["designation_id"] == kept}
    assert all(any(found.endswith(name) for found in printed) for name in names)


def test_a_statement_of_place_follows_its_designation(package: Package) -> None:
    """The rows of 铁门关 and 胡杨河 name the keys that are withdrawn; every row names a designation that is there."""
    rows = {row["id"]: (row["designation_id"], row["place_id"]) for row in package.rows("designation_places")}
    assert rows["agri-sci-park-0313-659006"] == ("agri-sci-park-0207", "659006")
    assert rows["agri-sci-park-0317-659010"] == ("agri-sci-park-0285", "659010")
    assert {key for key, _ in rows.values()} <= set(package.index("designations"))


def test_two_parks_of_one_province_stay_two(package: Package) -> None:
    """深圳 and 深圳宝安, 石家庄 and 石家庄藁城: no document at hand says that they are one."""
    designations = package.index("designations")
    pairs = ("agri-sci-park-0023", "agri-sci-park-0315", "agri-sci-park-0153", "agri-sci-park-0310")
    assert [key for key in pairs if key not in designations] == []
