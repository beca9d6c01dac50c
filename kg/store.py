"""One interface over two stores: the embedded Oxigraph of a release, and any SPARQL 1.1 endpoint by its address."""

import ast
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path
from typing import Any, BinaryIO, Protocol
from urllib.error import HTTPError

import pyoxigraph
from pyoxigraph import QueryResultsFormat, RdfFormat, Variable
from SPARQLWrapper import POST, SELECT, SPARQLWrapper
from SPARQLWrapper.SPARQLExceptions import QueryBadFormed, SPARQLWrapperException

from kg.binding import bind
from kg.errors import QueryError, StoreError
from kg.formats import (
    WITH_GRAPHS,
    BlankNode,
    Literal,
    NamedNode,
    QueryBoolean,
    QuerySolutions,
    QueryTriples,
    Result,
    Solutions,
    Term,
    Triple,
    graph_format,
    read_solutions,
)
from kg.guard import refuse
from kg.vocab import PREFIXES

__all__ = ["BlankNode", "Dataset", "EmbeddedStore", "GraphFile", "Literal", "NamedNode", "RemoteStore", "Solutions"]
__all__ += ["Store", "Term", "Triple", "load_store", "open_store"]


@dataclass(frozen=True, slots=True)
class GraphFile:
    """A file of N-Triples, the IRI of its named graph, and whether it is part of the default graph too."""

    path: Path
    graph: str
    in_default: bool


@dataclass(frozen=True, slots=True)
class Dataset:
    """The graphs that a query sees, by IRI: those merged to its default graph, and those that GRAPH finds.

    It takes the place of the query's own FROM and FROM NAMED (SPARQL 1.1 Protocol, section 2.1.4).
    """

    default: tuple[str, ...] = ()
    named: tuple[str, ...] = ()


class Store(Protocol):
    """What can be asked of a store; values go in as bound terms, never as text.

    A bound term stands for its variable in the WHERE group of the query as if VALUES opened the group: in filters and
    OPTIONAL too, also where the query counts or does not select the variable; a subquery sees it if it selects it.
    Every method raises QueryError where the query cannot be read, and StoreError where the store fails.
    """

    def select(self, query: str, bindings: Mapping[str, Term]) -> Solutions:
        """Answer a SELECT over the default graph."""

    def ask(self, query: str, bindings: Mapping[str, Term]) -> bool:
        """Answer an ASK over the default graph."""

    def construct(self, query: str, bindings: Mapping[str, Term]) -> list[Triple]:
        """Answer a CONSTRUCT or DESCRIBE over the default graph."""

    def size(self) -> int:
        """Count the triples of the default graph."""


class EmbeddedStore:
    """The store of a release, opened read-only: a frozen snapshot that many processes can share."""

    def __init__(self, path: Path) -> None:
        if not path.is_dir():
            raise StoreError(f"no store in {path}; run `guapai build` first")
        try:
            self._store = pyoxigraph.Store.read_only(str(path))
        except OSError as error:
            raise StoreError(f"the store in {path} cannot be opened: {error}") from error

    def select(self, query: str, bindings: Mapping[str, Term]) -> Solutions:
        """Answer a SELECT over the default graph."""
        bound = _bind(query, bindings)
        with _errors(bound):
            return read_solutions(self._store.query(bound))

    def ask(self, query: str, bindings: Mapping[str, Term]) -> bool:
        """Answer an ASK over the default graph."""
        bound = _bind(query, bindings)
        with _errors(bound):
            return _truth(self._store.query(bound))

    def construct(self, query: str, bindings: Mapping[str, Term]) -> list[Triple]:
        """Answer a CONSTRUCT or DESCRIBE over the default graph."""
        bound = _bind(query, bindings)
        with _errors(bound):
            found = self._store.query(bound)
            if not isinstance(found, QueryTriples):
                raise QueryError("expected a CONSTRUCT or DESCRIBE query")
            return list(found)

    def size(self) -> int:
        """Count the triples of the default graph."""
        return _count(self)

    @contextmanager
    def answer(self, query: str, dataset: Dataset | None = None) -> Iterator[Result]:
        """Run a query of any kind; its answer is read, and fails, inside of the `with` block.

        Args:
            query: text of a SPARQL query.
            dataset: the graphs that it sees, None for the store's own and the query's FROM.

        Raises:
            QueryError: the query cannot be read, or its evaluation fails.
            StoreError: the store cannot be read.
        """
        with _errors(query):
            default, named = (_graphs(dataset.default), _graphs(dataset.named)) if dataset else (None, None)
            yield self._store.query(query, default_graph=default, named_graphs=named)

    def dump(self, target: BinaryIO, name: str) -> None:
        """Write the whole store: named graphs where the format has graphs, else the default graph."""
        prefixes = PREFIXES if name in ("ttl", "trig", "rdf") else None
        if name in WITH_GRAPHS:
            named = (quad for quad in self._store if not isinstance(quad.graph_name, pyoxigraph.DefaultGraph))
            pyoxigraph.serialize(named, target, graph_format(name), prefixes=prefixes)
        else:
            self._store.dump(target, graph_format(name), from_graph=pyoxigraph.DefaultGraph(), prefixes=prefixes)


