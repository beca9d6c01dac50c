"""Error responses: an HTML page, plain text or problem JSON (RFC 9457)."""

from collections.abc import Iterable
from http import HTTPStatus
from urllib.parse import quote

from flask import Flask, Response, make_response, render_template, request
from werkzeug.exceptions import HTTPException

from kg.errors import StoreError
from web.http.language import LANGUAGES, language
from web.http.language import gettext as _
from web.http.responses import FORMATS, as_json, best_media_type, vary_by_accept

HTML, PLAIN, PROBLEM = "text/html", "text/plain", "application/problem+json"
JSON = (PROBLEM, FORMATS["json"], FORMATS["jsonld"])
MACHINE_TYPES = (*JSON, PLAIN, *(kind for kind in FORMATS.values() if kind not in (HTML, *JSON)))
DATA_EXTENSIONS = tuple(f".{extension}" for extension in FORMATS if extension != "html")


def init_app(app: Flask) -> None:
    """Register the error handlers."""
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(StoreError, _store_error)


def error_response(status: int, sentence: str, **members: object) -> Response | None:
    """Return an error for a program; None if the client prefers HTML.

    Args:
        status: HTTP status code.
        sentence: description in the reader's language.
        members: additional members of the problem (RFC 9457, section 3.2).
    """
    media_type = _media_type()
    if media_type == HTML:
        return None
    if media_type == PROBLEM:
        query = f"?{request.query_string.decode(errors='replace')}" if request.query_string else ""
        problem = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": sentence}
        response = Response(as_json({**problem, "instance": quote(request.path) + query, **members}), mimetype=PROBLEM)
    else:
        response = Response(sentence + "\n", content_type=f"{PLAIN}; charset=utf-8")
    response.status_code = status
    response.content_language.add(LANGUAGES[language()])
    return vary_by_accept(response)


def _media_type() -> str:
    """Return the media type of an error: HTML if the client accepts it, or has no preference and requests no data."""
    if request.path.endswith("/sparql"):
        offered: tuple[str, ...] = (PLAIN, *MACHINE_TYPES, HTML)
    elif request.path.endswith((*DATA_EXTENSIONS, "/reconcile")) or "/data/" in request.path:
        offered = (*MACHINE_TYPES, HTML)
    else:
        offered = (HTML, *MACHINE_TYPES)
    best = best_media_type(offered)
    return HTML if best == HTML else PROBLEM if best in JSON else PLAIN


def _http_error(error: HTTPException) -> Response | HTTPException:
    if error.response is not None or error.code is None or error.code < 400:
        return error
    known = {
        404: (_("Nothing here"), _("No page and no thing ever stood at this address.")),
        405: (_("Not in this way"), _("This address answers to other methods only.")),
        406: (_("Not in this form"), _("This address cannot answer in any form that was asked for.")),
        503: (_("Not at the moment"), _("This part of the site is not running.")),
    }
    default = (_("This did not work"), _("The request could not be answered."))
    title, sentence = known.get(error.code, default)
    headers = [
        (name, text) for name, text in error.get_headers() if name.lower() not in ("content-type", "content-length")
    ]
    detail = error.description if error.description != type(error).description else ""
    return _error_page(error.code, title, sentence, detail or "", headers)


def unreadable_request(_error: Exception) -> Response:
    """Answer a request whose body does not match its headers."""
    return _error_page(400, _("This did not work"), _("The request could not be answered."))


def _store_error(error: StoreError) -> Response:
    return _error_page(503, _("Not at the moment"), _("The store of the graph does not answer."), code=error.code)


def _error_page(
    status: int,
    title: str,
    sentence: str,
    detail: str = "",
    headers: Iterable[tuple[str, str]] = (),
    **members: object,
) -> Response:
    response = error_response(status, f"{sentence} {detail}".rstrip(), **members)
    if response is None:
        page = render_template("fragments/error.html", title=title, sentence=sentence, detail=detail, status=status)
        response = vary_by_accept(make_response(page, status))
    response.headers.extend(headers)
    return response
