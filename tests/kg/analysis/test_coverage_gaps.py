"""Coverage gaps: certain absence, with its expected number by hand."""

from datetime import date
from pathlib import Path

import pytest
from findings_world import Designation, Rows, registry, world

from kg.analysis import coverage_gaps
from kg.analysis.coverage import coverages
from kg.analysis.coverage_gaps import Gap
from kg.release.columns import Columns

DAY = date(2022, 12, 31)
TRIAL, PILOT, BORDER = "ai-pilot-zone", "digital-economy-pilot-zone", "border-economic-cooperation-zone"
WUXI, SUZHOU, BEIJING, DONGGUAN = "320200", "320500", "110000", "441900"
GROUP = "industrial-development"


def opened(folder: Path, *designations: Designation, **tables: Rows) -> Columns:
    """Three programmes of one group with whole lists, and a strategy for 无锡 (of four prefecture-level units)."""
    purposes = [
        {"programme": key, "purpose": "digital", "purpose_group": GROUP, "weight": "main", "generic": False}
        for key in (TRIAL, PILOT, BORDER)
    ]
    described: dict[str, Rows] = {
        "programme_purposes": purposes,
        "lists": [{"list": "whole", "completeness": "whole", "official_total": 2, "edition": "2022"}],
        "list_programmes": [{"list": "whole", "programme": key} for key in (TRIAL, PILOT, BORDER)],
        "strategies": [{"strategy": "south"}, {"strategy": "nation"}],
        "strategy_areas": [
            {"strategy": "south", "kind": "place", "area": WUXI},
            {"strategy": "nation", "kind": "place", "area": "100000"},
        ],
    }
    return world(folder, designations, **(described | tables))


def designation(key: str, programme: str, *places: str) -> Designation:
    return Designation(key, programme, places, "prefecture")


def test_an_absence_with_its_expected_number_by_hand(tmp_path: Path) -> None:
    """Two of four prefectures have the trial, 无锡 has one of four: a half is expected. The pilot is in 无锡."""
    columns = opened(
        tmp_path, designation("a", TRIAL, SUZHOU), designation("b", TRIAL, BEIJING), designation("c", PILOT, WUXI)
    )
    (gap,) = coverage_gaps.gaps(columns, DAY)
    assert gap == Gap("south", TRIAL, DAY, (GROUP,), gap.ministries, 4, 1, 2, "whole", 1.0)
    assert gap.expected == pytest.approx(0.5)


def test_gaps_come_by_what_is_expected(tmp_path: Path) -> None:
    """The border zones are for elsewhere by their own rules."""
    columns = opened(
        tmp_path,
        *(designation("a", TRIAL, SUZHOU), designation("b", TRIAL, BEIJING), designation("c", PILOT, DONGGUAN)),
        designation("d", BORDER, SUZHOU),
    )
    assert [(gap.programme, gap.expected) for gap in coverage_gaps.gaps(columns, DAY)] == [(TRIAL, 0.5), (PILOT, 0.25)]


def test_a_list_that_is_not_whole_shows_no_gap(tmp_path: Path) -> None:
    part = [{"list": "whole", "completeness": "partial", "official_total": 10, "edition": "2022"}]
    assert coverage_gaps.gaps(opened(tmp_path, designation("a", TRIAL, SUZHOU), lists=part), DAY) == []


def test_a_province_wide_designation_fills_the_cities_of_the_province(tmp_path: Path) -> None:
    columns = opened(tmp_path, Designation("a", TRIAL, ("320000",), "province"))
    assert coverage_gaps.gaps(columns, DAY) == []


def test_a_designation_that_lies_nobody_knows_where_may_be_the_missing_one(tmp_path: Path) -> None:
    columns = opened(tmp_path, designation("a", TRIAL, SUZHOU), designation("lost", TRIAL))
    assert coverage_gaps.gaps(columns, DAY) == []


def test_a_designation_in_a_county_fills_its_prefecture_and_an_undated_one_too(tmp_path: Path) -> None:
    late = Designation("a", TRIAL, ("320281",), start=date(2024, 1, 1), dated=False)
    assert coverage_gaps.gaps(opened(tmp_path, late), DAY) == []


def test_members_of_a_region_in_part_count(tmp_path: Path) -> None:
    """A strategy for a region to which 江苏 belongs in part: a designation anywhere in 江苏 may lie in it."""
    tables = {
        "strategy_areas": [{"strategy": "south", "kind": "region", "area": "belt"}],
        "region_places": [{"region": "belt", "place": "320000", "scope": "partial"}],
    }
    assert coverage_gaps.gaps(opened(tmp_path, designation("a", TRIAL, SUZHOU), **tables), DAY) == []


def test_real_gaps_are_absent_from_the_tables(columns: Columns) -> None:
    """Each absence, looked up again without the engine: none of the programme touches a member of the area."""
    lists = coverages(columns)
    found = [(gap.strategy, gap.programme) for gap in coverage_gaps.gaps(columns, DAY)]
    assert ("northeast-revitalisation", "sdg-innovation-demo-zone") in found
    for strategy, programme in found:
        assert lists[programme].complete
        touching = columns.query(
            """WITH members AS (
                SELECT area AS place FROM strategy_areas WHERE strategy = $strategy AND kind = 'place'
                UNION SELECT place FROM strategy_areas JOIN region_places ON region = area WHERE strategy = $strategy
            )
            SELECT designation FROM designations JOIN designation_places USING (designation)
            JOIN places p USING (place), members m
            WHERE programme = $programme AND counted_from <= DATE '2022-12-31'
              AND m.place IN (p.place, p.county, p.prefecture, p.province)""",
            {"strategy": strategy, "programme": programme},
        )
        assert touching == [], (strategy, programme)


def test_the_bound_programmes_are_programmes() -> None:
    tables = registry()
    bound = {row["weight"].removeprefix("bound.") for row in tables["weights"] if row["weight"].startswith("bound.")}
    assert bound
    assert bound <= {row["programme"] for row in tables["programmes"]}
