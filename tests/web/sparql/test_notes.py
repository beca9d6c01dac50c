"""Notes beside an answer: names of ours that hold nothing, and forms that the engine answers in its own way."""

from io import BytesIO

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from pyoxigraph import QueryResultsFormat, QuerySolutions, parse_query_results
from rdflib.query import Result
from read_pages import words
from werkzeug.test import TestResponse

from kg.store.departures import DEPARTURES
from kg.store.names import iris, names_graphs
from kg.vocab import BASE, TERMS
from web.sparql.notes import SENTENCES, replaced_once

GP = f"PREFIX gp: <{TERMS}> PREFIX id: <{BASE}id/> "
PAGE = "http://localhost/sparql/notes?"
NOTES = {
    "?s a gp:Gadget": ("undefined", "Gadget", "The vocabulary has no gp:Gadget: no pattern with it matches."),
    "?s a gp:programme": (
        "misspelt",
        "programme",
        "The vocabulary has no gp:programme: no pattern with it matches. It has gp:Programme.",
    ),
    "?s gp:locatedin ?o": (
        "misspelt",
        "locatedin",
        "The vocabulary has no gp:locatedin: no pattern with it matches. It has gp:locatedIn.",
    ),
    "?s gp:containsPlate ?o": (
        "deprecated",
        "containsPlate",
        (
            "gp:containsPlate is a name of an earlier release and holds nothing any more. "
            "Its successor is gp:containsDesignation."
        ),
    ),
    "?s gp:matrixRow ?o": (
        "empty-property",
        "matrixRow",
        "No statement of this release has the property gp:matrixRow.",
    ),
    "?s a gp:Finding": (
        "narrower-classes",
        "Finding",
        (
            "Nothing is a gp:Finding by name, only by narrower classes: ?x a ?class . "
            "?class rdfs:subClassOf* gp:Finding finds them."
        ),
    ),
}
"""Pattern to the code of its note, the term and the sentence."""


def ask(client: FlaskClient, query: str, accept: str = "application/sparql-results+json", **more: str) -> TestResponse:
    answer = client.get(
        "/sparql", query_string={"query": GP + query, **more}, headers={"Accept": accept}, buffered=True
    )
    assert answer.status_code == 200, answer.text
    return answer


def helps(answer: TestResponse) -> list[str]:
    return [link for link in answer.headers.getlist("Link") if 'rel="help"' in link]


@pytest.mark.parametrize("pattern", NOTES)
def test_a_name_of_ours_that_holds_nothing_is_told_of(client: FlaskClient, pattern: str) -> None:
    _, term, sentence = NOTES[pattern]
    answer = ask(client, f"SELECT * {{ {pattern} }} LIMIT 1")
    address = f"{PAGE}term={TERMS}{term}"
    assert helps(answer) == [f'<{address}>; rel="help"; title="{sentence}"']
    assert answer.json
    assert answer.json["head"]["link"] == [address]
    assert answer.content_length == len(answer.data)
    page = BeautifulSoup(ask(client, f"SELECT * {{ {pattern} }} LIMIT 1", "text/html", lang="en").text, "html.parser")
    assert [words(item) for item in page.find(id="notes").find_all("li")] == [sentence]
    linked = client.get(address.removeprefix("http://localhost"), headers={"Accept-Language": "en"})
    assert linked.status_code == 200
    assert words(BeautifulSoup(linked.text, "html.parser").main.find("li")) == sentence


def test_what_holds_something_is_not_told_of(client: FlaskClient) -> None:
    for query in (
        "SELECT * { ?s a gp:Programme ; gp:hasPurposeAssignment ?o } LIMIT 1",
        "SELECT * { ?s gp:within ?o ; gp:servesPurpose ?p } LIMIT 1",
        "SELECT * { <https://w3id.org/guapai/id/place/320583> gp:directlyWithin* ?o } LIMIT 1",
        "SELECT * { GRAPH <https://w3id.org/guapai/graph/dataset> { ?s ?p ?o } } LIMIT 1",
        "DESCRIBE gp:Programme",
        "SELECT ?x { BIND('gp:Gadget' AS ?x) } # gp:Gadget",
    ):
        answer = ask(client, query, "application/sparql-results+json, text/turtle")
        assert helps(answer) == [], query
        assert answer.mimetype == "text/turtle" or "link" not in answer.json["head"]  # type: ignore[index]
    page = ask(client, "SELECT * { ?s a gp:Programme } LIMIT 1", "text/html").text
    assert 'id="notes"' not in page


def test_other_names_of_ours_must_be_in_the_data_too(client: FlaskClient) -> None:
    answer = ask(client, "ASK { <https://w3id.org/guapai/id/place/999999> ?p ?o }")
    assert helps(answer) == [
        f'<{PAGE}term={BASE}id/place/999999>; rel="help"; title="The data holds nothing named id:place/999999."'
    ]
    assert answer.json == {"head": {"link": [f"{PAGE}term={BASE}id/place/999999"]}, "boolean": False}
    assert helps(ask(client, "ASK { <http://elsewhere.example/id/999999> ?p ?o }")) == []


