"""RDF stores behind one interface, result formats, the guard of visitors' queries, competency questions."""

from kg.store.store import (
    BlankNode,
    Dataset,
    EmbeddedStore,
    GraphFile,
    Literal,
    NamedNode,
    RemoteStore,
    Solutions,
    Store,
    Term,
    Triple,
    derived,
    load_store,
    open_store,
)

__all__ = [
    "BlankNode",
    "Dataset",
    "EmbeddedStore",
    "GraphFile",
    "Literal",
    "NamedNode",
    "RemoteStore",
    "Solutions",
    "Store",
    "Term",
    "Triple",
    "derived",
    "load_store",
    "open_store",
]
