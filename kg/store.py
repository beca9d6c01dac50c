"""One interface over two stores: the embedded Oxigraph of a release, and any SPARQL 1.1 endpoint by its address."""

import ast
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import lru_cache
from http.client import HTTPException
from itertools import islice
from pathlib import Path
from typing import IO, Any, BinaryIO, Protocol
from urllib.error import HTTPError

import pyoxigraph
from pyoxigraph import (
    BlankNode,
    Literal,
    NamedNode,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    QueryTriples,
    RdfFormat,
    Triple,
    Variable,
)
from SPARQLWrapper import POST, SELECT, SPARQLWrapper
from SPARQLWrapper.SPARQLExceptions import QueryBadFormed, SPARQLWrapperException

from kg.errors import QueryError, StoreError
from kg.guard import Kind, refuse, tokenize
from kg.vocab import PREFIXES
from kg.vocab import Triple as Line

__all__ = ["BlankNode", "Literal", "NamedNode", "QueryBoolean", "QuerySolutions", "QueryTriples", "Triple"]
__all__ += ["FORMATS", "Dataset", "EmbeddedStore", "Format", "GraphFile", "RemoteStore", "Solutions", "Store", "Term"]
__all__ += ["formats_of", "load_store", "open_store", "read_page"]
__all__ += ["serialize_lines", "serialize_page", "serialize_result", "serialize_triples"]

Term = NamedNode | BlankNode | Literal
Row = tuple[Term | None, ...]
Result = QuerySolutions | QueryBoolean | QueryTriples


@dataclass(frozen=True, slots=True)
class Format:
    """A format in which an answer is written.

    name: short name and file ending; media_types: the first is written, all are understood; aliases: other short names
    that clients send; engine: Oxigraph's name of it; row_mark: bytes that stand at every row of a SELECT and, but for a
    literal that contains them, nowhere else (empty for graphs); marks_besides: how many more marks there are than rows.
    """

    name: str
    media_types: tuple[str, ...]
    engine: QueryResultsFormat | RdfFormat
    aliases: tuple[str, ...] = ()
    row_mark: bytes = b""
    marks_besides: int = 0

    @property
    def graph(self) -> bool:
        """Whether it writes graphs (CONSTRUCT, DESCRIBE) and not rows or a truth value (SELECT, ASK)."""
        return isinstance(self.engine, RdfFormat)

    @property
    def content_type(self) -> str:
        """The value of the header Content-Type."""
        return self.media_types[0] + ("; charset=utf-8" if self.media_types[0].startswith("text/") else "")


_XML = ("application/xml", "text/xml")
_JSON = "application/json"
FORMATS = (
    Format(
        "json", ("application/sparql-results+json", _JSON), QueryResultsFormat.JSON, row_mark=b"},{", marks_besides=-1
    ),
    Format("xml", ("application/sparql-results+xml", *_XML), QueryResultsFormat.XML, row_mark=b"<result>"),
    Format("csv", ("text/csv",), QueryResultsFormat.CSV, row_mark=b"\r\n", marks_besides=1),
    Format("tsv", ("text/tab-separated-values",), QueryResultsFormat.TSV, row_mark=b"\n", marks_besides=1),
    Format("ttl", ("text/turtle", "application/x-turtle", "application/turtle"), RdfFormat.TURTLE, ("turtle",)),
    Format("nt", ("application/n-triples",), RdfFormat.N_TRIPLES, ("ntriples", "n-triples")),
    Format("jsonld", ("application/ld+json", _JSON), RdfFormat.JSON_LD, ("json-ld", "json")),
    Format("rdf", ("application/rdf+xml", *_XML), RdfFormat.RDF_XML, ("rdfxml", "rdf+xml", "xml")),
    Format("nq", ("application/n-quads",), RdfFormat.N_QUADS, ("nquads", "n-quads")),
    Format("trig", ("application/trig",), RdfFormat.TRIG),
    Format("n3", ("text/n3", "text/rdf+n3"), RdfFormat.N3),
)
"""Every format of an answer; among those of one kind of query the first is the default."""
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
            return _solutions(self._store.query(bound))

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
            pyoxigraph.serialize(named, target, _graph_format(name), prefixes=prefixes)
        else:
            self._store.dump(target, _graph_format(name), from_graph=pyoxigraph.DefaultGraph(), prefixes=prefixes)


class RemoteStore:
    """A SPARQL 1.1 endpoint; a partial answer (Virtuoso: 200 with `X-SQL-State`) is an error."""

    def __init__(self, address: str, seconds: int = 60) -> None:
        if not address.startswith(("http://", "https://")):
            raise StoreError(f"{address} is no address of a SPARQL endpoint; it must begin with http:// or https://")
        self._address, self._seconds = address, seconds

    def select(self, query: str, bindings: Mapping[str, Term]) -> Solutions:
        """Answer a SELECT."""
        with self._readable():
            return _solutions(self._results(query, bindings))

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


