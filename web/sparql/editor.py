"""What the SPARQL page needs besides answers: libraries of the browser, words to complete from, the chosen picture."""

import json
from collections.abc import Iterable
from dataclasses import dataclass

from flask import Blueprint, Response, request

from kg.store.formats import Literal, NamedNode, Solutions, Term
from kg.vocab import PREFIXES
from web.charts import query_results
from web.charts.maps import HEIGHT, WIDTH, Ground, ground
from web.charts.query_results import BAR, GRAPH, MAP, TABLE
from web.graph.labels import FOREIGN, graph, name
from web.graph.queries import Graph, expanded, prefixed, value
from web.http.responses import answer, as_json

blueprint = Blueprint("editor", __name__)

ROWS, TABLE_ROWS = 5000, 1000
"""Rows of an answer that a picture and a page of its table take; the protocol never shortens an answer."""
LONGEST_TEXT = 2000
"""Characters of a text on the page; more, a thousand times, no browser would show."""
LONGEST_ADDRESS = 3500
"""Characters of an address that every server on the way takes (gunicorn refuses a request line over 4094)."""


@dataclass(frozen=True, slots=True)
class Picture:
    """An answer as it is drawn.

    chosen: one of `offered`, the pictures that it can be drawn as; numbers: variables that a bar or circle can show,
    by: the one that it shows, empty for the count of rows; bars, spots, network: what is drawn, as
    `web.charts.query_results` gives it; left_out: rows or edges that are not drawn.
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
        """What the map lies on."""
        return ground(graph())

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the map, in units of the picture."""
        return WIDTH, HEIGHT


def picture(solutions: Solutions, first: int = 0) -> Picture:
    """Draw an answer as the address asks; as a table where it cannot be drawn so, or where it is a further page."""
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


def shown(found: Solutions, first: int, *, more: bool) -> dict[str, object]:
    """Return what the page shows of rows: their picture, and a page of them as a table.

    Args:
        found: rows of an answer, at most ROWS.
        first: how many rows of it come before these.
        more: whether others come after these.
    """
    rows = tuple(tuple(_shortened(term) for term in row) for row in found.rows)
    count = first + len(rows)
    return {
        "solutions": Solutions(found.variables, rows[:TABLE_ROWS]),
        "first": first,
        "page": first // TABLE_ROWS + 1,
        "pages": max(-(-count // TABLE_ROWS), 1),
        "shortened": rows != tuple(found.rows),
        "more": more,
        "count": count,
        "picture": picture(Solutions(found.variables, rows), first),
    }


def _shortened(term: Term | None) -> Term | None:
    """Return a term as the page has room for it; a text that is longer than that becomes a plain one."""
    if isinstance(term, Literal) and len(term.value) > LONGEST_TEXT:
        return Literal(term.value[:LONGEST_TEXT] + "…")
    return term


@blueprint.get("/sparql/words.json")
def words() -> Response:
    """Give the words of the data's own vocabulary, and the project's prefixes, for completion while writing."""
    found = graph().cached("words of the editor", lambda: list(_words(graph())))
    kinds = {kind: name(str(expanded(kind))).text for kind in dict.fromkeys(kind for _, kind, _, _ in found) if kind}
    return answer(as_json({"prefixes": PREFIXES, "kinds": kinds, "words": found}), "json")


def _words(known: Graph) -> Iterable[tuple[str, str, str, str]]:
    """Yield every word: as it is written in a query, the class or scheme of it, its names in Chinese and English."""
    for row in known.rows("vocabulary/terms"):
        iri = value(row, "term")
        yield prefixed(iri), prefixed(value(row, "kind")), *_names(known, iri)
    for written in FOREIGN:
        yield written, "", "", ""
    for scheme in known.rows("vocabulary/schemes"):
        iri = value(scheme, "scheme")
        for row in known.rows("vocabulary/scheme_concepts", scheme=NamedNode(iri)):
            concept = value(row, "concept")
            yield f"<{concept}>", prefixed(iri), *_names(known, concept)
    for kind in ("gp:Programme", "gp:Authority"):
        for row in known.rows("vocabulary/instances", type=NamedNode(str(expanded(kind)))):
            thing = value(row, "thing")
            yield f"<{thing}>", kind, *_names(known, thing)


def _names(known: Graph, iri: str) -> tuple[str, str]:
    labels = known.labels(iri)
    return labels.get("zh", ""), labels.get("en", "")
