"""How unevenly a thing is spread over units: Lorenz curve, Gini, Theil, Herfindahl-Hirschman, location quotient."""

import math
from collections.abc import Sequence
from itertools import pairwise

Points = list[tuple[float, float]]


def lorenz(values: Sequence[float], bases: Sequence[float] = ()) -> Points:
    """Return the points of the Lorenz curve (Lorenz 1905), from (0, 0) to (1, 1).

    Args:
        values: what each unit has, not negative.
        bases: what each unit is held against, such as its population; without them every unit counts the same.

    Returns:
        Cumulated part of the bases and cumulated part of the values, units in order of value for each piece of base.

    Raises:
        ValueError: nobody has anything, or a base is not positive.
    """
    against = list(bases) or [1.0] * len(values)
    total, base = sum(values), sum(against)
    if total <= 0 or min(against) <= 0:
        raise ValueError("expected values that sum to more than 0, and positive bases")
    ordered = sorted(zip(values, against, strict=True), key=lambda pair: pair[0] / pair[1])
    points, have, held = [(0.0, 0.0)], 0.0, 0.0
    for value, piece in ordered:
        have, held = have + value, held + piece
        points.append((held / base, have / total))
    return points


def gini(values: Sequence[float], bases: Sequence[float] = ()) -> float:
    """Return the Gini coefficient (Gini 1912): twice the area between the Lorenz curve and the diagonal.

    0 where all have the same for each piece of base; (n - 1)/n where one of n equal units has all.
    """
    points = lorenz(values, bases)
    area = sum((right[0] - left[0]) * (right[1] + left[1]) for left, right in pairwise(points))
    return 1.0 - area


def shares(values: Sequence[float]) -> list[float]:
    """Return each value as a part of the sum."""
    total = sum(values)
    return [value / total for value in values]


def theil(values: Sequence[float], bases: Sequence[float] = ()) -> float:
    """Return Theil's T (Theil 1967): the sum of s·ln(s/b) over parts s of the values and parts b of the bases.

    0 where each has what its base gives it; ln n where one of n equal units has all.
    """
    against = shares(list(bases) or [1.0] * len(values))
    return sum(part * math.log(part / base) for part, base in zip(shares(values), against, strict=True) if part > 0)


def herfindahl(values: Sequence[float]) -> float:
    """Return the Herfindahl-Hirschman index (Hirschman 1945, Herfindahl 1950): the sum of squared parts, 1/n to 1."""
    return sum(part * part for part in shares(values))


def location_quotient(part: float, base: float) -> float:
    """Return the location quotient (Florence 1939).

    A part of all designations over the part of what it is held against.

    1 where an area has what its base gives it, more where it has more. NaN where the base is empty.
    """
    return part / base if base > 0 else math.nan
