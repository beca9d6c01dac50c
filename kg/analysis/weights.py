"""Weights and measures behind the scores of findings: chance with fixed margins, similarity of purposes."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import cache

import numpy as np
import scipy
from numpy.typing import NDArray

from kg.release.columns import Columns


@dataclass(frozen=True)
class Weights:
    """The numbers of data/weights.csv by key; a key that is not there is an error of the tables (KeyError)."""

    values: Mapping[str, float]

    def __hash__(self) -> int:
        """Hash by value, so that results are cached for equal weights."""
        return hash(frozenset(self.values.items()))

    def __getitem__(self, key: str) -> float:
        return self.values[key]

    def keys_with_prefix(self, prefix: str) -> list[str]:
        """Return the suffixes of the keys with a prefix and a number other than 0, sorted."""
        return sorted(
            key.removeprefix(prefix) for key, value in self.values.items() if key.startswith(prefix) and value
        )


def weights(columns: Columns) -> Weights:
    """Read the weights of a release."""
    return read_weights(columns, "weights")


def read_weights(columns: Columns, table: str) -> Weights:
    """Read one of the tables of weights of a release."""
    sql = f"SELECT weight, value FROM {table}"  # noqa: S608 — a name of ours
    return columns.cached(table, lambda: Weights({key: float(value) for key, value in columns.query(sql)}))


@dataclass(frozen=True, slots=True)
class Chance:
    """Observed and expected number of units with a combination of programmes.

    units: units of the level in the province; observed: those with the complete combination; expected: mean of that
    number by chance; probability: of at least that many; surprise: −log10 of it, capped, from 0 to 1.
    """

    units: int
    observed: int
    expected: float
    probability: float
    surprise: float

    @property
    def factors(self) -> dict[str, float]:
        """The numbers by name, as factors of a finding."""
        return {name: float(number) for name, number in asdict(self).items()}


def chance(units: int, observed: int, margins: tuple[int, ...], cap: float) -> Chance:
    """Measure a combination of programmes against chance.

    The number of units of each programme (its margin) is fixed; the units are drawn without replacement, independently
    for each programme. For two programmes the number of units with both is hypergeometric; for more, each further
    programme is drawn against the units that have all previous ones.

    Args:
        units: number of units of the level in the province.
        observed: number of units with the complete combination.
        margins: number of units with each programme.
        cap: surprise is capped at a probability of 10 to the minus cap.
    """
    expected = units * math.prod(margin / units for margin in sorted(margins))
    probability = min(1.0, float(_together(units, tuple(sorted(margins)))[observed:].sum()))
    surprise = min(cap, -math.log10(probability)) / cap if probability > 0 else 1.0
    return Chance(units, observed, expected, probability, max(0.0, surprise))


@cache
def _together(units: int, margins: tuple[int, ...]) -> NDArray[np.float64]:
    """Return the probability of 0, 1, … units that have all programmes with these margins."""
    counts = np.arange(units + 1)
    if len(margins) == 1:
        return np.asarray(counts == margins[0], dtype=np.float64)
    before = _together(units, margins[:-1])
    possible = np.flatnonzero(before > 0)
    drawn = scipy.stats.hypergeom.pmf(counts[None, :], units, possible[:, None], margins[-1])
    return np.asarray(before[possible] @ drawn, dtype=np.float64)


def likeness(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    """Return the weighted Jaccard index of two programmes' purposes: shared weight over total weight, from 0 to 1.

    Ružička (1958): sum of minima over sum of maxima. With the weight 0 for secondary purposes it is the Jaccard index
    of the main purposes.
    """
    keys = sorted(one.keys() | other.keys())
    total = sum(max(one.get(key, 0), other.get(key, 0)) for key in keys)
    return sum(min(one.get(key, 0), other.get(key, 0)) for key in keys) / total if total else 0.0


@dataclass(frozen=True)
class Purposes:
    """The purposes of programmes, without the generic ones.

    weighed: programme to purpose to weight; rows: programme to its assignments as text, for the evidence; within:
    programme and group to the purposes (not the group itself) assigned in it, each with whether it is a main one.
    """

    weighed: Mapping[str, Mapping[str, float]]
    rows: Mapping[str, tuple[str, ...]]
    within: Mapping[tuple[str, str], Mapping[str, bool]]
    _cache: dict[tuple[str, str], float] = field(default_factory=dict)

    def likeness(self, one: str, other: str) -> float:
        """Return the similarity of the purposes of two programmes, from 0 to 1; cached by pair."""
        if (one, other) not in self._cache:
            self._cache[one, other] = likeness(self.weighed.get(one, {}), self.weighed.get(other, {}))
        return self._cache[one, other]

    def shares(self, one: str, other: str, group: str) -> bool:
        """Whether two programmes share a purpose of a group, and not only the group, that is main for one of them."""
        return any(mine or theirs for mine, theirs in self._common(one, other, group))

    def share_any(self, one: str, other: str) -> bool:
        """Whether two programmes share a purpose of any group that is main for one of them."""
        return any(mine or theirs for mine, theirs in self._common_in_any(one, other))

    def coincide(self, one: str, other: str, group: str) -> bool:
        """Whether two programmes share a purpose of a group that is main for both, or two, of which one is main."""
        return _coincide(list(self._common(one, other, group)))

    def coincide_in_any(self, one: str, other: str) -> bool:
        """Whether two programmes share a purpose that is main for both, or two purposes, of which one is main."""
        return _coincide(list(self._common_in_any(one, other)))

    def _common(self, one: str, other: str, group: str) -> Iterator[tuple[bool, bool]]:
        """Yield whether each common purpose of a group is main for either programme."""
        mine, theirs = (self.within.get((programme, group), {}) for programme in (one, other))
        return ((mine[purpose], theirs[purpose]) for purpose in mine.keys() & theirs.keys())

    def _common_in_any(self, one: str, other: str) -> Iterator[tuple[bool, bool]]:
        groups = [group for programme, group in self.within if programme == one]
        return (main for group in groups for main in self._common(one, other, group))


def _coincide(common: Sequence[tuple[bool, bool]]) -> bool:
    return any(map(all, common)) or (len(common) > 1 and any(map(any, common)))


def purposes(columns: Columns, known: Weights) -> Purposes:
    """Read the purposes of the programmes and weigh them."""
    return columns.cached(("purposes", known), lambda: _purposes(columns, known))


def _purposes(columns: Columns, known: Weights) -> Purposes:
    weighed: dict[str, dict[str, float]] = {}
    rows: dict[str, list[str]] = {}
    within: dict[tuple[str, str], dict[str, bool]] = {}
    for programme, purpose, weight, group in columns.query(
        "SELECT programme, purpose, weight, purpose_group FROM programme_purposes WHERE NOT generic ORDER BY ALL", {}
    ):
        if purpose != group:
            own = within.setdefault((programme, group), {})
            own[purpose] = own.get(purpose, False) or weight == "main"
        weighed.setdefault(programme, {})[purpose] = known[f"purpose.{weight}"]
        rows.setdefault(programme, []).append(f"{programme} {weight} {purpose}")
    return Purposes(weighed, {programme: tuple(texts) for programme, texts in rows.items()}, within)
