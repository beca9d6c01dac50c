"""Triples for common columns: names in two languages, dates of mixed precision, concepts of a scheme."""

from collections.abc import Iterable, Iterator, Sequence

from kg.tables import Row, dates
from kg.text import pinyin
from kg.vocab import TYPE, Node, Triple, concept, scheme, term, text, typed

PREF, ALT = term("skos:prefLabel"), term("skos:altLabel")
PINYIN = "zh-Latn-pinyin"
"""Language tag (RFC 5646) of Chinese written in pinyin."""


def kind(subject: Node, *classes: str) -> Iterator[Triple]:
    """Yield the classes of a resource."""
    for name in classes:
        yield subject, TYPE, term(name)


def names(subject: Node, chinese: str, english: str = "", others: Iterable[str] = ()) -> Iterator[Triple]:
    """Yield the preferred names and, once each, the other Chinese names of a resource."""
    yield subject, PREF, text(chinese, "zh")
    if english:
        yield subject, PREF, text(english, "en")
    for other in dict.fromkeys(others):
        if other and other != chinese:
            yield subject, ALT, text(other, "zh")


def translated(subject: Node, property_name: str, chinese: str, english: str = "") -> Iterator[Triple]:
    """Yield a text in one or both languages, nothing if it is empty."""
    for words, language in ((chinese, "zh"), (english, "en")):
        if words:
            yield subject, term(property_name), text(words, language)


def readings(places: Iterable[Row]) -> pinyin.KnownNames:
    """Return the short names of places with their syllables, for the transcription of names that contain them."""
    found: dict[str, Sequence[str]] = {}
    for row in places:
        name, syllables = row["name_zh"], [pinyin.plain(syllable) for syllable in row["pinyin"].split()]
        short = row["short_zh"] if len(row["short_zh"]) > 1 else name
        found[short] = syllables[: len(short)] if name.startswith(short) else pinyin.syllables(short)
    return pinyin.KnownNames(found)


def transcription(subject: Node, row: Row, known: pinyin.KnownNames) -> Iterator[Triple]:
    """Yield the pinyin transcription of a resource's Chinese name, if it has no English name."""
    if not row.cells.get("name_en"):
        yield subject, term("gp:transcription"), text(pinyin.transcribed(row["name_zh"], known), PINYIN)


def dated(subject: Node, cell: str, prefix: str) -> Iterator[Triple]:
    """Yield text, first and last possible day of a date cell (`gp:<prefix>Text`, `From`, `To`)."""
    if cell:
        span = dates.parse(cell)
        yield subject, term(f"gp:{prefix}Text"), text(span.text)
        yield subject, term(f"gp:{prefix}From"), typed(span.first, "date")
        yield subject, term(f"gp:{prefix}To"), typed(span.last, "date")


def valid(subject: Node, row: Row, prefix: str = "valid") -> Iterator[Triple]:
    """Yield the validity of a row: first possible day of its start, last possible day of its end."""
    if start := row["valid_from"]:
        yield subject, term(f"gp:{prefix}FromText"), text(start)
        yield subject, term(f"gp:{prefix}From"), typed(dates.parse(start).first, "date")
    if end := row["valid_to"]:
        yield subject, term(f"gp:{prefix}ToText"), text(end)
        yield subject, term(f"gp:{prefix}To"), typed(dates.parse(end).last, "date")


def years(row: Row) -> str:
    """Return the validity of a row for a label, such as ` (1998-03–2023-03-16)`; empty if unknown."""
    start, end = row["valid_from"], row["valid_to"]
    return f" ({start}–{end})" if start or end else ""


def concepts(rows: Iterator[Row], scheme_name: str, class_name: str, title: tuple[str, str]) -> Iterator[Triple]:
    """Yield a scheme of a table of concepts (label_zh, label_en, definition_zh, definition_en, optional broader_id)."""
    whole = scheme(scheme_name)
    yield from kind(whole, "skos:ConceptScheme")
    yield from names(whole, *title)
    for row in rows:
        node = concept(scheme_name, row["id"])
        yield from kind(node, "skos:Concept", class_name)
        yield node, term("skos:inScheme"), whole
        yield from names(node, row["label_zh"], row["label_en"])
        yield node, term("skos:definition"), text(row["definition_zh"], "zh")
        yield node, term("skos:definition"), text(row["definition_en"], "en")
        if broader := row.cells.get("broader_id"):
            yield node, term("skos:broader"), concept(scheme_name, broader)
        else:
            yield node, term("skos:topConceptOf"), whole


def optional(subject: Node, name: str, cell: str) -> Iterator[Triple]:
    """Yield a text cell if it is not empty."""
    if cell:
        yield subject, term(name), text(cell)
