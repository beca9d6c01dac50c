"""Security headers, ETags, content negotiation and serialization of responses."""

import csv
import hashlib
import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import ExitStack
from functools import lru_cache
from http import HTTPStatus
from tempfile import SpooledTemporaryFile
from urllib.parse import urlsplit, urlunsplit

from flask import Flask, Response, abort, current_app, request
from werkzeug.datastructures import MIMEAccept
from werkzeug.exceptions import RequestedRangeNotSatisfiable
from werkzeug.http import parse_accept_header
from werkzeug.wsgi import wrap_file

from kg.store.formats import FORMATS as RDF_FORMATS
from kg.store.formats import GRAPH_MEDIA_TYPES, WITH_GRAPHS
from kg.tables import escape_formulas
from web.http.language import LANGUAGES, explicit, language

FORMATS = {
    "html": "text/html",
    **{name: GRAPH_MEDIA_TYPES[name] for name in ("ttl", "nt", "jsonld", "rdf", "trig", "nq")},
    "csv": "text/csv",
    "json": "application/json",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "parquet": "application/vnd.apache.parquet",
}
"""File extension to media type."""
RDF = ("ttl", "jsonld", "rdf", "nt", "nq", "trig")
GRAPHS = tuple(form for form in RDF_FORMATS if form.graph)
"""Formats of graphs with every media type by which clients ask for them, as `/sparql` understands them too."""

PNG = "image/png"
FRAMES = "frame-ancestors"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; "
)
HEADERS = {
    "Content-Security-Policy": f"{POLICY}{FRAMES} 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "X-Frame-Options": "DENY",
}
LOCALISED_TYPES = ("text/html", "text/csv", "application/json", FORMATS["xlsx"], FORMATS["parquet"], PNG)
"""Media types of responses in the reader's language."""
FILES = ("downloads.file", "kept.file", "static", "assets.library", "monitoring.health")
"""Endpoints whose responses are the same in every language, whatever their type."""
BOM = b"\xef\xbb\xbf"
"""Byte order mark, by which spreadsheets know UTF-8."""
SPOOLED_BYTES = 1 << 20
"""Size up to which a response is spooled in memory, not on disk."""
CONDITIONS = {f"HTTP_{name}" for name in ("RANGE", "IF_RANGE", "IF_MATCH", "IF_NONE_MATCH", "IF_UNMODIFIED_SINCE")}
"""Keys of the WSGI environment: the part that is asked for, and conditions; these responses have no Last-Modified."""
LASTING = "guapai.lasting"
"""Key of the WSGI environment: the response hangs on nothing but the release, the code and what the request asks."""
SOCKET = "gunicorn.socket"
"""Key of the WSGI environment: the socket of the client."""
CORS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "Accept-Ranges, Content-Range, ETag, Link, Location, Repr-Digest, Retry-After",
}
"""All data is public and independent of the client: other sites may read everything but HTML pages,"""
INTERNAL_BLUEPRINTS = ("monitoring",)
"""Blueprints for operators, without CORS."""
PREFLIGHT = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": "GET, HEAD, OPTIONS",
    "Access-Control-Allow-Headers": "Accept, Accept-Language, If-None-Match, Range",
    "Access-Control-Max-Age": "86400",
}


def init_app(app: Flask, code: str) -> None:
    """Add security headers to all responses and ETags to cacheable ones."""
    app.extensions["guapai_tag"] = f"{app.extensions['guapai'].release.id}-{code}"

    @app.after_request
    def _add_headers(response: Response) -> Response:
        given, method, kind = {name.lower() for name, _ in response.headers}, request.method, response.mimetype
        asked = method == "OPTIONS"
        page = response.status_code == 200 and kind == "text/html" and not asked
        more = {} if page or request.blueprint in INTERNAL_BLUEPRINTS else PREFLIGHT if asked else CORS
        for name, content in (*HEADERS.items(), *more.items()):
            if name.lower() not in given and not (name == "X-Frame-Options" and framed(response)):
                response.headers.add(name, content)
        if in_language := localised(response):
            response.content_language.add(LANGUAGES[language()])
        if (in_language or "content-language" in given) and not explicit():
            response.vary.add("Accept-Language")
        if "location" in given:
            response.headers["Location"] = without_host(response.headers["Location"])
        whole = response.status_code == 200 and not (response.direct_passthrough or response.is_streamed)
        if not whole or method not in ("GET", "HEAD") or "etag" in given or "cache-control" in given:
            return response
        return with_etag(response)


