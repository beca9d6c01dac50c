"""Monitoring: readiness, metrics, log lines, rules for crawlers."""

import json
import logging
import urllib.request
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient
from prometheus_client.parser import text_string_to_metric_families
from served import serving, until_serving
from waiting import PATIENCE_SECONDS, PATIENT, until

from kg.release import MANIFEST, Release
from kg.sandbox import Pool
from kg.store import GraphFile, RemoteStore, load_store
from web import create_app
from web.middleware.logs import JsonFormatter, client_network
from web.middleware.monitoring import Operation

ROOT = Path(__file__).parents[3]
SMALL = {"release": "small", "version": "0", "data_as_of": "2026-11-24", "counts": {"triples": {"one": 100}}}
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n1 ?o }"
MANY = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("operation")
    lines = (f'<http://e/{number}> <http://e/n> "{number}" .\n' for number in range(100))
    (folder / "one.nt").write_text("".join(lines), encoding="utf-8")
    load_store(folder / "store", [GraphFile(folder / "one.nt", "http://e/one", in_default=True)])
    (folder / MANIFEST).write_text(json.dumps(SMALL), encoding="utf-8")
    (folder / "ontology").mkdir()
    (folder / "ontology" / "questions").symlink_to(ROOT / "ontology" / "questions")
    return folder


@pytest.fixture
def pool(folder: Path) -> Iterator[Pool]:
    pool = Pool(folder / "store", 1, replace(PATIENT, seconds=1, rows=200))
    yield pool
    pool.close()


def made(folder: Path, pool: Pool | None, operation: Operation | None = None) -> FlaskClient:
    return create_app(Release(folder, SMALL), pool=pool, operation=operation).test_client()


def figures(text: str, name: str) -> dict[tuple[str, ...], float]:
    """Return the samples of a metric by their labels' values."""
    found = {}
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            if sample.name == name:
                found[tuple(sample.labels[label] for label in sorted(sample.labels))] = sample.value
    return found


def test_ready_with_everything(small_release: Release) -> None:
    pool = Pool(small_release.store_path, 1, PATIENT)
    answer = create_app(small_release, pool=pool).test_client().get("/health")
    assert (answer.status_code, answer.headers["Cache-Control"], answer.headers.get("ETag")) == (200, "no-store", None)
    assert answer.json == {
        "status": "ok",
        "release": small_release.id,
        "version": small_release.manifest["version"],
        "data_as_of": str(small_release.data_as_of),
        "parts": {"store": "ok", "files": "ok", "columns": "ok", "search": "ok", "queries": "ok", "figures": "ok"},
    }
    pool.close()


def test_ready_in_part_and_not_ready(folder: Path) -> None:
    answer = made(folder, None).get("/health")
    parts = {
        "store": "ok",
        "files": "ok",
        "columns": "missing",
        "search": "missing",
        "queries": "closed",
        "figures": "ok",
    }
    assert (answer.status_code, answer.json["status"], answer.json["parts"]) == (200, "partial", parts)
    nobody = RemoteStore("http://127.0.0.1:9/", seconds=2)
    answer = create_app(Release(folder, SMALL), store=nobody).test_client().get("/health")
    assert (answer.status_code, answer.json["status"], answer.json["parts"]["store"]) == (503, "not ready", "failing")


def test_queries_are_counted_by_how_they_end(folder: Path, pool: Pool) -> None:
    client = made(folder, pool)
    fine = client.get("/sparql?query=ASK%7B%7D&format=json", buffered=True)
    again = client.get("/sparql?query=ASK%7B%7D&format=json", headers={"If-None-Match": fine.headers["ETag"]})
    assert (fine.status_code, again.status_code) == (200, 304)
    again.close()
    for query, code in (
        ("nonsense", 400),
        ("SELECT * { SERVICE <http://e/> { ?s ?p ?o } }", 400),
        (ENDLESS, 504),
        (MANY, 413),
    ):
        assert client.get(f"/sparql?format=csv&query={quote(query)}", buffered=True).status_code == code, query
    assert client.get("/sparql?query=ASK%7B%7D", headers={"Accept": "text/html"}, buffered=True).status_code == 200
    text = client.get("/metrics").text
    expected = {
        "ok": 2,
        "unchanged": 1,
        "refused": 2,
        "cancelled": 0,
        "timeout": 1,
        "too-large": 1,
        "busy": 0,
        "failed": 0,
        "broken": 0,
    }
    assert figures(text, "guapai_queries_total") == {(outcome,): count for outcome, count in expected.items()}
    assert figures(text, "guapai_query_workers_replaced_total") == {(): 1}, "the one that ran out of time"


