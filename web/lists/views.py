"""Pages of lists: selection, facets, rows, maps, links to exports."""

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any

from flask import Blueprint, Response, abort, make_response, render_template, request
from werkzeug.datastructures import MultiDict

from kg.release.columns import COUNTRY
from web.charts import choropleth
from web.graph import citation
from web.graph.labels import graph, today
from web.graph.matrix import by_purpose
from web.html.environment import here
from web.http.responses import answer, as_json
from web.lists import counts, export
from web.lists.choices import choices, chosen, suggestions
from web.lists.definitions import Definition
from web.lists.designations import DESIGNATIONS, UNDATED
from web.lists.query import Query, read
from web.lists.registers import CARRIERS, GAPS, LISTS, PLACES
from web.lists.things import THINGS_LISTED

blueprint = Blueprint("lists", __name__)
LEVELS = ("province", "prefecture", "county")

More = Callable[[Query], Mapping[str, Any]]
"""Further context of a template."""


def show(
    definition: Definition,
    extension: str = "",
    *,
    sheet: Callable[[Mapping[str, Any]], export.Sheet] | None = None,
    template: str = "lists/list.html",
    more: More | None = None,
) -> Response:
    """Show a list, or export it.

    Args:
        definition: the list.
        extension: one of `export.EXTENSIONS`, empty for the page.
        sheet: makes the exporter from `Source.found`, where the columns do not define the export.
        template: extends the template of all lists.
        more: returns further context of the template.
    """
    export.offered(extension)
    query = read(definition, request.args)
    definition = query.definition
    if extension:
        made = sheet(query.source.found) if sheet else export.Sheet(definition)
        return export.give(query.exported, made, extension, chosen(query))
    if said := citation.requested(str(definition.title)):
        return said
    pages = max(-(-query.total // definition.length), 1)
    page = request.args.get("page", 1, int)
    if not 1 <= page <= pages:
        abort(404, description=f"1–{pages}")
    years = query.counts().get("year", ())
    also = {name: request.args[name] for name in definition.parameters if request.args.get(name)}
    context = {
        "listing": definition,
        "query": query,
        "rows": query.page(page),
        "total": query.total,
        "page": page,
        "pages": pages,
        "choices": choices(query),
        "years": _years(years),
        "undated": dict(years).get(UNDATED, 0),
        "map": _map(query),
        "formats": export.alternates(request.endpoint or "", export.EXTENSIONS, {**query.kept, **also}),
        **(more(query) if more else {}),
    }
    return make_response(render_template(template, **context))


def counties(definition: Definition) -> Response:
    """Suggest counties by a part of a name in `q`, with the rows that the other filters leave."""
    asked = MultiDict((name, text) for name, text in request.args.items(multi=True) if name != "q")
    found = suggestions(read(definition, asked), definition.facet("county"), request.args.get("q", ""))
    return answer(as_json({"query": request.args.get("q", ""), "suggestions": found}), "json")


def _matrix(_query: Query) -> Mapping[str, Any]:
    return {"matrix": by_purpose(graph(), today())}


OWN_PAGES: Mapping[str, tuple[str, More | None]] = {
    "purposes": ("lists/purposes.html", _matrix),
    "gaps": ("lists/gaps.html", None),
}
"""Lists with further content: template and its context."""
PLAIN = (DESIGNATIONS, CARRIERS, PLACES, LISTS, GAPS, *THINGS_LISTED)
"""Lists without a view of their own."""


def _register(definition: Definition) -> None:
    name = definition.name
    template, more = OWN_PAGES.get(name, ("lists/list.html", None))
    shown = partial(show, definition, template=template, more=more)
    blueprint.add_url_rule(f"/{name}", name, shown)
    blueprint.add_url_rule(f"/{name}.<extension>", name, shown)
    if any(facet.name == "county" for facet in definition.facets):
        blueprint.add_url_rule(f"/{name}/counties", f"{name}_counties", partial(counties, definition))


for _definition in PLAIN:
    _register(_definition)


def _years(keys: Iterable[tuple[str, int]]) -> list[tuple[str, int]]:
    """Return all years from first to last with their numbers of designations."""
    known = {int(key): count for key, count in keys if key.isdecimal()}
    return [(str(year), known.get(year, 0)) for year in range(min(known), max(known) + 1)] if known else []


def _map(query: Query) -> choropleth.Map | None:
    """Return the map by province, or of the selected one; of the list of places, the map of designations."""
    levels = [facet.name for facet in query.definition.facets if facet.name in LEVELS]
    if not levels:
        return None
    provinces = query.chosen.get("province", ()) if "prefecture" in levels else ()
    province = provinces[0] if len(provinces) == 1 else ""
    above = {"province": province} if province else {}
    districts = choropleth.has_districts(province) and "county" in levels
    if districts:
        above["prefecture"] = province
    level = "county" if districts else "prefecture" if province else "province"
    if query.definition.name == "places":
        programmes = query.chosen.get("programme", (COUNTRY,))
        found = counts.spread("programmes" if "programme" in query.chosen else "place", " ".join(programmes), province)
    else:
        asked = {**query.without(*levels).chosen, **{name: (key,) for name, key in above.items()}}
        found = dict(query.choosing(asked).counts().get(level, ()))
    kept = {**above, **dict.fromkeys(("county", "page"), "")}
    return choropleth.shaded(found, lambda code: here(**{**kept, level: code}), province)
