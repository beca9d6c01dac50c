"""The list of findings on the two standing days or any other, with facets, maps and exports."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for

from kg.analysis.findings import find
from kg.analysis.findings.finding import TIERS, Finding, rank
from kg.analysis.ministries import gaps
from kg.release.columns import COUNTRY
from kg.vocab import BASE, THINGS
from web.charts import choropleth
from web.data import KEY_PATTERN, Computed, computed, parse_day
from web.graph import citation, describe
from web.graph.findings import sensitivity
from web.graph.labels import graph
from web.html import environment, finding_words
from web.http.responses import RDF
from web.lists import views
from web.lists.finding_sheet import FindingSheet
from web.lists.findings import FINDINGS, Entry, asked_days, places, with_equal_members
from web.lists.query import Query
from web.views import questions
from web.views.finding import shown

blueprint = Blueprint("findings", __name__)
GAP = "gap/"
"""How the keys of coverage gaps begin."""


@blueprint.get("/findings")
@blueprint.get("/findings.<extension>")
def findings(extension: str = "") -> Response:
    """Show what overlaps on the days asked for, or give the whole of it as data."""
    for facet in FINDINGS.facets:
        for key in request.args.getlist(facet.name):
            if not KEY_PATTERN.fullmatch(key) or (facet.name == "kind" and key and key not in find.KINDS):
                abort(404, description=", ".join(find.KINDS) if facet.name == "kind" else key)
    return views.show(FINDINGS, extension, sheet=FindingSheet, template="findings/findings.html", more=_more)


def _more(query: Query) -> Mapping[str, Any]:
    found, days, entries = computed(), asked_days(), query.source.found
    apart = query.chosen.get("possible") == ("1",)
    places_asked = query.chosen.get("place", ())
    around = () if apart else [entries[key] for key in query.without("place").all_keys()]
    # Bars compare scores of one kind, and stand only where one is chosen.
    kinds = [entries[key] for key in query.all_keys()] if "kind" in query.chosen else []
    return {
        "days": days,
        "standing": found.days,
        "entries": entries,
        "apart": apart,
        "possible": query.choosing({**query.chosen, "possible": ("1",)}).total,
        "each": query.choosing({**query.chosen, "listed": ("all",)}).total,
        "sensitivity": [one for one in sensitivity(graph()) if one.day in map(str, days)],
        "others": [with_equal_members(found, day) for day in days],
        "highest": {entry.kind: entry.score for entry in reversed(kinds)},
        "maps": None if apart else _maps(around, days, found, places_asked[0] if len(places_asked) == 1 else ""),
        "ordered_by_strength": bool(kinds and kinds[0].kind in TIERS[0]),
        "missing": [_missing(found, day) for day in days],
        "finding_words": finding_words,
    }


@blueprint.get("/page/finding/<path:key>")
def finding(key: str) -> str | Response:
    """Show one finding: why it was raised, what it rests on, and how it looks on both days.

    The state of a finding on a day has the key of both; its page is that of the finding on the day alone.
    """
    if key.startswith(GAP):  # coverage gaps were findings before they became a table
        return redirect(url_for("lists.gaps", strategy=key.split("/")[1]), 301)  # type: ignore[return-value]
    found, days = computed(), asked_days()
    above, _slash, last = key.rpartition("/")
    if (stated := parse_day(last, found.today)) and last != "today":
        key, days = above, (stated,)
    states = [found.findings(day).get(key) for day in days]
    known = [state for state in states if state]
    if not known:
        abort(404, description=key)
    cited = _cited(found, key, days)
    if said := citation.requested(finding_words.title(known[-1]), cited):
        return said
    context = {
        "key": key,
        "iri": f"{THINGS}finding/{key}",
        "cited_iri": cited,
        "days": days,
        "states": states,
        "known": known,
        "group": known[-1].group,
        "parts": finding_words.parts(known[-1].group),
        "alike": _with_equal_members(found, known[-1]),
        "became": _became(found, key, days) if states[0] and not states[-1] else "",
        "formats": _formats(key),
        "question": _matching_question(known[-1]),
        "finding_words": finding_words,
        **shown(found, graph(), days, states),
    }
    return render_template("findings/finding.html", **context)


def _cited(found: Computed, key: str, days: Sequence[date]) -> str:
    """Return what a page of a finding cites: the finding, its state on a standing day, or the page of another day."""
    if len(days) > 1:
        return f"{THINGS}finding/{key}"
    return f"{THINGS if days[0] in found.days else f'{BASE}page/'}finding/{key}/{days[0]}"


def _with_equal_members(found: Computed, finding: Finding) -> list[Finding]:
    """Return the other ranked findings of the day with the same members, in their order."""
    findings = found.findings(finding.as_of).values()
    return rank(one for one in findings if one.ranked and one.key != finding.key and one.members == finding.members)


def _became(found: Computed, key: str, days: Sequence[date]) -> str:
    """Return the key of the stack of one ministry with the designations of a finding on the last of some days."""
    return next((change.became for change in found.changes(days[0], days[-1]) if change.key == key), "")


def _formats(key: str) -> Mapping[str, str]:
    """Return the addresses of a finding as data; only those of the standing days are in the graph."""
    if not describe.exists(graph(), f"{THINGS}finding/{key}"):
        return {}
    return {end: url_for("linked_data.data", kind="finding", key=f"{key}.{end}", lang=None) for end in (*RDF, "csv")}


def _matching_question(finding: Finding) -> int | None:
    """Return the number of the competency question that finds the same groups by SPARQL, None where there is none."""
    kind = "carrier" if finding.kind == "thematic" and "carrier" in finding.group else finding.kind
    return next((question.number for question in questions.known() if question.finds == kind), None)


def _maps(around: Sequence[Entry], days: Sequence[date], found: Computed, place: str) -> Mapping[str, object]:
    """Return for each day the map of provinces, or of the province of a chosen place, and the table of all days.

    Args:
        around: the entries that all filters but the place leave.
        days: the days of the list.
        found: what is computed from.
        place: the chosen place, empty where none is.
    """
    known = places(found)
    province = known[place].province if place in known and place != COUNTRY else ""
    level = "place" if choropleth.has_districts(province) else "prefecture" if province else "province"
    counted: list[Counter[str]] = []
    for number in range(len(days)):
        shown = [entry for entry in around if (state := entry.states[number]) and not state.listed_under]
        codes = [entry.place for entry in shown if entry.place in known]
        codes = [code for code in codes if known[code].province == province or not province]
        counted.append(Counter(code if level == "place" else getattr(known[code], level) for code in codes))
    like = [number for counts in counted for number in counts.values()]

    def link(code: str) -> str:
        return environment.here(place=code, page="")

    barely = choropleth.barely_placed(found.columns, "prefecture" if province else "province")
    unknown = frozenset() if level == "place" else barely
    drawn = [choropleth.shaded(counts, link, province, like, unknown) for counts in counted]
    ordered = sorted({code for counts in counted for code in counts}, key=lambda code: (-counted[-1][code], code))
    return {
        "drawn": drawn if all(drawn) else [],
        "table": [(code, [counts[code] for counts in counted]) for code in ordered],
        "province": province,
    }


def _missing(found: Computed, day: date) -> Mapping[str, object]:
    """Return what takes no part on a day, and how whole the lists are, so that nobody takes the list for the world."""
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
        "not_known": len(found.not_known(day)),
        "unplaced": sum(designation in in_force for (designation,) in unplaced),
        "gaps": [(programme, number) for programme, number in gaps(found.columns, day) if number],
    }
