"""Neighbourhood of a resource: its relations with a few neighbours each, as drawing, table and network."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from flask import Blueprint, Response, abort, make_response, render_template, request, url_for

from kg.store import NamedNode
from kg.vocab import KINDS, SCHEMES, THINGS
from web.graph import resource
from web.graph.iris import address, kind_and_key, node
from web.graph.labels import graph, name
from web.graph.queries import Graph, expanded, prefixed
from web.html import assets
from web.http.responses import answer, as_json

blueprint = Blueprint("neighbourhood", __name__)

MAX_NEIGHBOURS = 5
"""Neighbours drawn of each relation; a link leads to the others."""
EXCLUDED_PROPERTIES = {
    expanded(found) for found in ("rdf:type", "skos:inScheme", "geo:hasGeometry", "void:exampleResource")
}
"""Properties that link almost everything, or lead to a bare point."""
MAX_LABEL_CHARS = {"zh": 24, "en": 44}
"""Characters of a label in the drawing, by language."""
WIDE, NARROW = 980, 400
"""Width of the two-sided drawing, and of that for small screens, in SVG units."""
LINE_HEIGHT, RELATION_GAP, INDENT = 21, 12, 18
"""Height of a line, gap between relations, indent of neighbours, in SVG units."""
RELATION_OFFSET = 132
"""Distance of relations from the centre, in SVG units."""


@dataclass(frozen=True, slots=True)
class Relation:
    """A relation: property, direction, number of neighbours, those shown, address of all."""

    iri: str
    outward: bool
    count: int
    neighbours: tuple[str, ...]
    whole: str

    @property
    def more(self) -> int:
        """The number of neighbours not shown."""
        return self.count - len(self.neighbours)


@dataclass(frozen=True, slots=True)
class Node:
    """A node of the drawing: id, label, kind (centre, relation, thing, more), address, position, side."""

    id: str
    label: str
    kind: str
    address: str
    x: float
    y: float
    side: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """Nodes, edges (ids of both ends and SVG path) and size."""

    nodes: tuple[Node, ...]
    lines: tuple[tuple[str, str, str], ...]
    width: int
    height: int


@blueprint.get("/neighbourhood/<kind>/<path:key>")
def neighbourhood(kind: str, key: str) -> Response:
    """Draw the neighbourhood of a resource or concept, or return it as JSON."""
    stem = key.removesuffix(".json")
    iri = f"{THINGS if kind in KINDS else SCHEMES}{kind}/{stem}"
    found = relations(graph(), iri)
    if found is None:
        abort(404, description=f"{kind}/{stem}")
    wide, narrow = drawing(iri, found, both=True), drawing(iri, found, both=False)
    if stem != key:
        return answer(as_json(network(wide, narrow)), "json")
    context = {
        "iri": iri,
        "relations": found,
        "drawings": {"wide": wide, "narrow": narrow},
        "network": json.dumps(network(wide, narrow), ensure_ascii=False),
        "libraries": assets.libraries(),
        "data": url_for(".neighbourhood", kind=kind, key=f"{stem}.json", lang=request.args.get("lang")),
    }
    return make_response(render_template("neighbourhood/neighbourhood.html", **context))


@blueprint.app_template_global()
def neighbourhood_address(iri: str) -> str:
    """Return the address of the neighbourhood of a resource or concept, else empty."""
    kind, key = kind_and_key(iri)
    return url_for("neighbourhood.neighbourhood", kind=kind, key=key) if kind and key else ""


def relations(known: Graph, iri: str) -> list[Relation] | None:
    """Return the relations of a resource, outgoing first; None if the graph has no statement about it."""
    thing = resource.read(known, node(iri).value)
    if thing is None:
        return None
    return [*_outward(thing), *_inward(thing)]


def _outward(thing: resource.Thing) -> Iterator[Relation]:
    for statement in thing.statements.values():
        named = [str(term.value) for term in statement.values if isinstance(term, NamedNode)]
        others = [other for other in named if address(other) and other != thing.iri]
        if others and statement.property not in EXCLUDED_PROPERTIES:
            whole = f"{address(thing.iri)}#statements"
            shown = tuple(others[:MAX_NEIGHBOURS])
            yield Relation(statement.property, outward=True, count=len(others), neighbours=shown, whole=whole)


def _inward(thing: resource.Thing) -> Iterator[Relation]:
    for incoming in thing.incoming:
        others = tuple(other for other in incoming.things if other != thing.iri)
        count = incoming.count - (len(incoming.things) - len(others))
        if count and incoming.property not in EXCLUDED_PROPERTIES:
            to = str(address(thing.iri))
            whole = f"{to}{'&' if '?' in to else '?'}from={prefixed(incoming.property)}#incoming"
            yield Relation(
                incoming.property, outward=False, count=count, neighbours=others[:MAX_NEIGHBOURS], whole=whole
            )


def drawing(iri: str, found: Sequence[Relation], *, both: bool) -> Drawing:
    """Lay out relations around a resource.

    Args:
        iri: the resource.
        found: its relations.
        both: incoming relations on the left, outgoing on the right; else all below the resource.
    """
    sides = {"left": [one for one in found if not one.outward], "right": [one for one in found if one.outward]}
    if not both:
        sides = {"right": list(found)}
    heights = {side: sum(_height(one) for one in held) - RELATION_GAP for side, held in sides.items()}
    height = max(*heights.values(), 3 * LINE_HEIGHT) + 2 * RELATION_GAP + (0 if both else 2 * LINE_HEIGHT)
    x, y = (WIDE / 2, height / 2) if both else (14.0, LINE_HEIGHT * 1.0)
    nodes, lines = [Node(iri, _text(iri), "centre", address(iri) or "", x, y, "centre")], []
    for side, held in sides.items():
        sign = -1 if side == "left" else 1
        top = (height - heights[side]) / 2 if both else 3.0 * LINE_HEIGHT
        near = x + sign * RELATION_OFFSET if both else x + INDENT
        for one in held:
            hub = Node(_hub(iri, one), name(one.iri).text, "relation", address(one.iri) or "", near, top, side)
            bend = near - sign * RELATION_OFFSET / 2 if both else x
            start = x + sign * 9 if both else x
            way = f"M{start:g} {y:g}C{bend:g} {y:g} {bend:g} {top:g} {near:g} {top:g}"
            lines.append((iri, hub.id, way if both else f"M{x:g} {y + 9:g}V{top:g}H{near:g}"))
            nodes.append(hub)
            for leaf in _leaves(hub, one, sign):
                nodes.append(leaf)
                lines.append((hub.id, leaf.id, f"M{near:g} {top + 5:g}V{leaf.y:g}H{leaf.x:g}"))
            top += _height(one)
    return Drawing(tuple(nodes), tuple(lines), WIDE if both else NARROW, round(height))


def network(wide: Drawing, narrow: Drawing) -> dict[str, list[dict[str, object]]]:
    """Return nodes, with positions in both drawings, and edges for graph.js."""
    beside = {one.id: one for one in narrow.nodes}
    return {
        "nodes": [
            {
                "id": one.id,
                "label": one.label,
                "kind": one.kind,
                "address": one.address,
                "expand": _expand(one),
                "side": one.side,
                "x": one.x,
                "y": one.y,
                "narrow": [beside[one.id].x, beside[one.id].y],
            }
            for one in {one.id: one for one in wide.nodes}.values()
        ],
        "edges": [{"source": source, "target": target, "label": ""} for source, target, _ in wide.lines],
    }


def _expand(one: Node) -> str:
    kind, key = kind_and_key(one.id) if one.kind == "thing" else ("", "")
    return url_for(".neighbourhood", kind=kind, key=f"{key}.json") if kind and key else ""


def _leaves(hub: Node, one: Relation, sign: int) -> Iterator[Node]:
    x, y = hub.x + sign * INDENT, hub.y
    for other in one.neighbours:
        y += LINE_HEIGHT
        yield Node(other, _text(other), "thing", address(other) or "", x, y, hub.side)
    if one.more:
        yield Node(f"{hub.id} more", f"… +{one.more}", "more", one.whole, x, y + LINE_HEIGHT, hub.side)


def _height(one: Relation) -> int:
    return LINE_HEIGHT * (1 + len(one.neighbours) + bool(one.more)) + RELATION_GAP


def _hub(iri: str, one: Relation) -> str:
    return f"{iri} {'→' if one.outward else '←'} {prefixed(one.iri)}"


def _text(iri: str) -> str:
    label = name(iri)
    text = label.text if label.language else prefixed(iri).partition("://")[2] or prefixed(iri)
    max_chars = MAX_LABEL_CHARS.get(label.language, MAX_LABEL_CHARS["en"])
    return text if len(text) <= max_chars else text[: max_chars - 1] + "…"
