"""Store interface, the embedded Oxigraph store of a release, and the bulk load that makes it."""

import io
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Protocol

import pyoxigraph
from pyoxigraph import RdfFormat

from kg.errors import REMEDY, QueryError, StoreError
from kg.store.bindings import COUNT_TRIPLES, bind, read_boolean, translate_errors
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
    prefixes,
    read_solutions,
)
from kg.store.remote import RemoteStore

__all__ = ["BlankNode", "Dataset", "EmbeddedStore", "GraphFile", "Literal", "NamedNode", "RemoteStore", "Solutions"]
__all__ += ["Store", "Term", "Triple", "derived", "load_store", "open_store"]

LINE_END = b" .\n"
"""End of every line of a release's N-Triples."""
BLANK_NODE_START = re.compile(rb'^_:|(?<= )_:(?=[^\s"]+ \.$)', re.MULTILINE)
"""Start of a blank node that is the subject or the object of a line."""
READ_BYTES = 1 << 20
"""Bytes read at a time."""


@dataclass(frozen=True, slots=True)
class GraphFile:
    """N-Triples file, IRI of its named graph, and whether it also belongs to the default graph."""

    path: Path
    graph: str
    in_default: bool


@dataclass(frozen=True, slots=True)
class Dataset:
    """RDF dataset of a query, by IRI: graphs merged to the default graph, and named graphs.

    It replaces the query's own FROM and FROM NAMED (SPARQL 1.1 Protocol, section 2.1.4).
    """

    default: tuple[str, ...] = ()
    named: tuple[str, ...] = ()


class Store(Protocol):
    """Queries over the default graph of a store; values are passed as bound terms, never as text.

    A bound term replaces its variable in the WHERE group of the query as if VALUES opened the group: also in filters
    and OPTIONAL, and where the query counts or does not select the variable; a subquery sees it if it selects it.
    Every method raises QueryError if the query cannot be read, and StoreError if the store fails.
    """

    def select(self, query: str, bindings: Mapping[str, Term]) -> Solutions:
        """Run a SELECT query."""

    def ask(self, query: str, bindings: Mapping[str, Term]) -> bool:
        """Run an ASK query."""

    def construct(self, query: str, bindings: Mapping[str, Term]) -> list[Triple]:
        """Run a CONSTRUCT or DESCRIBE query."""

    def objects(self, subject: NamedNode, properties: Sequence[NamedNode]) -> list[Term]:
        """Return the objects that a subject has by some properties, sorted as terms of N-Triples."""

    def size(self) -> int:
        """Count the triples of the default graph."""


class EmbeddedStore:
    """Embedded store of a release, opened read-only; many processes can share it."""

    def __init__(self, path: Path) -> None:
        if not path.is_dir():
            raise StoreError(f"no store in {path}; run `guapai build` first")
        try:
            self._store = pyoxigraph.Store.read_only(str(path))
        except (OSError, RuntimeError) as error:
            raise StoreError(f"the store in {path} cannot be opened: {error}; {REMEDY}") from error

    def select(self, query: str, bindings: Mapping[str, Term]) -> Solutions:
        """Run a SELECT query."""
        bound = bind(query, bindings)
        with translate_errors(bound):
            return read_solutions(self._store.query(bound))

    def ask(self, query: str, bindings: Mapping[str, Term]) -> bool:
        """Run an ASK query."""
        bound = bind(query, bindings)
        with translate_errors(bound):
            return read_boolean(self._store.query(bound))

    def construct(self, query: str, bindings: Mapping[str, Term]) -> list[Triple]:
        """Run a CONSTRUCT or DESCRIBE query."""
        bound = bind(query, bindings)
        with translate_errors(bound):
            found = self._store.query(bound)
            if not isinstance(found, QueryTriples):
                raise QueryError("expected a CONSTRUCT or DESCRIBE query")
            return list(found)

    def objects(self, subject: NamedNode, properties: Sequence[NamedNode]) -> list[Term]:
        """Look up the objects, in a tenth of the time of a query."""
        default = pyoxigraph.DefaultGraph()
        try:
            quads = [self._store.quads_for_pattern(subject, each, None, default) for each in properties]
            found = {quad.object for each in quads for quad in each if not isinstance(quad.object, Triple)}
        except (OSError, RuntimeError) as error:
            raise StoreError(f"the store cannot be read: {error}; {REMEDY}") from error
        return sorted(found, key=str)

    def size(self) -> int:
        """Count the triples of the default graph."""
        ((count,),) = self.select(COUNT_TRIPLES, {}).rows
        return int(count.value) if isinstance(count, Literal) else 0

    @contextmanager
    def answer(self, query: str, dataset: Dataset | None = None, base: str | None = None) -> Iterator[Result]:
        """Run a query of any kind; read its result, and catch its errors, inside the `with` block.

        Args:
            query: text of a SPARQL query.
            dataset: graphs that the query sees; None for the store's default graph and the query's FROM.
            base: IRI against which relative IRIs resolve; None to refuse them.

        Raises:
            QueryError: the query cannot be parsed, or its evaluation fails.
            StoreError: the store cannot be read.
        """
        with translate_errors(query):
            default, named = (_graphs(dataset.default), _graphs(dataset.named)) if dataset else (None, None)
            yield self._store.query(query, base_iri=base, default_graph=default, named_graphs=named)

    def dump(self, target: BinaryIO, name: str) -> None:
        """Write all named graphs if the format has graphs, else the default graph."""
        form = graph_format(name)
        if name in WITH_GRAPHS:
            named = (quad for quad in self._store if not isinstance(quad.graph_name, pyoxigraph.DefaultGraph))
            pyoxigraph.serialize(named, target, form, prefixes=prefixes(form))
        else:
            self._store.dump(target, form, from_graph=pyoxigraph.DefaultGraph(), prefixes=prefixes(form))


