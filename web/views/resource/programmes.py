"""The page of a programme: what it says it is for, who runs it when, how it stands to others, what the papers count."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from kg.analysis.in_force import BEFORE_REFORM
from kg.store import NamedNode
from kg.vocab import SCHEMES
from web.charts import svg
from web.data import computed
from web.graph import ministries
from web.graph.iris import address, key_of
from web.graph.labels import name
from web.graph.queries import Graph, Row, value
from web.graph.resource import Thing
from web.lists import counts, totals

ROLE_ORDER = ("approves", "administers", "executes", "participates")
ROLES = SCHEMES + "mandate-role/"


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of a passage, and the numbers of the quotes that cover it."""

    text: str
    quotes: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Passage:
    """A passage of a document: its row, its pieces, the quotes in it (number and row), the documents behind it."""

    row: Row
    segments: tuple[Segment, ...]
    quotes: tuple[tuple[int, Row], ...]
    sources: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """Who stands where on a day: the mandates by role that hold, and the ministries that follow from them."""

    day: str
    roles: tuple[tuple[str, tuple[Row, ...]], ...]
    ministries: tuple[ministries.Tie, ...]


def programme(graph: Graph, thing: Thing, today: str) -> Mapping[str, object]:
    """Return the passages with their quotes, the mandates, the two days, relations, figures and designations."""
    node = NamedNode(thing.iri)
    mandates = sorted(
        graph.rows("resource/mandates", programme=node), key=lambda row: (role_order(row), value(row, "from"))
    )
    return {
        "passages": passages(graph, node),
        "mandates": mandates,
        **_timeline(mandates, today),
        "standings": [standing(graph, thing.iri, mandates, day) for day in (str(BEFORE_REFORM), today)],
        "relations": graph.rows("resource/programme_relations", programme=node),
        "figures": graph.rows("resource/figures_about", about=node),
        **_designations(key_of(thing.iri)),
    }


def _timeline(mandates: Sequence[Row], today: str) -> Mapping[str, object]:
    """Return the mandates as spans in lanes of body and role, and what each span is of."""
    lanes = [
        ((name(row["body"]).text, name(row["role"]).text), _day(value(row, "from")), _day(value(row, "to")))
        for row in mandates
    ]
    titles = [
        {
            "address": address(value(row, "mandate")),
            "status": key_of(value(row, "status")),
            "title": f"{lane[0]} · {lane[1]}: {value(row, 'fromText') or '?'} – {value(row, 'toText') or '…'}"
            f" ({name(row['status']).text})",
        }
        for row, (lane, _, _) in zip(mandates, lanes, strict=True)
    ]
    return {"spans": svg.spans(lanes, date.fromisoformat(today)), "spanned": titles}


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _designations(key: str) -> Mapping[str, object]:
    """Return how many designations of a programme are here, of what totals, in which provinces and years."""
    return {
        "total": totals.total(key),
        "lists": totals.lists(programme=key),
        "provinces": counts.provinces("programme", key),
        "years": counts.years("programme", key),
        "undated": counts.undated("programme", key),
        "spread": counts.spread("programme", key),
    }


def passages(graph: Graph, programme: NamedNode) -> list[Passage]:
    """Return the passages that say what a programme is for; quotes are numbered as a reader meets them."""
    quotes = graph.rows("resource/programme_purposes", programme=programme)
    found, count = [], 0
    for row in graph.rows("resource/programme_texts", programme=programme):
        passage = value(row, "passage")
        within = [quote for quote in quotes if quote["text"] == row["text"]]
        within.sort(key=lambda quote: passage.find(value(quote, "quote")))
        numbered = tuple(enumerate(within, start=count + 1))
        count += len(within)
        pieces = segments(passage, [(number, value(quote, "quote")) for number, quote in numbered])
        found.append(Passage(row, pieces, numbered, tuple(graph.rows("resource/sources_of", thing=row["text"]))))
    return found


def segments(passage: str, quotes: Sequence[tuple[int, str]]) -> tuple[Segment, ...]:
    """Cut a passage where quotes begin and end, so that overlapping quotes can be shown; every quote once."""
    spans = [(passage.find(quote), len(quote), number) for number, quote in quotes]
    spans = [(start, start + length, number) for start, length, number in spans if start >= 0]
    cuts = sorted({0, len(passage), *(start for start, _, _ in spans), *(end for _, end, _ in spans)})
    return tuple(
        Segment(passage[start:end], tuple(number for first, last, number in spans if first <= start and end <= last))
        for start, end in pairwise(cuts)
    )


def standing(graph: Graph, iri: str, mandates: Sequence[Row], day: str) -> Standing:
    """Return who has which role in a programme on a day."""
    keys = computed().mandates(key_of(iri), date.fromisoformat(day))
    held = [row for row in mandates if key_of(value(row, "mandate")) in keys]
    roles = tuple(
        (ROLES + role, found)
        for role in ROLE_ORDER
        if (found := tuple(row for row in held if value(row, "role") == ROLES + role))
    )
    return Standing(day, roles, ministries.on(graph, day).get(iri, ()))


def role_order(row: Row) -> int:
    """Return the place of a mandate's role in the order in which roles are shown."""
    return ROLE_ORDER.index(value(row, "role").removeprefix(ROLES))
