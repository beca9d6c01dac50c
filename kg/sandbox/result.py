"""Answer to one visitor's query: bytes in memory or, of a long one, in an unnamed temporary file."""

import json
import os
import threading
from collections.abc import Callable, Iterator, Mapping
from enum import IntEnum
from typing import Protocol, Self

from kg.errors import GuapaiError
from kg.sandbox.limits import QueryCancelled
from kg.store.formats import Format
from kg.store.guard import Kind

_CHUNK_BYTES = 1 << 18
_POLL_SECONDS = 0.05


class Process(Protocol):
    """Process that runs the query."""

    def kill(self) -> None:
        """Kill the process."""


class _Stage(IntEnum):
    WAITING = 0
    RUNNING = 1
    STREAMING = 2
    FINISHED = 3


class Answer:
    """Answer to one query: bytes, complete or still growing. Close it, or use it in a `with` block.

    kind: kind of the query; form: format of the bytes; job: what is sent to the worker.
    """

    def __init__(self, kind: Kind, form: Format, job: Mapping[str, object]) -> None:
        self.kind, self.form, self.job = kind, form, json.dumps(job).encode()
        self._changed = threading.Condition()
        self._stage = _Stage.WAITING
        self._failure: GuapaiError | None = None
        self._worker: Process | None = None
        self._content = b""
        self._file: int | None = None
        self._when_cancelled: Callable[[], object] | None = None
        self._closed = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __iter__(self) -> Iterator[bytes]:
        """Yield the bytes in order, waiting for those not yet written.

        Raises:
            GuapaiError: the query failed; bytes that were yielded before are then invalid.
            ValueError: the answer is closed.
        """
        position = 0
        while True:
            with self._changed:
                finished, file = self._stage is _Stage.FINISHED, self._file
            self.raise_failure()
            if self._closed:
                raise ValueError("the answer is closed")
            if finished and file is None:
                yield self._content
                return
            chunk = b"" if file is None else os.pread(file, _CHUNK_BYTES, position)
            if chunk:
                position += len(chunk)
                yield chunk
            elif finished:
                return
            else:
                with self._changed:
                    self._changed.wait_for(lambda: self._stage is _Stage.FINISHED, _POLL_SECONDS)

    @property
    def size(self) -> int | None:
        """Bytes of the complete answer, None while it is being written and where the query failed."""
        with self._changed:
            if self._stage is not _Stage.FINISHED or self._failure is not None:
                return None
            return len(self._content) if self._file is None else os.fstat(self._file).st_size

    @property
    def whole(self) -> bytes | None:
        """The complete answer where it is in memory, else None."""
        complete = self._stage is _Stage.FINISHED and self._failure is None and not self._closed
        return self._content if complete and self._file is None else None

    def complete(self) -> None:
        """Wait until the answer is complete.

        Raises:
            GuapaiError: the query failed; the answer is then closed.
        """
        with self._changed:
            self._changed.wait_for(lambda: self._stage is _Stage.FINISHED)
        if self._failure is not None:
            self.close()
        self.raise_failure()

    def cancel(self) -> None:
        """Cancel the query if it is not finished; its worker is killed."""
        with self._changed:
            if self._stage is _Stage.FINISHED:
                return
            if self._worker is not None:
                self._worker.kill()
            self.finish(QueryCancelled("The query was cancelled."))
            if self._when_cancelled:
                self._when_cancelled()

    def close(self) -> None:
        """Cancel the query if it is not finished, and delete the file."""
        self.cancel()
        with self._changed:
            self._closed, file, self._file = True, self._file, None
            if file is not None:
                os.close(file)

    def wait(self, when_cancelled: Callable[[], object]) -> bool:
        """Have a function called if the query is cancelled while it waits; return False if it was already."""
        with self._changed:
            self._when_cancelled = when_cancelled
            return self._stage is _Stage.WAITING

    def begin(self, worker: Process) -> bool:
        """Mark the query as running; return False if it was cancelled before."""
        with self._changed:
            if self._stage is not _Stage.WAITING:
                return False
            self._stage, self._worker, self._when_cancelled = _Stage.RUNNING, worker, None
            return True

    def restart(self) -> bool:
        """Let another worker run the query; return False if bytes may have been read or the query has ended."""
        with self._changed:
            if self._stage is _Stage.RUNNING:
                self._stage, self._worker = _Stage.WAITING, None
            return self._stage is _Stage.WAITING

    def take(self, content: bytes, file: int | None) -> None:
        """Take the bytes of the answer, or the file that has them, which is closed at once if nobody reads it."""
        with self._changed:
            if self._stage is not _Stage.FINISHED:
                self._content, self._file = content, file
            elif file is not None:
                os.close(file)

    def start_streaming(self) -> None:
        """Let the reader have the bytes written so far."""
        with self._changed:
            self._stage = max(self._stage, _Stage.STREAMING)

    def finish(self, failure: GuapaiError | None) -> None:
        """Mark the query as finished; only the first call counts."""
        with self._changed:
            if self._stage is not _Stage.FINISHED:
                self._stage, self._failure, self._worker = _Stage.FINISHED, failure, None
            self._changed.notify_all()

    def raise_failure(self) -> None:
        """Raise the error with which the query ended, if any.

        Raises:
            GuapaiError: the query failed.
        """
        if self._failure is not None:
            raise self._failure
