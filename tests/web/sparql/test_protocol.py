"""SPARQL 1.1 Protocol over a small store and a real pool."""

from collections.abc import Iterator
from io import BytesIO
from urllib.parse import urlencode

import pytest
from flask.testing import FlaskClient
from rdflib import Dataset, Graph, Literal, URIRef
from rdflib.compare import isomorphic
from rdflib.query import Result
from small_graph import FEW, FORM, INTEGER, NAMES, QUERY, SEVEN, SEVEN_CSV, get, sentence, serving

from kg.release import Release
from kg.vocab import GRAPHS


@pytest.fixture(scope="module")
def client(small: Release) -> Iterator[FlaskClient]:
    with serving(small) as found:
        yield found


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


@pytest.mark.parametrize(
    ("accept", "parameters"),
    [("text/csv", {}), ("", {"format": "tsv"}), ("", {"format": "pdf"}), ("text/turtle", {})],
)
def test_a_boolean_has_no_table(client: FlaskClient, accept: str, parameters: dict[str, str]) -> None:
    """CSV and TSV are defined for the rows of a SELECT only (SPARQL 1.1 Query Results CSV and TSV Formats)."""
    assert sentence(get(client, "ASK {}", accept, **parameters), 406) == (
        "The answer to this query can be had as:\n"
        "json: application/sparql-results+json, application/json\n"
        "xml: application/sparql-results+xml, application/xml, text/xml"
    )


SPELLINGS = {
    "JSON": "application/sparql-results+json",
    "srj": "application/sparql-results+json",
    "application/sparql-results json": "application/sparql-results+json",
    "application/sparql-results+json": "application/sparql-results+json",
    "application/sparql-results+xml; charset=utf-8": "application/sparql-results+xml",
    "srx": "application/sparql-results+xml",
    "text/CSV": "text/csv",
}


@pytest.mark.parametrize("name", ["format", "output"])
@pytest.mark.parametrize("spelling", SPELLINGS)
def test_formats_are_known_by_what_clients_write(client: FlaskClient, name: str, spelling: str) -> None:
    """A plus that is not percent-encoded arrives as a blank."""
    answer = get(client, SEVEN, "text/html", **{name: spelling})
    assert (answer.status_code, answer.mimetype) == (200, SPELLINGS[spelling])


def test_a_raw_plus_in_the_address_is_a_plus(client: FlaskClient) -> None:
    answer = client.get("/sparql?query=ASK{}&format=application/sparql-results+xml")
    assert (answer.status_code, answer.mimetype) == (200, "application/sparql-results+xml")


def test_a_page_is_asked_for_by_format_too(client: FlaskClient) -> None:
    for name in ("html", "text/html", "HTML"):
        assert get(client, SEVEN, "text/csv", format=name).mimetype == "text/html"


def test_a_byte_order_mark_is_passed_over(client: FlaskClient) -> None:
    query = f"\ufeff{SEVEN}"
    asked = [
        get(client, query, format="csv"),
        client.post("/sparql", data={"query": query, "format": "csv"}),
        client.post("/sparql?format=csv", data=query.encode(), content_type=QUERY),
    ]
    assert [(answer.status_code, answer.text) for answer in asked] == [(200, SEVEN_CSV)] * 3


@pytest.mark.parametrize(
    ("iri", "expected"),
    [
        ("<thing>", "http://localhost/thing"),
        ("<#a>", "http://localhost/sparql#a"),
        ("<>", "http://localhost/sparql"),
        ("<../x?y>", "http://localhost/x?y"),
        ("</园>", "http://localhost/园"),
        ("IRI('z')", "http://localhost/z"),
    ],
)
def test_relative_iris_resolve_against_the_endpoint(client: FlaskClient, iri: str, expected: str) -> None:
    """RFC 3986, section 5.1: without BASE, the base is the address that was asked."""
    assert get(client, f"SELECT ?x {{ BIND({iri} AS ?x) }}", format="csv").text == f"x\r\n{expected}\r\n"
    made = get(client, "BASE <http://e/> CONSTRUCT { ?x <p> <o> } { BIND(<s> AS ?x) }", format="nt")
    assert made.text == "<http://e/s> <http://e/p> <http://e/o> .\n"
    made = get(client, "CONSTRUCT { <s> <p> <o> } {}", format="nt")
    assert made.text == "<http://localhost/s> <http://localhost/p> <http://localhost/o> .\n"


NOT_IN_XML = "The answer has the character U+{}, which XML cannot hold. It can be had as {}.\n"
NO_NAME = (
    "RDF/XML cannot hold the property <{}>, because its IRI does not end with an XML name. "
    "The answer can be had as ttl, nt, jsonld, nq, trig or n3.\n"
)


@pytest.mark.parametrize(
    ("escape", "code"), [("\\u0001", "0001"), ("\\u001F", "001F"), ("\\uFFFE", "FFFE"), ("\\u000B", "000B")]
)
def test_what_xml_cannot_hold_is_refused_with_the_formats_that_can(client: FlaskClient, escape: str, code: str) -> None:
    rows, graph = f'SELECT ?o {{ BIND("a{escape}b" AS ?o) }}', f'CONSTRUCT {{ <a:a> <a:b> "a{escape}b" }} {{}}'
    for query, name, others in ((rows, "xml", "json, csv or tsv"), (graph, "rdf", "ttl, nt, jsonld, nq, trig or n3")):
        answer = get(client, query, format=name)
        assert (answer.status_code, answer.text) == (406, NOT_IN_XML.format(code, others))
        assert get(client, query).status_code == 200


