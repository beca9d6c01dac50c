"""Probabilities and similarities, against scipy, exhaustive counting, and numbers computed by hand."""

from functools import reduce
from itertools import product
from operator import and_

import pytest
from scipy.stats import hypergeom

from kg.analysis.weights import Purposes, chance, likeness


def counted(units: int, observed: int, margins: tuple[int, ...]) -> float:
    """Go through all ways of giving each programme its units, and count those with enough units in common."""
    ways = [[subset for subset in range(2**units) if subset.bit_count() == margin] for margin in margins]
    hits = [reduce(and_, choice).bit_count() >= observed for choice in product(*ways)]
    return sum(hits) / len(hits)


@pytest.mark.parametrize(
    ("units", "observed", "margins"),
    [(95, 10, (18, 26)), (16, 1, (3, 4)), (16, 3, (3, 4)), (21, 0, (2, 2)), (1, 1, (1, 1)), (150, 12, (12, 12))],
)
def test_two_programmes_are_hypergeometric(units: int, observed: int, margins: tuple[int, int]) -> None:
    found = chance(units, observed, margins, cap=6)
    assert found.probability == pytest.approx(hypergeom.sf(observed - 1, units, *margins))
    assert found.expected == pytest.approx(margins[0] * margins[1] / units)


@pytest.mark.parametrize(
    ("units", "observed", "margins"), [(5, 1, (2, 3, 2)), (5, 2, (2, 3, 2)), (6, 1, (1, 2, 3)), (4, 3, (3, 3, 4))]
)
def test_three_programmes_as_counted_by_hand(units: int, observed: int, margins: tuple[int, ...]) -> None:
    assert chance(units, observed, margins, cap=6).probability == pytest.approx(counted(units, observed, margins))


def test_surprise_is_capped_and_between_0_and_1() -> None:
    assert chance(10, 1, (10, 10), cap=6).surprise == pytest.approx(0, abs=1e-12)
    assert chance(10, 1, (1, 1), cap=6).surprise == pytest.approx(1 / 6)  # one in ten
    assert chance(150, 40, (40, 40), cap=6).surprise == 1
    assert chance(100, 1, (1, 1), cap=2).surprise == pytest.approx(1)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ({"a": 1}, {"a": 1}, 1),
        ({"a": 1}, {"b": 1}, 0),
        ({"a": 1, "b": 1}, {"b": 1, "c": 1}, 1 / 3),
        ({"a": 1, "b": 0.5}, {"b": 1, "c": 0.5}, 0.5 / 2.5),
        ({"a": 1, "b": 0}, {"b": 1}, 0),
        ({}, {}, 0),
    ],
)
def test_likeness(one: dict[str, float], other: dict[str, float], expected: float) -> None:
    assert likeness(one, other) == pytest.approx(expected)
    assert likeness(other, one) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("mine", "theirs", "shares", "coincides"),
    [
        ({"transfer": True}, {"transfer": True}, True, True),
        ({"transfer": True}, {"transfer": False}, True, False),
        ({"transfer": True, "validation": False}, {"transfer": False, "validation": False}, True, True),
        ({"transfer": False, "validation": False}, {"transfer": False, "validation": False}, False, False),
        ({"transfer": True}, {"validation": True}, False, False),
    ],
)
def test_when_purposes_coincide(
    mine: dict[str, bool], theirs: dict[str, bool], *, shares: bool, coincides: bool
) -> None:
    """Main for both, or two of which one is main for either; the other group of the second programme does not count."""
    group = "technology"
    known = Purposes({}, {}, {("a", group): mine, ("b", group): theirs, ("b", "research"): {"transfer": True}})
    assert (known.shares("a", "b", group), known.coincide("a", "b", group)) == (shares, coincides)
    assert (known.share_any("a", "b"), known.coincide_in_any("a", "b")) == (shares, coincides)
    assert not known.share_any("a", "c")
