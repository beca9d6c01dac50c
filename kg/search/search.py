"""Search the names of a release: an index in SQLite (FTS5), made by kg.search.index and opened read-only.

The index holds one row a thing, numbered by rank: places and programmes before single designations, short names before
long ones. So the rows of any expression come in the order in which they are shown, and a kind is a range of numbers.
"""

import json
import re
import sqlite3
import threading
import time
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

from kg.errors import QueryTimeout, ReleaseError
from kg.search.tokens import RUNS, Question, Syllables, folded, question

FILE = "search.sqlite"
"""The index in the folder of a release: a cache beside the store, not signed."""
FORMAT = 2
"""Version of the index (SQLite's user_version), raised whenever something else is written into it."""
SCHEMA = """
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
CREATE TABLE meta (content TEXT NOT NULL);
CREATE TABLE things (number INTEGER PRIMARY KEY, iri TEXT NOT NULL, context TEXT NOT NULL, names TEXT NOT NULL);
CREATE VIRTUAL TABLE words USING fts5(cut, content = '', columnsize = 0, tokenize = "ascii tokenchars '=^~>+<#_!'");
INSERT INTO words (words, rank) VALUES ('hashsize', 67108864);
"""
"""The tokenizer parts at white space only: all that is not ASCII is part of a word for it, and so are these signs."""
MOST = 10_000
"""Things of one kind that are counted and can be paged through."""
SECONDS = 2.0
"""Wall-clock limit of one search."""
STEPS = 20_000
"""Steps of SQLite's machine between two looks at the clock."""
FOUND = "SELECT rowid FROM words WHERE words MATCH ? AND rowid >= ? AND rowid < ? ORDER BY rowid LIMIT ?"
COUNTED = "SELECT count(*) FROM (SELECT 1 FROM words WHERE words MATCH ? AND rowid >= ? AND rowid < ? LIMIT ?)"
EVERYTHING = (0, 1 << 62)
WRITTEN = ("table", "source", "claim")
"""Kinds named by what was written about the others, and last among the kinds of an index: however well their titles
and sentences fit, they come after the things that they are about."""
FEW = 500
"""So many numbers are read to be counted by kind; where there are more, SQLite counts them."""
STANDINGS = ("preferred", "other", "former")
WHOLE_NAME, BEGINNING, ALL_INITIALS, PART, EVERY_WORD, FIRST_INITIALS = range(6)
"""How well a name fits, in the order of the tiers of a question."""


@dataclass(frozen=True, slots=True)
class Name:
    """A name of a thing.

    language: zh, en or empty; standing: preferred, other, former; bearer: IRI of the former thing that had the name,
    empty where it is the thing itself; reading: pinyin without tones, syllables parted by blanks, or empty.
    """

    text: str
    language: str
    standing: str
    bearer: str
    reading: str


@dataclass(frozen=True, slots=True)
class Match:
    """The name by which a thing was found, and how: `text`, `pinyin` or `initials`."""

    name: Name
    how: str


@dataclass(frozen=True, slots=True)
class Hit:
    """A thing that was found: IRI, kind, its names, what tells it from others (IRIs), and the name that matched.

    match is None where the words asked for stand in several of its names.
    """

    iri: str
    kind: str
    names: tuple[Name, ...]
    context: tuple[str, ...]
    match: Match | None


@dataclass(frozen=True, slots=True)
class Found:
    """A page of things found: the number of all (of the kind asked for), numbers by kind, and the hits of the page.

    complete: False where more than `MOST` of a kind were found, so that the numbers are not the whole.
    """

    total: int
    kinds: Mapping[str, int]
    hits: tuple[Hit, ...]
    complete: bool


