"""Findings with equal members are linked to the strongest, keys unchanged: on a small world, and on the real one."""

from collections import defaultdict
from datetime import date
from pathlib import Path

import pytest
from findings_world import Designation, world

from kg.analysis.findings import equal_members, find, table
from kg.analysis.findings.finding import Finding, rank
from kg.release.columns import Columns

KUNSHAN, PINGGU = "320583", "110117"
GROWTH, TRANSFER = f"territorial/{KUNSHAN}/regional-development", f"territorial/{KUNSHAN}/technology-commercialisation"
DAYS = (date(2022, 12, 31), date(2026, 11, 24))


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Columns:
    """Two zones that share two groups of purposes, and two parks of farming, which share one."""
    designations = [
        Designation("high-tech", "national-high-tech-zone", (KUNSHAN,)),
        Designation("economic", "national-etdz", (KUNSHAN,)),
        Designation("science-park", "agri-sci-park", (PINGGU,)),
        Designation("modern-park", "modern-agri-industrial-park", (PINGGU,)),
    ]
    return world(tmp_path_factory.mktemp("world"), designations)


def test_two_groups_of_purposes_of_the_same_zones_are_listed_once(small: Columns) -> None:
    found = {finding.key: finding.listed_under for finding in find.find(small, DAYS[0])}
    assert found == {GROWTH: "", TRANSFER: GROWTH, f"territorial/{PINGGU}/agriculture-rural": ""}


def test_the_table_names_the_finding_under_which_another_is_listed(small: Columns) -> None:
    answered = table.answer(small, DAYS[1], ["territorial"], {"as_of": "2022-12-31", "place": KUNSHAN})
    headers, rows = answered.keyed
    listed = [dict(zip(headers, row, strict=True)) for row in rows]
    assert [(row["key"], row["listed_under"]) for row in listed] == [(GROWTH, ""), (TRANSFER, GROWTH)]


def test_what_is_only_possible_is_not_linked(tmp_path: Path) -> None:
    designations = [
        Designation("high-tech", "national-high-tech-zone", ("320500",), "within-prefecture"),
        Designation("economic", "national-etdz", ("320500",), "within-prefecture"),
    ]
    found = find.find(world(tmp_path, designations), DAYS[0])
    assert len(found) == 2
    assert {(finding.members, finding.ranked, finding.listed_under) for finding in found} == {
        (("economic", "high-tech"), False, "")
    }


@pytest.mark.parametrize("day", DAYS)
def test_every_set_of_members_is_listed_once_under_the_first_of_the_order(columns: Columns, day: date) -> None:
    found = find.find(columns, day)
    sets: dict[tuple[str, ...], list[Finding]] = defaultdict(list)
    for finding in found:
        if finding.ranked and finding.kind != "duplicate":
            sets[finding.members].append(finding)
    expected = {finding.key: "" for finding in found}
    for those in sets.values():
        first, *rest = rank(those)
        expected |= {finding.key: first.key for finding in rest}
    assert {finding.key: finding.listed_under for finding in found} == expected
    linked = [finding for finding in found if finding.listed_under]
    assert {"territorial", "thematic"} <= {finding.kind for finding in linked}
    assert {key: [other.key for other in others] for key, others in equal_members.others(found).items()} == {
        first.key: [other.key for other in rest] for first, *rest in (rank(those) for those in sets.values()) if rest
    }
