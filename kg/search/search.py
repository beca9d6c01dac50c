"""Search the names of a release: an SQLite index (FTS5), built by kg.search.index and opened read-only.

The index has one row a thing, numbered by rank: places and programmes before designations, short names before long
ones. So the rows of any expression are in the order of the results, and a kind is a range of numbers.
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

from kg.errors import REMEDY, QueryTimeout, ReleaseError
from kg.search.tokens import RUNS, Query, Syllables, folded, parse_query

FILE = "search.sqlite"
"""File name of the index in the folder of a release."""
FORMAT = 2
"""Version of the index (SQLite's user_version), to be raised with every change of its content."""
SCHEMA = """
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
CREATE TABLE meta (content TEXT NOT NULL);
CREATE TABLE things (number INTEGER PRIMARY KEY, iri TEXT NOT NULL, context TEXT NOT NULL, names TEXT NOT NULL);
CREATE VIRTUAL TABLE words USING fts5(cut, content = '', columnsize = 0, tokenize = "ascii tokenchars '=^~>+<#_!'");
INSERT INTO words (words, rank) VALUES ('hashsize', 67108864);
"""
"""The tokenizer splits at white space only: for it, non-ASCII characters and these signs are parts of words."""
MAX_HITS = 10_000
"""Maximum number of things of one kind that are counted and paged through."""
TIMEOUT_SECONDS = 2.0
"""Wall-clock limit of one search."""
CLOCK_CHECK_STEPS = 20_000
"""Steps of SQLite's virtual machine between two checks of the clock."""
ROWS = "SELECT rowid FROM words WHERE words MATCH ? AND rowid >= ? AND rowid < ? ORDER BY rowid LIMIT ?"
COUNT = "SELECT count(*) FROM (SELECT 1 FROM words WHERE words MATCH ? AND rowid >= ? AND rowid < ? LIMIT ?)"
ALL_NUMBERS = (0, 1 << 62)
TEXT_KINDS = ("table", "source", "claim")
"""Kinds of texts about the other kinds, last in the index: they come after the things that they are about, however good
the match."""
MAX_ROWS_READ = 500
"""Maximum number of rows counted by kind in Python; SQLite counts more."""
STANDINGS = ("preferred", "other", "former")
COMPLETE_NAME, BEGINNING, ALL_INITIALS, PART, EVERY_WORD, FIRST_INITIALS = range(6)
"""Quality of a match, in the order of the tiers of a query."""


@dataclass(frozen=True, slots=True)
class Name:
    """A name of a thing.

    language: zh, en or empty; standing: preferred, other, former; bearer: IRI of the former thing with the name, empty
    for the thing itself; reading: pinyin without tones, syllables separated by spaces, or empty.
    """

    text: str
    language: str
    standing: str
    bearer: str
    reading: str


@dataclass(frozen=True, slots=True)
class Match:
    """The matching name of a thing, and how it matches: `text`, `pinyin` or `initials`."""

    name: Name
    how: str


@dataclass(frozen=True, slots=True)
class Hit:
    """A search result: IRI, kind, names, context (IRIs that distinguish it from others), and the matching name.

    match is None if the queried words are in several of its names.
    """

    iri: str
    kind: str
    names: tuple[Name, ...]
    context: tuple[str, ...]
    match: Match | None


@dataclass(frozen=True, slots=True)
class Results:
    """A page of results: total number (of the queried kind), numbers by kind, and the hits of the page.

    complete: False if there are more than `MAX_HITS` of a kind, so that the numbers are lower bounds.
    """

    total: int
    kinds: Mapping[str, int]
    hits: tuple[Hit, ...]
    complete: bool


class Search:
    """The search index of one release; every thread opens its own connection on first use."""

    def __init__(self, path: Path, meta: Mapping[str, Any]) -> None:
        self._path = path
        self._local = threading.local()
        self.kinds: Mapping[str, Sequence[int]] = meta["kinds"]
        self.variants = {int(code): str(plain) for code, plain in meta["variants"].items()}
        self.syllables = Syllables(meta["syllables"])

    def find(self, text: str, kind: str = "", *, offset: int = 0, limit: int = 20) -> Results:
        """Find the things with a name that contains a text.

        Args:
            text: the query: any part of a name in Chinese (simplified or traditional) or English, its pinyin or
                initials; several words must all be in names of the thing.
            kind: a kind of thing or a concept scheme; empty for all.
            offset: number of hits to skip.
            limit: maximum number of hits.

        Raises:
            QueryTimeout: the search took longer than `TIMEOUT_SECONDS`.
            ReleaseError: the index is damaged.
        """
        query = parse_query(text, self.variants, self.syllables)
        if not query.runs:
            return Results(0, {}, (), complete=True)
        kinds, complete = self._counts(query)
        end = min(offset + limit, MAX_HITS)
        numbers = self._numbers(query, kind, end)[offset:end]
        total = kinds.get(kind, 0) if kind else sum(kinds.values())
        return Results(total, kinds, tuple(self._hits(query, numbers)), complete)

    @property
    def size(self) -> int:
        """The number of searchable things."""
        return max((end for _, end in self.kinds.values()), default=1) - 1

    def things(self, first: int, end: int) -> list[str]:
        """Return the IRIs of the things from position `first` to before `end`, counted from 0, by rank."""
        rows = self._rows("SELECT iri FROM things WHERE number > ? AND number <= ? ORDER BY number", (first, end))
        return [iri for (iri,) in rows]

    def suggest(self, text: str, limit: int = 8) -> list[Hit]:
        """Return the first hits of `find`, without counting all.

        Raises:
            QueryTimeout: the search took longer than `TIMEOUT_SECONDS`.
        """
        query = parse_query(text, self.variants, self.syllables)
        return list(self._hits(query, self._numbers(query, "", limit)))

    def _numbers(self, query: Query, kind: str, most: int) -> list[int]:
        """Return the numbers of the first `most` results, in order."""
        found: dict[int, None] = {}
        for (first, end), expression in product(self._parts(kind), query.tiers):
            if len(found) >= most:
                break
            # The full limit for each tier, since results of earlier tiers are repeated.
            found.update(dict.fromkeys(number for (number,) in self._rows(ROWS, (expression, first, end, most))))
        return list(found)[:most]

    def _parts(self, kind: str) -> list[tuple[int, int]]:
        """Return the ranges of numbers to search in order: of a kind, or of things and then of `TEXT_KINDS`."""
        if kind:
            first, end = self.kinds.get(kind, (0, 0))
            return [(first, end)]
        texts = [self.kinds[each] for each in TEXT_KINDS if each in self.kinds]
        if not texts:
            return [ALL_NUMBERS]
        border = min(first for first, _ in texts)
        return [(ALL_NUMBERS[0], border), (border, ALL_NUMBERS[1])]

    def _counts(self, query: Query) -> tuple[dict[str, int], bool]:
        """Return the number of results by kind, and whether all were counted."""
        rows = self._rows(ROWS, (query.anywhere, *ALL_NUMBERS, MAX_ROWS_READ))
        if len(rows) < MAX_ROWS_READ:
            numbers = [number for (number,) in rows]
            counts = {
                kind: bisect_left(numbers, end) - bisect_left(numbers, first)
                for kind, (first, end) in self.kinds.items()
            }
        else:
            counts = {
                kind: int(self._rows(COUNT, (query.anywhere, first, end, MAX_HITS + 1))[0][0])
                for kind, (first, end) in self.kinds.items()
            }
        complete = all(count <= MAX_HITS for count in counts.values())
        return {kind: min(count, MAX_HITS) for kind, count in counts.items() if count}, complete

    def _hits(self, query: Query, numbers: Sequence[int]) -> Iterator[Hit]:
        marks = ", ".join("?" * len(numbers))
        rows = self._rows(f"SELECT number, iri, context, names FROM things WHERE number IN ({marks})", numbers)  # noqa: S608
        by_number = {row[0]: row for row in rows}
        for number in numbers:
            _, iri, context, described = by_number[number]
            names = tuple(Name(*cells) for cells in json.loads(described))
            kind = next(kind for kind, (first, end) in self.kinds.items() if first <= number < end)
            yield Hit(iri, kind, names, tuple(context.split("\n")) if context else (), self._match(query, names))

    def _match(self, query: Query, names: Sequence[Name]) -> Match | None:
        """Return the best matching name: complete, at its beginning, in any part; as text before pinyin."""
        best: tuple[tuple[int, int, int], Match] | None = None
        for name in names:
            for how, rank in self._fits(query, name):
                order = (rank, STANDINGS.index(name.standing), len(name.text))
                if best is None or order < best[0]:
                    best = order, Match(name, how)
        return best[1] if best else None

    def _fits(self, query: Query, name: Name) -> Iterator[tuple[str, int]]:
        """Yield the ways in which a name matches the query, each with its tier."""
        runs = RUNS.findall(folded(name.text, self.variants))
        joined = "".join(runs)
        if query.joined in joined:
            yield "text", _tier(joined, query.joined)
        elif len(query.runs) > 1 and all(run in joined for run in query.runs):
            yield "text", EVERY_WORD
        if not (query.latin and name.reading):
            return
        syllables = name.reading.split()
        letters, read = _rounded(query.joined), [_rounded(syllable) for syllable in syllables]
        if any("".join(read[at:]).startswith(letters) for at in range(len(read))):
            yield "pinyin", _tier("".join(read), letters)
        initials = "".join(syllable[0] for syllable in syllables)
        if initials.startswith(query.joined):
            yield "initials", ALL_INITIALS if initials == query.joined else FIRST_INITIALS

    def _rows(self, statement: str, values: Sequence[object]) -> list[tuple[Any, ...]]:
        limit = time.monotonic() + TIMEOUT_SECONDS
        try:
            connection = self._connection()
            connection.set_progress_handler(lambda: time.monotonic() > limit, CLOCK_CHECK_STEPS)
            return connection.execute(statement, values).fetchall()
        except sqlite3.Error as error:
            if "interrupted" not in str(error):
                raise ReleaseError(f"the search index {self._path} is damaged: {error}; {REMEDY}") from error
            raise QueryTimeout(
                f"the search was stopped after {TIMEOUT_SECONDS:g} seconds; a longer name is found faster"
            ) from error

    def _connection(self) -> sqlite3.Connection:
        if not hasattr(self._local, "connection"):
            self._local.connection = _connect(self._path)
        connection: sqlite3.Connection = self._local.connection
        return connection


def open_search(folder: Path) -> Search:
    """Open the search index of a release folder, read-only.

    Raises:
        ReleaseError: there is none, it is damaged, or it has another format version.
    """
    path = folder / FILE
    try:
        with closing(_connect(path)) as connection:
            (version,) = connection.execute("PRAGMA user_version").fetchone()
            if version != FORMAT:
                raise ReleaseError(f"the search index {path} has format {version}, not {FORMAT}; {REMEDY}")
            ((content,),) = connection.execute("SELECT content FROM meta")
            return Search(path, json.loads(content))
    except (sqlite3.Error, ValueError, LookupError, TypeError) as error:
        raise ReleaseError(f"the search index {path} cannot be read: {error}; {REMEDY}") from error


def _connect(path: Path) -> sqlite3.Connection:
    """Open an index read-only as immutable; threads of a pool may close connections of other threads."""
    return sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False)


def _tier(name: str, query: str) -> int:
    return COMPLETE_NAME if name == query else BEGINNING if name.startswith(query) else PART


def _rounded(letters: str) -> str:
    """Return pinyin with ü (yu, v) written as u."""
    return re.sub(r"(?<=[ln])(?:yu|v)", "u", letters)
