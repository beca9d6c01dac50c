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


class Zone(Designation):
    """A designation of a policy area, which its key names."""

    @property
    def row(self) -> dict[str, object]:
        """The row of the columns, with the policy area."""
        return super().row | {"policy_area": self.key.partition("-")[0]}


def test_the_worst_policy_area_counts(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Ten towns with their county do not make up for three economic zones without."""
    made = [Zone(f"agriculture-{number}", "zone", (KUNSHAN,)) for number in range(10)]
    made += [Zone(f"trade-{number}", "zone", (SUZHOU,), "within-prefecture") for number in range(3)]
    made += [Zone(f"science-{number}", "zone", (WUXI,), "within-prefecture") for number in range(2)]
    programmes = [{"programme": "zone", "name_zh": "zone", "usual_extent": "within-prefecture"}]
    columns = world(tmp_path_factory.mktemp("areas"), made, programmes=programmes)
    assert by_place(columns, "province") == {JIANGSU: Known(3, 0)}
    assert by_place(columns, "prefecture") == {SUZHOU: Known(3, 0), WUXI: Known(2, 0)}


def test_the_table_ends_with_the_total(columns: Columns) -> None:
    assert table(columns) == [
        ["zone", "zone", "4", "1", "0.250"],
        ["laboratory", "laboratory", "1", "0", "0.000"],
        ["county-title", "county-title", "1", "1", "1.000"],
        ["", "all", "6", "2", "0.333"],
    ]
