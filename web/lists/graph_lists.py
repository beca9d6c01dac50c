"""The lists of things: filtered by address, sorted, paged, and whole as JSON and CSV."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

from flask import Blueprint, Response, abort, make_response, render_template, request

from kg.store import Literal, NamedNode, Term
from web.graph.iris import key_of
from web.graph.labels import graph, name, today
from web.graph.matrix import by_purpose
from web.graph.queries import Graph, collation, value
from web.http.language import language
from web.http.responses import answer, as_csv, as_json
from web.lists import export
from web.lists.filters import Choice
from web.lists.graph_definitions import COLUMNS, LISTINGS, Column, Entry, Listing

blueprint = Blueprint("lists", __name__)

BY_NAME = {listing.name: listing for listing in LISTINGS}
ENDINGS = ("csv", "json", export.ENDING)


def show(listing_name: str, ending: str = "") -> Response:
    """Show a list, or give the whole of it as CSV, JSON or a workbook."""
    listing = BY_NAME[listing_name]
    if ending not in ("", *ENDINGS):
        abort(404, description=", ".join(ENDINGS))
    everything = entries(graph(), listing, today(), language())
    chosen = {name: request.args.get(name, "") for name in listing.filters.split()}
    found = [entry for entry in everything if matches(entry, chosen)]
    if ending == "csv":
        return answer(as_csv(*_table(listing, found)), "csv", f"{listing.name}.csv")
    if ending == "json":
        return answer(as_json(_json(listing, found, chosen)), "json")
    choices = [choice(everything, COLUMNS[name], chosen) for name in chosen]
    if ending == export.ENDING:
        return _workbook(listing, found, choices)
    pages = max(-(-len(found) // listing.length), 1)
    page = request.args.get("page", 1, int)
    if not 1 <= page <= pages:
        abort(404, description=f"1–{pages}")
    kept = {name: key for name, key in chosen.items() if key}
    return make_response(
        render_template(
            "lists/purposes.html" if listing.name == "purposes" else "lists/list.html",
            listing=listing,
            entries=found[(page - 1) * listing.length : page * listing.length],
            total=len(found),
            page=page,
            pages=pages,
            choices=choices,
            formats=export.twins(f".{listing.name}", ENDINGS, kept),
            matrix=by_purpose(graph(), today()) if listing.name == "purposes" else None,
        )
    )


for _listing in LISTINGS:
    _defaults = {"listing_name": _listing.name}
    blueprint.add_url_rule(f"/{_listing.name}", _listing.name, show, defaults=_defaults)
    blueprint.add_url_rule(f"/{_listing.name}.<ending>", _listing.name, show, defaults=_defaults)


def entries(found: Graph, listing: Listing, day: str, asked: str) -> list[Entry]:
    """Return all entries of a list in its order; the order of names depends on the language."""
    return found.cached(("entries", listing.name, day, asked), lambda: _entries(found, listing, day, asked))


def matches(entry: Entry, chosen: Mapping[str, str]) -> bool:
    """Return whether an entry has all chosen keys among its cells."""
    return all(
        not key or any(key_of(str(term.value)) == key for term in entry.cells.get(name, ()))
        for name, key in chosen.items()
    )


def choice(everything: Sequence[Entry], column: Column, chosen: Mapping[str, str]) -> Choice:
    """Return a filter with its options, each with the number of entries that the other filters leave it."""
    others = {name: key for name, key in chosen.items() if name != column.name}
    counts = Counter(
        str(term.value)
        for entry in everything
        if matches(entry, others)
        for term in set(entry.cells.get(column.name, ()))
    )
    options = sorted(((key_of(iri), name(iri), count) for iri, count in counts.items()), key=lambda o: collation(o[1]))
    shown = tuple((key, label.text, count) for key, label, count in options)
    return Choice(column.name, column.title, chosen[column.name], shown)


def _entries(found: Graph, listing: Listing, day: str, asked: str) -> list[Entry]:
    gathered: dict[str, dict[str, dict[Term, None]]] = defaultdict(lambda: defaultdict(dict))
    for row in found.rows(f"lists/{listing.name}"):
        cells = gathered[value(row, "thing")]
        for variable, term in row.items():
            cells[variable].setdefault(term)
    things = [
        Entry(
            iri,
            {
                **{column: tuple(terms) for column, terms in cells.items()},
                **(listing.adding(found, iri, day) if listing.adding else {}),
            },
        )
        for iri, cells in gathered.items()
    ]

    def order(entry: Entry) -> tuple[tuple[object, ...], object]:
        before = tuple(_sort_key(entry.cells.get(column, ()), asked) for column in listing.order.split())
        return before, collation(name(entry.iri, asked))

    return sorted(things, key=order)


def _sort_key(terms: Sequence[Term], asked: str) -> tuple[object, ...]:
    """Return the order of a cell: empty ones last, texts as texts (numbers as numbers), things by name."""
    if not terms:
        return (1,)
    term = terms[0]
    if isinstance(term, Literal):
        return (0, f"{int(term.value):09}") if term.value.isdecimal() and len(term.value) < 5 else (0, term.value)
    return (0, collation(name(term, asked)))


def _table(listing: Listing, found: Sequence[Entry]) -> tuple[list[str], list[list[str]]]:
    """Return a list as columns and rows of text; a column of things is followed by one with their IRIs."""
    columns, rows = [], []
    for column in listing.data_columns:
        columns += [column.name, f"{column.name}_iri"] if column.names_things else [column.name]
    for entry in found:
        cells: list[str] = []
        for column in listing.data_columns:
            terms = _terms(entry, column)
            cells.append(_plain(column, terms))
            if column.names_things:
                cells.append(";".join(str(term.value) for term in terms))
        rows.append(cells)
    return columns, rows


def _workbook(listing: Listing, found: Sequence[Entry], choices: Iterable[Choice]) -> Response:
    """Give a list as a workbook: headings in the reader's language, numbers as numbers, IRIs after names."""
    heads, numeric = [], []
    for column in listing.data_columns:
        heads += [str(column.title), f"{column.title} (IRI)"] if column.names_things else [str(column.title)]
        numeric += [False, False] if column.names_things else [column.kind in ("number", "count")]
    rows = (
        [int(cell) if number and cell.isdecimal() else cell for cell, number in zip(row, numeric, strict=True)]
        for row in _table(listing, found)[1]
    )
    whole = export.completeness() if "designations" in listing.shown.split() else ()
    about = export.about(str(listing.title), choices, [("", str(listing.sentence)), *whole])
    return export.workbook(listing.name, heads, rows, about)


def _json(listing: Listing, found: Sequence[Entry], chosen: Mapping[str, str]) -> dict[str, object]:
    return {
        "list": listing.name,
        "filters": {name: key for name, key in chosen.items() if key},
        "total": len(found),
        "entries": [
            {column.name: _value(column, _terms(entry, column)) for column in listing.data_columns} for entry in found
        ],
    }


def _value(column: Column, terms: Sequence[Term]) -> object:
    if column.names_things:
        return [{"iri": str(term.value), "name": name(term).text} for term in terms]
    return len(terms) if column.kind == "count" else _plain(column, terms)


def _plain(column: Column, terms: Sequence[Term]) -> str:
    if column.kind == "count":
        return str(len(terms))
    return ";".join(
        name(term).text if isinstance(term, NamedNode) and column.names_things else str(term.value) for term in terms
    )


def _terms(entry: Entry, column: Column) -> tuple[Term, ...]:
    return (NamedNode(entry.iri),) if column.name in ("thing", "self") else entry.cells.get(column.name, ())
