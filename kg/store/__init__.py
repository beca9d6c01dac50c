"""RDF stores behind one interface, and what may be asked of them."""

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
    extend_store,
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
    "extend_store",
    "load_store",
    "open_store",
]
