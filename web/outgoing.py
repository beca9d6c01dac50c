"""Sockets that keep what their client does not take at once, so that no thread waits for a slow reader."""

import os
import select
import socket
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from tempfile import TemporaryFile
from typing import IO, Any

SEND_TIMEOUT_SECONDS = 30
"""Time after which a client that reads nothing of its response is disconnected."""
ROOM_BYTES = 1 << 23
"""Bytes of a response that are kept in a temporary file; of a file to be sent, nothing has to be kept."""
CHUNK_BYTES = 1 << 16
FLUSH_BYTES = 1 << 20
"""Bytes sent at a time, so that one fast reader does not keep the event loop from the others."""


class Outgoing(socket.socket):
    """Socket of a connection whose `sendall` and `sendfile` take everything at once.

    The kernel's buffer comes first; the rest stays in an unnamed temporary file, or in the file that is to be sent,
    until `flush`. A thread waits for the client only with ROOM_BYTES in the temporary file, or where the disk is full.
    """

    def __init__(self, accepted: socket.socket) -> None:
        """Take over an accepted socket."""
        super().__init__(accepted.family, accepted.type, accepted.proto, accepted.detach())
        # File, position and end of what is to be sent, in this order.
        self._parts: deque[list[int]] = deque()
        self._spool: IO[bytes] | None = None
        self._spooled = 0
        self._corked = False
        self._when_sent: list[Callable[[], object]] = []

    @property
    def kept_bytes(self) -> int:
        """Bytes that the client has not taken yet."""
        return sum(end - position for _, position, end in self._parts)

    def when_sent(self, function: Callable[[], object]) -> None:
        """Call a function when the client has taken the response, or has gone."""
        self._when_sent.append(function)

    def settle(self) -> None:
        """Call the functions that wait for the end of the response, and forget what was not sent."""
        functions, self._when_sent = self._when_sent, []
        while self._parts:
            self._done(self._parts.popleft()[0])
        if self._spool is not None:
            self._spool.close()
            self._spool, self._spooled = None, 0
        for function in functions:
            function()

    def sendall(self, data: Any, _flags: int = 0, /) -> None:  # noqa: ANN401 — any bytes
        """Send data or keep them.

        Raises:
            OSError: the client has gone, or takes nothing for SEND_TIMEOUT_SECONDS while there is no room.
        """
        rest = memoryview(data)
        if self._parts:
            self.flush()
        if not self._parts:
            # What begins an answer is held back for what follows it, so that both go out as one.
            self._corked = bytes(rest[:7]) == b"HTTP/1." and len(rest) < CHUNK_BYTES
            rest = rest[self._send(rest, socket.MSG_MORE if self._corked else 0) :]
        while rest:
            if self._spool_bytes() < ROOM_BYTES and (kept := self._keep(rest)):
                rest = rest[kept:]
                continue
            self._wait()
            self.flush()
            if not self._parts:
                rest = rest[self._send(rest) :]

    def sendfile(self, file: Any, offset: int = 0, count: int | None = None) -> int:  # noqa: ANN401 — any binary file
        """Send a part of a file, which may be closed afterwards, or keep the file open until it is sent."""
        descriptor = os.dup(file.fileno())
        size = os.fstat(descriptor).st_size - offset if count is None else count
        self._parts.append([descriptor, offset, offset + size])
        self.flush()
        return size

    def flush(self) -> int:
        """Send as much of what is kept as the client takes without waiting, at most FLUSH_BYTES; return the bytes sent.

        Raises:
            OSError: the client has gone, or the file is shorter than it was.
        """
        total = 0
        while self._parts and total < FLUSH_BYTES:
            part = self._parts[0]
            descriptor, position, end = part
            chunk = os.pread(descriptor, min(CHUNK_BYTES, end - position), position)
            if not chunk and end > position:
                raise ConnectionAbortedError("the file that was sent has been cut off")
            sent = self._send(chunk)
            part[1] += sent
            total += sent
            if part[1] == end:
                self._done(self._parts.popleft()[0])
            elif sent < len(chunk):
                break
        return total

    def uncork(self) -> None:
        """Send what was held back, where nothing followed it."""
        if self._corked:
            self._corked = False
            with suppress(OSError):
                self.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # sends what waits (tcp(7))

    def _send(self, data: bytes | memoryview, flags: int = 0) -> int:
        """Return how many bytes the kernel took."""
        try:
            return self.send(data, socket.MSG_DONTWAIT | flags) if data else 0
        except BlockingIOError:
            return 0

    def _keep(self, data: memoryview) -> int:
        """Return how many bytes found room at the end of the temporary file."""
        with suppress(OSError):
            self._spool = self._spool or TemporaryFile(buffering=0)  # noqa: SIM115 — settle() closes it
            descriptor = self._spool.fileno()
            kept = os.pwrite(descriptor, data[:CHUNK_BYTES], self._spooled)
            if not (self._parts and self._parts[-1][0] == descriptor):
                self._parts.append([descriptor, self._spooled, self._spooled])
            self._parts[-1][2] += kept
            self._spooled += kept
            return kept
        return 0

    def _spool_bytes(self) -> int:
        """Return the bytes kept in the temporary file, which is emptied when all of them are sent."""
        own = self._spool.fileno() if self._spool else -1
        kept = sum(end - position for descriptor, position, end in self._parts if descriptor == own)
        if self._spool and not kept and self._spooled:
            with suppress(OSError):
                self._spool.truncate(0)
                self._spooled = 0
        return kept

    def _wait(self) -> None:
        waiting = select.poll()
        waiting.register(self, select.POLLOUT)
        if not waiting.poll(1000 * SEND_TIMEOUT_SECONDS):
            raise ConnectionResetError("the client reads nothing")

    def _done(self, descriptor: int) -> None:
        if self._spool is None or descriptor != self._spool.fileno():
            os.close(descriptor)