def formats_of(kind: Kind) -> tuple[Format, ...]:
    """Return the formats for the answer to a kind of query, the default first."""
    graph = kind in {Kind.CONSTRUCT, Kind.DESCRIBE}
    return tuple(form for form in FORMATS if form.graph is graph)


def serialize_result(result: QuerySolutions | QueryBoolean, form: Format, target: IO[bytes]) -> None:
    """Write the answer to a SELECT or ASK."""
    if not isinstance(form.engine, QueryResultsFormat):
        raise QueryError(f"an answer to SELECT or ASK cannot be written as {form.name}")
    result.serialize(target, form.engine)


def serialize_triples(triples: Iterable[Triple], form: Format, target: IO[bytes]) -> None:
    """Write triples, with the project's prefixes where the format has prefixes."""
    if not isinstance(form.engine, RdfFormat):
        raise QueryError(f"an answer to CONSTRUCT or DESCRIBE cannot be written as {form.name}")
    pyoxigraph.serialize(triples, target, form.engine, prefixes=PREFIXES)


def serialize_page(result: Result, rows: int, target: IO[bytes]) -> None:
    """Write the first rows of an answer for `read_page`: a truth value, solutions, or triples as rows of three."""
    if isinstance(result, QueryBoolean):
        result.serialize(target, QueryResultsFormat.TSV)
        return
    names = ["subject", "predicate", "object"]
    if isinstance(result, QuerySolutions):
        names = [variable.value for variable in result.variables]
    target.write(("\t".join(f"?{name}" for name in names) + "\n").encode())
    for row in islice(result, rows):
        target.write(("\t".join("" if term is None else _in_tsv(term) for term in row) + "\n").encode())


def read_page(page: bytes) -> Solutions | bool:
    """Read what `serialize_page` wrote."""
    found = pyoxigraph.parse_query_results(page, QueryResultsFormat.TSV)
    return bool(found) if isinstance(found, QueryBoolean) else _solutions(found)


def serialize_lines(lines: Iterable[Line], name: str) -> bytes:
    """Write triples given as N-Triples text in another format."""
    text = "".join(f"{subject} {predicate} {value} .\n" for subject, predicate, value in lines)
    quads = pyoxigraph.parse(text.encode(), RdfFormat.N_TRIPLES)
    written = pyoxigraph.serialize((quad.triple for quad in quads), format=_graph_format(name), prefixes=PREFIXES)
    return written or b""


def _graph_format(name: str) -> RdfFormat:
    return next(form.engine for form in FORMATS if form.name == name and isinstance(form.engine, RdfFormat))


def _graphs(iris: Iterable[str]) -> list[Any]:
    return [NamedNode(iri) for iri in iris]


def _in_tsv(term: Any) -> str:  # noqa: ANN401 - the stub does not type the terms of a row
    return f"<<( {term} )>>" if isinstance(term, Triple) else str(term)


def _solutions(found: Result) -> Solutions:
    if not isinstance(found, QuerySolutions):
        raise QueryError("expected a SELECT query")
    return Solutions(tuple(variable.value for variable in found.variables), tuple(map(tuple, found)))


def _truth(found: Result) -> bool:
    if not isinstance(found, QueryBoolean):
        raise QueryError("expected an ASK query")
    return bool(found)


def _count(store: Store) -> int:
    ((count,),) = store.select("SELECT (COUNT(*) AS ?count) WHERE { ?subject ?predicate ?object }", {}).rows
    return int(count.value) if isinstance(count, Literal) else 0


def _bind(query: str, bindings: Mapping[str, Term]) -> str:
    """Put bound terms into a query as VALUES at the head of its WHERE group.

    Oxigraph's own substitutions take only variables that the query selects, so that nothing could be counted for a
    bound term; VALUES after the query is joined after the counting, so that all would be counted. Here both stores
    answer the same, as fast as by substitution.
    """
    if not bindings:
        return query
    if nameless := [name for name, term in bindings.items() if isinstance(term, BlankNode)]:
        raise QueryError(f"?{nameless[0]} cannot be bound to a blank node")
    with _errors(query):
        names = " ".join(str(Variable(name)) for name in bindings)
    values = f"VALUES ({names}) {{ ({' '.join(map(str, bindings.values()))}) }}"
    head, tail = _where(query)
    if head is None:
        return f"{query}\n{values}"
    if tail is None:
        return f"{query[:head]} {values} {query[head:]}"
    return f"{query[:head]} {values} {{ {query[head:tail]} }} {query[tail:]}"


@lru_cache(maxsize=1000)
def _where(query: str) -> tuple[int | None, int | None]:
    """Find where the WHERE group begins (None: nowhere) and, if it holds only a subquery, where it ends."""
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
        # The first group is the template; where it is the pattern as well (CONSTRUCT WHERE), no VALUES may stand in it.
        groups, ends = (groups[1:], ends[1:]) if words[groups[0] - 1] == "CONSTRUCT" else ([], [])
    if not groups or not ends:
        return None, None
    only_subquery = words[groups[0] + 1] == "SELECT"
    return tokens[groups[0]].start + 1, ends[0] if only_subquery else None


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
