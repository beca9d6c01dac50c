"""Addresses and terms of earlier releases: each leads to what took its place, as `ontology/deprecated.ttl` says."""

import re
from collections.abc import Iterator, Mapping
from urllib.parse import quote, urlencode

from flask import Flask, Response, current_app, redirect, request

from kg.vocab import BASE
from web.graph.labels import graph
from web.graph.queries import Graph, prefixed, value

PATHS = (
    *(("page/", "id/"), ("data/", "id/"), ("neighbourhood/", "id/")),
    *(("downloads/graphs/", "graph/"), ("downloads/ontology/", "")),
)
"""How addresses begin that show or give something, and how the IRI of that thing begins, after `BASE`."""
RENAMED_SORT_COLUMNS = {"plate": "designation", "plates": "designations"}
"""Columns by which lists were sorted under another name."""


def init_app(app: Flask) -> None:
    """Redirect (301) the old addresses of an application before anything else answers."""

    @app.before_request
    def _moved() -> Response | None:
        if request.method not in ("GET", "HEAD") or request.endpoint == "static":
            return None
        base = f"{current_app.extensions['guapai'].prefix}/"
        new = moved(deprecated(graph()), request.path.removeprefix(base))
        if new is None and not _sorted_by() & RENAMED_SORT_COLUMNS.keys():
            return None
        address = quote(request.path if new is None else base + new)
        query = urlencode([(name, _renamed(name, text)) for name, text in request.args.items(multi=True)])
        return redirect(f"{address}?{query}" if query else address, 301)  # type: ignore[return-value]


def deprecated(found: Graph) -> Mapping[str, str]:
    """Return the deprecated IRIs of a release, each with the one that took its place."""
    return found.cached(
        "deprecated", lambda: {value(row, "old"): value(row, "new") for row in found.rows("graph/deprecated")}
    )


def moved(known: Mapping[str, str], path: str) -> str | None:
    """Return where something stands now; None where it stays.

    Args:
        known: deprecated IRI to the one that took its place.
        path: what follows the site's own beginning in an address, such as `ns/Place.ttl`.
    """
    for prefix, beginning in (("", ""), *PATHS):
        if path.startswith(prefix):
            new = _replaced(known, BASE + beginning + path.removeprefix(prefix))
            if new:
                return prefix + new.removeprefix(BASE + beginning)
    return None


def terms_in(known: Mapping[str, str], query: str) -> Iterator[tuple[str, str]]:
    """Yield the deprecated IRIs that a query names in full or by the usual prefix, each with what took its place."""
    for old, new in known.items():
        short = re.escape(prefixed(old))
        if f"<{old}>" in query or re.search(rf"(?<![\w:/-]){short}(?![\w/-])", query):
            yield old, new


def _replaced(known: Mapping[str, str], iri: str) -> str | None:
    """Return what took the place of an IRI, of the one before its ending, or of one that it begins with."""
    stem, dot, ending = iri.rpartition(".")
    for old, new in known.items():
        if old == iri:
            return new
        if old == stem:
            return new + dot + ending
        if old.endswith("/") and iri.startswith(old):
            return new + iri.removeprefix(old)
    return None


def _sorted_by() -> set[str]:
    return {column.removeprefix("-") for column in request.args.getlist("sort")}


def _renamed(name: str, text: str) -> str:
    """Return a value of the query string, where it is a column to sort by under its new name."""
    column = text.removeprefix("-")
    return (
        text.replace(column, RENAMED_SORT_COLUMNS[column])
        if name == "sort" and column in RENAMED_SORT_COLUMNS
        else text
    )
