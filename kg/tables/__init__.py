"""Tables of `data/`: reading, checking, writing."""

from kg.tables.column import ANY_KIND, Column
from kg.tables.package import (
    DESCRIPTOR,
    FORMULA_STARTS,
    Held,
    Package,
    Resource,
    Row,
    escape_formulas,
    open_package,
    read,
    to_csv,
    to_json,
)

__all__ = [
    "ANY_KIND",
    "DESCRIPTOR",
    "FORMULA_STARTS",
    "Column",
    "Held",
    "Package",
    "Resource",
    "Row",
    "escape_formulas",
    "open_package",
    "read",
    "to_csv",
    "to_json",
]
