"""Spatial concentration: Lorenz curves, Gini coefficients, shares of regions and ranks."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from flask import Blueprint, Response, abort, make_response, render_template, request

from kg.analysis.atlas import RANKS
from kg.analysis.coverage import Coverage
from kg.analysis.measures import spread as measures
from kg.analysis.measures.spread import MEAN, Measures, Part, Spread
from kg.analysis.statistics import Points
from kg.charts import svg
from web.data import Computed, computed, requested_day
from web.html import finding_words
from web.http.language import gettext
from web.http.responses import answer, as_json
from web.lists import export

blueprint = Blueprint("concentration", __name__)

EXTENSIONS = ("csv", "json", export.XLSX)


@dataclass(frozen=True, slots=True)
class Concentration:
    """All measures on a day.

    spreads: of each programme and the mean; averaged: programmes in averages; curves: Lorenz curve by programme; areas
    and ranks: parts by programme, each area or rank with its part; big_regions, halves: the keys of those areas.
    """

    spreads: tuple[Spread, ...]
    averaged: tuple[str, ...]
    curves: Mapping[str, Points]
    parts: tuple[Part, ...]
    ranks: tuple[Part, ...]
    big_regions: tuple[str, ...]
    halves: tuple[str, ...]


@blueprint.get("/concentration")
@blueprint.get("/concentration.<extension>")
def concentration(extension: str = "") -> Response:
    """Show the concentration of designations, or export the measures."""
    if extension not in ("", *EXTENSIONS):
        abort(404, description=", ".join(EXTENSIONS))
    found, day = computed(), requested_day("as_of", computed().today)
    made = found.cached(("spreading", day), lambda: _measured(found, day))
    if extension:
        rows = measures.spread_rows(made.spreads, {})
        if extension != "json":
            title, filename = gettext("How uneven the distribution is"), f"concentration-{day}.{extension}"
            return export.table(filename, title, measures.SPREAD_HEADERS, rows, export.completeness())
        entries = [dict(zip(measures.SPREAD_HEADERS, row, strict=True)) for row in rows]
        parts = [dict(zip(measures.PART_HEADERS, row, strict=True)) for row in measures.part_rows(made.parts, {})]
        return answer(as_json({"as_of": str(day), "entries": entries, "parts": parts}), "json")
    ginis = {spread.programme: spread.gini_population for spread in made.spreads}
    whole = sorted(made.averaged, key=lambda key: (ginis[key], key))
    asked = request.args.get("programme", "")
    chosen = asked if asked in made.curves else _default_programme(made)
    parameters = {"as_of": request.args["as_of"]} if request.args.get("as_of") else {}
    context = {
        "day": day,
        "standing": found.days,
        "spreads": sorted(made.spreads, key=lambda spread: (spread.programme != MEAN, -spread.gini_population)),
        "mean": MEAN,
        "whole": whole,
        "chosen": chosen,
        "ginis": ginis,
        "points": made.curves.get(chosen, ()),
        "curves": {key: svg.curve(points) for key, points in made.curves.items() if key in {*whole, chosen}},
        "side": svg.SIDE,
        "bars": {
            name: _bars(parts, classes, whole)
            for name, parts, classes in (
                ("regions", made.parts, made.big_regions),
                ("halves", made.parts, made.halves),
                ("ranks", made.ranks, RANKS),
            )
        },
        "classes": {"regions": made.big_regions, "halves": made.halves, "ranks": RANKS},
        "formats": export.alternates(".concentration", EXTENSIONS, parameters),
        "finding_words": finding_words,
    }
    return make_response(render_template("measures/concentration.html", **context))


def _default_programme(made: Concentration) -> str:
    """Return the default programme: the largest whose list is complete.

    Without an official total, the largest that counts in averages, else of all; empty if there is none.
    """
    averaged = frozenset(made.averaged)

    def order(spread: Spread) -> tuple[bool, bool, float]:
        whole = spread.programme in averaged
        return whole and bool(spread.coverage and spread.coverage.official), whole, spread.placed

    each = [spread for spread in made.spreads if spread.programme != MEAN]
    return max(each, key=order).programme if each else ""


def _measured(found: Computed, day: date) -> Concentration:
    known = Measures(found.columns, day)
    spreads = known.spreads()
    curves = {spread.programme: known.curve(spread.programme) for spread in spreads if spread.programme != MEAN}
    return Concentration(
        *(tuple(spreads), tuple(known.averaged()), curves, tuple(known.parts()), tuple(known.ranks())),
        *(known.atlas.big_regions, known.atlas.halves),
    )


def _bars(
    parts: tuple[Part, ...], classes: tuple[str, ...], whole: list[str]
) -> list[tuple[str, Coverage | None, list[svg.Segment]]]:
    """Return the bars of a picture: population and counties for comparison, the mean, complete lists."""
    by_programme: dict[str, dict[str, Part]] = defaultdict(dict)
    for part in parts:
        if part.area in classes:
            by_programme[part.programme][part.area] = part
    if not by_programme:
        return []
    first = next(iter(by_programme.values()))
    bases: list[tuple[str, list[tuple[str, float]]]] = []
    if all(part.population is not None for part in first.values()):
        bases.append(("population", [(area, first[area].population or 0.0) for area in classes if area in first]))
    bases.append(("counties", [(area, first[area].counties) for area in classes if area in first]))
    bars: list[tuple[str, Coverage | None, list[svg.Segment]]] = [
        (name, None, svg.bar(_scaled(shares))) for name, shares in bases
    ]
    chosen = [key for key in (MEAN, *whole) if key in by_programme]
    chosen[1:] = sorted(chosen[1:], key=lambda key: -_share(by_programme[key], classes[0]))
    for key in chosen:
        own = by_programme[key]
        shares = [(area, own[area].share if area in own else 0.0) for area in classes]
        bars.append((key, next(iter(own.values())).coverage, svg.bar(shares)))
    return bars


def _share(own: Mapping[str, Part], area: str) -> float:
    return own[area].share if area in own else 0.0


def _scaled(shares: list[tuple[str, float]]) -> list[tuple[str, float]]:
    """Return shares scaled to a sum of 1; some residents live outside the classes."""
    total = sum(share for _name, share in shares) or 1.0
    return [(name, share / total) for name, share in shares]
