"""`/sparql`: the SPARQL 1.1 Protocol; browsers get the SPARQL page."""

from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import unquote_to_bytes

from flask import Blueprint, Response, current_app, request
from werkzeug.exceptions import RequestEntityTooLarge

from kg.errors import GuapaiError
from kg.store import Dataset
from kg.store.formats import FORMATS, Format, formats_of, serialize_lines
from kg.store.guard import MAX_BYTES, inspect
from web.graph import moved
from web.graph.labels import graph
from web.http.responses import LASTING, best_media_type, etag, not_modified, ranged
from web.middleware.monitoring import QUERY as QUERY_KEY
from web.middleware.monitoring import record_outcome
from web.sparql import notes
from web.sparql.description import service_description
from web.sparql.page import HTML, page
from web.sparql.results import streamed
from web.sparql.runner import VOLATILE, ClientWatch, dataset, pool, status_of

blueprint = Blueprint("sparql", __name__)

QUERY, UPDATE = "application/sparql-query", "application/sparql-update"
FORM = "application/x-www-form-urlencoded"
MAX_BODY_BYTES = 4 * MAX_BYTES
"""Limit of a request body: the longest query percent-encoded, and the names of its graphs."""
CROSS_ORIGIN = (
    ("Access-Control-Allow-Origin", "*"),
    ("Access-Control-Allow-Headers", "Accept, Content-Type, If-None-Match, Range"),
    ("Access-Control-Allow-Methods", "GET, HEAD, POST, OPTIONS"),
    ("Accept-Post", f"{QUERY}, {FORM}"),
)
KNOWN_OR_HTML = (*(media for form in FORMATS for media in form.media_types), HTML)
DESCRIPTION_FORMATS = ("ttl", "jsonld", "rdf", "nt")


@dataclass(frozen=True, slots=True)
class Asked:
    """A request for the result of a query.

    graphs: named by the request, if any; base: IRI against which relative ones resolve; tag: ETag, empty for results
    that vary; found: notes.
    """

    query: str
    form: Format
    graphs: Dataset | None
    base: str
    tag: str
    found: tuple[notes.Note, ...]


@blueprint.after_request
def allow_cross_origin(response: Response) -> Response:
    """Add CORS headers and `Vary: Accept`."""
    response.headers.extend(CROSS_ORIGIN)
    if "Vary" in response.headers:
        response.vary.add("Accept")
    else:
        response.headers.add("Vary", "Accept")
    return response


@blueprint.after_request
def add_successor_links(response: Response) -> Response:
    """Name the replacement of each deprecated term in the query as Link header (RFC 8288)."""
    for old, new in moved.terms_in(moved.deprecated(graph()), request.environ.get(QUERY_KEY, "")):
        response.headers.add("Link", f'<{new}>; rel="successor-version"; anchor="{old}"')
    return response


@blueprint.before_request
def limit_body() -> None:
    """Limit the size of the request body."""
    request.max_content_length = request.max_form_memory_size = MAX_BODY_BYTES
    # Without Content-Length Werkzeug truncates at the limit; the rest would pass for a complete body.
    if request.content_length is None and len(request.get_data()) >= MAX_BODY_BYTES:
        raise RequestEntityTooLarge


@blueprint.errorhandler(RequestEntityTooLarge)
def body_too_large(_error: RequestEntityTooLarge) -> Response:
    """Answer 413 with the limit."""
    return _plain_text(
        f"The body is longer than {MAX_BODY_BYTES:,} bytes, the limit here.", HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    )


@blueprint.route("/sparql", methods=["GET", "POST"])
def sparql() -> Response:
    """Answer a query (W3C SPARQL 1.1 Protocol, section 2.1), show the form, or describe the service."""
    refusal = _refusal()
    if refusal:
        return refusal
    query = _query()
    if query is None:
        return _without_query()
    request.environ[QUERY_KEY] = query
    if _wants_html():
        return page(query)
    return _run(query)


def _run(query: str) -> Response:
    """Run a query of a program, or return its error as text."""
    try:
        offered = formats_of(inspect(query))
        form = _format(offered)
        if form is None:
            return _not_acceptable("The answer to this query", offered)
        graphs = dataset()
        found = tuple(notes.notes_on(query, request.base_url, graphs=graphs is not None))
        return _answer(Asked(query, form, graphs, request.base_url, _etag(query, form.name, graphs), found))
    except GuapaiError as error:
        return _error(error)


def _answer(asked: Asked) -> Response:
    if unchanged := not_modified(asked.tag):
        record_outcome("unchanged")
        return unchanged
    try:
        with ClientWatch(request.environ) as client:
            answer = pool().run(asked.query, asked.form, asked.graphs, client.watch, asked.base)
            response = streamed(answer, asked.found, ranges=bool(asked.tag))
    except GuapaiError as error:
        return _error(error)
    if asked.tag:
        request.environ[LASTING] = True
        response.set_etag(asked.tag, weak=True)
        return ranged(response, response.content_length) if response.content_length else response
    return response


