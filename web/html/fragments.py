"""Small pieces of HTML that every page is made of: names with links and languages, values, dates, marks."""

import re
from collections.abc import Mapping, Sequence
from typing import LiteralString

from markupsafe import Markup, escape

from kg.store import Literal, NamedNode, Term
from kg.vocab import PREFIXES
from web.graph.iris import address, external, key_of, kind_and_key
from web.graph.labels import TEXT_KINDS, definition, lasting, name, transcription
from web.graph.queries import Row, expanded, value
from web.graph.resource import DERIVED_COLUMNS, Statement
from web.http.language import LANGUAGES, language
from web.http.language import gettext as _

HAN = re.compile(r"[\u3400-\u9fff]")
MARKED = ("status", "verdict", "weight", "reliability")
"""Schemes of which a value is shown as a mark, so that it is not overlooked."""
BOOLEAN = PREFIXES["xsd"] + "boolean"
COLUMNS = tuple(expanded(f"gp:{name}") for name in ("derivedCell", "compiledCell"))
"""Properties whose values are columns of our tables."""
KIND_OF_TEXT, REASON = expanded("gp:textKind"), expanded("gp:reason")


def html(pattern: LiteralString, *parts: str) -> Markup:
    """Return HTML with parts put in where it says %s, escaped where they are no HTML; faster than format."""
    return Markup(pattern % tuple(map(escape, parts)))  # noqa: S704 — the pattern is ours, the parts are escaped


def lang_attribute(text: str, code: str = "") -> Markup:
    """Return the attribute that says the language of a text where it is another one than the page's."""
    found = code or ("zh" if HAN.search(text) else "")
    return html(' lang="%s"', LANGUAGES.get(found, found)) if found and found != language() else Markup("")


def words(text: str, code: str = "") -> Markup:
    """Return a text, in an element of its own where its language is not the page's."""
    attribute = lang_attribute(text, code)
    return html("<span%s>%s</span>", attribute, text) if attribute else Markup.escape(text)


@lasting
def linked(iri: str, text: str = "") -> Markup:
    """Return the name of a thing as a link to its page; without a link where there is none that is safe."""
    to, label = address(iri), name(iri)
    out = to is not None and external(to)
    text_shown = text or (iri.partition("://")[2] if out and not label.language else label.text)
    code = "" if text else label.language
    if to is None:
        return words(text_shown, code)
    more = Markup(' class="out" rel="external nofollow"') if out else ""
    link = html('<a href="%s"%s%s>%s</a>', to, lang_attribute(text_shown, code), more, text_shown)
    return link + pinyin_span(iri) if code == "zh" else link


@lasting
def term(iri: str) -> Markup:
    """Return the name of a property as a link to it, with its definition to be read on demand."""
    return html('<a href="%s" title="%s">%s</a>', address(iri) or "", definition(iri), name(iri).text)


def pinyin_span(iri: str) -> Markup:
    """Return the Chinese name of a thing in pinyin, to stand after it on English pages if there is no English name."""
    found = transcription(iri)
    return html(' <span class="reading" lang="zh-Latn-pinyin">%s</span>', found) if found else Markup("")


def shown(found: Term) -> Markup:
    """Return a value: a thing as a link, a truth value as a word, a text with its language, the rest as written."""
    if not isinstance(found, (Literal, NamedNode)):
        return Markup.escape(str(found))
    if not isinstance(found, Literal):
        marked = kind_and_key(str(found.value))[0] in MARKED
        return linked(str(found.value), mark(str(found.value)) if marked else "")
    if found.datatype.value == BOOLEAN:
        return Markup.escape(_("yes") if found.value == "true" else _("no"))
    return words(found.value, found.language or "")


def in_language(row: Row, column: str) -> str:
    """Return a text of a row in the language of the page: a column has the Chinese, `<column>English` the English."""
    return (value(row, f"{column}English") if language() == "en" else "") or value(row, column)


def readable(statement: Statement) -> Sequence[Term]:
    """Return the values of a statement; of a text that is said once in each language, that of the page."""
    if len(statement.values) == 1:
        return statement.values
    languages = [found.language for found in statement.values if isinstance(found, Literal)]
    chosen = [found for found in statement.values if isinstance(found, Literal) and found.language == language()]
    return chosen if len(chosen) == 1 and len(set(languages)) == len(statement.values) else statement.values


def statement_value(statement: Statement, found: Term) -> Markup:
    """Return a value in the words of the page: kinds of texts by their names, columns with what they say."""
    key = str(found.value)
    if statement.property == KIND_OF_TEXT and key in TEXT_KINDS:
        return Markup.escape(TEXT_KINDS[key])
    if statement.property in COLUMNS:
        text_shown = name(expanded(DERIVED_COLUMNS.get(key, f"gp:printed{key.title()}").split()[0]) or key)
        return html("%s <code>%s</code>", text_shown.text, key) if text_shown.language else Markup.escape(key)
    if statement.property == REASON and " | " in key:
        return words(_("; ").join(in_words(key)))
    return shown(found)


def days(first: str, last: str) -> str:
    """Return the days that a date can mean, empty where none is known."""
    if first and last:
        return first if first == last else _("some day from %(first)s to %(last)s", first=first, last=last)
    if first:
        return _("not before %(first)s", first=first)
    return _("not after %(last)s", last=last) if last else ""


def dated(row: Row, text: str, first: str = "", last: str = "") -> Markup:
    """Return a date of a row as printed, with the days that it can mean where they say more than the text."""
    printed, earliest, latest = (value(row, found) for found in (text, first, last))
    if not printed:
        return Markup("")
    possible = "" if printed in (earliest, latest) else days(earliest, latest)
    title = html(' title="%s"', possible) if possible else ""
    return html('<span class="date"%s>%s</span>', title, words(printed))


def interval(row: Row) -> Markup:
    """Return from when to when a row holds, an ellipsis where that is not known."""
    return html("%s – %s", dated(row, "fromText", "from") or "…", dated(row, "toText", "", "to") or "…")


@lasting
def mark(iri: str) -> Markup:
    """Return the mark of a status, weight or verdict: its name, with its definition to be read on demand."""
    return html('<span class="mark is-%s" title="%s">%s</span>', key_of(iri), definition(iri), name(iri).text)


@lasting
def derived() -> Markup:
    """Return the mark of what this project filled in itself."""
    sentence = _("Filled in by this project; the source does not say it in these words.")
    return html('<span class="mark is-derived" title="%s">%s</span>', sentence, _("derived"))


def missing(sentence: str) -> Markup:
    """Return a remark that something is not known, to be told apart from what is."""
    return html('<span class="none">%s</span>', sentence)


def in_words(reason: str) -> list[str]:
    """Return the sentences of a reason in the reader's language; records keep it as Chinese | English."""
    chinese, bar, english = reason.partition(" | ")
    return [part for part in (chinese.split("；") if language() == "zh" or not bar else english.split("; ")) if part]


PIECES: Mapping[str, object] = {
    function.__name__: function
    for function in (
        *(lang_attribute, words, in_language, readable, statement_value, linked, shown, days, dated, interval, mark),
        *(derived, missing, in_words, transcription, pinyin_span, term),
    )
}
"""What templates call by these names."""
