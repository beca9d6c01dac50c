"""Limits of `/sparql`: time, size and number; every answer is complete or an error, over real connections too."""

import os
import signal
import socket
import time
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from http.client import HTTPConnection, HTTPException, IncompleteRead
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
from served import serving as started
from served import until_serving
from small_graph import ENDLESS, MANY, SEVEN, SEVEN_CSV, get, sentence, serving
from waiting import LIMIT_ENDS_SECONDS, PATIENCE_SECONDS, running, runs, until

from kg.errors import QueryTimeout, ResultTooLarge
from kg.release import Release
from kg.sandbox import Answer, Pool
from web import create_app
from web.sparql.runner import CLIENT_GONE


def test_a_timeout_says_its_limit(small: Release) -> None:
    with serving(small, seconds=1) as client:
        start = time.monotonic()
        answer = get(client, ENDLESS, "text/csv")
        assert time.monotonic() - start < LIMIT_ENDS_SECONDS
        assert sentence(answer, 504) == (
            "The query was stopped after 1 seconds, the limit here. Bind a place, a programme or a year, add LIMIT, "
            "and let every pattern share a variable with another; the whole data can be downloaded."
        )
        page = get(client, ENDLESS, "text/html")
        assert page.status_code == 504
        assert "The query was stopped after 1 seconds, the limit here." in page.text
        until(lambda: get(client, SEVEN, "text/csv").text == SEVEN_CSV, "it answers again")


@pytest.mark.parametrize(("limits", "what"), [({"rows": 99}, "99 rows"), ({"bytes": 1_000}, "1,000 bytes")])
def test_an_answer_is_never_cut(small: Release, limits: dict[str, float], what: str) -> None:
    with serving(small, **limits) as client:
        assert sentence(get(client, "SELECT * { ?s ?p ?o }", "text/csv"), 413) == (
            f"The answer has more than {what}, the limit here. "
            "Ask in parts with ORDER BY, LIMIT and OFFSET, or download the whole data."
        )


WIDE = MANY.replace("*", f'("{"x" * 300}" AS ?x)')
"""Rows of 300 bytes, the first of which are sent long before a limit of rows."""


class EndedFirst(Pool):
    """Pool that hands an answer over when its query has ended, as it does where the thread of the request is late."""

    def run(self, *arguments: Any, **named: Any) -> Answer:  # noqa: ANN401 — what a pool takes
        answer = super().run(*arguments, **named)
        until(lambda: not runs(answer), "the query ends")
        return answer


@pytest.mark.parametrize(
    ("form", "limits", "status", "what"),
    [
        ("json", {"rows": 40_000}, 413, "The answer has more than 40,000 rows, the limit here."),
        ("csv", {"bytes": 9_000_000}, 413, "The answer has more than 9,000,000 bytes, the limit here."),
        (
            "csv",
            {"seconds": 1, "rows": 10**9, "bytes": 10**12},
            504,
            "The query was stopped after 1 seconds, the limit here.",
        ),
    ],
)
def test_a_limit_broken_before_the_first_bytes_has_its_own_status(
    small: Release, form: str, limits: dict[str, float], status: int, what: str
) -> None:
    with serving(small, EndedFirst, **limits) as client:
        assert sentence(get(client, WIDE, format=form), status).startswith(what)
        until(lambda: get(client, SEVEN, "text/csv").text == SEVEN_CSV, "it answers again")


def test_a_failure_after_the_first_bytes_breaks_the_transfer(small: Release) -> None:
    """On a busy machine the first bytes are taken late, so the limit is raised until they are taken before it."""
    for rows in (60_000, 600_000, 6_000_000):
        with serving(small, rows=rows, bytes=10**12) as client:
            answer = client.get("/sparql", query_string={"query": WIDE}, buffered=False)
            if answer.status_code == 413:
                continue
            assert (answer.status_code, answer.content_length) == (200, None)
            with pytest.raises(ResultTooLarge):
                answer.get_data()
            answer.close()
            return
    pytest.fail("no first bytes came")


def test_a_timeout_after_the_first_bytes_breaks_the_transfer(small: Release) -> None:
    """On a busy machine the first bytes come late, so the limit is raised until they come within it."""
    for seconds in (1, 4, 16, 64):
        with serving(small, seconds=seconds, rows=10**9, bytes=10**12) as client:
            answer = client.get("/sparql", query_string={"query": MANY}, buffered=False)
            if answer.status_code == 504:
                continue
            assert (answer.status_code, answer.content_length) == (200, None)
            with pytest.raises(QueryTimeout):
                answer.get_data()
            answer.close()
            return
    pytest.fail("no first bytes came")


