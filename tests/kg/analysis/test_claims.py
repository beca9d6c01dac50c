"""The papers' claims: evaluation rules, each measure by hand, every verdict on the real data."""

import math
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner
from findings_world import Designation, Rows, opened, world

from kg.analysis.claims import claims, counts, shares
from kg.analysis.claims import figures as claim_figures
from kg.analysis.claims.data import ClaimData
from kg.analysis.claims.evaluate import Outcome, Value, outcome
from kg.analysis.claims.evaluate import Test as ClaimTest
from kg.analysis.claims.figures import Figures
from kg.cli import main
from kg.release import Release
from kg.release.columns import Columns
from kg.store import EmbeddedStore, questions
from kg.store.questions import with_prefixes

ROOT = Path(__file__).parents[3]
DAY = date(2022, 12, 31)
ZONE, PARK, MODERN = "national-high-tech-zone", "agri-sci-park", "modern-agri-industrial-park"
ASKED = ClaimTest("t", "c", "designations", (ZONE,), (), (), {}, DAY, "equal", 0, 0, "", "")


@pytest.mark.parametrize(
    ("comparison", "claimed", "tolerance", "value", "expected"),
    [
        ("equal", 21, 0, Value(21, 21), "holds"),
        ("equal", 21, 0, Value(20, 20), "fails"),
        ("equal", 300, 15, Value(286, 286), "holds"),
        ("equal", 300, 15, Value(284, 284), "fails"),
        ("equal", 21, 0, Value(17, 21), "holds"),  # four of twenty-one are within a fifth
        ("equal", 21, 0, Value(16, 21), "open"),
        ("equal", 21, 0, Value(22, 40), "fails"),  # already too many
        ("more-than", 5, 0, Value(5, 5), "fails"),
        ("at-least", 5, 0, Value(5, 5), "holds"),
        ("at-least", 5, 0, Value(4, 6), "open"),
        ("at-least", 5, 0, Value(5, math.inf), "holds"),
        ("less-than", 5, 0, Value(4, 4), "holds"),
        ("at-most", 5, 0, Value(6, math.inf), "fails"),
        ("equal", 21, 0, None, "open"),
    ],
)
def test_how_a_value_stands_to_what_is_claimed(
    comparison: str, claimed: float, tolerance: float, value: Value | None, expected: Outcome
) -> None:
    test = replace(ASKED, comparison=comparison, claimed=claimed, tolerance=tolerance)
    assert outcome(test, value, width=0.2) == expected


@pytest.mark.parametrize(
    ("outcomes", "lacking", "expected"),
    [
        (["holds", "holds"], [], ("holds", "supported")),
        (["holds", "fails"], [], ("fails", "contradicted")),
        (["open", "fails"], [], ("fails", "contradicted")),
        (["holds", "open"], [], ("open", "not-testable")),
        (["holds"], ["list"], ("holds", "not-testable")),
        (["fails"], ["list"], ("fails", "not-testable")),
        ([], [], ("open", "not-testable")),
    ],
)
def test_a_list_that_is_lacking_leaves_a_claim_untested_whatever_the_numbers_say(
    outcomes: list[Outcome], lacking: list[str], expected: tuple[str, str]
) -> None:
    assert claims.verdict(outcomes, lacking) == expected


def small(folder: Path) -> ClaimData:
    """Designations of two programmes in 江苏 and 北京, one undated and one of tomorrow; one list is whole."""
    tables: dict[str, Rows] = {
        "lists": [
            {"list": "zones", "completeness": "partial", "official_total": 6, "edition": "2022"},
            {"list": "parks", "completeness": "whole", "edition": "2022"},
        ],
        "list_programmes": [{"list": "zones", "programme": ZONE}, {"list": "parks", "programme": PARK}],
        "region_places": [
            {"region": "south", "place": "320000", "scope": "whole"},
            {"region": "north", "place": "110000", "scope": "whole"},
        ],
        "place_ranks": [
            *({"place": place, "rank": "county-level-city"} for place in ("320281", "320282", "320581", "320583")),
            *({"place": place, "rank": "district"} for place in ("320506", "110117", "110118")),
            {"place": "110000", "rank": "municipality"},
        ],
        "designation_stages": [{"designation": "park", "stage": "begun", "first": date(2021, 1, 1)}],
        "programmes": [
            {"programme": ZONE, "policy_area": "industry", "bearer": "area"},
            {"programme": PARK, "policy_area": "agriculture", "bearer": "area"},
            {"programme": MODERN, "policy_area": "agriculture", "bearer": "area"},
        ],
    }
    designations = [
        *(
            Designation("kunshan", ZONE, ("320583",)),
            Designation("changshu", ZONE, ("320581",), start=date(2022, 6, 1)),
        ),
        *(Designation("undated", ZONE, ("110117",), start=date(2025, 1, 1), dated=False),),
        Designation("tomorrow", ZONE, ("110118",), start=date(2024, 1, 1)),
        *(Designation("park", PARK, ("320583",)), Designation("somewhere", PARK, ("320500",), "within-prefecture")),
    ]
    return ClaimData(world(folder, designations, [("kunshan", "park", "contains", "asserted")], **tables))


