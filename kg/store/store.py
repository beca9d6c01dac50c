"""One interface over two stores: the embedded Oxigraph of a release, and any SPARQL 1.1 endpoint by its address."""

import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Protocol

import pyoxigraph
from pyoxigraph import RdfFormat

from kg.errors import QueryError, StoreError
from kg.store.bound import COUNT, engine_errors, truth, with_terms
from kg.store.formats import (
    WITH_GRAPHS,
    BlankNode,
    Literal,
    NamedNode,
    QueryTriples,
    Result,
    Solutions,
    Term,
    Triple,
    graph_format,
    read_solutions,
)
from kg.store.remote import RemoteStore
from kg.vocab import PREFIXES

__all__ = ["BlankNode", "Dataset", "EmbeddedStore", "GraphFile", "Literal", "NamedNode", "RemoteStore", "Solutions"]
__all__ += ["Store", "Term", "Triple", "extend_store", "load_store", "open_store"]

END = b" .\n"
"""How each line of the graphs of a release ends."""
NAMELESS = re.compile(rb'^_:|(?<= )_:(?=[^\s"]+ \.$)', re.MULTILINE)
"""The beginning of a blank node that is the subject or the object of a line."""
PIECE = 1 << 20
"""Bytes read at a time."""


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
        bound = with_terms(query, bindings)
        with engine_errors(bound):
            return read_solutions(self._store.query(bound))

    def ask(self, query: str, bindings: Mapping[str, Term]) -> bool:
        """Answer an ASK over the default graph."""
        bound = with_terms(query, bindings)
        with engine_errors(bound):
            return truth(self._store.query(bound))

    def construct(self, query: str, bindings: Mapping[str, Term]) -> list[Triple]:
        """Answer a CONSTRUCT or DESCRIBE over the default graph."""
        bound = with_terms(query, bindings)
        with engine_errors(bound):
            found = self._store.query(bound)
            if not isinstance(found, QueryTriples):
                raise QueryError("expected a CONSTRUCT or DESCRIBE query")
            return list(found)

    def size(self) -> int:
        """Count the triples of the default graph."""
        ((count,),) = self.select(COUNT, {}).rows
        return int(count.value) if isinstance(count, Literal) else 0

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
        with engine_errors(query):
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


def open_store(where: str | Path) -> EmbeddedStore | RemoteStore:
    """Open a store by its folder or, where the text begins with http, by its address."""
    if isinstance(where, str) and where.startswith(("http://", "https://")):
        return RemoteStore(where)
    return EmbeddedStore(Path(where))


def load_store(path: Path, files: Sequence[GraphFile]) -> None:
    """Make a store on disk from files of N-Triples, each in its named graph and perhaps in the default graph too.

    All files go in by two bulk loads, one for each kind of graph: each bulk load writes files of its own, which the
    store would have to merge, and a load that holds both kinds sorts twice as much at once. The first holds every line
    against the rules of IRIs and languages, so that the second need not.

    Args:
        path: the folder of the store.
        files: graphs as `kg.vocab.line` writes them.

    Raises:
        StoreError: a file cannot be read or is written otherwise, or the folder holds a store that another process
            writes.
    """
    try:
        store = pyoxigraph.Store(str(path))
    except OSError as error:
        raise StoreError(f"no store can be made in {path}: {error}") from error
    try:
        store.bulk_load(input=io.BufferedReader(_Pieces(_lines(files, named=True))), format=RdfFormat.N_QUADS)
        again = io.BufferedReader(_Pieces(_lines(files, named=False)))
        store.bulk_load(input=again, format=RdfFormat.N_TRIPLES, lenient=True)
    except (SyntaxError, OSError) as error:
        raise _fault(files, error) from error
    store.optimize()
    store.flush()


def extend_store(path: Path, rules: Iterable[str], graph: str) -> Iterator[frozenset[Triple]]:
    """Run CONSTRUCT queries on a store one after the other, each on what the former ones added; yield what each adds.

    Args:
        path: the folder of the store.
        rules: queries, each taken when the former is done.
        graph: IRI of the named graph into which their triples go, beside the default graph.

    Raises:
        QueryError: a rule cannot be read, or constructs nothing because it is of another kind.
        StoreError: the store cannot be opened, or another process writes it.
    """
    try:
        store = pyoxigraph.Store(str(path))
    except OSError as error:
        raise StoreError(f"the store in {path} cannot be opened: {error}") from error
    into = NamedNode(graph), pyoxigraph.DefaultGraph()
    for rule in rules:
        with engine_errors(rule):
            found = store.query(rule)
            if not isinstance(found, QueryTriples):
                raise QueryError(f"a rule is a CONSTRUCT query, unlike {rule[:60]!r}")
            added = frozenset(found)
        store.bulk_extend(
            pyoxigraph.Quad(each.subject, each.predicate, each.object, name) for name in into for each in added
        )
        yield added
    store.flush()


class _Pieces(io.RawIOBase):
    """Pieces of bytes, to be read as one file."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces, self._left = pieces, memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:  # noqa: ANN401 — typeshed has no name for it before Python 3.12
        while not self._left and (piece := next(self._pieces, None)) is not None:
            self._left = memoryview(piece)
        size = min(len(buffer), len(self._left))
        buffer[:size], self._left = self._left[:size], self._left[size:]
        return size


def _lines(files: Iterable[GraphFile], *, named: bool) -> Iterator[bytes]:
    """Yield the lines of all files for their named graphs, or those of the default graph, many at a time.

    Raises:
        StoreError: a line does not end as those of a release do, where the name of the graph is put in.
    """
    for number, file in enumerate(files):
        if not (named or file.in_default):
            continue
        with file.path.open("rb") as stream:
            while piece := stream.read(PIECE) + stream.readline():
                if not piece.endswith(END) or piece.count(END) != piece.count(b"\n"):
                    raise StoreError(f"{file.path} cannot be loaded: a line does not end with a blank and a full stop")
                if b"_:" in piece:
                    piece = NAMELESS.sub(b"_:%df" % number, piece)  # a blank node is the same only within its file
                yield piece.replace(END, f" <{file.graph}> .\n".encode()) if named else piece


def _fault(files: Iterable[GraphFile], error: Exception) -> StoreError:
    """Name the file that stops a load, which itself can only tell the line of all files together."""
    for file in files:
        try:
            for _ in pyoxigraph.parse(path=str(file.path), format=RdfFormat.N_TRIPLES):
                pass
        except (SyntaxError, OSError) as found:
            return StoreError(f"{file.path} cannot be loaded: {found}")
    return StoreError(f"the graphs cannot be loaded: {error}")


def _graphs(iris: Iterable[str]) -> list[Any]:
    return [NamedNode(iri) for iri in iris]
