"""Territorial overlaps, rule by rule, on a small world by hand."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import pytest
from findings_world import Designation, world

from kg.analysis.findings.finding import Finding, Subtraction
from kg.analysis.findings.kinds import territorial

BEFORE, AFTER = date(2022, 12, 31), date(2024, 1, 1)
KUNSHAN, CHANGSHU, SUZHOU = "320583", "320581", "320500"


def found(
    folder: Path, *designations: Designation, relations: Sequence[Sequence[str]] = (), day: date = BEFORE
) -> list[Finding]:
    return territorial.find(world(Path(mkdtemp(dir=folder)), designations, relations), day)


def keys(findings: list[Finding]) -> dict[str, tuple[str, ...]]:
    return {finding.key.removeprefix("territorial/"): finding.members for finding in findings}


def high_tech(place: str, *fields: str, extent: str = "within-county", key: str = "high-tech") -> Designation:
    return Designation(key, "national-high-tech-zone", (place,), extent, fields)


def economic(place: str, *fields: str, extent: str = "within-county", key: str = "economic") -> Designation:
    return Designation(key, "national-etdz", (place,), extent, fields)


def test_two_ministries_with_a_common_field_in_one_county(tmp_path: Path) -> None:
    """Both grow the region, one has technology as main; industry is secondary on both, trade on one side only."""
    findings = found(tmp_path, high_tech(KUNSHAN, "electronics"), economic(KUNSHAN, "machinery", "electronics"))
    both = ("economic", "high-tech")
    assert keys(findings) == {f"{KUNSHAN}/regional-development": both, f"{KUNSHAN}/technology-commercialisation": both}
    one = findings[0]
    assert one.group == {"place": KUNSHAN, "purpose_group": "regional-development"}
    assert (one.ministries, one.certainty, one.rests_on_inferred) == (("mofcom", "most"), "same", False)
    assert one.programmes == ("national-etdz", "national-high-tech-zone")
    assert one.overlaps == (one.programmes,)
    # shared: growth 1, innovation 0.5; all: growth, industrialisation, innovation, trade, opening 1 each, transfer,
    # cluster, upgrading 0.5 each. Of Jiangsu's five counties each programme has one: by chance together in 1 of 5.
    assert one.factors == pytest.approx(
        {
            "pairs": 1,
            "likeness": 1.5 / 6.5,
            "field_agreement": 1,
            "certainty": 1,
            "seriousness": 1.5 / 6.5,
            "units": 5,
            "observed": 1,
            "expected": 0.2,
            "probability": 0.2,
            "surprise": 0.69897 / 6,
            "strands": 1,
            "qualifying_pairs": 1,
        }
    )
    assert one.score == pytest.approx(0.69897 / 6 * 1.5 / 6.5)
    # to grow the region is main for both; one's innovation is an aside of the other
    assert [(finding.strength, finding.lacks) for finding in findings] == [
        ("strong", ()),
        ("plain", ("purpose-partial",)),
    ]


@pytest.mark.parametrize(
    ("changed", "day", "expected"),
    [
        ({}, BEFORE, ("strong", ())),
        ({"fields": ("industry",)}, BEFORE, ("plain", ("field-unknown",))),
        ({"dated": False}, BEFORE, ("plain", ("date-unknown",))),
        ({"grade": "low"}, BEFORE, ("plain", ("source-low",))),
        ({"grade": "unsourced", "dated": False}, BEFORE, ("plain", ("date-unknown", "source-low"))),
        ({"places": (SUZHOU,), "extent": "prefecture"}, BEFORE, ("weak", ("whole-prefecture",))),
        ({"places": (SUZHOU,), "extent": "unknown"}, BEFORE, ("", ())),
    ],
)
def test_what_a_pair_lacks_makes_its_overlap_less_strong(
    tmp_path: Path, changed: dict[str, Any], day: date, expected: tuple[str, tuple[str, ...]]
) -> None:
    other = replace(economic(KUNSHAN, "electronics"), **changed)
    findings = found(tmp_path, high_tech(KUNSHAN, "electronics"), other, day=day)
    assert {
        (finding.strength, finding.lacks)
        for finding in findings
        if finding.group["purpose_group"] == "regional-development"
        and (KUNSHAN in finding.key or other.places == (SUZHOU,))
    } == {expected}


def test_farming_needs_no_field_and_a_mandate_that_is_inferred_makes_an_overlap_plain(tmp_path: Path) -> None:
    parks = [
        Designation("science", "agri-sci-park", (KUNSHAN,)),
        Designation("park", "modern-agri-industrial-park", (KUNSHAN,)),
    ]
    (before,) = found(tmp_path, *parks)
    assert (before.strength, before.lacks, before.factors["qualifying_pairs"]) == ("strong", (), 1)
    zone = Designation("zone", "sustainable-development-experimental-zone", (KUNSHAN,))
    finance = Designation("finance", "green-finance-zone", (KUNSHAN,))
    findings = {each.group["purpose_group"]: each for each in found(tmp_path, zone, finance, day=AFTER)}
    inferred = findings["social-development"]
    assert (inferred.strength, inferred.lacks) == ("plain", ("mandate-inferred",))


def test_a_finding_is_as_strong_as_its_strongest_pair(tmp_path: Path) -> None:
    """Two economic zones: one with the field, one without a date and a field; the pair of programmes counts once."""
    zones = [economic(KUNSHAN, "electronics"), replace(economic(KUNSHAN, "industry", key="late"), dated=False)]
    regional, technical = found(tmp_path, high_tech(KUNSHAN, "electronics"), *zones)
    assert (regional.strength, regional.lacks, regional.factors["qualifying_pairs"]) == ("strong", (), 1)
    assert (technical.strength, technical.lacks) == ("plain", ("purpose-partial",))
    assert len(regional.members) == len(technical.members) == 3


@pytest.mark.parametrize(
    ("mine", "theirs", "expected"),
    [
        (("electronics",), ("electronics",), 1.0),
        (("industry",), ("electronics",), 0.5),  # a group of fields holds its fields, but which of them
        (("industry",), ("industry",), 0.5),
        (("industry", "electronics"), ("electronics",), 1.0),
        ((), (), 0.5),
        (("electronics",), ("machinery",), None),
        (("electronics",), (), None),
        (("electronics",), ("farming",), None),
    ],
)
def test_industry_needs_a_common_field_or_none_on_both_sides(
    tmp_path: Path, mine: tuple[str, ...], theirs: tuple[str, ...], expected: float | None
) -> None:
    findings = found(tmp_path, high_tech(KUNSHAN, *mine), economic(KUNSHAN, *theirs))
    agreements = {finding.factors["field_agreement"] for finding in findings}
    assert agreements == (set() if expected is None else {expected})


@pytest.mark.parametrize(("fields", "agreement"), [((), 0.5), (("farming",), 1), (("machinery",), 0.25)])
def test_farming_needs_no_common_field(tmp_path: Path, fields: tuple[str, ...], agreement: float) -> None:
    findings = found(
        tmp_path,
        Designation("science-park", "agri-sci-park", ("110117",), fields=fields),
        Designation("modern-park", "modern-agri-industrial-park", ("110117",), fields=("farming",)),
    )
    assert keys(findings) == {"110117/agriculture-rural": ("modern-park", "science-park")}
    assert findings[0].factors["field_agreement"] == agreement


def test_the_reform_moved_the_overlap_inside_a_house(tmp_path: Path) -> None:
    designations = [
        Designation("science-park", "agri-sci-park", ("110117",)),
        Designation("modern-park", "modern-agri-industrial-park", ("110117",)),
    ]
    assert len(found(tmp_path, *designations, day=BEFORE)) == 1
    assert found(tmp_path, *designations, day=AFTER) == []


def test_other_counties_raise_nothing(tmp_path: Path) -> None:
    assert found(tmp_path, high_tech(KUNSHAN), economic(CHANGSHU)) == []


def test_a_whole_prefecture_covers_its_counties(tmp_path: Path) -> None:
    """Of the cities' and the county's innovation: the two cities meet in the prefecture, the county in itself."""
    findings = found(
        tmp_path,
        Designation("city", "innovative-city", (SUZHOU,), "prefecture"),
        Designation("property-city", "ip-demo-city", (SUZHOU,), "prefecture"),
        Designation("county", "innovative-county", (CHANGSHU,), "county"),
    )
    assert keys(findings) == {
        f"{CHANGSHU}/regional-development": ("county", "property-city"),
        f"{SUZHOU}/regional-development": ("city", "property-city"),
        f"{SUZHOU}/technology-commercialisation": ("city", "property-city"),
    }
    assert {finding.certainty for finding in findings} == {"covers"}
    by_group = {tuple(finding.group.values()): finding for finding in findings}
    city, county = by_group[SUZHOU, "regional-development"], by_group[CHANGSHU, "regional-development"]
    # one of five counties is an innovative one, three lie in the city: 3 of 5; in both prefectures of Jiangsu
    assert (county.factors["probability"], county.factors["certainty"]) == pytest.approx((0.6, 0.6))
    assert (city.factors["units"], city.factors["probability"]) == pytest.approx((2, 0.5))


def test_somewhere_in_the_prefecture_is_only_possible(tmp_path: Path) -> None:
    findings = found(tmp_path, high_tech(KUNSHAN), economic(SUZHOU, extent="within-prefecture"))
    assert keys(findings) == {
        f"{SUZHOU}/regional-development/possible": ("economic", "high-tech"),
        f"{SUZHOU}/technology-commercialisation/possible": ("economic", "high-tech"),
    }
    assert {(finding.certainty, finding.score, finding.ranked) for finding in findings} == {("possible", 0, False)}


def test_within_a_whole_prefecture_is_certain(tmp_path: Path) -> None:
    findings = found(tmp_path, high_tech(SUZHOU, extent="prefecture"), economic(SUZHOU, extent="unknown"))
    assert {finding.certainty for finding in findings} == {"covers"}
    assert {finding.group["place"] for finding in findings} == {SUZHOU}


def test_one_county_whose_name_fits_several_is_only_possible(tmp_path: Path) -> None:
    doubtful = Designation("economic", "national-etdz", (KUNSHAN, CHANGSHU), "within-county")
    assert {f.certainty for f in found(tmp_path, high_tech(KUNSHAN), doubtful)} == {"possible"}


def test_a_zone_over_several_counties_touches_each(tmp_path: Path) -> None:
    wide = Designation("economic", "national-etdz", (KUNSHAN, CHANGSHU), "several-counties")
    findings = found(tmp_path, high_tech(KUNSHAN), wide)
    assert {(f.group["place"], f.certainty) for f in findings} == {(KUNSHAN, "same")}


def test_a_prefecture_without_counties_is_its_own_county(tmp_path: Path) -> None:
    within = economic("441900", extent="within-prefecture")
    findings = found(tmp_path, high_tech("441900", extent="within-prefecture"), within)
    assert {(f.group["place"], f.certainty, f.factors["units"]) for f in findings} == {("441900", "same", 1)}
    findings = found(tmp_path, high_tech("441900", extent="prefecture"), within)
    assert {(f.group["place"], f.certainty, f.factors["units"]) for f in findings} == {("441900", "covers", 1)}


@pytest.mark.parametrize("extent", ["province", "several-provinces"])
def test_province_wide_designations_raise_nothing(tmp_path: Path, extent: str) -> None:
    trade = Designation("trade", "pilot-free-trade-zone", ("320000",), extent)
    assert found(tmp_path, Designation("new-area", "national-new-area", (KUNSHAN,)), trade) == []


def test_organisation_borne_designations_raise_nothing(tmp_path: Path) -> None:
    borne = Designation("economic", "national-etdz", (KUNSHAN,), bearer="organisation")
    assert found(tmp_path, high_tech(KUNSHAN), borne) == []


def test_what_is_by_design_is_subtracted_and_shown(tmp_path: Path) -> None:
    """A bonded zone lies on the economic zone by design; both meet a border zone, and that needs explaining."""
    bonded = Designation("bonded", "customs-special-zone", (KUNSHAN,))
    assert found(tmp_path, economic(KUNSHAN), bonded) == []
    new_area = Designation("new-area", "national-new-area", (KUNSHAN,))
    zone = Designation("park", "modern-agri-industrial-park", (KUNSHAN,))
    assert found(tmp_path, bonded, new_area, zone) == []
    free = Designation("free", "pilot-free-trade-zone", (KUNSHAN,), "several-counties")
    findings = found(tmp_path, economic(KUNSHAN), bonded, new_area, free)
    assert keys(findings) == {f"{KUNSHAN}/open-economy": ("free", "new-area")}
    assert findings[0].subtracted == (
        Subtraction("bonded", "economic", "lies-on", "programmes"),
        Subtraction("free", "bonded", "contains", "programmes"),
        Subtraction("new-area", "bonded", "contains", "programmes"),
        Subtraction("new-area", "economic", "contains", "programmes"),
    )


def test_what_no_overlap_ties_together_is_measured_apart(tmp_path: Path) -> None:
    """Two titles of cities and two zones in one county are two strands; the score is that of the higher one."""
    titles = [
        Designation("city", "innovative-city", (SUZHOU,), "prefecture"),
        Designation("property-city", "ip-demo-city", (CHANGSHU,), "county"),
    ]
    zones = [high_tech(CHANGSHU, "electronics"), economic(CHANGSHU, "electronics")]
    both = {f.group["purpose_group"]: f for f in found(tmp_path, *titles, *zones)}["regional-development"]
    alone = {f.group["purpose_group"]: f for f in found(tmp_path, *titles)}["regional-development"]
    assert (both.factors["strands"], alone.factors["strands"]) == (2, 1)
    assert both.overlaps == (("innovative-city", "ip-demo-city"), ("national-etdz", "national-high-tech-zone"))
    of_zones = {f.group["purpose_group"]: f for f in found(tmp_path, *zones)}["regional-development"]
    higher = max(alone, of_zones, key=lambda finding: finding.score)
    assert (both.strand, both.score) == (higher.strand, pytest.approx(higher.score))


def test_a_relation_of_two_designations_is_subtracted(tmp_path: Path) -> None:
    designations = [high_tech(KUNSHAN), economic(KUNSHAN)]
    assert found(tmp_path, *designations, relations=[("high-tech", "economic", "lies-on", "asserted")]) == []
    assert len(found(tmp_path, *designations, relations=[("high-tech", "economic", "lies-on", "unsourced")])) == 2
    assert len(found(tmp_path, *designations, relations=[("high-tech", "economic", "complements", "asserted")])) == 2


def test_what_complements_is_not_subtracted(tmp_path: Path) -> None:
    """Documents say that the two parks divide the work; two ministries still do one job at one place."""
    findings = found(
        tmp_path,
        Designation("science-park", "agri-sci-park", (KUNSHAN,)),
        Designation("modern-park", "modern-agri-industrial-park", (KUNSHAN,)),
    )
    assert [finding.subtracted for finding in findings] == [()]


def test_only_designations_in_force_and_marked_where_undated(tmp_path: Path) -> None:
    later = Designation("economic", "national-etdz", (KUNSHAN,), start=date(2023, 1, 1))
    assert found(tmp_path, high_tech(KUNSHAN), later) == []
    ended = Designation("economic", "national-etdz", (KUNSHAN,), ended=date(2022, 12, 30))
    assert found(tmp_path, high_tech(KUNSHAN), ended) == []
    undated = Designation("economic", "national-etdz", (KUNSHAN,), ended=BEFORE, dated=False)
    assert {finding.marks for finding in found(tmp_path, high_tech(KUNSHAN), undated)} == {("undated",)}
    never = Designation("economic", "national-etdz", (KUNSHAN,), start=None, dated=False)
    assert found(tmp_path, high_tech(KUNSHAN), never) == []


def test_groups_are_the_findings_before_expansion(tmp_path: Path) -> None:
    designations = [
        high_tech(KUNSHAN, "electronics"),
        economic(KUNSHAN, "electronics"),
        economic(SUZHOU, extent="unknown", key="elsewhere"),
        high_tech(CHANGSHU, key="other"),
        Designation("city", "innovative-city", (SUZHOU,), "prefecture"),
        Designation("property-city", "ip-demo-city", (SUZHOU,), "prefecture"),
    ]
    columns = world(tmp_path, designations)
    groups = territorial.groups(columns, BEFORE)
    findings = territorial.find(columns, BEFORE)
    of_findings = [(f.group["place"], f.group["purpose_group"], not f.ranked) for f in findings]
    assert [(group.unit, group.purpose_group, group.possible) for group in groups] == of_findings
    assert of_findings == [
        (SUZHOU, "regional-development", False),
        (SUZHOU, "regional-development", True),
        (SUZHOU, "technology-commercialisation", False),
        (SUZHOU, "technology-commercialisation", True),
        (CHANGSHU, "regional-development", False),
        (CHANGSHU, "technology-commercialisation", False),
        (KUNSHAN, "regional-development", False),
        (KUNSHAN, "technology-commercialisation", False),
    ]
    only = territorial.find(columns, BEFORE, [KUNSHAN])
    assert only == [finding for finding in findings if finding.group["place"] == KUNSHAN]


def test_the_evidence_changes_with_members_only(tmp_path: Path) -> None:
    one, other = high_tech(KUNSHAN), economic(KUNSHAN)
    first = found(tmp_path, one, other)[0].evidence_hash
    assert len(first) == 64
    assert found(tmp_path, one, other, high_tech(CHANGSHU, key="elsewhere"))[0].evidence_hash == first
    assert found(tmp_path, one, other, high_tech(KUNSHAN, key="third"))[0].evidence_hash != first
    assert found(tmp_path, one, other, day=AFTER)[0].evidence_hash != first
