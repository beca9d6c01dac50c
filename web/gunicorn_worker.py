"""How connections come and go: a thread takes a request when all of it is there, and waits for no client to hang up.

Gunicorn gives a thread to whoever connects. A client that sends the beginning of a request and no more, or that keeps
its connection after the answer, would then hold threads, or the loop that accepts, from everybody else.
"""

import errno
import re
import socket
import struct
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from selectors import EVENT_READ
from typing import Any

from gunicorn.workers.gthread import TConn, ThreadWorker

ARRIVAL = 10.0
"""Seconds within which a request must be there, from its first byte or the end of the one before."""
STANDSTILL = 30
"""Seconds after which a client that takes nothing of its answer is let go."""
LINGER = 2.0
"""Seconds in which a client can read the end of its answer and hang up."""
HEAD, WHOLE = 1 << 16, 1 << 19
"""Bytes that the head of a request may have, and all of it; what is longer is refused unread."""
TOO_LONG = -1
REFUSAL = b"HTTP/1.1 413 Content Too Large\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
FROM_ONE_CLIENT = 100
"""Connections of one address on which no whole request has come; a browser opens a few ahead."""
DRAIN = 0.05
"""Seconds for what is left of a body that nobody read."""
LENGTH = re.compile(rb"(?i)\r\ncontent-length:[ \t]*([0-9]{1,18})[ \t]*\r\n")
EXPECT = re.compile(rb"(?i)\r\nexpect:[ \t]*100-continue[ \t]*\r\n")
CHUNKED = re.compile(rb"(?i)\r\ntransfer-encoding:")
CHUNK = re.compile(rb"([0-9A-Fa-f]{1,8})[^\r\n]*\r\n")


def missing(data: bytes) -> int:
    """Return how many bytes must be there before more can be said of a request; 0 where it is whole, or makes no sense.

    Args:
        data: what has come of it.

    Returns:
        A number of bytes, or TOO_LONG.
    """
    end = data.find(b"\r\n\r\n")
    if end < 0:
        return len(data) + 1 if len(data) < HEAD else TOO_LONG
    head, body = data[: end + 2], end + 4
    if CHUNKED.search(head):
        return _missing_of_chunks(data, body)
    length = LENGTH.search(head)
    total = body + int(length[1]) if length else body
    if total > WHOLE:
        return TOO_LONG
    return total if len(data) < total else 0


def _missing_of_chunks(data: bytes, at: int) -> int:
    while at <= WHOLE and len(data) <= WHOLE:
        if data.find(b"\r\n", at) < 0:
            return max(at, len(data)) + 1
        chunk = CHUNK.match(data, at)
        if chunk is None:
            return 0
        if int(chunk[1], 16) == 0:
            return 0 if data.find(b"\r\n\r\n", at) >= 0 else len(data) + 1
        at = chunk.end() + int(chunk[1], 16) + 2
    return TOO_LONG


def asks_first(data: bytes) -> bool:
    """Return whether a client has sent the head of a request, and its body only when told to (RFC 9110, 10.1.1)."""
    line = data.partition(b"\r\n")[0]
    return data.find(b"\r\n\r\n") == len(data) - 4 and line.endswith(b" HTTP/1.1") and bool(EXPECT.search(data))


class Connection(TConn):  # type: ignore[misc]
    """A connection that is closed by the loop, without waiting, where its client may still read."""

    def __init__(self, leave: Callable[["Connection"], None], *arguments: Any) -> None:  # noqa: ANN401 — gunicorn's own
        super().__init__(*arguments)
        self.leave, self.seen, self.wanted, self.due = leave, 0, 1, 0.0

    def close(self, graceful: bool = False) -> None:  # noqa: FBT001, FBT002 — gunicorn's own
        """Close at once, or let the client read the end of its answer first."""
        if graceful:
            self.leave(self)
        else:
            super().close()


