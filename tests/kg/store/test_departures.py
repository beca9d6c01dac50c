"""Forms that the engine answers in its own way: found in a query, shown on the engine, told of in the documents."""

from pathlib import Path

import pyoxigraph
import pytest
from pyoxigraph import QuerySolutions, RdfFormat, Store

from kg.store import questions
from kg.store.departures import DEPARTURES, departures

ROOT = Path(__file__).parents[3]
COOKBOOK = ROOT / "docs" / "sparql-cookbook.md"
PREFIX = "PREFIX : <http://e/> "
DATA = """@prefix : <http://e/> .
:a :p :b ; :q :b . :x :n 1 ; :m 2 . :y :n "t" . :z :l "u", "v" ."""


@pytest.fixture(scope="module")
def engine() -> Store:
    store = Store()
    store.load(DATA.encode(), RdfFormat.TURTLE)
    return store


def rows(engine: Store, query: str) -> list[list[str]]:
    """Return the rows in order of their texts, unbound cells empty."""
    found = engine.query(PREFIX + query)
    assert isinstance(found, QuerySolutions)
    return sorted([[str(getattr(term, "value", term) or "") for term in row] for row in found])


@pytest.mark.parametrize(
    ("form", "query", "standard", "here"),
    [
        ("alternative-path", "SELECT ?o { :a :p|:q ?o }", [["http://e/b"], ["http://e/b"]], [["http://e/b"]]),
        ("alternative-path", "SELECT (COUNT(*) AS ?n) { :a :p|:q ?o }", [["2"]], [["1"]]),
        ("count-expression", "SELECT (COUNT(?x + 1) AS ?n) { ?s :n ?x }", [["1"]], [[""]]),
        ("zero-length-path", "SELECT ?o { :none :p* ?o }", [["http://e/none"]], []),
        ("zero-length-path", "SELECT ?o { :none :p? ?o }", [["http://e/none"]], []),
        ("zero-length-path", "SELECT ?s { ?s :p* :none }", [["http://e/none"]], []),
        ("replaced-group", "SELECT (REPLACE('abc', '(b)', '$1y') AS ?x) {}", [["abyc"]], [["ac"]]),
        ("replaced-group", "SELECT (REPLACE('abc', '(b)', '$12') AS ?x) {}", [["ab2c"]], [["ac"]]),
        ("bnode-of-text", "SELECT (COUNT(DISTINCT ?x) AS ?n) { ?s :l ?o BIND(BNODE('x') AS ?x) }", [["2"]], [["1"]]),
    ],
)
def test_the_engine_departs_from_the_standard(
    engine: Store, form: str, query: str, standard: list[list[str]], here: list[list[str]]
) -> None:
    """If this fails, the engine was mended: take the form out of DEPARTURES and of the cookbook."""
    assert standard != here
    assert rows(engine, query) == here
    assert departures(query) == [form]


