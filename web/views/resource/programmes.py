"""The page of a programme: purposes, mandates, relations, figures, designations."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from kg.charts import svg
from kg.store import NamedNode
from kg.vocab import SCHEMES
from web.data import computed, reform_day, standing_dates
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
    """A segment of a passage, and the numbers of the quotes that cover it."""

    text: str
    quotes: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Passage:
    """A passage of a document: row, segments, quotes (number and row), documents."""

    row: Row
    segments: tuple[Segment, ...]
    quotes: tuple[tuple[int, Row], ...]
    sources: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """Mandates in force on a day by role, and responsible ministries."""

    day: str
    roles: tuple[tuple[str, tuple[Row, ...]], ...]
    ministries: tuple[ministries.Tie, ...]


def programme(graph: Graph, thing: Thing, today: str) -> Mapping[str, object]:
    """Return passages with quotes, mandates, both standing days, relations, figures and designations."""
    node = NamedNode(thing.iri)
    mandates = sorted(
        graph.rows("resource/mandates", programme=node), key=lambda row: (role_order(row), value(row, "from"))
    )
    return {
        "passages": passages(graph, node),
        "mandates": mandates,
        **timeline(mandates, today),
        "standings": [standing(graph, thing.iri, mandates, day) for day in standing_dates(today)],
        "relations": graph.rows("resource/programme_relations", programme=node),
        "figures": graph.rows("resource/figures_about", about=node),
        **_designations(key_of(thing.iri)),
    }


def timeline(mandates: Sequence[Row], today: str, *, of_programme: bool = False) -> Mapping[str, object]:
    """Return the mandates as spans in lanes of body and role, with titles; of several programmes, theirs first."""
    named = ("programme", "body", "role") if of_programme else ("body", "role")
    lanes = [
        (tuple(name(row[part]).text for part in named), _day(value(row, "from")), _day(value(row, "to")))
        for row in mandates
    ]
    titles = [
        {
            "address": address(value(row, "mandate")),
            "status": key_of(value(row, "status")),
            "title": f"{' · '.join(lane)}: {value(row, 'fromText') or '?'} – {value(row, 'toText') or '…'}"
            f" ({name(row['status']).text})",
        }
        for row, (lane, _, _) in zip(mandates, lanes, strict=True)
    ]
    return {"spans": svg.spans(lanes, date.fromisoformat(today), reform_day()), "spanned": titles}


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _designations(key: str) -> Mapping[str, object]:
    """Return the numbers of designations, totals, provinces and years of a programme."""
    return {
        "total": totals.total(key),
        "lists": totals.lists(programme=key),
        "provinces": counts.provinces("programme", key),
        "years": counts.years("programme", key),
        "undated": counts.undated("programme", key),
        "spread": counts.spread("programme", key),
    }


def passages(graph: Graph, programme: NamedNode) -> list[Passage]:
    """Return the passages of a programme's purposes, quotes numbered in reading order."""
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
    """Split a passage at the ends of quotes, so that overlapping quotes can be shown."""
    spans = [(passage.find(quote), len(quote), number) for number, quote in quotes]
    spans = [(start, start + length, number) for start, length, number in spans if start >= 0]
    cuts = sorted({0, len(passage), *(start for start, _, _ in spans), *(end for _, end, _ in spans)})
    return tuple(
        Segment(passage[start:end], tuple(number for first, last, number in spans if first <= start and end <= last))
        for start, end in pairwise(cuts)
    )


def standing(graph: Graph, iri: str, mandates: Sequence[Row], day: str) -> Standing:
    """Return the mandates of a programme in force on a day, by role."""
    keys = computed().mandates(key_of(iri), date.fromisoformat(day))
    held = [row for row in mandates if key_of(value(row, "mandate")) in keys]
    roles = tuple(
        (ROLES + role, found)
        for role in ROLE_ORDER
        if (found := tuple(row for row in held if value(row, "role") == ROLES + role))
    )
    return Standing(day, roles, ministries.on(graph, day).get(iri, ()))


def role_order(row: Row) -> int:
    """Return the display order of a mandate's role."""
    return ROLE_ORDER.index(value(row, "role").removeprefix(ROLES))
