"""Page cache: identical bytes, one entry for each kind of reader, bounded size."""

from collections.abc import Mapping
from typing import Any

import pytest
from flask import Flask

from kg.release import Release
from kg.store import EmbeddedStore
from kg.store.formats import Solutions, Term
from web import create_app
from web.middleware.monitoring import Operation
from web.middleware.page_cache import Page, Pages

PAGE = "/page/programme/national-high-tech-zone"


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
    return create_app(small_release, store=counting, operation=Operation(page_cache_bytes=1 << 22))


@pytest.mark.parametrize("path", [PAGE, "/findings?kind=territorial&lang=en", "/ontology", "/search?q=kunshan"])
def test_a_page_that_is_asked_for_again_is_the_same_and_asks_nothing(
    kept: Flask, counting: Counting, path: str
) -> None:
    client = kept.test_client()
    first = client.get(path)
    asked = counting.asked
    again, head = client.get(path), client.head(path)
    assert counting.asked == asked
    assert (again.status_code, again.data) == (200, first.data)
    changing = {"X-Request-ID"}
    assert [pair for pair in again.headers if pair[0] not in changing] == [
        pair for pair in first.headers if pair[0] not in changing
    ]
    assert (head.status_code, head.data) == (200, b"")
    assert client.get(path, headers={"If-None-Match": first.headers["ETag"]}).status_code == 304


def test_each_reader_gets_their_own(kept: Flask, small_release: Release) -> None:
    plain = create_app(small_release).test_client()
    client = kept.test_client()
    for path in (PAGE, "/ontology", "/ns/Programme"):
        for headers in (
            {},
            {"Accept-Language": "en"},
            {"Accept": "text/html"},
            {"Accept": "text/turtle"},
            {"X-Forwarded-Prefix": "/elsewhere"},
        ):
            for _ in range(2):
                given = client.get(path, headers=headers)
                assert given.data == plain.get(path, headers=headers).data, (path, headers)


def test_errors_are_not_kept(kept: Flask, counting: Counting) -> None:
    client, path = kept.test_client(), "/page/programme/none"
    assert client.get(path).status_code == 404
    asked = counting.asked
    assert client.get(path).status_code == 404
    assert counting.asked > asked


def test_pages_stay_within_their_bytes() -> None:
    pages = Pages(80)
    for name in "abcdefghi":
        pages.put((name,), Page(b"0123456789", ()))
        assert pages.get(("a",))
    assert [name for name in "abcdefghi" if pages.get((name,))] == list("acdefghi")
    pages.put(("too large",), Page(b"0123456789!", ()))
    assert pages.get(("too large",)) is None
    pages.put(("a",), Page(b"new", ()))
    assert pages.get(("a",)) == Page(b"new", ())
