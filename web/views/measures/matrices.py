"""Co-occurrence matrices of ministries, purposes and programmes: observed and expected."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date

from flask import Blueprint, Response, abort, make_response, render_template, request

from kg.analysis.findings.finding import Finding
from kg.analysis.measures import matrices as counted
from kg.analysis.measures.cases import overlaps_of_ministries
from kg.analysis.measures.matrices import MATRICES, Cell, Matrix
from web.data import Computed, computed, requested_day
from web.html import finding_words
from web.http.language import gettext
from web.http.responses import answer, as_json
from web.lists import export

blueprint = Blueprint("matrices", __name__)

PAGE_SIZE = 40
EXTENSIONS = ("csv", "json", export.XLSX)
MAX_GRID_SIZE = 24
"""Rows and columns drawn; the table of pairs and the exports have all."""
MAX_TOPS = 5
"""Pairs of ministries named above the matrix."""
SHADE_THRESHOLDS = (1.0, 1.5, 3.0, 6.0)
"""Lift from which a cell is one step darker."""


@blueprint.get("/matrices")
@blueprint.get("/matrices/<key>")
@blueprint.get("/matrices/<key>.<extension>")
def matrices(key: str = "ministry-purpose", extension: str = "") -> Response:
    """Show a matrix on a day with its strongest pairs, or export it."""
    if key not in MATRICES or extension not in ("", *EXTENSIONS):
        abort(404, description=", ".join(MATRICES))
    found, day = computed(), requested_day("as_of", computed().today)
    made = matrix(found, key, day)
    if extension == "json":
        return answer(as_json(_content(made)), "json")
    if extension:
        whole = export.completeness()
        return export.table(
            f"matrix-{key}-{day}.{extension}", gettext("Matrices"), counted.HEADERS, counted.rows(made), whole
        )
    unit = request.args.get("unit", "")
    cells = [cell for cell in made.cells if unit in ("", cell.unit)]
    ordered = sorted(cells, key=lambda cell: (cell.corrected, -cell.lift, cell.row, cell.column))
    pages, page = max(-(-len(ordered) // PAGE_SIZE), 1), request.args.get("page", 1, int)
    if not 1 <= page <= pages:
        abort(404, description=f"1–{pages}")
    parameters = {"as_of": request.args["as_of"]} if request.args.get("as_of") else {}
    context = {
        "key": key,
        "keys": list(MATRICES),
        "day": day,
        "standing": found.days,
        "matrix": made,
        "grid": _grid(made, unit or ("county" if made.mutual else "")),
        "tops": _tops(found, made) if key == "ministry-ministry" else [],
        "numbered": key == "programme-programme",
        "units": sorted({cell.unit for cell in made.cells}),
        "unit": unit,
        "cells": ordered[(page - 1) * PAGE_SIZE : page * PAGE_SIZE],
        "total": len(ordered),
        "page": page,
        "pages": pages,
        "level": level,
        "formats": export.alternates(".matrices", EXTENSIONS, {"key": key, **parameters}),
        "finding_words": finding_words,
    }
    return make_response(render_template("measures/matrices.html", **context))


def matrix(found: Computed, key: str, day: date) -> Matrix:
    """Return a matrix on a day."""
    return found.cached(("matrix", key, day), lambda: MATRICES[key](found.columns, day))


def overlaps(found: Computed, day: date) -> Mapping[tuple[str, str], Sequence[Finding]]:
    """Return the territorial overlaps of each two ministries on a day, the strongest first."""
    return found.cached(
        ("overlaps of ministries", day),
        lambda: overlaps_of_ministries(found.findings(day).values(), found.ministries(day)),
    )


def _tops(found: Computed, made: Matrix) -> list[tuple[Cell, int, int]]:
    """Return the pairs of ministries with most territorial overlaps: cell, overlaps, strong ones among them."""
    cells = {(cell.row, cell.column): cell for cell in made.cells}
    counted = [
        (cells[pair], len(held), sum(finding.strength == "strong" for finding in held))
        for pair, held in overlaps(found, made.as_of).items()
        if pair in cells
    ]
    return sorted(counted, key=lambda top: (-top[2], -top[1], top[0].row, top[0].column))[:MAX_TOPS]


def level(lift: float) -> int:
    """Return the shade of a cell, from 0 (less than expected) to 4."""
    return sum(lift >= least for least in SHADE_THRESHOLDS)


def _grid(made: Matrix, unit: str) -> tuple[list[str], list[str], dict[tuple[str, str], Cell]]:
    """Return rows, columns and cells, by descending units; symmetric matrices mirrored."""
    cells = {(cell.row, cell.column): cell for cell in made.cells if unit in ("", cell.unit)}
    weight: dict[str, int] = {}
    for cell in cells.values():
        weight[cell.row] = max(weight.get(cell.row, 0), cell.row_units)
        weight[cell.column] = max(weight.get(cell.column, 0), cell.column_units)
    if made.mutual:
        cells |= {(column, row): cell for (row, column), cell in cells.items()}
    # What has no number at all is not drawn; its pairs stand in the list below.
    seen = [pair for pair, cell in cells.items() if cell.observed]
    rows, columns = (
        sorted({pair[side] for pair in seen}, key=lambda key: (-weight[key], key))[:MAX_GRID_SIZE] for side in (0, 1)
    )
    return rows, columns, cells


def _content(made: Matrix) -> dict[str, object]:
    return {
        "matrix": made.key,
        "as_of": str(made.as_of),
        "total": len(made.cells),
        "cells": [{**asdict(cell), "expected": cell.expected, "lift": _plain(cell.lift)} for cell in made.cells],
    }


def _plain(number: float) -> float | None:
    return number if math.isfinite(number) else None
