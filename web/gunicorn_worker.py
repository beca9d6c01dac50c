"""Gunicorn worker that buffers complete requests and responses, so slow clients cannot occupy worker threads.

Gunicorn's own worker assigns a thread to each connection, so a client that sends half a request, reads its response
slowly, or keeps its connection open after it, blocks threads or the accept loop.
"""

import errno
import socket
import struct
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from functools import partial
from selectors import EVENT_READ, EVENT_WRITE
from typing import Any

from gunicorn.glogging import Logger
from gunicorn.workers.gthread import TConn, ThreadWorker

from web import outgoing
from web.incoming import MAX_HEADER_BYTES, TOO_LONG, expects_continue, missing_bytes
from web.outgoing import Outgoing

REQUEST_TIMEOUT_SECONDS = 10.0
"""Time to receive a complete request, from its first byte or the end of the previous one."""
NOTIFY_SECONDS = 1.0
"""Interval at which the master is told that a worker lives; it waits for half a minute."""
LINGER_SECONDS = 2.0
"""Time for a client to read the end of a response and close the connection."""
REFUSAL = b"HTTP/1.1 413 Content Too Large\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
MAX_PENDING_PER_CLIENT = 100
"""Connections of one address without a complete request, or with an unread response; browsers open a few ahead."""
DRAIN_SECONDS = 0.05
"""Time to drain an unread body."""


class Connection(TConn):  # type: ignore[misc]
    """A connection that the event loop closes without blocking, after its client has read the response."""

    def __init__(self, linger: Callable[["Connection"], None], *arguments: Any) -> None:  # noqa: ANN401 — gunicorn's own
        super().__init__(*arguments)
        self.linger, self.seen_bytes, self.wanted_bytes, self.deadline = linger, 0, 1, 0.0

    def close(self, graceful: bool = False) -> None:  # noqa: FBT001, FBT002 — gunicorn's own
        """Close at once, or after the client has read the end of the response."""
        if graceful:
            self.linger(self)
        else:
            super().close()


class ErrorLogger(Logger):  # type: ignore[misc]
    """Gunicorn's log without a line a request, which `web.middleware.logs` writes; its fields are not even made."""

    access_log_enabled = False


