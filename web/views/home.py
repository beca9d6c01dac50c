"""The front page, and the one page of every thing."""

from collections import Counter
from collections.abc import Mapping, Sequence

from flask import Blueprint, Response, abort, current_app, redirect, render_template, request, url_for

from kg.analysis.findings import find
from kg.analysis.in_force import standing_days
from kg.release.columns import COUNTRY
from kg.vocab import KINDS, PREFIXES, TERMS, THINGS
from web.charts import choropleth
from web.graph import resource
from web.graph.findings import FACETS, highest, meeting, raised
from web.graph.iris import local, node
from web.graph.labels import graph, today
from web.graph.matrix import by_group
from web.graph.queries import Graph, expanded, last_part, value
from web.http.responses import RDF
from web.lists import counts, totals
from web.views import ask
from web.views.resource import PARTS, Part

blueprint = Blueprint("pages", __name__)

LISTS = {
    "programme": "programmes",
    "mandate": "mandates",
    "designation": "designations",
    "carrier": "carriers",
    "place": "places",
    "region": "regions",
    "source": "sources",
    "claim": "claims",
    "purpose": "purposes",
    "position": "positions",
    **dict.fromkeys(("table", "row", "record", "column"), "tables"),
    "authority": "authorities",
}
"""Kind of thing or scheme of concepts to the list in which it stands."""

TOPS = ("territorial", "thematic", "stacking")
"""Kinds of findings whose highest scores open the site."""


@blueprint.get("/")
def home() -> str:
    """Show what this is, what it holds and how much of the whole that is, what it answers and what it lacks."""
    site = current_app.extensions["guapai"]
    rows = graph().cached("counts", lambda: graph().rows("graph/counts"))
    numbers = {last_part(value(row, "class")): int(value(row, "count")) for row in rows}
    unsourced = graph().cached("unsourced", lambda: graph().rows("quality/unsourced"))
    coverage = sorted(totals.coverage().items(), key=lambda entry: (-entry[1].designations, entry[0]))
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
        days=[str(day) for day in standing_days(site.release.data_as_of)],
        tops=[(kind, TERMS + find.KINDS[kind].term) for kind in TOPS],
        highest=lambda kind, day: highest(graph(), kind, day),
        maps=_maps() if site.computed else (),
    )


def _maps() -> Sequence[choropleth.Map | None]:
    """Return the maps of designations and of territorial overlaps of today, each by province."""
    found: Counter[str] = Counter()
    for place, number in meeting(graph(), "territorial", today()):
        found[place[:2] + "0000"] += number
    designations = choropleth.of(counts.spread("place", COUNTRY), "lists.designations", {})
    overlaps = choropleth.shaded(found, lambda code: url_for("findings.findings", kind="territorial", place=code))
    return designations, overlaps


@blueprint.get("/favicon.ico")
def favicon() -> Response:
    """Send browsers that ask by habit, such as beside a file of data, to the designation."""
    return redirect(url_for("static", filename="plate.svg"), 301)  # type: ignore[return-value]


@blueprint.get("/page/<kind>/<path:key>")
def page(kind: str, key: str) -> str:
    """Show everything about one thing."""
    if kind not in KINDS:
        abort(404, description=f"{kind}/{key}")
    return entity(f"{THINGS}{kind}/{key}", kind, key, PARTS.get(kind))


def entity(iri: str, kind: str, key: str, part: Part | None) -> str:
    """Show a thing or concept: its own part first, then all statements, what points to it, and how to take it along."""
    asked = _asked_property()
    number = max(request.args.get("page", 1, int), 1)
    thing = resource.read(graph(), node(iri).value, asked, number)
    if thing is None:
        abort(404, description=iri)
    if asked and not any(found.things for found in thing.incoming):
        abort(404, description=asked)
    context = {
        "thing": thing,
        "kind": kind,
        "key": key,
        "names": graph().labels(iri),
        "listing": LISTS.get(kind, ""),
        "part": kind if part else "",
        "asked": asked,
        "messages": resource.messages(graph(), thing),
        "sources": resource.documents(graph(), thing),
        "formats": _formats(kind, key),
        "raised": _raised(thing, kind),
        **(_shown(part, graph(), thing) if part else {}),
    }
    return render_template("resource/page.html", **context)


def _raised(thing: resource.Thing, kind: str) -> Mapping[str, object]:
    """Return the findings that a thing takes part in, the days on which they are looked at, and the filter for all."""
    found = raised(graph(), thing, kind)
    return {
        "kinds": found,
        "days": sorted({day for one in found for finding in one.shown for day in finding.scores}),
        "classes": {one.key: TERMS + find.KINDS[one.key].term for one in found},
        "facet": FACETS.get(kind, ""),
    }


def _shown(part: Part, found: Graph, thing: resource.Thing) -> Mapping[str, object]:
    return {"own": part(found, thing, today())}


def _formats(kind: str, key: str) -> Mapping[str, str]:
    """Return the address of the same thing as data by ending; concepts carry the ending themselves."""
    whole = local(f"{'data' if kind in KINDS else 'scheme'}/{kind}/{key}", carry=False)
    return {ending: f"{whole}.{ending}" for ending in (*RDF, "csv")}


def _asked_property() -> str:
    """Return the IRI of the property whose incoming links are asked for page by page, empty where none is."""
    asked = request.args.get("from", "")
    if not asked:
        return ""
    iri = expanded(asked)
    if iri is None:
        abort(404, description=f"{asked}: {', '.join(PREFIXES)}")
    return node(iri).value
