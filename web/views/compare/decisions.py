"""The queue of decisions: possible duplicates side by side, the doubtful first, and the line that settles each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import Blueprint, Response, abort, make_response, render_template, request

from kg.analysis.findings.finding import Finding
from kg.analysis.resolve import Names
from kg.curation import decision_lines
from kg.curation.decide import GIVEN
from kg.store import NamedNode
from web.data import Computed, computed, package
from web.graph.labels import graph
from web.graph.queries import Row
from web.html import finding_words
from web.http.language import gettext
from web.http.responses import answer, as_json
from web.lists import export
from web.views.finding import Member, members

blueprint = Blueprint("decisions", __name__)

EXTENSIONS = ("csv", "json", export.XLSX)
HEADERS = (*GIVEN, "one_name", "other_name", "likeness", "certainty")
MAX_CHARS = 500
"""Characters of a text that is taken."""
DECIDED = "duplicate"
"""Kind of findings of which every one needs a decision."""


@dataclass(frozen=True, slots=True)
class Side:
    """A designation of a pair: name, columns, records with their lists, documents with their addresses."""

    name: str
    member: Member
    records: Sequence[Row]
    sources: Sequence[Row]


@dataclass(frozen=True, slots=True)
class Question:
    """A finding that waits for a decision: both sides, and whether it was decided before on other evidence."""

    finding: Finding
    sides: tuple[Side, ...]
    reopened: bool


@blueprint.get("/decisions")
@blueprint.get("/decisions.<extension>")
def decisions(extension: str = "") -> Response:
    """Show what waits for a decision, doubtful duplicates first, or give it as a file for `guapai decide --from`."""
    if extension not in ("", *EXTENSIONS):
        abort(404, description=", ".join(EXTENSIONS))
    found = computed()
    waiting = queue(found)
    if extension:
        return _given(waiting, extension)
    asked = request.args.get("finding", "")
    pairs = [one for one in waiting if one.kind == DECIDED]
    chosen = [one for one in waiting if one.key == asked]
    if asked and not chosen:
        abort(404, description=asked)
    context = {
        "questions": [_question(found, one) for one in ([one for one in chosen if one.kind == DECIDED] or pairs)],
        "overlaps": chosen if chosen and chosen[0].kind != DECIDED else [],
        "reopened": [one for one in waiting if one.kind != DECIDED],
        "asked": asked,
        "total": len(pairs),
        "doubtful": sum(not one.ranked for one in pairs),
        "line": decision_lines.line(package().stated, chosen[0], _answer())
        if chosen and "verdict" in request.args
        else None,
        "verdicts": decision_lines.verdicts,
        "max_chars": MAX_CHARS,
        "formats": export.alternates(".decisions", EXTENSIONS, {}),
        "finding_words": finding_words,
    }
    return make_response(render_template("decisions/decisions.html", **context))


def queue(found: Computed) -> list[Finding]:
    """Return what waits today: doubtful duplicates, sure ones, then what was decided once and is open again."""
    known = list(found.findings(found.today).values())
    pairs = [one for one in known if one.kind == DECIDED and not _settled(one)]
    again = [one for one in known if one.kind != DECIDED and one.rulings and not _settled(one)]
    return [*sorted(pairs, key=lambda one: (one.ranked, -one.factors["likeness"], one.key)), *again]


def _settled(finding: Finding) -> bool:
    return any(not ruling.reopened for ruling in finding.rulings)


def _answer() -> Mapping[str, str]:
    return {name: request.args.get(name, "").strip()[:MAX_CHARS] for name in decision_lines.REQUIRED}


def _question(found: Computed, finding: Finding) -> Question:
    names = Names.of_columns(found.columns)
    sides = tuple(
        _side(member, names.shown("designation", member.designation)) for member in members(found, finding.members)
    )
    return Question(finding, sides, bool(finding.rulings))


def _side(member: Member, name: str) -> Side:
    node = NamedNode(finding_words.iri("designation", member.designation))
    records = graph().rows("resource/designation_records", designation=node)
    return Side(name, member, records, graph().rows("resource/sources_of", thing=node))


def _given(waiting: Sequence[Finding], extension: str) -> Response:
    names = Names.of_columns(computed().columns)
    rows = []
    for one in waiting:
        pair = one.members if one.kind == DECIDED else ()
        called = [names.shown("designation", member) for member in pair] or ["", ""]
        likeness = f"{one.factors['likeness']:.3f}" if one.kind == DECIDED else ""
        rows.append([*decision_lines.question(one).values(), *called, likeness, one.certainty])
    if extension != "json":
        return export.table(f"decisions.{extension}", gettext("Queue of decisions"), HEADERS, rows)
    entries = [dict(zip(HEADERS, row, strict=True)) for row in rows]
    return answer(as_json({"total": len(rows), "entries": entries}), "json")
