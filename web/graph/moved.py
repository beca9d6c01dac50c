"""Redirect addresses and terms of earlier releases, by `ontology/deprecated.ttl`."""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from urllib.parse import quote, urlencode

from flask import Flask, Response, current_app, redirect, request

from kg.vocab import BASE
from web.graph.labels import graph
from web.graph.queries import Graph, prefixed, value

PATHS = (
    *(("page/", "id/"), ("data/", "id/"), ("neighbourhood/", "id/")),
    *(("downloads/graphs/", "graph/"), ("downloads/ontology/", "")),
)
"""Path prefix of an address to the prefix of the IRI it shows, after `BASE`."""
RENAMED_SORT_COLUMNS = {"plate": "designation", "plates": "designations"}
"""Former names of columns in `?sort=`."""

NEVER_MOVED = ("monitoring", "sparql")
"""Blueprints whose addresses are no deprecated ones; at /sparql, `?sort=` names a variable of the query."""


def init_app(app: Flask) -> None:
    """Redirect (301) deprecated addresses before other handlers."""

    @app.before_request
    def _moved() -> Response | None:
        if request.method not in ("GET", "HEAD") or request.endpoint == "static" or request.blueprint in NEVER_MOVED:
            return None
        base = f"{current_app.extensions['guapai'].prefix}/"
        new = moved(deprecated(graph()), request.path.removeprefix(base))
        if new is None and not _sorted_by() & RENAMED_SORT_COLUMNS.keys():
            return None
        address = quote(request.path if new is None else base + new)
        query = urlencode([(name, _renamed(name, text)) for name, text in request.args.items(multi=True)])
        return redirect(f"{address}?{query}" if query else address, 301)  # type: ignore[return-value]


def deprecated(found: Graph) -> Mapping[str, str]:
    """Return the deprecated IRIs of a release with their replacements."""
    return found.cached(
        "deprecated", lambda: {value(row, "old"): value(row, "new") for row in found.rows("graph/deprecated")}
    )


def moved(known: Mapping[str, str], path: str) -> str | None:
    """Return the new path of a deprecated address, else None.

    Args:
        known: deprecated IRI to its replacement.
        path: path after the prefix of the site, such as `ns/Place.ttl`.
    """
    for prefix, beginning in (("", ""), *PATHS):
        if path.startswith(prefix):
            new = replaced(known, BASE + beginning + path.removeprefix(prefix))
            if new:
                return prefix + new.removeprefix(BASE + beginning)
    return None


def terms_in(known: Mapping[str, str], query: str) -> Iterator[tuple[str, str]]:
    """Yield the deprecated IRIs used in a query, in full or prefixed, with their replacements."""
    patterns = _patterns(tuple(known))
    if patterns[0].search(query):
        yield from (
            (old, new) for (old, new), one in zip(known.items(), patterns[1:], strict=True) if one.search(query)
        )


@lru_cache(maxsize=8)
def _patterns(iris: tuple[str, ...]) -> tuple[re.Pattern[str], ...]:
    """Return the patterns of a use of any of some IRIs, and of each of them."""
    one = [rf"<{re.escape(iri)}>|(?<![\w:/-]){re.escape(prefixed(iri))}(?![\w/-])" for iri in iris]
    return re.compile("|".join(one) or "(?!)"), *map(re.compile, one)


def replaced(known: Mapping[str, str], iri: str) -> str | None:
    """Return the replacement of an IRI, also with an extension or below a deprecated prefix."""
    stem, dot, extension = iri.rpartition(".")
    for old, new in known.items():
        if old == iri:
            return new
        if old == stem:
            return new + dot + extension
        if old.endswith("/") and iri.startswith(old):
            return new + iri.removeprefix(old)
    return None


def _sorted_by() -> set[str]:
    return {column.removeprefix("-") for column in request.args.getlist("sort")}


def _renamed(name: str, text: str) -> str:
    """Return a query parameter with a renamed sort column replaced."""
    column = text.removeprefix("-")
    return (
        text.replace(column, RENAMED_SORT_COLUMNS[column])
        if name == "sort" and column in RENAMED_SORT_COLUMNS
        else text
    )
