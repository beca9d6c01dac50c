"""Blind judgement: cards without strength or score, agreement of two readers and intervals by hand."""

import csv
import json
import math
from collections import Counter
from itertools import groupby
from operator import itemgetter
from pathlib import Path

import pytest
from judging import KINDS, OTHERS, REFORM_DAYS, STRONG, VERDICTS, agreement, draw, told, wilson

from kg.analysis.findings import find
from kg.release import Release
from kg.release.columns import Columns

CASES = list(csv.DictReader((Path(__file__).parent / "findings_judged.csv").read_text("utf-8").splitlines()))
ROUNDS = [list(cases) for _, cases in groupby(CASES, itemgetter("round"))]
DOCUMENTED = (Path(__file__).parents[4] / "docs" / "measures.md").read_text("utf-8")


@pytest.mark.parametrize(
    ("one", "other", "kappa"),
    [
        (["right", "wrong"] * 5, ["right", "wrong"] * 5, 1.0),
        (["right", "right", "wrong", "wrong"], ["right", "wrong", "right", "wrong"], 0.0),
        (["right"] * 3 + ["wrong"], ["right", "right", "wrong", "wrong"], 0.5),
    ],
)
def test_kappa_by_hand(one: list[str], other: list[str], kappa: float) -> None:
    assert math.isclose(agreement(one, other).kappa, kappa, abs_tol=1e-12)


def test_the_interval_by_hand() -> None:
    """The worked example of Newcombe (1998): 15 of 148."""
    assert tuple(round(end, 4) for end in wilson(15, 148)) == (0.0624, 0.1605)


def test_verdicts_on_which_readers_differ_are_debatable() -> None:
    cases = [
        {"strength": "strong", "first": "right", "second": "right"},
        {"strength": "strong", "first": "right", "second": "wrong"},
        {"strength": "weak", "first": "wrong", "second": "wrong"},
    ]
    assert [row for row in told(cases) if row[1]] == [
        ("strong right", 1, 2),
        ("strong debatable", 1, 2),
        ("other wrong", 1, 1),
    ]


@pytest.mark.slow
def test_cards_hold_what_a_reader_needs_and_no_strength(release: Release, tmp_path: Path) -> None:
    draw(release.path.parent, 1, tmp_path / "cards", tmp_path / "key")
    cards = [json.loads(line) for line in (tmp_path / "cards").read_text("utf-8").splitlines()]
    key = list(csv.DictReader((tmp_path / "key").read_text("utf-8").splitlines()))
    drawn = Counter(row["strength"] == "strong" for row in key)
    assert drawn[False] == OTHERS
    assert 0 < drawn[True] <= STRONG
    assert [(str(card["card"]), card["kind"], card["day"]) for card in cards] == [
        (row["card"], row["kind"], row["date"]) for row in key
    ]
    for card in cards:
        assert not {"strength", "score", "lacks"} & card.keys()
        assert len({body for each in card["designations"] for body in each["ministries"]}) > 1


def test_every_card_has_two_verdicts_and_a_reason_for_all_but_right() -> None:
    assert [cases[0]["round"] for cases in ROUNDS] == ["1", "2", "3"]
    for cases in ROUNDS:
        assert len({(case["date"], case["finding"]) for case in cases}) == len(cases)
    for case in CASES:
        for reader in ("first", "second"):
            assert case[reader] in VERDICTS
            assert bool(case[f"{reader}_reason"]) is (case[reader] != "right"), case["finding"]


@pytest.mark.parametrize("cases", ROUNDS, ids=["1", "2", "3"])
def test_the_documents_say_what_was_judged(cases: list[dict[str, str]]) -> None:
    agreed = agreement([case["first"] for case in cases], [case["second"] for case in cases])
    lines = [f"{agreed.share:.1%} of {agreed.cases} (Cohen's κ {agreed.kappa:.2f})"]
    for name, number, total in told(cases):
        low, high = wilson(number, total)
        strength, verdict = name.split()
        lines.append(
            f"| {cases[0]['round']} | {strength} | {verdict} | {number} of {total} | {low:.1%} to {high:.1%} |"
        )
    assert [line for line in lines if line not in DOCUMENTED] == []


def test_the_last_round_meets_its_goal() -> None:
    """At most 2 of the strong ones wrong, at least 85 % right."""
    found = {name: (number, total) for name, number, total in told(ROUNDS[-1])}
    assert found["strong wrong"][0] <= 2
    right, total = found["strong right"]
    assert right >= 0.85 * total


def test_what_was_called_right_in_the_last_round_is_strong_still(release: Release) -> None:
    """A case that two readers called right stays strong or plain while it is found; a weak one was never right."""
    columns = Columns.open(release)
    found = {
        (finding.key, str(day)): finding.strength
        for day in REFORM_DAYS
        for finding in find.find(columns, day, list(KINDS))
    }
    right = [case for case in ROUNDS[-1] if case["first"] == case["second"] == "right"]
    left = {(case["finding"], case["date"]): found.get((case["finding"], case["date"])) for case in right}
    assert {key: strength for key, strength in left.items() if strength == "weak"} == {}
