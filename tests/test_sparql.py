"""`/sparql` as programs and readers meet it: the protocol over a small store and a real pool."""

import io
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.client import HTTPConnection, IncompleteRead
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from rdflib import Dataset, Graph
from rdflib.compare import isomorphic
from werkzeug.test import EnvironBuilder, TestResponse

from kg.errors import QueryTimeout, ResultTooLarge
from kg.release import MANIFEST, Release
from kg.sandbox import Limits, Pool
from kg.store import GraphFile, load_store
from kg.vocab import GRAPHS
from web import create_app
from web.sparql import MAX_BODY

pytestmark = pytest.mark.alone

ROOT = Path(__file__).parent.parent
FORM, QUERY, UPDATE = "application/x-www-form-urlencoded", "application/sparql-query", "application/sparql-update"
INTEGER = "http://www.w3.org/2001/XMLSchema#integer"
NUMBERS = 100
ONE = "".join(f'<http://e/thing/{key}> <http://e/number> "{key}"^^<{INTEGER}> .\n' for key in range(NUMBERS))
TWO = """<http://e/park> <http://e/name> "园, \\"区\\""@zh .
<http://e/park> <http://e/name> "=Park" .
<http://e/park> <http://e/in> _:place .
"""
MANIFESTED = {
    "release": "small",
    "version": "0",
    "data_as_of": "2026-11-24",
    "counts": {"triples": {"registry": NUMBERS, "papers": 3}},
    "files": {},
}
NAMES = "SELECT ?thing ?name ?none { GRAPH ?g { ?thing <http://e/name> ?name } } ORDER BY ?name"
FEW = "CONSTRUCT { ?thing <http://e/half> ?n } { ?thing <http://e/number> ?n FILTER(?n < 2) }"
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n1 ?o . ?p ?q ?r }"
MANY = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
SEVEN, SEVEN_CSV = "SELECT ?n { <http://e/thing/7> <http://e/number> ?n }", "n\r\n7\r\n"


class Client(FlaskClient):
    """A client that reads an answer to its end and closes the file behind it."""

    def open(self, *arguments: Any, **options: Any) -> TestResponse:  # noqa: ANN401 - as the class above
        return super().open(*arguments, **{"buffered": True, **options})


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Release:
    """A release of two graphs, one of which is part of the default graph."""
    folder = tmp_path_factory.mktemp("small")
    (folder / "one.nt").write_text(ONE, encoding="utf-8")
    (folder / "two.nt").write_text(TWO, encoding="utf-8")
    files = [
        GraphFile(folder / "one.nt", f"{GRAPHS}registry", in_default=True),
        GraphFile(folder / "two.nt", f"{GRAPHS}papers", in_default=False),
    ]
    load_store(folder / "store", files)
    (folder / MANIFEST).write_text(json.dumps(MANIFESTED), encoding="utf-8")
    (folder / "ontology").mkdir()
    (folder / "ontology" / "questions").symlink_to(ROOT / "ontology" / "questions")
    return Release(folder, MANIFESTED)


@contextmanager
def serving(release: Release, **limits: float) -> Iterator[FlaskClient]:
    pool = Pool(release.store_path, 1, Limits(**limits))  # type: ignore[arg-type]
    app = create_app(release, pool=pool)
    app.test_client_class = Client
    try:
        yield app.test_client()
    finally:
        pool.close()


@pytest.fixture(scope="module")
def client(small: Release) -> Iterator[FlaskClient]:
    with serving(small) as found:
        yield found


def get(client: FlaskClient, query: str, accept: str = "", **parameters: str) -> TestResponse:
    headers = {"Accept": accept} if accept else {}
    return client.get("/sparql", query_string={"query": query, **parameters}, headers=headers)


def sentence(answer: TestResponse, status: int) -> str:
    """What a program is told when it gets no answer."""
    assert (answer.status_code, answer.content_type) == (status, "text/plain; charset=utf-8")
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.text.endswith("\n")
    return answer.text[:-1]


ROWS = {
    "head": {"vars": ["thing", "name", "none"]},
    "results": {
        "bindings": [
            {
                "thing": {"type": "uri", "value": "http://e/park"},
                "name": {"type": "literal", "value": "=Park"},
            },
            {
                "thing": {"type": "uri", "value": "http://e/park"},
                "name": {"type": "literal", "value": '园, "区"', "xml:lang": "zh"},
            },
        ]
    },
}
XML_ROWS = (
    '<?xml version="1.0"?><sparql xmlns="http://www.w3.org/2005/sparql-results#"><head><variable name="thing"/>'
    '<variable name="name"/><variable name="none"/></head><results><result><binding name="thing">'
    '<uri>http://e/park</uri></binding><binding name="name"><literal>=Park</literal></binding></result><result>'
    '<binding name="thing"><uri>http://e/park</uri></binding><binding name="name"><literal xml:lang="zh">园, '
    "&quot;区&quot;</literal></binding></result></results></sparql>"
)
CSV_ROWS = 'thing,name,none\r\nhttp://e/park,=Park,\r\nhttp://e/park,"园, ""区""",\r\n'
TSV_ROWS = '?thing\t?name\t?none\n<http://e/park>\t"=Park"\t\n<http://e/park>\t"园, \\"区\\""@zh\t\n'


