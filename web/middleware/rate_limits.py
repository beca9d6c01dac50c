"""Rate limits: a token bucket for each client, one for pages and one for queries.

Buckets are kept in the memory of each process. A client that reaches N processes may thus request up to N times as
much; the limits prevent monopolization and do not count exactly.
"""

import math
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache, partial
from ipaddress import IPv6Address, ip_address, ip_network

from cachetools import LRUCache
from flask import Flask, Response, current_app, request

from web.data import DAY_PATTERN
from web.http.errors import error_response
from web.http.language import language
from web.http.responses import after_sending, vary_by_accept

MAX_CLIENTS = 20_000
"""Clients tracked; the least recently seen is evicted and starts with a full bucket."""
UNLIMITED_ENDPOINTS = ("static", "monitoring.health", "monitoring.metrics", "monitoring.robots")
"""Endpoints without a limit: static files and monitoring."""
KEPT = "kept"
"""Blueprint that passes requests on to the application of an older release, and holds a thread meanwhile."""
DAY_PARAMETERS = ("as_of", "from", "to")
"""Query parameters that may contain a date; findings of an arbitrary date take seconds to compute."""
BUFFERED_BYTES = 1 << 18
"""Bytes of a response that the kernel buffers, whether the client reads them or not."""
IPV6_NETWORK_BITS = 64
"""Prefix length of an IPv6 address that identifies a subscriber."""
BUCKETS = "guapai_buckets"
"""Key of the application's extensions: the buckets of its clients."""
NAMES = "guapai.buckets"
"""Key of the WSGI environment: names of the buckets from which a request takes."""
EVERYBODY = ""
"""Name under which all clients are counted together."""
BUSY_SECONDS = 5
"""Retry-After where all clients together read as many long responses as the process sends at once."""


@dataclass(frozen=True, slots=True)
class Rates:
    """Limits of one client in one server process; 0 is no limit.

    pages, queries: requests a minute, also the size of a burst; days: pages computed for an arbitrary date, and
    workbooks, a minute; queries_at_once: running or queued queries; transfers_at_once: responses larger than
    BUFFERED_BYTES.

    Of all clients together: transfers: such responses; streams: those of them that are sent while they are made.
    """

    pages: int = 0
    queries: int = 0
    queries_at_once: int = 0
    days: int = 0
    transfers_at_once: int = 0
    transfers: int = 0
    streams: int = 0


class Bucket:
    """Token buckets of one kind, by client."""

    def __init__(self, per_minute: int, clock: Callable[[], float] = time.monotonic) -> None:
        """Start with full buckets.

        Args:
            per_minute: tokens a minute, and in a full bucket; at least 1.
            clock: gives the time in seconds.
        """
        self._size, self._clock = per_minute, clock
        self._lock = threading.Lock()
        self._buckets: LRUCache[str, tuple[float, float]] = LRUCache(MAX_CLIENTS)

    def take(self, client: str) -> float:
        """Take a token from a client's bucket; return 0, or the seconds until one is available."""
        with self._lock:
            now = self._clock()
            tokens, then = self._buckets.pop(client, (float(self._size), now))
            tokens = min(self._size, tokens + (now - then) * self._size / 60)
            taken = tokens >= 1
            self._buckets[client] = (tokens - taken, now)
            return 0.0 if taken else (1 - tokens) * 60 / self._size


class Buckets:
    """Token buckets of all kinds."""

    def __init__(self, rates: Rates) -> None:
        """Start with full buckets; kinds without a limit have none."""
        numbers = {"pages": rates.pages, "queries": rates.queries, "days": rates.days}
        self._buckets = {name: Bucket(number) for name, number in numbers.items() if number}

    def __contains__(self, name: str) -> bool:
        return name in self._buckets

    def take(self, names: Iterable[str], client: str) -> float:
        """Take a token of each kind; return 0, or the seconds until there is one of each."""
        return max((self._buckets[name].take(client) for name in names if name in self._buckets), default=0.0)


class ConcurrencyLimit:
    """Limits the number of concurrent operations of each client."""

    def __init__(self, limit: int) -> None:
        """Start with nobody inside; 0 is no limit."""
        self._limit, self._lock = limit or math.inf, threading.Lock()
        self._inside: Counter[str] = Counter()

    def enter(self, client: str) -> bool:
        """Count a client in, unless it has reached the limit."""
        with self._lock:
            if self._inside[client] >= self._limit:
                return False
            self._inside[client] += 1
            return True

    def leave(self, client: str) -> None:
        """Count a client out."""
        with self._lock:
            self._inside[client] -= 1
            if self._inside[client] <= 0:
                del self._inside[client]