def test_requests_are_counted_by_part_and_status_and_timed(folder: Path) -> None:
    client = made(folder, None)
    for address in ("/robots.txt", "/robots.txt", "/none", "/data/programme/none.ttl"):
        client.get(address, buffered=True)
    text = client.get("/metrics").text
    assert client.get("/metrics").mimetype == "text/plain"
    assert figures(text, "guapai_requests_total") == {
        ("monitoring", "200"): 2,
        ("none", "404"): 1,
        ("linked_data", "404"): 1,
    }
    counted = figures(text, "guapai_request_seconds_count")
    assert counted == {("monitoring",): 2, ("none",): 1, ("linked_data",): 1}
    assert figures(text, "guapai_release_info") == {("2026-11-24", "small", "0"): 1}


def lines(caplog: pytest.LogCaptureFixture) -> list[dict[str, object]]:
    return [json.loads(JsonFormatter().format(record)) for record in caplog.records if record.name == "guapai.requests"]


def test_one_line_a_request_without_what_a_reader_asked(
    folder: Path, pool: Pool, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    client = made(folder, pool, Operation(logged=True))
    answer = client.get("/sparql?query=ASK%7B%7D&format=json", headers={"X-Request-ID": "forged"}, buffered=True)
    (line,) = lines(caplog)
    assert isinstance(line.pop("seconds"), float)
    assert str(line.pop("time")).endswith("+00:00")
    number = line.pop("request")
    assert (number, len(str(number))) == (answer.headers["X-Request-ID"], 32), "a stranger's number is not taken"
    assert line == {
        "level": "info",
        "logger": "guapai.requests",
        "method": "GET",
        "path": "/sparql",
        "status": 200,
        "release": "small",
        "outcome": "ok",
    }


def test_query_text_and_the_number_of_a_proxy_are_logged_where_asked_for(
    folder: Path, pool: Pool, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    client = made(folder, pool, Operation(proxies=1, logged=True, queries_logged=True))
    for number in ("trace-7", 'x"\n{'):
        headers = {"X-Request-ID": number.replace("\n", " ")}
        client.post("/sparql", data={"query": "ASK {} #中\n"}, headers=headers, buffered=True)
    first, second = lines(caplog)
    assert (first["request"], first["query"]) == ("trace-7", "ASK {} #中\n")
    assert len(str(second["request"])) == 32


def test_of_a_refused_client_only_the_neighbourhood_is_logged() -> None:
    assert client_network("203.0.113.9") == "203.0.113.0/24"
    assert client_network("2001:db8:1:2::9") == "2001:db8:1::/48"
    assert client_network("nonsense") == ""


def test_crawlers_are_asked_to_leave_what_is_endless(folder: Path) -> None:
    text = create_app(Release(folder, SMALL), prefix="/guapai").test_client().get("/guapai/robots.txt").text
    assert text.splitlines()[:7] == [
        "# The whole data, so that nobody needs to crawl it: /guapai/downloads",
        "User-agent: *",
        "Allow: /guapai/*?lang=zh$",
        "Allow: /guapai/*?lang=en$",
        "Disallow: /guapai/*?",
        "Disallow: /guapai/sparql",
        "Disallow: /guapai/search",
    ]


def read(address: str) -> str:
    with urllib.request.urlopen(address, timeout=PATIENCE_SECONDS) as answer:
        return str(answer.read().decode())


def counted(text: str) -> float:
    """How many requests the figures count, besides those for the figures themselves."""
    return sum(count for labels, count in figures(text, "guapai_requests_total").items() if "monitoring" not in labels)


def test_figures_of_all_processes_are_summed_and_every_line_is_json(small: Release, tmp_path: Path) -> None:
    log = tmp_path / "log"
    with serving(small.path, "--workers", "2", log=log) as address:
        until_serving(address, small.id)
        for _ in range(30):
            read(f"{address}/questions")
        # A request is counted when its answer has gone out, which may be after it has been read.
        until(lambda: counted(read(f"{address}/metrics")) >= 30)
        assert counted(read(f"{address}/metrics")) == 30
    said = log.read_text("utf-8").splitlines()
    assert [line for line in said if not line.startswith("{")] == []
    found = [json.loads(line) for line in said]
    assert [line["path"] for line in found if line.get("path") == "/questions"] == ["/questions"] * 30
    assert any("Listening at" in line.get("message", "") for line in found)
