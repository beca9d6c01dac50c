"""Competency questions with their results, and the rules they rest on."""

import re
from functools import partial

from flask import Blueprint, Response, abort, current_app, make_response, render_template, url_for

from kg.store import NamedNode, Solutions
from kg.store import questions as query
from kg.store.questions import Question
from web.graph.labels import graph, name
from web.http.language import language
from web.http.responses import answer, as_csv, as_json, split_extension

blueprint = Blueprint("questions", __name__)


@blueprint.get("/questions")
def questions() -> str:
    """List all questions by topic."""
    found = known()
    return render_template("questions/questions.html", total=len(found), topics=query.by_topic(found))


@blueprint.get("/rules")
def rules() -> str:
    """Show the rules in the order of execution."""
    folder = current_app.extensions["guapai"].release.rules
    found = graph().cached("rules", lambda: query.questions(folder))
    return render_template("questions/rules.html", rules=[(rule, query.with_prefixes(rule.query)) for rule in found])


@blueprint.get("/questions/<number>")
def question(number: str) -> Response:
    """Show a question (number or key) with query and result, or export the result."""
    stem, extension = split_extension(number, ("csv", "json"))
    asked = next((found for found in known() if stem == found.key or stem.lstrip("0") == str(found.number)), None)
    if asked is None:
        abort(404, description=f"1–{len(known())}")
    solutions = graph().cached(("question", asked.key), lambda: query.rows(graph().store, asked.query))
    if extension == "csv":
        return answer(as_csv(solutions.variables, query.as_cells(solutions)), "csv", f"{asked.key}.csv")
    if extension == "json":
        return answer(as_json(_json(asked, solutions)), "json")
    context = {
        "question": asked,
        "solutions": solutions,
        "query": query.with_prefixes(asked.query),
        "formats": {
            found: url_for(".question", number=f"{asked.number}.{found}", lang=None) for found in ("csv", "json")
        },
        "head": partial(head, asked),
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


def head(asked: Question, variable: str) -> str:
    """Return the column heading of a variable by the question's header, derived from its name if it has none."""
    heading = asked.headings.get(variable, {}).get(language())
    return heading or re.sub(r"(?<=[a-z])(?=[A-Z])", " ", variable).lower()
