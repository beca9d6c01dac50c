"""Answers to what cannot be answered: a page that says why and where to go, or a sentence or a problem for programs."""

from collections.abc import Iterable
from http import HTTPStatus
from urllib.parse import quote

from flask import Flask, Response, make_response, render_template, request
from werkzeug.exceptions import HTTPException

from kg.errors import StoreError
from web.http.language import LANGUAGES, language
from web.http.language import gettext as _
from web.http.responses import FORMATS, as_json, liked, varying

HTML, PLAIN, PROBLEM = "text/html", "text/plain", "application/problem+json"
JSON = (PROBLEM, FORMATS["json"], FORMATS["jsonld"])
MACHINES = (*JSON, PLAIN, *(kind for kind in FORMATS.values() if kind not in (HTML, *JSON)))
DATA = tuple(f".{ending}" for ending in FORMATS if ending != "html")


def explain(app: Flask) -> None:
    """Let errors of an application be pages, or what programs read; what HTTP says of them stays."""
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(StoreError, _store)


def told(status: int, sentence: str, **members: object) -> Response | None:
    """Return an error for a program; None where the client would rather have a page.

    Args:
        status: of HTTP.
        sentence: what is wrong, in the reader's language; several if need be.
        members: what a problem says besides (RFC 9457, section 3.2).
    """
    form = _form()
    if form == HTML:
        return None
    if form == PROBLEM:
        query = f"?{request.query_string.decode(errors='replace')}" if request.query_string else ""
        problem = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": sentence}
        response = Response(as_json({**problem, "instance": quote(request.path) + query, **members}), mimetype=PROBLEM)
    else:
        response = Response(sentence + "\n", content_type=f"{PLAIN}; charset=utf-8")
    response.status_code = status
    response.content_language.add(LANGUAGES[language()])
    return varying(response)


def _form() -> str:
    """Return the media type of an error: a page where the client names HTML, or names nothing and asks for no data."""
    if request.path.endswith("/sparql"):
        offered: tuple[str, ...] = (PLAIN, *MACHINES, HTML)
    elif request.path.endswith(DATA) or "/data/" in request.path:
        offered = (*MACHINES, HTML)
    else:
        offered = (HTML, *MACHINES)
    best = liked(offered)
    return HTML if best == HTML else PROBLEM if best in JSON else PLAIN


def _http(error: HTTPException) -> Response | HTTPException:
    if error.response is not None or error.code is None or error.code < 400:
        return error
    known = {
        404: (_("Nothing is known here"), _("No page and no thing ever stood at this address.")),
        405: (_("Not in this way"), _("This address answers to other methods only.")),
        406: (_("Not in this form"), _("This address cannot answer in any form that was asked for.")),
        503: (_("Not at the moment"), _("This part of the site is not running.")),
    }
    default = (_("This did not work"), _("The request could not be answered."))
    title, sentence = known.get(error.code, default)
    kept = [
        (name, text) for name, text in error.get_headers() if name.lower() not in ("content-type", "content-length")
    ]
    detail = error.description if error.description != type(error).description else ""
    return _answer(error.code, title, sentence, detail or "", kept)


def unreadable(_error: Exception) -> Response:
    """Answer to a request whose body is not what its head says it is."""
    return _answer(400, _("This did not work"), _("The request could not be answered."))


def _store(error: StoreError) -> Response:
    return _answer(503, _("Not at the moment"), _("The store of the graph does not answer."), code=error.code)


def _answer(
    status: int,
    title: str,
    sentence: str,
    detail: str = "",
    headers: Iterable[tuple[str, str]] = (),
    **members: object,
) -> Response:
    response = told(status, f"{sentence} {detail}".rstrip(), **members)
    if response is None:
        page = render_template("fragments/error.html", title=title, sentence=sentence, detail=detail, code=status)
        response = varying(make_response(page, status))
    response.headers.extend(headers)
    return response
