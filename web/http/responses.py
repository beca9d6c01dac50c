"""What every answer has in common: security headers, ETag and 304, negotiation, and cells that no spreadsheet runs."""

import csv
import hashlib
import io
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from urllib.parse import urlsplit, urlunsplit

from flask import Flask, Response, abort, current_app, request
from werkzeug.datastructures import MIMEAccept

from kg.store.formats import FORMATS as KNOWN
from kg.tables import FORMULAS
from web.http.language import fixed, language

FORMATS = {
    "html": "text/html",
    "ttl": "text/turtle",
    "nt": "application/n-triples",
    "jsonld": "application/ld+json",
    "rdf": "application/rdf+xml",
    "trig": "application/trig",
    "nq": "application/n-quads",
    "csv": "text/csv",
    "json": "application/json",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "parquet": "application/vnd.apache.parquet",
}
"""Ending of an address to the media type of its answer."""
RDF = ("ttl", "jsonld", "rdf", "nt", "nq", "trig")
GRAPHS = tuple(form for form in KNOWN if form.graph)
"""Formats of graphs with every media type by which clients ask for them, as `/sparql` understands them too."""

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "X-Frame-Options": "DENY",
}
SPEAKING = ("text/html", "text/csv", "application/json", FORMATS["xlsx"], FORMATS["parquet"])
"""Media types of answers that speak the reader's language."""
CORS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "ETag, Link, Location, Repr-Digest, Retry-After",
}
"""All our data is public, and no answer hangs on who asks: pages of other sites may read everything but our own pages,
redirects, 304, 404 and 410 included."""
OWN = ("operation",)
"""Blueprints that answer to those who run the site, and to no page of another one."""
PREFLIGHT = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": "GET, HEAD, OPTIONS",
    "Access-Control-Allow-Headers": "Accept, Accept-Language, If-None-Match",
}


def secure(app: Flask, code: str) -> None:
    """Give every answer of an application its headers, and every page that can be read again its ETag."""
    app.extensions["guapai_tag"] = f"{app.extensions['guapai'].release.id}-{code}"

    @app.after_request
    def _finish(response: Response) -> Response:
        given, method, kind = {name.lower() for name, _ in response.headers}, request.method, response.mimetype
        asked = method == "OPTIONS"
        page = response.status_code == 200 and kind == "text/html" and not asked
        more = {} if page or request.blueprint in OWN else PREFLIGHT if asked else CORS
        for name, content in (*HEADERS.items(), *more.items()):
            if name.lower() not in given:
                response.headers.add(name, content)
        if not fixed() and (kind in SPEAKING or "content-language" in given):
            response.vary.add("Accept-Language")
        if "location" in given:
            response.headers["Location"] = inside(response.headers["Location"])
        whole = response.status_code == 200 and not (response.direct_passthrough or response.is_streamed)
        if not whole or method not in ("GET", "HEAD") or "etag" in given or "cache-control" in given:
            return response
        return tagged(response)


def tagged(response: Response) -> Response:
    """Give an answer its ETag, by release, code, language and format; an answer that the client has becomes 304."""
    response.set_etag(_tag(current_app.extensions["guapai_tag"], language(), response.mimetype or ""))
    response.headers["Cache-Control"] = "no-cache"
    if "If-None-Match" in request.headers or "If-Match" in request.headers:
        response.make_conditional(request)
    return response


@lru_cache(maxsize=1000)
def _tag(*parts: str) -> str:
    return hashlib.sha256("-".join(parts).encode()).hexdigest()[:24]


def inside(target: str) -> str:
    """Return the target of a redirect without a host: every one of ours stays here, whatever host the client named."""
    parts = urlsplit(target)
    return urlunsplit(("", "", "/" + parts.path.lstrip("/\\"), parts.query, parts.fragment))


def hashed(*parts: str) -> str:
    """Return the tag of an answer that hangs on the release, the code and these parts."""
    return hashlib.sha256("\0".join((current_app.extensions["guapai_tag"], *parts)).encode()).hexdigest()[:24]


def as_before(tag: str) -> Response | None:
    """Return 304 where the client has the answer with this tag, so that it need not be made; else None."""
    if not tag or request.method not in ("GET", "HEAD") or not request.if_none_match.contains_weak(tag):
        return None
    response = current_app.response_class(status=304)
    response.set_etag(tag, weak=True)
    response.headers["Cache-Control"] = "no-cache"
    return response


def negotiated(offered: Sequence[str]) -> str | None:
    """Return the ending that the client likes best, the first offered where it does not say, None if it likes none."""
    by_type = {FORMATS[ending]: ending for ending in offered}
    for form in GRAPHS:
        if form.name in offered:
            by_type |= {media: form.name for media in form.media_types if media not in by_type}
    found = liked(by_type)
    return by_type[found] if found else None


def liked(offered: Iterable[str]) -> str | None:
    """Return the media type that the client likes best, the first where it does not say, None if it likes none.

    What stands behind a type, such as `charset=utf-8` or `profile=…`, is not compared: each of ours comes in one form,
    and that is better than none.
    """
    if not request.accept_mimetypes:
        return next(iter(offered))
    named = [(media.partition(";")[0].strip(), quality) for media, quality in request.accept_mimetypes]
    return MIMEAccept(named).best_match(offered)


def wanted(ending: str) -> str:
    """Return the ending, page or RDF, by address, else by Accept; 404 for an ending that there is not, else 406."""
    offered = ("html", *RDF)
    if ending and ending not in offered:
        abort(404, description=", ".join(offered))
    chosen = ending or negotiated(offered)
    if chosen is None:
        abort(406, description=", ".join(FORMATS[found] for found in offered))
    return chosen


def varying(response: Response) -> Response:
    """Let caches know that the same address gives a page or data, as the client prefers."""
    response.vary.add("Accept")
    return response


def split(path: str, offered: Iterable[str]) -> tuple[str, str]:
    """Return a path without its ending and the ending, empty where it is none of those offered."""
    stem, dot, ending = path.rpartition(".")
    return (stem, ending) if dot and stem and ending in offered else (path, "")


def answer(content: str | bytes, ending: str, filename: str = "") -> Response:
    """Return an answer in the media type of an ending; with a file name it is saved and not shown."""
    kind = FORMATS[ending]
    response = current_app.response_class(content, mimetype=kind)
    if kind.startswith("text/"):
        response.headers["Content-Type"] = f"{kind}; charset=utf-8"
    if filename:
        response.headers["Content-Disposition"] = f'attachment; filename="{filename}"'
    return response


def as_csv(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Write rows as CSV; a cell that a spreadsheet would run as a formula gets an apostrophe before it."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows(map(defused, rows))
    return stream.getvalue()


def defused(cells: Sequence[object]) -> list[object]:
    """Return cells that no spreadsheet runs: of texts, those that it would get an apostrophe before them."""
    return ["'" + cell if isinstance(cell, str) and cell.startswith(FORMULAS) else cell for cell in cells]


def as_json(content: Mapping[str, object]) -> str:
    """Write JSON with Chinese characters as they are."""
    return current_app.json.dumps(content, indent=1, sort_keys=False)
