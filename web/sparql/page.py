"""The page of a visitor's query: the form, and the answer as pictures and as a table that is paged and sorted."""

import time
from functools import cache
from http import HTTPStatus
from pathlib import Path
from typing import Any

from flask import Response, abort, current_app, render_template, request, url_for

from kg.errors import QueryError, StoreError
from kg.sandbox import Part
from kg.store.formats import MAX_SORTED_ROWS, Solutions, Span, formats_of
from kg.store.questions import Question, questions, with_prefixes
from kg.vocab import PREFIXES
from web.html import assets
from web.middleware.monitoring import note
from web.sparql import editor
from web.sparql.presence import Presence
from web.sparql.runner import VOLATILE, dataset, pool, status_of

HTML = "text/html"


def page(query: str) -> Response:
    """Show form and answer; only the page is shortened, and it says so and links to the whole."""
    context: dict[str, Any] = {"solutions": None, "truth": None, "error": "", "line": None, "column": None}
    status: int = HTTPStatus.OK
    if query:
        try:
            context |= _answered(query)
            note("ok")
        except QueryError as error:
            context |= {"error": str(error), "line": error.line, "column": error.column}
            status = status_of(error)
        except StoreError as error:
            context["error"], status = str(error), status_of(error)
    examples = _examples(current_app.extensions["guapai"].release.questions)
    context |= {
        "queries": {question.key: with_prefixes(question.query) for question in examples},
        "libraries": assets.libraries(),
        "longest": editor.LONGEST_ADDRESS,
        "longest_text": editor.LONGEST_TEXT,
        "most_sorted": MAX_SORTED_ROWS,
        "prefixes": PREFIXES,
        "graphs": _graphs(),
    }
    seconds = f"{pool().limits.seconds:g}"
    shown = render_template("sparql/sparql.html", query=query, examples=examples, seconds=seconds, **context)
    response = Response(shown, status=status, content_type=f"{HTML}; charset=utf-8")
    response.headers["Cache-Control"] = "no-cache"
    return response


def _answered(query: str) -> dict[str, Any]:
    """Return what the page says of an answer; 404 for a page that it has not."""
    number, sort = request.values.get("page", 1, int), request.values.get("sort", "")
    first = (number - 1) * editor.TABLE_ROWS
    if not 0 <= first < pool().limits.rows:
        abort(404, description=f"page={number}")
    began = time.monotonic()
    with Presence(request.environ) as presence:
        part = pool().page(query, Span(editor.ROWS, first, sort), dataset(), presence.watch)
    took = time.monotonic() - began
    kept: dict[str, Any] = {"query": query, **_graphs()}
    formats = {form.name: url_for("sparql.sparql", format=form.name, **kept) for form in formats_of(part.kind)}
    said = {"truth": part.found} if isinstance(part.found, bool) else _shown(query, part, part.found, first)
    return {"took": took, "formats": formats, **said}


def _shown(query: str, part: Part, found: Solutions, first: int) -> dict[str, Any]:
    if first and not found.rows:
        abort(404, description=f"page={first // editor.TABLE_ROWS + 1}")
    sort = request.values.get("sort", "")
    return {
        **editor.shown(found, first, more=part.more),
        "last_page": pool().limits.rows // editor.TABLE_ROWS,
        "sort": part.sort,
        "unsorted": sort if sort.removeprefix("-") in found.variables and not part.sort else "",
        "volatile": bool(VOLATILE.search(query)),
    }


def _graphs() -> dict[str, list[str]]:
    """Return the parameters that name the graphs of the query."""
    named = ("default-graph-uri", "named-graph-uri")
    return {parameter: found for parameter in named if (found := request.values.getlist(parameter))}


@cache
def _examples(folder: Path) -> list[Question]:
    return questions(folder)
