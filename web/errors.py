"""Answers to what cannot be answered: a page that says why and where to go, in the reader's language."""

from flask import Flask, render_template
from flask_babel import gettext as _
from werkzeug.exceptions import HTTPException

from kg.errors import StoreError


def explain(app: Flask) -> None:
    """Let errors of an application be pages; what HTTP says of them stays."""
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(StoreError, _store)


def _http(error: HTTPException) -> tuple[str, int, list[tuple[str, str]]] | HTTPException:
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
    return (
        render_template("error.html", title=title, sentence=sentence, detail=detail, code=error.code),
        error.code,
        kept,
    )


def _store(_error: StoreError) -> tuple[str, int]:
    title, sentence = _("Not at the moment"), _("The store of the graph does not answer.")
    return render_template("error.html", title=title, sentence=sentence, detail="", code=503), 503