def init_app(app: Flask, rates: Rates) -> None:
    """Refuse requests over the limits before anything else is done."""
    app.extensions[BUCKETS] = buckets = Buckets(rates)
    concurrency = ConcurrencyLimit(rates.queries_at_once) if rates.queries_at_once else None
    if rates.transfers_at_once or rates.transfers or rates.streams:
        _limit_transfers(app, rates)

    @app.before_request
    def _check() -> Response | None:
        if request.endpoint in UNLIMITED_ENDPOINTS:
            return None
        name = "queries" if request.blueprint == "sparql" else "pages"
        names = (name, "days") if name == "pages" and "days" in buckets and _is_expensive() else (name,)
        request.environ[NAMES] = names
        if wait := buckets.take(names, client()):
            return too_many_requests(wait)
        if concurrency is None or name != "queries" or request.method == "OPTIONS":
            return None
        if not concurrency.enter(client()):
            return too_many_requests(1.0)
        request.environ["guapai.running_query"] = client()
        return None

    @app.after_request
    def _leave(response: Response) -> Response:
        inside = request.environ.pop("guapai.running_query", None)
        if concurrency is None or inside is None:
            return response
        if _is_long(response):
            after_sending(response, lambda: concurrency.leave(inside))
        else:
            # The query has ended; waiting for close would refuse an immediate next request of the client.
            concurrency.leave(inside)
        return response


def _limit_transfers(app: Flask, rates: Rates) -> None:
    own, all_ = ConcurrencyLimit(rates.transfers_at_once), ConcurrencyLimit(rates.transfers)
    streams = ConcurrencyLimit(rates.streams)

    @app.after_request
    def _enter(response: Response) -> Response:
        if not _is_long(response):
            return response
        threaded = response.content_length is None or request.blueprint == KEPT
        places = [(own, client()), (all_, EVERYBODY), (streams, EVERYBODY)][: 3 if threaded else 2]
        for number, (limit, who) in enumerate(places):
            if not limit.enter(who):
                for entered, name in places[:number]:
                    entered.leave(name)
                response.close()
                return too_many_requests(1.0) if limit is own else _busy()
        for limit, who in places:
            after_sending(response, partial(limit.leave, who))
        return response


def _is_long(response: Response) -> bool:
    """Return whether sending a response may block on its client."""
    if request.method == "HEAD" or response.status_code in (204, 304):
        return False
    size = response.content_length
    return response.is_streamed if size is None else size > BUFFERED_BYTES


def _is_expensive() -> bool:
    """Return whether a response is a workbook or computed for an arbitrary date, or has to open an older release."""
    if request.path.endswith(".xlsx") or _opens_release():
        return True
    named = [*(request.args.get(name, "").strip() for name in DAY_PARAMETERS), request.path.rpartition("/")[2]]
    requested = set(filter(DAY_PATTERN.fullmatch, named))
    computed = current_app.extensions["guapai"].computed
    if requested and computed:
        requested -= {str(day) for day in computed.days}
    return bool(requested)


def _opens_release() -> bool:
    kept = current_app.extensions.get("guapai_kept")
    return request.endpoint == f"{KEPT}.release" and not (kept and kept.is_open((request.view_args or {})["key"]))


def too_many_requests(wait: float) -> Response:
    """Return 429.

    Args:
        wait: seconds until the next attempt, for Retry-After.
    """
    seconds = max(1, math.ceil(wait))
    sentences = {
        "zh": f"请求过多，请在 {seconds} 秒后再试；全部数据可在 /downloads 下载。",
        "en": f"Too many requests: try again in {seconds} s; the whole data can be had at /downloads.",
    }
    return _refusal(429, sentences, seconds)


def _busy() -> Response:
    """Return 503 where all clients together read too many long responses."""
    sentences = {
        "zh": f"服务器正在发送许多大文件，请在 {BUSY_SECONDS} 秒后再试。",
        "en": f"The server is sending many long answers: try again in {BUSY_SECONDS} s.",
    }
    return _refusal(503, sentences, BUSY_SECONDS)


def _refusal(status: int, sentences: Mapping[str, str], seconds: int) -> Response:
    response = None if request.blueprint == "sparql" else error_response(status, sentences[language()])
    if response is None:
        both = "\n".join(sentences.values()) + "\n"
        response = vary_by_accept(Response(both, status=status, content_type="text/plain; charset=utf-8"))
    response.headers["Retry-After"] = str(seconds)
    return response


def client() -> str:
    """Return the IPv4 address or the IPv6 network of the client."""
    return client_of(request.remote_addr or "")


@lru_cache
def client_of(given: str) -> str:
    """Return the IPv4 address or the IPv6 network of an address; of one that is none its beginning."""
    try:
        address = ip_address(given)
    except ValueError:
        return given[:64]
    if isinstance(address, IPv6Address):
        mapped = address.ipv4_mapped
        return str(mapped) if mapped else str(ip_network((address, IPV6_NETWORK_BITS), strict=False))
    return str(address)
