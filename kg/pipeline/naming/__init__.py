"""English names of designations and zones whose tables state none: made of place, programme and topic, else pinyin.

The rows that the build reads have them in `name_en`, and name this column among the derived ones.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property

from kg.pipeline.naming.namer import NAME, Namer, told_apart
from kg.tables import Held, Package, Row
from kg.tables.decided import Decided

ZONE = "zone"
"""Kind of carriers that are named as designations are."""


class Named(Decided):
    """A package as decisions leave it, in which every designation, and every zone that is a carrier, is named."""

    def rows(self, name: str, paths: Sequence[str] = ()) -> Iterator[Row]:
        """Yield the rows of a table; designations and zones without an English name have the one made for them."""
        rows = super().rows(name, paths)
        if name == "designations":
            return (row if row[NAME] else _with_name(row, self._made[row["id"]]) for row in rows)
        return map(self._zone, rows) if name == "carriers" else rows

    def _zone(self, row: Row) -> Row:
        if row[NAME] or row["kind"] != ZONE:
            return row
        own = self._made.get(row["designation_id"])
        return _with_name(row, own or self._namer.zone(row["name_zh"], [row["place_id"]] if row["place_id"] else []))

    @cached_property
    def _namer(self) -> Namer:
        return Namer.of(Decided(self.stated))

    @cached_property
    def _made(self) -> Mapping[str, str]:
        """Key of each designation without an English name to the one made; different names stay different."""
        rows = [row for row in super().rows("designations") if not row[NAME]]
        found = {row["id"]: self._namer.name(row) for row in rows}
        return found | told_apart(rows, found, self._namer)


def _with_name(row: Row, name: str) -> Row:
    derived = ";".join(filter(None, (row.cells.get("derived", ""), NAME)))
    return replace(row, cells={**row.cells, NAME: name, "derived": derived})


def named(package: Package) -> Named:
    """Return a package in which every designation has an English name; its files are read once."""
    return package if isinstance(package, Named) else Named(Held(package.folder, package.descriptor, package.resources))
