"""Description of the data set and its files as data catalogues read it (DCAT 3, DCAT-AP 3.0.1, SPDX, FOAF, vCard)."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from kg.store.formats import GRAPH_MEDIA_TYPES
from kg.vocab import BASE, DATASET, TYPE, Node, Triple, term, text, typed

FOAF = "http://xmlns.com/foaf/0.1/"
VCARD = "http://www.w3.org/2006/vcard/ns#"
SPDX = "http://spdx.org/rdf/terms#"
SHA256 = f"<{SPDX}checksumAlgorithm_sha256>"
MEDIA = "https://www.iana.org/assignments/media-types/"
AUTHORITY = "http://publications.europa.eu/resource/authority/"
"""Authority tables of the Publications Office of the EU, which DCAT-AP prescribes: countries, themes, languages."""
MEDIA_TYPES = {
    **GRAPH_MEDIA_TYPES,
    "csv": "text/csv",
    "json": "application/json",
    "rq": "application/sparql-query",
}
"""File extension to media type."""
LANDING = BASE + "downloads"
ENDPOINT = BASE + "sparql"
LICENCE = "https://creativecommons.org/licenses/by/4.0/"
PROTOCOL = "http://www.w3.org/TR/sparql11-protocol/"
THEMES = {
    "TECH": {"en": "Science and technology", "zh": "科学技术"},
    "GOVE": {"en": "Government and public sector", "zh": "政府与公共部门"},
    "REGI": {"en": "Regions and cities", "zh": "区域与城市"},
}
"""Key of a theme in the authority table data-theme, to its names."""
SERVICE = {"zh": "挂牌知识图谱的 SPARQL 端点", "en": "SPARQL endpoint of Guapai"}


def media_type(path: str) -> str:
    """Return the media type of a file by its extension."""
    return MEDIA_TYPES.get(path.rpartition(".")[2], "text/plain")


def described(descriptor: Mapping[str, Any], start: date | None, end: date) -> Iterator[Triple]:
    """Yield description, keywords, themes, publisher, contact, coverage and languages of the data set.

    Args:
        descriptor: of the tables (datapackage.json), with texts in two languages.
        start: first day that the data cover; None if no date is known.
        end: last day.
    """
    node = f"<{DATASET}>"
    for language, suffix in (("zh", "guapai:{}_zh"), ("en", "{}")):
        yield node, term("dcterms:description"), text(descriptor[suffix.format("description")], language)
        for keyword in descriptor[suffix.format("keywords")]:
            yield node, term("dcat:keyword"), text(keyword, language)
    yield from _themes(node)
    yield from _agents(node, descriptor)
    yield from _coverage(node, start, end)
    for key in ("ZHO", "ENG"):
        yield node, term("dcterms:language"), f"<{AUTHORITY}language/{key}>"
        yield f"<{AUTHORITY}language/{key}>", TYPE, term("dcterms:LinguisticSystem")
    yield node, term("dcat:landingPage"), f"<{LANDING}>"
    yield f"<{LANDING}>", TYPE, f"<{FOAF}Document>"
    yield f"<{LICENCE}>", TYPE, term("dcterms:LicenseDocument")


def _themes(node: Node) -> Iterator[Triple]:
    for key, names in THEMES.items():
        theme = f"<{AUTHORITY}data-theme/{key}>"
        yield node, term("dcat:theme"), theme
        yield theme, TYPE, term("skos:Concept")
        for language, name in names.items():
            yield theme, term("skos:prefLabel"), text(name, language)


def _agents(node: Node, descriptor: Mapping[str, Any]) -> Iterator[Triple]:
    """Yield publisher and creator, which are the project, and where it is reached."""
    publisher, contact = f"<{DATASET}#publisher>", f"<{DATASET}#contact>"
    for name in ("dcterms:publisher", "dcterms:creator"):
        yield node, term(name), publisher
    yield publisher, TYPE, f"<{FOAF}Agent>"
    (maker,) = (each for each in descriptor["contributors"] if each["role"] == "publisher")
    for language, name in (("zh", maker["guapai:title_zh"]), ("en", maker["title"])):
        yield publisher, f"<{FOAF}name>", text(name, language)
    yield publisher, f"<{FOAF}homepage>", f"<{maker['path']}>"
    yield f"<{maker['path']}>", TYPE, f"<{FOAF}Document>"
    yield node, term("dcat:contactPoint"), contact
    yield contact, TYPE, f"<{VCARD}Kind>"
    yield contact, f"<{VCARD}fn>", text(maker["title"], "en")
    yield contact, f"<{VCARD}hasURL>", f"<{descriptor['guapai:contact']}>"


def _coverage(node: Node, start: date | None, end: date) -> Iterator[Triple]:
    country, period = f"<{AUTHORITY}country/CHN>", f"<{DATASET}#period>"
    yield node, term("dcterms:spatial"), country
    yield country, TYPE, term("dcterms:Location")
    yield country, term("skos:prefLabel"), text("中国", "zh")
    yield country, term("skos:prefLabel"), text("China", "en")
    yield node, term("dcterms:temporal"), period
    yield period, TYPE, term("dcterms:PeriodOfTime")
    if start:
        yield period, term("dcat:startDate"), typed(start, "date")
    yield period, term("dcat:endDate"), typed(end, "date")


def released(release_id: str, day: date) -> Iterator[Triple]:
    """Yield identifier and citation of a release; day: the last that its data cover."""
    node = f"<{DATASET}>"
    yield node, term("dcterms:identifier"), text(release_id)
    citation = f"Guapai (挂牌), release {release_id}, data as of {day}. {DATASET}"
    yield node, term("dcterms:bibliographicCitation"), text(citation)


def service() -> Iterator[Triple]:
    """Yield the description of the SPARQL endpoint."""
    node = f"<{ENDPOINT}>"
    yield f"<{DATASET}>", term("void:sparqlEndpoint"), node
    yield node, TYPE, term("dcat:DataService")
    for language, title in SERVICE.items():
        yield node, term("dcterms:title"), text(title, language)
    yield node, term("dcat:endpointURL"), node
    yield node, term("dcat:servesDataset"), f"<{DATASET}>"
    yield node, term("dcterms:conformsTo"), f"<{PROTOCOL}>"
    yield f"<{PROTOCOL}>", TYPE, term("dcterms:Standard")


def distribution(node: Node, path: str, size: int, digest: str, download: str = "") -> Iterator[Triple]:
    """Yield the description of a file of the data set.

    Args:
        node: IRI of the distribution.
        path: of the file, with an extension.
        size: in bytes.
        digest: SHA-256, hexadecimal.
        download: address of the file; empty for a file that is on no server, which is had from the page of downloads.
    """
    media, checksum = f"<{MEDIA}{media_type(path)}>", f"{node[:-1]}#sha256>"
    yield f"<{DATASET}>", term("dcat:distribution"), node
    yield node, TYPE, term("dcat:Distribution")
    yield node, term("dcterms:title"), text(path)
    yield node, term("dcterms:license"), f"<{LICENCE}>"
    yield node, term("dcat:accessURL"), f"<{download or LANDING}>"
    if download:
        yield node, term("dcat:downloadURL"), f"<{download}>"
    yield node, term("dcat:mediaType"), media
    yield media, TYPE, term("dcterms:MediaType")
    yield node, term("dcat:byteSize"), typed(size, "nonNegativeInteger")
    yield node, f"<{SPDX}checksum>", checksum
    yield checksum, TYPE, f"<{SPDX}Checksum>"
    yield checksum, f"<{SPDX}algorithm>", SHA256
    yield SHA256, TYPE, f"<{SPDX}ChecksumAlgorithm>"
    yield checksum, f"<{SPDX}checksumValue>", typed(digest, "hexBinary")
