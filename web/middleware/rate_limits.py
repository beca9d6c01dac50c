"""How much one client may ask: a bucket of tokens for each address, one for pages and one for queries.

The buckets stand in the memory of each server process. A client whose connections reach all of N processes may thus ask
up to N times as much; the limit is there to keep one client from taking everything, not to count exactly.
"""

import math
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address, ip_network

from cachetools import LRUCache
from flask import Flask, Response, current_app, request

from web.data import DAY
from web.http.errors import told
from web.http.language import language
from web.http.responses import varying

CLIENTS = 20_000
"""Clients that are remembered; the one that asked longest ago is forgotten first, and begins with a full bucket."""
FREE = ("static", "monitoring.health", "monitoring.metrics", "monitoring.robots")
"""Endpoints without a limit: what browsers keep, and what those who run the server ask."""
DAYS = ("as_of", "from", "to")
"""Parameters that can name a day, besides the end of a path; to find all overlaps of a day takes seconds."""
SOON_SENT = 1 << 18
"""Bytes of an answer that the system sends by itself, whether the client reads them soon or not."""
NETWORK = 64
"""Bits of an IPv6 address that tell its owner; the rest is the owner's to choose."""


@dataclass(frozen=True, slots=True)
class Rates:
    """What one client may ask of one server process; 0 is no limit.

    pages, queries: requests a minute, after a still minute so many in a row; days: of the pages those that are computed
    for a day of the reader's choice, and workbooks; queries_at_once: queries that run or wait; transfers_at_once:
    answers so long that their sending waits for the client to read them.
    """

    pages: int = 0
    queries: int = 0
    queries_at_once: int = 0
    days: int = 0
    transfers_at_once: int = 0


class Buckets:
    """A bucket for each client: so many tokens flow in within a minute, and no more than that stand in it."""

    def __init__(self, per_minute: int, clock: Callable[[], float] = time.monotonic) -> None:
        """Start with every bucket full.

        Args:
            per_minute: tokens a minute, and in a full bucket; at least 1.
            clock: gives the time in seconds.
        """
        self._size, self._clock = per_minute, clock
        self._lock = threading.Lock()
        self._buckets: LRUCache[str, tuple[float, float]] = LRUCache(CLIENTS)

    def take(self, client: str) -> float:
        """Take a token out of a client's bucket; return 0, or the seconds until there will be one."""
        with self._lock:
            now = self._clock()
            tokens, then = self._buckets.pop(client, (float(self._size), now))
            tokens = min(self._size, tokens + (now - then) * self._size / 60)
            taken = tokens >= 1
            self._buckets[client] = (tokens - taken, now)
            return 0.0 if taken else (1 - tokens) * 60 / self._size


class Gate:
    """Counts what runs at once for each client."""

    def __init__(self, places: int) -> None:
        self._places, self._lock = places, threading.Lock()
        self._inside: Counter[str] = Counter()

    def enter(self, client: str) -> bool:
        """Let a client in, unless all its places are taken."""
        with self._lock:
            if self._inside[client] >= self._places:
                return False
            self._inside[client] += 1
            return True

    def leave(self, client: str) -> None:
        """Free a place."""
        with self._lock:
            self._inside[client] -= 1
            if self._inside[client] <= 0:
                del self._inside[client]


def limit(app: Flask, rates: Rates) -> None:
    """Refuse what passes the limits of a client, before anything else is done for it."""
    buckets = {name: Buckets(number) for name in ("pages", "queries", "days") if (number := getattr(rates, name))}
    gate = Gate(rates.queries_at_once) if rates.queries_at_once else None
    if rates.transfers_at_once:
        _limit_transfers(app, Gate(rates.transfers_at_once))

    @app.before_request
    def _take() -> Response | None:
        if request.endpoint in FREE:
            return None
        name = "queries" if request.blueprint == "sparql" else "pages"
        names = [name, "days"] if name == "pages" and "days" in buckets and _takes_long() else [name]
        wait = max(buckets[name].take(client()) if name in buckets else 0.0 for name in names)
        if wait:
            return too_many(wait)
        if gate is None or name != "queries" or request.method == "OPTIONS":
            return None
        if not gate.enter(client()):
            return too_many(1.0)
        request.environ["guapai.inside"] = client()
        return None

    @app.after_request
    def _leave(response: Response) -> Response:
        inside = request.environ.pop("guapai.inside", None)
        if gate is None or inside is None:
            return response
        if _is_long(response):
            response.call_on_close(lambda: gate.leave(inside))
        else:
            # The query is over. A client that asks again at once would else meet its own place, not yet left.
            gate.leave(inside)
        return response


def _limit_transfers(app: Flask, gate: Gate) -> None:
    @app.after_request
    def _enter(response: Response) -> Response:
        if not _is_long(response):
            return response
        who = client()
        if not gate.enter(who):
            response.close()
            return too_many(1.0)
        response.call_on_close(lambda: gate.leave(who))
        return response


def _is_long(response: Response) -> bool:
    """Whether the sending of an answer may have to wait for its client."""
    if request.method == "HEAD" or response.status_code in (204, 304):
        return False
    size = response.content_length
    return response.is_streamed if size is None else size > SOON_SENT


def _takes_long() -> bool:
    """Whether the answer is a workbook, or computed for a day that the reader names; a standing day is remembered."""
    if request.path.endswith(".xlsx"):
        return True
    named = [*(request.args.get(name, "").strip() for name in DAYS), request.path.rpartition("/")[2]]
    asked = set(filter(DAY.fullmatch, named))
    computed = current_app.extensions["guapai"].computed
    if asked and computed:
        asked -= {str(day) for day in computed.days}
    return bool(asked)


def too_many(wait: float) -> Response:
    """Return the answer to a client that asks too much.

    Args:
        wait: seconds after which it may ask again.
    """
    seconds = max(1, math.ceil(wait))
    said = {
        "zh": f"请求过多，请在 {seconds} 秒后再试；全部数据可在 /downloads 下载。",
        "en": f"Too many requests: try again in {seconds} s; the whole data can be had at /downloads.",
    }
    response = None if request.blueprint == "sparql" else told(429, said[language()])
    if response is None:
        both = "\n".join(said.values()) + "\n"
        response = varying(Response(both, status=429, content_type="text/plain; charset=utf-8"))
    response.headers["Retry-After"] = str(seconds)
    return response


def client() -> str:
    """Return what a client is known by: its IPv4 address, or the network of its IPv6 address."""
    given = request.remote_addr or ""
    try:
        address = ip_address(given)
    except ValueError:
        return given[:64]
    if isinstance(address, IPv6Address):
        mapped = address.ipv4_mapped
        return str(mapped) if mapped else str(ip_network((address, NETWORK), strict=False))
    return str(address)
