"""Measures of spread, coverage of lists and matrices: small worlds by hand, then totals of the real data."""

from datetime import date
from decimal import Decimal
from math import isnan, log
from pathlib import Path

import pytest
from click.testing import CliRunner
from findings_world import Designation, Rows, registry, world
from rdflib import RDF, Graph
from rdflib.namespace import QB

from kg.analysis import statistics
from kg.analysis.atlas import Atlas, Spot
from kg.analysis.coverage import Coverage, coverages
from kg.analysis.measures import matrices, table
from kg.analysis.measures import spread as measures
from kg.analysis.measures.spread import MEAN, Measures
from kg.cli import main
from kg.errors import QueryError
from kg.release import Release
from kg.release.columns import Columns
from kg.vocab import TYPE, term, thing, typed

DAY = date(2022, 12, 31)
ZONE, PARK = "national-high-tech-zone", "agri-sci-park"


def test_lorenz_and_gini_by_hand() -> None:
    assert statistics.lorenz([3, 1]) == [(0, 0), (0.5, 0.25), (1, 1)]
    assert statistics.gini([1, 1, 1, 1]) == pytest.approx(0)
    assert statistics.gini([0, 0, 0, 5]) == pytest.approx(3 / 4)
    # area below the curve of 1 and 3: 0.5·0.25/2 + 0.5·1.25/2 = 0.375, twice of what is left to a half: 0.25
    assert statistics.gini([1, 3]) == pytest.approx(0.25)


def test_gini_against_bases_by_hand() -> None:
    """One has 1 for 3 of base, one 3 for 1: the curve goes through (.75, .25)."""
    assert statistics.lorenz([3, 1], [1, 3]) == [(0, 0), (0.75, 0.25), (1, 1)]
    assert statistics.gini([3, 1], [1, 3]) == pytest.approx(0.5)
    assert statistics.gini([3, 1], [300, 100]) == pytest.approx(0)


def test_theil_herfindahl_and_quotient_by_hand() -> None:
    assert statistics.theil([0, 0, 0, 7]) == pytest.approx(log(4))
    assert statistics.theil([1, 3], [3, 1]) == pytest.approx(0.25 * log(1 / 3) + 0.75 * log(3))
    assert statistics.herfindahl([1, 1, 2]) == pytest.approx(1 / 16 + 1 / 16 + 1 / 4)
    assert statistics.location_quotient(0.4, 0.2) == pytest.approx(2)
    assert isnan(statistics.location_quotient(0.4, 0))


def test_nothing_has_no_lorenz_curve() -> None:
    with pytest.raises(ValueError, match="sum to more than 0"):
        statistics.lorenz([0, 0])


def listed(programme: str, **row: object) -> dict[str, Rows]:
    return {
        "lists": [{"list": "l", "edition": "2022"} | row],
        "list_programmes": [{"list": "l", "programme": programme}],
    }


@pytest.mark.parametrize(
    ("completeness", "official", "said", "share", "whole"),
    [
        ("whole", None, "2/? whole", 1.0, True),
        ("whole", 1, "2/1 whole", 1.0, True),
        ("partial", 2, "2/2 whole", 1.0, True),
        ("partial", 3, "2/3 partial", 2 / 3, False),
        ("sample", None, "2/? sample", None, False),
    ],
)
def test_how_whole_a_list_is(
    tmp_path: Path, completeness: str, official: int | None, said: str, share: float | None, *, whole: bool
) -> None:
    designations = [Designation("a", ZONE, ("320583",)), Designation("b", ZONE, ("320581",))]
    columns = world(tmp_path, designations, **listed(ZONE, completeness=completeness, official_total=official))
    found = coverages(columns)[ZONE]
    assert (str(found), found.share, found.complete) == (said, share, whole)
    assert coverages(columns)[PARK] == Coverage(PARK, "", 0, None, "unknown", 0.95)


