"""Pairs of programmes: probabilities against another formula and by hand, counts on a small world."""

from datetime import date
from pathlib import Path

import pytest
from findings_world import Designation, Rows, world
from scipy.stats import fisher_exact

from kg.analysis import statistics
from kg.analysis.findings.kinds import programmes
from kg.analysis.findings.kinds.programmes import Pair
from kg.release import Release
from kg.release.columns import Columns
from kg.store import EmbeddedStore, questions

ROOT = Path(__file__).parents[4]

DAY = date(2022, 12, 31)
ZONE, COLD, PARK = "agri-modernisation-demo-zone", "agri-cold-chain-county-pilot", "modern-agri-industrial-park"
WUXI_AND_SUZHOU = ("320281", "320282", "320506", "320581", "320583")
PURPOSES = [
    {
        "programme": programme,
        "purpose": purpose,
        "purpose_group": "agriculture-rural",
        "weight": weight,
        "generic": False,
    }
    for programme, purpose, weight in (
        (ZONE, "farming", "main"),
        (ZONE, "processing", "secondary"),
        (COLD, "farming", "main"),
        (PARK, "tourism", "main"),
    )
]
"""Zone and pilot share one main purpose: 1 of 1.5; the park shares none with either."""


def designations(
    programme: str, *places: str, extent: str = "within-county", start: date = date(2010, 1, 1)
) -> list[Designation]:
    return [Designation(f"{programme}-{place}", programme, (place,), extent, start=start) for place in places]


def opened(folder: Path, *chosen: list[Designation], **tables: Rows) -> Columns:
    return world(
        folder, [designation for some in chosen for designation in some], **{"programme_purposes": PURPOSES, **tables}
    )


def test_probability_is_that_of_fishers_exact_test() -> None:
    """Fisher's one-sided test on the table with the same margins is the tail of the same distribution."""
    for units, one, other, observed in [(8, 3, 3, 2), (2850, 116, 143, 14), (40, 10, 4, 0), (12, 12, 5, 5)]:
        table = [[observed, one - observed], [other - observed, units - one - other + observed]]
        expected = fisher_exact(table, alternative="greater").pvalue
        assert statistics.at_least(units, one, other, observed) == pytest.approx(expected)


def test_probability_by_hand() -> None:
    """Three of eight counties each: all three the same in 1 of C(8,3) = 56 cases, two or more in 1 + 3·5 = 16."""
    assert statistics.at_least(8, 3, 3, 3) == pytest.approx(1 / 56)
    assert statistics.at_least(8, 3, 3, 2) == pytest.approx(16 / 56)
    assert statistics.at_most(8, 3, 3, 1) == pytest.approx(40 / 56)


def test_correction_by_hand() -> None:
    """Each times 4 over its rank, then no smaller one above a greater: 4·.005/1, 4·.01/2, 4·.03/3, 4·.04/4."""
    assert statistics.corrected([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.02, 0.04, 0.04, 0.02])
    assert statistics.corrected([]) == []


def test_a_pair_with_everything_worked_by_hand(tmp_path: Path) -> None:
    """Zone and pilot in the same three of eight counties; the park in two others: three pairs, one of them together."""
    columns = opened(
        tmp_path,
        *(
            designations(ZONE, *WUXI_AND_SUZHOU[:3]),
            designations(COLD, *WUXI_AND_SUZHOU[:3]),
            designations(PARK, *WUXI_AND_SUZHOU[3:]),
        ),
    )
    apart = 1.0
    assert programmes.pairs(columns, DAY) == [
        Pair(COLD, ZONE, "county", 8, 3, 3, 3, 9 / 8, pytest.approx(1 / 56), pytest.approx(3 / 56), 2 / 3, ""),
        Pair(COLD, PARK, "county", 8, 3, 2, 0, 6 / 8, apart, apart, 0.0, ""),
        Pair(ZONE, PARK, "county", 8, 3, 2, 0, 6 / 8, apart, apart, 0.0, ""),
    ]
    # 3/56 is above the level of 0.05: together, but not surely more often than by chance
    assert programmes.find(columns, DAY) == []


def test_what_is_alike_and_together_is_found(tmp_path: Path) -> None:
    columns = opened(tmp_path, designations(ZONE, *WUXI_AND_SUZHOU[:3]), designations(COLD, *WUXI_AND_SUZHOU[:3]))
    (finding,) = programmes.find(columns, DAY)
    assert finding.key == f"programme/{COLD}/{ZONE}"
    assert (finding.members, finding.ministries) == ((COLD, ZONE), ("mara",))
    assert finding.group == {"programme": f"{COLD};{ZONE}", "unit": "county"}
    assert (finding.factors["observed"], finding.factors["expected"]) == pytest.approx((3, 1.125))
    assert finding.factors["lift"] == pytest.approx(8 / 3)
    # one pair only: nothing to correct; −log10(1/56) over the cap of 6, times likeness
    assert finding.score == pytest.approx(1.7481880 / 6 * 2 / 3)