def _etag(query: str, form: str, graphs: Dataset | None) -> str:
    """Return the ETag of a result; empty for results that vary."""
    if request.method == "POST" or VOLATILE.search(query):
        return ""
    return etag("sparql", form, query, repr(graphs), request.base_url, request.args.get("bom", ""))


def _refusal() -> Response | None:
    """Refuse updates and malformed requests."""
    if request.method == "POST" and request.mimetype not in (QUERY, FORM):
        if request.mimetype == UPDATE:
            return _plain_text("This endpoint is read-only: updates are refused.", HTTPStatus.FORBIDDEN)
        sentence = f"A query is posted as {QUERY} or {FORM}, not as {request.mimetype or 'nothing'}."
        return _plain_text(sentence, HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
    # Check the raw body first: Flask decodes form data with replacement characters.
    body = request.get_data() if _is_posted_as_text() else unquote_to_bytes(request.get_data())
    if not _is_unicode(body) or not _is_unicode(unquote_to_bytes(request.query_string)):
        return _plain_text("The query is not in UTF-8.", HTTPStatus.BAD_REQUEST)
    given = request.values
    if "update" in given:
        return _plain_text("This endpoint is read-only: updates are refused.", HTTPStatus.FORBIDDEN)
    if len(given.getlist("query")) + _is_posted_as_text() > 1:
        return _plain_text("There must be one query, not several.", HTTPStatus.BAD_REQUEST)
    return None


def _query() -> str | None:
    """Return the query without a byte order mark, None if there is none."""
    found = request.get_data().decode() if _is_posted_as_text() else request.values.get("query")
    return None if found is None else found.removeprefix("\ufeff")


def _is_posted_as_text() -> bool:
    return request.method == "POST" and request.mimetype == QUERY


def _is_unicode(body: bytes) -> bool:
    try:
        body.decode()
    except UnicodeDecodeError:
        return False
    return True


def _wants_html() -> bool:
    """Return whether the client prefers a page."""
    if wanted := _wanted():
        return wanted in {"html", HTML}
    return best_media_type(KNOWN_OR_HTML) == HTML


def _format(offered: tuple[Format, ...]) -> Format | None:
    """Return the format by `format=` or `output=`, else by `Accept`; the first is the default."""
    if wanted := _wanted():
        return next((form for form in offered if wanted in (form.name, *form.aliases, *form.media_types)), None)
    best = best_media_type(media for form in offered for media in form.media_types)
    return next((form for form in offered if best in form.media_types), None)


def _wanted() -> str:
    """Return the short name or media type that `format=` or `output=` asks for, empty without one.

    A plus that is not percent-encoded arrives as a blank, and clients send parameters of the type and capital letters.
    """
    asked = request.values.get("format") or request.values.get("output") or ""
    return asked.partition(";")[0].strip().replace(" ", "+").lower()


def _without_query() -> Response:
    """Show the form or describe the service; 400 for who may have meant a query, 406 for who reads neither.

    A client that accepts only results of queries has forgotten its query.
    """
    if _wants_html():
        return page("")
    offered = tuple(form for form in FORMATS if form.name in DESCRIPTION_FORMATS)
    form = _format(offered)
    asks_for_more = request.method == "POST" or {name for name, text in request.args.items() if text} - {
        "format",
        "output",
        "lang",
    }
    if asks_for_more or (form is None and _format(FORMATS)):
        return _plain_text("There is no query: give it as the parameter `query`.", HTTPStatus.BAD_REQUEST)
    if form is None:
        return _not_acceptable(
            "There is no query. The page can be had as text/html, the description of the service", offered
        )
    counts = current_app.extensions["guapai"].release.manifest["counts"]["triples"]
    return Response(
        serialize_lines(service_description(request.base_url, counts), form.name), content_type=form.content_type
    )


def _error(error: GuapaiError) -> Response:
    response = _plain_text(str(error), status_of(error))
    if response.status_code == HTTPStatus.SERVICE_UNAVAILABLE:
        response.headers["Retry-After"] = "10"
    return response


def _not_acceptable(what: str, offered: tuple[Format, ...]) -> Response:
    known = "\n".join(f"{form.name}: {', '.join(form.media_types)}" for form in offered)
    return _plain_text(f"{what} can be had as:\n{known}", HTTPStatus.NOT_ACCEPTABLE)


def _plain_text(sentence: str, status: int) -> Response:
    return Response(sentence + "\n", status=status, content_type="text/plain; charset=utf-8")
