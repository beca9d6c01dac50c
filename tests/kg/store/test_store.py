"""Embedded and remote store: bindings, kinds of queries, errors with position."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any
from wsgiref.types import StartResponse

import pytest
from rdflib import Dataset, Graph
from served import served
from waiting import PATIENT

from kg.errors import QueryError, StoreError
from kg.release import Release
from kg.sandbox import Pool
from kg.store import (
    BlankNode,
    EmbeddedStore,
    GraphFile,
    Literal,
    NamedNode,
    RemoteStore,
    Solutions,
    Store,
    Term,
    Triple,
    load_store,
    open_store,
)
from web import create_app

INTEGER = NamedNode("http://www.w3.org/2001/XMLSchema#integer")
PARK, ZONE, NAME, NUMBER = (NamedNode(f"http://e/{name}") for name in ("park", "zone", "name", "number"))
ZH, EN = Literal("园区", language="zh"), Literal('a "park"\n', language="en")
SMALL = """<http://e/park> <http://e/name> "园区"@zh .
<http://e/park> <http://e/name> "a \\"park\\"\\n"@en .
<http://e/park> <http://e/number> "7"^^<http://www.w3.org/2001/XMLSchema#integer> .
<http://e/zone> <http://e/name> "Zone" .
"""
NO_ROWS = b'{"head":{"vars":[]},"results":{"bindings":[]}}'
OTHER = '<http://e/zone> <http://e/number> "8"^^<http://www.w3.org/2001/XMLSchema#integer> .\n'


def number(value: int) -> Literal:
    return Literal(str(value), datatype=INTEGER)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Store of two graphs; the default graph is the first only."""
    folder = tmp_path_factory.mktemp("stores")
    (folder / "small.nt").write_text(SMALL, encoding="utf-8")
    (folder / "other.nt").write_text(OTHER, encoding="utf-8")
    files = [
        GraphFile(folder / "small.nt", "http://e/small", in_default=True),
        GraphFile(folder / "other.nt", "http://e/other", in_default=False),
    ]
    load_store(folder / "store", files)
    return folder


@pytest.fixture(scope="module", params=["embedded", "remote"])
def store(request: pytest.FixtureRequest, folder: Path) -> Iterator[Store]:
    """The small store, opened in the folder or queried over HTTP at the project's endpoint."""
    if request.param == "embedded":
        yield open_store(folder / "store")
        return
    pool = Pool(folder / "store", 1, PATIENT)
    manifest = {"release": "small", "data_as_of": "2026-11-24", "counts": {"triples": {}}, "version": "0"}
    with served(create_app(Release(folder, manifest), pool=pool)) as address:
        yield open_store(address)
    pool.close()


def test_rows_and_their_terms(store: Store) -> None:
    found = store.select("SELECT ?s ?o ?none { ?s ?p ?o } ORDER BY ?s ?p LANG(?o)", {})
    rows = ((PARK, EN, None), (PARK, ZH, None), (PARK, number(7), None), (ZONE, Literal("Zone"), None))
    assert found == Solutions(("s", "o", "none"), rows)
    assert store.size() == 4


BOUND = [
    ("SELECT ?o { ?s ?p ?o } ORDER BY LANG(?o)", {"s": PARK, "p": NAME}, [[EN], [ZH]]),
    ("SELECT ?s { ?s ?p ?name }", {"name": EN}, [[PARK]]),
    ("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", {"s": PARK}, [[number(3)]]),
    ("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", {"s": NamedNode("http://e/none")}, [[number(0)]]),
    ("SELECT ?s { ?s ?p ?o FILTER(?o = ?wanted) }", {"wanted": number(7)}, [[PARK]]),
    ("SELECT ?s ?n { ?s ?p 'Zone' OPTIONAL { ?x <http://e/number> ?n } }", {"x": PARK}, [[ZONE, number(7)]]),
    ("SELECT ?s ?n { { SELECT ?s (COUNT(*) AS ?n) { ?s ?p ?o } GROUP BY ?s } }", {"s": PARK}, [[PARK, number(3)]]),
    ("SELECT ?n { SELECT ?s (COUNT(*) AS ?n) { ?s ?p ?o } GROUP BY ?s }", {"s": ZONE}, [[number(1)]]),
    ("SELECT ?o WHERE { GRAPH ?g { ?s ?p ?o } }", {"g": NamedNode("http://e/other")}, [[number(8)]]),
    ("# { a comment\nSELECT ?o # {\n{ ?s <http://e/number> ?o }", {"s": PARK}, [[number(7)]]),
]


