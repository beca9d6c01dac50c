"""Ask who already has a designation for a purpose or field, in a place and around it."""

from collections import Counter
from collections.abc import Mapping
from datetime import date
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, abort, make_response, render_template, request

from kg.analysis.ask import answer as answering
from kg.analysis.ask.ask import WHERE, Answer, Question, ask
from kg.errors import QueryError
from kg.vocab import BASE, SCHEMES
from web.data import Computed, computed, requested_day
from web.graph import citation
from web.graph.labels import name
from web.html import finding_words
from web.http.language import gettext
from web.http.language import lazy_gettext as _
from web.http.responses import answer
from web.lists import export, lookup
from web.lists.lookup import Choice, choose, options

blueprint = Blueprint("ask", __name__)

MAX_SHOWN = {"here": 60, "covering": 20, "somewhere": 20}
MAX_SHOWN_ELSEWHERE = 12
"""Designations shown by distance; the exports have all."""
EXAMPLES = (
    ("320583", "technology-transfer", "integrated-circuits"),
    ("110117", "agri-modernisation", ""),
    ("340100", "", "artificial-intelligence"),
)
"""Example questions: place, purpose and field."""
PARTS = ("place", "purpose", "programme", "field")
EXTENSIONS = ("csv", "json", export.XLSX)
DISTANCES = {
    "here": _("Here"),
    "covering": _("Covering the place"),
    "somewhere": _("In the same prefecture, possibly here"),
    "prefecture": _("Elsewhere in the prefecture"),
    "province": _("Elsewhere in the province"),
}
"""Location of a designation relative to the place, nearest first."""
MATCHES = {
    "same": _("the same"),
    "near": _("of the same group"),
    "unknown": _("not stated"),
    "touching": _("another"),
}
"""How well a designation matches the purpose or field."""
COUNTS = {
    "here": _("designations here"),
    "purpose and field": _("same purpose and field"),
    "purpose": _("same purpose"),
    "related purpose": _("related purpose"),
    "field": _("same field"),
    "related field": _("related field"),
    "elsewhere": _("elsewhere in the prefecture"),
}
"""What designations have in common with the question."""


@blueprint.get("/ask", endpoint="ask")
@blueprint.get("/ask.<extension>", endpoint="ask")
def ask_page(extension: str = "") -> Response:
    """Show the form and the designations in the place, the prefecture and the province."""
    if extension not in ("", *EXTENSIONS):
        abort(404, description=", ".join(EXTENSIONS))
    found = computed()
    day = requested_day("as_of", found.today)
    asking = form()
    choices = asking["choices"]
    answered, refused = _answer(found, choices, day)
    if extension:
        if answered is None:
            unclear = ". ".join(filter(None, map(lookup.unclear, choices.values())))
            abort(400, description=refused or unclear or "place, and purpose | programme | field")
        return _alternate(answered, extension)
    parameters: dict[str, Any] = {kind: choice.key for kind, choice in choices.items() if choice.key}
    parameters |= {"as_of": request.args["as_of"]} if request.args.get("as_of") else {}
    cited = f"{BASE}ask?{urlencode(parameters)}" if answered else ""
    if said := citation.requested(gettext("Who already has a designation for this?"), cited):
        return said
    context = {
        "day": day,
        "asking": asking,
        "answer": answered,
        "refused": refused,
        "wheres": DISTANCES,
        "matches": MATCHES,
        "by_where": _by_where(answered) if answered else {},
        "in_common": {COUNTS[key]: number for key, number in answering.counts(answered).items()} if answered else {},
        "periods": _periods(found, answered) if answered else {},
        "carriers": _carriers(found, answered) if answered else {},
        "counts": Counter(holder.where for holder in answered.holders) if answered else {},
        "examples": EXAMPLES,
        "cited": cited,
        "formats": export.alternates(".ask", EXTENSIONS, parameters) if answered else {},
        "finding_words": finding_words,
    }
    return make_response(render_template("ask/ask.html", **context))


