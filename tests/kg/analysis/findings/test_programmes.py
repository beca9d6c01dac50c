"""Pairs of programmes: the family, probabilities by other formulas and by hand, counts on a small world, twins."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from itertools import combinations, product
from math import comb
from pathlib import Path

import pytest
from findings_world import Designation, Rows, world
from reform import BEFORE_REFORM
from scipy.stats import false_discovery_control, fisher_exact

from kg.analysis import statistics
from kg.analysis.findings.kinds import programmes
from kg.analysis.findings.kinds.programmes import Pair
from kg.release import Release
from kg.release.columns import Columns
from kg.store import EmbeddedStore, questions

QUESTIONS = Path(__file__).parents[4] / "ontology" / "questions"

DAY = date(2022, 12, 31)
SCIENCE, MODERN, ZONE = "agri-sci-park", "modern-agri-industrial-park", "agri-modernisation-demo-zone"
"""Of the science ministry, and two of the agriculture ministry."""
JIANGSU, BEIJING = ("320281", "320282", "320506", "320581", "320583"), ("110117", "110118")
TWELVE = tuple(f"3205{number}" for number in range(80, 92))


def purposes(**main: str) -> list[dict[str, object]]:
    """Return programmes (dashes as underscores) with their one main purpose."""
    return [
        {
            "programme": programme.replace("_", "-"),
            "purpose": purpose,
            "purpose_group": "agriculture-rural",
            "weight": "main",
            "generic": False,
        }
        for programme, purpose in main.items()
    ]


PURPOSES = purposes(
    agri_sci_park="farming", modern_agri_industrial_park="farming", agri_modernisation_demo_zone="farms"
)
"""The parks share a purpose; the zone has one of its own in the same group."""


def designations(programme: str, *places: str, start: date = date(2010, 1, 1)) -> list[Designation]:
    return [Designation(f"{programme}-{place}", programme, (place,), start=start) for place in places]


def opened(folder: Path, *chosen: list[Designation], partial: str = "", **tables: Rows) -> Columns:
    """Open a world in which all lists are whole but one; without `places` they are those of the small world."""
    used = sorted({designation.programme for some in chosen for designation in some})
    lists = [
        {"list": key, "completeness": "partial" if key == partial else "whole", "official_total": 99} for key in used
    ]
    described: dict[str, Rows] = {
        "programme_purposes": PURPOSES,
        "lists": lists,
        "list_programmes": [{"list": key, "programme": key} for key in used],
    }
    return world(folder, [designation for some in chosen for designation in some], **(described | tables))


def in_one_province(folder: Path, *chosen: list[Designation], **tables: Rows) -> Columns:
    """Twelve counties of one province."""
    columns = ("place", "name_zh", "level", "county", "prefecture", "province")
    rows = [
        ("320000", "江苏省", "province", "", "", "320000"),
        ("320500", "苏州市", "prefecture", "", "320500", "320000"),
    ]
    rows += [(code, f"县{code}", "county", code, "320500", "320000") for code in TWELVE]
    return opened(folder, *chosen, places=[dict(zip(columns, row, strict=True)) for row in rows], **tables)


def enumerated(strata: list[tuple[int, int, int]], observed: int) -> float:
    """Count the ways to draw the units with the second programme in each stratum, given those with the first."""
    ways = [
        [comb(one, both) * comb(units - one, other - both) for both in range(min(one, other) + 1)]
        for units, one, other in strata
    ]
    total = sum(
        numbers_of_ways
        for drawn in product(*(range(len(each)) for each in ways))
        if sum(drawn) >= observed
        for numbers_of_ways in [_product(each[both] for each, both in zip(ways, drawn, strict=True))]
    )
    return total / _product(comb(units, other) for units, _, other in strata)


def _product(numbers: object) -> int:
    result = 1
    for number in numbers:  # type: ignore[attr-defined]
        result *= number
    return result


@pytest.mark.parametrize("numbers", [(8, 3, 3, 2), (2850, 116, 143, 14), (40, 10, 4, 0), (12, 12, 5, 5)])
def test_probability_of_one_stratum_is_that_of_fishers_exact_test(numbers: tuple[int, int, int, int]) -> None:
    """Fisher's one-sided test on the table with the same margins is the tail of the same distribution."""
    units, one, other, observed = numbers
    table = [[observed, one - observed], [other - observed, units - one - other + observed]]
    expected = fisher_exact(table, alternative="greater").pvalue
    assert statistics.at_least(units, one, other, observed) == pytest.approx(expected)
    assert statistics.at_least_summed([(units, one, other)], observed) == pytest.approx(expected)


