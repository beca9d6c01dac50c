"""Facets on the page: options with counts, selection, links that remove it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from flask import url_for

from kg.store import NamedNode
from web.graph.labels import name
from web.graph.queries import Label, collation
from web.html.environment import here
from web.lists.counts import PROVINCIAL
from web.lists.definitions import Facet
from web.lists.query import Query

MAX_SUGGESTIONS = 20
INDENT = "\u2003"
"""Prefix of an option below another."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A facet as shown.

    name: parameter; chosen: selected keys, each with its label and the address without it; options: key, label and
    number of rows; tabs: shown as links above the list; typed: address of suggestions, where a name is typed since the
    options would be too many, else empty.
    """

    name: str
    title: str
    chosen: tuple[tuple[str, str, str], ...]
    options: tuple[tuple[str, str, int], ...]
    tabs: bool
    typed: str = ""

    @property
    def keys(self) -> tuple[str, ...]:
        """The selected keys."""
        return tuple(key for key, _, _ in self.chosen)

    @property
    def text(self) -> str:
        """What is chosen, in words."""
        return "; ".join(text for _, text, _ in self.chosen)


def choices(query: Query) -> list[Choice]:
    """Return the facets with a selection or with more than one option."""
    counts, made = query.counts(), []
    for facet in query.definition.facets:
        keys = query.chosen.get(facet.name, ())
        counted = dict(counts.get(facet.name, ()))
        unlisted = bool(facet.typed) and facet.name not in counts and facet.after not in query.chosen
        typed = _suggestions(query) if unlisted else ""
        if facet.offered and not typed:
            counted = {**dict.fromkeys(keys, 0), **counted}
        if keys or typed or len(counted) > 1:
            options = tuple(
                (key, indent + meaning(facet, key), counted.get(key, 0)) for indent, key in _order(facet, counted, keys)
            )
            chosen = tuple((key, _said(facet, key, unlisted=unlisted), _without(query, facet, key)) for key in keys)
            made.append(Choice(facet.name, facet.title, chosen, options, facet.tabs, typed))
    return made


def suggestions(query: Query, facet: Facet, text: str) -> list[dict[str, str]]:
    """Return what may be meant by the beginning or a part of a name, those with most rows first.

    Each with its name and key, its province, and the number of rows of the list.
    """
    asked, counted = text.strip().lower(), query.counted(facet)
    names = query.source.tables.query(f"SELECT key, names FROM ({facet.typed}) ORDER BY key")  # noqa: S608
    fitting = [key for key, those in names if key in counted and any(asked in each.lower() for each in those)]
    return [
        {
            "kind": facet.name,
            "key": key,
            "name": f"{meaning(facet, key)} {key}",
            "note": f"{meaning(facet, key[:2] + PROVINCIAL)} ({counted[key]})",
        }
        for key in sorted(fitting, key=lambda key: (-counted[key], key))[:MAX_SUGGESTIONS]
    ]


def _suggestions(query: Query) -> str:
    """Return the address of the suggestions of counties within the selection."""
    left = query.without("county").kept
    return url_for(f"lists.{query.definition.name}_counties", **left)


def chosen(query: Query) -> list[tuple[str, str]]:
    """Return title and labels of each facet with a selection."""
    asked = ((query.definition.facet(name), keys) for name, keys in query.chosen.items())
    return [(str(facet.title), "; ".join(meaning(facet, key) for key in keys)) for facet, keys in asked]


def meaning(facet: Facet, key: str) -> str:
    """Return the label of a key in the language of the request."""
    if key in facet.words:
        return str(facet.words[key])
    return _label(facet, key).text if facet.base else key


def _said(facet: Facet, key: str, *, unlisted: bool) -> str:
    """Return the label of a selected key, with its province where nothing else says in which one it is."""
    province = key[:2] + PROVINCIAL
    return (
        f"{meaning(facet, province)} · {meaning(facet, key)}" if unlisted and key.isdecimal() else meaning(facet, key)
    )


def _without(query: Query, facet: Facet, key: str) -> str:
    """Return the address without a key; without the last one, dependent facets go too."""
    left = [other for other in query.chosen[facet.name] if other != key]
    gone = {} if left else dict.fromkeys(query.definition.following(facet.name), "")
    return here(**{**gone, facet.name: left or "", "page": ""})


def _order(facet: Facet, counted: Mapping[str, int], chosen: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield the keys in order, each with its indent."""
    if facet.within is None:
        yield from (("", key) for key in _sorted(facet, counted))
        return
    above = {key: top for key in counted if (top := facet.within(key))}
    open_ = {above[key] for key in chosen if key in above}
    for top in _sorted(facet, {top: counted.get(top, 0) for top in above.values()}):
        yield "", top
        if top in open_:
            yield from ((INDENT, key) for key in sorted(above) if above[key] == top != key)


def _sorted(facet: Facet, counted: Mapping[str, int]) -> list[str]:
    if facet.order == "name":
        return sorted(counted, key=lambda key: collation(_label(facet, key)))
    if facet.order == "count":
        return sorted(counted, key=lambda key: (-counted[key], key))
    if facet.order in ("key", "-key"):
        return sorted(counted, reverse=facet.order == "-key")
    return [*(key for key in facet.order if key in counted), *sorted(set(counted) - set(facet.order))]


def _label(facet: Facet, key: str) -> Label:
    """Return the name of a key, which need not be part of a valid IRI."""
    iri = facet.iri(key)
    try:
        NamedNode(iri)
    except ValueError:
        return Label(key, "")
    return name(iri)