def answered() -> Answer | None:
    """Return the answer to the question of the request, None where it is not one."""
    found = computed()
    choices = {kind: choose(kind, kind) for kind in PARTS}
    return _answer(found, choices, requested_day("as_of", found.today))[0]


def form() -> dict[str, Any]:
    """Return the template context of the form: choices in the address and options."""
    found = computed()
    return {
        "choices": {kind: choose(kind, kind) for kind in PARTS},
        "options": options("programme"),
        "grouped": {kind: _grouped(found, kind) for kind in ("purpose", "field")},
    }


def _answer(found: Computed, choices: Mapping[str, Choice], day: date) -> tuple[Answer | None, str]:
    """Return the answer, or none and the reason of a refusal."""
    keys = {kind: choice.asked if kind == "place" else choice.key for kind, choice in choices.items()}
    unclear = any(choice.asked and not choice.key for choice in choices.values())
    if not choices["place"].key or unclear:
        return None, ""
    question = Question(keys["place"], day, keys["purpose"], keys["programme"], keys["field"])
    try:
        return found.cached(("ask", question), lambda: ask(found.columns, question)), ""
    except QueryError as error:
        return None, str(error)


def _by_where(answered: Answer) -> Mapping[str, Mapping[str, Any]]:
    """Return by distance the designations shown and the numbers by programme."""
    made: dict[str, Mapping[str, Any]] = {}
    for where in WHERE:
        holders = [holder for holder in answered.holders if holder.where == where]
        if holders:
            kinds = Counter(holder.programme for holder in holders).most_common()
            made[where] = {
                "holders": holders[: MAX_SHOWN.get(where, MAX_SHOWN_ELSEWHERE)],
                "total": len(holders),
                "kinds": kinds,
            }
    return made


def _periods(found: Computed, answered: Answer) -> Mapping[str, str]:
    """Return the dates of approval as precisely as the records state them."""
    rows = found.columns.query(
        "SELECT designation, approved_first, approved_last FROM designations WHERE dated AND "
        "list_contains($designations, designation)",
        {"designations": [holder.designation for holder in answered.holders] or [""]},
    )
    return {designation: finding_words.period(first, last) for designation, first, last in rows}


def _carriers(found: Computed, answered: Answer) -> Mapping[str, list[str]]:
    """Return the keys of the carriers of each designation."""
    rows = found.columns.query(
        "SELECT designation, list(carrier ORDER BY carrier) FROM designation_carriers "
        "WHERE list_contains($designations, designation) GROUP BY designation",
        {"designations": [holder.designation for holder in answered.holders] or [""]},
    )
    return dict(rows)


def _grouped(found: Computed, kind: str) -> list[tuple[str, str, list[tuple[str, str]]]]:
    """Return groups of purposes or fields as key, label and members."""
    sql = {
        "purpose": "SELECT purpose, purpose_group FROM purposes ORDER BY 2, 1",
        "field": "SELECT field, coalesce(nullif(broader, ''), field) FROM fields ORDER BY 2, 1",
    }[kind]
    rows = found.cached(("grouped", kind), lambda: found.columns.query(sql))
    groups: dict[str, list[tuple[str, str]]] = {}
    for key, group in rows:
        groups.setdefault(group, [])
        if key != group:
            groups[group].append((key, _name(kind, key)))
    return [(group, _name(kind, group), members) for group, members in groups.items()]


def _name(kind: str, key: str) -> str:
    return name(f"{SCHEMES}{kind}/{key}").text


def _alternate(answered: Answer, extension: str) -> Response:
    if extension == "json":
        return answer(answering.as_json(answered), "json")
    rows, title = answering.key_rows(answered.holders), gettext("Who already has a designation for this?")
    return export.table(f"ask.{extension}", title, answering.KEY_HEADERS, rows, export.completeness())
