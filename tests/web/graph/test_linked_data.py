"""Linked data: content negotiation, every format, the vocabulary, unknown resources."""

import csv
import hashlib
import io
import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
import rdflib
from flask.testing import FlaskClient
from pyoxigraph import RdfFormat, parse
from rdflib.compare import isomorphic
from waiting import PATIENT

from kg.release import Release
from kg.sandbox import Pool
from kg.store import EmbeddedStore, NamedNode
from kg.vocab import BASE, DATASET, GRAPHS, ONTOLOGY, SCHEMES, TERMS, THINGS
from web import code_files, create_app
from web.http.responses import FORMATS, RDF

PROGRAMME = "programme/national-high-tech-zone"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"


@pytest.fixture(scope="module")
def querying(release: Release) -> Iterator[FlaskClient]:
    """Client of an application with a pool."""
    pool = Pool(release.store_path, 1, PATIENT)
    yield create_app(release, pool=pool).test_client()
    pool.close()


@pytest.mark.parametrize(
    ("accept", "target"),
    [
        (None, "/page/programme/national-high-tech-zone"),
        ("*/*", "/page/programme/national-high-tech-zone"),
        (BROWSER, "/page/programme/national-high-tech-zone"),
        ("text/turtle", "/data/programme/national-high-tech-zone.ttl"),
        ("application/ld+json", "/data/programme/national-high-tech-zone.jsonld"),
        ("application/rdf+xml", "/data/programme/national-high-tech-zone.rdf"),
        ("application/n-triples", "/data/programme/national-high-tech-zone.nt"),
        ("application/n-quads", "/data/programme/national-high-tech-zone.nq"),
        ("application/trig", "/data/programme/national-high-tech-zone.trig"),
        ("text/csv", "/data/programme/national-high-tech-zone.csv"),
        ("text/html;q=0.4, text/turtle;q=0.9", "/data/programme/national-high-tech-zone.ttl"),
        ("text/turtle;q=0.4, text/html;q=0.9", "/page/programme/national-high-tech-zone"),
        ("text/turtle;q=0.2, application/ld+json;q=0.3, image/png", "/data/programme/national-high-tech-zone.jsonld"),
        ("text/html;q=0, */*", "/data/programme/national-high-tech-zone.ttl"),
        ("application/*", "/data/programme/national-high-tech-zone.jsonld"),
        ("text/turtle;charset=utf-8", "/data/programme/national-high-tech-zone.ttl"),
        ('application/ld+json;profile="http://www.w3.org/ns/json-ld#expanded"', f"/data/{PROGRAMME}.jsonld"),
        ("text/html;q=0.5, application/n-triples; charset=utf-8; q=0.6", f"/data/{PROGRAMME}.nt"),
        ("text/turtle;version=1.2;q=0, application/rdf+xml;q=0.1", f"/data/{PROGRAMME}.rdf"),
        ("application/json, text/plain, */*", f"/data/{PROGRAMME}.jsonld"),
        ("application/xml", f"/data/{PROGRAMME}.rdf"),
    ],
)
def test_a_thing_sends_to_what_the_client_prefers(client: FlaskClient, accept: str | None, target: str) -> None:
    answer = client.get(f"/id/{PROGRAMME}", headers={"Accept": accept} if accept else {})
    assert (answer.status_code, answer.headers["Location"]) == (303, target)
    assert "Accept" in answer.headers["Vary"]


def test_what_none_of_us_can_give_is_406(client: FlaskClient) -> None:
    for address in (f"/id/{PROGRAMME}", "/ontology", "/ns/Programme", "/scheme/role"):
        answer = client.get(address.replace("role", "mandate-role"), headers={"Accept": "image/png"})
        assert answer.status_code == 406, address
        assert "text/turtle" in answer.text


