"""Of how many designations the county is known: a small world by hand."""

import pytest
from findings_world import Designation, world

from kg.analysis.county_coverage import Known, by_place, by_programme, table
from kg.release.columns import Columns

KUNSHAN, SUZHOU, WUXI, JIANGSU = "320583", "320500", "320200", "320000"
USUAL = {
    "zone": "within-prefecture",
    "county-title": "county",
    "city-title": "prefecture",
    "laboratory": "organisation",
}


@pytest.fixture(scope="module")
def columns(tmp_path_factory: pytest.TempPathFactory) -> Columns:
    designations = [
        Designation("in-county", "zone", (KUNSHAN,)),
        Designation("in-prefecture", "zone", (SUZHOU,), "within-prefecture"),
        Designation("in-province", "zone", (JIANGSU,), "unknown"),
        Designation("of-several", "zone", (SUZHOU, WUXI), "several-counties"),
        Designation("nowhere", "zone", (), "unknown"),
        Designation("county", "county-title", (KUNSHAN,), "county"),
        Designation("city", "city-title", (SUZHOU,), "prefecture"),
        Designation("laboratory", "laboratory", (SUZHOU,), "organisation", bearer="organisation"),
    ]
    programmes = [{"programme": key, "name_zh": key, "usual_extent": usual} for key, usual in USUAL.items()]
    return world(tmp_path_factory.mktemp("world"), designations, programmes=programmes)


def test_titles_of_cities_and_zones_of_several_counties_do_not_count(columns: Columns) -> None:
    assert by_programme(columns) == {"zone": Known(4, 1), "laboratory": Known(1, 0), "county-title": Known(1, 1)}


def test_shares_by_place_and_kind_of_bearer(columns: Columns) -> None:
    assert by_place(columns, "province") == {JIANGSU: Known(4, 2)}
    assert by_place(columns, "prefecture") == {SUZHOU: Known(3, 2)}
    assert by_place(columns, "prefecture", "organisation") == {SUZHOU: Known(1, 0)}
    assert Known(3, 2).share == pytest.approx(2 / 3)
    assert Known(0, 0).share == 1.0
    with pytest.raises(ValueError, match="expected province or prefecture"):
        by_place(columns, "county")


def test_the_table_ends_with_the_total(columns: Columns) -> None:
    assert table(columns) == [
        ["zone", "zone", "4", "1", "0.250"],
        ["laboratory", "laboratory", "1", "0", "0.000"],
        ["county-title", "county-title", "1", "1", "1.000"],
        ["", "all", "6", "2", "0.333"],
    ]
