"""Compare two places or programmes on a day: designations by ministry and purpose."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Response, abort, make_response, render_template, request

from kg.analysis.measures.cases import cases, units
from web.data import Computed, computed, requested_day
from web.html import finding_words
from web.http.language import gettext
from web.http.responses import answer, as_json
from web.lists import export
from web.lists.lookup import Choice, choose, unclear
from web.views.compare import compare

blueprint = compare.blueprint
"""All comparisons share one blueprint."""

EXTENSIONS = ("csv", "json", export.XLSX)
_OF_PLACE = """
    SELECT DISTINCT designation, programme FROM designation_places JOIN places USING (place)
    JOIN designations USING (designation)
    WHERE $place IN (place, county, prefecture, province)
"""
_GROUPS = "SELECT DISTINCT programme, purpose_group FROM programme_purposes WHERE weight = 'main' AND NOT generic"
_PROVINCES = """
    SELECT province, designation FROM designation_places JOIN places USING (place) JOIN designations USING (designation)
    WHERE programme = $programme AND province <> ''
"""
_PURPOSES = "SELECT purpose, weight FROM programme_purposes WHERE programme = $programme ORDER BY weight, purpose"


@dataclass(frozen=True, slots=True)
class Held:
    """Designations of a place: number, and numbers by programme in cells of purpose group and ministry."""

    designations: int
    cells: Mapping[tuple[str, str], Mapping[str, int]]

    def number(self, group: str, ministry: str) -> int:
        """Return the number of designations in a cell."""
        return sum(self.cells.get((group, ministry), {}).values())


@dataclass(frozen=True, slots=True)
class Kind:
    """A programme on a day: purposes with weight, responsible ministries, designations by province, counties.

    ministries, inferred: keys; lapsed: all mandates have ended, the last ministries count.
    """

    purposes: Mapping[str, str]
    ministries: tuple[str, ...]
    inferred: tuple[str, ...]
    lapsed: bool
    provinces: Mapping[str, int]
    counties: frozenset[str]
    designations: int


@blueprint.get("/compare/places")
@blueprint.get("/compare/places.<extension>")
def places(extension: str = "") -> Response:
    """Show two places side by side, or export their numbers."""
    found, day = computed(), requested_day("as_of", computed().today)
    chosen = _chosen("place", extension)
    held = [_held(found, choice.key, day) if choice.key else None for choice in chosen]
    known = {choice.key: each for choice, each in zip(chosen, held, strict=True) if each}
    pairs = sorted({cell for each in known.values() for cell in each.cells})
    if extension:
        headers = ["purpose_group", "ministry", "programme", *(f"designations_{key}" for key in known)]
        rows = _numbers(known, pairs)
        if extension != "json":
            return _table(_filename(known, day, extension), gettext("Compare two places"), headers, rows)
        sides = [{**_called("place", key), "designations": each.designations} for key, each in known.items()]
        return _json(day, {"places": sides, "entries": [dict(zip(headers, row, strict=True)) for row in rows]})
    return _page("compare/compare_places.html", chosen, day, held=held, pairs=pairs)


@blueprint.get("/compare/programmes")
@blueprint.get("/compare/programmes.<extension>")
def programmes(extension: str = "") -> Response:
    """Show two programmes side by side, or export them."""
    found, day = computed(), requested_day("as_of", computed().today)
    chosen = _chosen("programme", extension)
    kinds = [programme_on(found, choice.key, day) if choice.key else None for choice in chosen]
    known = {choice.key: kind for choice, kind in zip(chosen, kinds, strict=True) if kind}
    if extension and extension != "json":
        headers = ["aspect", "key", *known]
        return _table(_filename(known, day, extension), gettext("Compare two programmes"), headers, _aspects(known))
    both = [case.unit for case in cases(found.columns, day, "programme-programme", *known)] if len(known) == 2 else []
    if extension:
        sides = [{**_called("programme", key), **plain(kind)} for key, kind in known.items()]
        return _json(day, {"programmes": sides, "counties_of_both": both})
    return _page(
        "compare/compare_programmes.html",
        chosen,
        day,
        kinds=kinds,
        purposes=sorted({purpose for kind in known.values() for purpose in kind.purposes}),
        provinces=sorted({province for kind in known.values() for province in kind.provinces}),
        both=both,
    )


def _chosen(kind: str, extension: str) -> tuple[Choice, Choice]:
    """Return the two chosen things; 400 for exports if either is ambiguous."""
    if extension not in ("", *EXTENSIONS):
        abort(404, description=", ".join(EXTENSIONS))
    one, other = choose(kind, "one"), choose(kind, "other")
    for choice in (one, other):
        if extension and not choice.key:
            abort(400, description=unclear(choice) or f"{choice.parameter}: {kind}")
    return one, other


def _page(template: str, chosen: Sequence[Choice], day: date, **context: Any) -> Response:  # noqa: ANN401
    """Render a comparison, with export links if both things are chosen."""
    parameters: dict[str, Any] = {choice.parameter: choice.key for choice in chosen if choice.key}
    parameters |= {"as_of": request.args["as_of"]} if request.args.get("as_of") else {}
    formats = export.alternates(request.endpoint or "", EXTENSIONS, parameters)
    context |= {"chosen": chosen, "day": day, "finding_words": finding_words}
    context["formats"] = formats if all(choice.key for choice in chosen) else {}
    return make_response(render_template(template, **context))


def _filename(sides: Iterable[str], day: date, extension: str) -> str:
    return f"compare-{'-'.join(sides)}-{day}.{extension}"


def _table(filename: str, title: str, headers: Sequence[str], rows: Iterable[Sequence[object]]) -> Response:
    texts = ([str(cell) for cell in row] for row in rows)
    return export.table(filename, title, headers, texts, export.completeness())


def _json(day: date, content: Mapping[str, object]) -> Response:
    return answer(as_json({"as_of": str(day), **content}), "json")


def _called(kind: str, key: str) -> dict[str, object]:
    return {"key": key, "name": finding_words.called(kind, key)}


def _numbers(known: Mapping[str, Held], pairs: Iterable[tuple[str, str]]) -> list[list[object]]:
    """Return the number of designations of each place by group, ministry and programme."""
    return [
        [*pair, programme, *(each.cells.get(pair, {}).get(programme, 0) for each in known.values())]
        for pair in pairs
        for programme in sorted({programme for each in known.values() for programme in each.cells.get(pair, {})})
    ]


def plain(kind: Kind) -> dict[str, object]:
    """Return a programme on a day for JSON."""
    return {
        "ministries": kind.ministries,
        "inferred": kind.inferred,
        "lapsed": kind.lapsed,
        "designations": kind.designations,
        "purposes": dict(sorted(kind.purposes.items())),
        "provinces": dict(sorted(kind.provinces.items())),
        "counties": sorted(kind.counties),
    }


def _aspects(known: Mapping[str, Kind]) -> list[list[object]]:
    """Return a row for each property of the programmes, with its value for each (1 for true)."""
    aspects: list[tuple[str, list[Mapping[str, object]]]] = [
        ("designations", [{"": kind.designations} for kind in known.values()]),
        ("ministry", [dict.fromkeys(kind.ministries, 1) for kind in known.values()]),
        ("ministry_inferred", [dict.fromkeys(kind.inferred, 1) for kind in known.values()]),
        ("mandate_lapsed", [{"": 1} if kind.lapsed else {} for kind in known.values()]),
        ("purpose", [kind.purposes for kind in known.values()]),
        ("province", [kind.provinces for kind in known.values()]),
        ("county", [dict.fromkeys(kind.counties, 1) for kind in known.values()]),
    ]
    return [
        [aspect, key, *(values.get(key, "") for values in sides)]
        for aspect, sides in aspects
        for key in sorted({key for values in sides for key in values})
    ]


def _held(found: Computed, place: str, day: date) -> Held:
    standing, answers = found.in_force(day), found.ministries(day)
    groups = defaultdict(list)
    for programme, group in found.columns.query(_GROUPS):
        groups[programme].append(group)
    rows = [row for row in found.columns.query(_OF_PLACE, {"place": place}) if row[0] in standing]
    cells: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for _designation, programme in rows:
        for group in groups[programme]:
            for ministry in answers[programme].ministries if programme in answers else ():
                cells[group, ministry][programme] += 1
    return Held(len(rows), cells)


def programme_on(found: Computed, programme: str, day: date) -> Kind:
    """Return a programme as it is on a day."""
    standing, answer = found.in_force(day), found.ministries(day).get(programme)
    rows = found.columns.query(_PROVINCES, {"programme": programme})
    designations = [
        designation
        for (designation,) in found.columns.query(
            "SELECT designation FROM designations WHERE programme = ?", [programme]
        )
    ]
    return Kind(
        dict(found.columns.query(_PURPOSES, {"programme": programme})),
        tuple(sorted(answer.ministries)) if answer else (),
        tuple(sorted(answer.inferred)) if answer else (),
        answer is not None and answer.lapsed,
        Counter(province for province, designation in set(rows) if designation in standing),
        frozenset(units(found.columns, day, "county", [programme])),
        sum(designation in standing for designation in designations),
    )
