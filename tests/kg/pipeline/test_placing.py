"""Counties of designations after merging: place statements, and a sample of 300 that a person checked."""

import csv
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from scipy.stats import binomtest

from kg.pipeline.merge import Designation
from kg.places.statements import PlaceStatements
from kg.tables import open_package

Recorder = Callable[[str, object], None]
ROOT = Path(__file__).parents[3]
SAMPLE = ROOT / "tests/kg/places/county_sample.csv"


def test_a_laboratory_lies_at_the_seat_of_its_university(merged: Mapping[str, Designation]) -> None:
    """电力系统及大型发电设备安全控制和仿真国家重点实验室, 北京市, 清华大学."""
    found = merged["state-key-laboratory-0178"]
    (statement,) = found.statements
    assert (found.cell("place_ids"), found.cell("place_basis"), found.cell("extent")) == (
        *("110108", "through-carrier", "organisation"),
    )
    assert (statement.resource, statement["carrier_id"]) == ("carrier_seats", "qing-hua-da-xue")
    assert found.values["place_ids"].records == (found.records[0]["id"],)
    assert found.values["place_ids"].derived


def test_a_zone_may_lie_in_several_counties(merged: Mapping[str, Designation]) -> None:
    found = merged["national-new-area-0013"]
    assert (found.cell("place_ids"), found.cell("place_basis"), found.cell("extent")) == (
        *("320111;320116;320113", "stated", "several-counties"),
    )
    assert len(found.statements) == 3


@pytest.mark.parametrize(
    ("name", "county"),
    [
        ("都江堰巨星猪业科技有限公司", "510181"),
        ("延边畜牧开发集团有限公司", "222401"),
        ("勐海茶业有限责任公司", "532822"),
        ("江油新希望海波尔种猪育种有限公司", "510781"),
    ],
)
def test_a_firm_lies_where_its_address_says(name: str, county: str, merged: Mapping[str, Designation]) -> None:
    found = [each for each in merged.values() if each.row["name_zh"] == name]
    assert [(each.cell("place_ids"), each.cell("place_basis")) for each in found] == [(county, "through-carrier")]


def test_the_document_tells_how_much_is_known(merged: Mapping[str, Designation]) -> None:
    package = open_package(ROOT / "data")
    beyond = {row["id"] for row in package.rows("extents") if row["entire"] and row["one_county"] == "false"}
    usual = {row["id"]: row["usual_extent"] for row in package.rows("programmes")}
    counties = PlaceStatements.of(package).counties
    within = [
        not counties.isdisjoint(each.many("place_ids"))
        for each in merged.values()
        if not {usual[each.row["programme_id"]], each.cell("extent")} & beyond
    ]
    text = " ".join((ROOT / "docs/places.md").read_text("utf-8").split())
    assert f"today {sum(within):,} of {len(within):,} ({sum(within) / len(within):.1%}".replace("%", " %") in text


def test_a_title_of_a_whole_city_gets_no_county(merged: Mapping[str, Designation]) -> None:
    whole = [each for each in merged.values() if each.cell("extent") in ("prefecture", "province")]
    assert len(whole) > 400
    assert [each.key for each in whole if each.statements] == []


def test_the_sample_checked_by_hand(merged: Mapping[str, Designation], record_testsuite_property: Recorder) -> None:
    """At most 3 of 300 are wrong; what was checked as right or is not checkable still lies where it was checked.

    The sample was drawn by data/draw_county_sample.py (seed 20261202) when the rules were final, stratified by basis
    and programme, from the designations whose county is known; checked_against says what each was held against.
    """
    with SAMPLE.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    verdicts = Counter(row["verdict"] for row in rows)
    interval = binomtest(verdicts["wrong"], len(rows)).proportion_ci(method="wilson")
    record_testsuite_property(
        "counties checked", f"{verdicts}; wrong {interval.low:.1%} to {interval.high:.1%} (Wilson, 95 %)"
    )
    moved = [
        row["designation_id"]
        for row in rows
        if row["verdict"] != "wrong" and merged[row["designation_id"]].cell("place_ids") != row["place_ids"]
    ]
    assert verdicts.total() == len({row["designation_id"] for row in rows}) == 300
    assert verdicts == {"right": 279, "not checkable": 18, "wrong": 3}
    assert moved == []


def test_the_seats_of_offices_and_addresses_looked_up_are_those_that_were_checked() -> None:
    with (SAMPLE.parent / "seat_sample.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    seats = open_package(ROOT / "data").index("carrier_seats")
    checked = {row["carrier_id"]: (row["place_id"], row["basis"]) for row in rows}
    assert {key: (seats[key]["place_id"], seats[key]["basis"]) for key in checked} == checked
    assert Counter(row["verdict"] for row in rows) == {"right": 16, "not checkable": 4}
