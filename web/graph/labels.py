"""What things are called in the reader's language, and what they mean."""

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import ParamSpec, TypeVar, cast

from flask import current_app

from kg.store import Literal, NamedNode, Term
from web.graph.composed import composed
from web.graph.iris import key_of
from web.graph.queries import Graph, Label, expanded, value
from web.http.language import gettext, language, reader
from web.http.language import later as _

FOREIGN = {
    "rdf:type": _("is a"),
    "rdfs:seeAlso": _("see also"),
    "rdfs:subClassOf": _("is a kind of"),
    "rdfs:subPropertyOf": _("is a narrower property of"),
    "rdfs:domain": _("is said of"),
    "rdfs:range": _("points to"),
    "skos:prefLabel": _("name"),
    "skos:altLabel": _("other name"),
    "skos:definition": _("definition"),
    "skos:example": _("example"),
    "skos:note": _("note"),
    "skos:broader": _("broader"),
    "skos:inScheme": _("in scheme"),
    "skos:topConceptOf": _("top concept of"),
    "skos:member": _("member"),
    "skos:exactMatch": _("same thing elsewhere"),
    "skos:closeMatch": _("close to, elsewhere"),
    "skos:Concept": _("concept"),
    "skos:ConceptScheme": _("concept scheme"),
    "skos:Collection": _("collection of concepts"),
    "dcterms:source": _("rests on document"),
    "dcterms:identifier": _("identifier"),
    "dcterms:rights": _("rights"),
    "dcterms:license": _("licence"),
    "dcterms:title": _("title"),
    "dcterms:modified": _("as of"),
    "dcterms:conformsTo": _("follows"),
    "geo:hasGeometry": _("has point"),
    "geo:asWKT": _("point (longitude, latitude; WGS84)"),
    "geo:Geometry": _("point on the map"),
    "org:ChangeEvent": _("change of organisation"),
    "org:originalOrganization": _("body before"),
    "org:resultingOrganization": _("body after"),
    "org:Organization": _("organisation"),
    "qb:Observation": _("figure"),
    "qb:DataSet": _("data set of figures"),
    "qb:DataStructureDefinition": _("structure of figures"),
    "qb:ComponentSpecification": _("component of a structure"),
    "qb:dataSet": _("in data set"),
    "qb:structure": _("has structure"),
    "qb:component": _("has component"),
    "qb:dimension": _("dimension"),
    "qb:measure": _("measure"),
    "qb:attribute": _("attribute"),
    "sh:ValidationReport": _("report of the validation"),
    "sh:conforms": _("finds nothing"),
    "sh:result": _("has message"),
    "sh:sourceConstraintComponent": _("kind of constraint"),
    "sh:ValidationResult": _("message of the validation"),
    "sh:focusNode": _("is about"),
    "sh:resultSeverity": _("severity"),
    "sh:resultMessage": _("message"),
    "sh:sourceShape": _("shape"),
    "sh:resultPath": _("path"),
    "sh:value": _("value found"),
    "sh:Violation": _("violation"),
    "sh:Warning": _("warning"),
    "sh:Info": _("note of the validation"),
    "owl:Class": _("class"),
    "owl:ObjectProperty": _("object property"),
    "owl:DatatypeProperty": _("datatype property"),
    "owl:AnnotationProperty": _("annotation property"),
    "owl:FunctionalProperty": _("property with one value"),
    "owl:TransitiveProperty": _("transitive property"),
    "owl:AsymmetricProperty": _("asymmetric property"),
    "owl:IrreflexiveProperty": _("irreflexive property"),
    "owl:equivalentClass": _("is the same class as"),
    "owl:Ontology": _("ontology"),
    "void:Dataset": _("data set"),
    "dcat:Dataset": _("data set"),
    "geo:Feature": _("thing on the map"),
    "xsd:string": _("text without a language"),
    "xsd:date": _("day"),
    "xsd:integer": _("whole number"),
    "xsd:decimal": _("decimal number"),
    "xsd:boolean": _("yes or no"),
    "rdf:langString": _("text in a language"),
    "geo:wktLiteral": _("point as text (WKT)"),
    "prov:wasDerivedFrom": _("is read from"),
    "prov:wasQuotedFrom": _("is quoted from"),
    "prov:Entity": _("entity with a provenance"),
}
"""Terms of other vocabularies that readers meet, in our words."""

TEXT_KINDS = {
    "paper": _("paper"),
    "rule": _("rule"),
    "notice": _("notice"),
    "approval": _("letter of approval"),
    "plan": _("plan"),
}
"""Kinds of purpose texts, as they stand in the graph."""

Parts = ParamSpec("Parts")
Made = TypeVar("Made")
KEPT = 20_000
"""Pieces of a kind that are kept; the one that was wanted longest ago goes first."""
PINYIN = "zh-latn-pinyin"
"""Language of a transcription, as the store writes it."""
FOREIGN_BY_IRI = {expanded(found): words for found, words in FOREIGN.items()}


def graph() -> Graph:
    """Return the graph of the application that answers."""
    return cast("Graph", current_app._get_current_object().extensions["guapai"].graph)  # type: ignore[attr-defined]  # noqa: SLF001


def lasting(make: Callable[Parts, Made]) -> Callable[Parts, Made]:
    """Make a piece of pages once for each reader and its parts: all else that it hangs on is the release."""

    def memory() -> Callable[..., Made]:
        return lru_cache(maxsize=KEPT)(lambda _reader, *parts, **named: make(*parts, **named))

    @wraps(make)
    def made(*parts: Parts.args, **named: Parts.kwargs) -> Made:
        return graph().cached(make, memory)(reader(), *parts, **named)

    return made


def today() -> str:
    """Return the day that the release calls today, as YYYY-MM-DD."""
    return str(current_app.extensions["guapai"].release.data_as_of)


def cited() -> str:
    """Return how a release is cited after the title of what is taken from it."""
    release = current_app.extensions["guapai"].release
    return gettext("In: Guapai (挂牌), release %(id)s, data as of %(day)s.", id=release.id, day=release.data_as_of)


@lasting
def name(iri: Term | str, asked: str = "") -> Label:
    """Return the name of a thing or term in the reader's language, with the fallback of labels."""
    text = str(iri) if isinstance(iri, str) else str(iri.value)
    wanted = asked or language()
    if text in FOREIGN_BY_IRI:
        return Label(str(FOREIGN_BY_IRI[text]), wanted)
    label = graph().label(text, wanted)
    if label.language:
        return label
    return composed(graph(), text, wanted, lambda other: name(other, wanted)) or label


def transcription(iri: str) -> str:
    """Return the Chinese name of a thing in pinyin, for readers of English where it has no English name; else empty."""
    names = graph().labels(iri) if language() == "en" else {}
    return names.get(PINYIN, "") if "en" not in names else ""


@lasting
def definition(iri: str) -> str:
    """Return the definition of a term or concept in the reader's language, empty where there is none."""
    rows = graph().rows("graph/definition", thing=NamedNode(iri))
    found = {row["text"].language or "": row["text"].value for row in rows if isinstance(row["text"], Literal)}
    return found.get(language()) or next(iter(found.values()), "")


def brief(iri: str) -> str:
    """Return a short name of a body: in Chinese its shortest name, in English its acronym where its key is one."""
    if language() == "en":
        key = key_of(iri)
        return key.upper() if "-" not in key else name(iri).text
    rows = graph().cached(("other names", iri), lambda: graph().rows("graph/other_names", thing=NamedNode(iri)))
    return min([name(iri).text, *(value(row, "label") for row in rows)], key=len)