def test_a_total_of_two_programmes_is_held_against_both_together(tmp_path: Path) -> None:
    """A list of its own says more than one of several programmes."""
    tables: dict[str, Rows] = {
        "lists": [
            {"list": "both", "completeness": "partial", "official_total": 8, "edition": "2025"},
            {"list": "own", "completeness": "partial", "official_total": 2, "edition": "2020"},
        ],
        "list_programmes": [
            *({"list": "both", "programme": key} for key in (ZONE, PARK)),
            {"list": "own", "programme": ZONE},
        ],
    }
    designations = [Designation("a", ZONE, ("320583",)), Designation("b", PARK, ("320581",))]
    found = coverages(world(tmp_path, designations, **tables))
    assert (found[PARK].list, found[PARK].found, found[PARK].official, found[PARK].share) == ("both", 1, None, 0.25)
    assert str(found[PARK]) == "1 (2/8 of 2 programmes) partial"
    assert (found[ZONE].list, found[ZONE].found, found[ZONE].official, found[ZONE].share) == ("own", 1, 2, 0.5)


def measured(folder: Path) -> Measures:
    """江苏 with six people and 北京 with two; five county-level units and two.

    One designation lies in both by halves.
    """
    places = [
        *(("320281", "county-level-city"), ("320282", "county-level-city"), ("320506", "district")),
        *(("320581", "county-level-city"), ("320583", "county-level-city"), ("110117", "district")),
        *(("110118", "district"), ("110000", "municipality"), ("320200", "prefecture-level-city")),
        ("320500", "prefecture-level-city"),
    ]
    tables: dict[str, Rows] = {
        "place_ranks": [{"place": place, "rank": rank} for place, rank in places],
        "populations": [
            {"place": "320000", "year": 2020, "persons": 6},
            {"place": "110000", "year": 2020, "persons": 2},
        ],
        "regions": [{"region": key, "kind": "half", "place_in_table": at} for at, key in enumerate(("south", "north"))],
        "region_places": [
            {"region": "south", "place": "320000", "scope": "whole"},
            {"region": "north", "place": "110000", "scope": "whole"},
        ],
        "weights": [row | {"value": 1} if row["weight"] == "measures.least" else row for row in registry()["weights"]],
        **listed(ZONE, completeness="whole"),
    }
    designations = [
        *(
            Designation("a", ZONE, ("320583",)),
            Designation("b", ZONE, ("110117",)),
            Designation("c", ZONE, ("320506", "110118")),
        ),
        Designation("d", ZONE, ("320581",)),
        Designation("ended", ZONE, ("320583",), ended=date(2020, 1, 1)),
    ]
    return Measures(world(folder, designations, **tables), DAY)


def test_spread_over_provinces_by_hand(tmp_path: Path) -> None:
    """江苏 has 2.5 of the four designations, 北京 1.5."""
    found = measured(tmp_path)
    assert found.provinces(ZONE) == {"110000": 1.5, "320000": 2.5}
    spread, mean = found.spreads()
    assert (spread.programme, spread.designations, spread.placed) == (ZONE, 4, 4)
    assert spread.gini == pytest.approx(1.5 / 4 * -1 + 0.5)  # two units: a half less the part of the poorer
    assert spread.gini_population == pytest.approx(
        0.75 - 2.5 / 4
    )  # three quarters of the people, 62.5% of the designations
    assert spread.gini_counties == pytest.approx(5 / 7 - 2.5 / 4)
    assert spread.theil_population == pytest.approx(0.375 * log(0.375 / 0.25) + 0.625 * log(0.625 / 0.75))
    assert spread.herfindahl == pytest.approx(0.375**2 + 0.625**2)
    assert (mean.programme, mean.gini, mean.coverage) == (MEAN, spread.gini, None)
    assert found.curve(ZONE) == [(0, 0), (0.75, 0.625), (1, 1)]


def test_parts_of_regions_by_hand(tmp_path: Path) -> None:
    found = {part.area: part for part in measured(tmp_path).parts() if part.programme == ZONE}
    south, north = found["south"], found["north"]
    assert (south.designations, south.total, south.share) == (2.5, 4, 0.625)
    assert (south.population, north.population) == (0.75, 0.25)
    assert south.quotient(south.population) == pytest.approx(0.625 / 0.75)
    assert north.quotient(north.population) == pytest.approx(1.5)
    # 东莞 is a county-level unit too, of neither half: five and two of eight
    assert (south.counties, north.counties) == (5 / 8, 2 / 8)


