"""Answer to one visitor's query: bytes in an unnamed temporary file, written by a worker, read by the request."""

import json
import os
import tempfile
import threading
from collections.abc import Iterator, Mapping
from enum import IntEnum
from typing import Protocol, Self

from kg.errors import GuapaiError
from kg.sandbox.limits import PoolBusy, QueryCancelled
from kg.store.formats import Format
from kg.store.guard import Kind

_CHUNK_BYTES = 1 << 16
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

    kind: kind of the query; form: format of the bytes.
    """

    def __init__(self, kind: Kind, form: Format, job: Mapping[str, object]) -> None:
        self.kind, self.form = kind, form
        self._changed = threading.Condition()
        self._stage = _Stage.WAITING
        self._failure: GuapaiError | None = None
        self._worker: Process | None = None
        # The file carries the job to the worker, which then overwrites it with the answer.
        self._spool = tempfile.TemporaryFile(buffering=0)  # noqa: SIM115 - close() closes it
        self._job = json.dumps(job).encode()
        self._spool.write(self._job)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __iter__(self) -> Iterator[bytes]:
        """Yield the bytes in order, waiting for those not yet written.

        Raises:
            GuapaiError: the query failed; bytes that were yielded before are then invalid.
        """
        position = 0
        while True:
            with self._changed:
                finished, failure = self._stage is _Stage.FINISHED, self._failure
            if failure is not None:
                raise failure
            chunk = os.pread(self._spool.fileno(), _CHUNK_BYTES, position)
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
            complete = self._stage is _Stage.FINISHED and self._failure is None
            return os.fstat(self._spool.fileno()).st_size if complete else None

    def complete(self) -> None:
        """Wait until the answer is complete.

        Raises:
            GuapaiError: the query failed; the answer is then closed.
        """
        with self._changed:
            self._changed.wait_for(lambda: self._stage is _Stage.FINISHED)
        if self._failure is not None:
            self.close()
            raise self._failure

    def cancel(self) -> None:
        """Cancel the query if it is not finished; its worker is killed."""
        with self._changed:
            if self._stage is not _Stage.FINISHED and self._worker is not None:
                self._worker.kill()
            self.finish(QueryCancelled("The query was cancelled."))

    def close(self) -> None:
        """Cancel the query if it is not finished, and delete the file."""
        self.cancel()
        self._spool.close()

    def begin(self, worker: Process) -> int | None:
        """Mark the query as running; return the file descriptor, None if the query was cancelled while it waited."""
        with self._changed:
            if self._stage is not _Stage.WAITING:
                return None
            self._stage, self._worker = _Stage.RUNNING, worker
            self._changed.notify_all()
            return self._spool.fileno()

    def restart(self) -> bool:
        """Put the job back for another worker; return False if bytes may have been read or the query has ended."""
        with self._changed:
            if self._stage is _Stage.RUNNING:
                self._stage, self._worker = _Stage.WAITING, None
                self._spool.truncate(0)
                self._spool.seek(0)
                self._spool.write(self._job)
            return self._stage is _Stage.WAITING

    def start_streaming(self) -> None:
        """Let the reader have the bytes written so far."""
        with self._changed:
            self._stage = max(self._stage, _Stage.STREAMING)
            self._changed.notify_all()

    def finish(self, failure: GuapaiError | None) -> None:
        """Mark the query as finished; only the first call counts."""
        with self._changed:
            if self._stage is not _Stage.FINISHED:
                self._stage, self._failure, self._worker = _Stage.FINISHED, failure, None
            self._changed.notify_all()

    def wait(self, seconds: float) -> None:
        """Wait until the answer is finished or its first bytes can be sent.

        Args:
            seconds: longest wait for a worker; the time of the query itself is limited by the worker's thread.

        Raises:
            GuapaiError: the query failed; `PoolBusy` if no worker became free.
        """
        with self._changed:
            if not self._changed.wait_for(lambda: self._stage > _Stage.WAITING, seconds):
                raise PoolBusy(
                    f"The server is busy: the query waited {seconds:g} seconds for its turn. Try again later."
                )
            self._changed.wait_for(lambda: self._stage >= _Stage.STREAMING)
            if self._failure is not None:
                raise self._failure
