"""Manifests of the W3C's SPARQL tests (https://github.com/w3c/rdf-tests), read with the engine's own parsers."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pyoxigraph
from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat

Term = NamedNode | BlankNode | Literal

ADDRESS = "https://w3c.github.io/rdf-tests/"
"""Address under which the W3C publishes the folder; relative IRIs of its files resolve against it."""
MF = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#"
QT = "http://www.w3.org/2001/sw/DataAccess/tests/test-query#"
UT = "http://www.w3.org/2009/sparql/tests/test-update#"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
FORMATS = {".ttl": RdfFormat.TURTLE, ".rdf": RdfFormat.RDF_XML, ".nt": RdfFormat.N_TRIPLES, ".trig": RdfFormat.TRIG}


class Graph:
    """Triples of one file, by subject and predicate."""

    def __init__(self, folder: Path, address: str) -> None:
        path = folder / address.removeprefix(ADDRESS)
        self.address = address
        self.triples = [
            quad.triple for quad in pyoxigraph.parse(path.read_bytes(), FORMATS[path.suffix], base_iri=address)
        ]
        self._objects: dict[tuple[Term, str], list[Term]] = {}
        for triple in self.triples:
            self._objects.setdefault((triple.subject, triple.predicate.value), []).append(triple.object)

    def many(self, subject: Term, predicate: str) -> list[Term]:
        return self._objects.get((subject, predicate), [])

    def one(self, subject: Term, predicate: str) -> Term | None:
        return next(iter(self.many(subject, predicate)), None)

    def text(self, subject: Term, predicate: str) -> str:
        found = self.one(subject, predicate)
        return "" if found is None else found.value

    def members(self, head: Term | None) -> Iterator[Term]:
        while head is not None and head.value != RDF + "nil":
            if (first := self.one(head, RDF + "first")) is not None:
                yield first
            head = self.one(head, RDF + "rest")


@dataclass(frozen=True, slots=True)
class Case:
    """One test: key (folder/name of the entry), kind (local name of its class), addresses of its files.

    default, named: graphs of the dataset, none of both where the query names them; graph, node: the manifest and the
    entry in it, for the tests of the protocol.
    """

    key: str
    kind: str
    query: str = ""
    result: str = ""
    default: tuple[str, ...] = ()
    named: tuple[str, ...] = ()
    graph: Graph | None = field(default=None, repr=False)
    node: Term | None = None


def cases(folder: Path, manifest: str) -> Iterator[Case]:
    """Yield the tests of a manifest and of those that it includes; `manifest`: path within the folder."""
    graph = Graph(folder, ADDRESS + manifest)
    root = NamedNode(ADDRESS + manifest)
    for included in graph.members(graph.one(root, MF + "include")):
        yield from cases(folder, included.value.removeprefix(ADDRESS))
    for node in graph.members(graph.one(root, MF + "entries")):
        yield _case(graph, node, "/".join(manifest.split("/")[1:-1]))


def _case(graph: Graph, node: Term, folder: str) -> Case:
    action, kind = graph.one(node, MF + "action"), graph.text(node, RDF + "type").removeprefix(MF)
    key = f"{folder}/{node.value.rpartition('#')[2]}"
    if isinstance(action, NamedNode):
        return Case(key, kind, action.value, graph.text(node, MF + "result"), graph=graph, node=node)
    if action is None or not graph.one(action, QT + "query"):
        return Case(key, kind, graph=graph, node=node)
    return Case(
        key,
        kind,
        graph.text(action, QT + "query"),
        graph.text(node, MF + "result"),
        tuple(found.value for found in graph.many(action, QT + "data")),
        tuple(_graph_name(graph, found) for found in graph.many(action, QT + "graphData")),
        graph,
        node,
    )


def _graph_name(graph: Graph, found: Term) -> str:
    """Return the address of a named graph, which may stand within a description."""
    return found.value if isinstance(found, NamedNode) else graph.text(found, QT + "graph")
