"""Tables of `data/`: reading, checking, writing."""

from kg.tables.package import DESCRIPTOR, FORMULA_STARTS, Package, Resource, Row, open_package, read, to_csv, to_json

__all__ = [
    "DESCRIPTOR",
    "FORMULA_STARTS",
    "Package",
    "Resource",
    "Row",
    "open_package",
    "read",
    "to_csv",
    "to_json",
]
