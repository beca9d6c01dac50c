"""Run visitors' queries: pool, dataset, cancellation when the client disconnects, HTTP status of errors."""

import re
import socket
import ssl
import threading
import time
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Self

from flask import current_app, request
from werkzeug.exceptions import HTTPException

from kg.errors import GuapaiError, NotWritable, QueryError, QueryTimeout, ResultTooLarge, StoreError
from kg.sandbox import Answer, NoRoom, Pool, PoolBusy, QueryCancelled, WorkerLost
from kg.store import Dataset
from web.middleware.monitoring import record_outcome

CLIENT_GONE = 499
"""Status logged when a client disconnects, as in nginx; never sent."""
FAILURES: tuple[tuple[type[GuapaiError], int, str], ...] = (
    (QueryCancelled, CLIENT_GONE, "cancelled"),
    (PoolBusy, HTTPStatus.SERVICE_UNAVAILABLE, "busy"),
    (WorkerLost, HTTPStatus.SERVICE_UNAVAILABLE, "failed"),
    (NoRoom, HTTPStatus.SERVICE_UNAVAILABLE, "failed"),
    (QueryTimeout, HTTPStatus.GATEWAY_TIMEOUT, "timeout"),
    (ResultTooLarge, HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "too-large"),
    (NotWritable, HTTPStatus.NOT_ACCEPTABLE, "refused"),
    (QueryError, HTTPStatus.BAD_REQUEST, "refused"),
    (StoreError, HTTPStatus.INTERNAL_SERVER_ERROR, "failed"),
)
"""Class of error to HTTP status and outcome in the metrics; the first match counts."""
VOLATILE = re.compile(r"(?i)\b(?:RAND|NOW|UUID|STRUUID)\s*\(")
"""Functions that make a result differ each time."""
POLL_SECONDS = 0.25
"""Interval in seconds at which the connection is checked."""
SOCKET_KEYS = ("gunicorn.socket", "werkzeug.socket")
"""Key of the connection in the WSGI environment, by server; under other servers queries run to their limit."""


class _NoPool(HTTPException):
    """The application has no sandbox pool."""

    code = HTTPStatus.SERVICE_UNAVAILABLE
    description = "This server answers no queries."


def pool() -> Pool:
    """Return the sandbox pool; 503 without one."""
    found = current_app.extensions["guapai"].pool
    if not isinstance(found, Pool):
        raise _NoPool
    return found


def dataset() -> Dataset | None:
    """Return the graphs named in the request, None if there are none; an empty parameter names none."""
    default = tuple(filter(None, request.values.getlist("default-graph-uri")))
    named = tuple(filter(None, request.values.getlist("named-graph-uri")))
    return Dataset(default, named) if default or named else None


def status_of(error: GuapaiError) -> int:
    """Record the outcome of a failed query and return its HTTP status."""
    status, outcome = next((status, outcome) for kind, status, outcome in FAILURES if isinstance(error, kind))
    record_outcome(outcome)
    return status


class ClientWatch:
    """Context manager that cancels a query when its client disconnects.

    A half-closed connection counts as disconnected, as it does for common proxies.
    """

    def __init__(self, environ: Mapping[str, Any]) -> None:
        # TLS sockets do not support MSG_PEEK; TLS ends at the proxy, which disconnects from us.
        found = [each for each in map(environ.get, SOCKET_KEYS) if isinstance(each, socket.socket)]
        self._connection = next((each for each in found if not isinstance(each, ssl.SSLSocket)), None)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._connection is not None:
            _presence.leave(self)

    def watch(self, answer: Answer) -> None:
        """Cancel a query if the client disconnects before the block ends."""
        if self._connection is not None:
            _presence.enter(self, answer, self._connection)


class _Presence:
    """The connections of all queries of this process, looked at by one thread while there are any."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._watched: dict[ClientWatch, tuple[Answer, socket.socket]] = {}
        self._watching = False

    def enter(self, watch: ClientWatch, answer: Answer, connection: socket.socket) -> None:
        """Look at the connection of an answer from now on."""
        with self._lock:
            self._watched[watch] = answer, connection
            if not self._watching:
                self._watching = True
                threading.Thread(target=self._look, daemon=True, name="presence").start()

    def leave(self, watch: ClientWatch) -> None:
        """Look no more; the connection may be used for the next request."""
        with self._lock:
            self._watched.pop(watch, None)

    def _look(self) -> None:
        while True:
            time.sleep(POLL_SECONDS)
            with self._lock:
                if not self._watched:
                    self._watching = False
                    return
                gone = [answer for answer, connection in self._watched.values() if _is_closed(connection)]
            for answer in gone:
                answer.cancel()


def _is_closed(connection: socket.socket) -> bool:
    try:
        return not connection.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT)
    except BlockingIOError:
        return False
    except OSError:
        return True


_presence = _Presence()