@pytest.mark.parametrize("observed", range(6))
def test_probability_of_several_strata_is_that_of_all_drawings(observed: int) -> None:
    strata = [(8, 3, 3), (5, 2, 4), (6, 1, 1)]
    assert statistics.at_least_summed(strata, observed) == pytest.approx(enumerated(strata, observed))


def test_probability_by_hand() -> None:
    """Three of eight counties each: all three the same in 1 of C(8,3) = 56 cases, two or more in 1 + 3·5 = 16."""
    assert statistics.at_least(8, 3, 3, 3) == pytest.approx(1 / 56)
    assert statistics.at_least(8, 3, 3, 2) == pytest.approx(16 / 56)
    assert statistics.at_most(8, 3, 3, 1) == pytest.approx(40 / 56)


def test_correction_by_hand() -> None:
    """Each times 4 over its rank, then no smaller one above a greater: 4·.005/1, 4·.01/2, 4·.03/3, 4·.04/4."""
    assert statistics.corrected([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.02, 0.04, 0.04, 0.02])
    assert statistics.corrected([]) == []


def test_a_pair_in_two_provinces_worked_by_hand(tmp_path: Path) -> None:
    """Both parks in the same three of five counties of 江苏, one of two of 北京: 1 of C(5,3)·C(2,1) = 20 cases."""
    there = (*JIANGSU[:3], BEIJING[0])
    columns = opened(
        tmp_path, designations(SCIENCE, *there), designations(MODERN, *there), designations(ZONE, *JIANGSU[3:])
    )
    apart = {"probability": 1.0, "corrected": None, "likeness": 0.0, "relation": ""}
    together = Pair(SCIENCE, MODERN, "county", 8, 4, 4, 4, pytest.approx(9 / 5 + 1 / 2), 0.05, 0.05, 1.0, "")
    assert [replace(pair, probability=round(pair.probability, 9)) for pair in programmes.pairs(columns, DAY)] == [
        Pair(ZONE, SCIENCE, "county", 8, 2, 4, 0, pytest.approx(6 / 5), **apart),
        Pair(ZONE, MODERN, "county", 8, 2, 4, 0, pytest.approx(6 / 5), **apart),
        replace(together, corrected=pytest.approx(0.05)),
    ]
    # of the family alone, so that there is nothing to correct; four units are too few for a finding
    assert programmes.family(columns, DAY) >= {(SCIENCE, MODERN)}
    assert programmes.find(columns, DAY) == []


def test_what_shares_a_purpose_and_many_units_is_found(tmp_path: Path) -> None:
    """The same six of twelve counties: 1 of C(12,6) = 924 cases."""
    columns = in_one_province(tmp_path, designations(SCIENCE, *TWELVE[:6]), designations(MODERN, *TWELVE[:6]))
    (finding,) = programmes.find(columns, DAY)
    assert finding.key == f"programme/{SCIENCE}/{MODERN}"
    assert (finding.members, finding.ministries) == ((SCIENCE, MODERN), ("mara", "most"))
    assert finding.group == {"programme": f"{SCIENCE};{MODERN}", "unit": "county"}
    factors = finding.factors
    assert (factors["units"], factors["observed"], factors["expected"]) == pytest.approx((12, 6, 3))
    assert (factors["probability"], factors["lift"]) == pytest.approx((1 / 924, 2))
    assert programmes.common_units(columns, DAY, "county", (SCIENCE, MODERN)) == list(TWELVE[:6])


def test_four_units_are_too_few(tmp_path: Path) -> None:
    columns = in_one_province(tmp_path, designations(SCIENCE, *TWELVE[:4]), designations(MODERN, *TWELVE[:4]))
    (pair,) = programmes.pairs(columns, DAY)
    assert pair.probability == pytest.approx(1 / comb(12, 4))
    assert programmes.find(columns, DAY) == []


RELATION = [{"subject": SCIENCE, "object": MODERN, "relation": "contains", "status": "asserted"}]


