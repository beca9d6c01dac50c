"""Index of names by pairs of characters, for names with a misprint."""

import heapq
import math
from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from difflib import SequenceMatcher
from typing import NamedTuple

SHORT_CHARS = 5
"""Names of at most this length are also found by single characters: one misprint leaves them few pairs."""
MAX_POSTING = 2_000
"""Names of a pair of characters at most; more frequent ones are passed over, so that the cost does not grow."""
COMPARED = 30
"""Names with most in common that are compared character by character."""
MIN_RATIO = 0.5
"""Least share of common characters (Ratcliff and Obershelp) of a near name."""


class NearName(NamedTuple):
    """A near name: what is compared, as printed, the key that bears it, share of common characters from 0 to 1."""

    form: str
    name: str
    key: str
    ratio: float


class Near:
    """The names of one kind of thing by their pairs of characters; never changed once made."""

    def __init__(self, names: Iterable[tuple[str, str, str]]) -> None:
        """Take up names as form, printed name and key."""
        self._names = list(names)
        postings: dict[str, array[int]] = defaultdict(lambda: array("I"))
        for number, (form, _, _) in enumerate(self._names):
            for gram in _grams(form):
                postings[gram].append(number)
        self._postings: Mapping[str, array[int]] = postings

    def find(self, form: str) -> Iterator[NearName]:
        """Yield the names that have most in common with a text, in no order."""
        weights: dict[int, float] = defaultdict(float)
        for gram in _grams(form):
            posting = self._postings.get(gram, ())
            if 0 < len(posting) <= MAX_POSTING:
                rarity = math.log((1 + len(self._names)) / len(posting))
                for number in posting:
                    weights[number] += rarity
        signs = Counter(form)
        for number in heapq.nlargest(COMPARED, weights, key=lambda number: (weights[number], -number)):
            other, name, key = self._names[number]
            if 2 * _common(signs, other) < MIN_RATIO * (len(form) + len(other)):
                continue  # the ratio is at most this share
            ratio = SequenceMatcher(None, form, other, autojunk=False).ratio()
            if ratio >= MIN_RATIO:
                yield NearName(other, name, key, ratio)


def _common(signs: Mapping[str, int], other: str) -> int:
    """Return how many characters two texts have in common in any order, which costs a tenth of the ratio."""
    return sum(min(count, signs[sign]) for sign, count in Counter(other).items() if sign in signs)


def _grams(form: str) -> set[str]:
    pairs = {form[at : at + 2] for at in range(len(form) - 1)}
    return pairs | set(form) if len(form) <= SHORT_CHARS else pairs
