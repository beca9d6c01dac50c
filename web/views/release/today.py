"""What today's release says of a page that is kept from an older one: the same, something else, or nothing."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Literal
from urllib.parse import quote

from flask import Flask, current_app, request

from kg.release import Release
from kg.store import BlankNode
from kg.vocab import GRAPHS, SCHEMES, THINGS
from web.data import computed, parse_day
from web.graph.describe import description
from web.graph.labels import graph
from web.graph.queries import Graph
from web.http.semantics import PATH_CHARACTERS
from web.views import ask

State = Literal["same", "changed", "gone", ""]
DERIVED = f"{GRAPHS}derived"
"""Graph of what rules derive; much of it hangs on the day of the release, so it is not compared."""


@dataclass(frozen=True, slots=True)
class Today:
    """The release of today, the address of a page in it, and how what it says there compares; empty: not compared."""

    release: Release
    address: str
    state: State


def today_address() -> str:
    """Return the address of the current page in the release of today."""
    today: Flask | None = current_app.extensions["guapai_today"]
    prefix = (today or current_app).extensions["guapai"].prefix
    path = f"{request.root_path}{prefix}{request.path.removeprefix(current_app.extensions['guapai'].prefix)}"
    query = request.query_string.decode("latin-1")
    return quote(path, safe=PATH_CHARACTERS) + (f"?{query}" if query else "")


def kept_from() -> Today | None:
    """Return what is to be said on a page of an older release, None on the pages of today's."""
    today: Flask | None = current_app.extensions["guapai_today"]
    if today is None:
        return None
    compare = COMPARED.get(request.endpoint or "")
    arguments = dict(request.view_args or {})
    state: State = compare(today, arguments) if compare else ""
    return Today(today.extensions["guapai"].release, today_address(), state)


def _finding(today: Flask, arguments: Mapping[str, str]) -> State:
    """Compare the evidence of a finding on the two standing days of each release."""
    key, _slash, last = arguments["key"].rpartition("/")
    found = computed()
    if last == "today" or parse_day(last, found.today) is None:
        key = arguments["key"]
    return _state(*(_evidence(each, key) for each in (found, today.extensions["guapai"].computed)))


def _evidence(found: Any, key: str) -> tuple[str, ...]:  # noqa: ANN401 — Computed, or None without columns
    states = [found.findings(day).get(key) for day in found.days] if found else []
    return tuple(state.evidence_hash if state else "" for state in states) if any(states) else ()


def _thing(today: Flask, arguments: Mapping[str, str]) -> State:
    """Compare what the graphs state of a thing."""
    return _compared(today, f"{THINGS}{arguments['kind']}/{arguments['key']}")


def _concept(today: Flask, arguments: Mapping[str, str]) -> State:
    return _compared(today, f"{SCHEMES}{arguments.get('path', '')}")


def _compared(today: Flask, iri: str) -> State:
    return _state(*(_statements(each, iri) for each in (graph(), today.extensions["guapai"].graph)))


def _statements(found: Graph, iri: str) -> frozenset[tuple[str, str]]:
    """Return property and value of the statements of a thing, blank nodes aside, whose names change."""
    return frozenset(
        (name, "" if isinstance(term, BlankNode) else str(term))
        for subject, name, term, origin in description(found, iri)
        if origin != DERIVED and not isinstance(subject, BlankNode)
    )


def _asked(today: Flask, _arguments: Mapping[str, str]) -> State:
    """Compare the designations of an answer sheet; the day of the answer is that of each release."""
    own, prefix = ask.answered(), today.extensions["guapai"].prefix
    if own is None:
        return ""
    with today.test_request_context(f"{prefix}/ask", query_string=request.query_string.decode("latin-1")):
        other = ask.answered()
    days = [replace(each.asked, as_of=date.min) if each else None for each in (own, other)]
    return "same" if other and days[0] == days[1] and own.holders == other.holders else "changed"


def _state(own: object, today: object) -> State:
    return "same" if own == today else "changed" if today else "gone"


COMPARED: Mapping[str, Callable[[Flask, Mapping[str, str]], State]] = {
    "ask.ask": _asked,
    "findings.finding": _finding,
    "resource.page": _thing,
    "vocabulary.scheme": _concept,
}
"""Endpoint to what compares its pages."""