def measured(at: ClaimData, measure: str, programmes: tuple[str, ...] = (ZONE,), **more: str) -> Value | None:
    """Measure; region and place by their parameter, all others as parameters of the test."""
    regions = tuple(entry for entry in more.pop("region", "").split(",") if entry)
    places = tuple(entry for entry in more.pop("place", "").split(",") if entry)
    parameters = {name.rstrip("_"): value for name, value in more.items()}
    test = replace(ASKED, measure=measure, programmes=programmes, regions=regions, places=places, parameters=parameters)
    return (dict(counts.MEASURES) | dict(shares.MEASURES))[measure](at, test)


def test_counts_by_hand(tmp_path: Path) -> None:
    at = small(tmp_path)
    # two dated; the undated one and the two that the list lacks of its total of six may be more
    assert measured(at, "designations") == Value(2, 5, 1)
    assert measured(at, "designations", region="south") == Value(2, 4, 1)
    assert measured(at, "designations", (PARK,)) == Value(2, 2, 1)
    assert measured(at, "designations", (PARK,), stage="begun") == Value(1, 1, 1)
    assert measured(at, "designations", (PARK,), name="some") == Value(1, 1, 1)
    assert measured(at, "begun", from_="2022-01-01") is not None
    assert measured(at, "related", relation="contains") == Value(1, 1)
    assert measured(at, "areas-with", region="south,north") == Value(2, 2)
    assert measured(at, "areas-with", (PARK,), region="south,north") == Value(1, 1)


def test_begun_by_hand(tmp_path: Path) -> None:
    test = replace(ASKED, measure="begun", parameters={"from": "2022-01-01", "to": "2022-12-31"})
    assert counts.MEASURES["begun"](small(tmp_path), test) == Value(1, 1, 1)


def test_ties_and_meetings_by_hand(tmp_path: Path) -> None:
    at = small(tmp_path)
    parameters = {"with": ZONE}
    untied = replace(ASKED, measure="untied", programmes=(PARK,), parameters=parameters)
    # both parks lie in 苏州, where zones are; one is known to lie in no county of a zone
    assert counts.MEASURES["untied"](at, untied) == Value(0, 1)
    assert counts.MEASURES["beside"](at, untied) == Value(1, 1)
    zones = replace(untied, programmes=(ZONE,), parameters={"with": PARK})
    assert counts.MEASURES["beside"](at, zones) == Value(2 / 3, 2 / 3)
    # 昆山 has both; the list of zones is not whole, so that there may be more
    both = (ZONE, PARK)
    assert measured(at, "meetings", both, ministries="most,mara", least="2") == Value(0, math.inf, 2)
    assert measured(at, "meetings", both, ministries="most", least="1") == Value(2, math.inf, 2)


def test_shares_by_hand(tmp_path: Path) -> None:
    """Of the zones two of three lie in the south, of the parks all; two of eight county-level units in the north."""
    at = small(tmp_path)
    share = measured(at, "share", (ZONE, PARK), region="south")
    assert share is not None
    assert (share.low, share.programmes) == (pytest.approx(5 / 6), 2)
    difference = measured(at, "share-difference", (ZONE, PARK), region="south", against="north")
    assert difference is not None
    assert difference.low == pytest.approx((1 / 3 + 1) / 2)
    quotient = measured(at, "location-quotient", region="north", base="units")
    assert quotient is not None
    assert quotient.low == pytest.approx((1 / 3) / (2 / 8))
    assert measured(at, "location-quotient", region="north", base="population") is None


def test_growth_of_a_difference_by_hand(tmp_path: Path) -> None:
    """In 2021 one zone of the south and the undated one of the north: 0; in 2022 one more of the south: a third."""
    test = replace(
        ASKED,
        measure="share-difference-growth",
        regions=("south",),
        parameters={"against": "north", "from": "2021-12-31"},
    )
    found = shares.MEASURES["share-difference-growth"](small(tmp_path), test)
    assert found is not None
    assert found.low == pytest.approx(1 / 3)


def test_kinds_of_units_by_hand(tmp_path: Path) -> None:
    at = small(tmp_path)
    # of the zones two of three in county-level cities; of the park only the one whose county is known counts
    share = measured(at, "kind-share", (ZONE, PARK), kinds="county")
    assert share is not None
    assert (share.low, share.programmes) == (pytest.approx(5 / 6), 2)
    # one park and two zones in county-level cities; the other park may be in one as well
    assert measured(at, "policy-share", (ZONE, PARK), kinds="county", area="agriculture") == Value(1 / 3, 2 / 4, 2)
    # 昆山 and 常熟 of four county-level cities are taken, and the park may take a third
    assert measured(at, "units-without", (ZONE, PARK), kinds="county") == Value(1 / 4, 2 / 4, 2)


def test_ranks_by_hand(tmp_path: Path) -> None:
    """北京 has one designation for its one unit, the three other prefectures two: the higher rank has more, in full."""
    found = measured(small(tmp_path), "rank-correlation")
    assert found is not None
    assert found.low == pytest.approx(1)