NEGOTIATED = (
    *(("/ontology", accept, "text/turtle") for accept in ("text/turtle", "text/turtle;q=0.2, text/html;q=0.1")),
    ("/ontology", "application/ld+json, text/turtle;q=0.9", "application/ld+json"),
    ("/ontology", BROWSER, "text/html"),
    ("/ontology", "*/*", "text/html"),
    ("/ontology.rdf", "text/turtle", "application/rdf+xml"),
    ("/ontology.html", "text/turtle", "text/html"),
    ("/ns/Programme", "application/n-triples", "application/n-triples"),
    ("/ns/Programme", "text/html;q=0.5, application/rdf+xml;q=0.6", "application/rdf+xml"),
    ("/ns/Programme.ttl", "text/html", "text/turtle"),
    ("/scheme/status", "application/trig;q=0.3, text/csv;q=0.2", "application/trig"),
    ("/scheme/status/inferred", "text/turtle, text/html;q=0.999", "text/turtle"),
    ("/scheme/status/inferred.csv", "text/html", "text/csv"),
    ("/shapes", "text/turtle;q=0.9, text/html;q=0.8", "text/turtle"),
    ("/shapes", BROWSER, "text/html"),
    ("/shapes/Sourced", "application/n-triples", "application/n-triples"),
    ("/shapes/Sourced.html", "text/turtle", "text/html"),
    ("/dataset", "text/turtle", "text/turtle"),
    ("/dataset.jsonld", "text/turtle", "application/ld+json"),
    (
        "/sparql?query=ASK%7B%7D",
        "application/sparql-results+xml;q=0.8, text/csv;q=0.7",
        "application/sparql-results+xml",
    ),
    ("/sparql?query=ASK%7B%7D", "text/html;q=0.1, */*;q=0.2", "application/sparql-results+json"),
    ("/sparql?query=ASK%7B%7D", "application/sparql-results+xml; charset=utf-8", "application/sparql-results+xml"),
    ("/sparql?query=SELECT+*%7B%7D&format=tsv", "text/csv", "text/tab-separated-values"),
    ("/sparql?query=DESCRIBE+%3Curn:x%3E", "application/n-quads;q=0.5, text/turtle;q=0.4", "application/n-quads"),
    ("/sparql", "text/turtle", "text/turtle"),
    ("/sparql", BROWSER, "text/html"),
)


@pytest.mark.parametrize(("address", "accept", "kind"), NEGOTIATED)
def test_every_address_gives_what_the_client_prefers(
    querying: FlaskClient, address: str, accept: str, kind: str
) -> None:
    answer = querying.get(address, headers={"Accept": accept}, buffered=True)
    assert (answer.status_code, answer.mimetype) == (200, kind)
    if "." not in address and "format=" not in address:
        assert "Accept" in {name.strip() for name in answer.headers["Vary"].split(",")}


READ = (
    *(f"/data/{PROGRAMME}.{ending}" for ending in (*RDF, "csv")),
    *("/ontology", "/ontology.ttl", "/ns/Programme", "/ns/Programme.ttl", "/scheme/status", "/scheme/status.nt"),
    *("/dataset.ttl", "/context.jsonld", "/shapes.ttl", "/downloads", "/downloads/graphs/dataset.nt", "/releases"),
    *("/downloads/SHA256SUMS", f"/page/{PROGRAMME}", "/questions", "/programmes", "/programmes.csv", "/search?q=a"),
    *("/sparql?query=ASK%7B%7D&format=json", "/sparql?query=SELECT+*%7B%7D&format=csv", "/"),
)


@pytest.mark.parametrize("address", READ)
def test_every_read_address_has_an_etag(querying: FlaskClient, address: str) -> None:
    first = querying.get(address, buffered=True)
    assert (first.status_code, bool(first.headers.get("ETag"))) == (200, True)
    again = querying.get(address, headers={"If-None-Match": first.headers["ETag"]}, buffered=True)
    assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", first.headers["ETag"])
    assert querying.get(address, headers={"If-None-Match": '"other"'}, buffered=True).data == first.data
    head = querying.head(address, buffered=True)
    assert (head.status_code, head.data, head.headers["ETag"]) == (200, b"", first.headers["ETag"])


