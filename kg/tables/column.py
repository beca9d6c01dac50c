"""Columns as the data package describes them: titles, type, references, and the property that a cell becomes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

ANY_KIND = "*"
"""Kind of cells that name the kind of a thing themselves, as `kind/key`."""


@dataclass(frozen=True, slots=True)
class Column:
    """Description of a column.

    name: in the header of the file; titles: by language (zh, en); description: in English; type: of Table Schema;
    is_list: the entries of a cell are separated by semicolons; is_date: a date of mixed precision; printed: cells are
    as printed in the source; reference: table whose keys stand in the cells.

    What a cell becomes in the graph. predicate: property of the resource of the row; merged: property of the
    designation that a record describes; first, last: of the first and last possible day of a date; language: of a text;
    inverse: the property leads from what the cell names to the row; link: address with `{}` for the cell;
    kind, scheme: of what a cell names that is no key of a table; measure: of a figure; read_from: printed columns from
    which the value is read, the most precise first; indirect: properties that a rule of the build makes of it;
    found_by: the row is also found by the cell, as by a name; kinds: of the things that its cells name as `kind/key`;
    value_properties: value of a cell to the property between the two ends of a relation.
    """

    name: str
    titles: Mapping[str, str]
    description: str
    type: str
    required: bool = False
    is_list: bool = False
    is_date: bool = False
    printed: bool = False
    reference: str = ""
    predicate: str = ""
    merged: str = ""
    first: str = ""
    last: str = ""
    language: str = ""
    inverse: bool = False
    link: str = ""
    kind: str = ""
    scheme: str = ""
    measure: str = ""
    read_from: tuple[str, ...] = ()
    indirect: tuple[str, ...] = ()
    values: tuple[str, ...] = ()
    found_by: bool = False
    kinds: tuple[str, ...] = ()
    value_properties: Mapping[str, str] = field(default_factory=dict)

    @property
    def text_property(self) -> str:
        """The property of a date's text, made by the mapper or by a rule."""
        return self.predicate or self.merged or self.indirect[0]

    @property
    def properties(self) -> tuple[str, ...]:
        """All properties that the column becomes, as prefixed names."""
        return tuple(filter(None, (self.predicate, self.merged, self.first, self.last, *self.indirect)))


def read_column(descriptor: Mapping[str, Any], reference: str = "") -> Column:
    """Return a column from its field descriptor (Frictionless Table Schema with the project's `guapai:` keys)."""
    constraints = descriptor.get("constraints", {})

    def own(key: str) -> Any:  # noqa: ANN401 — a value of JSON
        return descriptor.get(f"guapai:{key}", "")

    return Column(
        name=str(descriptor["name"]),
        titles={"zh": str(own("title_zh")), "en": str(descriptor.get("title", ""))},
        description=str(descriptor.get("description", "")),
        type=str(descriptor["type"]),
        required=bool(constraints.get("required")),
        is_list=bool(own("list")),
        is_date=bool(own("date")),
        printed=bool(own("printed")),
        reference=reference,
        **{key: str(own(key)) for key in ("merged", "first", "last", "language", "link", "kind")},
        predicate=str(own("property")),
        scheme=str(own("scheme")),
        measure=str(own("measure")),
        inverse=bool(own("inverse")),
        read_from=tuple(own("read_from")),
        indirect=tuple(own("indirect")),
        values=tuple(map(str, constraints.get("enum", ()))),
        found_by=bool(own("found_by")),
        kinds=tuple(own("kinds")),
        value_properties=dict(own("properties") or {}),
    )
