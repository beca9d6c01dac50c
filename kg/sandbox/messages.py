"""Messages between a server process and a query process: one each way for a short query, over one pair of sockets."""

import errno
import os
import socket
import struct
from collections import deque
from enum import IntEnum
from typing import NamedTuple

_HEAD = struct.Struct("!BI")
"""Head of a message: its kind, and the length of its content in bytes."""
INLINE_BYTES = 1 << 18
"""Longest answer that is sent as a message; a longer one goes through a temporary file."""
READ_BYTES = 1 << 16
_MAX_CONTENT_BYTES = 1 << 22
"""Limit of a content, above the longest request body and the longest answer in a message."""


class Stage(IntEnum):
    """Kinds of messages.

    To the query process: JOB, a query as JSON; RENEW, run the next one at the usual priority. From it: READY, its
    content is the id of the thread that runs queries; ANSWER, the whole answer; SPOOLED and STREAMING, with the file of
    an answer that is complete, or still growing; DONE, that file is complete; FAILED, the error as JSON.
    """

    JOB = 1
    RENEW = 2
    READY = 3
    ANSWER = 4
    SPOOLED = 5
    STREAMING = 6
    DONE = 7
    FAILED = 8


_WITH_FILE = (Stage.SPOOLED, Stage.STREAMING)


class Message(NamedTuple):
    """A message; descriptor: of the file that came with it, None without one."""

    stage: Stage
    content: bytes
    descriptor: int | None


class Channel:
    """One end of the pair of sockets."""

    def __init__(self, connection: socket.socket) -> None:
        self._socket, self._rest = connection, b""
        self._descriptors: deque[int] = deque()
        """Files that came, in the order of their messages, none of which was taken yet."""

    def send(
        self, stage: Stage, content: bytes = b"", descriptor: int | None = None, seconds: float | None = None
    ) -> None:
        """Send a message, with a file if a descriptor is given.

        Args:
            stage: its kind.
            content: its content.
            descriptor: of the file.
            seconds: longest wait for the other end to take it; None to wait for ever.

        Raises:
            TimeoutError: it was not taken in time, or only its beginning was.
            OSError: the other end is closed.
        """
        self._wait_at_most(seconds)
        data = _HEAD.pack(stage, len(content)) + content
        if descriptor is not None:
            sent = socket.send_fds(self._socket, [data], [descriptor])
            data = data[sent:]
        if data:
            self._socket.sendall(data)

    def receive(self, seconds: float | None = None) -> Message | None:
        """Return the next message, None if the other end is closed.

        Args:
            seconds: longest wait; None to wait for ever.

        Raises:
            TimeoutError: no message in time.
            ConnectionError: what came is no message.
            OSError: this process may open no file more, so that the one of a message was lost.
        """
        self._wait_at_most(seconds)
        while (message := self._complete()) is None:
            try:
                data, descriptors, flags, _ = socket.recv_fds(self._socket, READ_BYTES, 1)
            except ConnectionError:
                return None
            self._descriptors += descriptors
            if flags & socket.MSG_CTRUNC:
                raise OSError(errno.EMFILE, os.strerror(errno.EMFILE))
            if not data:
                return None
            self._rest = self._rest + data if self._rest else data
        return message

    def close(self) -> None:
        """Close this end, and the files that nobody took."""
        self._socket.close()
        while self._descriptors:
            os.close(self._descriptors.pop())

    def _wait_at_most(self, seconds: float | None) -> None:
        self._socket.settimeout(None if seconds is None else max(0.001, seconds))

    def _complete(self) -> Message | None:
        """Take the first message off what was received, None if it is not complete."""
        if len(self._rest) < _HEAD.size:
            return None
        number, length = _HEAD.unpack_from(self._rest)
        if length > _MAX_CONTENT_BYTES:
            raise ConnectionError("a message is too long")
        end = _HEAD.size + length
        if len(self._rest) < end:
            return None
        try:
            stage = Stage(number)
            descriptor = self._descriptors.popleft() if stage in _WITH_FILE else None
        except (ValueError, IndexError):
            raise ConnectionError(f"a message of the kind {number} is unknown, or without its file") from None
        content, self._rest = self._rest[_HEAD.size : end], self._rest[end:]
        return Message(stage, content, descriptor)