def test_the_tag_of_an_answer_hangs_on_query_format_and_graphs(querying: FlaskClient) -> None:
    ask = "/sparql?query=ASK%7B%7D"
    addresses = [f"{ask}&format=json", f"{ask}&format=xml", f"{ask}&default-graph-uri=urn:x", "/sparql?query=ASK{}%20"]
    tags = {querying.get(address, buffered=True).headers["ETag"] for address in addresses}
    assert len(tags) == len(addresses)
    for volatile in ("SELECT (NOW() AS ?n) {}", "SELECT (rand ( ) AS ?n) {}", "SELECT (STRUUID() AS ?n) {}"):
        answer = querying.get("/sparql", query_string={"query": volatile, "format": "csv"}, buffered=True)
        assert (answer.status_code, answer.headers.get("ETag")) == (200, None), volatile
    wrong = querying.get("/sparql?query=nonsense&format=csv", headers={"If-None-Match": "*"}, buffered=True)
    assert wrong.status_code == 400


def test_the_code_that_shapes_answers_is_part_of_the_tag() -> None:
    names = {"/".join(path.parts[-3:]) for path in code_files()}
    shaping = ("web/http/responses.py", "kg/store/formats.py", "analysis/findings/sentences.py")
    assert {*shaping, "templates/resource/page.html", "queries/graph/definition.rq"} <= names


@pytest.mark.parametrize(
    "address",
    [
        f"/id/{PROGRAMME}",
        f"/id/{PROGRAMME}.ttl",
        "/id/programme//evil.example/",
        "/id//evil.example/programme",
        "//evil.example/id/programme/x",
        "/ns/",
        "/.well-known/void",
        "/dataset",
        "/favicon.ico",
        "/static/../../etc/passwd",
        "/page/programme/%5C%5Cevil.example",
        "/scheme/%2F%2Fevil.example",
    ],
)
def test_redirects_stay_inside_the_site(client: FlaskClient, address: str) -> None:
    answer = client.get(address, headers={"Host": "evil.example", "X-Forwarded-Host": "evil.example"})
    target = answer.headers.get("Location", "/")
    assert answer.status_code in (301, 303, 308, 404)
    assert re.match(r"/(?![/\\])", target), target


def test_the_context_reads_its_own_names_as_our_terms(client: FlaskClient) -> None:
    answer = client.get("/context.jsonld")
    assert (answer.mimetype, answer.headers["Access-Control-Allow-Origin"]) == ("application/ld+json", "*")
    written = {
        **answer.json,
        "@id": "id:designation/x",
        "@type": "Designation",
        "underProgramme": "id:programme/y",
        "prefLabel": {"zh": "园", "en": "Park"},
        "approvedFrom": "2020-01-01",
        "rowKey": "r1",
    }
    found = rdflib.Graph().parse(data=json.dumps(written), format="json-ld")
    thing, gp = rdflib.URIRef(THINGS + "designation/x"), rdflib.Namespace(TERMS)
    assert set(found) == {
        (thing, rdflib.RDF.type, gp.Designation),
        (thing, gp.underProgramme, rdflib.URIRef(THINGS + "programme/y")),
        (thing, rdflib.SKOS.prefLabel, rdflib.Literal("园", lang="zh")),
        (thing, rdflib.SKOS.prefLabel, rdflib.Literal("Park", lang="en")),
        (thing, gp.approvedFrom, rdflib.Literal("2020-01-01", datatype=rdflib.XSD.date)),
        (thing, gp.rowKey, rdflib.Literal("r1")),
    }


def test_shapes_and_questions_and_checksums_are_downloads(client: FlaskClient, release: Release) -> None:
    shapes = client.get("/shapes.ttl")
    assert shapes.data == (release.path / "ontology" / "shapes.ttl").read_bytes()
    question = "ontology/questions/01-ministries-for-technology-transfer.rq"
    answer = client.get(f"/downloads/{question}", buffered=True)
    assert (answer.data, answer.mimetype) == ((release.path / question).read_bytes(), "application/sparql-query")
    sums = dict(line.split("  ")[::-1] for line in client.get("/downloads/SHA256SUMS").text.splitlines())
    assert sums == {name: entry["sha256"] for name, entry in release.manifest["files"].items()}
    assert hashlib.sha256(answer.data).hexdigest() == sums[question]


