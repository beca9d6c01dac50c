"""`/reconcile`: the Reconciliation Service API 0.2 of the W3C community group, as OpenRefine asks it."""

import json
from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from typing import Any, TypeVar, cast

from flask import Blueprint, Response, abort, current_app, make_response, render_template, request, url_for

from kg.analysis.matching import KINDS, Asked, Match, Matcher
from kg.errors import QueryTimeout
from kg.vocab import BASE, TERMS
from web.api.properties import Properties, constraints, entity
from web.data import computed
from web.graph import describe
from web.graph.iris import kind_and_key
from web.graph.labels import graph, name
from web.html.kind_words import KINDS as KIND_WORDS
from web.http.language import gettext
from web.http.responses import allow_frames, answer

blueprint = Blueprint("reconciliation", __name__)

VERSIONS = ["0.1", "0.2"]
MAX_QUERIES = 100
"""Queries of a batch; OpenRefine sends ten."""
MAX_IDS = 200
"""Things of a request for properties."""
MAX_BODY_BYTES = 1 << 20
LIMIT, MAX_LIMIT = 10, 50
"""Candidates of a query where it names no limit, and at most."""
SUGGESTIONS = 12
SUGGESTED = ("entity", "type", "property")
PREVIEW_WIDTH, PREVIEW_HEIGHT = 420, 260
CARD = 6
"""Properties on the card of a thing."""
NOTHING: list[Any] = []
Content = TypeVar("Content")


@blueprint.before_request
def limit_body() -> None:
    """Limit the size of a batch."""
    request.max_content_length = request.max_form_memory_size = MAX_BODY_BYTES


@blueprint.after_request
def allow_posting(response: Response) -> Response:
    """Let pages of other sites ask by POST, too."""
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Access-Control-Allow-Methods"] = "GET, HEAD, POST, OPTIONS"
    response.headers["Access-Control-Allow-Headers"] = "Accept, Accept-Language, Content-Type"
    return response


@blueprint.route("/reconcile", methods=["GET", "POST"])
def reconcile() -> Response:
    """Answer a batch of queries or a request for properties, else describe the service."""
    given = request.values
    if "queries" in given:
        return _json(_answered(_batch("queries", given["queries"])))
    if "extend" in given:
        return _json(_extended(_read("extend", given["extend"])))
    return _json(_manifest())


@blueprint.get("/reconcile/suggest/<what>")
def suggest(what: str) -> Response:
    """Suggest entities, types, or properties that a query may have, by the beginning of a name."""
    prefix = request.args.get("prefix", "").strip()
    if what == "entity":
        return _json({"result": _entities(prefix)})
    if what == "type":
        return _json({"result": [kind for kind in map(_type, KINDS) if _begins(kind, prefix)]})
    if what == "property":
        return _json({"result": [each.said for each in constraints().values() if _begins(each.said, prefix)]})
    return abort(404, description=", ".join(SUGGESTED))


@blueprint.get("/reconcile/properties")
def properties() -> Response:
    """Propose properties of a type, to be fetched."""
    kind = request.args.get("type", "").removeprefix(TERMS)
    limit = request.args.get("limit", MAX_LIMIT, int)
    found = [each.said for each in Properties(kind).known.values()][: max(limit, 0)]
    return _json({"type": kind, "properties": found, "limit": limit})


@blueprint.get("/reconcile/preview")
def preview() -> Response:
    """Show a thing as a card, which other sites may frame."""
    iri = BASE + request.args.get("id", "").removeprefix(BASE)
    kind, key = kind_and_key(iri)
    if kind not in KINDS or not describe.exists(graph(), iri):
        abort(404, description=iri)
    own = Properties(kind)
    rows = [(str(each.title), own.values(each, [key])[key]) for each in list(own.known.values())[:CARD]]
    shown = [(title, [str(list(value.values())[-1]) for value in values]) for title, values in rows if values]
    card = render_template("reconciliation/preview.html", iri=iri, kind=KIND_WORDS[kind], rows=shown)
    return allow_frames(make_response(card))


