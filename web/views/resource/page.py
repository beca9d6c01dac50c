"""The page of a resource: its own part, all statements, incoming links and formats."""

from collections.abc import Mapping

from flask import Blueprint, Response, abort, render_template, request

from kg.analysis.findings import find
from kg.vocab import KINDS, PREFIXES, TERMS, THINGS
from web.graph import citation, resource
from web.graph.findings import FACETS, related_findings
from web.graph.iris import local, node
from web.graph.labels import graph, name, today
from web.graph.queries import Graph, expanded
from web.http.responses import RDF
from web.views.resource import PARTS, Part

blueprint = Blueprint("resource", __name__)

LISTS = {
    "programme": "programmes",
    "mandate": "mandates",
    "designation": "designations",
    "carrier": "carriers",
    "place": "places",
    "region": "regions",
    "source": "sources",
    "claim": "claims",
    "purpose": "purposes",
    "position": "positions",
    **dict.fromkeys(("table", "row", "record", "column"), "tables"),
    "authority": "authorities",
}
"""Kind of resource or scheme to its list."""


@blueprint.get("/page/<kind>/<path:key>")
def page(kind: str, key: str) -> str | Response:
    """Show a resource."""
    if kind not in KINDS:
        abort(404, description=f"{kind}/{key}")
    return entity(f"{THINGS}{kind}/{key}", kind, key, PARTS.get(kind))


def entity(iri: str, kind: str, key: str, part: Part | None) -> str | Response:
    """Show a resource or concept: own part, statements, incoming links, formats."""
    asked = _asked_property()
    number = max(request.args.get("page", 1, int), 1)
    thing = resource.read(graph(), node(iri).value, asked, number)
    if thing is None:
        abort(404, description=iri)
    if asked and not any(found.things for found in thing.incoming):
        abort(404, description=asked)
    if said := citation.requested(name(iri).text.rstrip("。."), thing.iri):
        return said
    context = {
        "thing": thing,
        "kind": kind,
        "key": key,
        "names": graph().labels(iri),
        "listing": LISTS.get(kind, ""),
        "part": kind if part else "",
        "asked": asked,
        "messages": resource.messages(graph(), thing),
        "sources": resource.documents(graph(), thing),
        "formats": _formats(kind, key),
        "related_findings": _related_findings(thing, kind),
        **(_own_part(part, graph(), thing) if part else {}),
    }
    return render_template("resource/page.html", **context)


def _related_findings(thing: resource.Thing, kind: str) -> Mapping[str, object]:
    """Return the findings that involve a resource, their days, and the facet that selects them."""
    found = related_findings(graph(), thing, kind)
    return {
        "kinds": found,
        "days": sorted({day for one in found for finding in one.shown for day in finding.states}),
        "classes": {one.key: TERMS + find.KINDS[one.key].term for one in found},
        "facet": FACETS.get(kind, ""),
    }


def _own_part(part: Part, found: Graph, thing: resource.Thing) -> Mapping[str, object]:
    return {"own": part(found, thing, today())}


def _formats(kind: str, key: str) -> Mapping[str, str]:
    """Return the addresses of the data formats by extension."""
    whole = local(f"{'data' if kind in KINDS else 'scheme'}/{kind}/{key}", with_language=False)
    return {extension: f"{whole}.{extension}" for extension in (*RDF, "csv")}


def _asked_property() -> str:
    """Return the IRI of the property whose incoming links are requested, else empty."""
    asked = request.args.get("from", "")
    if not asked:
        return ""
    iri = expanded(asked)
    if iri is None:
        abort(404, description=f"{asked}: {', '.join(PREFIXES)}")
    return node(iri).value
