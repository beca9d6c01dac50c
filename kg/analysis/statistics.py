"""Whether things stand together more often than by chance: hypergeometric probability, corrected over all pairs."""

from collections.abc import Sequence

from scipy.stats import false_discovery_control, hypergeom, spearmanr


def at_least(units: int, one: int, other: int, observed: int) -> float:
    """Return the probability of at least so many units with both, by chance (hypergeometric distribution).

    Args:
        units: number of all units.
        one: units with the first.
        other: units with the second, drawn without replacement and independently of the first.
        observed: units with both.
    """
    return float(hypergeom.sf(observed - 1, units, one, other))


def at_most(units: int, one: int, other: int, observed: int) -> float:
    """Return the probability of at most so many units with both, by chance (hypergeometric distribution)."""
    return float(hypergeom.cdf(observed, units, one, other))


def corrected(probabilities: Sequence[float]) -> list[float]:
    """Return probabilities corrected for the number of tests, in the same order (Benjamini and Hochberg 1995)."""
    if not probabilities:
        return []
    return [float(value) for value in false_discovery_control(probabilities, method="bh")]


def spearman(one: Sequence[float], other: Sequence[float]) -> float:
    """Return the rank correlation of two series (Spearman 1904), from -1 to 1; NaN where a series is constant."""
    return float(spearmanr(one, other).statistic)
