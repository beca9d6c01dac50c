"""Whether the client is still there: a query whose sender has hung up is ended, for nobody would read its answer."""

import socket
import threading
from collections.abc import Mapping
from typing import Any, Self

from kg.sandbox import Answer

LOOK_EVERY = 0.25
"""Seconds between two looks at the connection."""
SOCKETS = ("gunicorn.socket", "werkzeug.socket")
"""Where servers leave the connection in the request's environment; under others a query runs to its limit."""


class Presence:
    """The client of one request, to be used in a `with` block around its query.

    One that closes only its half of the connection counts as gone, as it does for the usual proxies.
    """

    def __init__(self, environ: Mapping[str, Any]) -> None:
        # An encrypted connection cannot be looked at without reading from it: the proxy before us ends it and hangs up.
        found = (environ.get(name) for name in SOCKETS)
        self._connection = next((each for each in found if type(each) is socket.socket), None)
        self._over = threading.Event()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()

    def watch(self, answer: Answer) -> None:
        """Cancel a query when the client hangs up before the block ends."""
        if self._connection is not None:
            threading.Thread(target=self._look, args=(answer, self._connection), daemon=True, name="presence").start()

    def _look(self, answer: Answer, connection: socket.socket) -> None:
        while not self._over.wait(LOOK_EVERY):
            try:
                waiting = connection.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT)
            except BlockingIOError:
                continue
            except OSError:
                waiting = b""
            if not waiting and not self._over.is_set():
                answer.cancel()
            return