@pytest.mark.parametrize(
    ("form", "query", "wished", "here"),
    [
        ("group-concat", "SELECT (GROUP_CONCAT(?x) AS ?n) { ?s :m ?x }", [["2"]], [[""]]),
        ("group-concat", "SELECT (GROUP_CONCAT(?s) AS ?n) { ?s :m ?x }", [["http://e/x"]], [[""]]),
        (
            "having-alias",
            "SELECT ?s (COUNT(?o) AS ?n) { ?s :l ?o } GROUP BY ?s HAVING (?n > 1)",
            [["http://e/z", "2"]],
            [],
        ),
    ],
)
def test_the_engine_surprises_within_the_standard(
    engine: Store, form: str, query: str, wished: list[list[str]], here: list[list[str]]
) -> None:
    assert wished != here
    assert rows(engine, query) == here
    assert departures(query) == [form]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("SELECT ?o { { :a :p ?o } UNION { :a :q ?o } }", [["http://e/b"], ["http://e/b"]]),
        ("SELECT (COUNT(?y) AS ?n) { ?s :n ?x BIND(?x + 1 AS ?y) }", [["1"]]),
        ("SELECT (GROUP_CONCAT(COALESCE(STR(?x), '')) AS ?n) { ?s :m ?x }", [["2"]]),
        ("SELECT (REPLACE('abc', '(b)', '${1}y') AS ?x) {}", [["abyc"]]),
        ("SELECT (REPLACE('abc', '(b)', '$1年') AS ?x) {}", [["ab年c"]]),
        ("SELECT ?s (COUNT(?o) AS ?n) { ?s :l ?o } GROUP BY ?s HAVING (COUNT(?o) > 1)", [["http://e/z", "2"]]),
        ("SELECT (COUNT(DISTINCT ?x) AS ?n) { ?s :l ?o BIND(BNODE() AS ?x) }", [["2"]]),
    ],
)
def test_what_is_advised_gives_the_standards_answer(engine: Store, query: str, expected: list[list[str]]) -> None:
    assert rows(engine, query) == expected
    assert departures(query) == []


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("SELECT DISTINCT ?o { ?s :p|:q ?o }", []),
        ("ASK { ?s :p|:q ?o }", []),
        ("CONSTRUCT { ?s :r ?o } { ?s :p|:q ?o }", []),
        ("SELECT DISTINCT ?n { { SELECT (COUNT(?o) AS ?n) { ?s :p|:q ?o } } }", ["alternative-path"]),
        ("SELECT DISTINCT ?n { { SELECT (COUNT(DISTINCT ?o) AS ?n) { ?s :p|:q ?o } } }", []),
        ("SELECT ?o { ?s !(:p|^:q) ?o }", []),
        ("SELECT ?o { ?s (:p|:q)+ ?o }", []),
        ("SELECT ?o { ?s (:p|:q)* ?o }", ["zero-length-path"]),
        ("SELECT ?o { ?s ((:p|:q)/:r)? ?o }", ["zero-length-path"]),
        ("SELECT ?o { ?s (:p|:q)/:r ?o }", ["alternative-path"]),
        ("SELECT * { ?s a* ?o }", ["zero-length-path"]),
        ("SELECT * { ?s :p+ ?o FILTER(?o * 2 > 1 || (?o)*2 = 3 || :f(?o)*2 = 3) }", []),
        ("SELECT (COUNT(*) AS ?n) (COUNT(?x) AS ?m) (COUNT(DISTINCT ?x) AS ?k) {}", []),
        ("SELECT (COUNT(DISTINCT STR(?x)) AS ?n) {}", ["count-expression"]),
        ("SELECT (GROUP_CONCAT(DISTINCT ?x; separator=';') AS ?n) {}", ["group-concat"]),
        ("SELECT (GROUP_CONCAT(DISTINCT STR(?x); separator=';') AS ?n) {}", []),
        ("SELECT ?s (COUNT(?o) AS ?n) {} GROUP BY ?s ORDER BY ?n", []),
        ("SELECT ?k {} GROUP BY (STR(?s) AS ?k) HAVING (?k > 1)", []),
        ("SELECT * { { SELECT ?s (COUNT(?o) AS ?n) {} GROUP BY ?s HAVING (?n > 1) } }", ["having-alias"]),
        ("SELECT ?n { { SELECT (COUNT(?o) AS ?n) {} GROUP BY ?s } } GROUP BY ?n HAVING (?n > 1)", []),
        ("# a|b\nSELECT ?x { ?x :p 'a|b*', <http://e/a?x> }", []),
    ],
)
def test_only_what_may_be_answered_otherwise_is_found(query: str, expected: list[str]) -> None:
    assert departures(query) == expected


def test_our_own_queries_hold_none() -> None:
    """`*` of the pages' queries starts at things of the data; a note beside our own examples would be one too many."""
    folders = (ROOT / "ontology" / "questions", ROOT / "ontology" / "rules")
    asked = {question.key: departures(question.query) for folder in folders for question in questions.questions(folder)}
    assert {key: found for key, found in asked.items() if found} == {}
    pages = {path.stem: departures(path.read_text("utf-8")) for path in (ROOT / "web" / "queries").rglob("*.rq")}
    assert {key: found for key, found in pages.items() if set(found) - {"zero-length-path"}} == {}


def test_the_cookbook_lists_every_form() -> None:
    section = COOKBOOK.read_text(encoding="utf-8").partition("## Where the engine departs from SPARQL 1.1")[2]
    told = [
        line.split("|")[1].strip().strip("`")
        for line in section.partition("\n## ")[0].splitlines()
        if line[:3] == "| `"
    ]
    assert told == list(DEPARTURES)
    assert f"Oxigraph {pyoxigraph.__version__}" in section