def test_pages_of_other_sites_may_read_data_and_the_way_to_it(client: FlaskClient) -> None:
    data = (
        "/data/{}.ttl",
        "/data/{}.csv",
        "/ontology.jsonld",
        "/context.jsonld",
        "/programmes.json",
        "/programmes.csv",
    )
    downloads = ("/downloads/SHA256SUMS", "/downloads/ontology/questions/01-ministries-for-technology-transfer.rq")
    on_the_way = ("/id/{}", "/id/programme/none", "/data/programme/none.ttl", "/.well-known/void")
    for address in (*data, *downloads, *on_the_way):
        path = address.format(PROGRAMME)
        answer = client.get(path, headers={"Origin": "https://elsewhere.example"}, buffered=True)
        assert answer.headers.get("Access-Control-Allow-Origin") == "*", path
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        asked = {"Origin": "https://elsewhere.example", "Access-Control-Request-Method": "GET"}
        before = client.options(path, headers=asked)
        assert "If-None-Match" in before.headers["Access-Control-Allow-Headers"], path
        assert before.headers["Access-Control-Allow-Origin"] == "*"
    tag = client.get("/ontology.ttl").headers["ETag"]
    unchanged = client.get("/ontology.ttl", headers={"If-None-Match": tag})
    assert (unchanged.status_code, unchanged.headers["Access-Control-Allow-Origin"]) == (304, "*")
    assert "Access-Control-Allow-Origin" not in client.get("/ontology").headers, "our own pages are no data"


def test_an_ending_wins_over_the_header(client: FlaskClient) -> None:
    for ending, target in (
        ("ttl", "/data/record/p1-t3/r01.ttl"),
        ("csv", "/data/record/p1-t3/r01.csv"),
        ("html", "/page/record/p1-t3/r01?lang=en"),
    ):
        answer = client.get(f"/id/record/p1-t3/r01.{ending}?lang=en", headers={"Accept": "application/ld+json"})
        assert (answer.status_code, answer.headers["Location"]) == (303, target)


PROGRAM, PROBLEM, SENTENCE = "application/json", "application/problem+json", "text/plain"
ERRORS = (
    *(("/id/programme/none", accept, 404, PROBLEM) for accept in (PROGRAM, PROBLEM, "application/ld+json")),
    *(("/page/programme/none", accept, 404, SENTENCE) for accept in ("text/turtle", "text/csv", "image/png")),
    *(("/none", accept, 404, "text/html") for accept in ("", "*/*", BROWSER, "text/turtle;q=0.1, text/html;q=0.2")),
    ("/none", "application/json, text/plain, */*", 404, PROBLEM),
    *(("/data/programme/none.ttl", accept, 404, PROBLEM) for accept in ("", "*/*")),
    ("/data/programme/none", "*/*", 404, PROBLEM),
    ("/data/programme/none.ttl", BROWSER, 404, "text/html"),
    ("/ns/none.ttl", "text/turtle", 404, SENTENCE),
    ("/ontology", "image/png", 406, SENTENCE),
    ("/ontology", "application/geo+json, application/problem+json", 406, PROBLEM),
    ("/ask.json", "*/*", 400, PROBLEM),
    ("/ask.csv", "text/csv", 400, SENTENCE),
    ("/ask.csv", BROWSER, 400, "text/html"),
)


@pytest.mark.parametrize(("address", "accept", "status", "kind"), ERRORS)
def test_programs_are_told_of_errors_in_what_they_read(
    client: FlaskClient, address: str, accept: str, status: int, kind: str
) -> None:
    answer = client.get(f"{address}?lang=en", headers={"Accept": accept} if accept else {})
    assert (answer.status_code, answer.mimetype) == (status, kind)
    assert answer.headers["Vary"] == "Accept"
    if kind == SENTENCE:
        assert answer.text.count("\n") == 1
        assert "<" not in answer.text