@pytest.mark.parametrize(
    "tables",
    [
        {"partial": MODERN},
        {"programme_relations": RELATION},
        {"programme_purposes": purposes(agri_sci_park="farming", modern_agri_industrial_park="farms")},
        {"eligible_units": [{"programme": MODERN, "ranks": ""}]},
    ],
    ids=["a list that is not whole", "by design", "no shared purpose", "a collective name"],
)
def test_what_is_not_of_the_family_is_not_found(tmp_path: Path, tables: Mapping[str, object]) -> None:
    chosen = designations(SCIENCE, *TWELVE[:6]), designations(MODERN, *TWELVE[:6])
    columns = in_one_province(tmp_path, *chosen, **tables)  # type: ignore[arg-type]
    assert programmes.family(columns, DAY).isdisjoint({(SCIENCE, MODERN)})
    assert [pair.corrected for pair in programmes.pairs(columns, DAY)] == [None]
    assert programmes.find(columns, DAY) == []


def test_two_programmes_of_one_ministry_are_not_of_the_family(tmp_path: Path) -> None:
    shared = purposes(agri_modernisation_demo_zone="farming", modern_agri_industrial_park="farming")
    chosen = designations(ZONE, *TWELVE[:6]), designations(MODERN, *TWELVE[:6])
    columns = in_one_province(tmp_path, *chosen, programme_purposes=shared)
    assert (ZONE, MODERN) not in programmes.family(columns, DAY)
    assert programmes.find(columns, DAY) == []


def test_units_that_cannot_hold_both_are_not_counted(tmp_path: Path) -> None:
    """A title of counties: of twelve units four are districts; both in six of the other eight: 1 of C(8,6) = 28."""
    ranks = [{"place": code, "rank": "district" if number >= 8 else "county"} for number, code in enumerate(TWELVE)]
    limited = [{"programme": SCIENCE, "ranks": "county;county-level-city"}]
    chosen = designations(SCIENCE, *TWELVE[:6]), designations(MODERN, *TWELVE[:6], *TWELVE[8:])
    columns = in_one_province(tmp_path, *chosen, place_ranks=ranks, eligible_units=limited)
    (pair,) = programmes.pairs(columns, DAY)
    assert (pair.units, pair.one_units, pair.other_units, pair.observed) == (8, 6, 6, 6)
    assert (pair.expected, pair.probability) == pytest.approx((36 / 8, 1 / 28))


def test_only_designations_known_to_lie_in_a_county_count(tmp_path: Path) -> None:
    """A whole prefecture, and a designation somewhere in one, touch no county; several in one county touch it once."""
    columns = opened(
        tmp_path,
        [Designation("first", ZONE, ("320581",)), Designation("second", ZONE, ("320581",))],
        [Designation("whole", MODERN, ("320500",), "prefecture")],
        [Designation("somewhere", SCIENCE, ("320500",), "within-prefecture")],
    )
    assert programmes.pairs(columns, DAY) == []


def test_organisation_borne_designations_meet_on_carriers_of_a_province(tmp_path: Path) -> None:
    """Laboratory and station on both carriers of 江苏, the laboratory alone on one of nowhere: 1 of C(2,2)·… cases."""
    laboratory, station = "state-key-laboratory", "national-field-station"
    carried = [(laboratory, "a"), (laboratory, "b"), (laboratory, "c"), (station, "a"), (station, "b")]
    borne = [
        Designation(f"{programme}-{carrier}", programme, (), bearer="organisation") for programme, carrier in carried
    ]
    columns = opened(
        tmp_path,
        borne,
        designation_carriers=[{"designation": f"{one}-{carrier}", "carrier": carrier} for one, carrier in carried],
        carriers=[{"carrier": "a", "place": "320506"}, {"carrier": "b", "place": "320581"}, {"carrier": "c"}],
    )
    (pair,) = programmes.pairs(columns, DAY)
    assert (pair.one, pair.other, pair.unit) == (station, laboratory, "carrier")
    assert (pair.units, pair.one_units, pair.other_units, pair.observed) == (3, 2, 3, 2)
    # both carriers of the province have both, so that chance leaves them no other way
    assert (pair.expected, pair.probability) == pytest.approx((2, 1))
    assert programmes.common_units(columns, DAY, "carrier", (station, laboratory)) == ["a", "b"]


