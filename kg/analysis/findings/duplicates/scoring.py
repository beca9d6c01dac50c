"""Scoring of pairs of designations as duplicates: features, their weighted mean, and the verdict."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher
from typing import Literal

from kg.analysis.findings.duplicates.blocking import Relations
from kg.analysis.findings.duplicates.features import Described
from kg.analysis.weights import Weights
from kg.text.patterns import NUMERALS

Verdict = Literal["duplicate", "by-design", "look-alike", "undecided"]
DUPLICATE: Verdict = "duplicate"
BY_DESIGN: Verdict = "by-design"
LOOK_ALIKE: Verdict = "look-alike"
UNDECIDED: Verdict = "undecided"

NUMBERS = re.compile(f"[0-9]+|[{NUMERALS}]+")
BEST = dict.fromkeys(("core-raw", "programme", "date", "field"), 1.0)
"""Upper bounds of the features computed last, for rejecting a pair early."""
MAX_NEAR_DAYS, MAX_YEARS_APART_DAYS = 366, 3 * 366
"""Maximum days between two dates that are near, and that are some years apart."""


@dataclass(frozen=True)
class Judgement:
    """A verdict on two designations, with the weighted mean of features (0 to 1) and their common place."""

    verdict: Verdict
    score: float
    features: Mapping[str, float]
    place: str


def judge(one: Described, other: Described, related: Relations, weights: Weights) -> Judgement | None:
    """Judge two designations; None if they are different or not similar enough.

    Organisation-borne designations with different carriers are look-alikes, however similar the names, as are those of
    programmes marked as look-alikes. Pairs related by design are so only with the same name. An area-borne designation
    without a known place is never a certain duplicate, since many towns share a name.
    """
    features = _features(one, other, weights)
    if features is None:
        return None
    score = _score(features, weights)
    place = next((code for code in one.codes if code in other.codes), "")
    vetoed = one.organised and features.get("carrier") == 0
    if vetoed and features["core"] == 1 and one.programme == other.programme:
        return Judgement(LOOK_ALIKE, score, features, place)
    if score < weights["verdict.undecided"]:
        return None
    placed = "place" in features or one.organised
    sure = score >= weights["verdict.duplicate"] and placed
    return Judgement(_verdict(one, other, related, features, sure=sure), score, features, place)


def _verdict(
    one: Described, other: Described, related: Relations, features: Mapping[str, float], *, sure: bool
) -> Verdict:
    if related.related_designations(one.key, other.key):
        return BY_DESIGN
    if one.programme != other.programme and not related.alternate(one.programme, other.programme):
        return LOOK_ALIKE if related.look_alike(one.programme, other.programme) else BY_DESIGN
    if one.organised and features.get("carrier") == 0:
        return LOOK_ALIKE
    return DUPLICATE if sure and features["core"] == 1 else UNDECIDED


def _score(features: Mapping[str, float], weights: Weights) -> float:
    total = sum(weights[f"feature.{name}"] for name in features)
    return sum(weights[f"feature.{name}"] * value for name, value in features.items()) / total


def _features(one: Described, other: Described, weights: Weights) -> dict[str, float] | None:
    """Return the known features, each from 0 to 1; a value missing on one side is no feature.

    Returns:
        None if the places are disjoint, or if the remaining features cannot raise the score enough.
    """
    found: dict[str, float] = {"core": _core(one, other, weights)}
    place = _place(one, other, weights)
    if place is not None:
        found["place"] = place
    if one.carriers and other.carriers:
        found["carrier"] = float(bool(one.carriers & other.carriers))
    hopeless = found["core"] < 1 and _score({**BEST, **found}, weights) < weights["verdict.undecided"]
    if place == 0 or hopeless:
        return None
    found["programme"] = 1.0 if one.programme == other.programme else weights["programme.alternate"]
    found["core-raw"] = SequenceMatcher(None, one.form, other.form, autojunk=False).ratio()
    if one.first and one.last and other.first and other.last:
        found["date"] = dates_agree((one.first, one.last), (other.first, other.last), weights)
    if one.fields and other.fields:
        found["field"] = len(one.fields & other.fields) / len(one.fields | other.fields)
    return found


def _core(one: Described, other: Described, weights: Weights) -> float:
    """Return the similarity of the cores: 1 for equal ones, 0 if their numbers differ.

    Bracketed text in only one of the names is ignored.
    """
    mine, theirs = one.beside(other, one.form)[0], other.beside(one, other.form)[0]
    if mine == theirs:
        return 1.0
    if one.bare != one.form and one.beside(other, one.bare)[0] == theirs:
        return 1.0
    if other.bare != other.form and other.beside(one, other.bare)[0] == mine:
        return 1.0
    if NUMBERS.findall(mine) != NUMBERS.findall(theirs):
        return 0.0
    return weights["core.near"] * SequenceMatcher(None, mine, theirs, autojunk=False).ratio()


def _place(one: Described, other: Described, weights: Weights) -> float | None:
    """Return the agreement of the places: by the stated places, and by the lowest place in each name.

    An organisation-borne designation without a place in its name lies where its carrier is: then place is no feature.
    """
    if not one.places or not other.places:
        return None
    apart = one.apart(other)
    if apart and not one.organised:
        return 0.0
    codes = (*one.codes, *other.codes)
    lowest = [_lowest(each.beside(beside, each.form)[1], codes) for each, beside in ((one, other), (other, one))]
    if apart:
        return 0.0 if any(lowest) else None
    if lowest[0] == lowest[1]:
        return weights["place.same"]
    if set(lowest) - {""} <= one.within & other.within:
        return weights["place.one-named"]
    return weights["place.nested"]


def _lowest(named: frozenset[str], codes: tuple[str, ...]) -> str:
    """Return the lowest of the places in a name; codes of higher places end in more zeros."""
    inside = [code for code in codes if code in named]
    return min(inside, key=lambda code: (len(code) - len(code.rstrip("0")), code), default="")


def dates_agree(mine: tuple[date, date], theirs: tuple[date, date], weights: Weights) -> float:
    """Return how two spans of days agree: 1 where they meet, less for near ones, 0 from `MAX_YEARS_APART_DAYS` on."""
    apart = max((mine[0] - theirs[1]).days, (theirs[0] - mine[1]).days)
    if apart <= 0:
        return 1.0
    if apart <= MAX_NEAR_DAYS:
        return weights["date.near"]
    return weights["date.years"] if apart <= MAX_YEARS_APART_DAYS else 0.0
