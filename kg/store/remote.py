"""SPARQL 1.1 endpoint as a store; an incomplete answer is an error (the only module that imports SPARQLWrapper)."""

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
from kg.store.bindings import COUNT_TRIPLES, bind, read_boolean
from kg.store.formats import Literal, NamedNode, QueryBoolean, QuerySolutions, Solutions, Term, Triple, read_solutions

BOOLEAN = NamedNode("http://www.w3.org/2001/XMLSchema#boolean")
TRUTHS = {"0": "false", "1": "true"}


class RemoteStore:
    """SPARQL 1.1 endpoint; a partial answer (Virtuoso: status 200 with `X-SQL-State`) raises StoreError."""

    def __init__(self, address: str, seconds: int = 60, default: Sequence[str] = (), named: Sequence[str] = ()) -> None:
        """Open an endpoint.

        Args:
            address: URL of the endpoint.
            seconds: timeout of a request.
            default: IRIs of the graphs merged to the default graph; empty: the endpoint's own default graph.
            named: IRIs of the named graphs; used only with `default`.

        Raises:
            StoreError: the address is no http or https URL.
        """
        if not address.startswith(("http://", "https://")):
            raise StoreError(f"{address} is no address of a SPARQL endpoint; it must begin with http:// or https://")
        self._address, self._seconds, self._default, self._named = address, seconds, default, named

    def select(self, query: str, bindings: Mapping[str, Term]) -> Solutions:
        """Run a SELECT query."""
        with self._readable():
            found = read_solutions(self._results(query, bindings))
        rows = (tuple(None if term is None else _canonical(term) for term in row) for row in found.rows)
        return Solutions(found.variables, tuple(rows))

    def ask(self, query: str, bindings: Mapping[str, Term]) -> bool:
        """Run an ASK query."""
        with self._readable():
            return read_boolean(self._results(query, bindings))

    def construct(self, query: str, bindings: Mapping[str, Term]) -> list[Triple]:
        """Run a CONSTRUCT or DESCRIBE query."""
        media_type, body = self._send(query, bindings, "application/n-triples, text/turtle;q=0.9")
        with self._readable():
            found = pyoxigraph.parse(body, RdfFormat.from_media_type(media_type), base_iri=self._address)
            triples = [quad.triple for quad in found]
        return [Triple(each.subject, each.predicate, _canonical(each.object)) for each in triples]

    def objects(self, subject: NamedNode, properties: Sequence[NamedNode]) -> list[Term]:
        """Ask for the objects."""
        names = " ".join(map(str, properties))
        query = f"SELECT DISTINCT ?object {{ {subject} ?property ?object VALUES ?property {{ {names} }} }}"
        return sorted((row[0] for row in self.select(query, {}).rows if row[0] is not None), key=str)

    def size(self) -> int:
        """Count the triples of the default graph."""
        ((count,),) = self.select(COUNT_TRIPLES, {}).rows
        return int(count.value) if isinstance(count, Literal) else 0

    def _results(self, query: str, bindings: Mapping[str, Term]) -> QuerySolutions | QueryBoolean:
        _, body = self._send(query, bindings, "application/sparql-results+json")
        return pyoxigraph.parse_query_results(body, QueryResultsFormat.JSON)

    def _send(self, query: str, bindings: Mapping[str, Term], accept: str) -> tuple[str, bytes]:
        """Return media type and body of the complete response."""
        wrapper = SPARQLWrapper(self._address)
        wrapper.setMethod(POST)
        wrapper.setOnlyConneg(True)
        wrapper.setTimeout(self._seconds)
        wrapper.addCustomHttpHeader("Accept", accept)
        for iri in self._default:
            wrapper.addDefaultGraph(iri)
        for iri in self._named if self._default else ():
            wrapper.addNamedGraph(iri)
        # The setter guesses the kind from anything that looks like a keyword; only "no update" matters here.
        wrapper.queryString, wrapper.queryType = bind(query, bindings), SELECT
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
    """Return a boolean as `true` or `false`; Virtuoso writes 1 and 0, which mean the same (XML Schema 2, 3.2.2)."""
    if isinstance(term, Literal) and term.datatype == BOOLEAN and term.value in TRUTHS:
        return Literal(TRUTHS[term.value], datatype=BOOLEAN)
    return term


def _remote_error(address: str, error: QueryBadFormed) -> QueryError:
    """Read the endpoint's message, which SPARQLWrapper passes on as the `repr` of bytes."""
    quoted = str(error).partition("Response:\n")[2]
    words = ast.literal_eval(quoted).decode(errors="replace").strip() if quoted else "it gives no reason"
    place = re.search(r"[Ll]ine (\d+)(?:, column (\d+))?", words)
    line, column = (int(part) if part else None for part in place.groups()) if place else (None, None)
    return QueryError(f"{address} cannot read the query: {words}", line, column)