def test_a_select_as_json(client: FlaskClient) -> None:
    for accept in ("", "*/*", "application/*", "application/json", "application/sparql-results+json"):
        answer = get(client, NAMES, accept)
        assert answer.status_code == 200
        assert answer.content_type == "application/sparql-results+json"
        assert answer.json == ROWS
        assert answer.headers["Content-Length"] == str(len(answer.data))


@pytest.mark.parametrize(
    ("accept", "content_type", "expected"),
    [
        ("application/sparql-results+xml", "application/sparql-results+xml", XML_ROWS),
        ("application/xml, text/csv;q=0.5", "application/sparql-results+xml", XML_ROWS),
        ("text/csv", "text/csv; charset=utf-8", CSV_ROWS),
        ("text/turtle, text/csv;q=0.1", "text/csv; charset=utf-8", CSV_ROWS),
        ("text/tab-separated-values", "text/tab-separated-values; charset=utf-8", TSV_ROWS),
    ],
)
def test_a_select_in_other_formats(client: FlaskClient, accept: str, content_type: str, expected: str) -> None:
    answer = get(client, NAMES, accept)
    assert (answer.status_code, answer.content_type, answer.text) == (200, content_type, expected)


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ("json", '{"head":{},"boolean":true}'),
        (
            "xml",
            (
                '<?xml version="1.0"?><sparql xmlns="http://www.w3.org/2005/sparql-results#"><head></head>'
                "<boolean>true</boolean></sparql>"
            ),
        ),
        ("csv", "true"),
        ("tsv", "true"),
    ],
)
def test_an_ask(client: FlaskClient, wanted: str, expected: str) -> None:
    yes, no = (get(client, f"ASK {{ <http://e/thing/7> ?p {value} }}", format=wanted) for value in (7, 8))
    assert (yes.status_code, yes.text, no.text) == (200, expected, expected.replace("true", "false"))


EXPECTED_GRAPH = f"""<http://e/thing/0> <http://e/half> "0"^^<{INTEGER}> .
<http://e/thing/1> <http://e/half> "1"^^<{INTEGER}> ."""


@pytest.mark.parametrize(
    ("name", "accept", "content_type", "reader"),
    [
        ("ttl", "text/turtle", "text/turtle; charset=utf-8", "turtle"),
        ("turtle", "application/x-turtle", "text/turtle; charset=utf-8", "turtle"),
        ("nt", "application/n-triples", "application/n-triples", "nt"),
        ("json", "application/ld+json", "application/ld+json", "json-ld"),
        ("jsonld", "application/json", "application/ld+json", "json-ld"),
        ("rdf", "application/rdf+xml", "application/rdf+xml", "xml"),
        ("xml", "text/xml", "application/rdf+xml", "xml"),
        ("nq", "application/n-quads", "application/n-quads", "nquads"),
        ("trig", "application/trig", "application/trig", "trig"),
        ("n3", "text/n3", "text/n3; charset=utf-8", "n3"),
    ],
)
def test_a_graph_in_every_format(client: FlaskClient, name: str, accept: str, content_type: str, reader: str) -> None:
    described = f'<http://e/thing/7> <http://e/number> "7"^^<{INTEGER}> .'
    for query, expected in ((FEW, EXPECTED_GRAPH), ("DESCRIBE <http://e/thing/7>", described)):
        for answer in (get(client, query, accept), get(client, query, format=name)):
            assert (answer.status_code, answer.content_type) == (200, content_type)
            found: Graph = Dataset() if reader in ("nquads", "trig") else Graph()
            found.parse(data=answer.text, format=reader)
            triples = Graph()
            triples += found.triples((None, None, None))
            assert isomorphic(triples, Graph().parse(data=expected, format="nt"))


def test_a_graph_is_turtle_by_default(client: FlaskClient) -> None:
    assert get(client, FEW).content_type == get(client, FEW, "*/*").content_type == "text/turtle; charset=utf-8"


