"""Tables of `data/`: read, checked, written."""

from kg.tables.package import DESCRIPTOR, FORMULAS, Package, Resource, Row, open_package, read, to_csv, to_json

__all__ = [
    "DESCRIPTOR",
    "FORMULAS",
    "Package",
    "Resource",
    "Row",
    "open_package",
    "read",
    "to_csv",
    "to_json",
]