def test_ranks_and_kinds_by_hand(tmp_path: Path) -> None:
    found = {part.area: part for part in measured(tmp_path).ranks() if part.programme == ZONE}
    assert {area: part.designations for area, part in found.items()} == {
        "municipality": 1.5,
        "capital": 0,
        "sub-provincial": 0,
        "prefecture": 2.5,
        "district": 2,
        "county": 2,
    }
    assert found["municipality"].counties == 1 / 4  # of 北京, 无锡, 苏州, 东莞
    assert found["county"].counties == 4 / 8


def test_designations_of_unknown_rank_keep_a_programme_from_being_compared(tmp_path: Path) -> None:
    designations = [Designation("a", ZONE, ("320583",)), Designation("b", ZONE, ("320000",), "province")]
    assert Measures(world(tmp_path, designations), DAY).ranks() == []


def test_undated_designations_and_those_of_later_count_where_asked(tmp_path: Path) -> None:
    designations = [
        *(Designation("old", ZONE, ("320583",), start=date(2005, 1, 1)), Designation("new", ZONE, ("320581",))),
        *(
            Designation("undated", ZONE, ("110117",), start=date(2025, 1, 1), dated=False),
            Designation("lost", ZONE, ()),
        ),
    ]
    atlas = Atlas(world(tmp_path, designations))
    assert {spot.place for spot in atlas.spots(DAY)} == {"320583", "320581"}
    assert {spot.place for spot in atlas.spots(DAY, undated=True)} == {"320583", "320581", "110117"}
    assert atlas.spots(DAY, date(2006, 1, 1)) == [Spot(ZONE, "320581", 1.0)]


def test_a_matrix_of_ministries_and_purposes_by_hand(tmp_path: Path) -> None:
    """Three zones of the science ministry, one economic zone of the commerce ministry; the first are for industry."""
    purposes = [
        {"programme": programme, "purpose": group, "purpose_group": group, "weight": weight, "generic": False}
        for programme, group, weight in (
            (ZONE, "industry", "main"),
            (ZONE, "trade", "secondary"),
            ("national-etdz", "trade", "main"),
        )
    ]
    designations = [Designation(f"z{n}", ZONE, ("320583",)) for n in range(3)] + [
        Designation("e", "national-etdz", ("320583",))
    ]
    matrix = matrices.ministry_purpose(world(tmp_path, designations, programme_purposes=purposes), DAY)
    found = {(cell.row, cell.column): cell for cell in matrix.cells}
    assert set(found) == {(row, column) for row in ("most", "mofcom") for column in ("industry", "trade")}
    cell = found["most", "industry"]
    assert (cell.units, cell.row_units, cell.column_units, cell.observed) == (4, 3, 3, 3)
    assert (cell.expected, cell.lift) == pytest.approx((9 / 4, 4 / 3))
    assert cell.probability == pytest.approx(1 / 4)  # the three of industry are the three of the ministry: 1 of C(4,3)
    assert found["most", "trade"].observed == 0
    assert found["most", "trade"].probability == 1


def test_ministries_meet_through_designations_that_they_do_not_share(tmp_path: Path) -> None:
    """The modern park and the cold-chain pilot are of one ministry: they make no meeting of two."""
    designations = [
        *(
            Designation("z", ZONE, ("320583",)),
            Designation("e", "national-etdz", ("320583",)),
            Designation("y", ZONE, ("320581",)),
        ),
        *(
            Designation("m", "modern-agri-industrial-park", ("320583",)),
            Designation("c", "agri-cold-chain-county-pilot", ("320583",)),
        ),
    ]
    matrix = matrices.ministry_ministry(world(tmp_path, designations), DAY)
    found = {
        (cell.row, cell.column): (cell.units, cell.row_units, cell.column_units, cell.observed) for cell in matrix.cells
    }
    assert found == {("mara", "mofcom"): (8, 1, 1, 1), ("mara", "most"): (8, 1, 2, 1), ("mofcom", "most"): (8, 1, 2, 1)}