class Search:
    """The search index of one release. Every thread has a connection of its own, opened when it first asks."""

    def __init__(self, path: Path, meta: Mapping[str, Any]) -> None:
        self._path = path
        self._local = threading.local()
        self.kinds: Mapping[str, Sequence[int]] = meta["kinds"]
        self.variants = {int(code): str(plain) for code, plain in meta["variants"].items()}
        self.syllables = Syllables(meta["syllables"])

    def find(self, text: str, kind: str = "", *, offset: int = 0, limit: int = 20) -> Found:
        """Find the things with a name in which a text stands.

        Args:
            text: what a reader typed: any part of a name in Chinese (simplified or traditional) or English, its pinyin
                or initials; several words must all stand in names of the thing.
            kind: a kind of thing or a scheme of concepts; empty for all.
            offset: hits to be passed over.
            limit: hits to be returned.

        Raises:
            QueryTimeout: the search took longer than `SECONDS`.
        """
        asked = question(text, self.variants, self.syllables)
        if not asked.runs:
            return Found(0, {}, (), complete=True)
        kinds, complete = self._counts(asked)
        numbers = self._numbers(asked, kind, min(offset + limit, MOST))[offset : min(offset + limit, MOST)]
        total = kinds.get(kind, 0) if kind else sum(kinds.values())
        return Found(total, kinds, tuple(self._hits(asked, numbers)), complete)

    @property
    def size(self) -> int:
        """The number of things whose names can be searched."""
        return max((end for _, end in self.kinds.values()), default=1) - 1

    def things(self, first: int, end: int) -> list[str]:
        """Return the IRIs of the things from one place to before another one, counted from 0, in their order."""
        rows = self._rows("SELECT iri FROM things WHERE number > ? AND number <= ? ORDER BY number", (first, end))
        return [iri for (iri,) in rows]

    def suggest(self, text: str, limit: int = 8) -> list[Hit]:
        """Return the first things that `find` finds, without counting all.

        Raises:
            QueryTimeout: the search took longer than `SECONDS`.
        """
        asked = question(text, self.variants, self.syllables)
        return list(self._hits(asked, self._numbers(asked, "", limit)))

    def _numbers(self, asked: Question, kind: str, most: int) -> list[int]:
        """Return the numbers of the first things found, in the order in which they are shown."""
        found: dict[int, None] = {}
        for (first, end), expression in product(self._parts(kind), asked.tiers):
            if len(found) >= most:
                break
            # As many again as are wanted: those that an earlier tier found come a second time.
            found.update(dict.fromkeys(number for (number,) in self._rows(FOUND, (expression, first, end, most))))
        return list(found)[:most]

    def _parts(self, kind: str) -> list[tuple[int, int]]:
        """Return the ranges of numbers to look through in turn: those of a kind, or of things and then of `WRITTEN`."""
        if kind:
            first, end = self.kinds.get(kind, (0, 0))
            return [(first, end)]
        written = [self.kinds[each] for each in WRITTEN if each in self.kinds]
        if not written:
            return [EVERYTHING]
        border = min(first for first, _ in written)
        return [(EVERYTHING[0], border), (border, EVERYTHING[1])]

    def _counts(self, asked: Question) -> tuple[dict[str, int], bool]:
        """Return how many things of each kind are found, and whether all were counted."""
        few = self._rows(FOUND, (asked.anywhere, *EVERYTHING, FEW))
        if len(few) < FEW:
            numbers = [number for (number,) in few]
            counts = {
                kind: bisect_left(numbers, end) - bisect_left(numbers, first)
                for kind, (first, end) in self.kinds.items()
            }
        else:
            counts = {
                kind: int(self._rows(COUNTED, (asked.anywhere, first, end, MOST + 1))[0][0])
                for kind, (first, end) in self.kinds.items()
            }
        complete = all(count <= MOST for count in counts.values())
        return {kind: min(count, MOST) for kind, count in counts.items() if count}, complete

    def _hits(self, asked: Question, numbers: Sequence[int]) -> Iterator[Hit]:
        marks = ", ".join("?" * len(numbers))
        rows = self._rows(f"SELECT number, iri, context, names FROM things WHERE number IN ({marks})", numbers)  # noqa: S608
        by_number = {row[0]: row for row in rows}
        for number in numbers:
            _, iri, context, described = by_number[number]
            names = tuple(Name(*cells) for cells in json.loads(described))
            kind = next(kind for kind, (first, end) in self.kinds.items() if first <= number < end)
            yield Hit(iri, kind, names, tuple(context.split("\n")) if context else (), self._match(asked, names))

    def _match(self, asked: Question, names: Sequence[Name]) -> Match | None:
        """Return the name that fits best: as the whole, at its beginning, in any part; as text before pinyin."""
        best: tuple[tuple[int, int, int], Match] | None = None
        for name in names:
            for how, rank in self._fits(asked, name):
                order = (rank, STANDINGS.index(name.standing), len(name.text))
                if best is None or order < best[0]:
                    best = order, Match(name, how)
        return best[1] if best else None

    def _fits(self, asked: Question, name: Name) -> Iterator[tuple[str, int]]:
        """Yield the ways in which a name has what was typed, with the tier of the question that finds it so."""
        runs = RUNS.findall(folded(name.text, self.variants))
        joined = "".join(runs)
        if asked.joined in joined:
            yield "text", _tier(joined, asked.joined)
        elif len(asked.runs) > 1 and all(run in joined for run in asked.runs):
            yield "text", EVERY_WORD
        if not (asked.latin and name.reading):
            return
        syllables = name.reading.split()
        letters, read = _rounded(asked.joined), [_rounded(syllable) for syllable in syllables]
        if any("".join(read[at:]).startswith(letters) for at in range(len(read))):
            yield "pinyin", _tier("".join(read), letters)
        initials = "".join(syllable[0] for syllable in syllables)
        if initials.startswith(asked.joined):
            yield "initials", ALL_INITIALS if initials == asked.joined else FIRST_INITIALS

    def _rows(self, statement: str, values: Sequence[object]) -> list[tuple[Any, ...]]:
        connection = self._connection()
        limit = time.monotonic() + SECONDS
        connection.set_progress_handler(lambda: time.monotonic() > limit, STEPS)
        try:
            return connection.execute(statement, values).fetchall()
        except sqlite3.OperationalError as error:
            if "interrupted" not in str(error):
                raise
            raise QueryTimeout(
                f"the search was stopped after {SECONDS:g} seconds; a longer name is found faster"
            ) from error

    def _connection(self) -> sqlite3.Connection:
        if not hasattr(self._local, "connection"):
            self._local.connection = _connect(self._path)
        connection: sqlite3.Connection = self._local.connection
        return connection


def open_search(folder: Path) -> Search:
    """Open the search index of a release folder, read-only.

    Raises:
        ReleaseError: there is none, or it was made by another version of this program.
    """
    path = folder / FILE
    try:
        with closing(_connect(path)) as connection:
            (version,) = connection.execute("PRAGMA user_version").fetchone()
            if version != FORMAT:
                raise ReleaseError(
                    f"the search index {path} has format {version}, not {FORMAT}; build the release again"
                )
            (content,) = connection.execute("SELECT content FROM meta").fetchone()
    except sqlite3.Error as error:
        raise ReleaseError(f"no search index in {folder}: {error}; build the release again") from error
    return Search(path, json.loads(content))


def _connect(path: Path) -> sqlite3.Connection:
    """Open an index that nobody changes while it is open; threads of a pool may close what another one opened."""
    return sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False)


def _tier(name: str, asked: str) -> int:
    return WHOLE_NAME if name == asked else BEGINNING if name.startswith(asked) else PART


def _rounded(letters: str) -> str:
    """Return pinyin with ü written as u, however it was written."""
    return re.sub(r"(?<=[ln])(?:yu|v)", "u", letters)
