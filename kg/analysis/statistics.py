"""Statistics: tests of co-occurrence, rank correlation, and measures of inequality (Lorenz, Gini, Theil, HHI)."""

import math
from collections.abc import Iterable, Sequence
from functools import cache
from itertools import pairwise

import numpy as np
import scipy
from numpy.typing import NDArray

Points = list[tuple[float, float]]
"""Points of a curve, x before y."""


def at_least(units: int, one: int, other: int, observed: int) -> float:
    """Return the probability of at least `observed` units with both, by chance (hypergeometric distribution).

    Args:
        units: number of all units.
        one: units with the first.
        other: units with the second, drawn without replacement and independently of the first.
        observed: units with both.
    """
    return float(scipy.stats.hypergeom.sf(observed - 1, units, one, other)) if observed else 1.0


def at_least_summed(strata: Iterable[tuple[int, int, int]], observed: int) -> float:
    """Return the probability of at least `observed` units with both in all strata together, by chance.

    The margins are fixed in each stratum, and the strata independent: the distribution is the convolution of their
    hypergeometric distributions (exact conditional test of Mantel and Haenszel, 1959, for a common odds ratio of 1).

    Args:
        strata: number of units, of those with the first and of those with the second, for each stratum.
        observed: units with both, in all strata.
    """
    together = np.ones(1)
    for units, one, other in strata:
        together = np.convolve(together, _both(units, *sorted((one, other))))
    return min(1.0, float(together[observed:].sum()))


@cache
def _both(units: int, one: int, other: int) -> NDArray[np.float64]:
    """Return the probabilities of 0, 1, … units with both."""
    return np.asarray(scipy.stats.hypergeom.pmf(np.arange(one + 1), units, one, other), dtype=np.float64)


def at_most(units: int, one: int, other: int, observed: int) -> float:
    """Return the probability of at most `observed` units with both, by chance (hypergeometric distribution)."""
    return float(scipy.stats.hypergeom.cdf(observed, units, one, other))


def corrected(probabilities: Sequence[float]) -> list[float]:
    """Return probabilities corrected for the number of tests, in the same order (Benjamini and Hochberg 1995)."""
    if not probabilities:
        return []
    return [float(value) for value in scipy.stats.false_discovery_control(probabilities, method="bh")]


def spearman(one: Sequence[float], other: Sequence[float]) -> float:
    """Return the rank correlation of two series (Spearman 1904), from -1 to 1; NaN where a series is constant."""
    return float(scipy.stats.spearmanr(one, other).statistic)


def lorenz(values: Sequence[float], bases: Sequence[float] = ()) -> Points:
    """Return the points of the Lorenz curve (Lorenz 1905), from (0, 0) to (1, 1).

    Args:
        values: value of each unit, not negative.
        bases: size of each unit, such as its population; without them all units have the same size.

    Returns:
        Cumulative share of the bases and of the values, units by rising value per base.

    Raises:
        ValueError: all values are 0, or a base is not positive.
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

    0 if all units have the same value per base; (n - 1)/n if one of n equal units has everything.
    """
    points = lorenz(values, bases)
    area = sum((right[0] - left[0]) * (right[1] + left[1]) for left, right in pairwise(points))
    return 1.0 - area


def shares(values: Sequence[float]) -> list[float]:
    """Return each value as a share of the sum."""
    total = sum(values)
    return [value / total for value in values]


def theil(values: Sequence[float], bases: Sequence[float] = ()) -> float:
    """Return Theil's T (Theil 1967): the sum of s·ln(s/b) over shares s of the values and b of the bases.

    0 if all units have the same value per base; ln n if one of n equal units has everything.
    """
    against = shares(list(bases) or [1.0] * len(values))
    return sum(part * math.log(part / base) for part, base in zip(shares(values), against, strict=True) if part > 0)


def herfindahl(values: Sequence[float]) -> float:
    """Return the Herfindahl-Hirschman index (Hirschman 1945, Herfindahl 1950): the sum of squared shares, 1/n to 1."""
    return sum(part * part for part in shares(values))


def location_quotient(part: float, base: float) -> float:
    """Return the location quotient (Florence 1939): a share of the designations over the share of the base.

    1 if an area has its proportional share, above 1 if it has more; NaN if the base is 0.
    """
    return part / base if base > 0 else math.nan
