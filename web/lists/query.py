"""Query of a list: address to validated selection; SQL for counts and rows."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask import abort
from werkzeug.datastructures import MultiDict

from kg.store import NamedNode
from web.graph import describe
from web.graph.labels import graph
from web.lists.definitions import Definition, Facet, Row, Source

COMMON = ("lang", "page", "sort", "q", "cite", "columns", "map")
"""Parameters of every list."""
KEY_AT_END = re.compile(r"[0-9]{6}$")
"""The code of a division in a suggestion, after its name (GB/T 2260)."""
MAX_WORDS = 8
"""Words of a text search; further ones are ignored."""
MAX_UNKNOWN = 20
"""Unknown parameters and values listed."""
MAX_UNKNOWN_CHARS = 80
"""Characters shown of each."""

Chosen = Mapping[str, tuple[str, ...]]
"""Facet to selected keys: OR within a facet, AND between facets."""
Counts = Mapping[str, Sequence[tuple[str, int]]]
"""Facet to its keys with their numbers of rows."""


@dataclass(frozen=True, slots=True)
class Query:
    """A validated selection of a list.

    chosen: keys in the address; sort: column, with a minus for descending, empty for the default order; words: text
    search, all words must match; unknown: unknown parameters, and unknown values as `parameter=value`.
    """

    definition: Definition
    source: Source
    chosen: Chosen
    sort: str = ""
    words: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()

    def choosing(self, chosen: Chosen) -> "Query":
        """Return the query with other keys selected."""
        return replace(self, chosen=chosen)

    @property
    def exported(self) -> "Query":
        """The query with what holds in exports where the address names nothing."""
        preset: Chosen = {facet.name: (facet.exported,) for facet in self.definition.facets if facet.exported}
        return self.choosing({**preset, **self.chosen})

    def without(self, *names: str) -> "Query":
        """Return the query without some facets."""
        return self.choosing({name: keys for name, keys in self.chosen.items() if name not in names})

    @property
    def kept(self) -> dict[str, Any]:
        """The parameters of the address, without the page."""
        text = {"q": " ".join(self.words), "sort": self.sort, "columns": ",".join(self.definition.chosen)}
        return {**{name: list(keys) for name, keys in self.chosen.items()}, **{n: t for n, t in text.items() if t}}

    @property
    def total(self) -> int:
        """Number of rows."""
        return self.counts()[""][0][1]

    def counts(self) -> Counts:
        """Return the counts of each offered facet, and the number of rows under "".

        The selection within a facet does not restrict its own counts.
        """
        key = (self.definition.name, self.words, *sorted(self.chosen.items()))
        return self.source.memory.cached(key, self._counts)

    def counted(self, facet: Facet) -> Mapping[str, int]:
        """Return the number of rows by key of a facet, whether it is offered or not, as the others are selected."""
        others = self.without(facet.name)

        def read() -> Mapping[str, int]:
            sql, parameters = self._narrowed([self._counted(facet)], others._effective)  # noqa: SLF001 — of its own kind
            return {key: count for _name, key, count in self.source.tables.query(sql, parameters) if key}

        key = ("counted", facet.name, self.definition.name, self.words, *sorted(others.chosen.items()))
        return self.source.memory.cached(key, read)

    def page(self, number: int) -> list[Row]:
        """Return the rows of a page (from 1), cached where the table is in memory."""
        if self.source.memory is not self.source.tables:
            return list(self.rows(number))
        key = ("page", self.definition.chosen, self.words, *sorted(self.chosen.items()), self.sort, number)
        return self.source.memory.cached(key, lambda: list(self.rows(number)))

    def all_keys(self) -> list[str]:
        """Return the keys of all rows in order."""
        key = ("all keys", self.definition.name, self.words, *sorted(self.chosen.items()), self.sort)
        return self.source.memory.cached(key, self._all_keys)

    def _all_keys(self) -> list[str]:
        where, parameters = self._where(self._effective)
        sql = f"SELECT r.{self.definition.key} FROM {self.definition.table} r WHERE {where} ORDER BY {self._order}"  # noqa: S608
        return [key for (key,) in self.source.tables.query(sql, self._needed(sql, parameters))]

    def rows(self, page: int = 0) -> Iterator[Row]:
        """Yield the rows of a page (from 1), or all without one."""
        definition = self.definition
        if not definition.columns:
            first = (page - 1) * definition.length if page else 0
            keys = self.all_keys()[first : first + definition.length if page else None]
            yield from (Row(key, definition.iri(key), {}) for key in keys)
            return
        where, parameters = self._where(self._effective)
        part = f"LIMIT {definition.length} OFFSET {(page - 1) * definition.length}" if page else ""
        columns = definition.read if page else definition.taken
        cells = "".join(f""", {column.sql or f'r."{column.name}"'}""" for column in columns)
        sql = (
            f"WITH r AS (SELECT r.*, row_number() OVER (ORDER BY {self._order}) AS place_in_order "  # noqa: S608
            f"FROM {definition.table} r WHERE {where} ORDER BY place_in_order {part}) "
            f"SELECT r.{definition.key}{cells} FROM r ORDER BY r.place_in_order"
        )
        for key, *found in self.source.tables.stream(sql, self._needed(sql, parameters)):
            pairs = zip(columns, found, strict=True)
            yield Row(key, definition.iri(key), {column.name: column.parts(cell) for column, cell in pairs})

    def known(self, facet: Facet) -> frozenset[str]:
        """Return the keys of a facet in the whole list."""
        sql = f"SELECT DISTINCT key FROM ({self.definition.ties(facet)})"  # noqa: S608
        asked = self.source.tables.query
        return self.source.memory.cached(
            ("keys", self.definition.name, facet.name),
            lambda: frozenset(key for (key,) in asked(sql, self._needed(sql, {}))),
        )

    @property
    def _order(self) -> str:
        if not self.sort:
            return self.definition.order
        direction = "DESC" if self.sort.startswith("-") else "ASC"
        chosen = self.definition.sortable[self.sort.removeprefix("-")]
        return f"{chosen} {direction} NULLS LAST, {self.definition.order}"

    @property
    def _effective(self) -> Chosen:
        """The selection including defaults."""
        return {**{f.name: (f.default,) for f in self.definition.facets if f.default}, **self.chosen}

    def _counts(self) -> Counts:
        found: dict[str, list[tuple[str, int]]] = defaultdict(list)
        for sql, parameters in self._count_queries():
            for name, key, count in self.source.tables.query(sql, parameters):
                if key or not name:
                    found[name].append((key, count))
        return found

    def _count_queries(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """Yield one query for all facets without a selection, and one for each facet with one."""
        chosen = self._effective
        offered = [facet for facet in self.definition.facets if facet.offered and facet.after in ("", *chosen)]
        free = [self._counted(facet) for facet in offered if facet.name not in chosen]
        yield self._narrowed([*free, "SELECT '', '', count(*) FROM left_over"], chosen)
        for facet in offered:
            if facet.name in chosen:
                others = {name: keys for name, keys in chosen.items() if name != facet.name}
                yield self._narrowed([self._counted(facet)], others)

    def _counted(self, facet: Facet) -> str:
        """Return SQL that counts the rows of `left_over` by key of a facet."""
        ties = f"({self.definition.ties(facet)}) JOIN left_over USING (thing)"
        return f"SELECT '{facet.name}', key, count(DISTINCT thing) FROM {ties} GROUP BY key"  # noqa: S608

    def _narrowed(self, queries: Sequence[str], chosen: Chosen) -> tuple[str, dict[str, Any]]:
        """Return queries over `left_over`, the selected rows, as one, and its parameters."""
        where, parameters = self._where(chosen)
        left_over = f"SELECT {self.definition.key} AS thing FROM {self.definition.table} r WHERE {where}"  # noqa: S608
        sql = f"WITH left_over AS MATERIALIZED ({left_over}) {' UNION ALL '.join(queries)}"
        return sql, self._needed(sql, parameters)

    def _where(self, chosen: Chosen) -> tuple[str, dict[str, Any]]:
        """Return the condition of a selection and its parameters."""
        conditions, parameters = ["true"], {}
        for name, keys in chosen.items():
            one = len(keys) == 1
            had = f"key = $is_{name}" if one else f"list_contains($is_{name}::VARCHAR[], key)"
            ties = self.definition.ties(self.definition.facet(name))
            conditions.append(f"r.{self.definition.key} IN (SELECT thing FROM ({ties}) WHERE {had})")  # noqa: S608
            parameters[f"is_{name}"] = keys[0] if one else list(keys)
        for place, word in enumerate(self.words):
            conditions.append(f"contains(lower({self.definition.words}), $word{place})")
            parameters[f"word{place}"] = word.lower()
        return " AND ".join(conditions), parameters

    def _needed(self, sql: str, parameters: Mapping[str, Any]) -> dict[str, Any]:
        """Return the parameters used in a query; DuckDB refuses others."""
        return {name: value for name, value in {**self.source.parameters, **parameters}.items() if f"${name}" in sql}


def read(definition: Definition, asked: MultiDict[str, str]) -> Query:
    """Parse the parameters of a list; 404 for a column that cannot be sorted by."""
    named = {facet.name: tuple(dict.fromkeys(filter(None, asked.getlist(facet.name)))) for facet in definition.facets}
    sort = asked.get("sort", "")
    if sort and sort.removeprefix("-") not in definition.sortable:
        abort(404, description=", ".join(definition.sortable))
    words = tuple(asked.get("q", "").split()[:MAX_WORDS]) if definition.words else ()
    known = {column.name for column in definition.columns}
    definition = replace(definition, chosen=tuple(name for name in columns(asked) if name in known))
    source = definition.asked()
    for facet in definition.facets:
        if facet.typed and named[facet.name]:
            named[facet.name] = _typed(facet, source, named[facet.name])
    query = Query(definition, source, {name: keys for name, keys in named.items() if keys}, sort, words)
    return replace(query, unknown=tuple(_unknown(query, asked)))


def _typed(facet: Facet, source: Source, texts: Sequence[str]) -> tuple[str, ...]:
    """Return the keys that texts mean: keys, ends of suggestions (`昆山市 320583`), or names, of several things too."""
    found: dict[str, None] = {}
    sql = f"SELECT key FROM ({facet.typed}) WHERE list_contains(names, ?)"  # noqa: S608
    for text in texts:
        key = KEY_AT_END.search(text)
        named = [] if key else [each for (each,) in source.tables.query(sql, [text.strip()])]
        found |= dict.fromkeys([key[0]] if key else named or [text])
    return tuple(found)


def columns(asked: MultiDict[str, str]) -> list[str]:
    """Return the names of the columns asked for: repeated, or parted by commas."""
    named = (name.strip() for text in asked.getlist("columns") for name in text.split(","))
    return list(dict.fromkeys(filter(None, named)))


def _unknown(query: Query, asked: MultiDict[str, str]) -> list[str]:
    """Return unknown parameters, and values that no row has and that name nothing in the graph."""
    definition = query.definition
    left_out = {"q": not definition.words, "columns": not definition.columns}
    common = (name for name in COMMON if not left_out.get(name))
    parameters = {*common, *definition.parameters, *(facet.name for facet in definition.facets)}
    found = [name for name in asked if name not in parameters]
    for name, keys in query.chosen.items():
        facet = definition.facet(name)
        found += [f"{name}={key}" for key in keys if key not in query.known(facet) and not _named(facet, key)]
    known = {column.name for column in definition.columns}
    found += [f"columns={name}" for name in columns(asked) if definition.columns and name not in known]
    return [text[:MAX_UNKNOWN_CHARS] for text in found[:MAX_UNKNOWN]]


def _named(facet: Facet, key: str) -> bool:
    """Whether a key that no row has is valid."""
    if key in facet.words or not facet.base:
        return key in facet.words
    try:
        NamedNode(facet.iri(key))
    except ValueError:
        return False
    return describe.exists(graph(), facet.iri(key))
