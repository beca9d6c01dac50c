"""Rate limits per client: buckets for pages and queries, trusted proxies."""

from collections.abc import Iterator
from datetime import date
from functools import partial

import pytest
from flask.testing import FlaskClient
from waiting import PATIENT

from kg.release import Release
from kg.sandbox import Pool
from web import create_app
from web.data import parse_day
from web.middleware import rate_limits
from web.middleware.monitoring import Operation
from web.middleware.rate_limits import MAX_CLIENTS, Bucket, ConcurrencyLimit, Rates

QUERY = "/sparql?query=ASK%7B%7D&format=json"
LONG = "/sparql?query=SELECT*%7B%3Fs%20%3Fp%20%3Fo%7DLIMIT%2050000&format=json"


class Clock:
    """Clock set by hand."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture(autouse=True)
def still(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stop the clock of the buckets, so that no token is added, however long requests take."""
    monkeypatch.setattr(rate_limits, "Bucket", partial(Bucket, clock=Clock()))


def test_a_bucket_empties_and_fills_again() -> None:
    clock = Clock()
    buckets = Bucket(3, clock)
    assert [buckets.take("a") for _ in range(4)] == [0, 0, 0, 20]
    assert buckets.take("b") == 0, "each client has its own"
    clock.now += 5
    assert buckets.take("a") == 15, "a refusal costs nothing"
    clock.now += 15
    assert [buckets.take("a"), buckets.take("a")] == [0, 20]
    clock.now += 3600
    assert [buckets.take("a") for _ in range(4)] == [0, 0, 0, 20], "a bucket holds no more than a minute's worth"


def test_as_many_clients_are_remembered_as_memory_is_for() -> None:
    clock = Clock()
    buckets = Bucket(1, clock)
    for number in range(MAX_CLIENTS):
        assert buckets.take(str(number)) == 0
    assert buckets.take("0") == 60
    assert buckets.take("one more") == 0
    assert (buckets.take("1"), buckets.take("2")) == (0, 0), "the one that asked longest ago is forgotten"
    assert buckets.take("0") == 60


def test_a_gate_lets_in_as_many_as_it_has_places() -> None:
    gate = ConcurrencyLimit(2)
    assert [gate.enter("a") for _ in range(3)] == [True, True, False]
    assert gate.enter("b")
    gate.leave("a")
    assert [gate.enter("a"), gate.enter("a")] == [True, False]


@pytest.fixture(scope="module")
def pool(small_release: Release) -> Iterator[Pool]:
    pool = Pool(small_release.store_path, 2, PATIENT)
    yield pool
    pool.close()


def client(release: Release, pool: Pool, *, proxies: int = 0, **rates: int) -> FlaskClient:
    return create_app(release, pool=pool, operation=Operation(Rates(**rates), proxies)).test_client()


def codes(client: FlaskClient, address: str, times: int, **environment: str) -> list[int]:
    return [client.get(address, environ_base=environment, buffered=True).status_code for _ in range(times)]


def test_pages_and_queries_have_limits_of_their_own(small_release: Release, pool: Pool) -> None:
    asking = client(small_release, pool, pages=3, queries=2)
    assert codes(asking, "/ontology", 4) == [200, 200, 200, 429]
    refused = asking.get("/page/programme/national-high-tech-zone")
    seconds = refused.headers["Retry-After"]
    assert (refused.status_code, seconds) == (429, "20")
    assert refused.text.splitlines() == [
        f"请求过多，请在 {seconds} 秒后再试；全部数据可在 /downloads 下载。",
        f"Too many requests: try again in {seconds} s; the whole data can be had at /downloads.",
    ]
    problem = asking.get("/ontology?lang=en", headers={"Accept": "application/json"})
    assert (problem.mimetype, problem.json["title"]) == ("application/problem+json", "Too Many Requests")
    assert codes(asking, QUERY, 3) == [200, 200, 429]
    for address in ("/health", "/metrics", "/robots.txt", "/static/guapai.css"):
        assert codes(asking, address, 5) == [200] * 5, address


def test_days_of_the_readers_choice_have_a_limit_of_their_own(small_release: Release, pool: Pool) -> None:
    asking = client(small_release, pool, days=2)
    days = [f"/ontology?as_of=2020-01-0{number}" for number in range(1, 4)]
    assert [asking.get(day).status_code for day in days] == [200, 200, 429]
    assert asking.get("/ontology?from=%202019-12-31&to=today").status_code == 429
    assert asking.get("/sources.xlsx").status_code == 429, "a workbook takes as long"
    assert asking.get("/page/finding/territorial/320583/industrial-development/2019-12-31").status_code == 429
    standing_days = ("/ontology?as_of=2022-12-31", "/page/finding/none/2022-12-31")
    assert [asking.get(day).status_code for day in standing_days for _ in range(4)] == [200] * 4 + [404] * 4
    for standing in ("/ontology", "/ontology?as_of=today", "/ontology?from=gp:underProgramme"):
        assert codes(asking, standing, 4) == [200] * 4, standing


