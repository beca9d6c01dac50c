"""Labelled cases of the real data: findings that must and must not appear, with reasons."""

import csv
from collections import defaultdict
from datetime import date
from functools import cache
from itertools import combinations
from pathlib import Path

import pytest
from click.testing import CliRunner

from kg.analysis.findings import find
from kg.analysis.findings.finding import Finding
from kg.cli import main
from kg.release import Release
from kg.release.columns import Columns

CASES = list(csv.DictReader((Path(__file__).parent / "findings_cases.csv").read_text("utf-8").splitlines()))


@cache
def found(columns: Columns, day: date) -> dict[tuple[str, str], list[Finding]]:
    """Find everything on a day, by kind and place; what is only possible counts as not found."""
    by_place = defaultdict(list)
    for finding in find.find(columns, day):
        if finding.ranked:
            by_place[finding.kind, finding.group.get("place", "")].append(finding)
    return by_place


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['kind']}-{case['place']}-{case['programmes']}"[:80])
def test_case(columns: Columns, case: dict[str, str]) -> None:
    day = date.fromisoformat(case["date"])
    asked = [
        finding
        for finding in found(columns, day)[case["kind"], case["place"]]
        if case["purpose_group"] in ("", finding.group["purpose_group"])
    ]
    programmes = sorted(case["programmes"].split(";"))
    pairs = set(combinations(programmes, 2))
    appears = any(set(programmes) <= set(finding.programmes) and pairs & set(finding.overlaps) for finding in asked)
    assert appears == (case["expected"] == "appears"), case["reason"]


def test_every_place_of_a_case_has_designations_of_its_programmes(columns: Columns) -> None:
    """A case of what must not appear proves something only where the designations are there."""
    rows = columns.query(
        """SELECT DISTINCT unit, programme FROM (
            SELECT place AS unit, programme FROM designations JOIN designation_places USING (designation)
            UNION ALL SELECT county.place, programme FROM designations JOIN designation_places USING (designation)
            JOIN places county ON county.prefecture = designation_places.place)""",
        {},
    )
    there = set(rows)
    missing = [
        (case["place"], programme)
        for case in CASES
        for programme in case["programmes"].split(";")
        if (case["place"], programme) not in there
    ]
    assert missing == []


def test_there_are_thirty_of_each() -> None:
    assert sum(case["expected"] == "appears" for case in CASES) >= 30
    assert sum(case["expected"] == "absent" for case in CASES) >= 30


def test_the_reform_moved_overlaps_inside_a_house(columns: Columns) -> None:
    """Before it, the science parks made the overlaps of farming; after it, they stack in one ministry, by inference."""
    before, after = found(columns, date(2022, 12, 31)), found(columns, date(2024, 1, 1))
    (overlap,) = [f for f in before["territorial", "110117"] if f.group["purpose_group"] == "agriculture-rural"]
    (stack,) = after["stacking", "110117"]
    assert (overlap.ministries, overlap.rests_on_inferred) == (("mara", "most"), False)
    assert (stack.ministries, stack.rests_on_inferred) == (("mara",), True)
    assert set(overlap.members) <= set(stack.members)


@pytest.mark.parametrize(
    ("place", "group", "day", "strength"),
    [
        ("320583", "regional-development", "2022-12-31", "plain"),  # 昆山: fields meet in a wide one only
        ("320581", "regional-development", "2022-12-31", "strong"),  # 常熟
        ("320581", "technology-commercialisation", "2022-12-31", "plain"),
        ("110117", "agriculture-rural", "2022-12-31", "strong"),  # 平谷
        ("500152", "agriculture-rural", "2022-12-31", "strong"),  # 潼南
    ],
)
def test_what_must_appear_at_a_place_has_its_strength(
    columns: Columns, place: str, group: str, day: str, strength: str
) -> None:
    (finding,) = [
        finding
        for finding in found(columns, date.fromisoformat(day))["territorial", place]
        if finding.group["purpose_group"] == group
    ]
    assert finding.strength == strength


@pytest.mark.parametrize(
    ("kind", "words", "day", "strength"),
    [
        ("thematic", "长江河口湿地", "2022-12-31", "plain"),  # both 复旦大学; one may be a step towards the other
        ("thematic", "语音", "2026-11-24", "plain"),  # 合肥
    ],
)
def test_what_must_appear_on_a_topic_has_its_strength(
    columns: Columns, kind: str, words: str, day: str, strength: str
) -> None:
    findings = [
        finding
        for (of, _), those in found(columns, date.fromisoformat(day)).items()
        for finding in those
        if of == kind and words in finding.group.get("topic", "")
    ]
    assert {finding.strength for finding in findings} == {strength}


def test_few_strong_overlaps_are_left_since_mandates_moved(columns: Columns) -> None:
    eve, today = (
        [one for (kind, _), those in found(columns, day).items() for one in those if kind == "territorial"]
        for day in (date(2022, 12, 31), date(2026, 11, 24))
    )
    strong = [{one.key for one in findings if one.strength == "strong"} for findings in (eve, today)]
    assert len(strong[1]) < len(strong[0]) / 3
    assert strong[1] <= strong[0]


def test_the_command_lists_findings_of_the_release(release: Release) -> None:
    arguments = ["findings", "--dist", str(release.path), "--place", "平谷区", "--kind", "territorial"]
    outcome = CliRunner().invoke(main, [*arguments, "--as-of", "2022-12-31", "--format", "csv"])
    (row,) = csv.DictReader(outcome.stdout.splitlines())
    assert (row["key"], row["ministries"]) == ("territorial/110117/agriculture-rural", "mara;most")
    outcome = CliRunner().invoke(main, [*arguments[:3], "--place", "火星"])
    assert (outcome.exit_code, outcome.stderr.count("\n")) == (1, 1)


@pytest.mark.slow
def test_the_command_compares_two_days_and_writes_triples(release: Release) -> None:
    arguments = ["findings", "--dist", str(release.path), "--place", "平谷区", "--kind", "territorial"]
    eve = [*arguments, "--as-of", "2022-12-31"]
    outcome = CliRunner().invoke(main, [*eve, "--against", "2024-01-01", "--format", "csv"])
    (row,) = csv.DictReader(outcome.stdout.splitlines())
    assert (row["change"], row["cause"], row["inferred"]) == ("gone", "mandates", "true")
    assert row["became"] == "stacking/110117/agriculture-rural/mara"
    outcome = CliRunner().invoke(main, [*eve, "--format", "ttl"])
    assert "gp:TerritorialOverlap" in outcome.stdout