@pytest.mark.parametrize(
    ("query", "accept", "parameters"),
    [
        (NAMES, "text/turtle", {}),
        (NAMES, "image/png", {}),
        (NAMES, "application/sparql-results+json;q=0", {}),
        (NAMES, "", {"format": "ttl"}),
        ("ASK {}", "", {"format": "pdf"}),
    ],
)
def test_rows_that_cannot_be_given(client: FlaskClient, query: str, accept: str, parameters: dict[str, str]) -> None:
    assert sentence(get(client, query, accept, **parameters), 406) == (
        "The answer to this query can be had as:\n"
        "json: application/sparql-results+json, application/json\n"
        "xml: application/sparql-results+xml, application/xml, text/xml\n"
        "csv: text/csv\n"
        "tsv: text/tab-separated-values"
    )


@pytest.mark.parametrize(("accept", "wanted"), [("text/csv", ""), ("", "csv")])
def test_a_graph_that_cannot_be_given(client: FlaskClient, accept: str, wanted: str) -> None:
    answer = get(client, FEW, accept, **({"format": wanted} if wanted else {}))
    assert sentence(answer, 406).splitlines()[:3] == [
        "The answer to this query can be had as:",
        "ttl: text/turtle, application/x-turtle, application/turtle",
        "nt: application/n-triples",
    ]


def test_the_four_ways_to_ask(client: FlaskClient) -> None:
    csv = {"Accept": "text/csv"}
    asked = [
        client.get("/sparql", query_string={"query": SEVEN}, headers=csv),
        client.post("/sparql", data={"query": SEVEN}, headers=csv),
        client.post("/sparql", data={"query": SEVEN, "format": "csv"}),
        client.post("/sparql", data=SEVEN.encode(), content_type=QUERY, headers=csv),
        client.post("/sparql?format=csv", data=SEVEN.encode(), content_type=f"{QUERY}; charset=utf-8"),
    ]
    assert [(answer.status_code, answer.text) for answer in asked] == [(200, SEVEN_CSV)] * 5
    head = client.head("/sparql", query_string={"query": SEVEN}, headers=csv)
    assert (head.status_code, head.data, head.content_length) == (200, b"", len(SEVEN_CSV))
    assert head.content_type == "text/csv; charset=utf-8"


def test_chinese_travels_in_all_ways(client: FlaskClient) -> None:
    query = 'SELECT ?thing { GRAPH ?g { ?thing ?p "园, \\"区\\""@zh } }'
    expected = "thing\r\nhttp://e/park\r\n"
    asked = [
        get(client, query, format="csv"),
        client.post("/sparql", data={"query": query, "format": "csv"}),
        client.post("/sparql?format=csv", data=query.encode(), content_type=QUERY),
    ]
    assert [answer.text for answer in asked] == [expected] * 3


COUNT = "SELECT (COUNT(*) AS ?n) FROM <http://e/none> { ?s ?p ?o }"
GRAPHS_COUNT = "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g ORDER BY ?g"


@pytest.mark.parametrize(
    ("query", "graphs", "expected"),
    [
        (COUNT, [], "n\r\n0\r\n"),
        (COUNT, [("default-graph-uri", "papers")], "n\r\n3\r\n"),
        (COUNT, [("default-graph-uri", "papers"), ("default-graph-uri", "registry")], "n\r\n103\r\n"),
        (COUNT, [("named-graph-uri", "papers")], "n\r\n0\r\n"),
        (GRAPHS_COUNT, [], f"g,n\r\n{GRAPHS}papers,3\r\n{GRAPHS}registry,100\r\n"),
        (GRAPHS_COUNT, [("named-graph-uri", "papers")], f"g,n\r\n{GRAPHS}papers,3\r\n"),
        (GRAPHS_COUNT, [("default-graph-uri", "papers")], "g,n\r\n"),
    ],
)
def test_the_dataset_of_the_request(
    client: FlaskClient, query: str, graphs: list[tuple[str, str]], expected: str
) -> None:
    pairs = [(name, f"{GRAPHS}{graph}") for name, graph in graphs]
    csv = {"Accept": "text/csv"}
    asked = [
        client.get("/sparql", query_string=urlencode([("query", query), *pairs]), headers=csv),
        client.post("/sparql", data=urlencode([*pairs, ("query", query)]), content_type=FORM, headers=csv),
        client.post("/sparql", query_string=urlencode(pairs), data=query.encode(), content_type=QUERY, headers=csv),
    ]
    assert [(answer.status_code, answer.text) for answer in asked] == [(200, expected)] * 3


@pytest.mark.parametrize("graph", ["registry", "", "http://e/a b", "http://e/>"])
def test_a_graph_must_be_an_iri(client: FlaskClient, graph: str) -> None:
    answer = get(client, COUNT, **{"default-graph-uri": graph})
    assert sentence(answer, 400).startswith("the query cannot be answered: ")


def test_files_are_no_graphs(client: FlaskClient) -> None:
    """A graph is looked up by its name; nothing is ever fetched for it."""
    for name in ("file:///etc/passwd", "http://127.0.0.1:9/"):
        assert get(client, COUNT.replace("http://e/none", name), "text/csv").text == "n\r\n0\r\n"
        assert get(client, COUNT, "text/csv", **{"default-graph-uri": name}).text == "n\r\n0\r\n"


