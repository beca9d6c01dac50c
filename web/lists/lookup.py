"""What a reader means by a name in a form: one place, programme, purpose or field, or several to choose from."""

from dataclasses import dataclass
from typing import cast

from flask import current_app, request

from kg.errors import QueryTimeout
from kg.search import STANDINGS, Hit, Search
from kg.vocab import SCHEMES, THINGS
from web.data import computed
from web.graph.labels import name
from web.graph.queries import last_part

KEYS = {
    "place": "SELECT place FROM places",
    "programme": "SELECT programme FROM programmes",
    "purpose": "SELECT purpose FROM purposes",
    "field": "SELECT field FROM fields",
}
"""Kind of thing to the query of all its keys."""
MOST = 8
"""Things among which a reader is asked to choose."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What was asked and what it means.

    kind: of the thing; parameter: of the address; asked: the text; key: of the thing meant, empty where none or several
    are; shown: its name in the reader's language; candidates: where several may be meant, their keys,
    names and what they lie in.
    """

    kind: str
    parameter: str
    asked: str
    key: str = ""
    shown: str = ""
    candidates: tuple[tuple[str, str, str], ...] = ()


def choose(kind: str, parameter: str) -> Choice:
    """Return what a parameter of the address means as a thing of a kind: by its key, else by a name of any sort.

    A name of today goes before one of the past: 朝阳 is not each county of the prefecture that was once called so.
    """
    asked = request.args.get(parameter, "").strip()
    if not asked:
        return Choice(kind, parameter, "")
    if asked in _keys(kind):
        return Choice(kind, parameter, asked, asked, _shown(kind, asked))
    hits = _hits(kind, asked)
    of_today, of_any_time = (
        [
            hit
            for hit in hits
            if any(asked.casefold() == each.text.casefold() and each.standing in standings for each in hit.names)
        ]
        for standings in (STANDINGS[:-1], STANDINGS)
    )
    meant = of_today or of_any_time or hits
    if len(meant) == 1:
        key = last_part(meant[0].iri)
        return Choice(kind, parameter, asked, key, _shown(kind, key))
    return Choice(kind, parameter, asked, candidates=tuple(_candidate(kind, hit) for hit in meant[:MOST]))


def options(kind: str) -> list[tuple[str, str]]:
    """Return all things of a kind as key and name, for a list to choose from; not for places, which are too many."""
    return sorted(((key, _shown(kind, key)) for key in _keys(kind)), key=lambda option: option[1])


def _keys(kind: str) -> frozenset[str]:
    found = computed()
    return found.cached(("keys", kind), lambda: frozenset(key for (key,) in found.columns.query(KEYS[kind])))


def _hits(kind: str, asked: str) -> list[Hit]:
    index = cast("Search | None", current_app.extensions["guapai"].search)
    if index is None:
        return []
    try:
        return list(index.find(asked, kind, limit=MOST).hits)
    except QueryTimeout:
        return []


def _candidate(kind: str, hit: Hit) -> tuple[str, str, str]:
    key = last_part(hit.iri)
    return key, _shown(kind, key), " · ".join(name(iri).text for iri in hit.context)


def _shown(kind: str, key: str) -> str:
    base = SCHEMES if kind in ("purpose", "field") else THINGS
    return name(f"{base}{kind}/{key}").text