def open_store(where: str | Path) -> EmbeddedStore | RemoteStore:
    """Open a store by its folder or, if the text begins with http, an endpoint by its URL."""
    if isinstance(where, str) and where.startswith(("http://", "https://")):
        return RemoteStore(where)
    return EmbeddedStore(Path(where))


def load_store(path: Path, files: Sequence[GraphFile], *, complete: bool = True) -> None:
    """Make a store on disk from N-Triples files, each loaded into its named graph and optionally the default graph.

    All files are loaded by two bulk loads, one for the default graph and one for the named graphs: every bulk load
    writes files that the store would have to merge, and one load of both would sort twice as much at once. IRIs and
    language tags are validated once: of a file that belongs to the default graph when it is loaded there.

    Args:
        path: folder of the store.
        files: graphs written by `kg.vocab.line`.
        complete: whether these are all; if not, `kg.store.revision.complete_store` adds the others.

    Raises:
        StoreError: a file cannot be read or has another form, or another process writes a store in the folder.
    """
    store = _writable(path)
    try:
        store.bulk_load(input=_stream(_lines(files, named=False)), format=RdfFormat.N_TRIPLES)
        validated = all(file.in_default for file in files)
        store.bulk_load(input=_stream(_lines(files, named=True)), format=RdfFormat.N_QUADS, lenient=validated)
    except (SyntaxError, OSError) as error:
        raise _load_error(files, error) from error
    if complete:
        finish(store)


def finish(store: pyoxigraph.Store) -> None:
    """Give a store that was written the form in which it is read: few files, of which the engine opens all at once."""
    store.optimize()
    store.flush()


def derived(
    files: Sequence[GraphFile], rules: Iterable[str], properties: Collection[str] | None = None
) -> Iterator[frozenset[Triple]]:
    """Run CONSTRUCT queries in order, each also over the triples of those before; yield the triples that each adds.

    The store is in memory, where the rules of a release take a third of the time that they take on disk.

    Args:
        files: graphs written by `kg.vocab.line`, read as the default graph.
        rules: queries, consumed one by one.
        properties: those that the rules read, as IRIs in N-Triples; None for all.

    Raises:
        QueryError: a rule cannot be parsed, or is no CONSTRUCT query.
        StoreError: a file cannot be read or has another form.
    """
    store, chunks = pyoxigraph.Store(), _lines(files, named=False)
    if properties is not None:
        wanted = frozenset(each.encode() for each in properties)
        chunks = (_of(chunk, wanted) for chunk in chunks)
    try:
        store.bulk_load(input=_stream(chunks), format=RdfFormat.N_TRIPLES)
    except (SyntaxError, OSError) as error:
        raise _load_error(files, error) from error
    for rule in rules:
        with translate_errors(rule):
            found = store.query(rule)
            if not isinstance(found, QueryTriples):
                raise QueryError(f"a rule is a CONSTRUCT query, unlike {rule[:60]!r}")
            added = frozenset(found)
        store.bulk_extend(pyoxigraph.Quad(each.subject, each.predicate, each.object) for each in added)
        yield added


def _writable(path: Path) -> pyoxigraph.Store:
    try:
        return pyoxigraph.Store(str(path))
    except (OSError, RuntimeError) as error:
        raise StoreError(f"no store can be made in {path}: {error}") from error


def _stream(chunks: Iterator[bytes]) -> io.BufferedReader:
    return io.BufferedReader(_ChunkReader(chunks))


def _of(chunk: bytes, properties: Collection[bytes]) -> bytes:
    """Return the lines of a chunk that have some properties."""
    return b"".join(line for line in chunk.splitlines(keepends=True) if line.split(b" ", 2)[1] in properties)


class _ChunkReader(io.RawIOBase):
    """Chunks of bytes, readable as one file."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks, self._left = chunks, memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:  # noqa: ANN401 — typeshed has no name for it before Python 3.12
        while not self._left and (chunk := next(self._chunks, None)) is not None:
            self._left = memoryview(chunk)
        size = min(len(buffer), len(self._left))
        buffer[:size], self._left = self._left[:size], self._left[size:]
        return size


def _lines(files: Iterable[GraphFile], *, named: bool) -> Iterator[bytes]:
    """Yield the lines of files as N-Quads of their named graphs, or as N-Triples of the default graph, in chunks.

    Raises:
        StoreError: a line does not end with LINE_END, where the name of the graph is inserted.
    """
    for number, file in enumerate(files):
        if not (named or file.in_default):
            continue
        with file.path.open("rb") as stream:
            while chunk := stream.read(READ_BYTES) + stream.readline():
                if not chunk.endswith(LINE_END) or chunk.count(LINE_END) != chunk.count(b"\n"):
                    raise StoreError(f"{file.path} cannot be loaded: a line does not end with a blank and a full stop")
                if b"_:" in chunk:
                    chunk = BLANK_NODE_START.sub(b"_:%df" % number, chunk)  # blank nodes are local to their file
                yield chunk.replace(LINE_END, f" <{file.graph}> .\n".encode()) if named else chunk


def _load_error(files: Iterable[GraphFile], error: Exception) -> StoreError:
    """Return an error that names the faulty file; the bulk load knows only the line of all files together."""
    for file in files:
        try:
            for _ in pyoxigraph.parse(path=str(file.path), format=RdfFormat.N_TRIPLES):
                pass
        except (SyntaxError, OSError) as found:
            return StoreError(f"{file.path} cannot be loaded: {found}")
    return StoreError(f"the graphs cannot be loaded: {error}")


def _graphs(iris: Iterable[str]) -> list[Any]:
    return [NamedNode(iri) for iri in iris]
