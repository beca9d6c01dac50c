"""Candidates for a name, each with a score from features: weights and thresholds are those of duplicates."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from kg.analysis.findings.duplicates.scoring import dates_agree
from kg.analysis.matching import facts
from kg.analysis.matching.facts import Facts
from kg.analysis.matching.near import Near
from kg.analysis.resolve import FITS, GUESSES, Fit, Names
from kg.analysis.resolve.index import RANK, comparable
from kg.analysis.resolve.rows import CONCEPTS
from kg.analysis.weights import Weights, read_weights
from kg.cache import Cache
from kg.release.columns import Columns
from kg.text import pinyin
from kg.vocab import SCHEMES, THINGS

KINDS = ("place", "programme", "purpose", "field", "authority", "region", "designation", "carrier", "source")
"""Kinds of things that are matched, in the order of candidates of equal score."""
NEAR = "near"
"""How a name with a misprint fits, beside `FITS`."""
READ = "read"
"""How a name fits that is read like another: the misprint of an input method."""
EXACT = frozenset(FITS) - GUESSES
"""How a text fits that is a name of the thing."""
FIT_STEP = 0.01
"""Points that the feature `name` loses with each step of `FITS`."""
MAX_CANDIDATES = 50
"""Candidates of one name that are scored."""
FEATURES = {"name": "core", "place": "place", "programme": "programme", "carrier": "carrier", "year": "date"}
"""Feature to the weight of duplicates that it has: `feature.…` in data/duplicate_weights.csv."""
YEAR = re.compile(r"(?:19|20)[0-9]{2}")


@dataclass(frozen=True, slots=True)
class Asked:
    """A name, and what else its row tells.

    text: the name; kind: of `KINDS`, empty for any; place, programme, carrier: keys or names; year: of approval.
    """

    text: str
    kind: str = ""
    place: str = ""
    programme: str = ""
    carrier: str = ""
    year: str = ""


class Match(NamedTuple):
    """A candidate.

    kind, key; shown: its Chinese name; name: the name that fits, as printed; fit: how, of `FITS`, `near` or `read`;
    features: each from 0 to 1; score: their weighted mean, 0 to 1; sure: it is the only one that can be meant.
    """

    kind: str
    key: str
    shown: str
    name: str
    fit: str
    features: Mapping[str, float]
    score: float
    sure: bool = False

    @property
    def iri(self) -> str:
        """IRI of the candidate."""
        return f"{SCHEMES if self.kind in CONCEPTS else THINGS}{self.kind}/{self.key}"

    @property
    def exact(self) -> bool:
        """Whether the text is a name of the thing, and not near one."""
        return self.fit in EXACT


@dataclass(frozen=True, slots=True)
class _Limits:
    """What a row tells beside the name, as keys; unclear: a part of it means nothing or several things."""

    place: str = ""
    around: frozenset[str] = frozenset()
    programme: str = ""
    carrier: str = ""
    days: tuple[date, date] | None = None
    unclear: bool = False


UNLIMITED = _Limits()
"""A row that tells nothing beside the name: the score of a candidate is that of its name."""


class Matcher:
    """Matches names to the things of a release; never changed once made, so that all threads may ask it."""

    def __init__(self, columns: Columns) -> None:
        self._columns, self.names = columns, Names.of_columns(columns)
        self._weights = read_weights(columns, "duplicate_weights")
        self._near = Cache(len(KINDS))

    @classmethod
    def of_columns(cls, columns: Columns) -> "Matcher":
        """Return that of the columns of a release, made once."""
        return columns.cached("matcher", lambda: cls(columns))

    def match(self, batch: Sequence[Asked]) -> list[list[Match]]:
        """Return the candidates of each name, the best first; none for a text that is like no name.

        A candidate is sure where the text is a name of it, its score reaches `verdict.duplicate`, and no other
        candidate's does. Where the text is nobody's name, candidates have a near one, and none is sure.
        """
        found = [self._candidates(asked) for asked in batch]
        limits = [self._limits(asked) for asked in batch]
        keys: dict[str, set[str]] = defaultdict(set)
        for limit, matches in zip(limits, found, strict=True):
            if limit is not UNLIMITED:
                for match in matches:
                    keys[match.kind].add(match.key)
        known = {kind: facts.read(self._columns, kind, those) for kind, those in keys.items()}
        return [
            _ordered(
                matches if limit is UNLIMITED else [self._scored(match, limit, known) for match in matches],
                self._weights,
                unclear=limit.unclear,
            )
            for limit, matches in zip(limits, found, strict=True)
        ]

    def shown(self, kind: str, key: str) -> str:
        """Return the Chinese name of a thing, that of a place after those around it."""
        return self.names.shown(kind, key)

    def _candidates(self, asked: Asked) -> list[Match]:
        kinds = (asked.kind,) if asked.kind else KINDS
        exact = [match for kind in kinds for match in self._exact(kind, asked.text)]
        if whole := [match for match in exact if match.fit in EXACT]:
            return whole[:MAX_CANDIDATES]
        form = comparable(asked.text)
        reading = "".join(pinyin.syllables(asked.text)) if form and not form.isascii() else ""
        near = [match for kind in kinds for match in self._like(kind, form, reading)]
        best: dict[tuple[str, str], Match] = {}
        for match in sorted((*exact, *near), key=lambda match: -match.features["name"]):
            best.setdefault((match.kind, match.key), match)
        return list(best.values())[:MAX_CANDIDATES]

    def _exact(self, kind: str, text: str) -> Iterator[Match]:
        for candidate in self.names.resolve(kind, text).candidates[:MAX_CANDIDATES]:
            if candidate.fit in GUESSES:
                typed, meant = len(comparable(text)), len(comparable(candidate.name))
                likeness = self._weights["core.near"] * min(1.0, typed * 2 / (typed + meant))
            else:
                likeness = 1 - FIT_STEP * RANK[candidate.fit]
            yield _unscored(kind, candidate.key, candidate.shown, candidate.name, fit=candidate.fit, likeness=likeness)

    def _like(self, kind: str, form: str, reading: str) -> Iterator[Match]:
        """Yield the things with a name that has the reading of a text, or nearly its form."""
        most = self._weights["core.near"]
        for entry in self.names.index(kind).whole(reading):
            yield _unscored(kind, entry.key, self.shown(kind, entry.key), entry.name, fit=READ, likeness=most)
        for near in self._near.cached(kind, lambda: Near(self._forms(kind))).find(form):
            yield _unscored(kind, near.key, self.shown(kind, near.key), near.name, fit=NEAR, likeness=most * near.ratio)

    def _forms(self, kind: str) -> Iterator[tuple[str, str, str]]:
        """Yield the names of a kind as compared, as printed, with their keys; of places also after those around."""
        index = self.names.index(kind)
        for form, entries in index.forms.items():
            for entry in entries:
                yield form, entry.name, entry.key
        if kind == "place":
            for key, name in index.shown.items():
                for above in self.names.above(kind, key):
                    path = index.shown.get(above, "") + name
                    yield comparable(path), path, key
                yield comparable(self.shown(kind, key)), self.shown(kind, key), key

    def _limits(self, asked: Asked) -> _Limits:
        if not (asked.place or asked.programme or asked.carrier or asked.year):
            return UNLIMITED
        stated = ("place", asked.place), ("programme", asked.programme), ("carrier", asked.carrier)
        keys = {kind: self.names.resolve(kind, text).key for kind, text in stated if text}
        years = YEAR.findall(asked.year)
        days = (date(int(min(years)), 1, 1), date(int(max(years)), 12, 31)) if years else None
        place = keys.get("place", "")
        return _Limits(
            place,
            frozenset((place, *self.names.above("place", place))) if place else frozenset(),
            keys.get("programme", ""),
            keys.get("carrier", ""),
            days,
            not all(keys.values()) or bool(asked.year and not years),
        )

    def _scored(self, match: Match, limits: _Limits, known: Mapping[str, Mapping[str, Facts]]) -> Match:
        features = {**match.features, **self._agreement(limits, known.get(match.kind, {}).get(match.key, Facts()))}
        weights = {name: self._weights[f"feature.{FEATURES[name]}"] for name in features}
        score = sum(weights[name] * value for name, value in features.items()) / sum(weights.values())
        return match._replace(features=features, score=score)

    def _agreement(self, limits: _Limits, own: Facts) -> dict[str, float]:
        """Return how what a row tells agrees with a candidate; a value missing on one side is no feature."""
        found = {}
        if limits.place and own.places:
            found["place"] = max(_lies(chain, limits, self._weights) for chain in own.places)
        if limits.programme and own.programmes:
            found["programme"] = float(limits.programme in own.programmes)
        if limits.carrier and own.carriers:
            found["carrier"] = float(limits.carrier in own.carriers)
        if limits.days and own.days:
            found["year"] = max(dates_agree(limits.days, days, self._weights) for days in own.days)
        return found


def _lies(chain: Sequence[str], limits: _Limits, weights: Weights) -> float:
    """Return how a place agrees with a stated one: in it, around it, or apart."""
    if limits.place in chain:
        return weights["place.same"]
    return weights["place.nested"] if chain[0] in limits.around else 0.0


def _unscored(kind: str, key: str, shown: str, name: str, *, fit: Fit | str, likeness: float) -> Match:
    return Match(kind, key, shown, name, fit, {"name": likeness}, likeness)


def _ordered(matches: Iterable[Match], weights: Weights, *, unclear: bool) -> list[Match]:
    """Return candidates by falling score, the first one sure where it alone can be meant."""
    order = list(matches)
    if len(order) > 1:
        order.sort(key=lambda match: (-match.score, KINDS.index(match.kind), len(match.name), match.key))
    reaching = [match for match in order if match.exact and match.score >= weights["verdict.duplicate"]]
    if unclear or len(reaching) != 1 or reaching[0] is not order[0]:
        return order
    return [order[0]._replace(sure=True), *order[1:]]
