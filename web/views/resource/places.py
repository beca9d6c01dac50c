"""The pages of places and regions: hierarchy, designations, positions, strategies, figures."""

import re
from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from itertools import groupby

from kg.store import NamedNode
from kg.vocab import THINGS
from web.graph import ministries
from web.graph.iris import key_of
from web.graph.queries import Graph, Row, value
from web.graph.resource import Thing
from web.lists import counts

MAX_NAMED = 120
"""Designations of a place up to which all are listed; beyond, programmes are counted."""
POINT = re.compile(r"POINT\((-?[\d.]+) (-?[\d.]+)\)")


def place(graph: Graph, thing: Thing, today: str) -> Mapping[str, object]:
    """Return hierarchy, designations, strategies, former names and figures of a place."""
    node, code = NamedNode(thing.iri), key_of(thing.iri)
    children = graph.rows("resource/place_children", place=node)
    parents = [value(row, "above") for row in graph.rows("resource/place_parents", place=node)]
    held, answering = counts.stack("place", code), ministries.on(graph, today)
    total = sum(found.designations for found in held)
    return {
        "parents": parents,
        "children": [(level, list(rows)) for level, rows in groupby(children, key=lambda row: value(row, "level"))],
        "below": counts.below(code),
        "regions": graph.rows("resource/place_regions", place=node),
        "point": _point(graph.rows("resource/place_point", place=node)),
        "former": graph.rows("resource/place_former", place=node),
        "held": held,
        "total": total,
        "matrix": counts.matrix(held),
        "behind": {found.programme: answering.get(found.iri, ()) for found in held},
        "designations": _by_programme(code) if total <= MAX_NAMED else {},
        "above": [(above, *counts.designations_of(key_of(above))) for above in parents[::-1]],
        "named": MAX_NAMED,
        "years": counts.years("place", code),
        "undated": counts.undated("place", code),
        **_statements(graph, node),
    }


def _by_programme(code: str) -> Mapping[str, list[tuple[str, date | None, date | None, str]]]:
    """Return the designations in a place by programme: IRI, first and last day of approval, place."""
    found: dict[str, list[tuple[str, date | None, date | None, str]]] = defaultdict(list)
    for designation, programme, first, last, located in counts.designations_in(code):
        found[programme].append((f"{THINGS}designation/{designation}", first, last, f"{THINGS}place/{located}"))
    return found


def region(graph: Graph, thing: Thing, _today: str) -> Mapping[str, object]:
    """Return the members of a region, designations in the full members, positions and figures."""
    node = NamedNode(thing.iri)
    members, held = graph.rows("resource/region_members", region=node), counts.stack("region", key_of(thing.iri))
    return {
        "held": held,
        "total": sum(found.designations for found in held),
        "matrix": counts.matrix(held),
        "members": [
            (relation, list(rows)) for relation, rows in groupby(members, key=lambda row: value(row, "relation"))
        ],
        **_statements(graph, node),
    }


def _statements(graph: Graph, node: NamedNode) -> Mapping[str, object]:
    return {
        "positions": graph.rows("resource/area_positions", area=node),
        "covering": graph.rows("resource/area_covered_by", area=node),
        "figures": graph.rows("resource/figures_about", about=node),
    }


def _point(rows: list[Row]) -> tuple[str, str] | None:
    """Return latitude and longitude in degrees (WGS84)."""
    match = POINT.fullmatch(value(rows[0], "point")) if rows else None
    return (match[2], match[1]) if match else None