def test_a_problem_says_what_is_wrong_and_where(client: FlaskClient) -> None:
    answer = client.get("/id/programme/%E6%97%A0?lang=en&x=%E6%97%A0", headers={"Accept": PROGRAM})
    assert answer.json == {
        "type": "about:blank",
        "title": "Not Found",
        "status": 404,
        "detail": f"There has never been a page at this address. {THINGS}programme/无",
        "instance": "/id/programme/%E6%97%A0?lang=en&x=%E6%97%A0",
    }
    assert answer.headers["Content-Language"] == "en"
    answer = client.post("/programmes", headers={"Accept": PROGRAM, "Accept-Language": "zh"})
    assert (answer.status_code, answer.json["detail"]) == (405, "这个地址只接受其他请求方法。")
    assert "GET" in answer.headers["Allow"]
    assert {each.strip() for each in answer.headers["Vary"].split(",")} == {"Accept", "Accept-Language"}
    answer = client.put("/sparql?lang=en")
    assert (answer.status_code, answer.text) == (405, "This address accepts other methods only.\n")


def test_what_never_existed_is_404(client: FlaskClient) -> None:
    for address in (
        "/id/programme/none",
        "/id/nonsense/agri-sci-park",
        "/id/programme/agri-sci-park.docx",
        "/data/programme/none.ttl",
        "/data/programme/agri-sci-park",
        "/data/programme/agri-sci-park.docx",
        "/ns/none",
        "/ns/none.ttl",
        "/scheme/none",
        "/scheme/purpose/none.ttl",
        "/ontology.docx",
        "/dataset.csv",
    ):
        assert client.get(address, headers={"Accept": "text/turtle"}).status_code == 404, address


def expected(store: EmbeddedStore, iri: str) -> set[str]:
    """Return the statements about a resource in the default graph, with the names of their objects, as N-Triples."""
    asked = """SELECT ?s ?p ?o WHERE {
        { ?thing ?p ?o BIND(?thing AS ?s) }
        UNION { ?thing ?q ?s . ?s ?p ?o VALUES ?p {
            <http://www.w3.org/2004/02/skos/core#prefLabel> <http://www.w3.org/2000/01/rdf-schema#label> } }
    }"""
    return {" ".join(map(str, row)) for row in store.select(asked, {"thing": NamedNode(iri)}).rows}


@pytest.mark.parametrize("thing", [PROGRAMME, "record/p1-t3/r01", "designation/international-sti-center-beijing"])
def test_every_format_says_the_same(client: FlaskClient, release: Release, thing: str) -> None:
    said = expected(EmbeddedStore(release.store_path), THINGS + thing)
    assert len(said) > 10
    for ending in RDF:
        answer = client.get(f"/data/{thing}.{ending}")
        assert (answer.status_code, answer.mimetype) == (200, FORMATS[ending])
        quads = list(parse(answer.data, RdfFormat.from_extension(ending)))
        assert all(isinstance(quad.graph_name, NamedNode) for quad in quads) is (ending in ("nq", "trig"))
        assert {str(quad.triple) for quad in quads} == said, ending


def test_a_quad_names_the_graph_in_which_it_is_said(client: FlaskClient) -> None:
    lines = client.get("/data/record/p1-t3/r01.nq").text.splitlines()
    subject = f"<{THINGS}record/p1-t3/r01>"
    count = f'{subject} <{TERMS}printedCount> "169" <{GRAPHS}records/p1-t3> .'
    row = f"{subject} <{TERMS}fromRow> <{THINGS}row/p1-t3/r01> <{GRAPHS}provenance> ."
    assert {count, row} <= set(lines)


def test_a_thing_as_csv(client: FlaskClient) -> None:
    answer = client.get("/data/row/p1-t3/r01.csv?lang=en")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="row-p1-t3-r01.csv"'
    rows = sorted(csv.reader(io.StringIO(answer.text)))
    assert rows == [
        ["gp:inTable", "is in table", f"{THINGS}table/p1-t3", "Paper 1, table 3", "", ""],
        ["gp:rowKey", "row key", "r01", "", "", "xsd:string"],
        ["property", "property_name", "value", "value_name", "language", "datatype"],
        ["rdf:type", "is a", f"{TERMS}SourceRow", "source row", "", ""],
    ]