SERVICE_DESCRIPTION = f"""
PREFIX sd: <http://www.w3.org/ns/sparql-service-description#> PREFIX format: <http://www.w3.org/ns/formats/>
PREFIX void: <http://rdfs.org/ns/void#>
PREFIX set: <https://w3id.org/guapai/dataset/> PREFIX named: <https://w3id.org/guapai/dataset/named-graph/>
<http://localhost/sparql> a sd:Service ; sd:endpoint <http://localhost/sparql> ;
    sd:supportedLanguage sd:SPARQL11Query ; sd:defaultDataset <https://w3id.org/guapai/dataset> ;
    sd:resultFormat format:SPARQL_Results_JSON, format:SPARQL_Results_XML, format:SPARQL_Results_CSV,
        format:SPARQL_Results_TSV, format:Turtle, format:N-Triples, format:N-Quads, format:TriG, format:RDF_XML,
        format:JSON-LD, format:N3 .
<https://w3id.org/guapai/dataset> a sd:Dataset ; sd:defaultGraph set:default-graph ;
    sd:namedGraph named:registry, named:papers .
set:default-graph a sd:Graph .
named:registry sd:name <{GRAPHS}registry> ; sd:graph <{GRAPHS}registry> .
named:papers sd:name <{GRAPHS}papers> ; sd:graph <{GRAPHS}papers> .
<{GRAPHS}registry> void:triples 100 .
<{GRAPHS}papers> void:triples 3 .
"""


@pytest.mark.parametrize(
    ("accept", "wanted", "content_type", "reader"),
    [
        ("text/turtle", "", "text/turtle; charset=utf-8", "turtle"),
        ("*/*", "", "text/turtle; charset=utf-8", "turtle"),
        ("", "ttl", "text/turtle; charset=utf-8", "turtle"),
        ("application/n-triples", "", "application/n-triples", "nt"),
        ("application/rdf+xml", "", "application/rdf+xml", "xml"),
        ("application/ld+json", "", "application/ld+json", "json-ld"),
    ],
)
def test_the_service_describes_itself(
    client: FlaskClient, accept: str, wanted: str, content_type: str, reader: str
) -> None:
    headers = {"Accept": accept} if accept else {}
    answer = client.get("/sparql", query_string={"format": wanted} if wanted else {}, headers=headers)
    assert (answer.status_code, answer.content_type) == (200, content_type)
    found = Graph().parse(data=answer.text, format=reader)
    assert isomorphic(found, Graph().parse(data=SERVICE_DESCRIPTION, format="turtle"))


def test_without_a_query_there_is_no_answer(client: FlaskClient) -> None:
    missing = "There is no query: give it as the parameter `query`."
    assert sentence(client.get("/sparql"), 400) == missing
    assert sentence(client.get("/sparql", headers={"Accept": "text/csv"}), 400) == missing
    assert sentence(client.post("/sparql", data={"q": SEVEN}), 400) == missing
    empty = "Line 1, column 1: the query has no SELECT, ASK, CONSTRUCT or DESCRIBE."
    assert sentence(get(client, ""), 400) == empty
    assert sentence(client.post("/sparql", data=b"", content_type=QUERY), 400) == empty


def test_other_sites_may_ask(client: FlaskClient) -> None:
    preflight = {"Origin": "http://e", "Access-Control-Request-Method": "POST"}
    answers = [
        get(client, SEVEN, "text/csv"),
        get(client, "SELECT", "text/csv"),
        client.options("/sparql", headers=preflight),
    ]
    assert [answer.status_code for answer in answers] == [200, 400, 200]
    allowed = {
        "Access-Control-Allow-Origin": "*",
        "Access-Control-Allow-Headers": "Accept, Content-Type",
        "Access-Control-Allow-Methods": "GET, HEAD, POST, OPTIONS",
    }
    readable = allowed | {"Access-Control-Expose-Headers": "ETag, Link, Location, Repr-Digest"}
    for answer, expected in zip(answers, (readable, readable, allowed), strict=True):
        assert {name: text for name, text in answer.headers if name.startswith("Access-Control")} == expected


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("SELECT *\n{ ?s ?p", "Line 2, column 8: the query ends before a '}'."),
        ("SELECT *\n{ ?s ?p '園 }", "Line 2, column 9: a string is not closed."),
        ("SELECT ?园 {\n ?园 ?p }", "Line 2, column 9: the query cannot be read near “?园 ?p }”."),
        (
            "SELECT * { ?s ?p ?o }\n  SERVICE <http://127.0.0.1:9/> { }",
            "Line 2, column 3: SERVICE is refused, because this server does not query other servers for you.",
        ),
        *(
            (
                f"{update} {rest}",
                (
                    f"Line 1, column 1: {update} is refused, because this server is read-only: "
                    "it answers queries and takes no updates."
                ),
            )
            for update, rest in (
                ("LOAD", "<http://e/>"),
                ("INSERT", "DATA { <http://e/a> <http://e/b> 1 }"),
                ("DELETE", "WHERE { ?s ?p ?o }"),
                ("DROP", "ALL"),
            )
        ),
    ],
)
def test_what_is_wrong_is_said_with_its_place(client: FlaskClient, query: str, expected: str) -> None:
    asked = [
        get(client, query, "text/csv"),
        client.post("/sparql", data={"query": query}),
        client.post("/sparql", data=query.encode(), content_type=QUERY),
    ]
    for answer in asked:
        assert sentence(answer, 400) == expected


