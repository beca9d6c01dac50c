"""Cut names, and what readers type, into the words of the search index, so that both sides cut in the same way.

SQLite's own tokenizers find nothing inside a Chinese name, so the index holds words made here. A sign before a word
keeps its kind apart; any part of a name is found because its characters stand there in overlapping pairs:

    昆山市         the whole =昆山市; the pairs ^昆 昆山 山市; the characters 昆 山 市
                   as it is read: =kunshanshi >kun ~kun ~shan ~shi; its initials #kss _ks _kss
    Kunshan City   the whole =kunshancity; the words <kunshan +kunshan +city

An expression of FTS5 is made of such words in double quotes. They have letters, digits and these signs and nothing
else, so that what a reader types is never taken for syntax.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

WHOLE, START, SYLLABLE, FIRST_SYLLABLE, WORD, FIRST_WORD, INITIALS, BEGINNING, FORMERLY = "=^~>+<#_!"
"""The signs; the tokenizer of the index (kg.search) takes them for parts of words."""

LONGEST = 64
"""Characters of a question that are read; those after them are left."""
MOST_RUNS = 8
"""Words of a question that are read."""
MOST_INITIALS = 8
"""Initials are kept up to this many characters of a name."""
MOST_READINGS = 40
"""Ways of cutting letters into syllables that are looked for, whole ones and unfinished ones each."""
RUNS = re.compile(r"[^\W_]+")
ROUNDED = re.compile(r"(?<=^[ln])v")


def folded(text: str, variants: Mapping[int, str]) -> str:
    """Return the comparable form of a text: compatibility forms plain, characters simplified, small, no accents.

    `variants` leads from traditional characters to simplified ones, one by one, so that a part of a name is folded as
    it is in the whole. ü is v, as on keyboards; apostrophes go, since they only part syllables (xi'an).
    """
    plain = unicodedata.normalize("NFKC", text).translate(variants).casefold()
    if not plain.isascii():
        decomposed = unicodedata.normalize("NFD", plain).replace("u\u0308", "v").replace("\u2019", "")
        plain = unicodedata.normalize("NFC", "".join(sign for sign in decomposed if not unicodedata.combining(sign)))
    return plain.replace("'", "")


def pairs(run: str) -> list[str]:
    """Return the overlapping pairs of characters of a text."""
    return [run[at : at + 2] for at in range(len(run) - 1)]


def name_words(name: str, reading: Sequence[str], *, former: bool = False) -> Iterator[str]:
    """Yield the words under which a folded name is kept.

    Args:
        name: the name, folded.
        reading: its syllables, none for a name in Latin letters.
        former: whether it is a name of former days: as a whole it comes after names of today (!襄樊市 and not =襄樊市),
            and its beginning is no better than any other part of it.
    """
    runs = RUNS.findall(name)
    joined = "".join(runs)
    if not joined:
        return
    whole = FORMERLY if former else WHOLE
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
        if len(initials) <= MOST_INITIALS and not former:
            yield INITIALS + initials
        yield from (BEGINNING + initials[:length] for length in range(2, min(len(initials), MOST_INITIALS) + 1))


def phrase(words: Iterable[str], *, unfinished: bool = False) -> str:
    """Return the expression for words that follow one another; the last of them may be unfinished."""
    return '"' + " ".join(words) + '"' + (" *" if unfinished else "")


def either(expressions: Iterable[str]) -> str:
    """Return the expression for any one of some."""
    return "(" + " OR ".join(dict.fromkeys(expressions)) + ")"


Reading = tuple[str, ...]
"""The syllables of a name or of a part of it."""


class Syllables:
    """The syllables of an index, and how letters typed without spaces are cut into them; lü is typed lv, lu or lyu."""

    def __init__(self, known: Iterable[str]) -> None:
        self._meant: dict[str, list[str]] = {}
        for syllable in sorted(known):
            for spelled in {syllable, ROUNDED.sub("u", syllable), ROUNDED.sub("yu", syllable)}:
                self._meant.setdefault(spelled, []).append(syllable)
        self._longest = max(map(len, self._meant), default=0)

    def readings(self, letters: str) -> tuple[list[Reading], list[Reading]]:
        """Return the ways of cutting letters into syllables: into whole ones, and with an unfinished one at the end.

        xian is xian and xi an; unfinished it is xiang, too. Few syllables come before many, and no more than
        `MOST_READINGS` of each are returned.
        """
        whole: list[Reading] = []
        unfinished: list[Reading] = []
        waiting: list[tuple[int, Reading]] = [(0, ())]
        for _ in range(20 * MOST_READINGS):
            if not waiting:
                break
            at, before = waiting.pop()
            rest = letters[at:]
            if not rest:
                whole.append(before)
                continue
            unfinished += [(*before, syllable) for syllable in self._completions(rest)]
            for length in range(1, min(len(rest), self._longest) + 1):
                waiting += [(at + length, (*before, syllable)) for syllable in self._meant.get(rest[:length], ())]
        return sorted(whole, key=len)[:MOST_READINGS], sorted(unfinished, key=len)[:MOST_READINGS]

    def _completions(self, rest: str) -> list[str]:
        """Return the syllables that an unfinished one can become."""
        if len(rest) >= self._longest:
            return []
        return [
            syllable
            for spelled, meant in self._meant.items()
            if spelled.startswith(rest) and spelled != rest
            for syllable in meant
        ]


@dataclass(frozen=True)
class Question:
    """What a reader typed: its runs of letters and digits, folded, and the syllables of the index that is asked."""

    runs: tuple[str, ...]
    syllables: Syllables

    @cached_property
    def joined(self) -> str:
        """All runs as one text."""
        return "".join(self.runs)

    @property
    def latin(self) -> bool:
        """Whether nothing but Latin letters and digits were typed."""
        return self.joined.isascii()

    @cached_property
    def readings(self) -> tuple[list[Reading], list[Reading]]:
        """The ways of reading what was typed as pinyin: in whole syllables, and with an unfinished one at the end."""
        return self.syllables.readings(self.joined) if self.latin else ([], [])

    @cached_property
    def tiers(self) -> list[str]:
        """The expressions to be looked for in turn: a whole name, an older one, a beginning, any part, initials."""
        if not self.runs:
            return []
        whole, unfinished = self.readings
        initials = self.latin and 1 < len(self.joined) <= MOST_INITIALS
        found = [phrase([WHOLE + self.joined]), phrase([FORMERLY + self.joined])]
        found.append(either([*self._starts(), *_starting(whole)]))
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
        """The expression for all that the tiers find together, without their order."""
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
        whole, unfinished = self.syllables.readings(joined)
        for reading in [*whole, *(reading for reading in unfinished if len(reading) > 1)]:
            yield phrase(SYLLABLE + syllable for syllable in reading)


def question(text: str, variants: Mapping[int, str], syllables: Syllables) -> Question:
    """Read what was typed: no more than `LONGEST` characters of it and `MOST_RUNS` words."""
    return Question(tuple(RUNS.findall(folded(text[:LONGEST], variants))[:MOST_RUNS]), syllables)


def _marked(first: str, sign: str, words: Sequence[str]) -> list[str]:
    """Return words as they stand at the beginning of a name: the first one twice, unless it is the only one."""
    return [first + words[0], *(sign + word for word in words)] if len(words) > 1 else [first + words[0]]


def _starting(readings: Iterable[Reading]) -> list[str]:
    return [phrase(_marked(FIRST_SYLLABLE, SYLLABLE, reading)) for reading in readings]
