"""The pages of places and regions: what lies above and below, plates, positions, strategies, figures."""

import re
from collections.abc import Mapping
from itertools import groupby

from kg.store import NamedNode
from web.graph import Graph, Row, value

POINT = re.compile(r"POINT\((-?[\d.]+) (-?[\d.]+)\)")


def place(graph: Graph, iri: str, _today: str) -> Mapping[str, object]:
    """Return the divisions above and below a place, its regions, point, plates and what the papers say of it."""
    node = NamedNode(iri)
    children = graph.rows("place_children", place=node)
    plates = graph.rows("place_plates", place=node)
    return {
        "parents": [value(row, "above") for row in graph.rows("place_parents", place=node)],
        "children": [(level, list(rows)) for level, rows in groupby(children, key=lambda row: value(row, "level"))],
        "regions": graph.rows("place_regions", place=node),
        "point": _point(graph.rows("place_point", place=node)),
        "plates": [
            (programme, list(rows)) for programme, rows in groupby(plates, key=lambda row: value(row, "programme"))
        ],
        **_said(graph, node),
    }


def region(graph: Graph, iri: str, _today: str) -> Mapping[str, object]:
    """Return the whole and partial members of a region and what the papers say of it."""
    node = NamedNode(iri)
    members = graph.rows("region_members", region=node)
    return {
        "members": [
            (relation, list(rows)) for relation, rows in groupby(members, key=lambda row: value(row, "relation"))
        ],
        **_said(graph, node),
    }


def _said(graph: Graph, node: NamedNode) -> Mapping[str, object]:
    return {
        "positions": graph.rows("area_positions", area=node),
        "covering": graph.rows("area_covered_by", area=node),
        "figures": graph.rows("figures_about", about=node),
    }


def _point(rows: list[Row]) -> tuple[str, str] | None:
    """Return latitude and longitude in degrees (WGS84)."""
    match = POINT.fullmatch(value(rows[0], "point")) if rows else None
    return (match[2], match[1]) if match else None
