"""Search by name: results page, exports, suggestions."""

from collections.abc import Mapping
from typing import cast

from flask import Blueprint, Response, abort, current_app, make_response, render_template, request

from kg.errors import QueryTimeout
from kg.search import MAX_HITS, Hit, Match, Name, Results, Search
from web.graph.iris import address
from web.graph.labels import name
from web.html.kind_words import KINDS
from web.http.language import gettext, language, other
from web.http.language import lazy_gettext as _
from web.http.responses import answer, as_json
from web.lists import export

blueprint = Blueprint("search", __name__)

PAGE_SIZE = 20
"""Hits on a page."""
SUGGESTIONS = 8
EXTENSIONS = ("csv", "json", export.XLSX)
REASONS = {
    "other": _("other name"),
    "former": _("older name"),
    "pinyin": _("pinyin"),
    "initials": _("initials"),
}
"""Why a hit matched, if its label does not show it."""


@blueprint.get("/search")
@blueprint.get("/search.<extension>")
def search(extension: str = "") -> Response:
    """Show the hits for a name, or export them."""
    if extension not in ("", *EXTENSIONS):
        abort(404, description=", ".join(EXTENSIONS))
    asked, kind = request.args.get("q", "").strip(), request.args.get("kind", "")
    if extension:
        limit = request.args.get("limit", MAX_HITS, int)
        if not 1 <= limit <= MAX_HITS:
            abort(400, description=f"limit: 1–{MAX_HITS}")
        found = _find(asked, kind, 0, limit)
        if extension == "json":
            return answer(as_json(_as_json(asked, kind, found)), "json")
        return _as_table(extension, asked, found)
    page = request.args.get("page", 1, int)
    if not 1 <= page <= MAX_HITS // PAGE_SIZE:
        abort(404, description=f"1–{MAX_HITS // PAGE_SIZE}")
    found = _find(asked, kind, (page - 1) * PAGE_SIZE, PAGE_SIZE)
    pages = max(-(-min(found.total, MAX_HITS) // PAGE_SIZE), 1)
    if page > pages:
        abort(404, description=f"1–{pages}")
    parameters = {"q": asked, **({"kind": kind} if kind else {})}
    return make_response(
        render_template(
            "search/search.html",
            asked=asked,
            kind=kind,
            kinds=KINDS,
            found=found,
            hits=[(hit, label(hit), reason(hit)) for hit in found.hits],
            first=(page - 1) * PAGE_SIZE + 1,
            most=MAX_HITS,
            page=page,
            pages=pages,
            formats=export.alternates(".search", EXTENSIONS, parameters) if asked else {},
        )
    )


@blueprint.get("/suggest")
def suggest() -> Response:
    """Return suggestions while typing."""
    asked = request.args.get("q", "").strip()
    try:
        hits = _index().suggest(asked, SUGGESTIONS)
    except QueryTimeout as error:
        abort(503, description=str(error))
    return answer(as_json({"query": asked, "suggestions": [_suggestion(hit) for hit in hits]}), "json")


def label(hit: Hit) -> Name:
    """Return the label of a hit in the reader's language, else in another."""
    preferred = [found for found in hit.names if found.standing == "preferred"] or list(hit.names)
    by_language = {found.language: found for found in reversed(preferred)}
    return next((by_language[code] for code in (language(), other()) if code in by_language), preferred[0])


def reason(hit: Hit) -> Match | None:
    """Return the name that matched, None if the label shows it."""
    match = hit.match
    return None if match is None or (match.how == "text" and match.name.text in label(hit).text) else match


@blueprint.app_template_global()
def reason_words(match: Match, shown: Name) -> str:
    """Return why a name matched, empty if evident."""
    standing = "" if match.name.text in shown.text else match.name.standing
    return " · ".join(str(REASONS[key]) for key in (standing, match.how) if key in REASONS)


def _find(asked: str, kind: str, offset: int, limit: int) -> Results:
    if kind and kind not in KINDS:
        abort(404, description=kind)
    try:
        return _index().find(asked, kind, offset=offset, limit=limit)
    except QueryTimeout as error:
        abort(503, description=str(error))


def _index() -> Search:
    found = current_app.extensions["guapai"].search
    if found is None:
        abort(503, description=gettext("This release has no search index."))
    return cast("Search", found)


def _suggestion(hit: Hit) -> Mapping[str, object]:
    shown, match = label(hit), reason(hit)
    found = f"{reason_words(match, shown)} {_matched(match)}".strip() if match else ""
    return {
        "name": shown.text,
        "language": shown.language,
        "kind": hit.kind,
        "kind_name": str(KINDS.get(hit.kind, hit.kind)),
        "note": " · ".join([*(name(iri).text for iri in hit.context), *([found] if found else [])]),
        "iri": hit.iri,
        "address": address(hit.iri),
    }


def _matched(match: Match) -> str:
    """Return the matched name, with its pinyin if that matched."""
    return match.name.text if match.how == "text" else f"{match.name.text} {match.name.reading}"


def _as_json(asked: str, kind: str, found: Results) -> dict[str, object]:
    return {
        "query": asked,
        "kind": kind,
        "total": found.total,
        "complete": found.complete,
        "kinds": dict(found.kinds),
        "entries": [
            {
                "iri": hit.iri,
                "kind": hit.kind,
                "names": {each.language: each.text for each in hit.names if each.standing == "preferred"},
                "context": list(hit.context),
                "matched": hit.match
                and {
                    "name": hit.match.name.text,
                    "standing": hit.match.name.standing,
                    "how": hit.match.how,
                    "bearer": hit.match.name.bearer or hit.iri,
                },
            }
            for hit in found.hits
        ],
    }


def _as_table(extension: str, asked: str, found: Results) -> Response:
    rows = []
    for hit in found.hits:
        names = {each.language: each.text for each in hit.names if each.standing == "preferred"}
        matched = (hit.match.name.text, hit.match.name.standing, hit.match.how) if hit.match else ("", "", "")
        rows.append([hit.iri, hit.kind, names.get("zh", ""), names.get("en", ""), *matched])
    columns = ["iri", "kind", "name_zh", "name_en", "matched", "standing", "how"]
    return export.table(f"search.{extension}", gettext("Search: %(asked)s", asked=asked), columns, rows)
