"""Topics of real designations, labelled by hand with reasons."""

import csv
from pathlib import Path

import pytest
from findings_world import table

from kg.analysis.findings.topics import Lexicon, Source, Topic, lexicon
from kg.release.columns import Columns

CASES = list(csv.DictReader((Path(__file__).parent / "topics_cases.csv").read_text("utf-8").splitlines()))


@pytest.fixture(scope="module")
def words() -> Lexicon:
    """The words of the project's own tables."""
    levels = {row["id"]: row["level"] for row in table("places")}
    names = sorted((row[column], row["id"]) for row in table("places") for column in ("name_zh", "short_zh"))
    return Lexicon(
        [(row["word"], row["kind"]) for row in table("stopwords")],
        [(name, levels[key]) for name, key in names],
        {row["id"]: Source(row["reads"], row["keeps_places"] == "true") for row in table("topic_sources")},  # type: ignore[arg-type]
        [row["name_zh"] for row in table("programmes")],
    )


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"][:24])
def test_topic(words: Lexicon, case: dict[str, str]) -> None:
    fields = [case["field"]] if case["field"] else []
    assert words.topic(case["programme"], case["name"], fields).phrase == case["topic"], case["reason"]


def test_the_cases_are_of_every_organisation_borne_programme_that_has_designations() -> None:
    borne = {row["id"] for row in table("programmes") if row["bearer"] == "organisation"}
    listed = {path.stem for path in (Path(__file__).parents[4] / "data" / "designations").glob("*.csv")}
    assert {case["programme"] for case in CASES} == borne & listed
    assert len({(case["programme"], case["name"], case["field"]) for case in CASES}) >= 80


@pytest.mark.parametrize("word", ["西南", "西部", "产品", "机电", "材料", "工程", "昌平", "上海市", "长三角"])
def test_what_is_no_topic(words: Lexicon, word: str) -> None:
    assert not words.specific(word)
    assert words.topic("state-key-laboratory", f"{word}国家重点实验室") == Topic("")


def test_further_phrases(words: Lexicon) -> None:
    """A field says it in other words; the topic of a station with a county is also one without it."""
    assert words.topic("national-engineering-research-center", "人类干细胞国家工程研究中心", ["干细胞"]).phrases == (
        "人类干细胞",
        "干细胞",
    )
    assert words.topic("national-field-station", "北京昌平土壤质量国家野外科学观测研究站").phrases == (
        "昌平土壤质量",
        "土壤质量",
    )


def test_the_release_has_the_same_words(words: Lexicon, columns: Columns) -> None:
    built = lexicon(columns)
    for case in CASES:
        asked = case["programme"], case["name"], [case["field"]] if case["field"] else []
        assert built.topic(*asked) == words.topic(*asked)
