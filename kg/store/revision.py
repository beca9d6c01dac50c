"""Store of a release made from that of another one, where few of their statements differ."""

import shutil
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph
from pyoxigraph import DefaultGraph, NamedNode, Quad, RdfFormat

from kg.errors import StoreError
from kg.store.store import BLANK_NODE_START, GraphFile, finish

MAX_CHANGED_LINES = 100_000
"""Statements up to which a store is revised; beyond them the bulk load of all is faster."""
UNCOPIED = ("LOG*", "LOCK")
"""Files that a store writes for itself."""


@dataclass(frozen=True, slots=True)
class Change:
    """Lines of N-Triples that a graph lost and gained."""

    graph: str
    lost: frozenset[bytes]
    gained: frozenset[bytes]


def revise_store(
    path: Path,
    files: Sequence[GraphFile],
    former: Path,
    former_files: Sequence[GraphFile],
    *,
    complete: bool = True,
) -> bool:
    """Make a store by changing a copy of another one; return whether that was done, or too much differs for it.

    What is in blank nodes has no name by which it could be found in the store: where such a line differs, nothing is
    done. All graphs belong to the default graph too.

    Args:
        path: folder of the store, which does not exist yet.
        files: graphs that it shall hold.
        former: folder of a sound store that nobody writes.
        former_files: the graphs that this one holds.
        complete: whether these are all that differ; if not, `complete_store` changes the others.

    Raises:
        StoreError: a graph or the store cannot be read or written.
    """
    try:
        changes = list(_changes(files, former_files))
        lines = [line for change in changes for line in (*change.lost, *change.gained)]
        if len(lines) > MAX_CHANGED_LINES or any(map(BLANK_NODE_START.search, lines)):
            return False
        shutil.copytree(former, path, ignore=shutil.ignore_patterns(*UNCOPIED))
        store = pyoxigraph.Store(str(path))
        _apply(store, changes)
        if complete:
            finish(store)
    except (OSError, RuntimeError, SyntaxError) as error:
        raise StoreError(f"the store in {former} cannot be revised: {error}") from error
    return True


def complete_store(path: Path, files: Sequence[GraphFile], former_files: Sequence[GraphFile] = ()) -> None:
    """Add or change the last graphs of a store, and give it the form in which it is read.

    Args:
        path: folder of the store.
        files: graphs that it shall hold besides those that it holds; none has blank nodes.
        former_files: graphs that it holds and shall hold as `files` says.

    Raises:
        StoreError: a graph or the store cannot be read or written, or a graph has blank nodes.
    """
    try:
        changes = list(_changes(files, former_files))
        if any(BLANK_NODE_START.search(line) for change in changes for line in (*change.lost, *change.gained)):
            raise StoreError(f"the store in {path} cannot be completed: a graph that is added last has blank nodes")
        store = pyoxigraph.Store(str(path))
        _apply(store, changes)
        finish(store)
    except (OSError, RuntimeError, SyntaxError) as error:
        raise StoreError(f"the store in {path} cannot be completed: {error}") from error


def _changes(files: Iterable[GraphFile], former_files: Iterable[GraphFile]) -> Iterator[Change]:
    before = {file.graph: file.path for file in former_files}
    after = {file.graph: file.path for file in files}
    for graph in sorted(before.keys() | after.keys()):
        old, new = (known[graph].read_bytes() if graph in known else b"" for known in (before, after))
        if old != new:
            lines = frozenset(old.splitlines(keepends=True)), frozenset(new.splitlines(keepends=True))
            yield Change(graph, lines[0] - lines[1], lines[1] - lines[0])


def _apply(store: pyoxigraph.Store, changes: Sequence[Change]) -> None:
    """Remove and add statements; what another graph still says stays in the default graph."""
    lost = [quad for change in changes for quad in _quads(change.lost, change.graph)]
    for quad in lost:
        store.remove(quad)
    for quad in lost:
        triple = quad.subject, quad.predicate, quad.object
        if all(isinstance(held.graph_name, DefaultGraph) for held in store.quads_for_pattern(*triple, None)):
            store.remove(Quad(*triple, DefaultGraph()))
    for change in changes:
        gained = _quads(change.gained, change.graph)
        store.extend(
            Quad(quad.subject, quad.predicate, quad.object, name)
            for quad in gained
            for name in (quad.graph_name, DefaultGraph())
        )


def _quads(lines: Iterable[bytes], graph: str) -> list[Quad]:
    parsed = pyoxigraph.parse(b"".join(sorted(lines)), format=RdfFormat.N_TRIPLES)
    return [Quad(quad.subject, quad.predicate, quad.object, NamedNode(graph)) for quad in parsed]
