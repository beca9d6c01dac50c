"""Error responses: an HTML page, plain text or problem JSON (RFC 9457)."""

import errno
import logging
import time
from collections.abc import Iterable
from http import HTTPStatus
from urllib.parse import quote

from flask import Flask, Response, current_app, make_response, render_template, request
from werkzeug.exceptions import HTTPException

from kg.errors import REMEDY, GuapaiError, ReleaseError, StoreError
from kg.release import Release, checksums
from kg.store import EmbeddedStore
from web.http.language import LANGUAGES, language
from web.http.language import gettext as _
from web.http.responses import FORMATS, as_json, best_media_type, vary_by_accept

HTML, PLAIN, PROBLEM = "text/html", "text/plain", "application/problem+json"
JSON = (PROBLEM, FORMATS["json"], FORMATS["jsonld"])
MACHINE_TYPES = (*JSON, PLAIN, *(kind for kind in FORMATS.values() if kind not in (HTML, *JSON)))
NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
FAILURE = "guapai_failure"
"""Extension of the application: time (monotonic) and sentence of the last answer that the release could not give."""
FAILURE_SECONDS = 60.0
"""Time for which such an answer counts against readiness: a fault that lasts is met again by other readers."""
DATA_EXTENSIONS = tuple(f".{extension}" for extension in FORMATS if extension != "html")
DATA_ENDS, DATA_PARTS = ("/reconcile", "/suggest", "/health"), ("/data/", "/reconcile/")
"""Ends and parts of paths at which only programs ask, whatever extension they have."""


def init_app(app: Flask) -> None:
    """Register the error handlers."""
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(StoreError, _store_error)
    app.register_error_handler(ReleaseError, _release_error)
    app.register_error_handler(OSError, _file_error)
    app.register_error_handler(Exception, _unexpected_error)


def recent_failure(app: Flask) -> str:
    """Return why the release could not give an answer within the last minute, empty if it could."""
    then, sentence = app.extensions.get(FAILURE, (0.0, ""))
    return sentence if sentence and time.monotonic() - then < FAILURE_SECONDS else ""


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
    elif request.path.endswith((*DATA_EXTENSIONS, *DATA_ENDS)) or any(part in request.path for part in DATA_PARTS):
        offered = (*MACHINE_TYPES, HTML)
    else:
        offered = (HTML, *MACHINE_TYPES)
    best = best_media_type(offered)
    return HTML if best == HTML else PROBLEM if best in JSON else PLAIN


def _http_error(error: HTTPException) -> Response | HTTPException:
    if error.response is not None or error.code is None or error.code < 400:
        return error
    known = {
        404: (_("Nothing here"), _("There has never been a page at this address.")),
        405: (_("Not in this way"), _("This address accepts other methods only.")),
        406: (_("Not in this form"), _("This address offers none of the formats requested.")),
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
    if isinstance(current_app.extensions["guapai"].store, EmbeddedStore):
        _remember(error)
    return _error_page(503, _("Not at the moment"), _("The store of the graph does not answer."), code=error.code)


def _release_error(error: ReleaseError) -> Response:
    _remember(error)
    return _error_page(503, _("Not at the moment"), _("A file of the release is damaged."), code=error.code)


def _file_error(error: OSError) -> Response:
    """Answer where the disk is full."""
    if error.errno in NO_ROOM:
        logging.getLogger("guapai").warning("no answer to %s: no room in the folder for temporary files", request.path)
        return _error_page(503, _("Not at the moment"), _("The server has no room for temporary files."))
    return _unexpected_error(error)


def _unexpected_error(error: Exception) -> Response:
    """Answer where the release is damaged, which may raise any error in who reads it; else it is a fault of ours."""
    release: Release = current_app.extensions["guapai"].release
    found = next(checksums.faults(release.path, release.manifest, whole=False), None)
    if found is None:
        raise error
    return _release_error(ReleaseError(f"{found}; {REMEDY}"))


def _remember(error: GuapaiError) -> None:
    logging.getLogger("guapai").warning("no answer to %s: %s", request.path, error)
    current_app.extensions[FAILURE] = time.monotonic(), str(error)


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