def test_a_matrix_as_observations(tmp_path: Path) -> None:
    designations = [Designation("z", ZONE, ("320583",)), Designation("e", "national-etdz", ("320583",))]
    found = list(table.triples(world(tmp_path, designations), "programme-programme", DAY))
    cell = thing("observation", f"matrix-programme-programme/2022-12-31/national-etdz/{ZONE}")
    assert {predicate: value for node, predicate, value in found if node == cell} == {
        TYPE: term("qb:Observation"),
        term("qb:dataSet"): thing("table", "matrix-programme-programme"),
        term("gp:matrixRow"): thing("programme", "national-etdz"),
        term("gp:matrixColumn"): thing("programme", ZONE),
        term("gp:asOf"): typed(DAY, "date"),
        term("gp:observed"): typed(1, "decimal"),
        term("gp:expected"): typed(Decimal("0.125"), "decimal"),
        term("gp:lift"): typed(8, "decimal"),
        term("gp:probability"): typed(Decimal("0.125"), "decimal"),
        term("gp:correctedProbability"): typed(Decimal("0.125"), "decimal"),
        term("gp:unitCount"): typed(8, "integer"),
    }
    with pytest.raises(QueryError, match="spread is no matrix"):
        table.triples(world(tmp_path / "second", designations), "spread", DAY)


@pytest.fixture(scope="module")
def real(columns: Columns) -> Measures:
    return Measures(columns, DAY)


def test_every_table_has_as_many_cells_as_heads(columns: Columns) -> None:
    for key in table.TABLES:
        for named in (True, False):
            found = table.table(columns, key, DAY, named=named)
            assert found.rows
            assert {len(row) for row in found.rows} == {len(found.headers)}, key


def test_the_parts_of_the_four_regions_and_of_the_halves_are_the_whole(real: Measures) -> None:
    for areas in (("east", "central", "west", "northeast"), ("south", "north")):
        parts = real.parts(areas)
        for programme in {part.programme for part in parts}:
            assert sum(part.share for part in parts if part.programme == programme) == pytest.approx(1)
        assert sum({part.area: part.population or 0 for part in parts}.values()) == pytest.approx(1)
        assert sum({part.area: part.counties for part in parts}.values()) == pytest.approx(1)


def test_high_tech_zones_of_the_east_are_those_of_the_tables(real: Measures, columns: Columns) -> None:
    """Counted again in SQL: zones of one place each, in force, in a province of the east."""
    rows = columns.query(
        """SELECT count(DISTINCT designation) FROM designations JOIN designation_places USING (designation)
        JOIN places p USING (place)
        JOIN region_places r ON r.region = 'east' AND r.place = p.province
        WHERE programme = 'national-high-tech-zone' AND counted_from <= DATE '2022-12-31'
          AND standing <> 'withdrawn' AND (ended_last IS NULL OR ended_last >= DATE '2022-12-31')"""
    )
    (east,) = [part for part in real.parts(["east"]) if part.programme == ZONE]
    assert east.designations == rows[0][0]


def test_only_whole_lists_for_the_whole_country_are_averaged(real: Measures) -> None:
    averaged = real.averaged()
    assert ZONE in averaged
    for absent in ("university-science-park", "yangtze-transformation-demo-zone", "agri-high-tech-zone"):
        assert absent not in averaged
    spreads = {spread.programme: spread for spread in real.spreads()}
    assert spreads[MEAN].gini == pytest.approx(sum(spreads[key].gini for key in averaged) / len(averaged))


def test_numbers_stand_beside_how_whole_the_list_is(real: Measures) -> None:
    at = measures.SPREAD_HEADERS.index("found")
    rows = {row[0]: row[at : at + 3] for row in measures.spread_rows(real.spreads(), {})}
    assert rows["university-science-park"] == ["34", "140", "partial"]
    assert rows["national-new-area"] == ["19", "19", "whole"]


def test_the_command_shows_a_matrix_and_a_measure(release: Release) -> None:
    asked = ["--dist", str(release.path.parent), "--as-of", "2022-12-31"]
    csv = CliRunner().invoke(main, ["measures", "ministry-purpose", *asked, "--format", "csv"])
    assert csv.exit_code == 0
    assert csv.stdout.startswith(",".join(matrices.HEADERS) + "\n")
    turtle = CliRunner().invoke(main, ["measures", "ministry-purpose", *asked, "--format", "ttl"])
    cells = Graph().parse(data=turtle.stdout, format="turtle").subjects(RDF.type, QB.Observation)
    assert len(list(cells)) == len(csv.stdout.splitlines()) - 1
    refused = CliRunner().invoke(main, ["measures", "ranks", *asked, "--format", "ttl"])
    assert (refused.exit_code, refused.stderr[:34]) == (1, "guapai: ranks is no matrix: as ttl")
