"""Neighbourhood of a resource: its relations with a few neighbours each, as drawing, table and network."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from flask import Blueprint, Response, abort, make_response, render_template, request, url_for

from kg.charts.network import Branch, Drawing, Leaf, Node, one_sided, two_sided
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
    lay_out = two_sided if both else one_sided
    return lay_out(_leaf(iri), [_branch(iri, one) for one in found])


def _branch(iri: str, one: Relation) -> Branch:
    hub = Leaf(f"{iri} {'→' if one.outward else '←'} {prefixed(one.iri)}", name(one.iri).text, address(one.iri) or "")
    more = Leaf(f"{hub.id} more", f"… +{one.more}", one.whole) if one.more else None
    return Branch(hub, one.outward, tuple(map(_leaf, one.neighbours)), more)


def _leaf(iri: str) -> Leaf:
    return Leaf(iri, _text(iri), address(iri) or "")


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


def _text(iri: str) -> str:
    label = name(iri)
    text = label.text if label.language else prefixed(iri).partition("://")[2] or prefixed(iri)
    max_chars = MAX_LABEL_CHARS.get(label.language, MAX_LABEL_CHARS["en"])
    return text if len(text) <= max_chars else text[: max_chars - 1] + "…"
