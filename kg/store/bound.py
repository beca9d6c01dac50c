"""What both stores have in common: bound terms put into a query, and the engine's errors said in ours."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache

from pyoxigraph import Variable

from kg.errors import QueryError, StoreError
from kg.store.binding import bind
from kg.store.formats import BlankNode, QueryBoolean, Result, Term
from kg.store.guard import refuse

COUNT = "SELECT (COUNT(*) AS ?count) WHERE { ?subject ?predicate ?object }"


def truth(found: Result) -> bool:
    """Read the answer to an ASK.

    Raises:
        QueryError: it is the answer to another kind of query.
    """
    if not isinstance(found, QueryBoolean):
        raise QueryError("expected an ASK query")
    return bool(found)


def with_terms(query: str, bindings: Mapping[str, Term]) -> str:
    """Put bound terms into a query; a blank node is a variable there, and stands for no term.

    Raises:
        QueryError: the query cannot be read, or a term cannot be bound.
    """
    terms = {}
    for name, term in bindings.items():
        if isinstance(term, BlankNode):
            raise QueryError(f"?{name} cannot be bound to a blank node")
        terms[_variable(name)] = str(term)
    return bind(query, terms)


@lru_cache(maxsize=1000)
def _variable(name: str) -> str:
    """Return a variable as queries write it, if its name is one."""
    with engine_errors(name):
        return str(Variable(name))


@contextmanager
def engine_errors(query: str) -> Iterator[None]:
    """Say Oxigraph's errors in ours."""
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


def _refuse_at(query: str, line: int, column: int, message: str) -> None:
    """Raise a QueryError that shows the place; of what the engine expected, only whole sentences help a reader."""
    lines = query.split("\n")
    position = sum(len(text) + 1 for text in lines[: line - 1]) + column - 1
    around = lines[line - 1][max(0, column - 21) : column + 9].strip()
    reasons = re.findall(r"(?:expected(?: one of)?+|,) ([A-Za-z]+ [a-z][^,\[\"]*)", message)
    reason = f" ({reasons[0].strip()})" if reasons else ""
    refuse(query, position, f"the query cannot be read near “{around}”{reason}")
