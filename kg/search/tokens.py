"""Tokenizer for index and queries (Chinese n-grams, pinyin, Latin words).

SQLite's own tokenizers find nothing inside a Chinese name, so the index contains words made here. A sign before a word
marks its kind; any part of a name is found by its overlapping pairs of characters:

    昆山市         the complete name =昆山市; the pairs ^昆 昆山 山市; the characters 昆 山 市
                   its reading =kunshanshi >kun ~kun ~shan ~shi; its initials #kss _ks _kss
    Kunshan City   the complete name =kunshancity; the words <kunshan +kunshan +city

An FTS5 expression consists of such words in double quotes. They contain only letters, digits and these signs, so that
user input is never interpreted as syntax.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from kg.text.characters import unified

COMPLETE, START, SYLLABLE, FIRST_SYLLABLE, WORD, FIRST_WORD, INITIALS, BEGINNING, FORMERLY = "=^~>+<#_!"
"""The signs; SQLite's tokenizer treats them as parts of words (`kg.search.search.SCHEMA`)."""

MAX_QUERY_CHARS = 64
"""Maximum length of a query; the rest is ignored."""
MAX_QUERY_WORDS = 8
"""Maximum number of words of a query."""
MAX_INITIALS = 8
"""Maximum number of initials of a name in the index."""
MAX_READINGS = 40
"""Maximum number of segmentations of letters into syllables, each for complete and incomplete ones."""
RUNS = re.compile(r"[^\W_]+")
ROUNDED = re.compile(r"(?<=^[ln])v")


def folded(text: str, variants: Mapping[int, str]) -> str:
    """Return the normalised form of a text: NFKC, simplified characters, lower case, no accents.

    `variants` maps traditional characters to simplified ones, one by one, so that a part of a name is folded like the
    complete name. ü is v, as on keyboards; apostrophes, which only separate syllables (xi'an), are removed.
    """
    plain = unified(text).translate(variants).casefold()
    if not plain.isascii():
        decomposed = unicodedata.normalize("NFD", plain).replace("u\u0308", "v").replace("\u2019", "")
        plain = unicodedata.normalize("NFC", "".join(sign for sign in decomposed if not unicodedata.combining(sign)))
    return plain.replace("'", "")


def pairs(run: str) -> list[str]:
    """Return the overlapping pairs of characters of a text."""
    return [run[at : at + 2] for at in range(len(run) - 1)]


def name_words(name: str, reading: Sequence[str], *, former: bool = False) -> Iterator[str]:
    """Yield the index words of a folded name.

    Args:
        name: the name, folded.
        reading: its syllables, none for a name in Latin letters.
        former: whether it is a former name: it ranks after current names (!襄樊市 instead of =襄樊市), and its
            beginning ranks like any other part.
    """
    runs = RUNS.findall(name)
    joined = "".join(runs)
    if not joined:
        return
    whole = FORMERLY if former else COMPLETE
    yield whole + joined
    if joined.isascii():
        yield from [] if former else [FIRST_WORD + runs[0]]
        yield from (WORD + run for run in runs)
        return
    yield from [] if former else [START + joined[0]]
    yield from pairs(joined)
    yield from dict.fromkeys(joined)
    if reading:
        yield whole + "".join(reading)
        yield from [] if former else [FIRST_SYLLABLE + reading[0]]
        yield from (SYLLABLE + syllable for syllable in reading)
        initials = "".join(syllable[0] for syllable in reading)
        if len(initials) <= MAX_INITIALS and not former:
            yield INITIALS + initials
        yield from (BEGINNING + initials[:length] for length in range(2, min(len(initials), MAX_INITIALS) + 1))


def phrase(words: Iterable[str], *, unfinished: bool = False) -> str:
    """Return the expression for consecutive words; `unfinished` matches any word with the last one as prefix."""
    return '"' + " ".join(words) + '"' + (" *" if unfinished else "")


def either(expressions: Iterable[str]) -> str:
    """Return the expression for any of several expressions."""
    return "(" + " OR ".join(dict.fromkeys(expressions)) + ")"


Reading = tuple[str, ...]
"""The syllables of a name or of a part of it."""


