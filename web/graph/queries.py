"""Queries of the graph by name, labels by language, and a cache for both."""

import re
from collections.abc import Callable, Iterable, Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from kg.cache import Cache
from kg.store import Literal, NamedNode, Store, Term
from kg.store.questions import with_prefixes
from kg.tables import Package
from kg.vocab import PREFIXES, THINGS
from web.graph.columns import ColumnProperties
from web.graph.display import Display

MAX_VALUES = 10_000
"""Cached values, labels not counted."""
LABELS = (NamedNode(f"{PREFIXES['skos']}prefLabel"), NamedNode(f"{PREFIXES['gp']}transcription"))
"""Properties with the labels of a resource by language, and the pinyin of the Chinese one."""
QUERIES = Path(__file__).parent.parent / "queries"
Row = Mapping[str, Term]
"""One solution: variable to term, without unbound variables."""
Made = TypeVar("Made")


class Label(NamedTuple):
    """A label and its language (zh or en; empty for the last part of an IRI)."""

    text: str
    language: str


class Graph(Cache):
    """The graph of one release with cached results: a release never changes."""

    def __init__(self, store: Store, package: Package | None = None, display: str = "") -> None:
        """Start with an empty cache.

        Args:
            store: the store of the release.
            package: the tables of the release, for what they say of their columns.
            display: content of the file of groups and order of properties.
        """
        super().__init__(MAX_VALUES)
        self.store, self.columns, self.display = store, ColumnProperties(package), Display(display)
        self._labels_of: Callable[[str], Mapping[str, str]] = lru_cache(maxsize=50_000)(self._labels)

    def rows(self, name: str, **terms: Term) -> list[Row]:
        """Return the solutions of `queries/<name>.rq` with variables bound to terms."""
        solutions = self.store.select(query(name), terms)
        names = solutions.variables
        return [
            {name: term for name, term in zip(names, row, strict=True) if term is not None} for row in solutions.rows
        ]

    def tuples(self, name: str, **terms: Term) -> tuple[tuple[Any, ...], ...]:
        """Return the solutions as tuples in the order of the SELECT clause, None for unbound variables."""
        return self.store.select(query(name), terms).rows

    def label(self, iri: str, language: str) -> Label:
        """Return the label in a language, else in the other one, else the last part of the IRI."""
        names = self.labels(iri)
        for found in (language, "zh", "en", ""):
            if found in names:
                return Label(names[found], found)
        return Label(last_part(iri), "")

    def labels(self, iri: str) -> Mapping[str, str]:
        """Return the labels of a resource by language, and the pinyin of the Chinese one."""
        return self._labels_of(iri)

    def _labels(self, iri: str) -> Mapping[str, str]:
        found = self.store.objects(NamedNode(iri), LABELS)
        return {label.language or "": label.value for label in found if isinstance(label, Literal)}


@cache
def query(name: str) -> str:
    """Return the text of a query file with the project's prefixes."""
    return with_prefixes((QUERIES / f"{name}.rq").read_text(encoding="utf-8"))


def last_part(iri: str) -> str:
    """Return the key of one of our resources, else the part of an IRI after the last # or /."""
    if iri.startswith(THINGS):
        return iri.removeprefix(THINGS).partition("/")[2]
    return re.split(r"[#/]", iri.rstrip("#/"))[-1]


@lru_cache(maxsize=10_000)
def prefixed(iri: str) -> str:
    """Return the prefixed name of an IRI, such as `gp:locatedIn`, by the longest base; else the IRI."""
    for prefix, base in sorted(PREFIXES.items(), key=lambda entry: -len(entry[1])):
        if iri.startswith(base):
            return f"{prefix}:{iri[len(base) :]}"
    return iri


@lru_cache(maxsize=10_000)
def expanded(name: str) -> str | None:
    """Return the IRI of a prefixed name, None if the prefix is unknown."""
    prefix, colon, local = name.partition(":")
    return PREFIXES[prefix] + local if colon and prefix in PREFIXES else None


def value(row: Row, name: str) -> str:
    """Return the text of a term in a row, empty if unbound."""
    return str(row[name].value) if name in row else ""


def ordered(rows: Iterable[Row], *names: str) -> list[Row]:
    """Return rows sorted by the texts of some variables."""
    return sorted(rows, key=lambda row: [value(row, name) for name in names])


def collation(label: Label) -> tuple[int, bytes]:
    """Return a sort key: English labels alphabetically, then Chinese ones by pinyin.

    GB 18030 keeps the order of GB 2312, whose 3,755 most common characters are sorted by pinyin.
    """
    if label.language == "zh":
        return 1, label.text.encode("gb18030", "replace")
    return 0, label.text.casefold().encode()
