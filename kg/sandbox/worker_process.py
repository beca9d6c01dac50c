"""Control of a worker process: start, one query at a time, kill at a limit, replacement."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import IO, Any

from kg.errors import GuapaiError, NotWritable, QueryError, QueryTimeout, ResultTooLarge, StoreError
from kg.sandbox.limits import Limits, NoRoom, WorkerLost, too_much_memory
from kg.sandbox.result import Answer

START_SECONDS = 60.0
"""Timeout of a worker's start, in which it opens its store."""
_ERRORS: dict[str, Callable[..., GuapaiError]] = {
    error.code: error for error in (QueryError, NotWritable, ResultTooLarge, StoreError, NoRoom)
}
"""Errors that a worker may report, by code."""


class Worker:
    """Handle of a worker process, which is replaced when it ends."""

    def __init__(self, store_path: Path, limits: Limits) -> None:
        self._store_path, self._limits = store_path, limits
        self.process: subprocess.Popen[bytes] | None = None
        self.replaced = 0
        self._socket: socket.socket | None = None
        self._lines: IO[bytes] | None = None
        self._ready = False

    def start(self) -> None:
        """Start a process; it opens the store while its thread waits for a query."""
        ours, theirs = socket.socketpair()
        arguments = [sys.executable, "-m", "kg.sandbox.worker", str(self._store_path), json.dumps(asdict(self._limits))]
        self._socket, self._lines, self._ready = ours, ours.makefile("rb"), False
        short_traces = os.environ | {"RUST_BACKTRACE": "0"}
        with theirs:
            self.process = subprocess.Popen(
                arguments, stdin=theirs.fileno(), stdout=subprocess.DEVNULL, env=short_traces, start_new_session=True
            )

    def restart(self) -> None:
        """Replace the process; if that fails, the next query tries again and reports why."""
        self.end()
        with suppress(OSError):
            self.start()

    def serve(self, answer: Answer) -> None:
        """Run one query to its end, and be ready for the next.

        A query whose process was killed from outside runs once more, unless its reader may have had bytes of it.
        """
        failure = self._attempt(answer)
        if isinstance(failure, WorkerLost) and answer.restart():
            self.replaced += 1
            failure = self._attempt(answer)
        answer.finish(failure)
        if self.process is None or self.process.poll() is not None:
            self.replaced += 1
            self.restart()

    def _attempt(self, answer: Answer) -> GuapaiError | None:
        try:
            self._make_ready()
            return self._follow(answer)
        except WorkerLost as error:
            return error
        except (GuapaiError, OSError) as error:
            self.kill()
            return StoreError(f"The query could not be run: {error}")

    def kill(self) -> None:
        """Kill the process and wait until it has ended."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()

    def end(self) -> None:
        """Kill the process and close its socket."""
        self.kill()
        if self._lines is not None:
            self._lines.close()
        if self._socket is not None:
            self._socket.close()

    def _make_ready(self) -> None:
        if self.process is None or self.process.poll() is not None:
            self.end()
            self.start()
        if not self._ready:
            message = self._receive(START_SECONDS)
            if not message:
                raise self._ended()
            if message["stage"] != "ready":
                raise StoreError(*message["arguments"])
            self._ready = True

    def _follow(self, answer: Answer) -> GuapaiError | None:
        """Send the query to the process and read its messages until it ends or exceeds its time."""
        descriptor = answer.begin(self)
        if descriptor is None or self._socket is None:
            return None
        deadline = time.monotonic() + self._limits.seconds
        try:
            socket.send_fds(self._socket, [b"\n"], [descriptor])
            while (message := self._receive(deadline - time.monotonic())).get("stage") == "streaming":
                answer.start_streaming()
        except ConnectionError:
            return self._ended()
        except TimeoutError:
            self.kill()
            return QueryTimeout(
                f"The query was stopped after {self._limits.seconds:g} seconds, the limit here. Bind a place, a "
                "programme or a year, add LIMIT, and let every pattern share a variable with another; "
                "the whole data can be downloaded."
            )
        return self._failure(message)

    def _failure(self, message: Mapping[str, Any]) -> GuapaiError | None:
        """Return the error of a query by the last message, or by how the process ended; None for success."""
        if message.get("stage") == "done":
            return None
        if message.get("stage") == "failed":
            return _ERRORS[message["error"]](*message["arguments"])
        return self._ended()

    def _ended(self) -> GuapaiError:
        """Return the error of a query by the exit code of its process: what ends by another's signal was killed."""
        code = self.process.wait() if self.process else None
        if code == -signal.SIGABRT:
            return too_much_memory(self._limits)
        if code == -signal.SIGSEGV:
            return QueryError("The query is too deeply nested for the engine.")
        lost = code is not None and code < 0
        return (WorkerLost if lost else StoreError)(f"The worker that ran the query ended (code {code}). Try again.")

    def _receive(self, seconds: float) -> dict[str, Any]:
        """Return the next message, an empty one if the process has ended.

        Raises:
            TimeoutError: no message in time.
        """
        if self._socket is None or self._lines is None:
            return {}
        self._socket.settimeout(max(0.001, seconds))
        try:
            line = self._lines.readline()
        except ConnectionError:
            return {}
        return dict(json.loads(line)) if line.endswith(b"\n") else {}
