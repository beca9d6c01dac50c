"""schema.org descriptions for search engines, embedded in pages as JSON-LD."""

from collections.abc import Mapping, Sequence
from typing import Any

from kg.release import Release
from kg.release.catalogue import FOAF, LANDING, LICENCE, media_type
from kg.store import Literal, NamedNode, Term
from kg.vocab import BASE, DATASET, SCHEMES
from web.graph.iris import external, key_of
from web.graph.labels import cited, definition, graph, name
from web.graph.queries import expanded, prefixed, value
from web.graph.resource import Thing
from web.http.language import gettext as _

CONTEXT = "https://schema.org"
MAX_VALUES = 12
"""Values of a property in a description."""
TYPES = {
    "designation": "Certification",
    "place": "AdministrativeArea",
    "former-place": "AdministrativeArea",
    "region": "AdministrativeArea",
    "authority": "GovernmentOrganization",
    "carrier": "Organization",
    "programme": "DefinedTerm",
    "source": "CreativeWork",
    "table": "Dataset",
    "claim": "Claim",
}
"""Kind of resource to schema.org type; concepts are defined terms, other kinds are omitted."""
CARRIERS = {
    "company": "Corporation",
    "university": "CollegeOrUniversity",
    "institute": "ResearchOrganization",
    "hospital": "Hospital",
    "government": "GovernmentOrganization",
    "zone": "AdministrativeArea",
}
"""Kind of carrier to a narrower type."""
LINKS = {
    "gp:approvedBy": ("issuedBy", "GovernmentOrganization"),
    "gp:borneBy": ("about", "Organization"),
    "gp:locatedIn": ("validIn", "AdministrativeArea"),
    "gp:directlyWithin": ("containedInPlace", "AdministrativeArea"),
    "gp:seatedIn": ("location", "AdministrativeArea"),
    "gp:hasParentCarrier": ("parentOrganization", "Organization"),
    "gp:claimedIn": ("appearance", "CreativeWork"),
    "gp:inDocument": ("isBasedOn", "CreativeWork"),
    "skos:inScheme": ("inDefinedTermSet", "DefinedTermSet"),
}
"""Property to schema.org property and type of its values."""
TEXT_PROPERTIES = {
    "gp:divisionCode": "identifier",
    "dcterms:identifier": "identifier",
    "gp:documentNumber": "identifier",
    "gp:quote": "text",
}
"""Property with texts to schema.org property."""
DATE_PROPERTIES = {"gp:approvedText": ("validFrom", "first"), "gp:endedText": ("expires", "last")}
"""Property of a date to schema.org property, and which possible day is given."""


def thing_jsonld(thing: Thing, kind: str, names: Mapping[str, str]) -> dict[str, Any] | None:
    """Return a resource in schema.org terms; None without a matching type.

    Args:
        thing: the resource.
        kind: its kind, or the scheme of a concept.
        names: its labels by language.
    """
    concept = thing.iri.startswith(SCHEMES)
    found = "DefinedTerm" if concept else TYPES.get(kind)
    if found is None:
        return None
    if kind == "carrier":
        found = next((CARRIERS[key] for key in map(_key, thing.values("gp:hasCarrierKind")) if key in CARRIERS), found)
    content: dict[str, Any] = {"@context": CONTEXT, "@type": found, "@id": thing.iri, "url": thing.iri}
    content["name"] = [{"@value": text, "@language": code} for code, text in names.items()] or name(thing.iri).text
    others = [term.value for term in thing.values("skos:altLabel") if isinstance(term, Literal)]
    _add(content, "alternateName", others[:MAX_VALUES])
    _add(content, "description", [definition(thing.iri) if concept else _table(thing) if kind == "table" else ""])
    for iri, (property_name, kind_of) in LINKS.items():
        values = thing.values(iri)[:MAX_VALUES]
        _add(content, property_name, [{"@type": kind_of, **_named(term)} for term in values])
    for iri, property_name in TEXT_PROPERTIES.items():
        _add(content, property_name, [term.value for term in thing.values(iri)])
    for iri, (property_name, which) in DATE_PROPERTIES.items():
        statement = thing.statements.get(expanded(iri) or "")
        _add(content, property_name, [getattr(statement, which)] if statement else [])
    same = [str(term.value) for iri in ("skos:exactMatch", "rdfs:seeAlso") for term in thing.values(iri)]
    _add(content, "sameAs", [address for address in same if external(address)])
    if kind == "table":
        content["isPartOf"] = {"@id": DATASET}
    return content


