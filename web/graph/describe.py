"""Descriptions of resources as quads, in RDF formats or as CSV."""

from collections import defaultdict
from collections.abc import Iterable

from kg.store import BlankNode, Literal, NamedNode, Term
from kg.store.formats import serialize_lines
from kg.vocab import GRAPHS, Triple
from web.graph.iris import node
from web.graph.jsonld import compact, terms
from web.graph.labels import graph, name
from web.graph.queries import Graph, Row, prefixed, value
from web.http.responses import as_csv, as_json

Quad = tuple[Term, str, Term, str]
"""Subject, IRI of the property, value, IRI of the named graph."""


def exists(found: Graph, iri: str) -> bool:
    """Return whether the graph has statements about an IRI."""
    return bool(found.rows("graph/exists", thing=node(iri)))


def description(found: Graph, iri: str) -> list[Quad]:
    """Return the statements of a resource with blank nodes, and the labels of its objects, with graphs."""
    subject = NamedNode(iri)
    rows = found.rows("graph/description", thing=subject)
    quads: list[Quad] = [(subject, value(row, "property"), row["value"], value(row, "graph")) for row in rows]
    if any(isinstance(quad[2], BlankNode) for quad in quads):
        quads += blank_node_closure(named_graph(found, "ontology"), quads)
    labels = found.rows("graph/description_labels", thing=subject)
    return quads + [(row["value"], value(row, "named"), row["label"], value(row, "graph")) for row in labels]


def serialize(quads: Iterable[Quad], extension: str) -> bytes:
    """Write quads in an RDF format, graphs aside where it has none."""
    if extension in ("nq", "trig"):
        return _serialize_graphs(
            sorted({(graph_iri, _triple_text(quad)) for quad in quads for graph_iri in [quad[3]]}), extension
        )
    if extension == "jsonld":
        return as_json(compact((quad[:3] for quad in quads), terms(graph()))).encode()
    lines = dict.fromkeys(map(_triple, quads))
    return serialize_lines(lines, extension)


def csv_table(iri: str) -> str:
    """Return the statements of a resource as CSV, with labels in the reader's language."""
    columns = ("property", "property_name", "value", "value_name", "language", "datatype")
    return as_csv(columns, [_cells(row) for row in graph().rows("graph/thing", thing=NamedNode(iri))])


def _cells(row: Row) -> list[str]:
    term, found = row["value"], value(row, "property")
    if isinstance(term, Literal):
        kind = "" if term.language else prefixed(term.datatype.value)
        return [prefixed(found), name(found).text, term.value, "", term.language or "", kind]
    return [prefixed(found), name(found).text, str(term.value), name(term).text, "", ""]


def named_graph(found: Graph, graph_name: str) -> list[Quad]:
    """Return all quads of a named graph."""
    iri = GRAPHS + graph_name
    rows = found.cached(("graph", iri), lambda: found.rows("graph/graph", graph=NamedNode(iri)))
    return [(row["subject"], value(row, "property"), row["value"], iri) for row in rows]


def blank_node_closure(known: Iterable[Quad], quads: Iterable[Quad]) -> list[Quad]:
    """Return the statements of the blank nodes in quads, recursively."""
    by_subject: dict[str, list[Quad]] = defaultdict(list)
    for quad in known:
        by_subject[str(quad[0])].append(quad)
    found, left = [], [str(quad[2]) for quad in quads if isinstance(quad[2], BlankNode)]
    while left:
        blank_node_closure = by_subject.pop(left.pop(), [])
        found += blank_node_closure
        left += [str(quad[2]) for quad in blank_node_closure if isinstance(quad[2], BlankNode)]
    return found


def _triple(quad: Quad) -> Triple:
    return str(quad[0]), f"<{quad[1]}>", str(quad[2])


def _triple_text(quad: Quad) -> str:
    return " ".join(_triple(quad))


def _serialize_graphs(lines: list[tuple[str, str]], extension: str) -> bytes:
    if extension == "nq":
        return "".join(f"{line} <{iri}> .\n" for iri, line in lines).encode()
    graphs: dict[str, list[str]] = {}
    for iri, line in lines:
        graphs.setdefault(iri, []).append(f"  {line} .\n")
    return "".join(f"<{iri}> {{\n{''.join(found)}}}\n" for iri, found in graphs.items()).encode()
