"""Terms of the first round: redirects of old IRIs and addresses, deprecated terms, old queries and decisions."""

import csv
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from rdflib import DCTERMS, OWL, RDF, SH, SKOS, Graph, Literal
from werkzeug.test import TestResponse

from kg.vocab import BASE, KINDS, PREFIXES
from web.graph.moved import moved, terms_in

ROOT = Path(__file__).parents[3]
ONTOLOGY = ROOT / "ontology"
BY_SLASH = {
    "graph": "graph/{}",
    "kind": "id/{}/",
    "question": "questions/{}",
    "rule": "rules/{}",
    "row": "id/row/{}",
    "subtraction": "id/subtraction/{}",
}
"""Kinds of rows of the table whose names are no prefixed ones, and their IRIs after `BASE`."""
DEPRECATED = {
    str(old): str(new) for old, new in Graph().parse(ONTOLOGY / "deprecated.ttl").subject_objects(DCTERMS.isReplacedBy)
}


def as_iri(kind: str, name: str) -> str:
    if kind in BY_SLASH:
        return BASE + BY_SLASH[kind].format(name.removesuffix(".rq"))
    prefix, _, local = name.partition(":")
    return PREFIXES[prefix] + local


def test_the_table_and_the_ontology_name_the_same_terms() -> None:
    with (ROOT / "docs" / "renamed-terms.csv").open(encoding="utf-8", newline="") as stream:
        rows = [row for row in csv.DictReader(stream) if not row["old"].endswith(".csv")]
    kinds = {"class", "property", "shape", "concept", *BY_SLASH}
    told = {as_iri(row["kind"], row["old"]): as_iri(row["kind"], row["new"]) for row in rows if row["kind"] in kinds}
    assert told == DEPRECATED


def test_every_deprecated_term_is_marked_and_used_no_more_and_its_successor_is_defined() -> None:
    files = Graph().parse(ONTOLOGY / "deprecated.ttl")
    assert {str(old) for old in files.subjects(OWL.deprecated, Literal(True))} == DEPRECATED.keys()  # noqa: FBT003
    known = Graph()
    for name in ("guapai.ttl", "alignments.ttl", "schemes.ttl", "shapes.ttl"):
        known.parse(ONTOLOGY / name)
    assert DEPRECATED.keys() & {str(node) for node in known.all_nodes() | set(known.predicates())} == set()
    defined = {
        str(node) for kind in (OWL.Class, OWL.ObjectProperty, SH.NodeShape) for node in known.subjects(RDF.type, kind)
    }
    concepts = {str(node) for node in known.subjects(SKOS.inScheme)}
    for new in DEPRECATED.values():
        local = new.removeprefix(BASE)
        if local.startswith(("ns/", "shapes/")):
            assert new in defined
        elif local.startswith(("scheme/stated-for/", "scheme/unit/")):
            assert new in concepts
        elif local.endswith("/"):
            assert local.split("/")[1] in KINDS
        elif local.startswith(("questions/", "rules/")):
            assert (ONTOLOGY / f"{local}.rq").exists()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("/ns/PlateRelation", "/ns/DesignationRelation"),
        ("/ns/containsPlate.ttl", "/ns/containsDesignation.ttl"),
        ("/ns/hasOwnPlate?lang=en", "/ns/hasOwnDesignation?lang=en"),
        ("/shapes/PlateRelationShape", "/shapes/DesignationRelationShape"),
        ("/scheme/measure/plate-count?lang=zh", "/scheme/measure/designation-count?lang=zh"),
        ("/questions/31-plates-by-programme.csv", "/questions/31-designations-by-programme.csv"),
        ("/downloads/graphs/plates.nt", "/downloads/graphs/designations.nt"),
        (
            "/downloads/ontology/questions/30-records-of-one-plate.rq",
            "/downloads/ontology/questions/30-records-of-one-designation.rq",
        ),
        ("/carriers?sort=-plates&lang=en", "/carriers?sort=-designations&lang=en"),
        ("/carriers?sort=%2Dplates", "/carriers?sort=-designations"),
    ],
)
def test_an_old_address_leads_to_the_new_one_which_answers(client: FlaskClient, old: str, new: str) -> None:
    answer = client.get(old)
    assert (answer.status_code, answer.location) == (301, new)
    assert client.get(new).status_code == 200


@pytest.mark.parametrize("start", ["/id/{}/", "/page/{}/", "/data/{}/"])
def test_things_of_a_renamed_kind_keep_their_keys(client: FlaskClient, start: str) -> None:
    query = "SELECT ?x { ?x a gp:DesignationRelation } ORDER BY ?x LIMIT 1"
    found = client.get(
        "/sparql", query_string={"query": f"PREFIX gp: <{PREFIXES['gp']}> {query}", "format": "json"}
    ).json
    assert found
    key = found["results"]["bindings"][0]["x"]["value"].removeprefix(f"{BASE}id/designation-relation/")
    ending = ".ttl" if "data" in start else ""
    old, new = (start.format(kind) + key + ending for kind in ("plate-relation", "designation-relation"))
    answer = client.get(old)
    assert (answer.status_code, answer.location) == (301, new)
    assert client.get(new).status_code == (303 if "id" in start else 200)


def successors(answer: TestResponse) -> list[str]:
    return [link for link in answer.headers.getlist("Link") if "successor-version" in link]


def test_what_stays_is_not_moved(client: FlaskClient) -> None:
    for path in ("ns/Designation", "id/designation/x", "list/paper-1-plates", "claim/plates-east-over-west", "plates"):
        assert moved(DEPRECATED, path) is None
    for address in ("/page/list/paper-1-plates", "/page/claim/plates-east-over-west", "/static/plate.svg"):
        assert client.get(address).status_code != 301


def test_a_query_of_the_first_round_is_told_the_new_terms(client: FlaskClient) -> None:
    old = f"PREFIX gp: <{PREFIXES['gp']}> SELECT * {{ ?a gp:containsPlate|<{BASE}ns/succeedsPlate> ?b }}"
    answer = client.get("/sparql", query_string={"query": old, "format": "json"})
    assert answer.status_code == 200
    assert answer.json
    assert answer.json["results"]["bindings"] == []
    assert sorted(successors(answer)) == [
        f'<{BASE}ns/{new}>; rel="successor-version"; anchor="{BASE}ns/{term}Plate"'
        for term, new in (("contains", "containsDesignation"), ("succeeds", "succeeds"))
    ]
    mended = old.replace("succeedsPlate", "succeeds").replace("Plate", "Designation")
    new = client.get("/sparql", query_string={"query": mended, "format": "json"})
    assert successors(new) == []
    assert new.json
    assert new.json["results"]["bindings"]


def test_only_whole_names_are_found_in_a_query() -> None:
    for query in ("ex:gp:containsPlate", "gp:containsPlates", "<https://w3id.org/guapai/ns/containsPlate2>", "?plate"):
        assert list(terms_in(DEPRECATED, query)) == []
    assert [old for old, _ in terms_in(DEPRECATED, "{?x gp:containsPlate ?y}")] == [f"{BASE}ns/containsPlate"]


def test_a_decision_of_the_first_round_holds(client: FlaskClient) -> None:
    answer = client.get("/page/designation/agri-industry-town-0533?lang=en")
    assert answer.status_code == 410
    assert successors(answer) == ['</page/designation/agri-industry-town-0531?lang=en>; rel="successor-version"']
