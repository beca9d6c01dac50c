"""Carrier overlaps: rules on a small world, and labelled cases of the real data."""

import csv
from datetime import date
from functools import cache
from pathlib import Path

import pytest
from thematic_world import CENTRE, DAY, LABORATORY, borne, small

from kg.analysis.findings.finding import Finding
from kg.analysis.findings.kinds import carrier
from kg.release.columns import Columns

CASES = [
    case
    for case in csv.DictReader((Path(__file__).parent / "thematic_cases.csv").read_text("utf-8").splitlines())
    if case["kind"] == "both"
]


def test_a_common_topic(tmp_path: Path) -> None:
    carriers = [(LABORATORY.key, "institute"), (CENTRE.key, "institute")]
    (found,) = carrier.find(small(tmp_path, LABORATORY, CENTRE, carriers=carriers), DAY)
    assert found.group == {"carrier": "institute", "topic": "水稻"}
    assert (found.members, found.certainty) == (tuple(sorted((LABORATORY.key, CENTRE.key))), "same")
    assert found.factors["certainty"] == 1
    assert (found.strength, found.lacks) == ("plain", ("purpose-differs",))


def test_a_plain_profile_is_no_finding(tmp_path: Path) -> None:
    """A university with a laboratory of the science ministry and a centre of the reform commission on other things."""
    other = borne("语音国家工程研究中心", "national-engineering-research-center")
    carriers = [(LABORATORY.key, "university"), (other.key, "university")]
    assert carrier.find(small(tmp_path, LABORATORY, other, carriers=carriers), DAY) == []


def test_look_alike_programmes(tmp_path: Path) -> None:
    """An engineering centre of each ministry, on different things: the names of the programmes nearly agree."""
    other = borne("语音国家工程技术研究中心", "most-engineering-technology-research-center")
    carriers = [(CENTRE.key, "university"), (other.key, "university")]
    (found,) = carrier.find(small(tmp_path, CENTRE, other, carriers=carriers), DAY)
    pair = "most-engineering-technology-research-center", "national-engineering-research-center"
    assert found.group == {"carrier": "university", "programme": ";".join(pair)}
    assert (found.programmes, found.key) == (pair, f"carrier/university/{'.'.join(pair)}")
    assert found.factors["field_agreement"] == 0.5
    assert (found.strength, found.lacks) == ("weak", ("group-only",))


def test_look_alikes_with_a_topic_are_one_finding(tmp_path: Path) -> None:
    other = borne("水稻国家工程技术研究中心", "most-engineering-technology-research-center")
    carriers = [(CENTRE.key, "university"), (other.key, "university")]
    (found,) = carrier.find(small(tmp_path, CENTRE, other, carriers=carriers), DAY)
    assert found.group == {"carrier": "university", "topic": "水稻"}


@cache
def found_on(columns: Columns, day: date) -> list[Finding]:
    return carrier.find(columns, day)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['one'][:12]}-{case['other'][:12]}")
def test_case(columns: Columns, case: dict[str, str]) -> None:
    rows = columns.query(
        "SELECT designation FROM designations WHERE name_zh IN ($one, $other)",
        {"one": case["one"], "other": case["other"]},
    )
    keys = {designation for (designation,) in rows}
    together = any(keys <= set(finding.members) for finding in found_on(columns, date.fromisoformat(case["date"])))
    assert together == (case["expected"] == "appears"), case["reason"]


def test_look_alikes_on_the_real_data(columns: Columns) -> None:
    """The banks of one institute of tropical crops: of the agriculture ministry, and of the science ministry."""
    (found,) = [
        finding
        for finding in found_on(columns, DAY)
        if finding.group.get("programme") == "mara-germplasm-bank;national-bioresource-bank"
    ]
    assert found.group["carrier"] == "zhong-guo-re-dai-nong-ye-ke-xue-yuan-re-dai-zuo-wu-pin"
    assert found.ministries == ("mara", "most")
