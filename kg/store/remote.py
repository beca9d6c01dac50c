"""The only door of SPARQLWrapper: a SPARQL 1.1 endpoint as a store; what is no whole answer is an error."""

import ast
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError

import pyoxigraph
from pyoxigraph import QueryResultsFormat, RdfFormat
from SPARQLWrapper import POST, SELECT, SPARQLWrapper
from SPARQLWrapper.SPARQLExceptions import QueryBadFormed, SPARQLWrapperException

from kg.errors import QueryError, StoreError
from kg.store.bound import COUNT, truth, with_terms
from kg.store.formats import Literal, NamedNode, QueryBoolean, QuerySolutions, Solutions, Term, Triple, read_solutions

BOOLEAN = NamedNode("http://www.w3.org/2001/XMLSchema#boolean")
TRUTHS = {"0": "false", "1": "true"}


class RemoteStore:
    """A SPARQL 1.1 endpoint; a partial answer (Virtuoso: 200 with `X-SQL-State`) is an error."""

    def __init__(self, address: str, seconds: int = 60, default: Sequence[str] = (), named: Sequence[str] = ()) -> None:
        """Ask an endpoint.

        Args:
            address: of the endpoint.
            seconds: how long to wait for an answer.
            default: IRIs of the graphs that together are the default graph; the endpoint's own where none is given.
            named: IRIs of the graphs that GRAPH finds, where `default` is given.

        Raises:
            StoreError: that is no address.
        """
        if not address.startswith(("http://", "https://")):
            raise StoreError(f"{address} is no address of a SPARQL endpoint; it must begin with http:// or https://")
        self._address, self._seconds, self._default, self._named = address, seconds, default, named

    def select(self, query: str, bindings: Mapping[str, Term]) -> Solutions:
        """Answer a SELECT."""
        with self._readable():
            found = read_solutions(self._results(query, bindings))
        rows = (tuple(None if term is None else _canonical(term) for term in row) for row in found.rows)
        return Solutions(found.variables, tuple(rows))

    def ask(self, query: str, bindings: Mapping[str, Term]) -> bool:
        """Answer an ASK."""
        with self._readable():
            return truth(self._results(query, bindings))

    def construct(self, query: str, bindings: Mapping[str, Term]) -> list[Triple]:
        """Answer a CONSTRUCT or DESCRIBE."""
        media_type, body = self._send(query, bindings, "application/n-triples, text/turtle;q=0.9")
        with self._readable():
            found = pyoxigraph.parse(body, RdfFormat.from_media_type(media_type), base_iri=self._address)
            triples = [quad.triple for quad in found]
        return [Triple(each.subject, each.predicate, _canonical(each.object)) for each in triples]

    def size(self) -> int:
        """Count the triples of the default graph."""
        ((count,),) = self.select(COUNT, {}).rows
        return int(count.value) if isinstance(count, Literal) else 0

    def _results(self, query: str, bindings: Mapping[str, Term]) -> QuerySolutions | QueryBoolean:
        _, body = self._send(query, bindings, "application/sparql-results+json")
        return pyoxigraph.parse_query_results(body, QueryResultsFormat.JSON)

    def _send(self, query: str, bindings: Mapping[str, Term], accept: str) -> tuple[str, bytes]:
        """Return media type and body of the whole answer."""
        wrapper = SPARQLWrapper(self._address)
        wrapper.setMethod(POST)
        wrapper.setOnlyConneg(True)
        wrapper.setTimeout(self._seconds)
        wrapper.addCustomHttpHeader("Accept", accept)
        for iri in self._default:
            wrapper.addDefaultGraph(iri)
        for iri in self._named if self._default else ():
            wrapper.addNamedGraph(iri)
        # Its setter guesses the kind from any text that looks like a keyword; only "no update" matters to it.
        wrapper.queryString, wrapper.queryType = with_terms(query, bindings), SELECT
        try:
            with closing(wrapper.query().response) as response:
                if state := response.headers.get("X-SQL-State"):
                    raise StoreError(f"{self._address} answered in part only ({state})")
                return response.headers.get("Content-Type", ""), response.read()
        except QueryBadFormed as error:
            raise _remote_error(self._address, error) from error
        except HTTPError as error:
            with error:
                raise StoreError(f"{self._address} does not answer: {error}") from error
        except (SPARQLWrapperException, OSError, HTTPException) as error:
            raise StoreError(f"{self._address} does not answer: {error}") from error

    @contextmanager
    def _readable(self) -> Iterator[None]:
        try:
            yield
        except (SyntaxError, ValueError) as error:
            raise StoreError(f"{self._address} answered what cannot be read: {error}") from error


def _canonical(term: Any) -> Any:  # noqa: ANN401 — the stub does not type the terms of a row
    """Return a truth value as `true` or `false`; Virtuoso writes 1 and 0, which mean the same (XML Schema 2, 3.2.2)."""
    if isinstance(term, Literal) and term.datatype == BOOLEAN and term.value in TRUTHS:
        return Literal(TRUTHS[term.value], datatype=BOOLEAN)
    return term


def _remote_error(address: str, error: QueryBadFormed) -> QueryError:
    """Read the endpoint's own words, which SPARQLWrapper hands on as the representation of bytes."""
    quoted = str(error).partition("Response:\n")[2]
    words = ast.literal_eval(quoted).decode(errors="replace").strip() if quoted else "it gives no reason"
    place = re.search(r"[Ll]ine (\d+)(?:, column (\d+))?", words)
    line, column = (int(part) if part else None for part in place.groups()) if place else (None, None)
    return QueryError(f"{address} cannot read the query: {words}", line, column)