def test_a_day_is_written_in_one_way_so_that_none_passes_uncounted() -> None:
    assert parse_day("2020-01-02", date(2026, 11, 24)) == date(2020, 1, 2)
    for other in ("20200102", "2020-W01-4", "2020W014", "２０２０-01-02", "2020-01-02T00:00"):
        assert parse_day(other, date(2026, 11, 24)) is None, other


def test_no_limit_is_set_by_nothing(small_release: Release, pool: Pool) -> None:
    assert codes(client(small_release, pool), QUERY, 70) == [200] * 70


def test_what_a_client_says_of_itself_counts_for_nothing(small_release: Release, pool: Pool) -> None:
    asking = client(small_release, pool, queries=1)
    for address, code in (("192.0.2.1", 200), ("192.0.2.2", 429)):
        answer = asking.get(QUERY, headers={"X-Forwarded-For": address}, environ_base={"REMOTE_ADDR": "198.51.100.7"})
        assert answer.status_code == code


def test_behind_a_proxy_its_word_counts_and_only_its_own(small_release: Release, pool: Pool) -> None:
    """The proxy appends the address that it sees; anything before it may be forged by the client."""
    asking = client(small_release, pool, proxies=1, queries=1)
    for header, code in (
        ("192.0.2.1", 200),
        ("192.0.2.2", 200),
        ("203.0.113.9, 192.0.2.1", 429),
        ("192.0.2.1, 203.0.113.9", 200),
    ):
        answer = asking.get(QUERY, headers={"X-Forwarded-For": header}, environ_base={"REMOTE_ADDR": "127.0.0.1"})
        assert answer.status_code == code, header


@pytest.mark.parametrize(
    ("first", "second", "code"),
    [
        ("2001:db8::1", "2001:db8::ffff:2", 429),
        ("2001:db8:0:1::1", "2001:db8:0:2::1", 200),
        ("::ffff:192.0.2.1", "192.0.2.1", 429),
        ("not an address", "another", 200),
    ],
)
def test_an_owner_of_many_addresses_is_one_client(
    small_release: Release, pool: Pool, first: str, second: str, code: int
) -> None:
    asking = client(small_release, pool, queries=1)
    assert codes(asking, QUERY, 1, REMOTE_ADDR=first) == [200]
    assert codes(asking, QUERY, 1, REMOTE_ADDR=second) == [code]


def test_a_client_has_only_so_many_queries_at_once(small_release: Release, pool: Pool) -> None:
    asking = client(small_release, pool, queries_at_once=1)
    answers = [asking.get(QUERY) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200] * 3, "a short answer is over before the server closes it"
    running = asking.get(LONG, buffered=False)
    refused = asking.get(QUERY)
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "1")
    assert codes(asking, QUERY, 1, REMOTE_ADDR="192.0.2.9") == [200], "another client is not hindered"
    assert codes(asking, "/ontology", 1) == [200]
    running.close()
    assert codes(asking, QUERY, 2) == [200, 200]
    wrong = "/sparql?query=nonsense&format=json"
    assert codes(asking, wrong, 3) == [400] * 3, "a refused query gives its place back"


def test_a_client_reads_only_so_many_long_answers_at_once(small_release: Release, pool: Pool) -> None:
    asking = client(small_release, pool, transfers_at_once=1)
    graph = "/downloads/graphs/designations.nt"
    running = asking.get(graph, buffered=False)
    assert running.status_code == 200
    assert [asking.get(graph).status_code, asking.get(LONG).status_code] == [429, 429]
    assert (asking.head(graph, buffered=True).status_code, codes(asking, QUERY, 1)) == (200, [200]), (
        "nothing long is sent"
    )
    assert codes(asking, graph, 1, REMOTE_ADDR="192.0.2.9") == [200], "another client is not hindered"
    running.close()
    assert codes(asking, graph, 2) == [200, 200]


def test_all_clients_together_read_only_so_many_long_answers_at_once(small_release: Release, pool: Pool) -> None:
    asking = client(small_release, pool, transfers_at_once=1, transfers=3, streams=1)
    graph, addresses = "/downloads/graphs/designations.nt", [f"192.0.2.{number}" for number in range(4)]
    stream = asking.get(LONG, environ_base={"REMOTE_ADDR": addresses[0]}, buffered=False)
    assert (stream.status_code, stream.content_length) == (200, None)
    refused = asking.get(LONG, environ_base={"REMOTE_ADDR": addresses[1]})
    assert (refused.status_code, refused.headers["Retry-After"]) == (503, "5")
    files = [asking.get(graph, environ_base={"REMOTE_ADDR": address}, buffered=False) for address in addresses[1:]]
    assert [found.status_code for found in files] == [200, 200, 503]
    assert codes(asking, "/ontology", 1, REMOTE_ADDR=addresses[3]) == [200]
    for found in (stream, *files):
        found.close()
    assert codes(asking, graph, 1, REMOTE_ADDR=addresses[3]) == [200], "who left gives the place back, also the refused"
    assert codes(asking, LONG, 1, REMOTE_ADDR=addresses[1]) == [200]
