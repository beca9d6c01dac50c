"""What visitors' queries run in and over which graphs, and what each of their failures is in HTTP."""

import re
import socket
import threading
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Self

from flask import current_app, request
from werkzeug.exceptions import HTTPException

from kg.errors import GuapaiError, QueryError, QueryTimeout, ResultTooLarge, StoreError
from kg.sandbox import Answer, Pool, PoolBusy, QueryCancelled
from kg.store import Dataset
from web.middleware.monitoring import record_outcome

CLIENT_GONE = 499
"""What servers note for a client that hung up, who is told nothing; no status of HTTP's own fits."""
STATUS: tuple[tuple[type[GuapaiError], int], ...] = (
    (QueryCancelled, CLIENT_GONE),
    (PoolBusy, HTTPStatus.SERVICE_UNAVAILABLE),
    (QueryTimeout, HTTPStatus.GATEWAY_TIMEOUT),
    (ResultTooLarge, HTTPStatus.REQUEST_ENTITY_TOO_LARGE),
    (QueryError, HTTPStatus.BAD_REQUEST),
    (StoreError, HTTPStatus.INTERNAL_SERVER_ERROR),
)
"""What each kind of failure is in HTTP; the first that fits counts."""
OUTCOMES = {
    CLIENT_GONE: "cancelled",
    HTTPStatus.SERVICE_UNAVAILABLE: "busy",
    HTTPStatus.GATEWAY_TIMEOUT: "timeout",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "too-large",
    HTTPStatus.BAD_REQUEST: "refused",
}
"""What each of them is among the figures of the server; anything else has failed."""
VOLATILE = re.compile(r"(?i)\b(?:RAND|NOW|UUID|STRUUID)\s*\(")
"""What makes an answer another one each time."""
POLL_SECONDS = 0.25
"""Seconds between two looks at the connection."""
SOCKET_KEYS = ("gunicorn.socket", "werkzeug.socket")
"""Where servers leave the connection in the request's environment; under others a query runs to its limit."""


class _NoPool(HTTPException):
    """The application was made without a pool."""

    code = HTTPStatus.SERVICE_UNAVAILABLE
    description = "This server answers no queries."


def pool() -> Pool:
    """Return what runs visitors' queries; without it this part of the site is closed."""
    found = current_app.extensions["guapai"].pool
    if not isinstance(found, Pool):
        raise _NoPool
    return found


def dataset() -> Dataset | None:
    """Return the graphs that a request names for its query, None where it names none."""
    default = tuple(request.values.getlist("default-graph-uri"))
    named = tuple(request.values.getlist("named-graph-uri"))
    return Dataset(default, named) if default or named else None


def status_of(error: GuapaiError) -> int:
    """Note how a query failed, and return its status."""
    status = next(status for kind, status in STATUS if isinstance(error, kind))
    record_outcome(OUTCOMES.get(status, "failed"))
    return status


class ClientWatch:
    """The client of one request, to be used in a `with` block around its query.

    One that closes only its half of the connection counts as gone, as it does for the usual proxies.
    """

    def __init__(self, environ: Mapping[str, Any]) -> None:
        # An encrypted connection cannot be looked at without reading from it: the proxy before us ends it and hangs up.
        found = (environ.get(name) for name in SOCKET_KEYS)
        self._connection = next((each for each in found if type(each) is socket.socket), None)
        self._ended = threading.Event()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()

    def watch(self, answer: Answer) -> None:
        """Cancel a query when the client hangs up before the block ends."""
        if self._connection is not None:
            threading.Thread(target=self._poll, args=(answer, self._connection), daemon=True, name="presence").start()

    def _poll(self, answer: Answer, connection: socket.socket) -> None:
        while not self._ended.wait(POLL_SECONDS):
            try:
                waiting = connection.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT)
            except BlockingIOError:
                continue
            except OSError:
                waiting = b""
            if not waiting and not self._ended.is_set():
                answer.cancel()
            return