def test_markup_in_a_query_stays_text(client: FlaskClient) -> None:
    query = "SELECT * { <script>alert(1)</script> }"
    answer = get(client, query, "text/csv")
    assert sentence(answer, 400).startswith("Line 1, column 20: ")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    page = get(client, query, "text/html")
    assert page.status_code == 400
    assert "<script>alert" not in page.text
    assert "&lt;script&gt;alert(1)" in page.text


@pytest.mark.parametrize("picture", ["table", "bar", "map", "graph"])
def test_what_has_no_name_is_shown_as_it_is(client: FlaskClient, picture: str) -> None:
    """Nameless nodes, triples as terms, and IRIs with which no library of ours can do anything."""
    odd = "<a:b> AS ?two) (<javascript:alert(1)> AS ?three) (<http://e:99999/> AS ?four) (1 AS ?n"
    odd = f"SELECT (TRIPLE(<a:b>, <a:c>, BNODE()) AS ?one) ({odd}) {{}}"
    query = f"SELECT * {{ {{ SELECT (BNODE() AS ?s) {{}} }} UNION {{ {odd} }} }}"
    page = client.get("/sparql", query_string={"query": query, "picture": picture}, headers={"Accept": "text/html"})
    assert page.status_code == 200
    assert "<td>_:" in page.text
    assert 'href="javascript' not in page.text


NO_CALLS = "SERVICE is refused, because this server does not query other servers for you."
NO_QUERY = "Line 1, column 1: a query begins with SELECT, ASK, CONSTRUCT or DESCRIBE, not with '{}'.\n"
TRICKS = {
    "%41SK%20%7B%7D": (200, "true"),
    "ASK+%7B%7D": (200, "true"),
    "ASK%09%0D%0A%7B%7D": (200, "true"),
    "ASK { %53ERVICE <http://127.0.0.1:9/> {} }": (400, f"Line 1, column 7: {NO_CALLS}\n"),
    "ASK { sErViCe%23%0A<http://127.0.0.1:9/> {} }": (400, f"Line 1, column 7: {NO_CALLS}\n"),
    "ASK { %2553ERVICE <http://127.0.0.1:9/> {} }": (400, "Line 1, column 7: '%' cannot stand here.\n"),
    "ASK { %5Cu0053ERVICE <http://127.0.0.1:9/> {} }": (400, "Line 1, column 7: '\\\\' cannot stand here.\n"),
    "ASK {%00}": (400, "Line 1, column 6: '\\x00' cannot stand here.\n"),
    "ASK { SER%00VICE <http://127.0.0.1:9/> {} }": (400, "Line 1, column 10: '\\x00' cannot stand here.\n"),
    "%EF%BB%BFASK {}": (400, NO_QUERY.format("\\ufeffASK")),
    "ASK { ?s ?p '%C0%A7 }": (400, "The query is not in UTF-8.\n"),
    "ASK { ?s ?p '%ED%A0%80' }": (400, "The query is not in UTF-8.\n"),
    "ASK {}&query=": (400, "There must be one query, not several.\n"),
    "ASK {}&update": (403, "This endpoint is read-only: updates are refused.\n"),
}


@pytest.mark.parametrize("sent", TRICKS)
def test_tricks_of_percent_encoding(client: FlaskClient, sent: str) -> None:
    """What is read is the text after one decoding, in an address as in a form."""
    sent, expected = sent.replace(" ", "+"), TRICKS[sent]
    asked = [
        client.get(f"/sparql?format=csv&query={sent}"),
        client.post("/sparql", data=f"format=csv&query={sent}", content_type=FORM),
    ]
    assert [(answer.status_code, answer.text) for answer in asked] == [expected] * 2


@pytest.mark.parametrize("accept", [";;;", "q=1", "text/csv;q=x", ",", "*", "text/*;q=0.5, a/b", "a" * 9000])
def test_a_strange_accept_is_answered_or_refused(client: FlaskClient, accept: str) -> None:
    assert get(client, SEVEN, accept).status_code in {200, 406}


