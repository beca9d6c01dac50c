"""Notes beside an answer: names of ours that hold nothing, and forms that the engine answers in its own way."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from typing import Any
from urllib.parse import quote

from flask import Response, url_for

from kg.store.departures import DEPARTURES, departures
from kg.store.formats import Format, NamedNode
from kg.store.guard import Kind
from kg.store.names import iris, names_graphs
from kg.vocab import BASE, TERMS
from web.graph import moved
from web.graph.labels import graph
from web.graph.queries import prefixed, value
from web.http.language import language
from web.http.language import lazy_gettext as _

MAX_NAMES, MAX_HEADERS = 100, 10
"""Names of a query that are looked up, and notes sent as headers; the page of the notes has all."""
CACHED_STATES, CACHED_TEXTS = 5_000, 64
"""Names whose state is kept, and texts of queries (each at most 64 KiB) whose notes are."""
SENTENCES: Mapping[str, Any] = {
    "undefined": _("The vocabulary has no %(term)s: no pattern with it matches."),
    "misspelt": _("The vocabulary has no %(term)s: no pattern with it matches. It has %(other)s."),
    "deprecated": _("%(term)s is a name of an earlier release and holds nothing any more. Its successor is %(other)s."),
    "unknown": _("The data holds nothing named %(term)s."),
    "empty-class": _("Nothing in this release is a %(term)s."),
    "narrower-classes": _(
        "Nothing is a %(term)s by name, only by narrower classes: ?x a ?class . ?class rdfs:subClassOf* %(term)s "
        "finds them."
    ),
    "empty-property": _("No statement of this release has the property %(term)s."),
    "named-graphs-only": _("%(term)s is used in named graphs only: put GRAPH ?g { … } around its pattern."),
}
"""Code of a note on a name to its sentence; those on forms stand in `kg.store.departures.DEPARTURES`."""


@dataclass(frozen=True, slots=True)
class Note:
    """What an answer should be read with.

    code: of SENTENCES or DEPARTURES; iri: what it is about, empty for a form of the query; other: IRI to be used
    instead, if any.
    """

    code: str
    iri: str = ""
    other: str = ""

    @property
    def english(self) -> str:
        """The sentence in English."""
        form = DEPARTURES.get(self.code)
        return form["en"] if form else self._filled(SENTENCES[self.code].source)

    def __str__(self) -> str:
        form = DEPARTURES.get(self.code)
        return form[language()] if form else self._filled(str(SENTENCES[self.code]))

    def _filled(self, sentence: str) -> str:
        return sentence % {"term": _shown(self.iri), "other": _shown(self.other)}


def notes_on(query: str, base: str, *, graphs: bool) -> list[Note]:
    """Return the notes on a query that was answered; those on the last texts are kept.

    Args:
        query: text of the query.
        base: IRI against which its relative IRIs resolve.
        graphs: whether the request names graphs; the query may do so, too.
    """
    return list(graph().cached("notes by text", lambda: lru_cache(CACHED_TEXTS)(_notes_on))(query, base, graphs))


def _notes_on(query: str, base: str, graphs: bool) -> Sequence[Note]:  # noqa: FBT001 — a key of the cache
    names = iris(query, base)[:MAX_NAMES]
    found = names_notes([name for name in names if name.startswith(BASE)], named=graphs or names_graphs(query))
    forms = departures(query)
    if "zero-length-path" in forms and all(_state(name)["held"] for name in names):
        forms.remove("zero-length-path")
    return [*found, *map(Note, forms)]


def names_notes(names: Iterable[str], *, named: bool = False) -> Iterator[Note]:
    """Yield a note on every IRI of ours that holds nothing; `named`: whether named graphs count, too."""
    known = moved.deprecated(graph())
    for name in names:
        if other := moved.replaced(known, name):
            yield Note("deprecated", name, other)
        elif name.startswith(TERMS):
            yield from _term_notes(name, named=named)
        elif not _state(name)["held"]:
            yield Note("unknown", name)


def _term_notes(name: str, *, named: bool) -> Iterator[Note]:
    state = _state(name)
    if not state["defined"]:
        other = _likely(name)
        yield Note("misspelt" if other else "undefined", name, other)
    elif not state["named"] and state["class"]:
        yield Note("narrower-classes" if state["narrower"] else "empty-class", name)
    elif not state["named"]:
        yield Note("empty-property", name)
    elif not state["used"] and not named:
        yield Note("named-graphs-only", name)


def address(notes: Sequence[Note]) -> str:
    """Return the address of the page with these notes."""
    terms = [note.iri for note in notes if note.iri]
    forms = [note.code for note in notes if not note.iri]
    return url_for("sparql_page.notes", term=terms, form=forms, lang=None, _external=True)


def add_headers(response: Response, notes: Sequence[Note]) -> None:
    """Add a Link header (RFC 8288) for each note: the page of the notes, and the sentence as its title."""
    for note in notes[:MAX_HEADERS]:
        plain = note.english.isascii() and '"' not in note.english
        title = f'title="{note.english}"' if plain else f"title*=UTF-8''{quote(note.english, safe='')}"
        response.headers.add("Link", f'<{address([note])}>; rel="help"; {title}')


def with_link(form: Format, kind: Kind, notes: Sequence[Note]) -> tuple[bytes, bytes]:
    """Return what of an answer in JSON or XML is replaced by what, so that its head links to the notes; else nothing.

    `link` is part of both formats (SPARQL 1.1 Query Results JSON Format, section 3.1.2; XML Format, section 2.3.1).
    """
    if not notes or form.name not in {"json", "xml"}:
        return b"", b""
    target = address(notes)
    if form.name == "xml":
        return b"</head>", f'<link href="{target.replace("&", "&amp;")}"/></head>'.encode()
    return b'{"head":{', f'{{"head":{{"link":["{target}"]{"," if kind is Kind.SELECT else ""}'.encode()


def replaced_once(chunks: Iterable[bytes], old: bytes, new: bytes) -> Iterator[bytes]:
    """Yield chunks with the first occurrence of `old` replaced, which may lie across chunks; empty: all as they are."""
    rest, pending = b"", bool(old)
    for chunk in chunks:
        if not pending:
            yield chunk
            continue
        rest += chunk
        if old in rest:
            pending = False
            yield rest.replace(old, new, 1)
    if pending:
        yield rest


def _state(iri: str) -> Mapping[str, bool]:
    """Return what the data holds of a name; see queries/sparql/name.rq."""
    return graph().cached("states of names", lambda: lru_cache(CACHED_STATES)(_read_state))(iri)


def _read_state(iri: str) -> Mapping[str, bool]:
    (row,) = graph().rows("sparql/name", term=NamedNode(iri))
    return {name: value(row, name) == "true" for name in row}


def _likely(iri: str) -> str:
    """Return the term of the vocabulary whose name is most like this one, empty if none is."""
    terms = graph().cached("names of terms", lambda: [value(row, "term") for row in graph().rows("vocabulary/terms")])
    wanted = iri.casefold()
    found = get_close_matches(wanted, [term.casefold() for term in terms], 1, 0.94)
    return next((term for term in terms if found and term.casefold() == found[0]), "")


def _shown(iri: str) -> str:
    short = prefixed(iri)
    return f"<{iri}>" if short == iri and iri else short
