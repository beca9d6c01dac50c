"""What clients need beside the data: the JSON-LD context as a file, the shapes, and where each shape stands."""

import re

from flask import Blueprint, Response, abort, current_app, redirect, url_for

from kg.vocab import PREFIXES
from web.answers import answer, as_json
from web.graph import Graph, last_part, prefixed, value
from web.names import graph

blueprint = Blueprint("context", __name__)

LABELLED = ("prefLabel", "altLabel", "definition", "example", "note")
"""Texts of SKOS that stand in several languages."""
LINKS = ("inScheme", "broader", "narrower", "topConceptOf", "member", "exactMatch", "closeMatch")


@blueprint.get("/context.jsonld")
def context() -> Response:
    """Give the JSON-LD context (JSON-LD 1.1): prefixes, and our terms with what they point to."""
    return answer(as_json({"@context": graph().remembered("context", lambda: terms(graph()))}), "jsonld")


def terms(found: Graph) -> dict[str, object]:
    """Return the entries of the context: the local names of our terms are the names in JSON."""
    entries: dict[str, object] = {"@version": 1.1, **PREFIXES}
    entries |= {name: {"@id": f"skos:{name}", "@container": "@language"} for name in LABELLED}
    entries |= {name: {"@id": f"skos:{name}", "@type": "@id"} for name in LINKS}
    for row in found.rows("context"):
        term, kind, goal = (value(row, column) for column in ("term", "kind", "range"))
        entry = {"@id": prefixed(term)}
        if last_part(kind) == "ObjectProperty":
            entry["@type"] = "@id"
        elif (
            last_part(kind) == "DatatypeProperty" and goal.startswith(PREFIXES["xsd"]) and not goal.endswith("#string")
        ):
            entry["@type"] = prefixed(goal)
        entries[last_part(term)] = entry if "@type" in entry else prefixed(term)
    return entries


@blueprint.get("/shapes", defaults={"name": ""})
@blueprint.get("/shapes/<name>")
def shapes(name: str) -> Response:
    """Send the reader of a shape's own address to the file in which it stands."""
    if name and not re.search(rf"^gps:{re.escape(name)}\s", _text(), re.MULTILINE):
        abort(404, description=name)
    return redirect(url_for(".shapes_file", lang=None), 303)  # type: ignore[return-value]


@blueprint.get("/shapes.ttl")
def shapes_file() -> Response:
    """Give all shapes, comments and all, as they are in the release."""
    return answer(_text(), "ttl")


def _text() -> str:
    path = current_app.extensions["guapai"].release.path / "ontology" / "shapes.ttl"
    return str(graph().remembered("shapes", lambda: path.read_text(encoding="utf-8")))