def test_updates_are_refused(client: FlaskClient) -> None:
    read_only = "This endpoint is read-only: updates are refused."
    update = "INSERT DATA { <http://e/a> <http://e/b> 1 }"
    asked = [
        client.post("/sparql", data={"update": update}),
        client.post("/sparql", data={"update": update, "query": SEVEN}),
        client.post("/sparql", data=update.encode(), content_type=UPDATE),
        client.get("/sparql", query_string={"update": update}),
    ]
    assert [sentence(answer, 403) for answer in asked] == [read_only] * 4
    assert get(client, "ASK { <http://e/a> ?p 1 }", format="csv").text == "false"


@pytest.mark.parametrize("method", ["put", "delete", "patch"])
def test_other_methods_are_refused(client: FlaskClient, method: str) -> None:
    answer = getattr(client, method)("/sparql", query_string={"query": SEVEN})
    assert answer.status_code == 405
    assert {"GET", "HEAD", "POST", "OPTIONS"} == set(answer.headers["Allow"].split(", "))


@pytest.mark.parametrize(
    ("content_type", "said"),
    [
        ("text/plain", "text/plain"),
        ("application/json", "application/json"),
        ("multipart/form-data; boundary=x", "multipart/form-data"),
        ("", "nothing"),
    ],
)
def test_bodies_of_other_types_are_refused(client: FlaskClient, content_type: str, said: str) -> None:
    answer = client.post("/sparql", data=SEVEN.encode(), content_type=content_type)
    assert sentence(answer, 415) == f"A query is posted as {QUERY} or {FORM}, not as {said}."


def test_there_is_one_query(client: FlaskClient) -> None:
    twice = urlencode([("query", SEVEN), ("query", "ASK {}")])
    asked = [
        client.get(f"/sparql?{twice}"),
        client.post("/sparql", data=twice, content_type=FORM),
        client.post("/sparql", query_string={"query": SEVEN}, data={"query": SEVEN}),
        client.post("/sparql", query_string={"query": "ASK {}"}, data=SEVEN.encode(), content_type=QUERY),
    ]
    assert [sentence(answer, 400) for answer in asked] == ["There must be one query, not several."] * 4


def test_a_query_is_utf_8(client: FlaskClient) -> None:
    latin = "ASK { ?s ?p 'é' }".encode("latin-1")
    asked = [
        client.get("/sparql", query_string=f"query={quote(latin)}"),
        client.post("/sparql", data=b"query=" + quote(latin).encode(), content_type=FORM),
        client.post("/sparql", data=latin, content_type=QUERY),
    ]
    assert [sentence(answer, 400) for answer in asked] == ["The query is not in UTF-8."] * 3


def test_bodies_are_limited(client: FlaskClient) -> None:
    too_long = b"#" * (MAX_BODY + 1)
    for content_type in (QUERY, FORM):
        answer = client.post("/sparql", data=too_long, content_type=content_type)
        assert sentence(answer, 413) == "The body is longer than 262,144 bytes, the limit here."
    answer = client.post("/sparql", data=b"#" * MAX_BODY, content_type=QUERY)
    assert sentence(answer, 400).startswith("The query is 262,144 bytes long; the limit here is 65,536.")
    endless = io.BytesIO(b"query=ASK{}&none=" + too_long)
    chunked = EnvironBuilder("/sparql", method="POST", input_stream=endless, content_type=FORM).get_environ()
    answer = client.open(chunked | {"wsgi.input_terminated": True})
    assert sentence(answer, 413) == "The body is longer than 262,144 bytes, the limit here.", "it tells no length"


def test_the_longest_query_can_be_asked_in_all_ways(client: FlaskClient) -> None:
    """In percent-encoding its body is three times as long."""
    query = f"ASK {{ # {'园' * 21_000}\n}}"
    asked = [
        get(client, query, format="csv"),
        client.post("/sparql", data={"query": query, "format": "csv"}),
        client.post("/sparql?format=csv", data=query.encode(), content_type=QUERY),
    ]
    assert [(answer.status_code, answer.text) for answer in asked] == [(200, "true")] * 3


def test_a_timeout_says_its_limit(small: Release) -> None:
    with serving(small, seconds=0.3) as client:
        start = time.monotonic()
        answer = get(client, ENDLESS, "text/csv")
        assert time.monotonic() - start < 3
        assert sentence(answer, 504) == (
            "The query was stopped after 0.3 seconds, the limit here. Bind a place, a programme or a year, add LIMIT, "
            "and let every pattern share a variable with another; the whole data can be downloaded."
        )
        page = get(client, ENDLESS, "text/html")
        assert page.status_code == 504
        assert "The query was stopped after 0.3 seconds, the limit here." in page.text
        assert get(client, SEVEN, "text/csv").text == SEVEN_CSV


