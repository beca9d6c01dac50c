"""Control of a worker process: start, one query at a time, kill at a limit, replacement."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path

from kg.errors import GuapaiError, NotWritable, QueryError, QueryTimeout, ResultTooLarge, StoreError
from kg.sandbox.limits import Limits, NoRoom, WorkerLost, too_much_memory
from kg.sandbox.messages import Channel, Message, Stage
from kg.sandbox.result import Answer

START_SECONDS = 60.0
"""Timeout of a worker's start, in which it opens its store."""
STAND_BACK_AFTER_SECONDS = 0.1
"""Interval at which a query that still runs is looked at: whether it has to stand back for pages."""
MAX_ATTEMPTS = 2
"""Times a query runs at most; once more where its process was killed from outside."""
_ERRORS: dict[str, Callable[..., GuapaiError]] = {
    error.code: error for error in (QueryError, NotWritable, ResultTooLarge, StoreError, NoRoom)
}
"""Errors that a worker may report, by code."""


class Worker:
    """Handle of a worker process, which is replaced when it ends.

    pages_wait: whether pages wait for a processor, so that the query has to stand back; process: the present one;
    replaced: number of those before it.
    """

    def __init__(self, store_path: Path, limits: Limits, pages_wait: Callable[[], bool]) -> None:
        self._store_path, self._limits, self._pages_wait = store_path, limits, pages_wait
        self.process: subprocess.Popen[bytes] | None = None
        self.replaced = 0
        self._channel: Channel | None = None
        self._thread = 0
        """Id of the thread that runs queries, 0 until the process is ready."""
        self._stands_back = False
        self._deadline = 0.0

    def start(self) -> None:
        """Start a process; it opens the store while its first query waits."""
        ours, theirs = socket.socketpair()
        arguments = [sys.executable, "-m", "kg.sandbox.worker", str(self._store_path), json.dumps(asdict(self._limits))]
        self._channel, self._thread, self._stands_back = Channel(ours), 0, False
        short_traces, former = os.environ | {"RUST_BACKTRACE": "0"}, self.process
        with theirs:
            self.process = subprocess.Popen(
                arguments, stdin=theirs.fileno(), stdout=subprocess.DEVNULL, env=short_traces, process_group=0
            )
        self.replaced += former is not None

    def restart(self) -> None:
        """Replace the process; if that fails, the next query tries again and reports why."""
        self.end()
        with suppress(OSError):
            self.start()

    def serve(self, answer: Answer) -> bool:
        """Run one query to its end; return True if its first bytes can be sent before, and `finish` has to follow.

        A query whose process was killed from outside runs once more.
        """
        failure: Exception | None = None
        for _ in range(MAX_ATTEMPTS):
            try:
                if self._attempt(answer):
                    return True
                failure = None
            except (GuapaiError, OSError) as error:
                failure = error
            if not isinstance(failure, WorkerLost) or not answer.restart():
                break
        return self._end_query(answer, failure)

    def finish(self, answer: Answer) -> None:
        """Follow a query from its first bytes to its end."""
        try:
            self._follow(answer)
        except (GuapaiError, OSError) as error:
            self._end_query(answer, error)
        else:
            self._end_query(answer)

    def kill(self) -> None:
        """Kill the process and wait until it has ended."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()

    def end(self) -> None:
        """Kill the process and close its socket."""
        self.kill()
        if self._channel is not None:
            self._channel.close()

    def _end_query(self, answer: Answer, failure: Exception | None = None) -> bool:
        """Give an answer its end, and be ready for the next query."""
        if isinstance(failure, OSError):
            self.kill()
            failure = StoreError(f"The query could not be run: {failure}")
        answer.finish(failure if isinstance(failure, GuapaiError) else None)
        if self.process is None or self.process.poll() is not None:
            self.restart()
        elif self._stands_back:
            self._renew()
        return False

    def _attempt(self, answer: Answer) -> bool:
        """Send a query to the process; return True when its first bytes can be sent, False when it has ended.

        Raises:
            GuapaiError: the query failed; `WorkerLost` if the process was killed from outside.
            OSError: the process cannot be started.
        """
        self._make_ready()
        if self._channel is None or not answer.begin(self):
            return False
        self._deadline = time.monotonic() + self._limits.seconds
        try:
            self._channel.send(Stage.JOB, answer.job, seconds=self._limits.seconds)
        except TimeoutError:
            raise self._too_long() from None
        except ConnectionError:
            raise self._ended() from None
        return self._follow(answer)

    def _make_ready(self) -> None:
        if self.process is None or self.process.poll() is not None:
            self.end()
            self.start()
        if not self._thread and self._channel:
            try:
                message = self._channel.receive(START_SECONDS)
            except TimeoutError:
                self.kill()
                raise StoreError("The query could not be run: its worker does not start") from None
            if message is None:
                raise self._ended()
            if message.stage is not Stage.READY:
                self.kill()
                raise self._failure(message)
            self._thread = int(message.content)

    def _follow(self, answer: Answer) -> bool:
        """Read messages until the first bytes can be sent (True) or the query has ended well (False).

        Raises:
            GuapaiError: the query failed.
        """
        message = self._next_message()
        if message is None:
            raise self._ended()
        if message.stage is Stage.FAILED:
            raise self._failure(message)
        if message.stage is not Stage.DONE:
            answer.take(message.content, message.descriptor)
        if message.stage is not Stage.STREAMING:
            return False
        answer.start_streaming()
        return True

    def _next_message(self) -> Message | None:
        """Return the next message of a running query, None if its process has ended; let it stand back for pages.

        Raises:
            QueryTimeout: the query passed its time; its process is killed.
        """
        while self._channel is not None and (left := self._deadline - time.monotonic()) > 0:
            tick = left if self._stands_back else min(left, STAND_BACK_AFTER_SECONDS)
            with suppress(TimeoutError):
                return self._channel.receive(tick)
            if not self._stands_back and self._pages_wait():
                self._stand_back()
        raise self._too_long()

    def _too_long(self) -> QueryTimeout:
        """Kill the process and return the error of a query that passed its time."""
        self.kill()
        return QueryTimeout(
            f"The query was stopped after {self._limits.seconds:g} seconds, the limit here. Bind a place, a "
            "programme or a year, add LIMIT, and let every pattern share a variable with another; "
            "the whole data can be downloaded."
        )

    def _stand_back(self) -> None:
        """Lower the priority of the query that runs; only a new thread gets the usual one again (setpriority(2))."""
        niceness = min(19, os.getpriority(os.PRIO_PROCESS, 0) + self._limits.niceness)
        with suppress(OSError):  # the process has just ended
            os.setpriority(os.PRIO_PROCESS, self._thread, niceness)
            self._stands_back = True

    def _renew(self) -> None:
        """Let the process run the next query in a new thread."""
        if self._channel is not None:
            self._thread, self._stands_back = 0, False
            with suppress(OSError):  # the next query finds that the process has ended
                self._channel.send(Stage.RENEW)

    @staticmethod
    def _failure(message: Message) -> GuapaiError:
        """Return the error that a process reports."""
        told = json.loads(message.content)
        return _ERRORS[told["error"]](*told["arguments"])

    def _ended(self) -> GuapaiError:
        """Return the error of a query by the exit code of its process: what ends by another's signal was killed."""
        code = self.process.wait() if self.process else None
        if code == -signal.SIGABRT:
            return too_much_memory(self._limits)
        if code == -signal.SIGSEGV:
            return QueryError("The query is too deeply nested for the engine.")
        lost = code is not None and code < 0
        return (WorkerLost if lost else StoreError)(f"The worker that ran the query ended (code {code}). Try again.")