FIGURES = {
    "t/r1/a": 10.0,
    "t/r1/b": 20.0,
    "t/r2/a": 12.0,
    "t/r2/b": 21.0,
    "t/r3/a": 10.0,
    "t/r3/b": 22.0,
    "u/r1/a": 99.0,
}


def test_figures_by_hand(tmp_path: Path) -> None:
    figures = Figures(
        opened(tmp_path / "columns", {"figures": [{"figure": k, "value": v} for k, v in FIGURES.items()]})
    )

    def of(measure: str, **parameters: str) -> Value:
        return claim_figures.MEASURES[measure](figures, replace(ASKED, parameters=parameters))

    assert of("figure", figure="t/r2/b") == Value(21, 21)
    assert of("figure-ratio", figure="t/r2/a", to="t/r1/a") == Value(1.2, 1.2)
    assert [of("figure-rank", figure=f"t/r{row}/b").low for row in (1, 2, 3)] == [3, 2, 1]
    # r3 lies 2 from r1, r2 the root of 5
    assert of("figure-distance-rank", figure="t/r2", to="t/r1", columns="a,b") == Value(2, 2)
    assert of("figure-distance-rank", figure="t/r3", to="t/r1", columns="a,b") == Value(1, 1)


VERDICTS = {
    "high-tech-zones-2020": "supported",
    "self-innovation-zones-members": "supported",
    "agri-sci-parks-2021": "supported",
    "plates-lag-behind-strategies": "supported",
    "east-west-gap-remains": "supported",
    "south-north-gap-grows": "supported",
    "leading-clusters-ranks": "supported",
    "positionings-differ": "supported",
    "jjj-research-share-near-double": "supported",
    "beijing-research-share-highest": "supported",
    "delta-development-heavy": "supported",
    "shanghai-basic-above-national": "supported",
    "guangzhou-shenzhen-differ": "supported",
    "modern-agri-parks-2020": "contradicted",
    "modern-agri-parks-in-counties": "contradicted",
    "guangdong-like-nation": "contradicted",
    "counties-only-agricultural": "contradicted",
}
"""What is decided on the real data; every other claim is not testable."""


@pytest.fixture(scope="module")
def judged(columns: Columns) -> dict[str, claims.Claim]:
    return {claim.key: claim for claim in claims.evaluated(columns)}


def test_verdicts_on_the_real_data(judged: dict[str, claims.Claim]) -> None:
    assert len(judged) == 48
    assert {key: claim.verdict for key, claim in judged.items() if claim.verdict != "not-testable"} == VERDICTS


def test_every_claim_is_tested_or_says_why_not(judged: dict[str, claims.Claim]) -> None:
    measures = {claims.BEYOND, *counts.MEASURES, *shares.MEASURES, *claim_figures.MEASURES}
    for claim in judged.values():
        assert claim.tests, claim.key
        assert {tested.test.measure for tested in claim.tests} <= measures


def test_what_decides_the_claims_that_the_design_names(judged: dict[str, claims.Claim]) -> None:
    def lines(key: str) -> list[str]:
        return claims.rows([judged[key]])[0][5].split("\n")

    assert lines("self-innovation-zones-members") == [
        "designations 21, equal 21: holds",
        "related (relation=contains) 61, equal 61: holds",
    ]
    assert lines("manufacturing-centers-concentrated")[1:] == [
        "designations (110000) 1 to 9, equal 3: open",
        "designations (yrd) 6 to 13, equal 6: open",
        "designations (440000) 3 to 10, equal 3: open",
    ]
    assert judged["manufacturing-centers-concentrated"].lacking == ("national-manufacturing-innovation-center",)
    assert lines("new-areas-without-high-tech-zone")[0] == "designations 19, equal 19: holds"
    assert judged["new-areas-without-high-tech-zone"].outcome == "open"
    assert set(judged["plates-east-over-west"].lacking) == {
        "sustainable-development-experimental-zone",
        "university-science-park",
    }
    assert judged["plates-east-over-west"].outcome == "holds"
    assert judged["counties-only-agricultural"].outcome == "fails"


def test_the_release_says_each_verdict_once(release: Release, judged: dict[str, claims.Claim]) -> None:
    answer = questions.rows(
        EmbeddedStore(release.store_path),
        with_prefixes("SELECT ?claim ?verdict WHERE { ?claim a gp:Claim ; gp:hasVerdict ?verdict } ORDER BY ?claim"),
    )
    said = [(claim.rpartition("/")[2], verdict.rpartition("/")[2]) for claim, verdict in questions.as_cells(answer)]
    assert said == sorted((key, claim.verdict) for key, claim in judged.items())


def test_the_command_prints_every_claim_with_its_numbers(release: Release) -> None:
    outcome_of = CliRunner().invoke(main, ["claims", "--dist", str(release.path.parent), "--format", "csv"])
    assert outcome_of.exit_code == 0
    assert "guangdong-like-nation" in outcome_of.stdout
    assert f"{len(VERDICTS) - 4} supported, 4 contradicted, {48 - len(VERDICTS)} not-testable" in outcome_of.stderr