@pytest.mark.parametrize("iri", ["https://example.org/2022", "http://e/", "http://e/a?q=1", "http://e/a#", "urn:1"])
def test_a_property_without_a_name_in_xml_is_refused(client: FlaskClient, iri: str) -> None:
    query = f"CONSTRUCT {{ <a:a> <{iri}> 1 }} {{}}"
    answer = get(client, query, format="rdf")
    assert (answer.status_code, answer.text) == (406, NO_NAME.format(iri))
    assert f"<{iri}>" in get(client, query, format="nt").text


@pytest.mark.parametrize(
    "iri",
    ["http://e/2022abc", "http://e/国家", "http://e/a.b", "http://e/a:b", "http://e/x%E5", "urn:a", "http://e/a×b"],
)
def test_every_other_property_comes_back_from_rdf_xml(client: FlaskClient, iri: str) -> None:
    text = get(client, f"CONSTRUCT {{ <a:a> <{iri}> 'a\\r\\n\\tb<&' }} {{}}", format="rdf").text
    assert isomorphic(
        Graph().parse(data=text, format="xml"), Graph().add((URIRef("a:a"), URIRef(iri), Literal("a\r\n\tb<&")))
    )


def test_a_carriage_return_survives_xml(client: FlaskClient) -> None:
    """Readers make a line feed of a bare one."""
    text = get(client, 'SELECT ?o { BIND("a\\rb" AS ?o) }', format="xml").text
    ((found,),) = Result.parse(BytesIO(text.encode()), format="xml")
    assert str(found) == "a\rb"


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


@pytest.mark.parametrize("graph", ["registry", "http://e/a b", "http://e/>"])
def test_a_graph_must_be_an_iri(client: FlaskClient, graph: str) -> None:
    answer = get(client, COUNT, **{"default-graph-uri": graph})
    assert sentence(answer, 400).startswith("the query cannot be answered: ")


def test_an_empty_name_of_a_graph_is_none(client: FlaskClient) -> None:
    count = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
    for empty in ({"default-graph-uri": ""}, {"named-graph-uri": ""}, {"default-graph-uri": "", "named-graph-uri": ""}):
        assert get(client, count, "text/csv", **empty).text == "n\r\n100\r\n"
    named = {"default-graph-uri": ["", f"{GRAPHS}papers"], "query": count, "format": "csv"}
    assert client.post("/sparql", data=named).text == "n\r\n3\r\n"
    assert client.get("/sparql?default-graph-uri=", headers={"Accept": "text/turtle"}).status_code == 200


def test_files_are_no_graphs(client: FlaskClient) -> None:
    """A graph is looked up by name; nothing is ever fetched."""
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
named:registry a sd:NamedGraph ; sd:name <{GRAPHS}registry> ; sd:graph <{GRAPHS}registry> .
named:papers a sd:NamedGraph ; sd:name <{GRAPHS}papers> ; sd:graph <{GRAPHS}papers> .
<{GRAPHS}registry> a sd:Graph ; void:triples 100 .
<{GRAPHS}papers> a sd:Graph ; void:triples 3 .
"""


@pytest.mark.parametrize(
    ("accept", "wanted", "content_type", "reader"),
    [
        ("text/turtle", "", "text/turtle; charset=utf-8", "turtle"),
        ("*/*", "", "text/turtle; charset=utf-8", "turtle"),
        ("", "", "text/turtle; charset=utf-8", "turtle"),
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
    assert sentence(client.get("/sparql", query_string={"qeury": SEVEN}, headers={"Accept": "*/*"}), 400) == missing
    assert sentence(client.post("/sparql", headers={"Accept": "*/*"}, data={}, content_type=FORM), 400) == missing
    assert sentence(client.get("/sparql", headers={"Accept": "text/csv"}), 400) == missing
    assert sentence(client.get("/sparql", headers={"Accept": "application/sparql-results+json"}), 400) == missing
    assert sentence(client.post("/sparql", data={"q": SEVEN}), 400) == missing
    empty = "Line 1, column 1: the query has no SELECT, ASK, CONSTRUCT or DESCRIBE."
    assert sentence(get(client, ""), 400) == empty
    assert sentence(client.post("/sparql", data=b"", content_type=QUERY), 400) == empty


@pytest.mark.parametrize(("accept", "wanted"), [("image/png", ""), ("image/avif, image/*;q=0.8", ""), ("", "png")])
def test_a_client_that_reads_nothing_of_it_is_told_what_there_is(client: FlaskClient, accept: str, wanted: str) -> None:
    headers, parameters = {"Accept": accept} if accept else {}, {"format": wanted} if wanted else {}
    answer = client.get("/sparql", query_string=parameters, headers=headers)
    assert sentence(answer, 406).splitlines() == [
        "There is no query. The page can be had as text/html, the description of the service can be had as:",
        "ttl: text/turtle, application/x-turtle, application/turtle",
        "nt: application/n-triples",
        "jsonld: application/ld+json, application/json",
        "rdf: application/rdf+xml, application/xml, text/xml",
    ]


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
        "Access-Control-Allow-Headers": "Accept, Content-Type, If-None-Match, Range",
        "Access-Control-Allow-Methods": "GET, HEAD, POST, OPTIONS",
    }
    exposed = "Accept-Ranges, Content-Range, ETag, Link, Location, Repr-Digest, Retry-After"
    readable = allowed | {"Access-Control-Expose-Headers": exposed}
    preflighted = allowed | {"Access-Control-Max-Age": "86400"}
    for answer, expected in zip(answers, (readable, readable, preflighted), strict=True):
        assert {name: text for name, text in answer.headers if name.startswith("Access-Control")} == expected