def _manifest() -> Mapping[str, object]:
    root = url_for("home.home", _external=True, lang=None)
    here = url_for(".reconcile", _external=True, lang=None)
    service = {"service_url": here}
    return {
        "versions": VERSIONS,
        "name": gettext("Guapai"),
        "identifierSpace": BASE,
        "schemaSpace": TERMS,
        "documentation": f"{root}about",
        "serviceVersion": current_app.extensions["guapai"].release.id,
        "view": {"url": root + "{{id}}"},
        "defaultTypes": [_type(kind) for kind in KINDS],
        "suggest": {what: {**service, "service_path": f"/suggest/{what}"} for what in SUGGESTED},
        "preview": {"url": here + "/preview?id={{id}}", "width": PREVIEW_WIDTH, "height": PREVIEW_HEIGHT},
        "extend": {"propose_properties": {**service, "service_path": "/properties"}, "property_settings": []},
    }


def _json(content: Mapping[str, object]) -> Response:
    """Return content as JSON without spaces, which programs read and the encoder in C writes."""
    response = answer(json.dumps(content, ensure_ascii=False, separators=(",", ":")), "json")
    if request.method == "POST":
        response.headers["Cache-Control"] = "no-store"
    return response


def _read(parameter: str, text: str) -> dict[str, Any]:
    try:
        content = json.loads(text)
        if "\\u" in text:  # by which JSON can name half a character; UTF-8 cannot
            json.dumps(content, ensure_ascii=False).encode()
    except (ValueError, RecursionError) as error:
        abort(400, description=f"{parameter}: {error}")
    if not isinstance(content, dict):
        expected = gettext("expected a JSON object")
        abort(400, description=f"{parameter}: {expected}")
    return content


def _batch(parameter: str, text: str) -> dict[str, Any]:
    batch = _read(parameter, text)
    if len(batch) > MAX_QUERIES:
        abort(413, description=gettext("at most %(most)s at a time", most=MAX_QUERIES))
    return batch


def _answered(batch: Mapping[str, Any]) -> Mapping[str, object]:
    """Return the candidates of each query."""
    asked = [_asked(key, query) for key, query in batch.items()]
    found = Matcher.of_columns(computed().columns).match([each for each, _, _ in asked])
    shown = [
        list(islice((match for match in matches if not kinds or match.kind in kinds), limit))
        for matches, (_, kinds, limit) in zip(found, asked, strict=True)
    ]
    types = {kind: [_type(kind)] for kind in {match.kind for matches in shown for match in matches}}
    return {
        key: {"result": [_candidate(match, types[match.kind]) for match in matches]}
        for key, matches in zip(batch, shown, strict=True)
    }


def _asked(key: str, query: Any) -> tuple[Asked, frozenset[str], int]:  # noqa: ANN401 — JSON of a stranger
    """Return what a query asks, the kinds that may be the answer (none: all), and the limit; 400 for other forms."""
    text = _part(key, query, "query", str, "")
    kinds = [each.removeprefix(TERMS) for each in _list(key, query.get("type") or [])]
    if unknown := [kind for kind in kinds if kind not in KINDS]:
        abort(400, description=f"{key}: type {', '.join(unknown)}; {', '.join(KINDS)}")
    limit = _part(key, query, "limit", (int, float), LIMIT)
    told, known = dict[str, str](), constraints()
    for each in _part(key, query, "properties", list, NOTHING):
        pid = _part(key, each, "pid", str, "")
        if pid not in known:
            abort(400, description=f"{key}: {pid}; {', '.join(known)}")
        if value := next(iter(_list(key, each.get("v"))), ""):
            told[known[pid].constrains] = value.removeprefix(BASE).rpartition("/")[2]
    kind = kinds[0] if len(kinds) == 1 else ""
    return Asked(text, kind, **told), frozenset(kinds), int(max(1, min(limit, MAX_LIMIT)))


