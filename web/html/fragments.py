"""HTML fragments shared by all templates."""

import re
from collections.abc import Mapping, Sequence
from typing import LiteralString

from markupsafe import Markup, escape

from kg.store import Literal, NamedNode, Term
from kg.vocab import PREFIXES
from web.graph.iris import address, external, key_of, kind_and_key
from web.graph.labels import TEXT_KINDS, cached_by_reader, definition, graph, name, transcription
from web.graph.queries import Row, expanded, value
from web.graph.resource import Statement
from web.http.language import LANGUAGES, language
from web.http.language import gettext as _

HAN = re.compile(r"[\u3400-\u9fff]")
MARKED = ("status", "verdict", "weight", "reliability")
"""Schemes whose concepts are shown as marks."""
BOOLEAN = PREFIXES["xsd"] + "boolean"
COLUMNS = tuple(expanded(f"gp:{name}") for name in ("derivedCell", "compiledCell"))
"""Properties whose values are columns of our tables."""
KIND_OF_TEXT, REASON = expanded("gp:textKind"), expanded("gp:reason")


def html(pattern: LiteralString, *parts: str) -> Markup:
    """Fill `%s` in an HTML pattern, escaping texts; faster than `Markup.format`."""
    return Markup(pattern % tuple(map(escape, parts)))  # noqa: S704 — the pattern is ours, the parts are escaped


def lang_attribute(text: str, code: str = "") -> Markup:
    """Return the `lang` attribute of a text in another language than the page's."""
    found = code or ("zh" if HAN.search(text) else "")
    return html(' lang="%s"', LANGUAGES.get(found, found)) if found and found != language() else Markup("")


def words(text: str, code: str = "") -> Markup:
    """Return a text, in a span if its language is not the page's."""
    attribute = lang_attribute(text, code)
    return html("<span%s>%s</span>", attribute, text) if attribute else Markup.escape(text)


@cached_by_reader
def linked(iri: str, text: str = "") -> Markup:
    """Return the label of a resource as a link to its page, without a link if there is no safe address."""
    to, label = address(iri), name(iri)
    out = to is not None and external(to)
    text_shown = text or (iri.partition("://")[2] if out and not label.language else label.text)
    code = "" if text else label.language
    if to is None:
        return words(text_shown, code)
    more = Markup(' class="out" rel="external nofollow"') if out else ""
    link = html('<a href="%s"%s%s>%s</a>', to, lang_attribute(text_shown, code), more, text_shown)
    return link + pinyin_span(iri) if code == "zh" else link


@cached_by_reader
def term(iri: str) -> Markup:
    """Return the label of a property as a link, with its definition as title."""
    return html('<a href="%s" title="%s">%s</a>', address(iri) or "", definition(iri), name(iri).text)


def pinyin_span(iri: str) -> Markup:
    """Return the pinyin of a Chinese label on English pages without an English label."""
    found = transcription(iri)
    return html(' <span class="reading" lang="zh-Latn-pinyin">%s</span>', found) if found else Markup("")


def shown(found: Term) -> Markup:
    """Return a value: a resource as link, a boolean in words, a text with its language."""
    if not isinstance(found, (Literal, NamedNode)):
        return Markup.escape(str(found))
    if not isinstance(found, Literal):
        marked = kind_and_key(str(found.value))[0] in MARKED
        return linked(str(found.value), mark(str(found.value)) if marked else "")
    if found.datatype.value == BOOLEAN:
        return Markup.escape(_("yes") if found.value == "true" else _("no"))
    return words(found.value, found.language or "")


def in_language(row: Row, column: str) -> str:
    """Return a text of a row by language: `<column>` has the Chinese, `<column>English` the English."""
    return (value(row, f"{column}English") if language() == "en" else "") or value(row, column)


def readable(statement: Statement) -> Sequence[Term]:
    """Return the values of a statement; of one text in each language that of the page."""
    if len(statement.values) == 1:
        return statement.values
    languages = [found.language for found in statement.values if isinstance(found, Literal)]
    chosen = [found for found in statement.values if isinstance(found, Literal) and found.language == language()]
    return chosen if len(chosen) == 1 and len(set(languages)) == len(statement.values) else statement.values


def statement_value(statement: Statement, found: Term) -> Markup:
    """Return a value in words: labels of text kinds and columns, sentences of reasons."""
    key = str(found.value)
    if statement.property == KIND_OF_TEXT and key in TEXT_KINDS:
        return Markup.escape(TEXT_KINDS[key])
    if statement.property in COLUMNS:
        iri = expanded(graph().columns.named.get(key, "")) or expanded(key)
        label = name(iri) if iri else None
        return html("%s <code>%s</code>", label.text, key) if label and label.language else Markup.escape(key)
    if statement.property == REASON and " | " in key:
        return words(_("; ").join(in_words(key)))
    return shown(found)


def days(first: str, last: str) -> str:
    """Return the possible days of a date, empty if unknown."""
    if first and last:
        return first if first == last else _("some day from %(first)s to %(last)s", first=first, last=last)
    if first:
        return _("not before %(first)s", first=first)
    return _("not after %(last)s", last=last) if last else ""


def dated(row: Row, text: str, first: str = "", last: str = "") -> Markup:
    """Return a date as printed, with its possible days as title."""
    printed, earliest, latest = (value(row, found) for found in (text, first, last))
    if not printed:
        return Markup("")
    possible = "" if printed in (earliest, latest) else days(earliest, latest)
    title = html(' title="%s"', possible) if possible else ""
    return html('<span class="date"%s>%s</span>', title, words(printed))


def interval(row: Row) -> Markup:
    """Return start and end of a row, an ellipsis where unknown."""
    return html("%s – %s", dated(row, "fromText", "from") or "…", dated(row, "toText", "", "to") or "…")


@cached_by_reader
def mark(iri: str) -> Markup:
    """Return the mark of a status, weight or verdict: its label with its definition as title."""
    return html('<span class="mark is-%s" title="%s">%s</span>', key_of(iri), definition(iri), name(iri).text)


def gloss(text: str) -> Markup:
    """Return our translation of a quote, marked as ours; nothing on Chinese pages or where there is none."""
    if not text or language() != "en":
        return Markup("")
    return html('<br><small class="gloss">%s <span class="mark ours">%s</span></small>', text, _("our translation"))


@cached_by_reader
def derived() -> Markup:
    """Return the mark of statements filled in by the project."""
    sentence = _("Filled in by this project; the source does not state it in so many words.")
    return html('<span class="mark is-derived" title="%s">%s</span>', sentence, _("derived"))


def missing(sentence: str) -> Markup:
    """Return a remark for an unknown value."""
    return html('<span class="none">%s</span>', sentence)


def in_words(reason: str) -> list[str]:
    """Return the sentences of a reason in the reader's language; records have Chinese | English."""
    chinese, bar, english = reason.partition(" | ")
    return [part for part in (chinese.split("；") if language() == "zh" or not bar else english.split("; ")) if part]


PIECES: Mapping[str, object] = {
    function.__name__: function
    for function in (
        *(lang_attribute, words, in_language, readable, statement_value, linked, shown, days, dated, interval, mark),
        *(gloss, derived, missing, in_words, transcription, pinyin_span, term),
    )
}
"""Globals of the templates."""
