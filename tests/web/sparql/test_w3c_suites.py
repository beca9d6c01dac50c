"""The W3C's SPARQL suites through guard, sandbox and server: query, results, syntax, protocol, service description.

Their data is not part of this repository. With a copy of https://github.com/w3c/rdf-tests:

    pytest tests/web/sparql/test_w3c_suites.py --w3c=FOLDER

All data files are graphs of one store, and a request names the graphs of its test, so the dataset of the protocol is
tested with every query. The suites of updates, of federated queries and of entailment are left out: the server takes
no update, calls no other server, and reasons when it builds.
"""

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from pyoxigraph import QueryResultsFormat, RdfFormat, parse, serialize
from rdflib import RDF as RDF_TERMS
from rdflib import Graph as ParsedGraph
from rdflib import Namespace, URIRef
from small_graph import serving
from w3c_manifests import ADDRESS, FORMATS, MF, RDFS, UT, Case, Graph, Term, cases
from w3c_results import csv_rows, expected, given, same
from werkzeug.test import TestResponse

from kg.release import MANIFEST, Release
from kg.store import GraphFile, load_store

MANIFESTS = (
    *("sparql/sparql10/manifest-syntax.ttl", "sparql/sparql10/manifest-evaluation.ttl"),
    *("sparql/sparql11/manifest-sparql11-query.ttl", "sparql/sparql11/manifest-sparql11-results.ttl"),
    *("sparql/sparql11/protocol/manifest.ttl", "sparql/sparql11/service-description/manifest.ttl"),
)
DEPARTURES: dict[str, str] = {}
"""Test that fails to the reason why; each must fail, so that the table ends with the engine's or our own mending."""
NOTHING = "urn:nothing"
"""Name of no graph: the default graph of a query without data is empty."""
HT, CNT = "http://www.w3.org/2011/http#", "http://www.w3.org/2011/content#"
KINDS_OF_ANSWER = {
    "boolean": {"application/sparql-results+json", "application/sparql-results+xml"},
    "tabular": {"application/sparql-results+json", "application/sparql-results+xml"},
    "RDF": {"text/turtle", "application/rdf+xml", "application/n-triples"},
}
"""Kind of an answer to the media types in which the server gives it to a client that names none."""


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Make a test of each entry, or one that is skipped without the suites."""
    if "case" not in metafunc.fixturenames:
        return
    folder: Path | None = metafunc.config.getoption("--w3c")
    if folder is None:
        skipped = pytest.mark.skip(reason="needs a copy of github.com/w3c/rdf-tests: --w3c=FOLDER")
        metafunc.parametrize("case", [pytest.param(None, marks=skipped)], ids=["no-suites"])
        return
    found = [case for manifest in MANIFESTS for case in cases(folder, manifest) if not takes_updates(case)]
    metafunc.parametrize("case", found, ids=[case.key for case in found])


def takes_updates(case: Case) -> bool:
    """Return whether a test of the protocol needs a server that takes updates."""
    return "/protocol/" in case.key and case.key.rpartition("/")[2].startswith("update_")


@pytest.fixture(scope="module")
def folder(request: pytest.FixtureRequest) -> Path:
    return Path(request.config.getoption("--w3c"))


@pytest.fixture(scope="module")
def client(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    """A server of a release whose named graphs are the data files of all suites."""
    home = tmp_path_factory.mktemp("w3c")
    load_store(home / "store", list(graph_files(folder, home)))
    manifest = {"release": "w3c", "version": "0", "data_as_of": "2026-11-24", "counts": {"triples": {}}, "files": {}}
    (home / MANIFEST).write_text(json.dumps(manifest), encoding="utf-8")
    (home / "ontology" / "questions").mkdir(parents=True)
    with serving(Release(home, manifest)) as found:
        yield found


def graph_files(folder: Path, home: Path) -> Iterator[GraphFile]:
    """Write the data files of all suites as N-Triples; yield them with their addresses as names."""
    found = {case for manifest in MANIFESTS for case in cases(folder, manifest)}
    names = {name for case in found for name in (*case.default, *case.named)}
    # The queries of this folder name their graphs themselves.
    chosen = {ADDRESS + str(path.relative_to(folder)) for path in (folder / "sparql/sparql10/dataset").glob("data-g*")}
    for number, name in enumerate(sorted(names | chosen)):
        yield graph_file(folder, home / f"{number}.nt", name, name)
    protocol = Graph(folder, ADDRESS + "sparql/sparql11/protocol/manifest.ttl")
    given_names = {
        protocol.text(triple.object, RDFS + "label"): protocol.text(triple.object, UT + "graph")
        for triple in protocol.triples
        if triple.predicate.value == UT + "graphData"
    }
    for number, (name, address) in enumerate(sorted(given_names.items())):
        yield graph_file(folder, home / f"protocol-{number}.nt", address, name)


def graph_file(folder: Path, target: Path, address: str, name: str) -> GraphFile:
    path = folder / address.removeprefix(ADDRESS)
    triples = (quad.triple for quad in parse(path.read_bytes(), FORMATS[path.suffix], base_iri=address))
    target.write_bytes(serialize(triples, format=RdfFormat.N_TRIPLES) or b"")
    return GraphFile(target, name, in_default=False)


def test_case(case: Case, folder: Path, client: FlaskClient, request: pytest.FixtureRequest) -> None:
    """A test of the suites passes, or fails as DEPARTURES says."""
    if case.key in DEPARTURES:
        request.applymarker(pytest.mark.xfail(strict=True, reason=DEPARTURES[case.key]))
    if case.kind.startswith("PositiveSyntax"):
        answered = ask(client, query_of(folder, case), default=[NOTHING])
        assert answered.status_code == 200, answered.text
    elif case.kind.startswith("NegativeSyntax"):
        answered = ask(client, query_of(folder, case), default=[NOTHING])
        assert answered.status_code == 400, answered.text
    elif case.kind in {"QueryEvaluationTest", "CSVResultFormatTest"}:
        evaluate(case, folder, client)
    elif case.kind == "ProtocolTest":
        speak(case, client)
    elif case.kind == "ServiceDescriptionTest":
        describe(case, client)
    else:
        pytest.fail(f"unknown kind of test: {case.kind}")


def query_of(folder: Path, case: Case) -> str:
    return (folder / case.query.removeprefix(ADDRESS)).read_text(encoding="utf-8")


def ask(client: FlaskClient, query: str, accept: str = "", default: object = (), named: object = ()) -> TestResponse:
    data = {"query": query, "default-graph-uri": default, "named-graph-uri": named}
    return client.post("/sparql", data=data, headers={"Accept": accept} if accept else {})


def evaluate(case: Case, folder: Path, client: FlaskClient) -> None:
    """Compare the answer with the expected one; relative IRIs resolve against the query's own address."""
    query = query_of(folder, case)
    chooses = not (case.default or case.named) and "FROM" in query.upper()
    default = () if chooses else case.default or [NOTHING]
    suffix = Path(case.result).suffix
    form = {".csv": "text/csv", ".tsv": "text/tab-separated-values"}.get(suffix, "application/sparql-results+json")
    accept = f"{form}, application/n-triples"
    answered = ask(client, f"BASE <{case.query}>\n{query}", accept, default, case.named)
    assert answered.status_code == 200, answered.text
    if suffix == ".csv":
        assert csv_rows(answered.data) == csv_rows((folder / case.result.removeprefix(ADDRESS)).read_bytes())
        return
    wanted = expected(folder, case.result)
    if answered.mimetype == "application/n-triples":
        found: object = [quad.triple for quad in parse(answered.data, RdfFormat.N_TRIPLES)]
    else:
        found = given(answered.data, QueryResultsFormat.TSV if suffix == ".tsv" else QueryResultsFormat.JSON)
    assert same(found, wanted, ordered="ORDER BY" in query.upper() and isinstance(wanted, list)), (found, wanted)  # type: ignore[arg-type]