def test_data_has_etag_and_304(client: FlaskClient) -> None:
    first = client.get(f"/data/{PROGRAMME}.ttl")
    again = client.get(f"/data/{PROGRAMME}.ttl", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert first.headers["ETag"] != client.get(f"/data/{PROGRAMME}.nt").headers["ETag"]
    head = client.head(f"/data/{PROGRAMME}.ttl")
    assert (head.status_code, head.data, head.headers["ETag"]) == (200, b"", first.headers["ETag"])


def parsed(client: FlaskClient, address: str, **headers: str) -> rdflib.Graph:
    answer = client.get(address, headers=headers)
    assert answer.status_code == 200, address
    return rdflib.Graph().parse(data=answer.data, format="turtle")


def test_the_ontology_as_rdf_is_its_graph(client: FlaskClient, release: Release) -> None:
    whole = rdflib.Graph().parse(release.graphs / "ontology.nt")
    assert isomorphic(parsed(client, "/ontology.ttl"), whole)
    assert isomorphic(parsed(client, "/ontology", Accept="text/turtle;q=0.9, text/html;q=0.1"), whole)
    described = parsed(client, "/ns/Center", Accept="text/turtle")
    restriction = rdflib.URIRef("http://www.w3.org/2002/07/owl#hasValue")
    assert (None, restriction, rdflib.URIRef(SCHEMES + "category/center")) in described, "blank nodes are followed"


def test_the_vocabulary_is_documented_in_two_languages(client: FlaskClient) -> None:
    for language, texts in {
        "zh": ("牌子属于哪个牌子类型。", "属于牌子类型", "定义域"),
        "en": ("The programme of a designation.", "is under programme", "is said of"),
    }.items():
        page = client.get(f"/ns/underProgramme?lang={language}").text
        assert [text for text in texts if text not in page] == []
    page = client.get("/ontology?lang=en").text
    for term in ("gp:Designation", "gp:underProgramme", "gp:approvedText"):
        assert f"<code>{term}</code>" in page
    assert client.get("/ns/").headers["Location"] == "/ontology"


def test_concepts_and_schemes_are_pages_and_data(client: FlaskClient, release: Release) -> None:
    scheme = parsed(client, "/scheme/mandate-role.ttl")
    concepts = set(scheme.subjects(rdflib.SKOS.inScheme, rdflib.URIRef(SCHEMES + "mandate-role")))
    assert {str(concept).rpartition("/")[2] for concept in concepts} == {
        "approves",
        "administers",
        "executes",
        "participates",
    }
    concept = parsed(client, "/scheme/purpose/technology-transfer", Accept="text/turtle")
    store = EmbeddedStore(release.store_path)
    assert len(concept) == len(expected(store, SCHEMES + "purpose/technology-transfer"))
    assert (
        "让科技成果转移并得到应用。"
        in client.get("/scheme/purpose/technology-transfer", headers={"Accept": BROWSER}).text
    )
    page = client.get("/scheme/status?lang=en").text
    for text in ("asserted", "inferred", "disputed", "unsourced", "Sources disagree."):
        assert text in page


def test_the_data_set_describes_itself(client: FlaskClient, release: Release) -> None:
    described = parsed(client, "/dataset.ttl")
    void = rdflib.Namespace("http://rdfs.org/ns/void#")
    assert (rdflib.URIRef(DATASET), void.uriSpace, rdflib.Literal(THINGS)) in described
    counts = {
        str(part).removeprefix(GRAPHS): int(str(described.value(part, void.triples)))
        for part in described.objects(rdflib.URIRef(DATASET), void.subset)
    }
    assert counts["designations"] == release.manifest["counts"]["triples"]["designations"]
    sizes = {
        str(described.value(part, void[kind])): int(str(described.value(part, void[counted])))
        for kind, counted in (("class", "entities"), ("property", "triples"))
        for part in described.objects(rdflib.URIRef(DATASET), void[f"{kind}Partition"])
    }
    assert sizes[f"{TERMS}Designation"] == release.manifest["counts"]["rows"]["designations"]
    properties = release.manifest["counts"]["uses"]["properties"]
    assert {name: sizes[name] for name in properties} == properties
    assert sum(properties.values()) == EmbeddedStore(release.store_path).size()
    dcat, spdx = rdflib.Namespace("http://www.w3.org/ns/dcat#"), rdflib.Namespace("http://spdx.org/rdf/terms#")
    files = {
        str(described.value(file, dcat.downloadURL)).removeprefix(f"{BASE}downloads/"): (
            int(str(described.value(file, dcat.byteSize))),
            str(described.value(described.value(file, spdx.checksum), spdx.checksumValue)),
        )
        for file in described.objects(rdflib.URIRef(DATASET), dcat.distribution)
    }
    assert files == {
        path: (entry["bytes"], entry["sha256"])
        for path, entry in release.manifest["files"].items()
        if path.startswith(("graphs/", "tables/", "report/"))
    }
    dump = described.value(rdflib.URIRef(GRAPHS + "designations"), void.dataDump)
    assert str(dump) == f"{BASE}downloads/graphs/designations.nt"
    dumps = described.objects(rdflib.URIRef(DATASET), void.dataDump)
    assert {str(dump).removeprefix(f"{BASE}downloads/") for dump in dumps} == {
        path for path in release.manifest["files"] if path.startswith("graphs/")
    }
    assert described.value(rdflib.URIRef(DATASET), void.sparqlEndpoint) == rdflib.URIRef(f"{BASE}sparql")
    redirect = client.get("/.well-known/void")
    assert (redirect.status_code, redirect.headers["Location"]) == (303, "/dataset.ttl")
    assert client.get("/dataset", headers={"Accept": BROWSER}).headers["Location"] == "/downloads"


def test_the_description_has_what_catalogues_ask_for(client: FlaskClient) -> None:
    """The mandatory properties of DCAT-AP 3.0, and the licence of the downloads."""
    described = parsed(client, "/dataset.ttl")
    dcat, dcterms = rdflib.Namespace("http://www.w3.org/ns/dcat#"), rdflib.DCTERMS
    for kind, asked in (
        (dcat.Dataset, (dcterms.title, dcterms.description)),
        (dcat.Distribution, (dcat.accessURL, dcterms.license)),
        (dcat.DataService, (dcterms.title, dcat.endpointURL)),
    ):
        found = list(described.subjects(rdflib.RDF.type, kind))
        assert found, kind
        missing = {(str(node), str(name)) for node in found for name in asked if (node, name, None) not in described}
        assert not missing, kind


def test_json_ld_is_short_keeps_languages_and_carries_its_context(client: FlaskClient) -> None:
    whole: Any = client.get("/context.jsonld").json
    found: Any = json.loads(client.get(f"/data/{PROGRAMME}.jsonld").text)
    assert found["@context"].items() <= whole["@context"].items(), "each entry is one of the whole context"
    nodes = {node["@id"]: node for node in found["@graph"]}
    node = nodes[f"id:{PROGRAMME}"]
    assert node["@type"] == "Programme"
    assert node["prefLabel"] == {
        "zh": "国家高新技术产业开发区",
        "en": "National High-tech Industrial Development Zone",
    }
    assert node["hasCategory"] == "sch:category/park"
    used = {name for node in nodes.values() for name in node if not name.startswith("@")}
    assert {name for name in used if ":" not in name} <= set(found["@context"])


def test_json_ld_says_what_the_triples_say_where_names_do_not_fit(client: FlaskClient) -> None:
    """A context coerces types; values of another type are written in full."""
    for address in ("/ontology", "/shapes/UnsourcedStatus", "/dataset", "/data/record/p1-t3/r01"):
        lines, linked = (client.get(f"{address}.{ending}").data for ending in ("nt", "jsonld"))
        said = rdflib.Graph().parse(data=linked, format="json-ld")
        assert isomorphic(said, rdflib.Graph().parse(data=lines, format="nt")), address


def test_every_iri_of_ours_leads_to_its_own_page(client: FlaskClient) -> None:
    """The address is the path of the IRI."""
    for iri, address in {
        ONTOLOGY: "/ontology",
        f"{TERMS}Programme": "/ns/Programme",
        f"{SCHEMES}status/inferred": "/scheme/status/inferred",
        f"{THINGS}{PROGRAMME}": f"/id/{PROGRAMME}",
    }.items():
        path = iri.removeprefix("https://w3id.org/guapai")
        assert path == address
        assert client.get(path, follow_redirects=True).status_code == 200
