"""Thematic overlaps: rules on a small world by hand, and labelled cases of the real data."""

import csv
import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path

import pytest
from click.testing import CliRunner
from findings_world import table
from sampling import chosen
from thematic_world import CENTRE, DAY, LABORATORY, WUXI, borne, small

from kg.analysis.findings.finding import Finding, Subtraction
from kg.analysis.findings.kinds import thematic
from kg.cli import main
from kg.release import Release
from kg.release.columns import Columns

CASES = [
    case
    for case in csv.DictReader((Path(__file__).parent / "thematic_cases.csv").read_text("utf-8").splitlines())
    if case["kind"] in ("thematic", "both")
]


def members(findings: Iterable[Finding]) -> dict[str, tuple[str, ...]]:
    return {finding.group["topic"]: finding.members for finding in findings}


def test_one_topic_in_one_prefecture(tmp_path: Path) -> None:
    """The laboratory's topic ends with that of the centre; two ministries, one prefecture."""
    (found,) = thematic.find(small(tmp_path, LABORATORY, CENTRE), DAY)
    assert found.members == tuple(sorted((LABORATORY.key, CENTRE.key)))
    assert found.group == {"topic": "水稻", "place": "320500"}
    assert (found.ministries, found.certainty) == (("most", "ndrc"), "covers")
    assert (found.strength, found.lacks) == ("plain", ("carrier-unknown", "purpose-differs"))
    assert re.fullmatch("thematic/shui-dao-[0-9a-f]{4}/320500", found.key)
    # four prefectures in the small world, Beijing and Dongguan among them; one of them has each of the two
    assert (found.factors["units"], found.factors["observed"]) == (4, 1)
    assert found.factors["probability"] == pytest.approx(1 / 4)
    assert found.score == pytest.approx(found.factors["surprise"] * found.factors["seriousness"])


def test_another_prefecture_or_ministry_is_no_overlap(tmp_path: Path) -> None:
    elsewhere = borne(CENTRE.key, CENTRE.programme, WUXI)
    assert thematic.find(small(tmp_path / "a", LABORATORY, elsewhere), DAY) == []
    same_ministry = borne("水稻企业国家重点实验室", "enterprise-state-key-laboratory")
    assert thematic.find(small(tmp_path / "b", LABORATORY, same_ministry), DAY) == []


def test_one_carrier_joins_what_lies_apart(tmp_path: Path) -> None:
    elsewhere = borne(CENTRE.key, CENTRE.programme, WUXI)
    carriers = [(LABORATORY.key, "institute"), (elsewhere.key, "institute")]
    (found,) = thematic.find(small(tmp_path, LABORATORY, elsewhere, carriers=carriers), DAY)
    assert (found.group, found.certainty) == ({"topic": "水稻", "carrier": "institute"}, "same")
    assert (found.strength, found.lacks, found.factors["qualifying_pairs"]) == ("plain", ("purpose-differs",), 1)
    assert found.qualifying == ((CENTRE.programme, LABORATORY.programme),)


def test_one_topic_on_two_carriers_is_plain_and_a_place_word_makes_it_strong(tmp_path: Path) -> None:
    carriers = [(LABORATORY.key, "institute"), (CENTRE.key, "university")]
    (found,) = thematic.find(small(tmp_path / "a", LABORATORY, CENTRE, carriers=carriers), DAY)
    assert (found.strength, found.lacks) == ("plain", ("carrier-differs", "purpose-differs"))
    stations = [
        borne("昆山湿地观测实验站", "mara-agri-observation-station"),
        borne("昆山湿地国家野外科学观测研究站", "national-field-station"),
    ]
    carriers = [(stations[0].key, "institute"), (stations[1].key, "university")]
    (found,) = thematic.find(small(tmp_path / "b", *stations, carriers=carriers), DAY)
    assert (found.strength, found.lacks, found.marks) == ("strong", (), ())
    carriers = [(station.key, "institute") for station in stations]
    (found,) = thematic.find(small(tmp_path / "c", *stations, carriers=carriers), DAY)
    assert (found.strength, found.marks) == ("strong", ("one-facility",))


def test_a_station_that_may_be_a_step_towards_the_other_is_no_complete_evidence(tmp_path: Path) -> None:
    """The education ministry's stations are a reserve of national ones; that this one became that one is not stated."""
    stations = [
        borne("昆山湿地教育部野外科学观测研究站", "moe-field-station"),
        borne("昆山湿地国家野外科学观测研究站", "national-field-station"),
    ]
    carriers = [(station.key, "university") for station in stations]
    for found in thematic.find(small(tmp_path, *stations, carriers=carriers), DAY):
        assert (found.strength, found.lacks) == ("plain", ("stage-possible",))
        assert found.marks == ("one-facility",)