def speak(case: Case, client: FlaskClient) -> None:
    """Send the requests of a test of the protocol, and compare status, kind and truth of the responses."""
    graph = case.graph
    assert graph is not None
    assert case.node is not None
    action = graph.one(case.node, MF + "action")
    assert action is not None
    for sent in graph.members(graph.one(action, HT + "requests")):
        response = graph.one(sent, HT + "resp")
        assert response is not None
        found = send(graph, sent, client)
        statuses = {term.value.rpartition("StatusCode")[2][0] for term in graph.many(response, MF + "expectedStatus")}
        assert str(found.status_code)[0] in statuses, (found.status_code, found.text)
        if kind := graph.text(response, MF + "expectedFormat"):
            assert found.mimetype in KINDS_OF_ANSWER[kind]
        if truth := graph.text(response, MF + "expectedBoolean"):
            assert found.json
            assert found.json["boolean"] is (truth == "true")


def send(graph: Graph, sent: Term, client: FlaskClient) -> TestResponse:
    headers = [
        (graph.text(header, HT + "fieldName"), graph.text(header, HT + "fieldValue"))
        for header in graph.members(graph.one(sent, HT + "headers"))
    ]
    body = graph.one(sent, HT + "body")
    encoding = graph.text(body, CNT + "characterEncoding").lower() if body else ""
    data = graph.text(body, CNT + "chars").encode(encoding or "utf-8") if body else None
    path = graph.text(sent, HT + "absolutePath").replace("/sparql/", "/sparql", 1)
    return client.open(path, method=graph.text(sent, HT + "methodName"), data=data, headers=headers)


@cache
def namespace() -> Namespace:
    return Namespace("http://www.w3.org/ns/sparql-service-description#")


def describe(case: Case, client: FlaskClient) -> None:
    """The three tests of the service description."""
    answered = client.get("/sparql", headers={"Accept": "text/turtle"})
    assert (answered.status_code, answered.mimetype) == (200, "text/turtle")
    found, sd = ParsedGraph().parse(data=answered.text, format="turtle"), namespace()
    (service,) = found.subjects(RDF_TERMS.type, sd.Service)
    name = case.key.rpartition("/")[2]
    if name == "has-endpoint-triple":
        assert list(found.objects(service, sd.endpoint)) == [URIRef("http://localhost/sparql")]
    elif name == "conforms-to-schema":
        assert set(found.objects(service, sd.supportedLanguage)) <= {sd.SPARQL10Query, sd.SPARQL11Query}
        ranges = {sd.defaultDataset: sd.Dataset, sd.defaultGraph: sd.Graph, sd.namedGraph: sd.NamedGraph}
        for predicate, kind in ranges.items():
            assert all((thing, RDF_TERMS.type, kind) in found for thing in found.objects(None, predicate))
    else:
        assert name == "returns-rdf"
        assert len(found) > 5