def _part(key: str, query: Any, part: str, kind: Any, default: Content) -> Content:  # noqa: ANN401 — JSON of a stranger
    found = query.get(part, default) if isinstance(query, dict) else None
    if not isinstance(found, kind) or isinstance(found, bool):
        abort(400, description=f"{key}: {part}")
    return cast("Content", found)


def _list(key: str, value: Any) -> list[str]:  # noqa: ANN401 — JSON of a stranger
    """Return the texts of a value: a text, a number, an entity, or a list of these."""
    found = []
    for each in value if isinstance(value, list) else [value]:
        text = each.get("id", each.get("name", "")) if isinstance(each, dict) else each
        if text is not None and not isinstance(text, (str, int, float)):
            abort(400, description=key)
        found += [] if text in (None, "") else [str(text)]
    return found


def _candidate(match: Match, types: Sequence[Mapping[str, str]]) -> Mapping[str, object]:
    thing = entity(match.iri)
    matched = "" if match.name in (match.shown, thing["name"]) else match.name
    return {
        **thing,
        "description": " · ".join(filter(None, (match.shown if match.kind == "place" else "", matched, match.fit))),
        "type": types,
        "score": round(100 * match.score, 2),
        "match": match.sure,
        "features": [{"id": feature, "value": round(value, 4)} for feature, value in match.features.items()],
    }


def _extended(asked: Mapping[str, Any]) -> Mapping[str, object]:
    """Return properties of things, as the Data Extension of the API has them."""
    ids = _list("ids", asked.get("ids", []))
    wanted = [_part("properties", each, "id", str, "") for each in _part("extend", asked, "properties", list, NOTHING)]
    if len(ids) > MAX_IDS:
        abort(413, description=gettext("at most %(most)s at a time", most=MAX_IDS))
    by_kind: dict[str, list[tuple[str, str]]] = {}
    for each in ids:
        kind, key = kind_and_key(BASE + each.removeprefix(BASE))
        by_kind.setdefault(kind, []).append((each, key))
    rows: dict[str, dict[str, Sequence[Mapping[str, object]]]] = {each: dict.fromkeys(wanted, ()) for each in ids}
    meta: dict[str, dict[str, str]] = {}
    for kind, pairs in by_kind.items():
        own = Properties(kind)
        for found in (own.known[pid] for pid in wanted if pid in own.known):
            meta.setdefault(found.id, found.said)
            values = own.values(found, [key for _, key in pairs])
            for each, key in pairs:
                rows[each][found.id] = values[key]
    if unknown := [pid for pid in wanted if pid not in meta and ids]:
        abort(400, description=f"{', '.join(unknown)}: {', '.join(_proposed(by_kind))}")
    return {"meta": [meta[pid] for pid in wanted if pid in meta], "rows": rows}


def _proposed(kinds: Iterable[str]) -> list[str]:
    return sorted({pid for kind in kinds for pid in Properties(kind).known})


def _entities(prefix: str) -> list[Mapping[str, object]]:
    index = current_app.extensions["guapai"].search
    if index is None or not prefix:
        return []
    try:
        hits = index.suggest(prefix, SUGGESTIONS)
    except QueryTimeout as error:
        abort(503, description=str(error))
    return [
        {
            **entity(hit.iri),
            "description": " · ".join(name(iri).text for iri in hit.context),
            "notable": [_type(hit.kind)],
        }
        for hit in hits
        if hit.kind in KINDS
    ]


def _type(kind: str) -> dict[str, str]:
    return {"id": kind, "name": str(KIND_WORDS[kind])}


def _begins(said: Mapping[str, str], prefix: str) -> bool:
    return any(text.casefold().startswith(prefix.casefold()) for text in said.values())