@pytest.mark.parametrize(("query", "bindings", "rows"), BOUND)
def test_a_bound_term_stands_for_its_variable(
    store: Store, query: str, bindings: Mapping[str, Term], rows: list[list[Term]]
) -> None:
    assert [list(row) for row in store.select(query, bindings).rows] == rows


def test_a_bound_term_in_the_other_kinds(store: Store) -> None:
    assert store.ask("ASK { ?s <http://e/number> 7 }", {"s": PARK})
    assert not store.ask("ASK { ?s <http://e/number> 7 }", {"s": ZONE})
    named = [Triple(ZONE, NAME, Literal("Zone"))]
    assert store.construct("CONSTRUCT { ?s ?p ?o } { ?s ?p ?o }", {"s": ZONE}) == named
    assert store.construct("CONSTRUCT WHERE { ?s ?p ?o }", {"s": ZONE}) == named
    assert store.construct("DESCRIBE ?s { ?s ?p ?o }", {"s": ZONE}) == named
    assert store.construct("DESCRIBE ?s", {"s": ZONE}) == named


def test_objects_are_looked_up(store: Store) -> None:
    assert store.objects(PARK, [NAME]) == [EN, ZH]
    assert store.objects(PARK, [NUMBER, NAME, NUMBER]) == [Literal("7", datatype=INTEGER), EN, ZH]
    assert store.objects(ZONE, [NUMBER]) == []
    assert store.objects(NamedNode("http://e/none"), [NAME]) == []


def test_a_text_is_bound_and_never_read(store: Store) -> None:
    for text in ("') } #", '"""', "\\", "} SERVICE <http://127.0.0.1:9/> {", "\n\r\t\u2028'\""):
        assert store.select("SELECT ?text { }", {"text": Literal(text)}).rows == ((Literal(text),),)


def test_what_cannot_be_bound(store: Store) -> None:
    with pytest.raises(QueryError, match=r"^\?s cannot be bound to a blank node$"):
        store.select("SELECT * { ?s ?p ?o }", {"s": BlankNode("x")})
    with pytest.raises(QueryError):
        store.select("SELECT * { ?s ?p ?o }", {"s } #": PARK})


def test_wrong_queries_are_told_with_their_line(store: Store) -> None:
    with pytest.raises(QueryError) as caught:
        store.select("SELECT *\n{ ?s ?p }", {})
    assert (caught.value.line, caught.value.column) == (2, 10)
    assert "the query cannot be read near “{ ?s ?p }”" in str(caught.value)


def test_each_method_takes_its_kind_of_query(folder: Path) -> None:
    store = EmbeddedStore(folder / "store")
    for method, query, expected in (
        (store.select, "ASK {}", "a SELECT query"),
        (store.ask, "SELECT * {}", "an ASK query"),
        (store.construct, "SELECT * {}", "a CONSTRUCT or DESCRIBE query"),
    ):
        with pytest.raises(QueryError, match=f"^expected {expected}$"):
            method(query, {})


@pytest.mark.parametrize(("name", "reader"), [("ttl", "turtle"), ("nt", "nt"), ("rdf", "xml"), ("jsonld", "json-ld")])
def test_the_default_graph_is_dumped(folder: Path, tmp_path: Path, name: str, reader: str) -> None:
    with (tmp_path / "dump").open("wb") as target:
        EmbeddedStore(folder / "store").dump(target, name)
    assert set(Graph().parse(tmp_path / "dump", format=reader)) == set(Graph().parse(data=SMALL, format="nt"))


