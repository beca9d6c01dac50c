"""List and pages of findings, on the two standing days or another, with facets and maps."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date

from flask import Blueprint, Response, abort, make_response, render_template, request, url_for

from kg.analysis.findings.finding import Finding
from kg.analysis.ministries import gaps
from kg.release.columns import COUNTRY
from kg.vocab import THINGS
from web.charts import choropleth
from web.data import Computed, computed, parse_day, requested_day, requested_keys
from web.graph import describe
from web.graph.labels import graph
from web.html import environment, finding_words
from web.http.responses import RDF, answer, as_csv, as_json
from web.lists import export
from web.lists.findings import Entry, as_content, as_table, as_workbook, choices, entries, facets, matching, places
from web.views import questions
from web.views.finding import shown

blueprint = Blueprint("findings", __name__)

PAGE_SIZE = 30
"""Findings on a page."""
ENDINGS = ("csv", "json", export.ENDING)
FACETS = ("kind", "place", "ministry", "purpose", "programme", "score", "days", "inferred", "decided")


@blueprint.get("/findings")
@blueprint.get("/findings.<ending>")
def findings(ending: str = "") -> Response:
    """Show the findings on the requested days, or export them."""
    if ending not in ("", *ENDINGS):
        abort(404, description=", ".join(ENDINGS))
    found, days = computed(), asked_days()
    chosen = requested_keys(FACETS)
    known, everything = places(found), entries(found, days)
    apart = request.args.get("possible") == "1"
    side = [entry for entry in everything if entry.ranked is not apart]
    listed = matching(side, chosen, facets(known))
    if ending == export.ENDING:
        return as_workbook(listed, days, choices(side, chosen, known), export.completeness(chosen["programme"]))
    if ending:
        return _alternate(listed, days, chosen, ending)
    pages, page = max(-(-len(listed) // PAGE_SIZE), 1), request.args.get("page", 1, int)
    if not 1 <= page <= pages:
        abort(404, description=f"1–{pages}")
    parameters = {facet: key for facet, key in chosen.items() if key}
    parameters |= {name: request.args[name] for name in ("as_of", "possible") if request.args.get(name)}
    context = {
        "days": days,
        "standing": found.days,
        "entries": listed[(page - 1) * PAGE_SIZE : page * PAGE_SIZE],
        "total": len(listed),
        "apart": apart,
        "possible": len(matching([e for e in everything if not e.ranked], chosen, facets(known))),
        "highest": {entry.kind: entry.score for entry in reversed(listed)},
        "choices": choices(side, chosen, known),
        "maps": None
        if apart
        else _maps(matching(side, {**chosen, "place": ""}, facets(known)), days, found, chosen["place"]),
        "missing": [_missing(found, day) for day in days],
        "page": page,
        "pages": pages,
        "formats": export.twins(".findings", ENDINGS, parameters),
        "finding_words": finding_words,
    }
    return make_response(render_template("findings/findings.html", **context))


@blueprint.get("/page/finding/<path:key>")
def finding(key: str) -> str:
    """Show a finding: why it was raised, evidence, both days.

    The state of a finding on a day has the key of both; its page is that of the finding on the day alone.
    """
    found, days = computed(), asked_days()
    above, _slash, last = key.rpartition("/")
    if (stated := parse_day(last, found.today)) and last != "today":
        key, days = above, (stated,)
    states = [found.findings(day).get(key) for day in days]
    known = [state for state in states if state]
    if not known:
        abort(404, description=key)
    context = {
        "key": key,
        "iri": f"{THINGS}finding/{key}",
        "days": days,
        "states": states,
        "known": known,
        "group": known[-1].group,
        "parts": finding_words.parts(known[-1].group),
        "became": _became(found, key, days) if states[0] and not states[-1] else "",
        "formats": _formats(key),
        "question": _matching_question(known[-1]),
        "finding_words": finding_words,
        **shown(found, graph(), days, states),
    }
    return render_template("findings/finding.html", **context)


def _became(found: Computed, key: str, days: Sequence[date]) -> str:
    """Return the key of the single-ministry stack that a finding turned into, else empty."""
    return next((change.became for change in found.changes(days[0], days[-1]) if change.key == key), "")


def _formats(key: str) -> Mapping[str, str]:
    """Return the addresses of a finding as data; only standing days are in the graph."""
    if not describe.exists(graph(), f"{THINGS}finding/{key}"):
        return {}
    return {end: url_for("linked_data.data", kind="finding", key=f"{key}.{end}", lang=None) for end in (*RDF, "csv")}


def _matching_question(finding: Finding) -> int | None:
    """Return the number of the competency question that finds the same groups by SPARQL, else None."""
    kind = "carrier" if finding.kind == "thematic" and "carrier" in finding.group else finding.kind
    return next((question.number for question in questions.known() if question.twin == kind), None)


def asked_days() -> tuple[date, ...]:
    """Return the day in `as_of`, else the two standing days."""
    found = computed()
    return (requested_day("as_of", found.today),) if request.args.get("as_of") else found.days


def _alternate(listed: Sequence[Entry], days: Sequence[date], chosen: Mapping[str, str], ending: str) -> Response:
    if ending == "csv":
        return answer(as_csv(*as_table(listed)), "csv", "findings.csv")
    return answer(as_json(as_content(listed, days, chosen)), "json")


def _maps(around: Sequence[Entry], days: Sequence[date], found: Computed, place: str) -> Mapping[str, object]:
    """Return maps by province, or of one province, for each day, and their table.

    Args:
        around: the entries that all filters but the place leave.
        days: the days of the list.
        found: what is computed from.
        place: the chosen place, empty where none is.
    """
    known = places(found)
    province = known[place].province if place in known and place != COUNTRY else ""
    level = "place" if province in choropleth.MUNICIPALITIES else "prefecture" if province else "province"
    counted: list[Counter[str]] = []
    for number in range(len(days)):
        codes = [entry.place for entry in around if entry.states[number] and entry.place in known]
        codes = [code for code in codes if known[code].province == province or not province]
        counted.append(Counter(code if level == "place" else getattr(known[code], level) for code in codes))
    like = [number for counts in counted for number in counts.values()]

    def link(code: str) -> str:
        return environment.here(place=code, page="")

    drawn = [choropleth.shaded(counts, link, province, like) for counts in counted]
    ordered = sorted({code for counts in counted for code in counts}, key=lambda code: (-counted[-1][code], code))
    return {
        "drawn": drawn if all(drawn) else [],
        "table": [(code, [counts[code] for counts in counted]) for code in ordered],
        "province": province,
    }


def _missing(found: Computed, day: date) -> Mapping[str, object]:
    """Return the coverage of a day: completeness of lists, designations without place or ministry."""
    return found.cached(("missing", day), lambda: _counted(found, day))


def _counted(found: Computed, day: date) -> Mapping[str, object]:
    lists = found.columns.query("SELECT completeness, count(*) FROM lists GROUP BY 1 ORDER BY 1")
    programmes, held = found.columns.query(
        "SELECT count(*), count(*) FILTER (programme IN (SELECT programme FROM designations)) FROM programmes"
    )[0]
    in_force = found.in_force(day)
    unplaced = found.columns.query(
        "SELECT designation FROM designations ANTI JOIN designation_places USING (designation) WHERE bearer = 'area'"
    )
    return {
        "lists": dict(lists),
        "programmes": programmes,
        "without_list": programmes - held,
        "in_force": len(in_force),
        "unplaced": sum(designation in in_force for (designation,) in unplaced),
        "gaps": [(programme, number) for programme, number in gaps(found.columns, day) if number],
    }
