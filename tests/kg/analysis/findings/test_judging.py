"""Blind judgement: cards without strength or score, agreement of two readers and intervals by hand."""

import csv
import json
import math
from collections import Counter
from pathlib import Path

import pytest
from judging import OTHERS, STRONG, VERDICTS, agreement, draw, told, wilson

from kg.release import Release

CASES = list(csv.DictReader((Path(__file__).parent / "findings_judged.csv").read_text("utf-8").splitlines()))
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
    assert len({(case["date"], case["finding"]) for case in CASES}) == len(CASES)
    assert Counter(case["strength"] == "strong" for case in CASES) == {True: STRONG, False: OTHERS}
    for case in CASES:
        for reader in ("first", "second"):
            assert case[reader] in VERDICTS
            assert bool(case[f"{reader}_reason"]) is (case[reader] != "right"), case["finding"]


def test_the_documents_say_what_was_judged() -> None:
    agreed = agreement([case["first"] for case in CASES], [case["second"] for case in CASES])
    lines = [f"the same verdict on {agreed.share:.1%} of {agreed.cases} (Cohen's κ {agreed.kappa:.2f})"]
    for name, number, total in told(CASES):
        low, high = wilson(number, total)
        strength, verdict = name.split()
        lines.append(f"| {strength} | {verdict} | {number} of {total} | {low:.1%} to {high:.1%} |")
    assert [line for line in lines if line not in DOCUMENTED] == []
