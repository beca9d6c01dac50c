"""Import accounting and data-quality report."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from flask import Blueprint, Response, abort, make_response, render_template, request

from kg.store import NamedNode
from kg.vocab import SHAPES
from web.graph.iris import key_of, node
from web.graph.labels import graph, name
from web.graph.queries import Row, expanded, value
from web.http.language import gettext
from web.http.responses import answer, as_json
from web.lists import counts, export, totals
from web.views.resource.papers import left_out

blueprint = Blueprint("quality", __name__)

EXTENSIONS = ("csv", "json", export.XLSX)
PAGE_SIZE = 50
"""Validation results on a page."""


@dataclass(frozen=True, slots=True)
class Unresolved:
    """Unresolved records of a list: IRI, designations, those without place or county, other reasons."""

    iri: str
    designations: int
    placeless: int
    countyless: int
    reasons: tuple[tuple[str, int], ...]


@blueprint.get("/accounting", defaults={"extension": ""})
@blueprint.get("/accounting.<extension>")
def accounting(extension: str) -> Response:
    """Show the outcomes of the rows of each list, or export them."""
    if extension not in ("", *EXTENSIONS):
        abort(404, description=", ".join(EXTENSIONS))
    accounts = totals.lists(everything=True)
    reasons: dict[str, list[Row]] = defaultdict(list)
    for row in left_out(graph()):
        reasons[value(row, "table")].append(row)
    if extension:
        return _accounting_as(extension, accounts)
    sums = {
        what: sum(getattr(account, what) for account in accounts) for what in ("rows", "taken", "merged", "left_out")
    }
    return make_response(
        render_template(
            "quality/accounting.html",
            accounts=accounts,
            reasons=reasons,
            sums=sums,
            designations=counts.total("designations"),
            formats=export.alternates(".accounting", EXTENSIONS, {}),
        )
    )


@blueprint.get("/quality", defaults={"extension": ""})
@blueprint.get("/quality.<extension>")
def quality(extension: str) -> str | Response:
    """Show validation results, disagreements, unresolved records and missing sources.

    As CSV all messages of the validation, as JSON all of it.
    """
    if extension not in ("", *EXTENSIONS):
        abort(404, description=", ".join(EXTENSIONS))
    if extension:
        return _quality_as(extension)
    shapes = graph().cached("results by shape", lambda: graph().rows("quality/results_by_shape"))
    asked, results, page = request.args.get("shape", ""), [], request.args.get("page", 1, int)
    if asked:
        shape = node(SHAPES + asked)
        results = graph().cached(
            ("results", shape.value), lambda: graph().rows("quality/results_of_shape", shape=shape)
        )
        if not 0 < page <= -(-len(results) // PAGE_SIZE):
            abort(404, description=asked)
    return render_template(
        "quality/quality.html",
        shapes=shapes,
        asked=asked,
        results=results[(page - 1) * PAGE_SIZE : page * PAGE_SIZE],
        page=page,
        pages=-(-len(results) // PAGE_SIZE),
        disagreements=graph().cached("disagreements", lambda: graph().rows("quality/disagreements")),
        unresolved=graph().cached("unresolved", unresolved),
        column_words=column_words,
        things=graph().columns.things,
        unsourced=graph().cached("unsourced", lambda: graph().rows("quality/unsourced")),
        sourceless=counts.sourceless(),
        formats=export.alternates(".quality", EXTENSIONS, {}),
    )


def _quality_as(extension: str) -> Response:
    headers = ("shape", "severity", "focus", "focus_name", "value", "message_zh", "message_en")
    rows = [
        (
            shape_key(value(row, "shape")),
            value(row, "severity").rpartition("#")[2],
            value(row, "focus"),
            name(row["focus"]).text,
            *(value(row, column) for column in ("value", "zh", "en")),
        )
        for row in graph().rows("quality/results")
    ]
    if extension != "json":
        return export.table(f"quality.{extension}", gettext("Quality"), headers, rows)
    disagreements = graph().cached("disagreements", lambda: graph().rows("quality/disagreements"))
    unsourced = graph().cached("unsourced", lambda: graph().rows("quality/unsourced"))
    content: dict[str, object] = {
        "messages": [dict(zip(headers, row, strict=True)) for row in rows],
        "disagreements": [{column: value(row, column) for column in row} for row in disagreements],
        "unresolved": [asdict(found) for found in graph().cached("unresolved", unresolved)],
        "unsourced": [{column: value(row, column) for column in row} for row in unsourced],
        "designations_without_document": counts.sourceless(),
    }
    return answer(as_json(content), "json")


def column_words(column: str) -> str:
    """Return the label of the property of a column, else the column."""
    stated = expanded(graph().columns.stated.get(column, ""))
    return name(stated).text if stated else column


def unresolved() -> Sequence[Unresolved]:
    """Return the unresolved records by list."""
    reasons: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for row in graph().rows("quality/unresolved"):
        reasons[value(row, "table")].append((value(row, "reason"), int(value(row, "records"))))
    found = [
        Unresolved(iri, designations, placeless, countyless, tuple(reasons.get(iri, ())))
        for iri, designations, placeless, countyless in counts.unplaced()
    ]
    return [one for one in found if one.placeless or one.countyless or one.reasons]


def _accounting_as(extension: str, accounts: Sequence[totals.Coverage]) -> Response:
    headers = (
        "list",
        "list_iri",
        "found",
        "official_total",
        "completeness",
        "edition",
        "rows",
        "taken",
        "merged",
        "left_out",
    )
    rows = [
        (
            name(NamedNode(one.iri)).text,
            one.iri,
            one.found,
            one.official,
            one.completeness,
            one.edition,
            one.rows,
            one.taken,
            one.merged,
            one.left_out,
        )
        for one in accounts
    ]
    if extension != "json":
        cells = [["" if cell is None else str(cell) for cell in row] for row in rows]
        return export.table(f"accounting.{extension}", gettext("Row accounting"), headers, cells)
    return answer(as_json({"lists": [dict(zip(headers, row, strict=True)) for row in rows]}), "json")


def shape_key(iri: str) -> str:
    """Return the key of a shape in addresses."""
    return iri.removeprefix(SHAPES) or key_of(iri)
