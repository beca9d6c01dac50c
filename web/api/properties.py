"""Properties of matched things: the columns and facets of the lists, as values of the Reconciliation API."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

from kg.vocab import BASE, SCHEMES, THINGS
from web.graph.labels import name
from web.html.finding_words import period
from web.lists.definitions import THINGS_KINDS, Column, Definition, Facet
from web.lists.designations import DESIGNATIONS
from web.lists.registers import CARRIERS, PLACES
from web.lists.things import THINGS_LISTED

Value = Mapping[str, object]
LISTS: Mapping[str, Definition] = {
    definition.base.removeprefix(THINGS).removeprefix(SCHEMES).rstrip("/"): definition
    for definition in (DESIGNATIONS, CARRIERS, PLACES, *THINGS_LISTED)
}
"""Kind of thing to the list that describes it."""
CONSTRAINING = {
    **dict.fromkeys(("place", "province", "prefecture", "county", "within"), "place"),
    **dict.fromkeys(("programme", "programmes"), "programme"),
    "carrier": "carrier",
    **dict.fromkeys(("year", "approved"), "year"),
}
"""Property to what a row tells by it beside the name (`Asked`); the others serve only to be fetched."""
LINKS = ("self", "thing")
"""Columns that name the row itself."""


@dataclass(frozen=True, slots=True)
class Property:
    """A property of a kind of thing, whose values can be fetched.

    source: the column or the facet of its list that has the values; constrains: what a row tells by it beside the name
    (a field of `Asked`), empty where it is no constraint.
    """

    kind: str
    id: str
    title: str
    source: Column | Facet
    constrains: str

    @property
    def said(self) -> dict[str, str]:
        """The property with its name in the language of the reader."""
        return {"id": self.id, "name": str(self.title)}


class Properties:
    """The properties of one kind."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self._definition = LISTS.get(kind)

    @cached_property
    def known(self) -> Mapping[str, Property]:
        """The properties by key: columns, and the facets that are no columns."""
        if self._definition is None:
            return {}
        columns = [column for column in self._definition.columns if column.name not in LINKS]
        facets = [facet for facet in self._definition.facets if facet.name not in {column.name for column in columns}]
        sources: tuple[Column | Facet, ...] = (*columns, *facets)
        return {
            each.name: Property(self.kind, each.name, each.title, each, CONSTRAINING.get(each.name, ""))
            for each in sources
        }

    def values(self, asked: Property, keys: Sequence[str]) -> Mapping[str, list[Value]]:
        """Return the values of a property of some things, by key; a thing without one has an empty list."""
        found: dict[str, list[Value]] = {key: [] for key in keys}
        for key, value in self._read(asked.source, keys):
            found[key].append(value)
        return found

    def _read(self, source: Column | Facet, keys: Sequence[str]) -> Iterator[tuple[str, Value]]:
        definition = self._definition
        if definition is None:
            return
        tables = definition.asked()
        if isinstance(source, Facet):
            sql = (
                f"SELECT DISTINCT thing, key FROM ({definition.ties(source)}) "  # noqa: S608
                "WHERE list_contains($things::VARCHAR[], thing) AND key <> '' ORDER BY ALL"
            )
        else:
            cell = source.sql or f'r."{source.name}"'
            sql = (
                f"SELECT r.{definition.key}, {cell} FROM {definition.table} r "  # noqa: S608
                f"WHERE list_contains($things::VARCHAR[], r.{definition.key}) ORDER BY 1"
            )
        needed = {name: value for name, value in tables.parameters.items() if f"${name}" in sql}
        for key, cell in tables.tables.query(sql, {**needed, "things": list(keys)}):
            for value in [_of_facet(source, cell)] if isinstance(source, Facet) else _of_column(source, cell):
                yield key, value


@cache
def constraints() -> Mapping[str, Property]:
    """Return the properties of all kinds by which a row may tell more than a name, by key."""
    known = (each for kind in LISTS for each in Properties(kind).known.values())
    return {each.id: each for each in sorted(known, key=lambda each: each.id) if each.constrains}


def entity(iri: str) -> dict[str, str]:
    """Return a thing as the API names it: its IRI without the identifier space."""
    return {"id": iri.removeprefix(BASE), "name": name(iri).text}


def _of_facet(facet: Facet, key: str) -> Value:
    return entity(facet.iri(key)) if facet.base else {"str": str(facet.words.get(key, key))}


def _of_column(column: Column, cell: Any) -> Iterator[Value]:  # noqa: ANN401 — what SQL gives
    parts = column.parts(cell)
    if column.kind in THINGS_KINDS:
        yield from map(entity, parts)
    elif column.kind == "days":
        if any(parts):
            yield {"str": period(*parts)}
    elif column.kind in ("number", "coverage"):
        yield from ({"int": int(part)} for part in parts[:1] if part is not None)
    else:
        yield from ({"str": str(part)} for part in parts)