@pytest.mark.parametrize(
    ("query", "form"),
    [
        ("SELECT ?o { ?s gp:within|gp:inRegion ?o } LIMIT 1", "alternative-path"),
        ("SELECT (COUNT(STRLEN(?o)) AS ?n) { ?s gp:asOf ?o }", "count-expression"),
        ("SELECT (GROUP_CONCAT(?o) AS ?n) { ?s gp:asOf ?o }", "group-concat"),
        ("SELECT ?s (COUNT(*) AS ?n) { ?s a gp:Strategy } GROUP BY ?s HAVING (?n > 1)", "having-alias"),
        ("SELECT ?o { <http://e/none> gp:within* ?o }", "zero-length-path"),
        ("SELECT (BNODE('a') AS ?x) {}", "bnode-of-text"),
    ],
)
def test_a_form_that_the_engine_answers_in_its_own_way_is_told_of(client: FlaskClient, query: str, form: str) -> None:
    answer = ask(client, query)
    address = f"{PAGE}form={form}"
    assert [link.partition(";")[0] for link in helps(answer)] == [f"<{address}>"]
    assert answer.json
    assert answer.json["head"]["link"] == [address]
    page = BeautifulSoup(ask(client, query, "text/html", lang="zh").text, "html.parser")
    (item,) = page.find(id="notes").find_all("li")
    assert words(item) == words(BeautifulSoup(DEPARTURES[form]["zh"], "html.parser"))


def test_every_form_has_its_sentence_in_both_languages() -> None:
    assert {code for code, sentences in DEPARTURES.items() if list(sentences) != ["zh", "en"]} == set()
    assert SENTENCES.keys() & DEPARTURES.keys() == set()


def test_an_answer_in_xml_and_one_with_several_notes(client: FlaskClient) -> None:
    query = "SELECT ?a ?b { ?a gp:gadget|gp:within ?b } LIMIT 2"
    answer = ask(client, query, "application/sparql-results+xml")
    address = f"{PAGE}term={TERMS}gadget&form=alternative-path"
    assert f'<variable name="b"/><link href="{address.replace("&", "&amp;")}"/></head>' in answer.text
    assert answer.content_length == len(answer.data)
    assert len(helps(answer)) == 2
    found = parse_query_results(answer.data, QueryResultsFormat.XML)
    assert isinstance(found, QuerySolutions)
    assert len(list(found)) == len(Result.parse(BytesIO(answer.data), format="xml")) == 2
    as_json = ask(client, query)
    assert as_json.json
    assert as_json.json["head"] == {"link": [address], "vars": ["a", "b"]}
    csv = ask(client, query, "text/csv")
    assert csv.text.startswith("a,b\r\n")
    assert len(helps(csv)) == 2
    head = client.head("/sparql", query_string={"query": GP + query})
    assert (head.content_length, helps(head)) == (len(as_json.data), helps(as_json))


def test_the_page_of_the_notes_takes_only_what_it_knows(client: FlaskClient) -> None:
    page = client.get("/sparql/notes?term=http://e/x&term=%3Cscript%3E&form=none&lang=en")
    assert page.status_code == 200
    shown = BeautifulSoup(page.text, "html.parser").main
    assert "script" not in shown.text
    assert "http://e/x" not in shown.text
    listed = [words(item) for item in shown.find_all("li")]
    assert listed == [words(BeautifulSoup(f"<p>{form['en']}</p>", "html.parser")) for form in DEPARTURES.values()]
    hostile = client.get(f"/sparql/notes?term={TERMS}%3Cb%3E&lang=en")
    assert hostile.status_code == 200
    assert "<b>" not in hostile.text


def test_the_iris_of_a_query() -> None:
    query = r"""PREFIX gp: <http://g/> PREFIX : <x#> BASE <http://b/c> PREFIX y: <z/>
        SELECT * FROM <g> { gp:a\-b :c <d>, y:e, '1'^^gp:datatype FILTER(gp:f(1) && <u:g>(2) && ?x = <\u0061:b>) }"""
    assert iris(query, "http://h/sparql") == [
        *("http://b/g", "http://g/a-b", "http://h/x#c", "http://b/d", "http://b/z/e", "a:b")
    ]
    assert names_graphs(query)
    assert not names_graphs("SELECT ?graph { ?from ?graph 'GRAPH' } # FROM")


def test_what_is_no_iri_is_the_engines_to_refuse(client: FlaskClient) -> None:
    assert iris(r"BASE <//[> ASK { <a:\u003c> <a:b> <http://[>, <//[x>, <x> }", "http://h/") == ["a:b"]
    for query in (r"ASK { <https://w3id.org/guapai/ns/\u003c> ?p ?o }", "ASK { <http://[> ?p ?o }"):
        assert client.get("/sparql", query_string={"query": query}).status_code in {200, 400}


@pytest.mark.parametrize("size", [1, 2, 5, 100])
def test_the_first_occurrence_is_replaced_also_across_chunks(size: int) -> None:
    text = b"<a></head><b></head>"
    chunks = [text[at : at + size] for at in range(0, len(text), size)]
    assert b"".join(replaced_once(chunks, b"</head>", b"<x/></head>")) == b"<a><x/></head><b></head>"
    assert b"".join(replaced_once(chunks, b"", b"")) == text
    assert b"".join(replaced_once(chunks, b"none", b"some")) == text