class Syllables:
    """The syllables of an index, and segmentation of letters into them; lü may be typed lv, lu or lyu."""

    def __init__(self, known: Iterable[str]) -> None:
        self._by_spelling: dict[str, list[str]] = {}
        for syllable in sorted(known):
            for spelled in {syllable, ROUNDED.sub("u", syllable), ROUNDED.sub("yu", syllable)}:
                self._by_spelling.setdefault(spelled, []).append(syllable)
        self._max_syllable_chars = max(map(len, self._by_spelling), default=0)

    def readings(self, letters: str) -> tuple[list[Reading], list[Reading]]:
        """Return the segmentations of letters into syllables: complete ones, and those with an unfinished last one.

        xian is xian and xi an; unfinished also xiang. Fewer syllables come first; at most `MAX_READINGS` of each are
        returned.
        """
        complete: list[Reading] = []
        unfinished: list[Reading] = []
        waiting: list[tuple[int, Reading]] = [(0, ())]
        for _ in range(20 * MAX_READINGS):
            if not waiting:
                break
            at, before = waiting.pop()
            rest = letters[at:]
            if not rest:
                complete.append(before)
                continue
            unfinished += [(*before, syllable) for syllable in self._completions(rest)]
            for length in range(1, min(len(rest), self._max_syllable_chars) + 1):
                waiting += [(at + length, (*before, syllable)) for syllable in self._by_spelling.get(rest[:length], ())]
        return sorted(complete, key=len)[:MAX_READINGS], sorted(unfinished, key=len)[:MAX_READINGS]

    def _completions(self, rest: str) -> list[str]:
        """Return the syllables with a prefix, longer than it."""
        if len(rest) >= self._max_syllable_chars:
            return []
        return [
            syllable
            for spelled, syllables in self._by_spelling.items()
            if spelled.startswith(rest) and spelled != rest
            for syllable in syllables
        ]


@dataclass(frozen=True)
class Query:
    """A parsed query: its runs of letters and digits, folded, and the syllables of the index."""

    runs: tuple[str, ...]
    syllables: Syllables

    @cached_property
    def joined(self) -> str:
        """All runs as one text."""
        return "".join(self.runs)

    @property
    def latin(self) -> bool:
        """Whether the query consists of Latin letters and digits."""
        return self.joined.isascii()

    @cached_property
    def readings(self) -> tuple[list[Reading], list[Reading]]:
        """The segmentations of the query as pinyin: into complete syllables, and with an unfinished last one."""
        return self.syllables.readings(self.joined) if self.latin else ([], [])

    @cached_property
    def tiers(self) -> list[str]:
        """The expressions in order of rank: complete name, former name, beginning, any part, initials."""
        if not self.runs:
            return []
        complete, unfinished = self.readings
        initials = self.latin and 1 < len(self.joined) <= MAX_INITIALS
        found = [phrase([COMPLETE + self.joined]), phrase([FORMERLY + self.joined])]
        found.append(either([*self._starts(), *_starting(complete)]))
        if unfinished:
            found.append(either(_starting(unfinished)))
        if initials:
            found.append(phrase([INITIALS + self.joined]))
        found.append(either(self._parts(self.runs)))
        if len(self.runs) > 1:
            found.append(" AND ".join(either(self._parts((run,))) for run in self.runs))
        if initials:
            found.append(phrase([BEGINNING + self.joined]))
        return found

    @property
    def anywhere(self) -> str:
        """The expression for the results of all tiers, without ranking."""
        return either(self.tiers) if self.latin else self.tiers[-1]

    def _starts(self) -> Iterator[str]:
        yield phrase([START + self.joined[0], *pairs(self.joined)])
        if self.latin:
            yield phrase(_marked(FIRST_WORD, WORD, self.runs), unfinished=True)

    def _parts(self, runs: tuple[str, ...]) -> Iterator[str]:
        joined = "".join(runs)
        yield phrase(pairs(joined) or [joined])
        if not joined.isascii() or len(joined) == 1:
            return
        yield phrase((WORD + run for run in runs), unfinished=True)
        complete, unfinished = self.syllables.readings(joined)
        for reading in [*complete, *(reading for reading in unfinished if len(reading) > 1)]:
            yield phrase(SYLLABLE + syllable for syllable in reading)


def parse_query(text: str, variants: Mapping[int, str], syllables: Syllables) -> Query:
    """Parse the input: at most `MAX_QUERY_CHARS` characters and `MAX_QUERY_WORDS` words."""
    return Query(tuple(RUNS.findall(folded(text[:MAX_QUERY_CHARS], variants))[:MAX_QUERY_WORDS]), syllables)


def _marked(first: str, sign: str, words: Sequence[str]) -> list[str]:
    """Return words as indexed at the beginning of a name: the first one twice, unless it is the only one."""
    return [first + words[0], *(sign + word for word in words)] if len(words) > 1 else [first + words[0]]


def _starting(readings: Iterable[Reading]) -> list[str]:
    return [phrase(_marked(FIRST_SYLLABLE, SYLLABLE, reading)) for reading in readings]
