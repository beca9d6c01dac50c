"""What a cell of a matrix counts: its units with their designations, and where overlaps were found."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from flask import Response, abort, make_response, redirect, render_template, request, url_for

from kg.analysis.measures.cases import Case, Holding, cases, programme_pairs
from kg.analysis.measures.matrices import MATRICES, Cell, Matrix
from web.data import computed, requested_day
from web.html import finding_words
from web.http.language import gettext
from web.http.responses import answer, as_json
from web.lists import export
from web.views.measures import matrices

blueprint = matrices.blueprint
"""All matrices share one blueprint."""

PAGE_SIZE = 40
EXTENSIONS = matrices.EXTENSIONS
PLACES = {"county": "place", "carrier": "carrier", "designation": "designation"}
"""Unit of a matrix to the kind of thing that its keys name."""
HEADERS = ("unit", "key", "name", "by_design", "side", "programme", "designation", "designation_name")


@blueprint.get("/matrices/<key>/<row>/<column>")
@blueprint.get("/matrices/<key>/<row>/<column>.<extension>")
def cell(key: str, row: str, column: str, extension: str = "") -> Response:
    """Show what a cell of a matrix counts on a day, or export it."""
    if key not in MATRICES or extension not in ("", *EXTENSIONS):
        abort(404, description=", ".join(MATRICES))
    found, day = computed(), requested_day("as_of", computed().today)
    made = matrices.matrix(found, key, day)
    if key == "programme-programme":
        return _elsewhere("pair.pair", one=row, other=column, extension=extension or None)
    if made.mutual and row > column:
        return _elsewhere("matrices.cell", key=key, row=column, column=row, extension=extension or None)
    counted = next((cell for cell in made.cells if (cell.row, cell.column) == (row, column)), None)
    if counted is None:
        abort(404, description=f"{row}, {column}")
    behind = cases(found.columns, day, key, row, column)
    if extension:
        return given(f"matrix-{key}-{row}-{column}-{day}.{extension}", numbers(counted, day), counted.unit, behind)
    return _page(made, counted, behind)


def _page(made: Matrix, counted: Cell, behind: Sequence[Case]) -> Response:
    found, parameters = computed(), {"key": made.key, "row": counted.row, "column": counted.column}
    parameters |= {"as_of": request.args["as_of"]} if request.args.get("as_of") else {}
    pairs = programme_pairs(found.columns, behind) if made.mutual else []
    context = {
        "matrix": made,
        "cell": counted,
        "day": made.as_of,
        "standing": found.days,
        **paged(behind),
        "pairs": [pair for pair in pairs if not pair.relation],
        "pairs_by_design": [pair for pair in pairs if pair.relation],
        "overlaps": matrices.overlaps(found, made.as_of).get((counted.row, counted.column), []) if made.mutual else [],
        "formats": export.alternates(".cell", EXTENSIONS, parameters),
        "finding_words": finding_words,
    }
    return make_response(render_template("measures/cell.html", **context))


def paged(behind: Sequence[Case]) -> dict[str, object]:
    """Return the page of cases that is asked for, those that are only by design last, with the numbers of both."""
    ordered = sorted(behind, key=lambda case: case.by_design)
    pages, page = max(-(-len(ordered) // PAGE_SIZE), 1), request.args.get("page", 1, int)
    if not 1 <= page <= pages:
        abort(404, description=f"1–{pages}")
    shown = ordered[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]
    by_design = sum(case.by_design for case in behind)
    return {"shown": shown, "total": len(behind), "by_design": by_design, "page": page, "pages": pages}


def numbers(counted: Cell, day: date) -> dict[str, object]:
    """Return the numbers of a cell for programs."""
    members = ("row", "column", "unit", "units", "row_units", "column_units", "observed")
    said: dict[str, object] = {"as_of": str(day), **{name: getattr(counted, name) for name in members}}
    return {**said, "expected": counted.expected, "corrected": counted.corrected, "relation": counted.relation}


def given(filename: str, head: Mapping[str, object], unit: str, behind: Sequence[Case]) -> Response:
    """Give cases as data: JSON with a head, CSV and XLSX with a row for each designation in each unit."""
    names = _names(behind)
    if not filename.endswith(".json"):
        rows = (list(map(str, line)) for line in _lines(unit, behind, names))
        return export.table(filename, gettext("Cases behind a number"), HEADERS, rows, export.completeness())
    entries = [
        {
            "key": case.unit,
            "name": finding_words.called(PLACES[unit], case.unit) if unit != "designation" else names[case.unit],
            "by_design": case.by_design,
            "row_designations": [_said(holding, names) for holding in case.row],
            "column_designations": [_said(holding, names) for holding in case.column],
        }
        for case in behind
    ]
    return answer(as_json({**head, "total": len(behind), "entries": entries}), "json")


def _lines(unit: str, behind: Iterable[Case], names: Mapping[str, str]) -> Iterable[tuple[object, ...]]:
    for case in behind:
        called = names[case.unit] if unit == "designation" else finding_words.called(PLACES[unit], case.unit)
        for side, holdings in (("row", case.row), ("column", case.column)):
            for holding in holdings:
                own = side, holding.programme, holding.designation, names[holding.designation]
                yield (unit, case.unit, called, int(case.by_design), *own)


def _said(holding: Holding, names: Mapping[str, str]) -> dict[str, str]:
    return {"programme": holding.programme, "designation": holding.designation, "name": names[holding.designation]}


def _names(behind: Iterable[Case]) -> dict[str, str]:
    """Return the names of the designations in some cases, as their lists print them."""
    keys = sorted({holding.designation for case in behind for holding in (*case.row, *case.column)})
    sql = "SELECT designation, name_zh FROM designations WHERE list_contains($keys::VARCHAR[], designation)"
    return dict(computed().columns.query(sql, {"keys": keys}))


def _elsewhere(endpoint: str, **parameters: Any) -> Response:  # noqa: ANN401 — of an address
    """Redirect to the one address of a pair, with the parameters of the request."""
    return redirect(url_for(endpoint, **{**request.args.to_dict(), **parameters}), 301)  # type: ignore[return-value]
