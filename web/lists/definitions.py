"""Definition of a list: source of its rows, columns, facets, order."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from kg.cache import Cache
from kg.release.columns import Database
from web.data import Computed, computed
from web.graph.labels import graph

MAX_TALLIES = 256
"""Counts cached per release, each of some kilobytes."""
PAGE_SIZE = 100
"""Rows on a page."""
THINGS_KINDS = ("thing", "mark", "link")
"""Kinds of columns whose cells are things with IRI and name."""
PAIRS = {"days": ("first", "last"), "coverage": ("found", "official_total")}
"""Kinds of columns with two values a cell, to the suffixes of their names in exports."""
TYPES = {"number": "BIGINT", "days": "DATE", "coverage": "BIGINT"}
"""Kinds of columns to their Parquet types; VARCHAR otherwise."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column.

    name: in exports; sql: expression over the row `r`, empty for the column of the same name; kind: `thing` names with
    links, `mark` a concept as a mark, `link` a
    link to the row itself, `text`, `date` as printed, `days` first and last possible day, `boolean`, `number`,
    `coverage` a number and the official total, `address` a link out of the site; base: what stands before a key in
    an IRI, empty where the SQL gives whole IRIs; sort: SQL, empty where rows cannot be sorted by it; printed: JSON
    has the text as the graph states it, empty where it states none; shown: on pages, too, and not only in data;
    optional: on pages and in data only where the reader asks for it; narrows: the facet by which the list
    of designations is narrowed to those of a row, where the number is theirs.
    """

    name: str
    title: str
    sql: str = ""
    kind: str = "thing"
    base: str = ""
    sort: str = ""
    printed: bool = False
    shown: bool = True
    optional: bool = False
    narrows: str = ""

    @property
    def names_things(self) -> bool:
        """Whether the cells are things with names and IRIs."""
        return self.kind in THINGS_KINDS

    @property
    def number(self) -> bool:
        """Whether the column is aligned as numbers."""
        return self.kind in ("number", "coverage")

    @property
    def headers(self) -> tuple[str, ...]:
        """The names of its columns in CSV and Parquet."""
        if self.names_things:
            return self.name, f"{self.name}_iri"
        return tuple(f"{self.name}_{end}" for end in PAIRS[self.kind]) if self.kind in PAIRS else (self.name,)

    @property
    def type(self) -> str:
        """The Parquet type of those columns."""
        return TYPES.get(self.kind, "VARCHAR")

    def parts(self, cell: Any) -> tuple[Any, ...]:  # noqa: ANN401 — what SQL gives
        """Return the parts of a cell, IRIs or values, without empty ones."""
        parts = cell if isinstance(cell, list) else (cell,)
        if self.kind in PAIRS:
            return tuple(parts)
        return tuple(self.base + part if self.base else part for part in parts if part not in (None, ""))


@dataclass(frozen=True, slots=True)
class Facet:
    """A filter: parameter of the address, title, and the SQL that gives the keys of each row.

    ties: a query of two columns, `thing` and `key`, empty where the column of its name has the keys; base: what
    stands before a key in an IRI, or a function from key to IRI; words: what keys mean that name nothing; order:
    `count`, `name`, `key`, `-key` for the last first, or the keys in order; after: the facet without which the
    options would be too many; offered: whether it is a choice of the reader, and not only of links that lead here;
    tabs: shown as links over the list; within: from a key to the key above it: those below a key stand after it, and
    only where one of them is chosen; default: the key that holds where the address names none; exported: the key that
    holds then in exports, the default where empty; typed: SQL of key and names of what a reader may type where
    options would be too many, empty where nothing is typed.
    """

    name: str
    title: str
    ties: str = ""
    base: str | Callable[[str], str] = ""
    words: Mapping[str, str] = field(default_factory=dict)
    order: str | Sequence[str] = "count"
    after: str = ""
    offered: bool = True
    tabs: bool = False
    within: Callable[[str], str] | None = None
    default: str = ""
    exported: str = ""
    typed: str = ""

    def iri(self, key: str) -> str:
        """Return the IRI of a key."""
        return self.base(key) if callable(self.base) else self.base + key


@dataclass(frozen=True, slots=True)
class Source:
    """The tables of a list.

    tables: database; memory: cache of counts; parameters: values used by the SQL of facets; found: key to the object
    that a row was made from.
    """

    tables: Database
    memory: Cache
    parameters: Mapping[str, Any]
    found: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Row:
    """A row: key and IRI of the thing, and the parts of each cell (IRIs, texts, dates or numbers)."""

    key: str
    iri: str
    cells: Mapping[str, tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Definition:
    """A list: name and address, titles of list and row, one sentence, content.

    columns, facets: what it shows and by what it is narrowed; table, key: whose rows it has, and their key; base: what
    stands before the key in the IRI of a row; part: the part of the key that is in it, where not all is; order: SQL by
    which rows are sorted where the reader does not choose, and after what the reader chose; words: SQL over the row `r`
    of the text in which free words are looked for, empty where none are; source: where the rows are, the columns of the
    release where it is not named; length: rows on a page; chosen: names of the columns that the reader asked for, in
    order, none for the usual ones; parameters: of the address, beside facets and those that all lists have; whole:
    whether its workbook says how whole the lists of designations are.
    """

    name: str
    title: str
    entry: str
    sentence: str
    columns: tuple[Column, ...]
    facets: tuple[Facet, ...]
    base: str
    table: str = "entries"
    key: str = "key"
    order: str = "r.rank"
    words: str = ""
    source: Callable[[], Source] | None = None
    length: int = PAGE_SIZE
    parameters: tuple[str, ...] = ()
    whole: bool = False
    chosen: tuple[str, ...] = ()
    part: Callable[[str], str] | None = None

    def iri(self, key: str) -> str:
        """Return the IRI of the thing of a row."""
        return self.base + (self.part(key) if self.part else key)

    def facet(self, name: str) -> Facet:
        """Return a facet by its name."""
        return next(facet for facet in self.facets if facet.name == name)

    def ties(self, facet: Facet) -> str:
        """Return SQL of two columns, `thing` and `key`: which row has what of a facet."""
        return facet.ties or f'SELECT {self.key} AS thing, "{facet.name}" AS key FROM {self.table}'  # noqa: S608

    @property
    def sortable(self) -> dict[str, str]:
        """Names of the columns by which rows can be sorted, to their SQL."""
        return {column.name: column.sort for column in self.columns if column.sort}

    @property
    def taken(self) -> tuple[Column, ...]:
        """The columns of data: those asked for, else all that are not optional."""
        if self.chosen:
            by_name = {column.name: column for column in self.columns}
            return tuple(by_name[name] for name in self.chosen)
        return tuple(column for column in self.columns if not column.optional)

    @property
    def read(self) -> tuple[Column, ...]:
        """The columns whose cells are read for a page: those taken, and the marks that stand in others."""
        marks = (column for column in self.columns if not column.shown and column not in self.taken)
        return (*self.taken, *marks)

    @property
    def shown(self) -> tuple[Column, ...]:
        """The columns on the page."""
        return tuple(column for column in self.taken if column.shown or self.chosen)

    @property
    def names_rows(self) -> bool:
        """Whether one of the columns is the thing of the row; else exports put it first."""
        return any(column.name in ("thing", "self") for column in self.taken)

    def following(self, name: str) -> Iterator[str]:
        """Yield a facet and those that depend on it."""
        yield name
        for facet in self.facets:
            if facet.after == name:
                yield from self.following(facet.name)

    def asked(self) -> Source:
        """Return the tables of the current request."""
        return self.source() if self.source else Source(computed().columns, tallies(), tied(), {})


def tallies() -> Computed:
    """Return the cache of counts, separate from that of findings, which are costly to compute."""
    return graph().cached("tallies", lambda: Computed(computed().columns, computed().today, MAX_TALLIES))


def tied() -> Mapping[str, Any]:
    """Return the parameters of the SQL of facets and columns: today, and the ministries of each programme on it."""
    today = computed().today
    answers = computed().ministries(today)
    ties = [
        (programme, key, key in answer.inferred, answer.lapsed)
        for programme, answer in answers.items()
        for key in sorted(answer.ministries)
    ]
    return {
        "tied_programmes": [programme for programme, *_ in ties],
        "tied_ministries": [ministry for _, ministry, *_ in ties],
        "tied_inferred": [inferred for *_, inferred, _ in ties],
        "tied_lapsed": [lapsed for *_, lapsed in ties],
        "as_of": today,
    }