def test_a_client_that_would_not_see_the_break_gets_whole_answers_only(small: Release) -> None:
    """In HTTP/1.0 an answer without a length ends where the connection ends, whole or not."""
    with serving(small, rows=40_000) as client:
        old = {"SERVER_PROTOCOL": "HTTP/1.0"}
        query = {"query": WIDE, "format": "csv"}
        answer = client.get("/sparql", query_string=query, environ_overrides=old)
        assert sentence(answer, 413).startswith("The answer has more than 40,000 rows, the limit here.")
        whole = client.get("/sparql", query_string=query | {"query": WIDE + " LIMIT 30000"}, environ_overrides=old)
        assert (whole.status_code, whole.content_length) == (200, len(whole.data))
        assert whole.data.count(b"\r\n") == 30_001


def test_a_busy_server_says_when_to_come_again(small: Release) -> None:
    with serving(small, waiting=0) as client, ThreadPoolExecutor(1) as visitor:
        pool: Pool = client.application.extensions["guapai"].pool
        heavy = visitor.submit(get, client, ENDLESS, "text/csv")
        until(lambda: running(pool))
        answer = get(client, SEVEN, "text/csv")
        assert sentence(answer, 503) == "The server is busy: 0 queries are waiting already. Try again later."
        assert answer.headers["Retry-After"] == "10"
        pool.close()
        assert heavy.result().status_code == CLIENT_GONE


def test_a_query_whose_worker_is_killed_twice_can_be_asked_again(small: Release) -> None:
    with serving(small) as client, ThreadPoolExecutor(1) as visitor:
        pool: Pool = client.application.extensions["guapai"].pool
        answer, killed = visitor.submit(get, client, ENDLESS, "text/csv"), set[int]()
        for _ in range(2):
            until(lambda: running(pool) and not killed.issuperset(pool.process_ids()))
            (process,) = pool.process_ids()
            os.kill(process, signal.SIGKILL)
            killed.add(process)
        assert sentence(answer.result(), 503) == "The worker that ran the query ended (code -9). Try again."
        assert answer.result().headers["Retry-After"] == "10"
        assert get(client, SEVEN, "text/csv").text == SEVEN_CSV


def test_a_server_without_a_pool_answers_no_queries(small: Release) -> None:
    assert get(create_app(small).test_client(), SEVEN, "text/csv").status_code == 503


@pytest.fixture(scope="module")
def address(small: Release) -> Iterator[str]:
    """Address of a server started by the command."""
    with started(small.path, "--query-rows", "100000", "--queries-at-once", "0") as address:
        until_serving(address, small.id)
        yield urlsplit(address).netloc


@pytest.fixture
def connection(address: str) -> Iterator[HTTPConnection]:
    connection = HTTPConnection(address, timeout=PATIENCE_SECONDS)
    yield connection
    connection.close()


def _outcome(connection: HTTPConnection, query: str) -> int:
    """Return the status of an answer, 0 for one that breaks off."""
    connection.request("GET", "/sparql?" + urlencode({"query": query, "format": "csv"}))
    answer = connection.getresponse()
    try:
        answer.read()
    except (IncompleteRead, ConnectionError):
        return 0
    finally:
        connection.close()
    return answer.status


def test_over_a_real_connection_a_limit_is_an_error_or_a_break_that_is_seen(connection: HTTPConnection) -> None:
    """Of rows of 300 bytes the first are sent long before the limit of rows."""
    outcomes = []
    while 0 not in outcomes and len(outcomes) < 20:
        outcomes.append(_outcome(connection, WIDE))
    assert set(outcomes) in ({0}, {0, 413})
    assert _outcome(connection, MANY) in (0, 413)
    connection.request("GET", "/sparql?" + urlencode({"query": SEVEN, "format": "csv"}))
    assert connection.getresponse().read().decode() == SEVEN_CSV


def test_many_heavy_queries_leave_the_pages_free(connection: HTTPConnection) -> None:
    """More queries than the server has threads: some are refused for now, and a page is answered meanwhile.

    The running queries would take minutes; they end when their clients disconnect.
    """
    heavy = "/sparql?" + urlencode({"query": ENDLESS, "format": "csv"})

    def ask(visitor: HTTPConnection) -> int:
        try:
            visitor.request("GET", heavy)
            return visitor.getresponse().status
        except (OSError, HTTPException):
            return 0

    with ThreadPoolExecutor(40) as pool:
        visitors = [HTTPConnection(connection.host, connection.port) for _ in range(40)]
        statuses = [pool.submit(ask, visitor) for visitor in visitors]
        assert wait(statuses, PATIENCE_SECONDS, FIRST_COMPLETED).done
        for _ in range(5):
            connection.request("GET", "/health")
            assert connection.getresponse().read()
        assert not all(status.done() for status in statuses), "heavy queries still run"
        both = list(zip(visitors, statuses, strict=True))
        until(lambda: all(visitor.sock or status.done() for visitor, status in both), "all have connected")
        for visitor, status in both:
            if not status.done() and visitor.sock:
                visitor.sock.shutdown(socket.SHUT_RDWR)
        assert {status.result() for status in statuses} == {0, 503}
        for visitor in visitors:
            visitor.close()