@pytest.mark.parametrize(("limits", "what"), [({"rows": 99}, "99 rows"), ({"bytes": 1_000}, "1,000 bytes")])
def test_an_answer_is_never_cut(small: Release, limits: dict[str, float], what: str) -> None:
    with serving(small, **limits) as client:
        assert sentence(get(client, "SELECT * { ?s ?p ?o }", "text/csv"), 413) == (
            f"The answer has more than {what}, the limit here. "
            "Ask in parts with ORDER BY, LIMIT and OFFSET, or download the whole data."
        )


def test_a_failure_after_the_first_bytes_breaks_the_transfer(small: Release) -> None:
    for limits, error in (({"rows": 300_000}, ResultTooLarge), ({"seconds": 2.0, "rows": 10**9}, QueryTimeout)):
        with serving(small, **limits) as client:
            answer = client.get("/sparql", query_string={"query": MANY}, buffered=False)
            assert (answer.status_code, answer.content_length) == (200, None)
            time.sleep(2.5)
            with pytest.raises(error):
                answer.get_data()
            answer.close()


def test_a_client_that_would_not_see_the_break_gets_whole_answers_only(small: Release) -> None:
    """In HTTP/1.0 an answer without a length ends where the connection ends, whole or not."""
    with serving(small, rows=300_000) as client:
        old = {"SERVER_PROTOCOL": "HTTP/1.0"}
        query = {"query": MANY, "format": "csv"}
        answer = client.get("/sparql", query_string=query, environ_overrides=old)
        assert sentence(answer, 413).startswith("The answer has more than 300,000 rows, the limit here.")
        whole = client.get("/sparql", query_string=query | {"query": MANY + " LIMIT 250000"}, environ_overrides=old)
        assert (whole.status_code, whole.content_length) == (200, len(whole.data))
        assert whole.data.count(b"\r\n") == 250_001


def test_a_busy_server_says_when_to_come_again(small: Release) -> None:
    with serving(small, waiting=0) as client:
        answer = get(client, SEVEN, "text/csv")
        assert sentence(answer, 503) == "The server is busy: 0 queries are waiting already. Try again later."
        assert answer.headers["Retry-After"] == "10"


def test_a_server_without_a_pool_answers_no_queries(small: Release) -> None:
    assert get(create_app(small).test_client(), SEVEN, "text/csv").status_code == 503


BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


def test_a_reader_gets_a_page(client: FlaskClient) -> None:
    for answer in (
        client.get("/sparql", headers={"Accept": BROWSER}),
        get(client, NAMES, BROWSER, lang="en"),
        get(client, NAMES, format="html", lang="en"),
    ):
        assert (answer.status_code, answer.content_type) == (200, "text/html; charset=utf-8")
        assert '<textarea id="query"' in answer.text
        assert "http://e/park" in answer.text or answer.request.query_string == b""


def test_a_page_that_shows_only_some_rows_says_so_and_links_to_all(client: FlaskClient) -> None:
    rows = "SELECT ?a ?d { ?a ?b ?c . ?d ?e ?f } LIMIT "
    cut = get(client, rows + "1001", BROWSER, lang="en")
    assert "Rows 1 to 1\u202f000 are shown; the whole answer is below." in cut.text
    uncut = get(client, rows + "1000", BROWSER, lang="en")
    assert "are shown" not in uncut.text
    page = BeautifulSoup(cut.text, "html.parser")
    links = {link.text.strip(): link["href"] for link in page.select(".take a")}
    assert links.keys() == {"json", "xml", "csv", "tsv"}, links
    assert client.get(links["csv"]).text.count("\r\n") == 1002


def test_the_pages_of_a_table_are_the_whole_answer_in_its_order(client: FlaskClient) -> None:
    query = "SELECT ?a ?d { ?a ?b ?c . ?d ?e ?f } LIMIT 2500"
    whole = [line.split(",") for line in get(client, query, "text/csv").text.replace("http://", "").splitlines()[1:]]
    found: list[list[str]] = []
    address: str | None = f"/sparql?lang=en&query={quote(query)}"
    numbers = []
    while address:
        page = BeautifulSoup(client.get(address, headers={"Accept": BROWSER}).text, "html.parser")
        found += [[cell.get_text(strip=True) for cell in row.select("td")] for row in page.select("#outcome tbody tr")]
        numbers += [page.select_one(".pager span").text]
        following = [link["href"] for link in page.select(".pager a") if "Next" in link.text]
        address = str(following[0]) if following else None
    assert found == whole
    assert numbers == [f"Page {number} of 3" for number in (1, 2, 3)]
    for number in (0, 4, 1001):
        assert get(client, query, BROWSER, page=str(number)).status_code == 404, number
    long = get(client, query + " #" + "x" * 4000, BROWSER, page="2", lang="en")
    posted = BeautifulSoup(long.text, "html.parser").select(".pager form")
    assert [{i["name"]: i["value"] for i in form.select("input")}.get("page") for form in posted] == ["1", "3"]


