"""Cards of shared links (Open Graph): a PNG of title and key figure for home, designations, places and findings."""

from collections.abc import Callable
from functools import cache
from importlib.util import find_spec
from typing import NamedTuple

from flask import Blueprint, Flask, Response, abort, request, url_for

from kg.cache import Cache
from kg.charts.card import card as drawn
from kg.charts.png import draws_chinese, png
from kg.vocab import THINGS
from web.data import computed, counting
from web.graph import describe
from web.graph.labels import graph, name
from web.html import finding_words
from web.html.environment import figure
from web.http.language import gettext as _
from web.http.language import language
from web.http.responses import PNG, with_etag
from web.lists import counts

blueprint = Blueprint("card", __name__)

HOME = "home"
PLACED = "SELECT place FROM designation_places WHERE designation = $designation ORDER BY place"
OF_DESIGNATION = "SELECT programme, approved_first, approved_last FROM designations WHERE designation = $designation"
CACHED_BYTES = 1 << 24
"""Size of the cache of a server process in bytes, some hundreds of cards."""


class Words(NamedTuple):
    """What a card says: title, key figure, what it counts."""

    title: str
    figure: str
    said: str


@blueprint.get("/card/<kind>.png")
@blueprint.get("/card/<kind>/<path:key>.png")
def card(kind: str, key: str = "") -> Response:
    """Give the card of a page as a PNG; 404 without the extra `png` or a Chinese font."""
    if not available() or kind not in WORDS or bool(key) == (kind == HOME):
        abort(404, description=f"{kind}/{key}")
    cards = graph().cached("cards", lambda: Cache(CACHED_BYTES, size_of=len))
    site = "" if kind == HOME else _("Guapai (挂牌)")
    pixels = cards.cached((kind, key, language()), lambda: png(drawn(*WORDS[kind](key), site)))
    return with_etag(Response(pixels, mimetype=PNG))


@cache
def available() -> bool:
    """Return whether this server can draw cards: it has the extra `png` and a font with Chinese."""
    return find_spec("resvg_py") is not None and draws_chinese()


def address() -> str:
    """Return the whole address of the card of the current page, empty where it has none."""
    asked = request.view_args or {}
    kinds = {"home.home": HOME, "resource.page": asked.get("kind"), "findings.finding": "finding"}
    kind = kinds.get(request.endpoint or "")
    if kind not in WORDS or not counting() or not available():
        return ""
    where = {} if kind == HOME else {"key": asked["key"]}
    return url_for("card.card", kind=kind, **where, lang=language(), _external=True)


def init_app(app: Flask) -> None:
    """Let templates name the card of a page."""
    app.add_template_global(address, "card_address")


def _home(_key: str) -> Words:
    said = _("national designations in China: who gave which one to whom, where, when, and what for")
    return Words(_("Guapai (挂牌)"), figure(counts.total("designations")), said)


def _designation(key: str) -> Words:
    rows = computed().columns.query(OF_DESIGNATION, {"designation": key})
    if not rows:
        abort(404, description=key)
    programme, first, last = rows[0]
    places = computed().columns.query(PLACED, {"designation": key})
    said = [finding_words.called("programme", programme), *(finding_words.called("place", each) for (each,) in places)]
    approved = str(first.year) if first and last and first.year == last.year else ""
    return Words(finding_words.called("designation", key), approved, " · ".join(said))


def _place(key: str) -> Words:
    if not describe.exists(graph(), f"{THINGS}place/{key}"):
        abort(404, description=key)
    held = counts.stack("place", key)
    said = _("designations of %(programmes)s programmes in the lists held", programmes=len(held))
    return Words(name(f"{THINGS}place/{key}").text, figure(sum(one.designations for one in held)), said)


def _finding(key: str) -> Words:
    found = computed()
    states = [state for day in found.days if (state := found.findings(day).get(key))]
    if not states:
        abort(404, description=key)
    last = states[-1]
    kind = name(finding_words.class_of(last.kind)).text
    said = _("members · %(kind)s, %(day)s", kind=kind, day=last.as_of)
    return Words(finding_words.title(last), figure(len(last.members)), said)


WORDS: dict[str, Callable[[str], Words]] = {
    HOME: _home,
    "designation": _designation,
    "place": _place,
    "finding": _finding,
}
"""Kinds of pages with a card, to what it says."""
