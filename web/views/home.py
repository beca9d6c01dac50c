"""Home page and About page."""

from collections import Counter

from flask import Blueprint, Response, current_app, redirect, render_template, url_for

from kg.analysis.findings import find
from kg.analysis.findings.finding import STRENGTHS
from kg.vocab import DATASET, SCHEMES, TERMS, THINGS
from web.charts import choropleth
from web.data import computed, standing_dates
from web.graph import citation
from web.graph.findings import finding_places, moved, sensitivity, strongest, without_inferred
from web.graph.labels import graph, today
from web.graph.matrix import by_group
from web.graph.queries import last_part, value
from web.http.language import gettext
from web.lists import counts, totals
from web.views import ask

blueprint = Blueprint("home", __name__)

TOP_KINDS = ("territorial", "thematic", "stacking")
"""Kinds of findings that the home page links, the first with its strongest."""
MARKS = ("place-basis/derived", "status/inferred", "status/disputed", "status/unsourced", "certainty/possible")
"""Concepts explained as marks."""


@blueprint.get("/")
def home() -> str:
    """The home page: content, coverage and gaps of the release, top findings."""
    site = current_app.extensions["guapai"]
    rows = graph().cached("counts", lambda: graph().rows("graph/counts"))
    numbers = {last_part(value(row, "class")): int(value(row, "count")) for row in rows}
    unsourced = graph().cached("unsourced", lambda: graph().rows("quality/unsourced"))
    coverage = sorted(totals.coverage().items(), key=lambda entry: (-entry[1].designations, entry[0]))
    days = standing_dates(today())
    return render_template(
        "home/home.html",
        numbers=numbers,
        records=counts.records(),
        placed=counts.placed(),
        coverage=[(f"{THINGS}programme/{key}", found) for key, found in coverage],
        without=totals.without_list(),
        unsourced=sum(int(value(row, "statements")) for row in unsourced),
        matrix=by_group(graph(), today()),
        asking=ask.form() if site.computed else None,
        days=days,
        tops=[(kind, TERMS + find.KINDS[kind].term) for kind in TOP_KINDS],
        strongest=lambda kind, day: strongest(graph(), kind, day),
        moved=moved(graph(), *days) if len(days) > 1 else None,
        sensitivity=sensitivity(graph()),
        inferred=without_inferred(sensitivity(graph()), today()),
        map=_map() if site.computed else None,
    )


def _map() -> choropleth.Map | None:
    """Return today's map of territorial overlaps by province."""
    found: Counter[str] = Counter()
    for place, number in finding_places(graph(), "territorial", today()):
        found[place[:2] + "0000"] += number
    return choropleth.shaded(
        found,
        lambda code: url_for("findings.findings", kind="territorial", place=code),
        unknown=choropleth.barely_placed(computed().columns, "province"),
    )


@blueprint.get("/favicon.ico")
def favicon() -> Response:
    """Redirect to the icon."""
    return redirect(url_for("static", filename="plate.svg"), 301)  # type: ignore[return-value]


@blueprint.get("/about")
def about() -> str | Response:
    """The About page."""
    if said := citation.requested(gettext("Guapai (挂牌)"), DATASET):
        return said
    kinds = [(kind, TERMS + found.term) for kind, found in find.KINDS.items()]
    return render_template(
        "home/about.html",
        kinds=kinds,
        marks=[SCHEMES + mark for mark in MARKS],
        strengths=[f"{SCHEMES}strength/{key}" for key in STRENGTHS],
    )
