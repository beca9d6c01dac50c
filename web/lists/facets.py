"""Lists asked of the columns: what is chosen by address, how much each further choice would leave, a page of rows."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kg.release.columns import Columns
from web.data import Computed, computed
from web.graph.labels import graph

KEPT = 256
"""Counts that are kept; each of some kilobytes."""
Parameters = Mapping[str, Any]
Counts = Mapping[str, Sequence[tuple[str, int]]]
"""Facet to its keys, each with the number of things that have it."""


@dataclass(frozen=True, slots=True)
class Facet:
    """Something by which a list is narrowed: parameter of the address, title, and SQL for who has what.

    ties: a query of two columns, `thing` and `key`; base: beginning of the IRI that a key names, empty where `words`
    say what it means; order: `count`, `key`, or `-key` for the last first; after: the facet without which the options
    would be too many; offered: whether it is a choice of the reader, and not only of links that lead here.
    """

    name: str
    title: str
    ties: str
    base: str = ""
    words: Mapping[str, str] | None = None
    order: str = "count"
    after: str = ""
    offered: bool = True


@dataclass(frozen=True, slots=True)
class Shown:
    """A column: name in the twins, title, SQL over the row `r`, what stands in it, and how it sorts (SQL, or empty).

    kind: `thing` names with links (base: the beginning of their IRIs), `text`, `days` first and last day, `number`,
    `mark` a concept, `coverage` a number and the official total.
    """

    name: str
    title: str
    sql: str
    kind: str = "text"
    base: str = ""
    sort: str = ""


@dataclass(frozen=True, slots=True)
class Register:
    """A list of the columns: its name (and address), titles, a sentence, table, key and columns, facets and order.

    order: SQL by which rows are sorted where the reader does not choose, and after what the reader chose.
    """

    name: str
    title: str
    entry: str
    sentence: str
    table: str
    key: str
    base: str
    columns: tuple[Shown, ...]
    facets: tuple[Facet, ...]
    order: str
    length: int = 100

    def facet(self, name: str) -> Facet:
        """Return a facet by its name."""
        return next(facet for facet in self.facets if facet.name == name)

    @property
    def sortable(self) -> dict[str, str]:
        """Names of the columns by which rows can be sorted, to their SQL."""
        return {column.name: column.sort for column in self.columns if column.sort}


def tallies() -> Computed:
    """Return the memory of counts, apart from that of findings, which are dear to compute."""
    return graph().cached("tallies", lambda: Computed(computed().columns, computed().today, KEPT))


@dataclass(frozen=True, slots=True)
class Asked:
    """A register as a reader asks for it.

    chosen: facet to the chosen key; extra: parameters that the SQL of facets names beside those keys; sort: the column
    by which rows are sorted, with a minus for the last first, empty for the register's own order.
    """

    register: Register
    chosen: Mapping[str, str]
    extra: Parameters
    sort: str = ""

    def counts(self, columns: Columns) -> Counts:
        """Return for each offered facet how many things each key would leave, and under "" the number of things.

        What is chosen in a facet does not narrow that facet's own counts: another key can be chosen in its place.
        """
        found: dict[str, list[tuple[str, int]]] = defaultdict(list)
        for sql, parameters in self._count_queries():
            for name, key, count in columns.query(sql, parameters):
                if key or not name:
                    found[name].append((key, count))
        return {name: self._in_order(name, keys) for name, keys in found.items()}

    def rows(self, columns: Columns, page: int = 0) -> Iterator[tuple[Any, ...]]:
        """Yield the rows of a page (from 1), or, where none is named, all: the key, then a cell for each column."""
        register, (where, parameters) = self.register, self._where(self.chosen)
        order = register.order
        if self.sort:
            direction = "DESC" if self.sort.startswith("-") else "ASC"
            order = f"{register.sortable[self.sort.removeprefix('-')]} {direction} NULLS LAST, {order}"
        part = f"LIMIT {register.length} OFFSET {(page - 1) * register.length}" if page else ""
        cells = ", ".join(column.sql for column in register.columns)
        sql = (
            f"WITH r AS (SELECT r.*, row_number() OVER (ORDER BY {order}) AS place_in_order FROM {register.table} r "  # noqa: S608
            f"WHERE {where} ORDER BY place_in_order {part}) "
            f"SELECT r.{register.key}, {cells} FROM r ORDER BY r.place_in_order"
        )
        return columns.stream(sql, self._needed(sql, parameters))

    def _count_queries(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """Yield one query for all facets in which nothing is chosen, and one for each of the others."""
        offered = [facet for facet in self.register.facets if facet.offered and facet.after in ("", *self.chosen)]
        free = [_counted(facet) for facet in offered if facet.name not in self.chosen]
        yield self._narrowed([*free, "SELECT '', '', count(*) FROM left_over"], self.chosen)
        for facet in offered:
            if facet.name in self.chosen:
                others = {name: key for name, key in self.chosen.items() if name != facet.name}
                yield self._narrowed([_counted(facet)], others)

    def _narrowed(self, queries: Sequence[str], chosen: Mapping[str, str]) -> tuple[str, dict[str, Any]]:
        """Return queries over `left_over`, the things that have all of some keys, as one with its parameters."""
        where, parameters = self._where(chosen)
        left_over = f"SELECT {self.register.key} AS thing FROM {self.register.table} r WHERE {where}"  # noqa: S608
        sql = f"WITH left_over AS MATERIALIZED ({left_over}) {' UNION ALL '.join(queries)}"
        return sql, self._needed(sql, parameters)

    def _where(self, chosen: Mapping[str, str]) -> tuple[str, dict[str, str]]:
        """Return the condition that all of some keys are had, and the keys as parameters."""
        key, facet = self.register.key, self.register.facet
        conditions = [f"r.{key} IN (SELECT thing FROM ({facet(name).ties}) WHERE key = $is_{name})" for name in chosen]  # noqa: S608
        return " AND ".join(["true", *conditions]), {f"is_{name}": key for name, key in chosen.items()}

    def _needed(self, sql: str, parameters: Parameters) -> dict[str, Any]:
        """Return the parameters that a query names; others would be refused."""
        return {name: value for name, value in {**self.extra, **parameters}.items() if f"${name}" in sql}

    def _in_order(self, name: str, keys: list[tuple[str, int]]) -> list[tuple[str, int]]:
        order = self.register.facet(name).order if name else "count"
        if order == "count":
            return sorted(keys, key=lambda entry: (-entry[1], entry[0]))
        return sorted(keys, reverse=order == "-key")


def _counted(facet: Facet) -> str:
    """Return the query that counts the things of `left_over` by the keys of a facet."""
    ties = f"({facet.ties}) JOIN left_over USING (thing)"
    return f"SELECT '{facet.name}', key, count(DISTINCT thing) FROM {ties} GROUP BY key"  # noqa: S608


def without(register: Register, name: str) -> dict[str, str]:
    """Return what takes a facet out of an address, and with it the facets that need it."""
    gone = [name]
    for facet in register.facets:
        if facet.after in gone:
            gone.append(facet.name)
    return dict.fromkeys([*gone, "page"], "")