def dataset_jsonld(release: Release, language: str) -> dict[str, Any]:
    """Return the data set in schema.org terms, for dataset search."""
    other = "en" if language == "zh" else "zh"
    title, about = name(DATASET, language).text, _about_dataset()

    def said(property_name: str) -> list[str]:
        return [term.value for term in about.get(property_name, ()) if term.language in (None, language)]

    files = [path for path in sorted(release.manifest["files"]) if path.startswith(("graphs/", "tables/"))]
    return {
        "@context": CONTEXT,
        "@type": "Dataset",
        "@id": DATASET,
        "url": LANDING,
        "name": title,
        "alternateName": name(DATASET, other).text,
        "description": " ".join(said("dcterms:description")),
        "keywords": said("dcat:keyword"),
        "creator": {"@type": "Organization", "name": " ".join(said(f"{FOAF}name")), "url": BASE},
        "identifier": release.id,
        "citation": f"{title}. {cited()}",
        "inLanguage": ["zh-Hans", "en"],
        "license": LICENCE,
        "version": release.id,
        "dateModified": str(release.data_as_of),
        "isAccessibleForFree": True,
        "temporalCoverage": "/".join(said("dcat:startDate") + said("dcat:endDate")),
        "spatialCoverage": {"@type": "Country", "name": "China", "sameAs": "http://www.wikidata.org/entity/Q148"},
        "distribution": [
            {"@type": "DataDownload", "contentUrl": f"{LANDING}/{path}", "encodingFormat": media_type(path)}
            for path in files
        ],
    }


def _about_dataset() -> Mapping[str, list[Literal]]:
    """Return the texts of the data set, its creator and its period, by prefixed property."""
    found: dict[str, list[Literal]] = {}
    for row in graph().rows("graph/dataset", dataset=NamedNode(DATASET)):
        if isinstance(row["value"], Literal):
            found.setdefault(prefixed(value(row, "property")), []).append(row["value"])
    return found


def _table(thing: Thing) -> str:
    """Return what a table of a source is, in a sentence."""
    documents = [name(document).text for document in thing.values("gp:inDocument")]
    sentence = _("The rows of “%(table)s” as printed, and what each became in the data.", table=name(thing.iri).text)
    return f"{sentence} {_('Source:')} {'; '.join(documents)}" if documents else sentence


def site_jsonld(language: str) -> dict[str, Any]:
    """Return the site and its search in schema.org terms."""
    return {
        "@context": CONTEXT,
        "@type": "WebSite",
        "@id": BASE,
        "url": BASE,
        "name": "挂牌" if language == "zh" else "Guapai",
        "inLanguage": ["zh-Hans", "en"],
        "about": {"@type": "Dataset", "@id": DATASET},
        "potentialAction": {
            "@type": "SearchAction",
            "target": f"{BASE}search?q={{search_term_string}}",
            "query-input": "required name=search_term_string",
        },
    }


def _named(term: Term) -> dict[str, str]:
    return {"@id": str(term.value), "name": name(term).text}


def _key(term: Term) -> str:
    return key_of(str(term.value))


def _add(content: dict[str, Any], property_name: str, values: Sequence[Any]) -> None:
    """Add values to a property: one alone, several as a list."""
    before = content.get(property_name, [])
    found = [*(before if isinstance(before, list) else [before]), *values]
    found = [value for value in found if value]
    if found:
        content[property_name] = found[0] if len(found) == 1 else found