def with_etag(response: Response) -> Response:
    """Set the ETag (release, code, language, format) and answer 304 if it matches."""
    request.environ[LASTING] = True
    mark = "bom" if _marked(response) else ""
    response.set_etag(_etag(current_app.extensions["guapai_tag"], language(), response.mimetype or "", mark))
    response.headers["Cache-Control"] = "no-cache"
    if "If-None-Match" in request.headers or "If-Match" in request.headers:
        response.make_conditional(request)
    return response


def localised(response: Response) -> bool:
    """Return whether a response is in the reader's language: not files, redirects and results of queries."""
    page, redirected = response.mimetype == "text/html", "location" in response.headers
    neutral = redirected or request.endpoint in FILES or (request.blueprint == "sparql" and not page)
    return response.mimetype in LOCALISED_TYPES and not neutral


def allow_frames(response: Response) -> Response:
    """Let other sites show a response in a frame, as previews of reconciliation are."""
    response.headers["Content-Security-Policy"] = f"{POLICY}{FRAMES} *"
    return response


def framed(response: Response) -> bool:
    """Return whether other sites may show a response in a frame."""
    return f"{FRAMES} *" in response.headers.get("Content-Security-Policy", "")


def spooled(response: Response) -> Response:
    """Complete a streamed response in a temporary file: it gets a length, and ranges are answered.

    A response that is not sent, such as 304, is not made. The file is closed with the response, or where there is none.
    """
    if response.status_code != HTTPStatus.OK:
        return response
    with ExitStack() as unless_given:
        file = unless_given.enter_context(SpooledTemporaryFile(SPOOLED_BYTES))
        file.writelines([BOM] if _marked(response) else [])
        file.writelines(response.iter_encoded())
        size = file.tell()
        file.seek(0)
        response.response = wrap_file(request.environ, file)
        response.content_length = size
        given = ranged(response, size)
        if request.method != "HEAD" and given.status_code in (HTTPStatus.OK, HTTPStatus.PARTIAL_CONTENT):
            given.call_on_close(unless_given.pop_all().close)  # a response without a body is never closed
        return given


def after_sending(response: Response, function: Callable[[], object]) -> None:
    """Call a function when the client has taken the last byte of a response, or has gone."""
    getattr(request.environ.get(SOCKET), "when_sent", response.call_on_close)(function)


def sent_by_server(response: Response) -> bool:
    """Return whether a response is a file that the server sends without a thread of ours (`web.outgoing`)."""
    outgoing = hasattr(request.environ.get(SOCKET), "when_sent")
    file = outgoing and isinstance(response.response, request.environ["wsgi.file_wrapper"])
    return bool(file) and (response.content_length or 0) > SPOOLED_BYTES


def ranged(response: Response, size: int) -> Response:
    """Answer the range of bytes that is asked for (RFC 9110, section 14.2), of a response with an ETag.

    Raises:
        RequestedRangeNotSatisfiable: there is no such range.
    """
    response.headers["Accept-Ranges"] = "bytes"
    if CONDITIONS.isdisjoint(request.environ):
        return response
    try:
        response.make_conditional(request, accept_ranges=True, complete_length=size)
    except RequestedRangeNotSatisfiable:
        response.close()
        raise
    return response


def _marked(response: Response) -> bool:
    """Return whether CSV is asked for with a byte order mark (`?bom=1`)."""
    return response.mimetype == FORMATS["csv"] and request.args.get("bom") == "1"


@lru_cache(maxsize=1000)
def _etag(*parts: str) -> str:
    return hashlib.sha256("-".join(parts).encode()).hexdigest()[:24]


def without_host(target: str) -> str:
    """Return a redirect target without a host: all redirects are internal."""
    parts = urlsplit(target)
    return urlunsplit(("", "", "/" + parts.path.lstrip("/\\"), parts.query, parts.fragment))


