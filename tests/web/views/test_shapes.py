"""Shapes as pages and data: requirements in words, examples, validation results."""

import html
import re
from collections import Counter

import pytest
import rdflib
from flask import Flask
from flask.testing import FlaskClient
from rdflib import RDF, SH
from rdflib.compare import isomorphic

from kg.release import Release
from kg.store import EmbeddedStore, NamedNode
from kg.vocab import SHAPES
from web.http.responses import RDF as EXTENSIONS


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture(scope="module")
def files(release: Release) -> dict[str, rdflib.Graph]:
    folder = release.path / "ontology"
    return {name: rdflib.Graph().parse(folder / name) for name in ("shapes.ttl", "style.ttl")}


def keys(graph: rdflib.Graph) -> set[str]:
    return {str(shape).removeprefix(SHAPES) for shape in graph.subjects(RDF.type, SH.NodeShape)}


def text_of(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def test_every_shape_has_a_page_in_both_languages_with_all_its_messages(
    client: FlaskClient, files: dict[str, rdflib.Graph]
) -> None:
    for graph in files.values():
        for key in keys(graph):
            shape = rdflib.URIRef(SHAPES + key)
            owners = [shape, *graph.objects(shape, SH.property)]
            messages = [str(message) for owner in owners for message in graph.objects(owner, SH.message)]
            assert messages, key
            for language in ("zh", "en"):
                answer = client.get(f"/shapes/{key}.html?lang={language}")
                assert answer.status_code == 200, key
                page = answer.text.replace("&#39;", "'").replace("&#34;", '"').replace("&amp;", "&")
                assert [message for message in messages if message not in page] == [], key


def test_the_list_names_every_shape_and_counts_what_each_found(
    client: FlaskClient, files: dict[str, rdflib.Graph], release: Release
) -> None:
    page = client.get("/shapes?lang=en").text
    named = set(re.findall(r'href="/shapes/(\w+)\?lang=en"', page))
    assert named == keys(files["shapes.ttl"]) | keys(files["style.ttl"])
    asked = "SELECT ?shape WHERE { ?result <http://www.w3.org/ns/shacl#sourceShape> ?shape }"
    rows = EmbeddedStore(release.store_path).select(asked, {}).rows
    found = Counter(str(shape.value).removeprefix(SHAPES) for (shape,) in rows if isinstance(shape, NamedNode))
    shown = {
        key: int(count) for key, count in re.findall(r'href="/quality\?shape=(\w+)&amp;lang=en#messages">(\d+)<', page)
    }
    assert found
    assert shown == found


def test_demands_are_said_in_words(client: FlaskClient) -> None:
    page = text_of(client.get("/shapes/UnsourcedStatus.html?lang=en").text)
    assert "every instance of the class mandate gp:Mandate programme relation gp:ProgrammeRelation" in page
    assert "exactly one of these holds" in page
    assert "(gp:mandateStatus|gp:statementStatus)" in page
    assert "one value is unsourced sch:status/unsourced" in page
    assert "number of values, at least 1" in page
    assert "breaks it: asserted, and yet without a source invalid-mandate" in page
    broken = text_of(client.get("/shapes/UnsourcedStatus?lang=zh").text)
    assert "不通过：称有明文，却没有来源 invalid-mandate" in broken
    chinese = text_of(client.get("/shapes/MandateShape.html?lang=zh").text)
    assert "值的个数恰为 1 每个值属于类 牌子类型 gp:Programme" in chinese
    query = text_of(client.get("/shapes/QuoteInPassage.html?lang=en").text)
    assert "Each row that this query finds is a failure: SELECT $this ?value WHERE" in query


def test_each_example_of_a_shape_is_shown_as_turtle(client: FlaskClient, release: Release) -> None:
    dataset = rdflib.Dataset().parse(release.path / "ontology" / "examples" / "MandateShape.trig")
    graphs = [graph for graph in dataset.graphs() if len(graph)]
    page = client.get("/shapes/MandateShape.html?lang=en").text
    shown = [html.unescape(text) for text in re.findall(r"<pre><code>(@base.+?)</code></pre>", page, re.DOTALL)]
    assert len(shown) == len(graphs) > 2
    for text in shown:
        said = set(rdflib.Graph().parse(data=text, format="turtle"))
        assert [graph for graph in graphs if set(graph) == said], text


def test_a_shape_as_rdf_is_what_its_file_says_of_it(client: FlaskClient, files: dict[str, rdflib.Graph]) -> None:
    for extension in EXTENSIONS:
        answer = client.get(f"/shapes/UnsourcedStatus.{extension}")
        assert answer.status_code == 200, extension
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
    said = rdflib.Graph().parse(data=client.get("/shapes/UnsourcedStatus.ttl").data, format="turtle")
    expected = rdflib.Graph()
    waiting: list[rdflib.term.Node] = [rdflib.URIRef(SHAPES + "UnsourcedStatus")]
    while waiting:
        node = waiting.pop()
        for triple in files["shapes.ttl"].triples((node, None, None)):
            expected.add(triple)
            waiting += [triple[2]] if isinstance(triple[2], rdflib.BNode) else []
    assert isomorphic(said, expected)
    lines = client.get("/shapes", headers={"Accept": "application/n-triples"}).data
    whole = rdflib.Graph().parse(data=lines, format="nt")
    assert len(whole) == len(files["shapes.ttl"])
    assert keys(whole) == keys(files["shapes.ttl"])


def test_a_shape_that_never_was_is_404(client: FlaskClient) -> None:
    for address in ("/shapes/None", "/shapes/None.ttl", "/shapes.docx", "/shapes/Sourced.docx"):
        assert client.get(address).status_code == 404, address
