"""What clients need beside the data: the JSON-LD context as a file."""

from flask import Blueprint, Response

from kg.vocab import PREFIXES
from web.graph.labels import graph
from web.graph.queries import Graph, last_part, prefixed, value
from web.http.responses import answer, as_json

blueprint = Blueprint("context", __name__)

LABELLED = ("prefLabel", "altLabel", "definition", "example", "note")
"""Texts of SKOS that stand in several languages."""
LINKS = ("inScheme", "broader", "narrower", "topConceptOf", "member", "exactMatch", "closeMatch")


@blueprint.get("/context.jsonld")
def context() -> Response:
    """Give the JSON-LD context (JSON-LD 1.1): prefixes, and our terms with what they point to."""
    return answer(as_json({"@context": terms(graph())}), "jsonld")


def terms(found: Graph) -> dict[str, object]:
    """Return the entries of the context: the local names of our terms are the names in JSON."""
    return found.cached("context", lambda: _terms(found))


def _terms(found: Graph) -> dict[str, object]:
    entries: dict[str, object] = {"@version": 1.1, **PREFIXES}
    entries |= {name: {"@id": f"skos:{name}", "@container": "@language"} for name in LABELLED}
    entries |= {name: {"@id": f"skos:{name}", "@type": "@id"} for name in LINKS}
    for row in found.rows("graph/context"):
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
