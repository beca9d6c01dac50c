"""The SPARQL page: form, results as table and pictures, completion terms for the editor."""

import json
import time
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from http import HTTPStatus
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, abort, current_app, render_template, request, url_for

from kg.charts.maps import HEIGHT, WIDTH, Ground
from kg.errors import QueryError, StoreError
from kg.sandbox import Part
from kg.store.departures import DEPARTURES
from kg.store.formats import MAX_SORTED_ROWS, Literal, NamedNode, Solutions, Span, Term, formats_of
from kg.store.names import is_iri
from kg.store.questions import Question, questions, with_prefixes
from kg.vocab import BASE, PREFIXES, TERMS
from web.charts import query_results
from web.charts.query_results import BAR, GRAPH, MAP, TABLE, ground
from web.graph.labels import graph, name
from web.graph.queries import Graph, expanded, prefixed, value
from web.html import assets
from web.http.responses import answer, as_json
from web.middleware.monitoring import record_outcome
from web.sparql.notes import MAX_NAMES, Note, names_notes, notes_on
from web.sparql.runner import VOLATILE, ClientWatch, dataset, pool, status_of

blueprint = Blueprint("sparql_page", __name__)

HTML = "text/html"
MAX_PICTURE_ROWS, PAGE_SIZE = 5000, 1000
"""Rows in a picture, and on a page of the table; the protocol never truncates."""
MAX_TEXT_CHARS = 2000
"""Characters of a text on the page; browsers cannot show a thousand longer ones."""
MAX_ADDRESS_CHARS = 3500
"""Length of an address that all servers accept (gunicorn refuses request lines above 4094 bytes)."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A result as a picture.

    chosen: one of `offered`, the pictures possible for the result; numbers: variables for the length of bars or size of
    circles, by: the one in use, empty for the number of rows; bars, spots, network: data of the picture, see
    `web.charts.query_results`; left_out: rows or edges not drawn.
    """

    chosen: str
    offered: tuple[str, ...]
    numbers: tuple[str, ...] = ()
    by: str = ""
    bars: tuple[query_results.Bar, ...] = ()
    spots: tuple[query_results.Spot, ...] = ()
    network: str = ""
    left_out: int = 0

    @property
    def ground(self) -> Ground:
        """The base map."""
        return ground(graph())

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the map in SVG units."""
        return WIDTH, HEIGHT


OPENING = f"""PREFIX gp: <{TERMS}>

