"""Guard against queries that could harm or hang the server: a tokenizer and limits, applied before the engine.

The guard does not parse: it tokenizes as the engine does, and is stricter where the two could disagree. The engine
recognises keywords without word boundaries (it reads `SERVICEex:a` as SERVICE `ex:a`) and takes `<` for an operator or
the start of an IRI by grammar; hence the rules on names that contain a keyword and on an ambiguous `<`.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from enum import StrEnum
from functools import lru_cache
from itertools import islice
from typing import NamedTuple, NoReturn

from kg.errors import QueryError

MAX_BYTES = 65_536
"""Bytes of a query in UTF-8, well below what the stack of a worker (256 MiB, see `kg.sandbox`) reads."""
MAX_DEPTH = 32
"""Nested brackets of all kinds: Oxigraph 0.5.13 reads this depth in milliseconds, much greater ones not in time."""
MAX_TOKENS = 10_000
"""Words and signs of a query: a VALUES table of 64 KiB stays below, and the engine reads as many within seconds."""


class Kind(StrEnum):
    """The four forms of a SPARQL query."""

    SELECT = "SELECT"
    ASK = "ASK"
    CONSTRUCT = "CONSTRUCT"
    DESCRIBE = "DESCRIBE"


class Token(NamedTuple):
    """Token other than white space and comments: kind (a group of `_TOKEN`), text, offset in characters."""

    kind: str
    text: str
    start: int


# The character classes of SPARQL 1.1, section 19.8, rules 164 to 167.
_BASE = (
    "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c-\u200d\u2070-\u218f"
    "\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_VARIABLE = rf"{_BASE}_0-9\u00b7\u0300-\u036f\u203f-\u2040"
_NAME = rf"{_VARIABLE}\-"
_LOCAL = rf"(?:[{_NAME}:]|%[0-9A-Fa-f]{{2}}|\\[_~.\-!$&'()*+,;=/?#@%])"

_TOKEN = re.compile(
    rf"""
      (?P<blank>(?:[ \t\r\n]++|\#[^\r\n]*+)++)
    | (?P<string>'''(?:[^'\\]|\\[^\r\n]|'(?!''))*+''' | \"""(?:[^"\\]|\\[^\r\n]|"(?!""))*+\"""
        | '(?!'')(?:[^'\\\r\n]|\\[^\r\n])*+' | "(?!"")(?:[^"\\\r\n]|\\[^\r\n])*+")
    | (?P<iri><(?:[^<>"{{}}|^`\\\x00-\x20]|\\u[0-9A-Fa-f]{{4}}|\\U[0-9A-Fa-f]{{8}})*+>)
    | (?P<variable>[?$][{_VARIABLE}]++)
    | (?P<label>_:[{_NAME}]++(?:\.++[{_NAME}]++)*+)
    | (?P<prefixed>(?:[{_BASE}][{_NAME}]*+(?:\.++[{_NAME}]++)*+)?:(?:{_LOCAL}(?:\.*+{_LOCAL})*+)?)
    | (?P<word>[{_BASE}_][{_NAME}]*+(?:\.++[{_NAME}]++)*+)
    | (?P<language>@[A-Za-z]++(?:-[A-Za-z0-9]++)*+(?:--[A-Za-z]++)?)
    | (?P<number>[0-9]++(?:\.[0-9]++)?(?:[eE][+\-]?[0-9]++)?|\.[0-9]++(?:[eE][+\-]?[0-9]++)?)
    | (?P<open>[({{\[]) | (?P<close>[)}}\]])
    | (?P<triple><<)
    | (?P<operator>\^\^|&&|\|\||[!<>]=|[<>|^*/+\-!?=.,;~&@$:])
    """,
    re.VERBOSE,
)

_PROLOGUE = frozenset({"BASE", "PREFIX", "VERSION"})
_UPDATES = frozenset({"ADD", "CLEAR", "COPY", "CREATE", "DELETE", "DROP", "INSERT", "LOAD", "MOVE", "WITH"})
_CLOSING = {"(": ")", "{": "}", "[": "]"}
_ENDS_OPERAND = frozenset({"variable", "number", "string", "language", "iri", "prefixed", "word", "label", "close"})
_SIGNS = dict(zip("。、“”‘’《》〈〉【】—–−×÷", ".,\"\"''<><>[]---*/", strict=True))
"""Signs of Chinese and typographic text to those that SPARQL has in their place, beside the full-width forms."""
_FOREIGN = re.compile(f"[\uff01-\uff5e\u3000\u00a0\u2000-\u200b\u202f\u205f\ufeff{''.join(_SIGNS)}]")
_CODE = frozenset({"word", "prefixed", "variable", "label"})
_NO_TRIPLE_TERMS = "triples as terms, which came with SPARQL 1.2, are not served here"
_FULL_IRI = re.compile(r"<[A-Za-z][A-Za-z0-9+.\-]*://")


def tokenize(query: str) -> Iterator[Token]:
    """Yield the tokens of a query in order, without white space and comments, in one linear pass.

    Args:
        query: text of a SPARQL query.

    Raises:
        QueryError: no token can begin at some position, for example at an unclosed quote.
    """
    position = 0
    while position < len(query):
        match = _TOKEN.match(query, position)
        if match is None:
            refuse(query, position, _unreadable(query[position]))
        if match.lastgroup is not None and match.lastgroup != "blank":
            yield Token(match.lastgroup, match.group(), position)
        position = match.end()


@lru_cache(maxsize=8)
def tokens_of(query: str) -> tuple[Token, ...]:
    """Return the tokens of a query, as many as the limit and one more; kept, since several ask for those of one query.

    Raises:
        QueryError: as `tokenize`.
    """
    return tuple(islice(tokenize(query), MAX_TOKENS + 1))


@lru_cache(maxsize=64)
def inspect(query: str) -> Kind:
    """Check a visitor's query and return its kind; the kinds of the last queries that passed are kept by their text.

    Args:
        query: text of a SPARQL query, as a visitor sent it.

    Returns:
        The query form, which decides on the result formats.

    Raises:
        QueryError: the query is too large, too deeply nested, an update, calls another server, or is no query.
    """
    _check_size(query)
    kind: Kind | None = None
    brackets: list[str] = []
    previous = Token("", "", 0)
    for count, token in enumerate(_read_tokens(query), start=1):
        if count > MAX_TOKENS:
            refuse(query, token.start, f"the query has more than {MAX_TOKENS:,} words and signs, the limit here")
        if token.kind in {"word", "prefixed"}:
            _check_name(query, token)
        elif token.kind in {"open", "close"}:
            _follow_brackets(query, token, brackets)
        elif token.kind in {"iri", "triple"}:
            _check_angle(query, token, in_expression=brackets[-1:] == ["("] and previous.kind in _ENDS_OPERAND)
        elif token.kind == "operator":
            _check_operator(query, token, previous)
        if kind is None and token.kind == "word" and token.text.upper() not in _PROLOGUE:
            kind = _kind(query, token)
        previous = token
    if brackets:
        refuse(query, len(query), f"the query ends before a {_CLOSING[brackets[-1]]!r}{foreign_sign(query)}")
    if kind is None:
        refuse(query, len(query), "the query has no SELECT, ASK, CONSTRUCT or DESCRIBE")
    return kind


def _read_tokens(query: str) -> Iterable[Token]:
    """Return the tokens of a query, kept for later readers; of one with a fault those before it, then its error."""
    try:
        return tokens_of(query)
    except QueryError:
        return tokenize(query)


def foreign_sign(query: str) -> str:
    """Return a hint at the first full-width or typographic sign in the names of a faulty query, empty without one.

    SPARQL allows such signs in names, so that ``?o｝`` is a variable and closes nothing.
    """
    for token in tokenize(query):
        if token.kind in _CODE and (found := _FOREIGN.search(token.text)):
            line, column = _place(query, token.start + found.start())
            return f"; line {line}, column {column} has {_named(found[0])}{_meant(found[0])}"
    return ""


def refuse(query: str, position: int, reason: str) -> NoReturn:
    """Raise a `QueryError` with line and column (both from 1, in characters) of an offset in the query."""
    line, column = _place(query, position)
    raise QueryError(f"Line {line}, column {column}: {reason}.", line, column)


def _place(query: str, position: int) -> tuple[int, int]:
    return query.count("\n", 0, position) + 1, position - query.rfind("\n", 0, position)


def _unreadable(sign: str) -> str:
    """Return why no token can begin with a sign."""
    if sign in "'\"":
        return "a string is not closed"
    return f"{_named(sign)} cannot stand here{_meant(sign)}" if _FOREIGN.match(sign) else f"{sign!r} cannot stand here"


def _named(sign: str) -> str:
    return f"{sign!r} (U+{ord(sign):04X}, {unicodedata.name(sign, 'no name').lower()})"


def _meant(sign: str) -> str:
    """Return what SPARQL has in the place of a foreign sign, as the end of a sentence."""
    meant = _SIGNS.get(sign) or unicodedata.normalize("NFKC", sign)
    return f"; write {meant!r}" if meant.isascii() and not meant.isspace() else "; write a plain blank, or nothing"


def _check_size(query: str) -> None:
    try:
        size = len(query.encode())
    except UnicodeEncodeError as error:
        refuse(query, error.start, "this is half a character (a lone surrogate)")
    if size > MAX_BYTES:
        raise QueryError(
            f"The query is {size:,} bytes long; the limit here is {MAX_BYTES:,}. Long lists fit into several queries."
        )


def _check_name(query: str, token: Token) -> None:
    """Refuse SERVICE, also inside a longer name, and the keywords of updates."""
    name = token.text.partition(":")[0].upper()
    if name == "SERVICE":
        refuse(query, token.start, "SERVICE is refused, because this server does not query other servers for you")
    if "SERVICE" in name:
        refuse(query, token.start, f"the name {token.text!r} is refused, because the engine would find SERVICE in it")
    if token.kind == "word" and (found := _FOREIGN.search(token.text)):
        refuse(query, token.start + found.start(), _unreadable(found[0]))
    if token.kind == "word" and name == "TRIPLE":
        refuse(query, token.start, _NO_TRIPLE_TERMS)
    if token.kind == "word" and name in _UPDATES:
        refuse(
            query,
            token.start,
            f"{name} is refused, because this server is read-only: it answers queries and takes no updates",
        )


def _follow_brackets(query: str, token: Token, brackets: list[str]) -> None:
    if token.kind == "open":
        brackets.append(token.text)
        if len(brackets) > MAX_DEPTH:
            refuse(query, token.start, f"brackets are nested more than {MAX_DEPTH} deep, the limit here")
    elif not brackets or _CLOSING[brackets.pop()] != token.text:
        refuse(query, token.start, f"{token.text!r} closes what was not opened{foreign_sign(query)}")


def _check_operator(query: str, token: Token, previous: Token) -> None:
    """Refuse the annotations of SPARQL 1.2, `{|` and `~`."""
    adjacent = previous.text == "{" and token.start == previous.start + 1
    if token.text == "~" or (adjacent and token.text in {"|", "||"}):
        refuse(query, token.start, _NO_TRIPLE_TERMS)


def _check_angle(query: str, token: Token, *, in_expression: bool) -> None:
    """Refuse `<<`, and a `<…>` that the engine could read as a comparison and that contains quote, comment or bracket.

    After a scheme and `//` no comparison can follow, so a full IRI is never ambiguous.
    """
    if token.kind == "triple":
        refuse(query, token.start, f"{_NO_TRIPLE_TERMS}; if << compares with an IRI, put a blank between")
    if in_expression and re.search("['#()]", token.text) and not _FULL_IRI.match(token.text):
        refuse(
            query,
            token.start,
            "put a blank after <, or write the IRI in full: it is unclear whether < compares or begins an IRI",
        )


def _kind(query: str, token: Token) -> Kind:
    try:
        return Kind(token.text.upper())
    except ValueError:
        refuse(query, token.start, f"a query begins with SELECT, ASK, CONSTRUCT or DESCRIBE, not with {token.text!r}")
