"""Designations in force over the years by responsible ministry."""

from flask import Blueprint, Response, abort, make_response, render_template, url_for

from kg.analysis.measures.timeline import OverTime, over_time
from kg.charts import svg
from web.data import computed, requested_day
from web.html import finding_words
from web.http.responses import answer, as_csv, as_json

blueprint = Blueprint("timeline", __name__)

EXTENSIONS = ("csv", "json")
MAX_COLOURED = 7
"""Ministries with a colour of their own; the others are summed."""


@blueprint.get("/timeline")
@blueprint.get("/timeline.<extension>")
def timeline(extension: str = "") -> Response:
    """Show the designations of each ministry at the end of each year, or export them."""
    if extension not in ("", *EXTENSIONS):
        abort(404, description=", ".join(EXTENSIONS))
    found, day = computed(), requested_day("as_of", computed().today)
    made = found.cached(("over time", day), lambda: over_time(found.columns, day))
    if extension == "csv":
        return answer(as_csv(["year", *(key or "unknown" for key in made.ordered)], _rows(made)), "csv", "timeline.csv")
    if extension == "json":
        designations = {key or "unknown": list(made.designations[key]) for key in made.ordered}
        content = {"as_of": str(day), "undated": made.undated, "years": list(made.years), "designations": designations}
        return answer(as_json(content), "json")
    own = [key for key in made.ordered if key][:MAX_COLOURED]
    others = [key for key in made.ordered if key not in own]
    series = [made.designations[key] for key in own]
    if others:
        series.append([sum(values) for values in zip(*(made.designations[key] for key in others), strict=True)])
    context = {
        "day": day,
        "made": made,
        "own": own,
        "others": others,
        "series": series,
        "totals": [round(sum(values)) for values in zip(*series, strict=True)],
        "drawn": svg.stacked(made.years, series, found.reform.day),
        "size": (svg.WIDE, svg.HIGH),
        "formats": {end: url_for(".timeline", extension=end, lang=None) for end in EXTENSIONS},
        "finding_words": finding_words,
    }
    return make_response(render_template("measures/timeline.html", **context))


def _rows(made: OverTime) -> list[list[str]]:
    return [
        [str(year), *(f"{made.designations[key][place]:g}" for key in made.ordered)]
        for place, year in enumerate(made.years)
    ]
