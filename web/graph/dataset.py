"""DCAT and VoID descriptions of the release: files with checksums, endpoint, use of terms."""

from collections.abc import Iterator, Mapping

from kg.release import Release
from kg.store import Literal, NamedNode
from kg.vocab import BASE, DATASET, GRAPHS, PREFIXES
from web.graph.describe import Quad
from web.graph.queries import prefixed

SPDX = "http://spdx.org/rdf/terms#"
MEDIA = "https://www.iana.org/assignments/media-types/"
TYPES = {
    "nt": "application/n-triples",
    "csv": "text/csv",
    "json": "application/json",
    "ttl": "text/turtle",
    "rq": "application/sparql-query",
}
"""File extension to media type."""
GRAPH = GRAPHS + "dataset"
ENDPOINT = BASE + "sparql"
LANDING = BASE + "downloads"
LICENCE = "https://creativecommons.org/licenses/by/4.0/"
SERVICE = {"zh": "挂牌知识图谱的 SPARQL 端点", "en": "SPARQL endpoint of Guapai"}
DESCRIPTIONS = {
    "zh": "中国国家级创新牌子知识图谱：谁在何时何地为何目的把哪块牌子挂给谁，以及哪里重叠；"
    "每条陈述都注明来源行与文件。",
    "en": "China's national innovation designations as a knowledge graph: who gave which designation to whom, "
    "where, when "
    "and for which purpose, and where those designations overlap; every statement names its row and documents.",
}


def distribution_quads(release: Release) -> list[Quad]:
    """Return the description of a release: distributions with size, media type and SHA-256; endpoint; term counts.

    Checksums are read from the manifest: a graph of the release cannot contain its own.
    """
    return [(NamedNode(subject), iri, term, GRAPH) for subject, iri, term in _statements(release)]


def media_type(path: str) -> str:
    """Return the media type of a file of a release."""
    return TYPES.get(path.rpartition(".")[2], "text/plain")


def _statements(release: Release) -> Iterator[tuple[str, str, NamedNode | Literal]]:
    dcat, dcterms, void, rdf = (PREFIXES[name] for name in ("dcat", "dcterms", "void", "rdf"))
    for language, text in DESCRIPTIONS.items():
        yield DATASET, dcterms + "description", Literal(text, language=language)
    yield DATASET, dcterms + "identifier", Literal(release.id)
    yield DATASET, dcat + "landingPage", NamedNode(LANDING)
    yield DATASET, void + "sparqlEndpoint", NamedNode(ENDPOINT)
    yield ENDPOINT, rdf + "type", NamedNode(dcat + "DataService")
    for language, text in SERVICE.items():
        yield ENDPOINT, dcterms + "title", Literal(text, language=language)
    yield ENDPOINT, dcat + "endpointURL", NamedNode(ENDPOINT)
    yield ENDPOINT, dcat + "servesDataset", NamedNode(DATASET)
    yield ENDPOINT, dcterms + "conformsTo", NamedNode("http://www.w3.org/TR/sparql11-protocol/")
    yield from _partitions(release.manifest["counts"].get("uses", {}))
    for path, entry in sorted(release.manifest["files"].items()):
        if path.startswith(("graphs/", "tables/", "report/")):
            file, stem = f"{LANDING}/{path}", path.removeprefix("graphs/").removesuffix(".nt")
            yield DATASET, dcat + "distribution", NamedNode(file)
            if path.startswith("graphs/"):
                yield GRAPHS + stem, void + "dataDump", NamedNode(file)
                yield DATASET, void + "dataDump", NamedNode(file)
            yield from _file(file, path, entry["bytes"], entry["sha256"])


def _partitions(uses: Mapping[str, Mapping[str, int]]) -> Iterator[tuple[str, str, NamedNode | Literal]]:
    """Yield instances by class and triples by property (VoID, section 4.5)."""
    void, integer = PREFIXES["void"], NamedNode(PREFIXES["xsd"] + "integer")
    for kind, kinds, counted in (("class", "classes", "entities"), ("property", "properties", "triples")):
        for iri, number in uses.get(kinds, {}).items():
            part = f"{DATASET}/{kind}/{prefixed(iri)}"
            yield DATASET, f"{void}{kind}Partition", NamedNode(part)
            yield part, void + kind, NamedNode(iri)
            yield part, void + counted, Literal(str(number), datatype=integer)


def _file(file: str, path: str, size: int, digest: str) -> Iterator[tuple[str, str, NamedNode | Literal]]:
    dcat, dcterms, rdf, xsd = (PREFIXES[name] for name in ("dcat", "dcterms", "rdf", "xsd"))
    yield file, rdf + "type", NamedNode(dcat + "Distribution")
    yield file, dcterms + "title", Literal(path)
    yield file, dcterms + "license", NamedNode(LICENCE)
    yield file, dcat + "accessURL", NamedNode(file)
    yield file, dcat + "downloadURL", NamedNode(file)
    yield file, dcat + "mediaType", NamedNode(MEDIA + media_type(path))
    yield file, dcat + "byteSize", Literal(str(size), datatype=NamedNode(xsd + "nonNegativeInteger"))
    yield file, SPDX + "checksum", NamedNode(f"{file}#sha256")
    yield f"{file}#sha256", rdf + "type", NamedNode(SPDX + "Checksum")
    yield f"{file}#sha256", SPDX + "algorithm", NamedNode(SPDX + "checksumAlgorithm_sha256")
    yield f"{file}#sha256", SPDX + "checksumValue", Literal(digest, datatype=NamedNode(xsd + "hexBinary"))
