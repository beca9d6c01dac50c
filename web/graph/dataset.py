"""Description of the release as served: the files with checksums, the endpoint, use of terms (DCAT, VoID)."""

from collections.abc import Iterator, Mapping

from kg.release import Release, catalogue
from kg.store.formats import read_turtle
from kg.vocab import DATASET, GRAPHS, Triple, line, link, term, typed
from web.graph.describe import Quad
from web.graph.queries import prefixed

GRAPH = GRAPHS + "dataset"


def distribution_quads(release: Release) -> list[Quad]:
    """Return the description of a release: distributions with size, media type and SHA-256; endpoint; term counts.

    Checksums are read from the manifest: a graph of the release cannot contain its own.
    """
    lines = dict.fromkeys(map(line, _statements(release)))
    return [(*statement, GRAPH) for statement in read_turtle("".join(lines))]


def _statements(release: Release) -> Iterator[Triple]:
    node = f"<{DATASET}>"
    yield from catalogue.released(release.id, release.data_as_of)
    yield from catalogue.service()
    yield from _partitions(release.manifest["counts"].get("uses", {}))
    for path, entry in sorted(release.manifest["files"].items()):
        if path.startswith(("graphs/", "tables/", "report/")):
            address, stem = f"{catalogue.LANDING}/{path}", path.removeprefix("graphs/").removesuffix(".nt")
            file = link(address)
            if path.startswith("graphs/"):
                yield f"<{GRAPHS}{stem}>", term("void:dataDump"), file
                yield node, term("void:dataDump"), file
            yield from catalogue.distribution(file, path, entry["bytes"], entry["sha256"], file[1:-1])


def _partitions(uses: Mapping[str, Mapping[str, int]]) -> Iterator[Triple]:
    """Yield instances by class and triples by property (VoID, section 4.5)."""
    for kind, kinds, counted in (("class", "classes", "entities"), ("property", "properties", "triples")):
        for iri, number in uses.get(kinds, {}).items():
            part = link(f"{DATASET}/{kind}/{prefixed(iri)}")
            yield f"<{DATASET}>", term(f"void:{kind}Partition"), part
            yield part, term(f"void:{kind}"), f"<{iri}>"
            yield part, term(f"void:{counted}"), typed(number, "integer")
