"""Match a pasted column of names to keys, as `/reconcile` and `guapai match` do."""

from collections.abc import Sequence

from flask import Blueprint, Response, abort, make_response, render_template, request

from kg.analysis.matching import KINDS, Asked, Match, Matcher
from web.data import computed
from web.graph.labels import name
from web.html.kind_words import KINDS as KIND_WORDS
from web.http.language import gettext
from web.lists import export

blueprint = Blueprint("match", __name__)

MAX_NAMES = 1_000
"""Names of a pasted column; `guapai match` takes more."""
MAX_BODY_BYTES = 1 << 19
EXAMPLE = "昆山\n鼓楼区\t南京\n江苏省太仓市\nkunshan"
EXTENSIONS = ("csv", export.XLSX)
HEADS = ("name", "kind", "key", "iri", "matched", "score", "sure", "fit")


@blueprint.before_request
def limit_body() -> None:
    """Limit the size of a pasted column."""
    request.max_content_length = request.max_form_memory_size = MAX_BODY_BYTES


@blueprint.route("/match", methods=["GET", "POST"])
@blueprint.route("/match.<extension>", methods=["POST"])
def match(extension: str = "") -> Response:
    """Show the form and the things that pasted names mean, or give them as a table."""
    if extension not in ("", *EXTENSIONS):
        abort(404, description=", ".join(EXTENSIONS))
    pasted, kind = request.form.get("names", ""), request.form.get("kind", "")
    if kind not in ("", *KINDS):
        abort(404, description=", ".join(KINDS))
    asked = _asked(pasted, kind)
    found = Matcher.of_columns(computed().columns).match(asked)
    if extension:
        rows = [_row(each, matches) for each, matches in zip(asked, found, strict=True)]
        return export.table(f"match.{extension}", gettext("Match a list of names"), HEADS, rows)
    page = render_template(
        "match/match.html",
        pasted=pasted,
        kind=kind,
        kinds=[(each, KIND_WORDS[each]) for each in KINDS],
        example=EXAMPLE,
        rows=list(zip(asked, found, strict=True)),
        sure=sum(bool(matches) and matches[0].sure for matches in found),
        most=MAX_NAMES,
    )
    return make_response(page)


def _asked(pasted: str, kind: str) -> list[Asked]:
    """Return what the lines of a text ask: a name and, after a tab, the place where it lies."""
    lines = [line for line in pasted.splitlines() if line.strip()]
    if len(lines) > MAX_NAMES:
        abort(413, description=gettext("At most %(most)s names; `guapai match` takes more.", most=MAX_NAMES))
    cells = [[cell.strip() for cell in line.split("\t")] for line in lines]
    return [Asked(first, kind, place=rest[0] if rest else "") for first, *rest in cells]


def _row(asked: Asked, found: Sequence[Match]) -> list[str]:
    if not found:
        return [asked.text, *[""] * (len(HEADS) - 1)]
    best = found[0]
    told = [f"{100 * best.score:.1f}", str(best.sure).lower(), best.fit]
    return [asked.text, best.kind, best.key, best.iri, name(best.iri).text, *told]