class RemoteStore:
    """A SPARQL 1.1 endpoint; a partial answer (Virtuoso: 200 with `X-SQL-State`) is an error."""

    def __init__(self, address: str, seconds: int = 60) -> None:
        if not address.startswith(("http://", "https://")):
            raise StoreError(f"{address} is no address of a SPARQL endpoint; it must begin with http:// or https://")
        self._address, self._seconds = address, seconds

    def select(self, query: str, bindings: Mapping[str, Term]) -> Solutions:
        """Answer a SELECT."""
        with self._readable():
            return read_solutions(self._results(query, bindings))

    def ask(self, query: str, bindings: Mapping[str, Term]) -> bool:
        """Answer an ASK."""
        with self._readable():
            return _truth(self._results(query, bindings))

    def construct(self, query: str, bindings: Mapping[str, Term]) -> list[Triple]:
        """Answer a CONSTRUCT or DESCRIBE."""
        media_type, body = self._send(query, bindings, "application/n-triples, text/turtle;q=0.9")
        with self._readable():
            found = pyoxigraph.parse(body, RdfFormat.from_media_type(media_type), base_iri=self._address)
            return [quad.triple for quad in found]

    def size(self) -> int:
        """Count the triples of the default graph."""
        return _count(self)

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
        # Its setter guesses the kind from any text that looks like a keyword; only "no update" matters to it.
        wrapper.queryString, wrapper.queryType = _bind(query, bindings), SELECT
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


def open_store(where: str | Path) -> EmbeddedStore | RemoteStore:
    """Open a store by its folder or, where the text begins with http, by its address."""
    if isinstance(where, str) and where.startswith(("http://", "https://")):
        return RemoteStore(where)
    return EmbeddedStore(Path(where))


def load_store(path: Path, files: Sequence[GraphFile]) -> None:
    """Make a store on disk from files of N-Triples, each in its named graph and perhaps in the default graph too.

    Raises:
        StoreError: a file cannot be read, or the folder holds a store that another process writes.
    """
    try:
        store = pyoxigraph.Store(str(path))
    except OSError as error:
        raise StoreError(f"no store can be made in {path}: {error}") from error
    for file in files:
        name = NamedNode(file.graph)
        try:
            store.bulk_load(path=str(file.path), format=RdfFormat.N_TRIPLES, to_graph=name)
            if file.in_default:
                store.bulk_load(path=str(file.path), format=RdfFormat.N_TRIPLES)
        except (SyntaxError, OSError) as error:
            raise StoreError(f"{file.path} cannot be loaded: {error}") from error
    store.optimize()
    store.flush()


def _graphs(iris: Iterable[str]) -> list[Any]:
    return [NamedNode(iri) for iri in iris]


def _truth(found: Result) -> bool:
    if not isinstance(found, QueryBoolean):
        raise QueryError("expected an ASK query")
    return bool(found)


def _count(store: Store) -> int:
    ((count,),) = store.select("SELECT (COUNT(*) AS ?count) WHERE { ?subject ?predicate ?object }", {}).rows
    return int(count.value) if isinstance(count, Literal) else 0


def _bind(query: str, bindings: Mapping[str, Term]) -> str:
    """Put bound terms into a query; a blank node is a variable there, and stands for no term."""
    if nameless := [name for name, term in bindings.items() if isinstance(term, BlankNode)]:
        raise QueryError(f"?{nameless[0]} cannot be bound to a blank node")
    with _errors(query):
        terms = {str(Variable(name)): str(term) for name, term in bindings.items()}
    return bind(query, terms)


@contextmanager
def _errors(query: str) -> Iterator[None]:
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


def _remote_error(address: str, error: QueryBadFormed) -> QueryError:
    """Read the endpoint's own words, which SPARQLWrapper hands on as the representation of bytes."""
    quoted = str(error).partition("Response:\n")[2]
    words = ast.literal_eval(quoted).decode(errors="replace").strip() if quoted else "it gives no reason"
    place = re.search(r"[Ll]ine (\d+)(?:, column (\d+))?", words)
    line, column = (int(part) if part else None for part in place.groups()) if place else (None, None)
    return QueryError(f"{address} cannot read the query: {words}", line, column)
