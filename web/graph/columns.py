"""What the tables of a release say of their columns: the properties that columns become, and their titles."""

from collections.abc import Iterable, Mapping

from kg.tables import Column, Package
from kg.vocab import SCHEMES, THINGS, term
from web.graph.iris import kind_and_key

RECORDS = "records"


class ColumnProperties:
    """Columns of a release by what they become in its graph.

    stated: column of a designation's readings to the property of its value; named: any column of designations and
    records to its property; read_from: column of a designation to the printed properties from which it is read, as
    IRIs; days: property of a printed date to those of its first and last possible day, empty where it has none, as
    IRIs.
    """

    def __init__(self, package: Package | None = None) -> None:
        """Read the descriptions of a package; without one nothing is known of any column."""
        self._package = package
        self._tables: Mapping[str, Mapping[str, Column]] = {
            name: table.described for name, table in (package.resources.items() if package else ())
        }
        records, designations = self._tables.get(RECORDS, {}), self._tables.get("designations", {})
        self.stated = {name: column.predicate for name, column in designations.items() if name == "name_zh"} | {
            name: column.merged for name, column in records.items() if column.merged
        }
        self.named = dict(self.stated)
        for name, column in self._described():
            if column.predicate:
                self.named.setdefault(name, column.predicate)
        self.read_from = {
            name: tuple(_iri(records[printed].predicate) for printed in column.read_from)
            for name, column in records.items()
        }
        self.days = {
            _iri(column.text_property): (_iri(column.first), _iri(column.last))
            for table in self._tables.values()
            for column in table.values()
            if column.first or column.last
        }

    def things(self, column: str, cell: str) -> list[str]:
        """Return the IRIs of what a cell of a record names by keys of a table; nothing where it holds no keys."""
        table = self._tables.get(RECORDS, {}).get(column)
        target = self._package.resources[table.reference] if self._package and table and table.reference else None
        if target is None or not (target.kind or target.scheme):
            return []
        base = f"{SCHEMES}{target.scheme}/" if target.scheme else f"{THINGS}{target.kind}/"
        return [base + key for key in cell.split(";") if key]

    def title(self, table: str, column: str, language: str) -> str:
        """Return the title of a column in a language (zh, en)."""
        return self._tables[table][column].titles[language]

    def derived(self, iri: str, columns: Iterable[str]) -> frozenset[str]:
        """Return the properties, as IRIs, of a designation or record whose columns were derived."""
        kind, key = kind_and_key(iri)
        if kind == "designation":
            return frozenset(_iri(self.stated[column]) for column in columns if column in self.stated)
        described = self._tables.get(key.partition("/")[0], {}) if kind == "record" else {}
        predicates = (described[column].predicate for column in columns if column in described)
        return frozenset(_iri(name) for name in predicates if name)

    def _described(self) -> Iterable[tuple[str, Column]]:
        """Yield the columns of designations, of the records of lists, and of the records of the papers' tables."""
        tables = ("designations", RECORDS, *(name for name in self._tables if name.startswith(("p1-", "p2-"))))
        for table in tables:
            yield from self._tables.get(table, {}).items()


def _iri(name: str) -> str:
    """Return the IRI of a prefixed name, empty of none."""
    return term(name)[1:-1] if name else ""