def test_not_yet_hung_is_not_together(tmp_path: Path) -> None:
    columns = in_one_province(
        tmp_path, designations(SCIENCE, *TWELVE[:6]), designations(MODERN, *TWELVE[:6], start=date(2022, 12, 31))
    )
    assert programmes.pairs(columns, date(2022, 12, 30)) == []
    assert len(programmes.find(columns, DAY)) == 1


@pytest.mark.parametrize(("number", "unit", "least"), [(33, "county", 10), (34, "carrier", 3)])
def test_the_counts_of_the_real_data_are_those_of_the_question(
    number: int, unit: str, least: int, release: Release, columns: Columns
) -> None:
    """SPARQL alone comes to the same units with both programmes, and with each."""
    counted: dict[tuple[str, str], int] = {}
    for pair in programmes.pairs(columns, release.data_as_of):
        if pair.unit == unit:
            for key, units in ((pair.one, pair.one_units), (pair.other, pair.other_units)):
                counted[key, key] = max(units, counted.get((key, key), 0))
            counted[pair.one, pair.other] = pair.observed
    question = questions.find(QUESTIONS, str(number))
    rows = questions.as_cells(questions.rows(EmbeddedStore(release.store_path), question.query))
    answered = {
        (one.removeprefix("id:programme/"), other.removeprefix("id:programme/")): int(units)
        for one, other, units in rows
    }
    assert answered == {pair: units for pair, units in counted.items() if units >= least}
    assert len(answered) > 20


@pytest.mark.parametrize("today", [False, True])
def test_the_family_of_the_real_data_is_that_of_the_question(release: Release, columns: Columns, today: bool) -> None:  # noqa: FBT001
    day = release.data_as_of if today else BEFORE_REFORM
    query = questions.find(QUESTIONS, "45").query.replace(str(BEFORE_REFORM), str(day))
    rows = questions.as_cells(questions.rows(EmbeddedStore(release.store_path), query))
    answered = {tuple(cell.removeprefix("id:programme/") for cell in row) for row in rows}
    family = programmes.family(columns, day)
    assert answered == family
    assert len(family) > 20


def test_the_real_findings_are_those_that_scipy_corrects(columns: Columns) -> None:
    """Corrected over the whole family, also over pairs of it that have no designation in a known county."""
    day = DAY
    tested = [pair for pair in programmes.pairs(columns, day) if pair.corrected is not None]
    assert {(pair.one, pair.other) for pair in tested} <= programmes.family(columns, day)
    untested = len(programmes.family(columns, day)) - len(tested)
    again = false_discovery_control([*(pair.probability for pair in tested), *[1.0] * untested])[: len(tested)]
    assert [pair.corrected for pair in tested] == pytest.approx(list(again))
    found = {
        (pair.one, pair.other)
        for pair, corrected in zip(tested, again, strict=True)
        if corrected <= 0.05 and pair.observed >= 5 and pair.observed > pair.expected
    }
    assert {finding.members for finding in programmes.find(columns, day)} == found != set()


def test_no_designation_lies_where_its_programme_cannot(columns: Columns) -> None:
    """The table of eligible units holds for every designation that is known to lie in a county-level unit."""
    limits = programmes.eligible_ranks(columns)
    units = programmes.Units(columns, DAY, "county")
    found = {key: units.held[key] - units.within(key, [key]) for key in limits if key in units.held and limits[key]}
    assert found != {}
    assert {key: outside for key, outside in found.items() if outside} == {}


def test_limits_of_pairs_are_those_of_both(columns: Columns) -> None:
    """A pair counts the units that may hold both: fewer than all where one is limited."""
    everything = int(columns.query("SELECT count(*) FROM places WHERE place = county")[0][0])
    limited = {key for key, ranks in programmes.eligible_ranks(columns).items() if ranks}
    seen = {
        bool(limited & {pair.one, pair.other}): pair.units
        for pair in programmes.pairs(columns, DAY)
        if pair.unit == "county" and pair.units
    }
    assert seen[False] == everything > seen[True] > 0
    assert [pair for pair in combinations(sorted(limited), 2) if pair in programmes.family(columns, DAY)] == []
