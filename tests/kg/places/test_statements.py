"""Counties from place statements: of a designation, or of its carrier inside the stated place."""

from pathlib import Path

import pytest

from kg.places.statements import Placed, PlaceStatements
from kg.tables import Row, open_package

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def stated() -> PlaceStatements:
    return PlaceStatements.of(open_package(ROOT / "data"))


def row(key: str, place: str, *, carrier: str = "", basis: str = "stated") -> Row:
    return Row("t", "t.csv", 2, {"id": key, "carrier_id": carrier, "place_id": place, "basis": basis})


@pytest.fixture
def small(stated: PlaceStatements) -> PlaceStatements:
    seats = {key: row(key, place, carrier=key) for key, place in {"a": "110108", "b": "110105", "c": "320102"}.items()}
    own = {
        "park": [row("1", "140702", basis="coordinates")],
        "area": [row("2", "620121"), row("3", "620122")],
        "wrong": [row("4", "140702")],
    }
    return PlaceStatements(
        own,
        seats,
        frozenset({"station"}),
        stated.counties,
        stated.upwards,
        stated.short,
        stated.entire,
        stated.stations,
    )


def placed(
    *carriers: str, at: str = "110000", key: str = "x", programme: str = "lab", name: str = "", extent: str = ""
) -> Placed:
    return Placed(key, programme, name, (at,) if at else (), extent or "organisation", carriers)


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (placed("a"), (("110108",), "through-carrier", "organisation")),
        (placed("a", at="110108"), None),
        (placed("a", at=""), (("110108",), "through-carrier", "organisation")),
        (placed("a", at="", name="国家小麦产业技术关中综合试验站"), None),
        (placed("c", at="320000", name="国家蚕桑产业技术苏北综合试验站"), None),
        (
            placed("c", at="320100", name="国家桃产业技术南京综合试验站"),
            (("320102",), "through-carrier", "organisation"),
        ),
        (
            placed("c", at="320000", name="国家玉米产业技术江苏综合试验站"),
            (("320102",), "through-carrier", "organisation"),
        ),
        (placed("a", "c", at=""), None),
        (placed(at=""), None),
        (placed("a", at="320000"), None),
        (placed("c", at="320100"), (("320102",), "through-carrier", "organisation")),
        (placed("c", at="320500"), None),
        (placed("a", "b"), None),
        (placed("a", "c"), (("110108",), "through-carrier", "organisation")),
        (placed("c", "a"), (("110108",), "through-carrier", "organisation")),
        (placed("a", "unknown"), None),
        (placed("a", programme="station", name="北京某国家野外科学观测研究站"), None),
        (
            placed("a", programme="station", name="国家某种质资源圃（北京）"),
            (("110108",), "through-carrier", "organisation"),
        ),
        (placed("a", extent="within-prefecture"), None),
        (placed(at="140700", key="park", extent="within-prefecture"), (("140702",), "coordinates", "within-county")),
        (
            placed(at="620100", key="area", extent="within-prefecture"),
            (("620121", "620122"), "stated", "several-counties"),
        ),
        (placed(at="140700", key="park", extent="prefecture"), None),
        (placed(at="320000", key="wrong", extent="unknown"), None),
    ],
)
def test_what_gets_a_county(small: PlaceStatements, asked: Placed, expected: tuple[object, ...] | None) -> None:
    found = small.counties_of(asked)
    assert (found and (found.place_ids, found.basis, found.extent)) == expected


def test_no_statement_contradicts_the_province_of_its_designation(stated: PlaceStatements) -> None:
    """Every statement about a designation is used: it lies in the places that the records state, or is as fine."""
    package = open_package(ROOT / "data")
    provinces: dict[str, set[str]] = {}
    for record in package.rows("records"):
        for key in record.many("place_ids"):
            provinces.setdefault(record["designation_id"], set()).add(key[:2])
    wrong = [
        each["id"]
        for statements in stated.own.values()
        for each in statements
        if each["place_id"][:2] not in provinces.get(each["designation_id"], {each["place_id"][:2]})
    ]
    assert wrong == []
