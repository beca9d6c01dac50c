"""Competency questions with their results, and the rules they rest on."""

import re

from flask import Blueprint, Response, abort, current_app, make_response, render_template, url_for

from kg.store import NamedNode, Solutions
from kg.store import questions as query
from kg.store.questions import Question
from web.graph.labels import graph, name
from web.http.language import later as _
from web.http.responses import answer, as_csv, as_json, split_extension

blueprint = Blueprint("questions", __name__)


@blueprint.get("/questions")
def questions() -> str:
    """List all questions."""
    return render_template("questions/questions.html", questions=known())


@blueprint.get("/rules")
def rules() -> str:
    """Show the rules in the order of execution."""
    folder = current_app.extensions["guapai"].release.rules
    found = graph().cached("rules", lambda: query.questions(folder))
    return render_template("questions/rules.html", rules=[(rule, query.with_prefixes(rule.query)) for rule in found])


@blueprint.get("/questions/<number>")
def question(number: str) -> Response:
    """Show a question (number or key) with query and result, or export the result."""
    stem, ending = split_extension(number, ("csv", "json"))
    asked = next((found for found in known() if stem == found.key or stem.lstrip("0") == str(found.number)), None)
    if asked is None:
        abort(404, description=f"1–{len(known())}")
    solutions = graph().cached(("question", asked.key), lambda: query.rows(graph().store, asked.query))
    if ending == "csv":
        return answer(as_csv(solutions.variables, query.as_cells(solutions)), "csv", f"{asked.key}.csv")
    if ending == "json":
        return answer(as_json(_json(asked, solutions)), "json")
    context = {
        "question": asked,
        "solutions": solutions,
        "query": query.with_prefixes(asked.query),
        "formats": {
            found: url_for(".question", number=f"{asked.number}.{found}", lang=None) for found in ("csv", "json")
        },
        "head": head,
        "neighbours": {found.number: found for found in known()},
    }
    return make_response(render_template("questions/question.html", **context))


def known() -> list[Question]:
    """Return the questions of the release by number."""
    folder = current_app.extensions["guapai"].release.questions
    return graph().cached("questions", lambda: query.questions(folder))


def _json(asked: Question, solutions: Solutions) -> dict[str, object]:
    """Return a result as JSON; resources with IRI and label."""
    rows = [
        {
            variable: {"iri": term.value, "name": name(term).text} if isinstance(term, NamedNode) else term.value
            for variable, term in zip(solutions.variables, row, strict=True)
            if term is not None
        }
        for row in solutions.rows
    ]
    return {"question": asked.number, "titles": asked.titles, "variables": solutions.variables, "rows": rows}


HEADINGS = {
    "row": _("Row"),
    "name": _("Name"),
    "authority": _("Authority"),
    "purpose": _("Purpose"),
    "programme": _("Programme"),
    "carrier": _("Carrier"),
    "printed": _("As printed"),
    "value": _("Value"),
    "status": _("Status"),
    "region": _("Region"),
    "quote": _("Quote"),
    "designation": _("Designation"),
    "count": _("Count"),
    "approximate": _("Approximate"),
    "until": _("Until"),
    "table": _("Table"),
    "statement": _("Statement"),
    "since": _("Since"),
    "plan": _("Plan"),
    "place": _("Place"),
    "period": _("Period"),
    "otherProgramme": _("Other programme"),
    "otherMinistries": _("Its ministries"),
    "ministries": _("Ministries"),
    "measure": _("Measure"),
    "inferred": _("Inferred"),
    "development": _("Development"),
    "body": _("Body"),
    "before": _("Before"),
    "basis": _("Basis"),
    "basic": _("Basic research"),
    "applied": _("Applied research"),
    "after": _("After"),
    "words": _("In its words"),
    "what": _("What"),
    "weight": _("Weight"),
    "verdict": _("Verdict"),
    "total": _("Sum"),
    "taken": _("Taken"),
    "subject": _("One programme"),
    "sector": _("Sector"),
    "section": _("Section"),
    "role": _("Role"),
    "relation": _("Relation"),
    "record": _("Record"),
    "rank": _("Rank"),
    "positioning": _("Positioning"),
    "position": _("Position"),
    "patents": _("Patents"),
    "papers": _("Papers"),
    "outcome": _("Outcome"),
    "other": _("Stated otherwise"),
    "official": _("Official"),
    "object": _("The other"),
    "nationalDesign": _("By national design"),
    "names": _("Their names"),
    "moved": _("Moved"),
    "lists": _("Lists needed"),
    "list": _("List"),
    "label": _("Name"),
    "indicator": _("Indicator"),
    "heading": _("Heading"),
    "group": _("Group"),
    "ended": _("Ended"),
    "document": _("Document"),
    "county": _("County"),
    "country": _("Country"),
    "content": _("Content"),
    "column": _("Column"),
    "claim": _("Claim"),
    "asOf": _("As of"),
    "areas": _("Areas"),
    "areaName": _("Name of the area"),
    "area": _("Area"),
    "approvedTo": _("Approved, last possible day"),
    "approvedFrom": _("Approved, first possible day"),
    "approved": _("Approved"),
    "addsUp": _("Adds up to 100"),
}
"""Variable of a question to its column heading."""


def head(variable: str) -> str:
    """Return the column heading of a variable, derived from its name if it has none."""
    return str(HEADINGS.get(variable) or re.sub(r"(?<=[a-z])(?=[A-Z])", " ", variable).lower())