class Worker(ThreadWorker):  # type: ignore[misc]
    """Gunicorn's threaded worker, which hands over complete requests only."""

    def __init__(self, *arguments: Any, **options: Any) -> None:  # noqa: ANN401 — gunicorn's own
        super().__init__(*arguments, **options)
        # All ordered by deadline.
        self._pending: dict[Connection, None] = {}
        self._lingering: dict[Connection, None] = {}
        self._sending: dict[Connection, Future[object]] = {}
        self._clients: Counter[str] = Counter()
        self._notified = 0.0

    def notify(self) -> None:
        """Tell the master that this worker lives, not with every event."""
        if (now := time.monotonic()) - self._notified >= NOTIFY_SECONDS:
            self._notified = now
            super().notify()

    def accept(self, listener: socket.socket) -> None:
        """Accept a connection and wait for its request; where room ends, the oldest that waits in vain ends."""
        try:
            accepted, client = listener.accept()
        except OSError as error:
            if error.errno not in (errno.EAGAIN, errno.ECONNABORTED, errno.EWOULDBLOCK):
                raise
            return
        limit = struct.pack("ll", int(REQUEST_TIMEOUT_SECONDS), 0)
        accepted.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, limit)
        self.nr_conns += 1
        self._wait_for_request(Connection(self._linger, self.cfg, Outgoing(accepted), client, listener.getsockname()))
        if self.nr_conns >= self.worker_connections and len(self._pending) > 1:
            self._close_pending(next(iter(self._pending)))

    def on_client_socket_readable(self, conn: Connection, client: socket.socket) -> None:
        """Wait for the next request on a kept-alive connection."""
        self.poller.unregister(client)
        self.keepalived_conns.remove(conn)
        self._wait_for_request(conn)

    def is_parent_alive(self) -> bool:
        """Return whether the master is there; without it nothing is accepted, and the port is free for another."""
        alive = bool(super().is_parent_alive())
        if not alive:
            self.set_accept_enabled(False)
            for listener in self.sockets:
                listener.close()
        return alive

    def murder_pending(self) -> None:
        """Close timed-out connections; on shutdown also close idle ones."""
        super().murder_pending()
        now = time.monotonic()
        for conn in [conn for conn in self._pending if conn.deadline <= now or not (self.alive or conn.seen_bytes)]:
            self._close_pending(conn)
        for conn in [conn for conn in self._lingering if conn.deadline <= now]:
            self._close_lingering(conn)
        for conn in [conn for conn in self._sending if conn.deadline <= now]:
            self._close_sending(conn)

    def handle(self, conn: Connection) -> object:
        """Answer a request in a thread; what the client does not take at once is sent by the event loop."""
        try:
            return super().handle(conn)
        finally:
            conn.sock.uncork()
            if not conn.sock.kept_bytes:
                conn.sock.settle()

    def finish_request(self, conn: Connection, done: Future[object]) -> None:
        """Send the rest of a response, then go on with the connection as gunicorn does."""
        if not conn.sock.kept_bytes or conn.sock.fileno() < 0:
            conn.sock.settle()
            super().finish_request(conn, done)
            return
        conn.sock.settimeout(0)
        self._sending[conn] = done
        self._clients[_host(conn)] += 1
        conn.deadline = time.monotonic() + outgoing.SEND_TIMEOUT_SECONDS
        self.poller.register(conn.sock, EVENT_WRITE, partial(self._send_more, conn))
        if self._clients[_host(conn)] > MAX_PENDING_PER_CLIENT:
            self._close_sending(conn)

    def _send_more(self, conn: Connection, _socket: socket.socket) -> None:
        try:
            sent = conn.sock.flush()
        except OSError:
            self._close_sending(conn)
            return
        if not conn.sock.kept_bytes:
            self.finish_request(conn, self._stop_sending(conn))
        elif sent:
            self._sending[conn] = self._sending.pop(conn)
            conn.deadline = time.monotonic() + outgoing.SEND_TIMEOUT_SECONDS

    def _stop_sending(self, conn: Connection) -> Future[object]:
        self.poller.unregister(conn.sock)
        self._forget_client(conn)
        return self._sending.pop(conn)

    def _close_sending(self, conn: Connection) -> None:
        self._stop_sending(conn)
        self.nr_conns -= 1
        conn.sock.settle()
        conn.close()

    def _keepalive_after(self, conn: Connection, keepalive: bool) -> bool:  # noqa: FBT001 — gunicorn's own
        """Return whether to keep a connection: not with an unread body or a partly read next request."""
        if not keepalive or not conn.parser.finish_body(deadline=time.monotonic() + DRAIN_SECONDS):
            return False
        ahead = conn.parser.unreader.buf.getvalue()
        return not ahead or missing_bytes(ahead) == 0

    def _wait_for_request(self, conn: Connection) -> None:
        conn.seen_bytes, conn.wanted_bytes, conn.deadline = 0, 1, time.monotonic() + REQUEST_TIMEOUT_SECONDS
        conn.sock.settimeout(0)
        if self._is_complete(conn):
            self._hand_over(conn)
            return
        self._pending[conn] = None
        self._clients[_host(conn)] += 1
        self.poller.register(conn.sock, EVENT_READ, partial(self._peek, conn))
        if self._clients[_host(conn)] > MAX_PENDING_PER_CLIENT:
            self._close_pending(conn)
        else:
            self._peek(conn)

    def _is_complete(self, conn: Connection) -> bool:
        """Return whether a whole request is there already, as it mostly is."""
        try:
            data = conn.sock.recv(MAX_HEADER_BYTES, socket.MSG_PEEK)
        except OSError:
            return False
        return bool(data) and missing_bytes(data) == 0

    def _hand_over(self, conn: Connection) -> None:
        conn.data_ready = True
        self.enqueue_req(conn)

    def _peek(self, conn: Connection, _socket: socket.socket | None = None) -> None:
        """Peek at the received bytes; a complete request is queued for a thread."""
        try:
            data = conn.sock.recv(max(MAX_HEADER_BYTES, conn.wanted_bytes), socket.MSG_PEEK)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        conn.wanted_bytes = missing_bytes(data)
        if conn.wanted_bytes == TOO_LONG:
            self._refuse(conn)
        elif conn.wanted_bytes and len(data) > conn.seen_bytes:
            conn.seen_bytes = len(data)
            # SO_RCVLOWAT wakes us at so many bytes and enlarges the buffer. The kernel counts overhead as well, and
            # a full buffer wakes us early: hence first twice the size.
            for room in (2 * conn.wanted_bytes, conn.wanted_bytes):
                conn.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVLOWAT, room)
            if expects_continue(data):
                with suppress(OSError):
                    conn.sock.send(CONTINUE)
        elif conn.wanted_bytes:
            self._close_pending(conn)  # closed by the client
        else:
            self._stop_waiting(conn)
            conn.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVLOWAT, 1)
            self._hand_over(conn)

    def _stop_waiting(self, conn: Connection) -> None:
        self.poller.unregister(conn.sock)
        del self._pending[conn]
        self._forget_client(conn)

    def _forget_client(self, conn: Connection) -> None:
        self._clients[_host(conn)] -= 1
        if not self._clients[_host(conn)]:
            del self._clients[_host(conn)]

    def _close_pending(self, conn: Connection) -> None:
        self._stop_waiting(conn)
        self.nr_conns -= 1
        conn.close()

    def _refuse(self, conn: Connection) -> None:
        self._stop_waiting(conn)
        self.nr_conns -= 1
        with suppress(OSError):
            conn.sock.send(REFUSAL)
        conn.close(graceful=True)

    def _linger(self, conn: Connection) -> None:
        """Shut down sending and wait for the client to close; closing first could lose the end of the response."""
        try:
            conn.sock.settimeout(0)
            conn.sock.shutdown(socket.SHUT_WR)
            self.poller.register(conn.sock, EVENT_READ, partial(self._drain, conn))
        except (OSError, ValueError):
            conn.close()
            return
        conn.seen_bytes, conn.deadline = 0, time.monotonic() + LINGER_SECONDS
        self._lingering[conn] = None
        if len(self._lingering) > self.worker_connections:
            self._close_lingering(next(iter(self._lingering)))

    def _drain(self, conn: Connection, _socket: socket.socket) -> None:
        try:
            data = conn.sock.recv(MAX_HEADER_BYTES)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        conn.seen_bytes += len(data)
        if not data or conn.seen_bytes > MAX_HEADER_BYTES:
            self._close_lingering(conn)

    def _close_lingering(self, conn: Connection) -> None:
        self.poller.unregister(conn.sock)
        del self._lingering[conn]
        conn.close()


def _host(conn: Connection) -> str:
    return str(conn.client[0]) if conn.client else ""
