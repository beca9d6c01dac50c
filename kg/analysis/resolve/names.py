"""The only reading of names: what a text means as a place, programme, purpose, field, body, carrier or document."""

import re
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property, partial

from kg.analysis.resolve import rows
from kg.analysis.resolve.index import Entry, Index, best, comparable
from kg.analysis.resolve.resolution import Candidate, Fit, Resolution
from kg.analysis.resolve.rows import Above, NameRow
from kg.cache import Cache
from kg.release.columns import Columns
from kg.tables import Package
from kg.tables.dates import Span
from kg.text.names import NameWords

LONGEST = 200
"""Characters of a text at most; a longer one is no name."""
MAX_KINDS = 16
"""Kinds of things whose names are kept."""
LEVELS = ("country", "province", "prefecture", "county", "")
COMMA = re.compile("[,，]")


class Names:
    """The names of all things of a release by kind; never changed once made, so that all threads may ask it."""

    def __init__(self, named: Callable[[str], Iterable[NameRow]], above: Callable[[], Above], words: NameWords) -> None:
        """Take up names, those of a kind when it is first asked for.

        Args:
            named: returns the names of a kind, the one to be shown first among those of a thing.
            above: returns what each thing lies in.
            words: what lists add to names of programmes and designations.
        """
        self._named, self._lies, self._words = named, above, words
        self._made, self._indexes = Cache(MAX_KINDS), dict[str, Index]()

    @classmethod
    def of(cls, package: Package) -> "Names":
        """Make it from the tables of a checked package."""
        words = NameWords.of(package.rows("name_words"))
        return cls(partial(rows.from_tables, package), partial(rows.above_in_tables, package), words)

    @classmethod
    def of_columns(cls, columns: Columns) -> "Names":
        """Return that of the columns of a release, made once."""

        def read() -> Names:
            words = NameWords(columns.query("SELECT word, kind FROM name_words"))
            return cls(partial(rows.from_columns, columns), partial(rows.above_in_columns, columns), words)

        return columns.cached("names", read)

    def keys(self, kind: str) -> frozenset[str]:
        """Return the keys of all things of a kind."""
        return frozenset(self.index(kind).shown)

    def shown(self, kind: str, key: str) -> str:
        """Return the Chinese name of a thing, that of a place after those of its province and prefecture."""
        named = self.index(kind).shown
        above = self.above(kind, key) if kind == "place" else ()
        return "".join(named[each] for each in (*above, key) if each in named)

    def resolve(self, kind: str, text: str, *, level: str = "", on: Span | None = None) -> Resolution:
        """Find what a text means.

        Args:
            kind: the kind of thing.
            text: what was typed or printed: a key, or a name of any sort.
            level: of the places that can be meant; empty for all.
            on: when the thing bore the name; tells apart those that fit equally well at different times.

        Returns:
            The things that fit best, by `FITS`. Things that fit equally well are all candidates: none is chosen.
        """
        asked = text.strip()
        if not asked or len(asked) > LONGEST:
            return Resolution(kind, text)
        for entries in self._steps(kind, asked):
            fitting = [entry for entry in entries if level in ("", entry.level)]
            if fitting:
                return Resolution(kind, text, tuple(self._candidates(kind, _on(fitting, on))))
        return Resolution(kind, text)

    def _steps(self, kind: str, text: str) -> Iterator[Iterable[Entry]]:
        """Yield the names that fit in turn: each step is taken only where nothing fitted before."""
        index, form = self.index(kind), comparable(text)
        if key := index.keys.get(text.casefold()):
            yield [Entry(key, "key", text, form, index.levels[key], None, None)]
        yield [*index.whole(form), *(self._paths(index, text, form) if kind == "place" else ())]
        if kind == "programme" and (bare := self._words.without_stages(text)):
            yield index.whole(comparable(bare))
        yield _fitting("beginning", index.beginning(form))
        yield _fitting("part", index.part(form))
        yield _fitting("abbreviation", index.in_order(form))

    def _paths(self, index: Index, text: str, form: str) -> Iterator[Entry]:
        """Yield the places of which a text is the name after names of places around it (江苏昆山).

        Parted by commas, as in English, the name may also stand before them.
        """
        parts = COMMA.split(text)
        for path in {form, comparable("".join(reversed(parts)))} if len(parts) > 1 else (form,):
            for at in range(1, len(path)):
                for entry in index.whole(path[at:]):
                    if self._leads(self.above("place", entry.key), path[:at]):
                        yield entry if entry.fit == "former" else entry._replace(fit="path")

    def _leads(self, above: tuple[str, ...], path: str) -> bool:
        """Tell whether a text is made of names of places of a chain, in their order; some may be left out."""
        if not path:
            return True
        index = self.index("place")
        return any(
            self._leads(above[number + 1 :], path[len(form) :])
            for number, key in enumerate(above)
            for form in index.bears(key)
            if path.startswith(form)
        )

    def _candidates(self, kind: str, found: dict[str, Entry]) -> list[Candidate]:
        index = self.index(kind)
        ordered = list(found.values())
        if len(ordered) > 1:
            ordered.sort(
                key=lambda entry: (LEVELS.index(index.levels[entry.key]), *_order(index.shown[entry.key]), entry.key)
            )
        return [
            Candidate(
                entry.key,
                self.shown(kind, entry.key),
                entry.fit,
                entry.name,
                self.above(kind, entry.key),
            )
            for entry in ordered
        ]

    def above(self, kind: str, key: str) -> tuple[str, ...]:
        """Return the keys of the things of a kind in which one lies, the widest first."""
        return self._all_above.get((kind, key), ())

    def index(self, kind: str) -> Index:
        """Return the index of a kind, made once, when it is first asked for; afterwards read without a lock."""
        if kind not in self._indexes:
            self._indexes[kind] = self._made.cached(kind, lambda: Index(self._named(kind)))
        return self._indexes[kind]

    @cached_property
    def _all_above(self) -> Above:
        return self._lies()


def _fitting(fit: Fit, entries: Iterable[Entry]) -> Iterator[Entry]:
    return (entry._replace(fit=fit) for entry in entries)


def _order(name: str) -> tuple[int, str]:
    return len(name), name


def _on(entries: Iterable[Entry], on: Span | None) -> dict[str, Entry]:
    """Return the best of the names; of several that fit equally well those borne at a time, all where none was."""
    entries = list(entries)
    found = best(entries)
    if on is None or len(found) == 1:
        return found
    equal = {entry.fit for entry in found.values()}
    there = best(entry for entry in entries if entry.fit in equal and _borne(entry, on))
    return there or found


def _borne(entry: Entry, on: Span) -> bool:
    return (entry.first is None or entry.first <= on.last) and (entry.last is None or entry.last >= on.first)
