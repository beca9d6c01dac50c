"""One interface over two stores: the embedded Oxigraph of a release, and any SPARQL 1.1 endpoint by its address."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path
from typing import Any, BinaryIO, Protocol
from urllib.error import HTTPError, URLError

import pyoxigraph
from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple
from SPARQLWrapper import JSON, POST, SPARQLWrapper
from SPARQLWrapper.SPARQLExceptions import EndPointInternalError, EndPointNotFound, QueryBadFormed

from kg.errors import QueryError, StoreError
from kg.vocab import PREFIXES
from kg.vocab import Triple as Line

Term = NamedNode | BlankNode | Literal
Row = tuple[Term | None, ...]

GRAPH_FORMATS = {
    "ttl": RdfFormat.TURTLE,
    "nt": RdfFormat.N_TRIPLES,
    "rdf": RdfFormat.RDF_XML,
    "jsonld": RdfFormat.JSON_LD,
    "nq": RdfFormat.N_QUADS,
    "trig": RdfFormat.TRIG,
}
__all__ = [
    "BlankNode",
    "EmbeddedStore",
    "GraphFile",
    "Literal",
    "NamedNode",
    "RemoteStore",
    "Solutions",
    "Store",
    "Term",
]
__all__ += ["load_store", "open_store", "serialize_lines"]
WITH_GRAPHS = ("nq", "trig")


@dataclass(frozen=True, slots=True)
class Solutions:
    """The answer to a SELECT: variables without question marks, and a term or None for each in every row."""

    variables: tuple[str, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class GraphFile:
    """A file of N-Triples, the IRI of its named graph, and whether it is part of the default graph too."""

    path: Path
    graph: str
    in_default: bool


class Store(Protocol):
    """What can be asked of a store; values go in as bound terms, never as text."""

    def select(self, query: str, bindings: Mapping[str, Term]) -> Solutions:
        """Answer a SELECT; raise QueryError where it cannot be read, StoreError where the store fails."""

    def ask(self, query: str, bindings: Mapping[str, Term]) -> bool:
        """Answer an ASK."""


class EmbeddedStore:
    """The store of a release, opened read-only: a frozen snapshot that many processes can share."""

    def __init__(self, path: Path) -> None:
        if not path.is_dir():
            raise StoreError(f"no store in {path}; run `guapai build` first")
        self._store = pyoxigraph.Store.read_only(str(path))

    def select(self, query: str, bindings: Mapping[str, Term]) -> Solutions:
        """Answer a SELECT over the default graph."""
        found = self._run(query, bindings)
        if not isinstance(found, pyoxigraph.QuerySolutions):
            raise QueryError("expected a SELECT query")
        rows = tuple(tuple(solution) for solution in found)
        return Solutions(tuple(variable.value for variable in found.variables), rows)

    def ask(self, query: str, bindings: Mapping[str, Term]) -> bool:
        """Answer an ASK over the default graph."""
        found = self._run(query, bindings)
        if not isinstance(found, pyoxigraph.QueryBoolean):
            raise QueryError("expected an ASK query")
        return bool(found)

    def construct(self, query: str, bindings: Mapping[str, Term]) -> list[Triple]:
        """Answer a CONSTRUCT or DESCRIBE over the default graph."""
        found = self._run(query, bindings)
        if not isinstance(found, pyoxigraph.QueryTriples):
            raise QueryError("expected a CONSTRUCT or DESCRIBE query")
        return list(found)

    def dump(self, target: BinaryIO, name: str) -> None:
        """Write the whole store: named graphs where the format has graphs, else the default graph."""
        prefixes = PREFIXES if name in ("ttl", "trig", "rdf") else None
        if name in WITH_GRAPHS:
            named = (quad for quad in self._store if not isinstance(quad.graph_name, pyoxigraph.DefaultGraph))
            pyoxigraph.serialize(named, target, GRAPH_FORMATS[name], prefixes=prefixes)
        else:
            self._store.dump(target, GRAPH_FORMATS[name], from_graph=pyoxigraph.DefaultGraph(), prefixes=prefixes)

    def _run(self, query: str, bindings: Mapping[str, Term]) -> object:
        substitutions: dict[pyoxigraph.Variable, Term | Triple] = {
            pyoxigraph.Variable(name): term for name, term in bindings.items()
        }
        try:
            return self._store.query(query, substitutions=substitutions)
        except SyntaxError as error:
            raise QueryError(f"the query cannot be read: {error}", *_place(str(error))) from error
        except (OSError, ValueError) as error:
            raise StoreError(f"the store failed: {error}") from error


class RemoteStore:
    """A SPARQL 1.1 endpoint; a partial answer (Virtuoso: 200 with `X-SQL-State`) is an error."""

    def __init__(self, address: str, seconds: int = 60) -> None:
        self._address, self._seconds = address, seconds

    def select(self, query: str, bindings: Mapping[str, Term]) -> Solutions:
        """Answer a SELECT."""
        found = self._run(query, bindings)
        variables = tuple(found["head"]["vars"])
        bound = found["results"]["bindings"]
        return Solutions(variables, tuple(tuple(_term(row.get(name)) for name in variables) for row in bound))

    def ask(self, query: str, bindings: Mapping[str, Term]) -> bool:
        """Answer an ASK."""
        return bool(self._run(query, bindings)["boolean"])

    def _run(self, query: str, bindings: Mapping[str, Term]) -> dict[str, Any]:
        wrapper = SPARQLWrapper(self._address)
        wrapper.setMethod(POST)
        wrapper.setReturnFormat(JSON)
        wrapper.setTimeout(self._seconds)
        wrapper.setQuery(_with_values(query, bindings))
        try:
            answer = wrapper.query()
            if state := answer.info().get("x-sql-state"):
                raise StoreError(f"{self._address} answered in part only ({state})")
            found = answer.convert()
        except QueryBadFormed as error:
            raise QueryError(f"{self._address} cannot read the query: {error}") from error
        except (EndPointNotFound, EndPointInternalError, HTTPError, URLError, HTTPException, TimeoutError) as error:
            raise StoreError(f"{self._address} does not answer: {error}") from error
        if not isinstance(found, dict):
            raise StoreError(f"{self._address} answered something else than SPARQL results in JSON")
        return found


def open_store(where: str | Path) -> EmbeddedStore | RemoteStore:
    """Open a store by its folder or, where the text begins with http, by its address."""
    if isinstance(where, str) and where.startswith(("http://", "https://")):
        return RemoteStore(where)
    return EmbeddedStore(Path(where))


def load_store(path: Path, files: Sequence[GraphFile]) -> None:
    """Make a store on disk from files of N-Triples, each in its named graph and perhaps in the default graph too."""
    store = pyoxigraph.Store(str(path))
    for file in files:
        name = NamedNode(file.graph)
        store.bulk_load(path=str(file.path), format=RdfFormat.N_TRIPLES, to_graph=name)
        if file.in_default:
            store.bulk_load(path=str(file.path), format=RdfFormat.N_TRIPLES)
    store.optimize()
    store.flush()


def serialize_lines(lines: Iterable[Line], name: str) -> bytes:
    """Write triples given as N-Triples text in another format."""
    text = "".join(f"{subject} {predicate} {value} .\n" for subject, predicate, value in lines)
    quads = pyoxigraph.parse(text.encode(), RdfFormat.N_TRIPLES)
    written = pyoxigraph.serialize((quad.triple for quad in quads), format=GRAPH_FORMATS[name], prefixes=PREFIXES)
    return written or b""


def _with_values(query: str, bindings: Mapping[str, Term]) -> str:
    clauses = "".join(f"\nVALUES ?{name} {{ {term} }}" for name, term in bindings.items())
    return query + clauses


def _term(cell: Mapping[str, str] | None) -> Term | None:
    if cell is None:
        return None
    if cell["type"] == "uri":
        return NamedNode(cell["value"])
    if cell["type"] == "bnode":
        return BlankNode(cell["value"])
    if "xml:lang" in cell:
        return Literal(cell["value"], language=cell["xml:lang"])
    datatype = cell.get("datatype")
    return Literal(cell["value"], datatype=NamedNode(datatype) if datatype else None)


def _place(message: str) -> tuple[int, int] | tuple[()]:
    match = re.search(r"error at (\d+):(\d+)", message)
    return (int(match[1]), int(match[2])) if match else ()