def test_together_without_likeness_is_not_found(tmp_path: Path) -> None:
    columns = opened(tmp_path, designations(ZONE, *WUXI_AND_SUZHOU[:3]), designations(PARK, *WUXI_AND_SUZHOU[:3]))
    (pair,) = programmes.pairs(columns, DAY)
    assert (pair.observed, pair.likeness) == (3, 0.0)
    assert programmes.find(columns, DAY) == []


def test_by_design_is_shown_apart(tmp_path: Path) -> None:
    relation = [{"subject": ZONE, "object": COLD, "relation": "contains", "status": "asserted"}]
    chosen = designations(ZONE, *WUXI_AND_SUZHOU[:3]), designations(COLD, *WUXI_AND_SUZHOU[:3])
    columns = opened(tmp_path, *chosen, programme_relations=relation)
    (pair,) = programmes.pairs(columns, DAY)
    assert (pair.relation, pair.probability) == ("contains", pytest.approx(1 / 56))
    assert programmes.find(columns, DAY) == []


def test_only_designations_known_to_lie_in_a_county_count(tmp_path: Path) -> None:
    """A whole prefecture, and a designation somewhere in one, touch no county; several in one county touch it once."""
    columns = opened(
        tmp_path,
        *(designations(ZONE, "320581"), [Designation("second", ZONE, ("320581",))]),
        *(designations(COLD, "320500", extent="prefecture"), designations(PARK, "320500", extent="within-prefecture")),
    )
    assert programmes.pairs(columns, DAY) == []


def test_organisation_borne_designations_meet_on_carriers(tmp_path: Path) -> None:
    """Four carriers bear designations; laboratory and station share two of them: 1 of C(4,2) = 6."""
    laboratory, station, center = (
        "state-key-laboratory",
        "national-field-station",
        "national-technology-innovation-center",
    )
    carried = [(laboratory, "a"), (laboratory, "b"), (station, "a"), (station, "b"), (center, "c"), (center, "d")]
    borne = [
        Designation(f"{programme}-{carrier}", programme, (), bearer="organisation") for programme, carrier in carried
    ]
    carriers = [{"designation": f"{programme}-{carrier}", "carrier": carrier} for programme, carrier in carried]
    columns = opened(tmp_path, borne, designation_carriers=carriers)
    known = {(pair.one, pair.other): pair for pair in programmes.pairs(columns, DAY)}
    pair = known[station, laboratory]
    assert (pair.unit, pair.units, pair.one_units, pair.other_units, pair.observed) == ("carrier", 4, 2, 2, 2)
    assert (pair.probability, pair.corrected) == pytest.approx((1 / 6, 3 / 6))


def test_not_yet_hung_is_not_together(tmp_path: Path) -> None:
    columns = opened(
        tmp_path,
        designations(ZONE, *WUXI_AND_SUZHOU[:3]),
        designations(COLD, *WUXI_AND_SUZHOU[:3], start=date(2023, 5, 1)),
    )
    assert programmes.pairs(columns, DAY) == []
    assert len(programmes.find(columns, date(2023, 5, 1))) == 1


@pytest.mark.parametrize(("number", "unit", "least"), [(33, "county", 10), (34, "carrier", 3)])
def test_the_counts_of_the_real_data_are_those_of_the_question(
    number: int, unit: str, least: int, release: Release, columns: Columns
) -> None:
    """SPARQL alone comes to the same units with both programmes, and with each."""
    counted: dict[tuple[str, str], int] = {}
    for pair in programmes.pairs(columns, release.data_as_of):
        if pair.unit == unit:
            counted[pair.one, pair.one], counted[pair.other, pair.other] = pair.one_units, pair.other_units
            counted[pair.one, pair.other] = pair.observed
    question = questions.find(ROOT / "ontology" / "questions", str(number))
    rows = questions.as_cells(questions.rows(EmbeddedStore(release.store_path), question.query))
    answered = {
        (one.removeprefix("id:programme/"), other.removeprefix("id:programme/")): int(units)
        for one, other, units in rows
    }
    assert answered == {pair: units for pair, units in counted.items() if units >= least}
    assert len(answered) > 20