def test_no_page_of_a_table_leads_to_one_that_is_not_shown(small: Release) -> None:
    with serving(small, rows=2000) as client:
        query, last = "SELECT ?a ?d { ?a ?b ?c . ?d ?e ?f }", []
        for number in ("1", "2", "3"):
            found = get(client, query, BROWSER, page=number, lang="en")
            last.append((found.status_code, "Next" in found.text))
        assert last == [(200, True), (200, False), (404, False)]


def test_the_table_of_an_answer_is_sorted_by_the_heads_of_its_columns(client: FlaskClient) -> None:
    query = "SELECT * { VALUES (?a ?b) { (10 1) ('x' 2) (9 3) (11 4) } }"
    address = f"/sparql?lang=en&query={quote(query)}"
    shown = []
    for _ in range(3):
        page = BeautifulSoup(client.get(address, headers={"Accept": BROWSER}).text, "html.parser")
        head = page.select_one("#outcome th")
        shown.append((head.get("aria-sort"), [row.select("td")[1].text for row in page.select("#outcome tbody tr")]))
        address = str(head.a["href"])
    assert shown == [
        (None, ["1", "2", "3", "4"]),
        ("ascending", ["3", "1", "4", "2"]),
        ("descending", ["2", "4", "1", "3"]),
    ]
    assert "All rows are sorted by ?a" in page.text
    assert get(client, query, BROWSER, sort="none", lang="en").status_code == 200


def test_a_page_hangs_on_the_graphs_that_its_address_names(client: FlaskClient) -> None:
    named = {"default-graph-uri": "http://e/none"}
    page = BeautifulSoup(get(client, "SELECT * { ?a ?b ?c }", BROWSER, lang="en", **named).text, "html.parser")
    assert "No rows." in page.select_one("#outcome").text
    links = [str(link["href"]) for link in page.select(".take a")]
    assert all("default-graph-uri=" in link for link in links), links
    assert page.select_one("form.ask input[name=default-graph-uri]")["value"] == "http://e/none"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def started(release: Release, *options: str) -> Iterator[HTTPConnection]:
    """The server as a user starts it."""
    port = free_port()
    command = [
        str(Path(sys.executable).parent / "guapai"),
        "serve",
        "--dist",
        str(release.path),
        "--workers",
        "1",
        *options,
    ]
    with subprocess.Popen(
        [*command, "--port", str(port)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=os.environ
    ) as process:
        connection = HTTPConnection("127.0.0.1", port, timeout=30)
        try:
            for _ in range(300):
                try:
                    connection.connect()
                    break
                except OSError:
                    time.sleep(0.1)
            yield connection
        finally:
            connection.close()
            process.send_signal(signal.SIGTERM)
            process.wait(timeout=40)


def test_over_a_real_connection_a_broken_answer_is_seen(small: Release) -> None:
    """A million rows and one more: the first megabytes are on their way when the limit is passed."""
    with started(small) as connection:
        million = MANY.replace("*", "?a ?c ?f ?i")
        address = "/sparql?" + urlencode({"query": million, "format": "csv"})
        connection.request("GET", address)
        answer = connection.getresponse()
        assert answer.status == 200
        with pytest.raises((IncompleteRead, ConnectionError)):
            answer.read()
        connection.close()
        connection.request("GET", "/sparql?" + urlencode({"query": SEVEN, "format": "csv"}))
        assert connection.getresponse().read().decode() == SEVEN_CSV


def test_many_heavy_queries_leave_the_pages_free(small: Release) -> None:
    """More at once than the server has threads: some are told to come again, and a page is answered meanwhile."""
    heavy = "/sparql?" + urlencode({"query": ENDLESS, "format": "csv"})

    def ask(port: int) -> int:
        visitor = HTTPConnection("127.0.0.1", port, timeout=60)
        visitor.request("GET", heavy)
        status = visitor.getresponse().status
        visitor.close()
        return status

    with (
        started(small, "--query-seconds", "3", "--queries-at-once", "0") as connection,
        ThreadPoolExecutor(16) as visitors,
    ):
        statuses = [visitors.submit(ask, connection.port) for _ in range(16)]
        time.sleep(1)
        for _ in range(5):
            start = time.monotonic()
            connection.request("GET", "/health")
            assert connection.getresponse().read()
            assert time.monotonic() - start < 1
        assert {status.result() for status in statuses} == {503, 504}
