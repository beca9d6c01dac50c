"""Ask the graph of a release: queries by name with bound terms, labels by language, a memory of what was asked."""

import re
from collections.abc import Callable, Iterable, Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from kg.cache import Cache
from kg.store import Literal, NamedNode, Store, Term
from kg.store.questions import with_prefixes
from kg.vocab import PREFIXES, THINGS

MAX_VALUES = 10_000
"""Values held for a release, beside the labels."""
QUERIES = Path(__file__).parent.parent / "queries"
Row = Mapping[str, Term]
"""One solution: variable to term, without the variables that are unbound."""
Made = TypeVar("Made")


class Label(NamedTuple):
    """A name and its language (zh or en; empty where the name is only the last part of an IRI)."""

    text: str
    language: str


class Graph(Cache):
    """The graph of one release, with what was read from it: a release never changes."""

    def __init__(self, store: Store) -> None:
        super().__init__(MAX_VALUES)
        self.store = store
        self.labels: Callable[[str], Mapping[str, str]] = lru_cache(maxsize=50_000)(self._labels)

    def rows(self, name: str, **terms: Term) -> list[Row]:
        """Return the solutions of the query `queries/<name>.rq`, with terms put in for its variables."""
        solutions = self.store.select(query(name), terms)
        names = solutions.variables
        return [
            {name: term for name, term in zip(names, row, strict=True) if term is not None} for row in solutions.rows
        ]

    def tuples(self, name: str, **terms: Term) -> tuple[tuple[Any, ...], ...]:
        """Return the same as tuples of terms in the order in which the query selects them, None for what is unbound."""
        return self.store.select(query(name), terms).rows

    def label(self, iri: str, language: str) -> Label:
        """Return a name in the asked language, else in the other language, else the last part of the IRI."""
        names = self.labels(iri)
        for found in (language, "zh", "en", ""):
            if found in names:
                return Label(names[found], found)
        return Label(last_part(iri), "")

    def _labels(self, iri: str) -> Mapping[str, str]:
        return {
            row["label"].language or "": row["label"].value
            for row in self.rows("graph/labels", thing=NamedNode(iri))
            if isinstance(row["label"], Literal)
        }


@cache
def query(name: str) -> str:
    """Return the text of a query file, with the project's prefixes."""
    return with_prefixes((QUERIES / f"{name}.rq").read_text(encoding="utf-8"))


def last_part(iri: str) -> str:
    """Return what tells an IRI from its sisters: the key of a thing of ours, else what follows the last # or /."""
    if iri.startswith(THINGS):
        return iri.removeprefix(THINGS).partition("/")[2]
    return re.split(r"[#/]", iri.rstrip("#/"))[-1]


@lru_cache(maxsize=10_000)
def prefixed(iri: str) -> str:
    """Return an IRI with the project's prefix where it has one, such as `gp:locatedIn`; longest base first."""
    for prefix, base in sorted(PREFIXES.items(), key=lambda entry: -len(entry[1])):
        if iri.startswith(base):
            return f"{prefix}:{iri[len(base) :]}"
    return iri


@lru_cache(maxsize=10_000)
def expanded(name: str) -> str | None:
    """Return the IRI of a prefixed name, None where the prefix is unknown."""
    prefix, colon, local = name.partition(":")
    return PREFIXES[prefix] + local if colon and prefix in PREFIXES else None


def value(row: Row, name: str) -> str:
    """Return the text of a term in a row, empty where the variable is unbound."""
    return str(row[name].value) if name in row else ""


def ordered(rows: Iterable[Row], *names: str) -> list[Row]:
    """Return rows in the order of the texts of some variables."""
    return sorted(rows, key=lambda row: [value(row, name) for name in names])


def collation(label: Label) -> tuple[int, bytes]:
    """Return a key that sorts English names by alphabet and Chinese ones, after them, by pinyin.

    GB 18030 keeps the order of GB 2312, whose 3,755 commonest characters stand by pinyin.
    """
    if label.language == "zh":
        return 1, label.text.encode("gb18030", "replace")
    return 0, label.text.casefold().encode()