@pytest.mark.parametrize(("name", "reader"), [("nq", "nquads"), ("trig", "trig")])
def test_named_graphs_are_dumped(folder: Path, tmp_path: Path, name: str, reader: str) -> None:
    with (tmp_path / "dump").open("wb") as target:
        EmbeddedStore(folder / "store").dump(target, name)
    found = Dataset()
    found.parse(tmp_path / "dump", format=reader)
    graphs = {str(graph.identifier): set(graph) for graph in found.graphs() if len(graph)}
    assert graphs == {
        "http://e/small": set(Graph().parse(data=SMALL, format="nt")),
        "http://e/other": set(Graph().parse(data=OTHER, format="nt")),
    }


def test_stores_that_do_not_open(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"^no store in .*none; run `guapai build` first$"):
        open_store(tmp_path / "none")
    with pytest.raises(StoreError, match="cannot be opened"):
        open_store(tmp_path)
    with pytest.raises(StoreError, match=r"^ftp://e/ is no address of a SPARQL endpoint; it must begin with http"):
        RemoteStore("ftp://e/")


def test_blank_nodes_are_those_of_their_file(tmp_path: Path) -> None:
    said = '_:a <http://e/p> _:b .\n_:a <http://e/q> "no _:a ." .\n_:a <http://e/q> "nor _:a"@en .\n'
    for name in ("one", "two"):
        (tmp_path / f"{name}.nt").write_text(said, encoding="utf-8")
    files = [GraphFile(tmp_path / f"{name}.nt", f"http://e/{name}", in_default=True) for name in ("one", "two")]
    load_store(tmp_path / "store", files)
    store = EmbeddedStore(tmp_path / "store")
    for where in ("?a <http://e/p> ?b ; <http://e/q> ?l", "GRAPH ?g { ?a <http://e/p> ?b ; <http://e/q> ?l }"):
        rows = store.select(
            f"SELECT ?l (COUNT(DISTINCT ?a) AS ?n) WHERE {{ {where} }} GROUP BY ?l ORDER BY ?l", {}
        ).rows
        assert [[str(cell) for cell in row] for row in rows] == [
            ['"no _:a ."', '"2"^^<http://www.w3.org/2001/XMLSchema#integer>'],
            ['"nor _:a"@en', '"2"^^<http://www.w3.org/2001/XMLSchema#integer>'],
        ]


def test_files_that_do_not_load(tmp_path: Path) -> None:
    (tmp_path / "bad.nt").write_text("<http://e/a> <http://e/b> .\n", encoding="utf-8")
    (tmp_path / "tight.nt").write_text("<http://e/a> <http://e/b> <http://e/c>.\n", encoding="utf-8")
    (tmp_path / "blank.nt").write_text("<http://e/a b> <http://e/b> <http://e/c> .\n", encoding="utf-8")
    for name in ("bad.nt", "none.nt", "tight.nt", "blank.nt"):
        with pytest.raises(StoreError, match=rf"{name} cannot be loaded: "):
            load_store(tmp_path / name.partition(".")[0], [GraphFile(tmp_path / name, "http://e/g", in_default=True)])
    (tmp_path / "file").touch()
    with pytest.raises(StoreError, match="no store can be made in"):
        load_store(tmp_path / "file", [])


@pytest.mark.parametrize(
    ("status", "headers", "body", "said"),
    [
        (
            "200 OK",
            [("X-SQL-State", "S1TAT")],
            b'{"head":{"vars":[]},"results":{"bindings":[]}}',
            "in part only (S1TAT)",
        ),
        ("200 OK", [], b"<html>", "answered what cannot be read: "),
        ("503 Busy", [], b"later", "does not answer: HTTP Error 503: Busy"),
    ],
)
def test_what_is_no_whole_answer_is_an_error(
    status: str, headers: list[tuple[str, str]], body: bytes, said: str
) -> None:
    """On a timeout Virtuoso answers 200 with a part of the rows, marked only by a header."""

    def application(_environ: Mapping[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        start_response(status, [("Content-Type", "application/sparql-results+json"), *headers])
        return [body]

    with served(application) as address, pytest.raises(StoreError) as caught:
        RemoteStore(address).select("SELECT * { ?s ?p ?o }", {})
    assert said in str(caught.value)
    assert str(caught.value).startswith(address)


def test_nobody_answers() -> None:
    with pytest.raises(StoreError, match=r"^http://127\.0\.0\.1:9/ does not answer: "):
        RemoteStore("http://127.0.0.1:9/", seconds=2).size()
