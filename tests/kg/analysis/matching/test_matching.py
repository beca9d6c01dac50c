"""Names matched to keys: 300 labelled ones, what is sure and what must not be, and what else a row tells."""

import csv
from pathlib import Path

import pytest

from kg.analysis.matching import Asked, Match, Matcher
from kg.release.columns import Columns

LABELLED = Path(__file__).with_name("labelled_names.csv")
"""Names in the variations that lists have, with the key that each means; empty where it means several things or none.

Drawn from the tables by a fixed seed; misprints are homophones as input methods make them (高新 → 高薪)."""
MIN_RIGHT = 0.95


@pytest.fixture(scope="module")
def matcher(columns: Columns) -> Matcher:
    return Matcher.of_columns(columns)


@pytest.fixture(scope="module")
def labelled(matcher: Matcher) -> list[tuple[dict[str, str], list[Match]]]:
    with LABELLED.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    return list(zip(rows, matcher.match([Asked(r["text"], r["kind"], r["place"]) for r in rows]), strict=True))


def test_of_300_labelled_names_nearly_all_come_first(labelled: list[tuple[dict[str, str], list[Match]]]) -> None:
    meant = [(row, found) for row, found in labelled if row["key"]]
    wrong = [row for row, found in meant if not found or found[0].key != row["key"]]
    assert len(meant) == 300
    assert len(wrong) / len(meant) <= 1 - MIN_RIGHT, wrong


def test_no_name_is_surely_matched_to_another_thing(labelled: list[tuple[dict[str, str], list[Match]]]) -> None:
    sure = [(row, found[0]) for row, found in labelled if found and found[0].sure]
    assert [(row["text"], match.key) for row, match in sure if match.key != row["key"]] == []
    assert len(sure) > 200


@pytest.mark.parametrize(
    ("asked", "key", "sure"),
    [
        (Asked("昆山", "place"), "320583", True),
        (Asked("江苏昆山", "place"), "320583", True),
        (Asked("Kunshan", "place"), "320583", True),
        (Asked("320583", "place"), "320583", True),
        (Asked("鼓楼区", "place", place="南京"), "320106", True),
        (Asked("鼓楼区", "place", place="没有的地方"), "320106", False),
        (Asked("昆山市", "place", place="安徽省"), "320583", False),
        (Asked("江苏省昆衫市", "place"), "320583", False),
    ],
)
def test_what_a_row_tells_decides_what_is_sure(matcher: Matcher, asked: Asked, key: str, *, sure: bool) -> None:
    (found,) = matcher.match([asked])
    assert (found[0].key, found[0].sure) == (key, sure)
    assert not any(match.sure for match in found[1:])


def test_features_are_those_of_duplicates_and_explain_the_score(matcher: Matcher, columns: Columns) -> None:
    name, key, programme, year = columns.query(
        """SELECT name_zh, designation, programme, year(approved_first) FROM designations
        WHERE programme = 'national-high-tech-zone' AND approved_first IS NOT NULL ORDER BY designation LIMIT 1"""
    )[0]
    (found,) = matcher.match([Asked(name, "designation", programme=programme, year=str(year))])
    assert found[0].key == key
    assert dict(found[0].features) == {"name": 0.99, "programme": 1.0, "year": 1.0}
    assert found[0].score == pytest.approx((4 * 0.99 + 1 + 1) / 6)
    (other,) = matcher.match([Asked(name, "designation", programme="national-etdz")])
    assert other[0].features["programme"] == 0.0
    assert not other[0].sure


def test_a_text_like_no_name_has_no_candidate(matcher: Matcher) -> None:
    assert matcher.match([Asked("", "place"), Asked("qqqqzzzz", "place"), Asked("昆山" * 500, "place")]) == [[], [], []]
