"""Shared by both stores: variable bindings and error translation."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache

from pyoxigraph import Variable

from kg.errors import QueryError, StoreError
from kg.store.formats import BlankNode, QueryBoolean, Result, Term
from kg.store.guard import foreign_sign, refuse, tokenize

COUNT_TRIPLES = "SELECT (COUNT(*) AS ?count) WHERE { ?subject ?predicate ?object }"
CACHED_QUERIES = 1000
"""Queries, and names of variables, whose parsing is cached."""


def read_boolean(found: Result) -> bool:
    """Read the result of an ASK query.

    Raises:
        QueryError: the result is of another kind of query.
    """
    if not isinstance(found, QueryBoolean):
        raise QueryError("expected an ASK query")
    return bool(found)


def bind(query: str, bindings: Mapping[str, Term]) -> str:
    """Bind variables to terms by VALUES at the head of the query's WHERE group.

    Oxigraph's substitutions accept only selected variables, so a count over a bound term is impossible; VALUES after
    the query is joined after the aggregation, so everything would be counted. VALUES in the group gives the same
    results in both stores, as fast as substitution.

    Args:
        query: text of one of the project's own queries.
        bindings: name of the variable, without question mark, to term. A blank node cannot be bound: in a query it is
            a variable.

    Raises:
        QueryError: the query cannot be tokenized, or a term cannot be bound.
    """
    terms = {}
    for name, term in bindings.items():
        if isinstance(term, BlankNode):
            raise QueryError(f"?{name} cannot be bound to a blank node")
        terms[_variable(name)] = str(term)
    return _insert_values(query, terms) if terms else query


@contextmanager
def translate_errors(query: str) -> Iterator[None]:
    """Raise Oxigraph's errors as QueryError or StoreError."""
    try:
        yield
    except SyntaxError as error:
        place = re.match(r"error at (\d+):(\d+): ", str(error))
        if place is None:
            raise QueryError(f"the query cannot be read: {error}") from error
        _refuse_at(query, int(place[1]), int(place[2]), str(error))
    except (ValueError, RuntimeError) as error:
        raise QueryError(f"the query cannot be answered: {error}") from error
    except OSError as error:
        raise StoreError(f"the store failed: {error}") from error


@lru_cache(maxsize=CACHED_QUERIES)
def _variable(name: str) -> str:
    """Return a variable in SPARQL syntax, or raise QueryError if the name is none of a variable."""
    with translate_errors(name):
        return str(Variable(name))


def _insert_values(query: str, terms: Mapping[str, str]) -> str:
    """Insert a VALUES block; terms: variable (such as `?place`) to term, both in SPARQL syntax."""
    values = f"VALUES ({' '.join(terms)}) {{ ({' '.join(terms.values())}) }}"
    head, tail = _where(query)
    if head is None:
        return f"{query}\n{values}"
    if tail is None:
        return f"{query[:head]} {values} {query[head:]}"
    return f"{query[:head]} {values} {{ {query[head:tail]} }} {query[tail:]}"


@lru_cache(maxsize=CACHED_QUERIES)
def _where(query: str) -> tuple[int | None, int | None]:
    """Return where the WHERE group begins (None: no group) and, if it holds only a subquery, where it ends."""
    tokens = list(tokenize(query))
    depth, groups, ends = 0, [], []
    for index, token in enumerate(tokens):
        depth += (token.kind == "open") - (token.kind == "close")
        if token.text == "{" and depth == 1:
            groups.append(index)
        elif token.text == "}" and depth == 0:
            ends.append(token.start)
    words = [token.text.upper() for token in tokens]
    if "CONSTRUCT" in words[: groups[0] if groups else 0]:
        # The first group is the template; in the short form CONSTRUCT WHERE it is the pattern too and takes no VALUES.
        groups, ends = (groups[1:], ends[1:]) if words[groups[0] - 1] == "CONSTRUCT" else ([], [])
    if not groups or not ends:
        return None, None
    only_subquery = words[groups[0] + 1] == "SELECT"
    return tokens[groups[0]].start + 1, ends[0] if only_subquery else None


def _refuse_at(query: str, line: int, column: int, message: str) -> None:
    """Raise a QueryError with the position; of the tokens that the engine expected, only phrases are shown."""
    lines = query.split("\n")
    position = sum(len(text) + 1 for text in lines[: line - 1]) + column - 1
    around = lines[line - 1][max(0, column - 21) : column + 9].strip()
    reasons = re.findall(r"(?:expected(?: one of)?+|,) ([A-Za-z]+ [a-z][^,\[\"]*)", message)
    reason = f" ({reasons[0].strip()})" if reasons else ""
    refuse(query, position, f"the query cannot be read near “{around}”{reason}{foreign_sign(query)}")
