"""Linked data: content negotiation for resource IRIs, descriptions in all formats, withdrawn keys."""

from dataclasses import dataclass

from flask import Blueprint, Flask, Response, abort, make_response, redirect, render_template, request, url_for

from kg.vocab import KINDS, THINGS
from web.graph.describe import csv_table, description, exists, serialize
from web.graph.iris import address, kind_and_key, node
from web.graph.jsonld import terms
from web.graph.labels import graph
from web.graph.queries import Graph, value
from web.html.fragments import in_words
from web.http.errors import error_response
from web.http.language import gettext as _
from web.http.responses import FORMATS, RDF, accepted_extension, answer, as_json, best_media_type, split_extension

blueprint = Blueprint("linked_data", __name__)

DATA = (*RDF, "csv")


@blueprint.get("/id/<kind>/<path:key>")
def id(kind: str, key: str) -> Response:  # noqa: A001 — the view has the name of the word in the address
    """Redirect a resource IRI to its page or data, by extension or Accept."""
    stem, extension = split_extension(key, ("html", *DATA))
    if kind not in KINDS or not exists(graph(), f"{THINGS}{kind}/{stem}"):
        abort(404, description=f"{THINGS}{kind}/{stem}")
    chosen = extension or accepted_extension(("html", *DATA))
    if chosen is None:
        abort(406, description=", ".join(FORMATS[offered] for offered in ("html", *DATA)))
    if chosen == "html":
        address = url_for("resource.page", kind=kind, key=stem)
    else:
        address = url_for(".data", kind=kind, key=f"{stem}.{chosen}", lang=None)
    response = redirect(address, 303)
    response.vary.add("Accept")
    return response  # type: ignore[return-value]


@blueprint.get("/data/<kind>/<path:key>")
def data(kind: str, key: str) -> Response:
    """Return the description of a resource in a data format."""
    stem, extension = split_extension(key, DATA)
    if not extension or kind not in KINDS:
        abort(404, description=", ".join(DATA))
    return description_response(f"{THINGS}{kind}/{stem}", extension, f"{kind}-{stem.replace('/', '-')}.{extension}")


@blueprint.get("/context.jsonld")
def context() -> Response:
    """Give the JSON-LD context (JSON-LD 1.1): prefixes and terms."""
    return answer(as_json({"@context": terms(graph())}), "jsonld")


def description_response(iri: str, extension: str, filename: str) -> Response:
    """Return the description of a resource, concept or term in a format; 404 without statements."""
    quads = description(graph(), node(iri).value)
    if not quads:
        abort(404, description=iri)
    if extension == "csv":
        return answer(csv_table(iri), "csv", filename)
    return answer(serialize(quads, extension), extension)


RESOURCE_ENDPOINTS = ("resource.page", "linked_data.id", "linked_data.data")


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """A withdrawn key: reason, date as stated, IRIs of its successors."""

    iri: str
    reason: str
    since: str
    successors: tuple[str, ...]


def init_app(app: Flask) -> None:
    """Answer 410 for withdrawn keys before other handlers."""

    @app.before_request
    def _gone() -> Response | None:
        if request.endpoint not in RESOURCE_ENDPOINTS or not request.view_args:
            return None
        key, extension = str(request.view_args["key"]), ""
        if request.endpoint != "resource.page":
            key, extension = split_extension(key, ("html", *DATA))
        found = withdrawn(graph()).get(f"{THINGS}{request.view_args['kind']}/{key}")
        if found is None:
            return None
        for condition in ("HTTP_IF_NONE_MATCH", "HTTP_IF_MATCH", "HTTP_RANGE"):
            request.environ.pop(condition, None)  # RFC 9110, section 13.2.1: they count for 2xx only
        return gone(found, extension)


def withdrawn(found: Graph) -> dict[str, Withdrawn]:
    """Return the withdrawn keys of a release by IRI."""

    def read() -> dict[str, Withdrawn]:
        keys: dict[str, Withdrawn] = {}
        for row in found.rows("linked_data/withdrawn"):
            iri = value(row, "key")
            before = keys[iri].successors if iri in keys else ()
            following = (value(row, "successor"),) if "successor" in row else ()
            keys[iri] = Withdrawn(iri, value(row, "reason"), value(row, "on"), before + following)
        return keys

    return found.cached("withdrawn", read)


def gone(found: Withdrawn, extension: str) -> Response:
    """Answer 410 as page, data or error, with links to the successors."""
    by_type = {FORMATS[form]: form for form in ("html", *DATA)}
    chosen = extension or (
        "html" if request.endpoint == "resource.page" else by_type.get(best_media_type(by_type) or "", "html")
    )
    if chosen == "html":
        reason = _("This name was withdrawn: %(reason)s", reason=" ".join(in_words(found.reason)))
        response = error_response(410, reason, successor=found.successors) or make_response(
            render_template("linked_data/withdrawn.html", withdrawn=found)
        )
    else:
        response = description_response(found.iri, chosen, f"withdrawn.{chosen}")
    response.status_code = 410
    for successor in found.successors:
        response.headers.add("Link", f'<{_successor_address(successor, chosen)}>; rel="successor-version"')
    response.vary.add("Accept")
    return response


def _successor_address(iri: str, extension: str) -> str | None:
    """Return the address of a successor in the same format."""
    kind, key = kind_and_key(iri)
    return (
        address(iri)
        if extension == "html"
        else url_for("linked_data.data", kind=kind, key=f"{key}.{extension}", lang=None)
    )
