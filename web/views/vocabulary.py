"""Ontology, terms, concept schemes and data set description, as pages or RDF."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from flask import Blueprint, Response, abort, current_app, make_response, redirect, render_template, url_for

from kg import __version__
from kg.store import NamedNode
from kg.vocab import ONTOLOGY, PREFIXES, SCHEMES, TERMS
from web.graph import describe
from web.graph.dataset import distribution_quads
from web.graph.iris import node
from web.graph.labels import graph
from web.graph.queries import Row, prefixed, value
from web.http.responses import RDF, answer, requested_extension, split_extension, vary_by_accept
from web.views import linked_data
from web.views.resource import CONCEPT_PARTS
from web.views.resource.page import entity
from web.views.shapes import shapes_about

blueprint = Blueprint("vocabulary", __name__)


blueprint.after_request(vary_by_accept)


@blueprint.get("/ontology", defaults={"extension": ""})
@blueprint.get("/ontology.<extension>")
def ontology(extension: str) -> Response:
    """Show the terms of the ontology, or return it as RDF."""
    chosen = requested_extension(extension)
    if chosen != "html":
        return answer(describe.serialize(describe.named_graph(graph(), "ontology"), chosen), chosen)
    sections = defaultdict(list)
    for row in graph().rows("vocabulary/terms"):
        sections[value(row, "kind")].append(value(row, "term"))
    return _page(
        "vocabulary/ontology.html",
        iri=ONTOLOGY,
        sections=list(sections.items()),
        frames=graph().cached("term frames", _frames),
        uses=_uses(),
        formats=_endings("ontology"),
    )


@blueprint.get("/ontology/<version>")
def ontology_version(version: str) -> Response:
    """Send from the version IRI of this release's ontology to the ontology; other versions are not here."""
    if version != __version__:
        abort(404, description=f"{ONTOLOGY}/{version}")
    return redirect(url_for(".ontology", lang=None), 303)  # type: ignore[return-value]


@blueprint.get("/ns/", defaults={"term": ""})
@blueprint.get("/ns/<path:term>")
def ns(term: str) -> Response:
    """Show a term with definition and use, or return it as RDF."""
    if not term:
        return redirect(url_for(".ontology"), 303)  # type: ignore[return-value]
    stem, extension = split_extension(term, ("html", *RDF))
    iri = TERMS + stem
    chosen = requested_extension(extension)
    if chosen != "html":
        return linked_data.description_response(iri, chosen, "")
    rows = graph().rows("graph/term", term=node(iri))
    if not rows:
        abort(404, description=iri)
    statements: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        statements[value(row, "property")].append(value(row, "value"))
    a_class = any(kind.endswith("#Class") for kind in statements[f"{PREFIXES['rdf']}type"])
    return _page(
        "vocabulary/ns.html",
        iri=iri,
        term=stem,
        statements=statements,
        rows=rows,
        uses=graph().rows("vocabulary/term_uses", term=NamedNode(iri)),
        formats={found: url_for(".ns", term=f"{stem}.{found}", lang=None) for found in RDF},
        names=graph().labels(iri),
        count=_uses().get(iri, 0),
        examples=graph().rows(f"vocabulary/{'class' if a_class else 'property'}_examples", term=NamedNode(iri)),
        shapes=shapes_about(iri),
    )


@blueprint.get("/scheme/", defaults={"path": ""})
@blueprint.get("/scheme/<path:path>")
def scheme(path: str) -> Response:
    """Show all schemes, a scheme or a concept, or return them as RDF."""
    if not path:
        every = requested_extension("")
        if every != "html":
            return answer(describe.serialize(describe.named_graph(graph(), "schemes"), every), every)
        return _page("vocabulary/schemes.html", schemes=graph().rows("vocabulary/schemes"))
    stem, extension = split_extension(path, ("html", *RDF, "csv"))
    iri, (name, _, key) = SCHEMES + stem, stem.partition("/")
    if not describe.exists(graph(), iri):
        abort(404, description=iri)
    chosen = requested_extension(extension) if extension != "csv" else "csv"
    if chosen == "html":
        if key:
            return make_response(entity(iri, name, key, CONCEPT_PARTS.get(name)))
        tree = _tree(graph().rows("vocabulary/scheme_concepts", scheme=NamedNode(iri)))
        return _page(
            "vocabulary/scheme.html", iri=iri, names=graph().labels(iri), tree=tree, formats=_endings("scheme", stem)
        )
    if key or chosen == "csv":
        return linked_data.description_response(iri, chosen, f"{stem.replace('/', '-')}.{chosen}")
    rows = graph().rows("vocabulary/scheme_concepts", scheme=NamedNode(iri))
    statements = [describe.description(graph(), found) for found in (iri, *(value(row, "concept") for row in rows))]
    quads = [quad for quads in statements for quad in quads]
    return answer(describe.serialize(quads, chosen), chosen)


@blueprint.get("/dataset", defaults={"extension": ""})
@blueprint.get("/dataset.<extension>")
def dataset(extension: str) -> Response:
    """Return the description of the data set (VoID, DCAT); browsers are redirected to the downloads."""
    chosen = requested_extension(extension)
    if chosen == "html":
        return redirect(url_for("downloads.downloads"), 303)  # type: ignore[return-value]
    quads = describe.named_graph(graph(), "dataset") + distribution_quads(current_app.extensions["guapai"].release)
    return answer(describe.serialize(quads, chosen), chosen)


@blueprint.get("/.well-known/void")
def void() -> Response:
    """Redirect to the description of the data set."""
    return redirect(url_for(".dataset", extension="ttl", lang=None), 303)  # type: ignore[return-value]


def _frames() -> dict[str, dict[str, list[str]]]:
    """Return the axioms of the ontology by term and prefixed property."""
    found: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for row in graph().rows("vocabulary/term_frames"):
        found[value(row, "term")][prefixed(value(row, "property"))].append(value(row, "value"))
    return {term: dict(statements) for term, statements in found.items()}


def _uses() -> Mapping[str, int]:
    """Return the number of instances of each class and of triples of each property."""
    counted = current_app.extensions["guapai"].release.manifest["counts"].get("uses", {})
    return {**counted.get("classes", {}), **counted.get("properties", {})}


def _page(template: str, **context: object) -> Response:
    return make_response(render_template(template, **context))


def _endings(view: str, path: str = "") -> dict[str, str]:
    if view == "ontology":
        return {found: url_for(".ontology", extension=found, lang=None) for found in RDF}
    return {found: url_for(".scheme", path=f"{path}.{found}", lang=None) for found in RDF}


def _tree(concepts: Sequence[Row]) -> list[tuple[str, list[str]]]:
    """Return the top concepts of a scheme with their narrower concepts."""
    narrower: dict[str, list[str]] = defaultdict(list)
    for row in concepts:
        narrower[value(row, "broader")].append(value(row, "concept"))
    return [(concept, narrower.get(concept, [])) for concept in narrower.get("", [])]
