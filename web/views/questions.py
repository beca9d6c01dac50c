"""The competency questions, run on the release that is served, and the rules on whose facts they build."""

from flask import Blueprint, Response, abort, current_app, make_response, render_template, url_for

from kg.store import NamedNode, Solutions
from kg.store import questions as query
from kg.store.questions import Question
from web.graph.labels import graph, name
from web.http.responses import answer, as_csv, as_json, split
from web.views.question_headings import head

blueprint = Blueprint("questions", __name__)


@blueprint.get("/questions")
def questions() -> str:
    """Show all questions."""
    return render_template("questions/questions.html", questions=known())


@blueprint.get("/rules")
def rules() -> str:
    """Show the rules with their texts, in the order in which the build runs them."""
    folder = current_app.extensions["guapai"].release.rules
    found = graph().remembered("rules", lambda: query.questions(folder))
    return render_template("questions/rules.html", rules=[(rule, query.with_prefixes(rule.query)) for rule in found])


@blueprint.get("/questions/<number>")
def question(number: str) -> Response:
    """Show one question, by its number or key, with its query and its answer, or give the answer as CSV or JSON."""
    stem, ending = split(number, ("csv", "json"))
    asked = next((found for found in known() if stem == found.key or stem.lstrip("0") == str(found.number)), None)
    if asked is None:
        abort(404, description=f"1–{len(known())}")
    solutions = graph().remembered(("question", asked.key), lambda: query.rows(graph().store, asked.query))
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
    """Return the questions of the release in the order of their numbers."""
    folder = current_app.extensions["guapai"].release.questions
    return graph().remembered("questions", lambda: query.questions(folder))


def _json(asked: Question, solutions: Solutions) -> dict[str, object]:
    """Return an answer as rows of named cells; things carry their IRI and their name in the reader's language."""
    rows = [
        {
            variable: {"iri": term.value, "name": name(term).text} if isinstance(term, NamedNode) else term.value
            for variable, term in zip(solutions.variables, row, strict=True)
            if term is not None
        }
        for row in solutions.rows
    ]
    return {"question": asked.number, "titles": asked.titles, "variables": solutions.variables, "rows": rows}
