"""The page of a pair of programmes: where both stand, what they say they are for, who answers for them, since when."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from flask import Blueprint, Response, abort, make_response, redirect, render_template, request, url_for

from kg.analysis.measures.cases import Case, cases
from kg.analysis.measures.matrices import Cell
from kg.store import NamedNode
from web.data import Computed, computed, requested_day
from web.graph.iris import key_of
from web.graph.labels import graph
from web.graph.queries import Row, value
from web.html import finding_words
from web.lists import export
from web.views.compare import side_by_side
from web.views.measures import cell as cells
from web.views.measures import matrices
from web.views.resource import programmes

blueprint = Blueprint("pair", __name__)

EXTENSIONS = cells.EXTENSIONS
MATRIX = "programme-programme"
ROLES = ("approves", "administers")
"""Roles of mandates that make a ministry answer for a programme."""


@blueprint.get("/pair/<one>/<other>")
@blueprint.get("/pair/<one>/<other>.<extension>")
def pair(one: str, other: str, extension: str = "") -> Response:
    """Show two programmes and the places or carriers that have both on a day, or export them."""
    found, day = computed(), requested_day("as_of", computed().today)
    if extension not in ("", *EXTENSIONS) or one == other or not _known(found, one, other):
        abort(404, description=f"{one}, {other}")
    if one > other:
        parameters: dict[str, Any] = {
            **request.args.to_dict(),
            "one": other,
            "other": one,
            "extension": extension or None,
        }
        return redirect(url_for(".pair", **parameters), 301)  # type: ignore[return-value]
    made = matrices.matrix(found, MATRIX, day)
    counted = next((cell for cell in made.cells if (cell.row, cell.column) == (one, other)), None)
    behind = cases(found.columns, day, MATRIX, one, other)
    if extension:
        unit = counted.unit if counted else "county"
        return cells.given(f"pair-{one}-{other}-{day}.{extension}", _head(one, other, day, counted), unit, behind)
    return _page((one, other), day, counted, behind)


def _known(found: Computed, *keys: str) -> bool:
    sql = "SELECT count(*) FROM programmes WHERE list_contains($keys::VARCHAR[], programme)"
    return bool(found.columns.query(sql, {"keys": list(keys)})[0][0] == len(keys))


def _page(both: tuple[str, str], day: date, counted: Cell | None, behind: Sequence[Case]) -> Response:
    found = computed()
    nodes = [NamedNode(finding_words.iri("programme", key)) for key in both]
    kinds = [side_by_side.programme_on(found, key, day) for key in both]
    parameters: dict[str, Any] = {"one": both[0], "other": both[1]}
    parameters |= {"as_of": request.args["as_of"]} if request.args.get("as_of") else {}
    context = {
        "both": both,
        "day": day,
        "standing": found.days,
        "cell": counted,
        "kinds": kinds,
        "purposes": sorted({purpose for kind in kinds for purpose in kind.purposes}),
        "passages": [programmes.passages(graph(), node) for node in nodes],
        "relations": relations(*both),
        "finding": found.findings(day).get(f"programme/{both[0]}/{both[1]}"),
        **programmes.timeline(_mandates(both), str(found.today), of_programme=True),
        **cells.paged(behind),
        "formats": export.alternates(".pair", EXTENSIONS, parameters),
        "finding_words": finding_words,
    }
    return make_response(render_template("pair/pair.html", **context))


def relations(one: str, other: str) -> list[Row]:
    """Return what the tables state of two programmes by design, with basis and status."""
    node, iri = NamedNode(finding_words.iri("programme", one)), finding_words.iri("programme", other)
    rows = graph().rows("resource/programme_relations", programme=node)
    return [row for row in rows if iri in (value(row, "subject"), value(row, "object"))]


def _mandates(both: Sequence[str]) -> list[Row]:
    """Return the mandates by which a ministry answers for one of two programmes, by programme and role."""
    found = []
    for key in both:
        rows = graph().rows("resource/mandates", programme=NamedNode(finding_words.iri("programme", key)))
        kept = [row for row in rows if key_of(value(row, "role")) in ROLES]
        found += sorted(kept, key=lambda row: (programmes.role_order(row), value(row, "from")))
    return found


def _head(one: str, other: str, day: date, counted: Cell | None) -> Mapping[str, object]:
    """Return what JSON says of a pair beside its cases."""
    found = computed()
    sides = {}
    for side, key in (("one", one), ("other", other)):
        kind = side_by_side.programme_on(found, key, day)
        sides[side] = {"key": key, "name": finding_words.called("programme", key), **side_by_side.plain(kind)}
    key = f"programme/{one}/{other}"
    stated = [
        {
            "subject": key_of(value(row, "subject")),
            "relation": key_of(value(row, "kind")),
            "object": key_of(value(row, "object")),
            "status": key_of(value(row, "status")),
        }
        for row in relations(one, other)
    ]
    numbers = cells.numbers(counted, day) if counted else {"as_of": str(day)}
    raised = key if key in found.findings(day) else None
    return {**numbers, **sides, "relations": stated, "mandates": _held(one, other), "finding": raised}


def _held(one: str, other: str) -> list[dict[str, str]]:
    return [
        {
            "mandate": key_of(value(row, "mandate")),
            "programme": key_of(value(row, "programme")),
            "authority": key_of(value(row, "body")),
            "role": key_of(value(row, "role")),
            "status": key_of(value(row, "status")),
            "from": value(row, "fromText"),
            "to": value(row, "toText"),
        }
        for row in _mandates((one, other))
    ]
