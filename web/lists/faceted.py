"""The lists that the columns answer: narrowed, counted and sorted by address, paged, and whole as CSV and JSON."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Response, abort, make_response, render_template, request, stream_with_context

from kg.release.columns import COUNTRY
from kg.store import NamedNode
from web.charts import choropleth
from web.data import computed
from web.graph.labels import name
from web.html.environment import here
from web.http.language import gettext as _
from web.http.language import language
from web.http.responses import FORMATS, as_json, defused, tagged
from web.lists import counts, export, graph_lists
from web.lists.designation_register import UNDATED
from web.lists.facets import Asked, Counts, Facet, Register, Shown, tallies
from web.lists.filters import Choice
from web.lists.registers import REGISTERS

blueprint = graph_lists.blueprint
"""Lists stand under one name, whether the graph answers them or the columns do."""
BY_NAME = {register.name: register for register in REGISTERS}
PART = 500
"""Rows of a twin that are sent at a time."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row as shown: the IRI of the thing, and by column the parts of its cell (IRIs, texts, days or numbers)."""

    iri: str
    cells: Mapping[str, tuple[Any, ...]]


def show(register_name: str, ending: str = "") -> Response:
    """Show a list, or give the whole of it as CSV, JSON or a workbook."""
    register = BY_NAME[register_name]
    if ending not in ("", *graph_lists.ENDINGS):
        abort(404, description=", ".join(graph_lists.ENDINGS))
    chosen = {facet.name: key for facet in register.facets if (key := request.args.get(facet.name, ""))}
    sort = request.args.get("sort", "")
    if sort and sort.removeprefix("-") not in register.sortable:
        abort(404, description=", ".join(register.sortable))
    asked = Asked(register, chosen, tied(), sort)
    if ending:
        return _twin(asked, ending)
    counted = _counted(asked)
    total = counted[""][0][1]
    pages = max(-(-total // register.length), 1)
    page = request.args.get("page", 1, int)
    if not 1 <= page <= pages:
        abort(404, description=f"1–{pages}")
    kept = {**chosen, **({"sort": sort} if sort else {})}
    return make_response(
        render_template(
            "lists/register.html",
            register=register,
            rows=list(_rows(asked, page)),
            total=total,
            page=page,
            pages=pages,
            sort=sort,
            choices=_choices(register, chosen, counted),
            years=_years(counted.get("year", ())),
            undated=dict(counted.get("year", ())).get(UNDATED, 0),
            map=_map(asked),
            formats=export.twins(f".{register.name}", graph_lists.ENDINGS, kept),
        )
    )


for _register in REGISTERS:
    _defaults = {"register_name": _register.name}
    blueprint.add_url_rule(f"/{_register.name}", _register.name, show, defaults=_defaults)
    blueprint.add_url_rule(f"/{_register.name}.<ending>", _register.name, show, defaults=_defaults)


def tied() -> Mapping[str, Any]:
    """Return the parameters that facets name: which ministry answers for which programme today, and today."""
    today = computed().today
    answers = computed().ministries(today)
    pairs = [(programme, key) for programme, answer in answers.items() for key in sorted(answer.ministries)]
    return {
        "tied_programmes": [programme for programme, _ in pairs],
        "tied_ministries": [ministry for _, ministry in pairs],
        "as_of": today,
    }


def _counted(asked: Asked) -> Counts:
    key = (asked.register.name, *sorted(asked.chosen.items()))
    return tallies().cached(key, lambda: asked.counts(computed().columns))


def _choices(register: Register, chosen: Mapping[str, str], counted: Counts) -> list[Choice]:
    """Return the facets that there is something to choose from, and those that are chosen."""
    made = []
    for facet in register.facets:
        key = chosen.get(facet.name, "")
        options = tuple((each, _meaning(facet, each), count) for each, count in counted.get(facet.name, ()))
        if key and key not in {each for each, _, _ in options} and facet.offered:
            options = ((key, _meaning(facet, key), 0), *options)
        if key or len(options) > 1:
            made.append(Choice(facet.name, facet.title, key, options, _meaning(facet, key) if key else ""))
    return made


def _meaning(facet: Facet, key: str) -> str:
    """Return what a key of a facet means in the reader's language; a key from an address may be no IRI at all."""
    if facet.words is not None:
        return str(facet.words.get(key, key))
    try:
        NamedNode(facet.base + key)
    except ValueError:
        return key
    return name(facet.base + key).text


def _years(keys: Iterable[tuple[str, int]]) -> list[tuple[str, int]]:
    """Return every year from the first to the last with its number of designations, none left out."""
    known = {int(key): count for key, count in keys if key.isdecimal()}
    return [(str(year), known.get(year, 0)) for year in range(min(known), max(known) + 1)] if known else []


def _map(asked: Asked) -> choropleth.Map | None:
    """Return the map of a list by province, or within the chosen one; for places it shows designations."""
    register, chosen = asked.register, asked.chosen
    levels = [facet.name for facet in register.facets if facet.name in ("province", "prefecture", "county")]
    if not levels:
        return None
    province = chosen.get("province", "") if "prefecture" in levels else ""
    above = {"province": province} if province else {}
    districts = province in choropleth.MUNICIPALITIES and "county" in levels
    if districts:
        above["prefecture"] = province
    level = "county" if districts else "prefecture" if province else "province"
    if register.name == "places":
        programme = chosen.get("programme", "")
        found = counts.spread("programme" if programme else "place", programme or COUNTRY, province)
    else:
        others = {name: key for name, key in chosen.items() if name not in levels}
        found = dict(_counted(Asked(register, {**others, **above}, asked.extra)).get(level, ()))
    kept = {**above, **dict.fromkeys(("county", "page"), "")}
    return choropleth.shaded(found, lambda code: here(**{**kept, level: code}), province)


def _rows(asked: Asked, page: int = 0) -> Iterator[Row]:
    register, columns = asked.register, asked.register.columns
    for key, *cells in asked.rows(computed().columns, page):
        parts = {column.name: _parts(column, cell) for column, cell in zip(columns, cells, strict=True)}
        yield Row(register.base + key, parts)


def _parts(column: Shown, cell: Any) -> tuple[Any, ...]:  # noqa: ANN401 — what SQL gives
    """Return the parts of a cell: IRIs of things, otherwise the values, without those that say nothing."""
    parts = cell if isinstance(cell, list) else [cell]
    if column.kind in ("days", "coverage"):
        return tuple(parts)
    return tuple(column.base + part if column.base else part for part in parts if part not in (None, ""))


def _twin(asked: Asked, ending: str) -> Response:
    """Give all rows, written as they are read; who has read them before is told so without reading them again."""
    rows, register = _rows(asked), asked.register
    if ending == export.ENDING:
        return _workbook(asked, rows)
    parts = _as_csv(register, rows) if ending == "csv" else _as_json(register, rows, asked.chosen)
    response = Response(stream_with_context(_together(parts)), mimetype=FORMATS[ending])
    response.headers["Content-Disposition"] = (
        f'attachment; filename="{register.name}.csv"' if ending == "csv" else "inline"
    )
    return tagged(response)


def _workbook(asked: Asked, rows: Iterable[Row]) -> Response:
    """Give the rows as a workbook, and with it what was chosen and how whole the lists of the chosen programme are."""
    register, heads = asked.register, [str(asked.register.entry), f"{asked.register.entry} (IRI)"]
    for column in register.columns:
        if column.base:
            heads += [str(column.title), f"{column.title} (IRI)"]
        else:
            heads += _titles(column)
    facets = ((register.facet(each), key) for each, key in asked.chosen.items())
    filters = [Choice(facet.name, facet.title, key, meaning=_meaning(facet, key)) for facet, key in facets]
    whole = export.completeness(asked.chosen.get("programme", ""))
    about = export.about(str(register.title), filters, [("", str(register.sentence)), *whole])
    return export.workbook(register.name, heads, (_cells(register, row) for row in rows), about)


def _titles(column: Shown) -> list[str]:
    """Return what stands above a column of two numbers or days in a workbook, else its own title."""
    if column.kind == "days":
        return [
            _("%(what)s, first possible day", what=column.title),
            _("%(what)s, last possible day", what=column.title),
        ]
    if column.kind == "coverage":
        return [_("Designations held"), _("Official total")]
    return [str(column.title)]


def _cells(register: Register, row: Row) -> list[export.Cell]:
    """Return a row as the cells of a workbook: names before IRIs, numbers and days as such."""
    cells: list[export.Cell] = [name(row.iri).text, row.iri]
    for column in register.columns:
        parts = row.cells[column.name]
        if column.base:
            cells += ["; ".join(name(iri).text for iri in parts), ";".join(parts)]
        elif column.kind in ("days", "coverage"):
            cells += parts
        else:
            cells.append(parts[0] if len(parts) == 1 else "; ".join(map(str, parts)))
    return cells


def _as_csv(register: Register, rows: Iterable[Row]) -> Iterator[str]:
    heads = ["thing", "thing_iri"]
    for column in register.columns:
        heads += [column.name, f"{column.name}_iri"] if column.base else _heads(column)
    yield _line(heads)
    for row in rows:
        cells = [name(row.iri).text, row.iri]
        for column in register.columns:
            parts = row.cells[column.name]
            if column.base:
                cells += [";".join(name(iri).text for iri in parts), ";".join(parts)]
            elif column.kind in ("days", "coverage"):
                cells += ["" if part is None else str(part) for part in parts]
            else:
                cells.append(";".join(map(str, parts)))
        yield _line([defused(cell) for cell in cells])


def _heads(column: Shown) -> list[str]:
    """Return the heads of a column of two numbers or days, else its own."""
    two = {"days": ("first", "last"), "coverage": ("found", "official_total")}.get(column.kind)
    return [f"{column.name}_{each}" for each in two] if two else [column.name]


def _as_json(register: Register, rows: Iterable[Row], chosen: Mapping[str, str]) -> Iterator[str]:
    head = as_json({"list": register.name, "language": language(), "filters": dict(chosen)})
    yield head.rstrip().removesuffix("}").rstrip() + ',\n "entries": ['
    total = 0
    for total, row in enumerate(rows, 1):
        entry: dict[str, object] = {"iri": row.iri, "name": name(row.iri).text}
        for column in register.columns:
            entry.update(_said(column, row.cells[column.name]))
        yield ("\n" if total == 1 else ",\n") + as_json(entry)
    yield f'\n ],\n "total": {total}\n}}\n'


def _said(column: Shown, parts: tuple[Any, ...]) -> dict[str, object]:
    if column.base:
        return {column.name: [{"iri": iri, "name": name(iri).text} for iri in parts]}
    if column.kind in ("days", "coverage"):
        said = (part.isoformat() if isinstance(part, date) else part for part in parts)
        return dict(zip(_heads(column), said, strict=True))
    return {column.name: parts[0] if parts else None}


def _line(cells: list[str]) -> str:
    stream = io.StringIO()
    csv.writer(stream, lineterminator="\r\n").writerow(cells)
    return stream.getvalue()


def _together(parts: Iterator[str]) -> Iterator[bytes]:
    """Yield texts in pieces worth sending."""
    held: list[str] = []
    for part in parts:
        held.append(part)
        if len(held) == PART:
            yield "".join(held).encode()
            held.clear()
    yield "".join(held).encode()