def test_a_pair_by_design_is_no_evidence(tmp_path: Path) -> None:
    """Of three stations two are on one carrier but related by design; what is left lacks its carrier."""
    stations = [
        borne("昆山湿地教育部野外科学观测研究站", "moe-field-station"),
        borne("昆山湿地国家野外科学观测研究站", "national-field-station"),
        replace(borne("江苏昆山湿地国家野外科学观测研究站", "national-field-station"), dated=False),
    ]
    one, other, _third = (station.key for station in stations)
    relation = [(one, other, "stage-of", "asserted")]
    columns = small(tmp_path, *stations, carriers=[(one, "institute"), (other, "institute")], relations=relation)
    (found,) = thematic.find(columns, DAY)
    assert (found.strength, found.lacks) == ("plain", ("date-unknown", "carrier-unknown", "stage-possible"))


def test_broad_words_and_places_join_nothing(tmp_path: Path) -> None:
    """西南, 产品, 机电 and a place name are no topic; a laboratory and a station of one county have none in common."""
    designations = [
        borne("西南产品机电国家重点实验室", "state-key-laboratory"),
        borne("西南产品机电国家工程研究中心", "national-engineering-research-center"),
        borne("昆山国家实验室", "national-laboratory"),
        borne("昆山湿地教育部野外科学观测研究站", "moe-field-station"),
    ]
    carriers = [(designation.key, "university") for designation in designations]
    assert thematic.find(small(tmp_path, *designations, carriers=carriers), DAY) == []


def test_two_stations_of_one_carrier_at_one_site(tmp_path: Path) -> None:
    """Named for different things, but at one forest farm that no table of places knows."""
    designations = [
        borne("塞罕坝森林草原过渡带教育部野外科学观测研究站", "moe-field-station", ""),
        borne("塞罕坝人工林生态系统国家野外科学观测研究站", "national-field-station", ""),
    ]
    carriers = [(designation.key, "university") for designation in designations]
    columns = small(tmp_path / "one", *designations, carriers=carriers)
    assert members(thematic.find(columns, DAY)) == {
        "塞罕坝站": tuple(sorted(designation.key for designation in designations))
    }
    assert thematic.find(small(tmp_path / "apart", *designations), DAY) == []


def test_a_stated_relation_of_two_designations_explains_them(tmp_path: Path) -> None:
    """The stage of a programme does not; a relation of the two does, and is shown where others still meet."""
    designations = [
        borne("昆山湿地教育部野外科学观测研究站", "moe-field-station"),
        borne("昆山湿地国家野外科学观测研究站", "national-field-station"),
    ]
    key, other = (designation.key for designation in designations)
    assert len(thematic.find(small(tmp_path / "a", *designations), DAY)) == 1
    relation = [(key, other, "stage-of", "asserted")]
    assert thematic.find(small(tmp_path / "b", *designations, relations=relation), DAY) == []
    third = borne("江苏昆山湿地国家野外科学观测研究站", "national-field-station")
    (found,) = thematic.find(small(tmp_path / "c", *designations, third, relations=relation), DAY)
    assert found.members == tuple(sorted((key, third.key)))
    assert found.subtracted == (Subtraction(key, other, "stage-of", "designations"),)


@cache
def found_on(columns: Columns, day: date) -> list[Finding]:
    return thematic.find(columns, day)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['one'][:12]}-{case['other'][:12]}")
def test_case(columns: Columns, case: dict[str, str]) -> None:
    rows = columns.query(
        "SELECT name_zh, designation FROM designations WHERE name_zh IN ($one, $other)",
        {"one": case["one"], "other": case["other"]},
    )
    keys = {designation for _, designation in rows}
    assert {name for name, _ in rows} == {case["one"], case["other"]}
    together = any(keys <= set(finding.members) for finding in found_on(columns, date.fromisoformat(case["date"])))
    assert together == (case["expected"] == "appears"), case["reason"]


def test_there_are_thirty_of_each() -> None:
    assert sum(case["expected"] == "appears" for case in CASES) >= 30
    assert sum(case["expected"] == "absent" for case in CASES) >= 30


def test_no_topic_is_a_broad_word(columns: Columns) -> None:
    topics = {finding.group["topic"] for finding in found_on(columns, DAY)}
    assert topics
    assert topics.isdisjoint({row["word"] for row in table("stopwords") if row["kind"] != "kept"})


@pytest.mark.parametrize("kind", chosen(["thematic", "carrier", "duplicate"], "carrier".__eq__))
def test_the_command_lists_them(release: Release, kind: str) -> None:
    arguments = ["findings", "--dist", str(release.path), "--kind", kind, "--as-of", "2022-12-31", "--top", "3"]
    outcome = CliRunner().invoke(main, [*arguments, "--format", "csv"])
    rows = list(csv.DictReader(outcome.stdout.splitlines()))
    assert [row["kind"] for row in rows] == [kind] * 3
    assert all(row["key"].startswith(f"{kind}/") and float(row["score"]) > 0 for row in rows)