class Worker(ThreadWorker):  # type: ignore[misc]
    """Gunicorn's worker with threads, which sees requests only when they are whole."""

    def __init__(self, *arguments: Any, **options: Any) -> None:  # noqa: ANN401 — gunicorn's own
        super().__init__(*arguments, **options)
        # Both are in the order in which they are due.
        self._arriving: dict[Connection, None] = {}
        self._leaving: dict[Connection, None] = {}
        self._clients: Counter[str] = Counter()

    def accept(self, listener: socket.socket) -> None:
        """Take a connection, and wait for its request."""
        try:
            accepted, client = listener.accept()
        except OSError as error:
            if error.errno not in (errno.EAGAIN, errno.ECONNABORTED, errno.EWOULDBLOCK):
                raise
            return
        for way, seconds in ((socket.SO_RCVTIMEO, int(ARRIVAL)), (socket.SO_SNDTIMEO, STANDSTILL)):
            accepted.setsockopt(socket.SOL_SOCKET, way, struct.pack("ll", seconds, 0))
        self.nr_conns += 1
        self._await(Connection(self._leave, self.cfg, accepted, client, listener.getsockname()))

    def on_client_socket_readable(self, conn: Connection, client: socket.socket) -> None:
        """Wait for the next request on a connection that was kept."""
        self.poller.unregister(client)
        self.keepalived_conns.remove(conn)
        self._await(conn)

    def murder_pending(self) -> None:
        """Let go of those whose time is over; of those who have asked nothing, as soon as the worker ends."""
        super().murder_pending()
        now = time.monotonic()
        for conn in [conn for conn in self._arriving if conn.due <= now or not (self.alive or conn.seen)]:
            self._drop(conn)
        for conn in [conn for conn in self._leaving if conn.due <= now]:
            self._gone(conn)

    def _keepalive_after(self, conn: Connection, keepalive: bool) -> bool:  # noqa: FBT001 — gunicorn's own
        """Return whether a connection is kept: not with an unread body, nor with half of the next request read."""
        if not keepalive or not conn.parser.finish_body(deadline=time.monotonic() + DRAIN):
            return False
        ahead = conn.parser.unreader.buf.getvalue()
        return not ahead or missing(ahead) == 0

    def _await(self, conn: Connection) -> None:
        conn.seen, conn.wanted, conn.due = 0, 1, time.monotonic() + ARRIVAL
        conn.sock.settimeout(0)
        self._arriving[conn] = None
        self._clients[_host(conn)] += 1
        self.poller.register(conn.sock, EVENT_READ, partial(self._look, conn))
        if self._clients[_host(conn)] > FROM_ONE_CLIENT:
            self._drop(conn)
        else:
            self._look(conn)

    def _look(self, conn: Connection, _socket: socket.socket | None = None) -> None:
        """Look at what has come, without taking it; a thread takes it when it is whole."""
        try:
            data = conn.sock.recv(max(HEAD, conn.wanted), socket.MSG_PEEK)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        conn.wanted = missing(data)
        if conn.wanted == TOO_LONG:
            self._refuse(conn)
        elif conn.wanted and len(data) > conn.seen:
            conn.seen = len(data)
            # The system wakes us when so much is there, and makes room for it. It counts more than the bytes, and
            # where its room is full before all has come, it wakes us in vain: hence room for twice as much.
            for room in (2 * conn.wanted, conn.wanted):
                conn.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVLOWAT, room)
            if asks_first(data):
                with suppress(OSError):
                    conn.sock.send(CONTINUE)
        elif conn.wanted:
            self._drop(conn)  # it has ended
        else:
            self._arrived(conn)
            conn.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVLOWAT, 1)
            conn.data_ready = True
            self.enqueue_req(conn)

    def _arrived(self, conn: Connection) -> None:
        self.poller.unregister(conn.sock)
        del self._arriving[conn]
        self._clients[_host(conn)] -= 1
        if not self._clients[_host(conn)]:
            del self._clients[_host(conn)]

    def _drop(self, conn: Connection) -> None:
        self._arrived(conn)
        self.nr_conns -= 1
        conn.close()

    def _refuse(self, conn: Connection) -> None:
        self._arrived(conn)
        self.nr_conns -= 1
        with suppress(OSError):
            conn.sock.send(REFUSAL)
        conn.close(graceful=True)

    def _leave(self, conn: Connection) -> None:
        """Say that nothing more comes, and wait for the client to hang up: closed before, it might lose the end."""
        try:
            conn.sock.settimeout(0)
            conn.sock.shutdown(socket.SHUT_WR)
            self.poller.register(conn.sock, EVENT_READ, partial(self._drain, conn))
        except (OSError, ValueError):
            conn.close()
            return
        conn.seen, conn.due = 0, time.monotonic() + LINGER
        self._leaving[conn] = None
        if len(self._leaving) > self.worker_connections:
            self._gone(next(iter(self._leaving)))

    def _drain(self, conn: Connection, _socket: socket.socket) -> None:
        try:
            data = conn.sock.recv(HEAD)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        conn.seen += len(data)
        if not data or conn.seen > HEAD:
            self._gone(conn)

    def _gone(self, conn: Connection) -> None:
        self.poller.unregister(conn.sock)
        del self._leaving[conn]
        conn.close()


def _host(conn: Connection) -> str:
    return str(conn.client[0]) if conn.client else ""
