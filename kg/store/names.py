"""IRIs that a query names, in full or by a prefix."""

import re
from collections.abc import Iterator, Sequence
from urllib.parse import urljoin

from kg.store.formats import NamedNode
from kg.store.guard import Token, tokens_of

_CODE_POINT = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
_ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:")
_ESCAPED_SIGN = re.compile(r"\\(.)")


def iris(query: str, base: str = "") -> list[str]:
    """Return the IRIs that a query names as terms, each once, in the order of their first appearance.

    What is no IRI, which the engine will refuse, is left out.

    Names of functions and datatypes are left out: nothing in the data need be called so.

    Args:
        query: text of a SPARQL query that the guard let pass.
        base: IRI against which relative ones resolve before a BASE.
    """
    return [found for found in dict.fromkeys(_terms(tokens_of(query), base)) if is_iri(found)]


def is_iri(text: str) -> bool:
    """Return whether a text is an IRI (RFC 3987), by the engine."""
    try:
        NamedNode(text)
    except ValueError:
        return False
    return True


def names_graphs(query: str) -> bool:
    """Return whether a query chooses graphs, by GRAPH or FROM."""
    return any(token.kind == "word" and token.text.upper() in {"FROM", "GRAPH"} for token in tokens_of(query))


def _terms(tokens: Sequence[Token], base: str) -> Iterator[str]:
    prefixes: dict[str, str] = {}
    blank = Token("", "", 0)
    for before2, before, token, after in zip(
        [blank, blank, *tokens], [blank, *tokens], tokens, [*tokens[1:], blank], strict=False
    ):
        if before.text.upper() == "BASE":
            base = _resolved(token, base)
        elif before2.text.upper() == "PREFIX" and token.kind == "iri":
            prefixes[before.text.removesuffix(":")] = _resolved(token, base)
        elif before.text.upper() == "PREFIX" or before.text == "^^" or after.text == "(":
            continue
        elif token.kind == "iri":
            yield _resolved(token, base)
        elif token.kind == "prefixed":
            prefix, _, local = token.text.partition(":")
            if prefix in prefixes:
                yield prefixes[prefix] + _ESCAPED_SIGN.sub(r"\1", local)


def _resolved(token: Token, base: str) -> str:
    """Return the absolute IRI of a token `<…>`; `urljoin` would drop a # at the end."""
    found = _CODE_POINT.sub(lambda match: chr(int(match[1] or match[2], 16)), token.text[1:-1])
    if _ABSOLUTE.match(found):
        return found
    try:
        return urljoin(base, found.removesuffix("#")) + ("#" if found.endswith("#") else "")
    except ValueError:  # such as a host that begins with [ and does not end
        return found
