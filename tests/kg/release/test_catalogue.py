"""What data catalogues read: the description as served and as exported, by our shapes and by DCAT-AP's own."""

from pathlib import Path

import pyshacl
import pytest
from flask import Flask
from rdflib import DCAT, DCTERMS, RDF, VOID, Graph, URIRef

from kg.release import Release
from kg.release.export import export
from kg.store import EmbeddedStore
from kg.vocab import DATASET

SHAPES = Path(__file__).parents[2] / "support" / "catalogue.ttl"
OFFICIAL = ("shapes.ttl", "range.ttl")
"""Files of the official shapes of DCAT-AP 3.0.1: base and range."""


@pytest.fixture(scope="module")
def exported(small_release: Release, tmp_path_factory: pytest.TempPathFactory) -> Graph:
    target = tmp_path_factory.mktemp("export") / "nt"
    export(small_release, ["nt"], target)
    return Graph().parse(target / "dataset.ttl")


@pytest.fixture(scope="module")
def served(app: Flask) -> Graph:
    return Graph().parse(data=app.test_client().get("/dataset.ttl").data, format="turtle")


def faults(described: Graph, *shapes: Path) -> list[str]:
    merged = Graph()
    for path in shapes:
        merged.parse(path)
    _, results, text = pyshacl.validate(described, shacl_graph=merged)
    assert isinstance(results, Graph)
    return [] if not list(results.subjects(RDF.type, URIRef("http://www.w3.org/ns/shacl#ValidationResult"))) else [text]


@pytest.mark.parametrize("described", ["exported", "served"])
def test_the_description_has_what_catalogues_require(described: str, request: pytest.FixtureRequest) -> None:
    graph = request.getfixturevalue(described)
    assert list(graph.subjects(RDF.type, DCAT.Dataset)) == [URIRef(DATASET)]
    assert faults(graph, SHAPES) == []


@pytest.mark.parametrize("described", ["exported", "served"])
def test_the_official_shapes_find_nothing(described: str, request: pytest.FixtureRequest) -> None:
    folder: Path | None = request.config.getoption("--dcat-ap")
    if folder is None:
        pytest.skip(
            "the shapes of DCAT-AP 3.0.1 are not in this repository: --dcat-ap=FOLDER with shapes.ttl, range.ttl"
        )
    assert faults(request.getfixturevalue(described), *(folder / name for name in OFFICIAL)) == []


@pytest.mark.parametrize(
    ("subject", "missing"),
    [
        (DATASET, DCTERMS.publisher),
        (DATASET, DCAT.contactPoint),
        (DATASET, DCTERMS.temporal),
        (f"{DATASET}#period", DCAT.startDate),
        (f"{DATASET}#publisher", RDF.type),
    ],
)
def test_a_description_that_lacks_something_is_found(exported: Graph, subject: str, missing: URIRef) -> None:
    poorer = Graph()
    poorer += exported
    poorer.remove((URIRef(subject), missing, None))
    assert len(poorer) < len(exported)
    assert faults(poorer, SHAPES)


def test_the_count_of_triples_is_that_of_the_dump(release: Release, served: Graph) -> None:
    total = int(str(served.value(URIRef(DATASET), VOID.triples)))
    assert total == EmbeddedStore(release.store_path).size()
    assert total == sum(release.manifest["counts"]["triples"].values())
    parts = [int(str(served.value(part, VOID.triples))) for part in served.objects(URIRef(DATASET), VOID.subset)]
    assert sum(parts) == total
