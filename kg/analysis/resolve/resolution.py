"""What a text was found to mean: one thing, several or none, and how each of them fits."""

from dataclasses import dataclass
from typing import Literal, NamedTuple

from kg.errors import QueryError

Fit = Literal[
    "key", "whole", "path", "short", "other", "english", "pinyin", "former", "beginning", "part", "abbreviation"
]
FITS: tuple[Fit, ...] = (
    *("key", "whole", "path", "short", "other", "english", "pinyin", "former"),
    *("beginning", "part", "abbreviation"),
)
"""How a text fits a thing, the best first; things that fit worse than the best ones are not meant.

key: its key; whole: its whole name; path: its name after those of places in which it lies; short: its short name;
other: another name; english, pinyin: a name in Latin letters; former: a name of former days, perhaps after a place;
beginning, part: that of a name; abbreviation: two or more Chinese characters of a name in their order (国家高新区).
"""
GUESSES: frozenset[Fit] = frozenset({"beginning", "part", "abbreviation"})
"""Fits that are good enough for a question, whose answer shows what was understood, and not for what is written."""
SHOWN = 12
"""Candidates that a sentence names."""
PLURALS = {"authority": "authorities"}


class Candidate(NamedTuple):
    """A thing that may be meant.

    key; shown: its Chinese name, that of a place after those of its province and prefecture; fit: how the text fits;
    name: the name that it fits, as printed; within: keys of the things in which it lies, the widest first.
    """

    key: str
    shown: str
    fit: Fit
    name: str
    within: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Resolution:
    """What a text means as a thing of a kind: the candidates that fit best, none of them better than another."""

    kind: str
    text: str
    candidates: tuple[Candidate, ...] = ()

    @property
    def code(self) -> Literal["one", "several", "none"]:
        """How many things may be meant."""
        return "one" if len(self.candidates) == 1 else "several" if self.candidates else "none"

    @property
    def key(self) -> str:
        """The key of the one thing that is meant, empty where none or several are."""
        return self.candidates[0].key if len(self.candidates) == 1 else ""

    @property
    def certain(self) -> bool:
        """Whether one thing is meant by a whole name of it, so that it may be written into the tables."""
        return bool(self.key) and self.candidates[0].fit not in GUESSES


class UnclearName(QueryError):
    """A name that means nothing or several things."""

    code = "unclear-name"

    def __init__(self, resolution: Resolution) -> None:
        self.resolution = resolution
        super().__init__(_sentence(resolution))


def _sentence(resolution: Resolution) -> str:
    """Say in English, for the command line, why a text means no one thing."""
    kind, text, candidates = resolution.kind, resolution.text, resolution.candidates
    if not candidates:
        expected = "a code or a name such as 昆山市" if kind == "place" else "a key or a name"
        return f"no {kind} is called {text!r}: expected {expected}"
    named = ", ".join(f"{candidate.shown} ({candidate.key})" for candidate in candidates[:SHOWN])
    more = f" and {len(candidates) - SHOWN} more" if len(candidates) > SHOWN else ""
    kinds = PLURALS.get(kind, f"{kind}s")
    return f"{text!r} may mean {len(candidates)} {kinds}: {named}{more}; expected one of them"
