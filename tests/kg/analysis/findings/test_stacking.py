"""Stacking of one ministry's programmes, and the registry of kinds of findings, on a small world by hand."""

from datetime import date
from pathlib import Path
from tempfile import mkdtemp

import pytest
from findings_world import Designation, world

from kg.analysis.findings import find
from kg.analysis.findings.finding import Finding, Subtraction
from kg.analysis.findings.kinds import stacking

BEFORE, AFTER = date(2022, 12, 31), date(2024, 1, 1)
PINGGU, KUNSHAN, SUZHOU = "110117", "320583", "320500"
SCIENCE_PARK = Designation("science-park", "agri-sci-park", (PINGGU,))
MODERN_PARK = Designation("modern-park", "modern-agri-industrial-park", (PINGGU,), fields=("farming",))
MODERN_ZONE = Designation("modern-zone", "agri-modernisation-demo-zone", (PINGGU,), "county")
COLD_CHAIN = Designation("cold-chain", "agri-cold-chain-county-pilot", (PINGGU,), "county")


def found(folder: Path, *designations: Designation, day: date = AFTER) -> list[Finding]:
    return stacking.find(world(Path(mkdtemp(dir=folder)), designations), day)


def test_three_programmes_of_one_ministry_stack(tmp_path: Path) -> None:
    """After the reform the three farm designations of the district are one ministry's; before, two were."""
    designations = [SCIENCE_PARK, MODERN_PARK, MODERN_ZONE]
    assert found(tmp_path, *designations, day=BEFORE) == []
    (stack,) = found(tmp_path, *designations)
    assert (stack.key, stack.members) == (
        f"stacking/{PINGGU}/agriculture-rural/mara",
        ("modern-park", "modern-zone", "science-park"),
    )
    assert stack.group == {"place": PINGGU, "purpose_group": "agriculture-rural", "ministry": "mara"}
    assert (stack.ministries, stack.certainty, stack.rests_on_inferred) == (("mara",), "same", True)
    # park and park share upgrading and modernisation by half: 1 of 4; science park and zone modernisation by half: 0.5
    # of 3.5, for the science park's incubation counts half too; modern park and zone integration, modernisation,
    # revitalisation by half each: 1.5 of 3.5
    likeness = [1 / 4.5, 0.5 / 4, 1.5 / 3.5]
    assert stack.factors["likeness"] == pytest.approx(sum(likeness) / 3)
    assert stack.factors["seriousness"] == pytest.approx(sum(likeness) / 3 * 0.5)
    # each of the three programmes has one of Beijing's two districts here: by chance the same one in 1 of 4 cases
    assert (stack.factors["observed"], stack.factors["expected"]) == pytest.approx((1, 0.25))
    assert stack.factors["probability"] == pytest.approx(0.25)


def test_two_programmes_do_not(tmp_path: Path) -> None:
    second = Designation("second", "modern-agri-industrial-park", (PINGGU,))
    assert found(tmp_path, MODERN_PARK, second, MODERN_ZONE) == []


def test_what_a_ministry_shares_is_not_its_own_alone(tmp_path: Path) -> None:
    """In April 2023 the science park was still of two ministries."""
    assert found(tmp_path, SCIENCE_PARK, MODERN_PARK, MODERN_ZONE, day=date(2023, 4, 1)) == []


def test_what_is_by_design_is_one(tmp_path: Path) -> None:
    """The science park is a stage of the high-tech zone: beside it, it is no further programme."""
    zone = Designation("agri-zone", "agri-high-tech-zone", (PINGGU,))
    assert found(tmp_path, SCIENCE_PARK, zone, MODERN_PARK) == []
    (stack,) = found(tmp_path, SCIENCE_PARK, zone, MODERN_PARK, MODERN_ZONE)
    assert stack.members == ("agri-zone", "modern-park", "modern-zone")
    assert stack.subtracted == (Subtraction("science-park", "agri-zone", "stage-of", "programmes"),)


def test_a_stack_stands_where_something_of_its_own_stands(tmp_path: Path) -> None:
    """Three prefecture-wide designations stack in the prefecture, not in each of its counties."""
    wide = [
        Designation("manufacturing", "advanced-manufacturing-cluster", (SUZHOU,), "prefecture"),
        Designation("base", "new-industrialisation-demo-base", (SUZHOU,), "prefecture"),
        Designation("small-firms", "sme-characteristic-cluster", (SUZHOU,), "prefecture"),
    ]
    assert [(f.group["place"], f.certainty) for f in found(tmp_path, *wide)] == [(SUZHOU, "covers")]
    narrow = Designation("small-firms-of-a-county", "sme-characteristic-cluster", (KUNSHAN,), "county")
    assert [(f.group["place"], f.certainty) for f in found(tmp_path, *wide[:2], narrow)] == [(KUNSHAN, "covers")]


def test_kinds_one_after_the_other_each_in_its_order(tmp_path: Path) -> None:
    designations = [
        *(SCIENCE_PARK, MODERN_PARK, MODERN_ZONE, COLD_CHAIN),
        Designation("high-tech", "national-high-tech-zone", (KUNSHAN,)),
        Designation("economic", "national-etdz", (KUNSHAN,)),
        Designation("elsewhere", "national-etdz", (SUZHOU,), "unknown"),
    ]
    columns = world(tmp_path, designations)
    findings = find.find(columns, BEFORE)
    assert [finding.kind for finding in findings] == ["territorial"] * 3 + ["stacking"] + ["territorial"] * 2
    assert [finding.ranked for finding in findings] == [True] * 4 + [False] * 2
    order = [finding.precedence for finding in findings if finding.kind == "territorial" and finding.ranked]
    assert order == sorted(order)
    after = find.find(columns, AFTER, ["stacking"])
    assert [finding.key for finding in after] == [f"stacking/{PINGGU}/agriculture-rural/mara"]
    with pytest.raises(KeyError):
        find.find(columns, AFTER, ["unknown"])