SELECT ?programme (COUNT(*) AS ?designations) WHERE {{
  ?designation gp:underProgramme ?programme
}}
GROUP BY ?programme ORDER BY DESC(?designations) LIMIT 10
"""
"""What stands in the box before anything is asked: it runs, and it is short."""


def page(query: str) -> Response:
    """Render the form and the result; only the page truncates, says so and links to the whole result."""
    context: dict[str, Any] = {"solutions": None, "truth": None, "error": "", "line": None, "column": None}
    status: int = HTTPStatus.OK
    if query:
        try:
            context |= _run(query)
            record_outcome("ok")
        except QueryError as error:
            context |= {"error": str(error), "line": error.line, "column": error.column}
            status = status_of(error)
        except StoreError as error:
            context["error"], status = str(error), status_of(error)
    examples = _examples(current_app.extensions["guapai"].release.questions)
    context |= {
        "queries": {question.key: with_prefixes(question.query) for question in examples},
        "libraries": assets.libraries(),
        "longest": MAX_ADDRESS_CHARS,
        "longest_text": MAX_TEXT_CHARS,
        "most_sorted": MAX_SORTED_ROWS,
        "prefixes": PREFIXES,
        "opening": OPENING,
        "graphs": _graphs(),
    }
    seconds = f"{pool().limits.seconds:g}"
    result_context = render_template("sparql/sparql.html", query=query, examples=examples, seconds=seconds, **context)
    response = Response(result_context, status=status, content_type=f"{HTML}; charset=utf-8")
    response.headers["Cache-Control"] = "no-cache"
    return response


def _run(query: str) -> dict[str, Any]:
    """Run a query and return the context of its result; 404 for a page out of range."""
    number, sort = request.values.get("page", 1, int), request.values.get("sort", "")
    first = (number - 1) * PAGE_SIZE
    if not 0 <= first < pool().limits.rows:
        abort(404, description=f"page={number}")
    began = time.monotonic()
    with ClientWatch(request.environ) as client:
        part = pool().page(query, Span(MAX_PICTURE_ROWS, first, sort), dataset(), client.watch, request.base_url)
    seconds_taken = time.monotonic() - began
    parameters: dict[str, Any] = {"query": query, **_graphs()}
    formats = {form.name: url_for("sparql.sparql", format=form.name, **parameters) for form in formats_of(part.kind)}
    result = {"truth": part.found} if isinstance(part.found, bool) else _rows_context(query, part, part.found, first)
    remarks = notes_on(query, request.base_url, graphs=dataset() is not None)
    return {"took": seconds_taken, "formats": formats, "notes": remarks, **result}


def _rows_context(query: str, part: Part, found: Solutions, first: int) -> dict[str, Any]:
    if first and not found.rows:
        abort(404, description=f"page={first // PAGE_SIZE + 1}")
    sort = request.values.get("sort", "")
    return {
        **result_context(found, first, more=part.more),
        "last_page": pool().limits.rows // PAGE_SIZE,
        "sort": part.sort,
        "unsorted": sort if sort.removeprefix("-") in found.variables and not part.sort else "",
        "volatile": bool(VOLATILE.search(query)),
    }


def _graphs() -> dict[str, list[str]]:
    """Return the query parameters that name graphs."""
    named = ("default-graph-uri", "named-graph-uri")
    found = {parameter: list(filter(None, request.values.getlist(parameter))) for parameter in named}
    return {parameter: graphs for parameter, graphs in found.items() if graphs}


@cache
def _examples(folder: Path) -> list[Question]:
    return questions(folder)


def picture(solutions: Solutions, first: int = 0) -> Picture:
    """Return the requested picture of a result; a table if it is not possible, or for further pages."""
    offered = tuple(query_results.drawable(solutions, ground(graph())))
    asked = TABLE if first else request.values.get("picture", TABLE)
    chosen = asked if asked in offered else TABLE
    numbers = tuple(query_results.numbers(solutions))
    by = request.values.get("by", "")
    by = by if by in numbers else next(iter(numbers), "")
    if chosen == BAR:
        bars = tuple(query_results.bars(solutions, by))
        return Picture(chosen, offered, numbers, by, bars=bars, left_out=len(solutions.rows) - len(bars))
    if chosen == MAP:
        spots, left_out = query_results.spots(solutions, by, ground(graph()))
        return Picture(chosen, offered, numbers, by, spots=tuple(spots), left_out=left_out)
    if chosen == GRAPH:
        drawn, left_out = query_results.network(solutions)
        return Picture(chosen, offered, network=json.dumps(drawn, ensure_ascii=False), left_out=left_out)
    return Picture(chosen, offered)


def result_context(found: Solutions, first: int, *, more: bool) -> dict[str, object]:
    """Return the template context of rows: picture and a page of the table.

    Args:
        found: at most MAX_PICTURE_ROWS rows of the result.
        first: number of rows before these.
        more: whether there are rows after these.
    """
    rows = tuple(tuple(_shortened(term) for term in row) for row in found.rows)
    count = first + len(rows)
    return {
        "solutions": Solutions(found.variables, rows[:PAGE_SIZE]),
        "first": first,
        "page": first // PAGE_SIZE + 1,
        "pages": max(-(-count // PAGE_SIZE), 1),
        "shortened": rows != tuple(found.rows),
        "more": more,
        "count": count,
        "picture": picture(Solutions(found.variables, rows), first),
    }


def _shortened(term: Term | None) -> Term | None:
    """Truncate a long text."""
    if isinstance(term, Literal) and len(term.value) > MAX_TEXT_CHARS:
        return Literal(term.value[:MAX_TEXT_CHARS] + "…")
    return term


@blueprint.get("/sparql/notes")
def notes() -> str:
    """Show the notes on an answer, by the names and forms of its query; without any, all forms."""
    terms = [term for term in request.args.getlist("term")[:MAX_NAMES] if term.startswith(BASE) and is_iri(term)]
    forms = [form for form in request.args.getlist("form") if form in DEPARTURES]
    found = [*names_notes(terms), *map(Note, dict.fromkeys(forms))]
    return render_template("sparql/notes.html", notes=found, forms=[Note(form) for form in DEPARTURES])


@blueprint.get("/sparql/words.json")
def words() -> Response:
    """Return the terms of the vocabulary and the project's prefixes, for completion in the editor."""
    found = graph().cached("words of the editor", lambda: list(_words(graph())))
    kinds = {kind: name(str(expanded(kind))).text for kind in dict.fromkeys(kind for _, kind, _, _ in found) if kind}
    return answer(as_json({"prefixes": PREFIXES, "kinds": kinds, "words": found}), "json")


def _words(vocabulary: Graph) -> Iterable[tuple[str, str, str, str]]:
    """Yield completion terms: as written in a query, class or scheme, Chinese and English label."""
    for row in vocabulary.rows("vocabulary/terms"):
        iri = value(row, "term")
        yield prefixed(iri), prefixed(value(row, "kind")), *_names(vocabulary, iri)
    for term in vocabulary.display.foreign:
        yield prefixed(term), "", "", ""
    for scheme in vocabulary.rows("vocabulary/schemes"):
        iri = value(scheme, "scheme")
        for row in vocabulary.rows("vocabulary/scheme_concepts", scheme=NamedNode(iri)):
            concept = value(row, "concept")
            yield f"<{concept}>", prefixed(iri), *_names(vocabulary, concept)
    for kind in ("gp:Programme", "gp:Authority"):
        for row in vocabulary.rows("vocabulary/instances", type=NamedNode(str(expanded(kind)))):
            thing = value(row, "thing")
            yield f"<{thing}>", kind, *_names(vocabulary, thing)


def _names(vocabulary: Graph, iri: str) -> tuple[str, str]:
    labels = vocabulary.labels(iri)
    return labels.get("zh", ""), labels.get("en", "")
