"""Response cache: identical bytes, one entry for each kind of reader, counted and limited as ever, bounded size."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from kg.release import Release
from kg.store import EmbeddedStore
from kg.store.formats import Solutions, Term
from web import create_app
from web.middleware.monitoring import Operation
from web.middleware.rate_limits import Rates
from web.middleware.response_cache import OVERHEAD_BYTES

PAGE = "/page/programme/national-high-tech-zone"
ZONES = "/designations.json?programme=national-high-tech-zone"
QUERY = "/sparql?" + urlencode(
    {"query": "SELECT * { <https://w3id.org/guapai/id/programme/national-high-tech-zone> ?p ?o } ORDER BY ?p ?o"}
)
READERS: tuple[dict[str, str], ...] = (
    {},
    {"Accept-Language": "en-GB,en;q=0.9"},
    {"Accept": "text/html"},
    {"Accept": "text/turtle, text/csv;q=0.9"},
    {"Host": "elsewhere.example"},
    {"X-Forwarded-Prefix": "/elsewhere"},
    {"Range": "bytes=0-9"},
)


class Counting:
    """Store of a release that counts its queries."""

    def __init__(self, release: Release) -> None:
        self._store, self.asked = EmbeddedStore(release.store_path), 0

    def select(self, query: str, bindings: Mapping[str, Term]) -> Solutions:
        self.asked += 1
        return self._store.select(query, bindings)

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 — whatever else a store has
        return getattr(self._store, name)


@pytest.fixture(scope="module")
def counting(small_release: Release) -> Counting:
    return Counting(small_release)


@pytest.fixture(scope="module")
def kept(small_release: Release, counting: Counting) -> Flask:
    return create_app(small_release, store=counting, operation=Operation(cache_bytes=1 << 22))


def headers(response: TestResponse) -> list[tuple[str, str]]:
    """Return the headers of a response but for the number of the request and the day, in the order of their names."""
    return sorted((name, text) for name, text in response.headers if name not in ("X-Request-ID", "Date"))


@pytest.mark.parametrize(
    "path", [PAGE, "/findings?kind=territorial&lang=en", "/ontology", "/search?q=kunshan", "/designations.json"]
)
def test_what_is_asked_for_again_is_the_same_and_asks_nothing(kept: Flask, counting: Counting, path: str) -> None:
    client = kept.test_client()
    first = client.get(path)
    asked = counting.asked
    again, head = client.get(path), client.head(path)
    assert counting.asked == asked
    assert (again.status_code, again.data, headers(again)) == (200, first.data, headers(first))
    assert again.headers["X-Request-ID"] != first.headers["X-Request-ID"]
    assert (head.status_code, head.data, headers(head)) == (200, b"", headers(first))


@pytest.mark.parametrize("path", [PAGE, ZONES, QUERY])
def test_who_has_it_already_is_told_so(kept: Flask, app: Flask, path: str) -> None:
    kept = create_app(
        app.extensions["guapai"].release, pool=app.extensions["guapai"].pool, operation=Operation(cache_bytes=1 << 22)
    )
    tag = kept.test_client().get(path).headers["ETag"]
    for condition, status in (
        ({"If-None-Match": tag}, 304),
        ({"If-None-Match": '"other"'}, 200),
        ({"If-Match": '"x"'}, 412),
    ):
        own, plain = (each.test_client().get(path, headers=condition) for each in (kept, app))
        if path != QUERY or status != 412:
            assert own.status_code == status
        assert (own.status_code, own.data) == (plain.status_code, plain.data)
        assert set(headers(plain)) <= set(headers(own)) | {("Content-Length", "0")}


@pytest.mark.parametrize(
    "path",
    [
        PAGE,
        "/ontology",
        "/ns/Programme",
        "/designations.csv?bom=1&programme=national-high-tech-zone",
        "/id/place/320583",
        QUERY,
    ],
)
def test_each_reader_gets_their_own(app: Flask, path: str) -> None:
    services = app.extensions["guapai"]
    client = create_app(services.release, pool=services.pool, operation=Operation(cache_bytes=1 << 22)).test_client()
    for _ in range(2):
        for reader in READERS:
            own, plain = client.get(path, headers=reader), app.test_client().get(path, headers=reader)
            assert (own.status_code, own.data, headers(own)) == (plain.status_code, plain.data, headers(plain)), reader


def test_an_answer_from_the_cache_counts(small_release: Release) -> None:
    app = create_app(small_release, operation=Operation(Rates(pages=3), cache_bytes=1 << 22))
    client = app.test_client()
    assert [client.get(PAGE, buffered=True).status_code for _ in range(5)] == [200, 200, 200, 429, 429]
    figures = client.get("/metrics").text
    assert 'guapai_requests_total{part="resource",status="200"} 3.0' in figures
    assert 'guapai_requests_total{part="resource",status="429"} 2.0' in figures


def test_errors_are_not_kept(kept: Flask, counting: Counting) -> None:
    client, path = kept.test_client(), "/page/programme/none"
    assert client.get(path).status_code == 404
    asked = counting.asked
    assert client.get(path).status_code == 404
    assert counting.asked > asked


def test_what_differs_each_time_is_not_kept(app: Flask) -> None:
    services = app.extensions["guapai"]
    client = create_app(services.release, pool=services.pool, operation=Operation(cache_bytes=1 << 22)).test_client()
    path = "/sparql?format=csv&query=SELECT%20(STRUUID()%20AS%20?new)%20%7B%7D"
    assert client.get(path).data != client.get(path).data


def test_the_least_recently_used_go_first(small_release: Release) -> None:
    def asked(path: str) -> int:
        before = store.asked
        client.get(path)
        return store.asked - before

    store = Counting(small_release)
    sizes = [
        len(create_app(small_release).test_client().get(path).data) + OVERHEAD_BYTES for path in (PAGE, "/ontology")
    ]
    app = create_app(small_release, store=store, operation=Operation(cache_bytes=max(sizes)))
    client = app.test_client()
    assert asked(PAGE) > 0
    assert asked(PAGE) == 0
    assert asked("/ontology") > 0
    assert asked(PAGE) > 0