def etag(*parts: str) -> str:
    """Return the ETag of a response that depends on the release, the code and these parts."""
    return hashlib.sha256("\0".join((current_app.extensions["guapai_tag"], *parts)).encode()).hexdigest()[:24]


def not_modified(tag: str) -> Response | None:
    """Return 304 if `If-None-Match` matches, else None."""
    if not tag or request.method not in ("GET", "HEAD") or not request.if_none_match.contains_weak(tag):
        return None
    response = current_app.response_class(status=304)
    response.headers.pop("Content-Type")
    response.set_etag(tag, weak=True)
    response.headers["Cache-Control"] = "no-cache"
    return response


def accepted_extension(offered: Sequence[str]) -> str | None:
    """Return the extension that the client prefers, the first by default, None if it accepts none.

    A format of triples goes before one of quads, which is given only where it is asked for without any of triples: in
    quads the statements stand in named graphs, and who reads only the default graph finds nothing.
    """
    by_type = {FORMATS[extension]: extension for extension in offered}
    for form in GRAPHS:
        if form.name in offered:
            by_type |= {media: form.name for media in form.media_types if media not in by_type}
    found = best_media_type(by_type)
    if found and by_type[found] in WITH_GRAPHS:
        triples = [media for media, name in by_type.items() if name in RDF and name not in WITH_GRAPHS]
        named = MIMEAccept([each for each in _plain(request.accept_mimetypes) if "*" not in each[0]])
        found = named.best_match(triples) or found
    return by_type[found] if found else None


def best_media_type(offered: Iterable[str]) -> str | None:
    """Return the media type that the client prefers, the first by default, None if it accepts none."""
    header, known = request.headers.get("Accept", ""), tuple(offered)
    return _best(header, known) if request.accept_mimetypes else known[0]


@lru_cache(maxsize=256)
def _best(header: str, offered: tuple[str, ...]) -> str | None:
    """Return the best media type for an Accept header, which clients send again and again."""
    return MIMEAccept(_plain(parse_accept_header(header, MIMEAccept))).best_match(offered)


def _plain(accepted: MIMEAccept) -> list[tuple[str, float]]:
    """Return accepted media types without parameters such as `charset=utf-8`: each type has one form."""
    return [(media.partition(";")[0].strip(), quality) for media, quality in accepted]


def requested_extension(extension: str) -> str:
    """Return the extension, HTML or RDF, by address, else by Accept; 404 if unknown, 406 if none is accepted."""
    offered = ("html", *RDF)
    if extension and extension not in offered:
        abort(404, description=", ".join(offered))
    chosen = extension or accepted_extension(offered)
    if chosen is None:
        abort(406, description=", ".join(FORMATS[found] for found in offered))
    return chosen


def vary_by_accept(response: Response) -> Response:
    """Add `Vary: Accept`."""
    response.vary.add("Accept")
    return response


def split_extension(path: str, offered: Iterable[str]) -> tuple[str, str]:
    """Split a path into stem and extension, which is empty unless offered."""
    stem, dot, extension = path.rpartition(".")
    return (stem, extension) if dot and stem and extension in offered else (path, "")


def answer(content: str | bytes, extension: str, filename: str = "") -> Response:
    """Return a response in the media type of an extension; a file name makes it a download.

    CSV can be had in ranges, as readers of data frames ask for it.
    """
    kind = FORMATS[extension]
    response = current_app.response_class(content, mimetype=kind)
    if kind.startswith("text/"):
        response.headers["Content-Type"] = f"{kind}; charset=utf-8"
    if filename:
        response.headers["Content-Disposition"] = f'attachment; filename="{filename}"'
    return spooled(with_etag(response)) if extension == "csv" else response


def as_csv(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Serialize rows as CSV; formulas are escaped."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows(map(escape_formulas, rows))
    return stream.getvalue()


def as_json(content: Mapping[str, object]) -> str:
    """Serialize as JSON without escaping Chinese characters."""
    return current_app.json.dumps(content, indent=1, sort_keys=False)
