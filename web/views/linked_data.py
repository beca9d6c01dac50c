"""Things as linked data: the redirect from a thing's own address, and its description in every format."""

from collections import defaultdict
from collections.abc import Iterable

from flask import Blueprint, Response, abort, redirect, url_for

from kg.store import BlankNode, Literal, NamedNode, Term
from kg.store.formats import serialize_lines
from kg.vocab import GRAPHS, KINDS, PREFIXES, THINGS, Triple
from web.graph.context import terms
from web.graph.iris import node
from web.graph.jsonld import compact
from web.graph.labels import graph, name
from web.graph.queries import Graph, Row, prefixed, value
from web.http.responses import FORMATS, RDF, answer, as_csv, as_json, negotiated, split

blueprint = Blueprint("linked_data", __name__)

DATA = (*RDF, "csv")
INFERRED = GRAPHS + "inferred"
LABEL = PREFIXES["skos"] + "prefLabel"
Quad = tuple[Term, str, Term, str]
"""Subject, IRI of the property, value, IRI of the named graph in which it is said."""


@blueprint.get("/id/<kind>/<path:key>")
def id(kind: str, key: str) -> Response:  # noqa: A001 — the view has the name of the word in the address
    """Send the reader of a thing's own address to its page or its data, by ending or by Accept."""
    stem, ending = split(key, ("html", *DATA))
    if kind not in KINDS or not exists(graph(), f"{THINGS}{kind}/{stem}"):
        abort(404, description=f"{THINGS}{kind}/{stem}")
    chosen = ending or negotiated(("html", *DATA))
    if chosen is None:
        abort(406, description=", ".join(FORMATS[offered] for offered in ("html", *DATA)))
    if chosen == "html":
        address = url_for("pages.page", kind=kind, key=stem)
    else:
        address = url_for(".data", kind=kind, key=f"{stem}.{chosen}", lang=None)
    response = redirect(address, 303)
    response.vary.add("Accept")
    return response  # type: ignore[return-value]


@blueprint.get("/data/<kind>/<path:key>")
def data(kind: str, key: str) -> Response:
    """Give a thing as data: everything it says, and the names of what it points to."""
    stem, ending = split(key, DATA)
    if not ending or kind not in KINDS:
        abort(404, description=", ".join(DATA))
    return described(f"{THINGS}{kind}/{stem}", ending, f"{kind}-{stem.replace('/', '-')}.{ending}")


def described(iri: str, ending: str, filename: str) -> Response:
    """Return the description of a thing, concept or term in a format; 404 where the graph says nothing of it."""
    quads = description(graph(), node(iri).value)
    if not quads:
        abort(404, description=iri)
    if ending == "csv":
        return answer(table(iri), "csv", filename)
    return answer(written(quads, ending), ending)


def exists(found: Graph, iri: str) -> bool:
    """Return whether the graph says anything of an IRI."""
    return bool(found.rows("graph/exists", thing=node(iri)))


def description(found: Graph, iri: str) -> list[Quad]:
    """Return what is said of a thing, blank nodes followed, and the names of what it points to, each with its graph."""
    subject = NamedNode(iri)
    rows = found.rows("graph/description", thing=subject)
    quads: list[Quad] = [(subject, value(row, "property"), row["value"], value(row, "graph")) for row in rows]
    if any(isinstance(quad[2], BlankNode) for quad in quads):
        quads += below(whole(found, "ontology"), quads)
    labels = found.rows("graph/description_labels", thing=subject)
    return quads + [(row["value"], LABEL, row["label"], value(row, "graph")) for row in labels]


def written(quads: Iterable[Quad], ending: str) -> bytes:
    """Write quads in an RDF format; those without graphs leave out what was inferred."""
    if ending in ("nq", "trig"):
        return _with_graphs(sorted({(graph_iri, _line(quad)) for quad in quads for graph_iri in [quad[3]]}), ending)
    if ending == "jsonld":
        statements = (quad[:3] for quad in quads if quad[3] != INFERRED)
        return as_json(compact(statements, terms(graph()))).encode()
    lines = dict.fromkeys(_triple(quad) for quad in quads if quad[3] != INFERRED)
    return serialize_lines(lines, ending)


def table(iri: str) -> str:
    """Return what is said of a thing as CSV, properties and values named in the reader's language."""
    columns = ("property", "property_name", "value", "value_name", "language", "datatype")
    return as_csv(columns, [_cells(row) for row in graph().rows("graph/thing", thing=NamedNode(iri))])


def _cells(row: Row) -> list[str]:
    term, found = row["value"], value(row, "property")
    if isinstance(term, Literal):
        kind = "" if term.language else prefixed(term.datatype.value)
        return [prefixed(found), name(found).text, term.value, "", term.language or "", kind]
    return [prefixed(found), name(found).text, str(term.value), name(term).text, "", ""]


def whole(found: Graph, graph_name: str) -> list[Quad]:
    """Return everything that a named graph says."""
    iri = GRAPHS + graph_name
    rows = found.remembered(("graph", iri), lambda: found.rows("graph/graph", graph=NamedNode(iri)))
    return [(row["subject"], value(row, "property"), row["value"], iri) for row in rows]


def below(known: Iterable[Quad], quads: Iterable[Quad]) -> list[Quad]:
    """Return what is said of the blank nodes in some quads, and of those below them."""
    by_subject: dict[str, list[Quad]] = defaultdict(list)
    for quad in known:
        by_subject[str(quad[0])].append(quad)
    found, left = [], [str(quad[2]) for quad in quads if isinstance(quad[2], BlankNode)]
    while left:
        below = by_subject.pop(left.pop(), [])
        found += below
        left += [str(quad[2]) for quad in below if isinstance(quad[2], BlankNode)]
    return found


def _triple(quad: Quad) -> Triple:
    return str(quad[0]), f"<{quad[1]}>", str(quad[2])


def _line(quad: Quad) -> str:
    return " ".join(_triple(quad))


def _with_graphs(lines: list[tuple[str, str]], ending: str) -> bytes:
    if ending == "nq":
        return "".join(f"{line} <{iri}> .\n" for iri, line in lines).encode()
    graphs: dict[str, list[str]] = {}
    for iri, line in lines:
        graphs.setdefault(iri, []).append(f"  {line} .\n")
    return "".join(f"<{iri}> {{\n{''.join(found)}}}\n" for iri, found in graphs.items()).encode()
