"""The names of one kind of thing, found whole, by their beginning, by a part and by characters in their order."""

import re
import unicodedata
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property
from typing import NamedTuple

from kg.analysis.resolve.resolution import FITS, Fit
from kg.analysis.resolve.rows import PINYIN, NameRow
from kg.text.names import normal

RANK: Mapping[Fit, int] = {fit: number for number, fit in enumerate(FITS)}
MARKS = re.compile(r"[-·.,()/&–]")
"""Signs that do not count in Latin letters, in which spaces do not count either."""
HAN = re.compile("[\u4e00-\u9fff]")
"""A Chinese character: what holds one never comes down to Latin letters by losing its accents."""
MIN_LETTERS = 2
"""Latin letters, or Chinese characters of an abbreviation, of which a guess is made."""


class Entry(NamedTuple):
    """One name: the thing that bears it, how a whole text fits it, the name as printed and as compared."""

    key: str
    fit: Fit
    name: str
    form: str
    level: str
    first: date | None
    last: date | None


def comparable(text: str) -> str:
    """Return the form in which names are compared: `normal`; of Latin letters without accents, hyphens and the like."""
    plain = normal(text).replace("’", "")
    if HAN.search(plain):
        return plain
    if not plain.isascii():
        decomposed = unicodedata.normalize("NFD", plain)
        bare = "".join(sign for sign in decomposed if not unicodedata.combining(sign))
        plain = bare if bare.isascii() else plain
    return MARKS.sub("", plain) if plain.isascii() else plain


def spellings(row: NameRow) -> set[str]:
    """Return the forms under which a name is kept: pinyin with ü as v and as u."""
    form = comparable(row.name)
    return {form, re.sub("(?<=[ln])v", "u", form)} if row.language == PINYIN else {form}


def fit_of(row: NameRow) -> Fit:
    """Return how a text that is this whole name fits the thing; in English a place is as well meant without County."""
    if row.language == PINYIN:
        return "pinyin"
    if row.language == "en" and row.kind == "place":
        return "english"
    return "whole" if row.standing == "preferred" else row.standing


class Index:
    """The names of one kind of thing; those of former days count only as a whole."""

    def __init__(self, rows: Iterable[NameRow]) -> None:
        self.shown: dict[str, str] = {}
        self.levels: dict[str, str] = {}
        self.forms: dict[str, list[Entry]] = defaultdict(list)
        self._own: dict[str, set[str]] = defaultdict(set)
        for row in rows:
            if row.standing == "preferred" and row.language == "zh":
                self.shown[row.key] = row.name
            self.levels.setdefault(row.key, row.level)
            for form in spellings(row):
                self._add(Entry(row.key, fit_of(row), row.name, form, row.level, row.first, row.last))
        self.keys: Mapping[str, str] = {key.casefold(): key for key in self.shown}

    def _add(self, entry: Entry) -> None:
        if entry.form:
            self.forms[entry.form].append(entry)
            self._own[entry.key].add(entry.form)

    def whole(self, form: str) -> Sequence[Entry]:
        """Return the names that are a text."""
        return self.forms.get(form, ())

    def bears(self, key: str) -> set[str]:
        """Return all names of a thing, as they are compared."""
        return self._own.get(key, set())

    def beginning(self, form: str) -> Iterator[Entry]:
        """Yield the names that begin with a text."""
        return self._holding(f"\n{form}")

    def part(self, form: str) -> Iterator[Entry]:
        """Yield the names in which a text stands."""
        return self._holding(form)

    def in_order(self, form: str) -> Iterator[Entry]:
        """Yield the names in which the characters of a text stand in their order, as Chinese abbreviations do."""
        if len(form) < MIN_LETTERS or any(sign.isascii() for sign in form):
            return
        for number in sorted(set.intersection(*(self._characters.get(sign, set()) for sign in form))):
            signs = iter(self._today[number].form)
            if all(sign in signs for sign in form):
                yield self._today[number]

    @cached_property
    def _today(self) -> list[Entry]:
        return [entry for entries in self.forms.values() for entry in entries if entry.fit != "former"]

    @cached_property
    def _text(self) -> str:
        """All names one after the other, each after a line feed, so that the search for a part runs over one text."""
        return "".join(f"\n{entry.form}" for entry in self._today)

    @cached_property
    def _starts(self) -> list[int]:
        """Where in the text each name begins, its line feed counted in."""
        starts, at = [], 0
        for entry in self._today:
            starts.append(at)
            at += len(entry.form) + 1
        return starts

    @cached_property
    def _characters(self) -> Mapping[str, set[int]]:
        found: dict[str, set[int]] = defaultdict(set)
        for number, entry in enumerate(self._today):
            for sign in entry.form:
                found[sign].add(number)
        return found

    def _holding(self, part: str) -> Iterator[Entry]:
        if len(part.strip()) < (MIN_LETTERS if part.isascii() else 1):
            return
        at = self._text.find(part)
        while at >= 0:
            yield self._today[bisect_right(self._starts, at) - 1]
            at = self._text.find(part, at + 1)


def best(entries: Iterable[Entry]) -> dict[str, Entry]:
    """Return of each thing the name that fits best, of those things that fit best of all."""
    found: dict[str, Entry] = {}
    least = len(FITS)
    for entry in entries:
        at = RANK[entry.fit]
        if at < least:
            found, least = {entry.key: entry}, at
        elif at == least:
            found.setdefault(entry.key, entry)
    return found
