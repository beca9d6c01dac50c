"""Run visitors' queries in worker processes that can be killed, over one release's store (`python -m kg.sandbox`).

A pool belongs to one process and one store. It starts with its first query, so that a server forks before; a new
release gets a new pool. A thread keeps each worker: it hands it one query at a time, ends it at a limit and starts the
next. Every answer goes through a nameless file, so that no slow reader holds a worker.
"""

import atexit
import ctypes
import errno
import io
import json
import os
import platform
import resource
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, suppress
from dataclasses import asdict, dataclass
from enum import IntEnum
from pathlib import Path
from typing import Any, Self

from kg.errors import GuapaiError, QueryError, QueryTimeout, ResultTooLarge, StoreError
from kg.guard import Kind, inspect
from kg.store import (
    FORMATS,
    Dataset,
    EmbeddedStore,
    Format,
    QueryTriples,
    Solutions,
    Triple,
    formats_of,
    read_page,
    serialize_page,
    serialize_result,
    serialize_triples,
)

STACK_BYTES = 256 << 20
"""Stack of the thread that runs a query: with 8 MiB a deep query ends the process, with this none of 64 KiB does."""
SPOOL_AHEAD = 8_000_000
"""Bytes after which an answer begins to be sent while the rest of it is still being written."""
START_SECONDS = 60.0
_CHUNK = 1 << 16
_POLL_SECONDS = 0.05


class PoolBusy(QueryError):
    """A query for which no worker became free in time; it can be sent again later."""


class QueryCancelled(QueryError):
    """A query that its sender or the closing server ended."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one query may take.

    seconds: from the moment a worker takes it until its answer is written in full; waiting is not counted;
    wait_seconds, waiting: how long it may wait for a worker, and how many may wait at once;
    memory_bytes: address space beyond that of the opened store; rows: of solutions or triples; bytes: of the answer.
    """

    seconds: float = 30.0
    wait_seconds: float = 10.0
    waiting: int = 32
    memory_bytes: int = 1 << 30
    rows: int = 1_000_000
    bytes: int = 200_000_000


_ERRORS: dict[str, Callable[..., GuapaiError]] = {
    error.__name__: error for error in (QueryError, ResultTooLarge, StoreError)
}
"""What a worker may report."""


class _Stage(IntEnum):
    WAITING = 0
    RUNNING = 1
    PASSING = 2
    FINISHED = 3


class Answer:
    """The answer to one query: bytes, all there or still growing. Close it, or use it in a `with` block.

    kind: the kind of the query; form: the format of the bytes.
    """

    def __init__(self, kind: Kind, form: Format, job: Mapping[str, object]) -> None:
        self.kind, self.form = kind, form
        self._changed = threading.Condition()
        self._stage = _Stage.WAITING
        self._failure: GuapaiError | None = None
        self._worker: _Worker | None = None
        # The job travels in the file into which the worker then writes the answer.
        self._spool = tempfile.TemporaryFile(buffering=0)  # noqa: SIM115 - close() closes it
        self._spool.write(json.dumps(job).encode())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __iter__(self) -> Iterator[bytes]:
        """Yield the bytes in order, waiting for those not yet written.

        Raises:
            GuapaiError: what ended the query after its first bytes were given; they are then worth nothing.
        """
        position = 0
        while True:
            with self._changed:
                finished, failure = self._stage is _Stage.FINISHED, self._failure
            if failure is not None:
                raise failure
            chunk = os.pread(self._spool.fileno(), _CHUNK, position)
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
        """Bytes of the whole answer, None while it is still being written."""
        with self._changed:
            return os.fstat(self._spool.fileno()).st_size if self._stage is _Stage.FINISHED else None

    def cancel(self) -> None:
        """End the query if it is not finished; its worker is killed."""
        with self._changed:
            if self._stage is not _Stage.FINISHED and self._worker is not None:
                self._worker.kill()
        self.finish(QueryCancelled("The query was cancelled."))

    def close(self) -> None:
        """Cancel what is unfinished, and let go of the bytes."""
        self.cancel()
        self._spool.close()

    def begin(self, worker: "_Worker") -> int | None:
        """Give the file to a worker, None if the query was cancelled while it waited."""
        with self._changed:
            if self._stage is not _Stage.WAITING:
                return None
            self._stage, self._worker = _Stage.RUNNING, worker
            self._changed.notify_all()
            return self._spool.fileno()

    def pass_on(self) -> None:
        """Let the first bytes go out."""
        with self._changed:
            self._stage = max(self._stage, _Stage.PASSING)
            self._changed.notify_all()

    def finish(self, failure: GuapaiError | None) -> None:
        """Say how the query ended; only the first word counts."""
        with self._changed:
            if self._stage is not _Stage.FINISHED:
                self._stage, self._failure, self._worker = _Stage.FINISHED, failure, None
            self._changed.notify_all()

    def wait(self, seconds: float) -> None:
        """Wait until the answer is finished or can begin to be sent.

        Args:
            seconds: how long to wait for a worker; the rest is limited by the worker's keeper.

        Raises:
            GuapaiError: what ended the query, `PoolBusy` if no worker took it.
        """
        with self._changed:
            if not self._changed.wait_for(lambda: self._stage > _Stage.WAITING, seconds):
                raise PoolBusy(
                    f"The server is busy: the query waited {seconds:g} seconds for its turn. Try again later."
                )
            self._changed.wait_for(lambda: self._stage >= _Stage.PASSING)
            if self._failure is not None:
                raise self._failure


class Pool:
    """Workers over one store, first come, first served."""

    def __init__(self, store_path: Path, workers: int = 2, limits: Limits | None = None) -> None:
        self._limits = limits or Limits()
        self._workers = [_Worker(store_path, self._limits) for _ in range(workers)]
        self._changed = threading.Condition()
        self._queue: deque[Answer] = deque()
        self._unfinished: set[Answer] = set()
        self._keepers: list[threading.Thread] = []
        self._closed = False

    @property
    def limits(self) -> Limits:
        """What one query may take."""
        return self._limits

    def run(self, query: str, form: Format, dataset: Dataset | None = None) -> Answer:
        """Run a visitor's query; return when its answer is complete or 8 MB of it are written.

        Args:
            query: text as the visitor sent it; the guard reads it first.
            form: one of `formats_of` the query's kind.
            dataset: the graphs that it sees, None for the store's own and the query's FROM.

        Raises:
            QueryError: the query is refused or wrong; also `QueryTimeout`, `ResultTooLarge`, `PoolBusy`.
            StoreError: the store does not open, the worker was killed, or the pool is closed.
        """
        kind = inspect(query)
        if form not in formats_of(kind):
            raise QueryError(f"The answer to a query of the kind {kind} cannot be written as {form.name}.")
        return self._run(
            Answer(kind, form, {"query": query, "form": form.name, "dataset": dataset and asdict(dataset)})
        )

    def page(self, query: str, rows: int) -> tuple[Kind, Solutions | bool, bool]:
        """Run a visitor's query for a page, which shows only its first rows, and a graph as rows of three.

        Returns:
            The kind of the query, its truth value or first rows, and whether there are more rows than these.

        Raises:
            QueryError, StoreError: as `run`.
        """
        kind = inspect(query)
        with self._run(Answer(kind, FORMATS[0], {"query": query, "page": rows + 1})) as answer:
            found = read_page(b"".join(answer))
        if isinstance(found, bool):
            return kind, found, False
        return kind, Solutions(found.variables, found.rows[:rows]), len(found.rows) > rows

    def process_ids(self) -> tuple[int, ...]:
        """Return the ids of the worker processes that live now."""
        return tuple(worker.process.pid for worker in self._workers if worker.process and worker.process.poll() is None)

    def close(self, grace_seconds: float = 0.0) -> None:
        """Take no more queries, let those that came already end within a time, cancel the rest, end the workers."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        deadline = time.monotonic() + grace_seconds
        for keeper in self._keepers:
            keeper.join(max(0.0, deadline - time.monotonic()))
        with self._changed:
            unfinished = tuple(self._unfinished)
        for answer in unfinished:
            answer.cancel()
        for keeper in self._keepers:
            keeper.join()
        atexit.unregister(self.close)

    def _run(self, answer: Answer) -> Answer:
        with ExitStack() as undo:
            undo.callback(self._forget, answer)
            undo.callback(answer.close)
            self._enqueue(answer)
            answer.wait(self._limits.wait_seconds)
            undo.pop_all()
        return answer

    def _enqueue(self, answer: Answer) -> None:
        with self._changed:
            if self._closed:
                raise StoreError("The pool is closed.")
            if len(self._queue) >= self._limits.waiting:
                raise PoolBusy(
                    f"The server is busy: {self._limits.waiting} queries are waiting already. Try again later."
                )
            if not self._keepers:
                atexit.register(self.close)
                self._keepers = [
                    threading.Thread(target=self._keep, args=(each,), daemon=True) for each in self._workers
                ]
                for keeper in self._keepers:
                    keeper.start()
            self._queue.append(answer)
            self._unfinished.add(answer)
            self._changed.notify()

    def _forget(self, answer: Answer) -> None:
        with self._changed:
            self._unfinished.discard(answer)
            if answer in self._queue:
                self._queue.remove(answer)

    def _next(self) -> Answer | None:
        with self._changed:
            self._changed.wait_for(lambda: self._queue or self._closed)
            return self._queue.popleft() if self._queue else None

    def _keep(self, worker: "_Worker") -> None:
        """Hand a worker one query after the other; runs in a thread of its own."""
        try:
            worker.renew()
            while (answer := self._next()) is not None:
                try:
                    worker.serve(answer)
                finally:
                    answer.finish(StoreError("The query could not be run."))
                    self._forget(answer)
        finally:
            worker.end()


class _Worker:
    """A worker process as its keeper sees it; another takes its place when it ends."""

    def __init__(self, store_path: Path, limits: Limits) -> None:
        self._store_path, self._limits = store_path, limits
        self.process: subprocess.Popen[bytes] | None = None
        self._socket: socket.socket | None = None
        self._lines: io.BufferedReader | None = None
        self._ready = False

    def start(self) -> None:
        """Start a process; it opens the store while its keeper waits for a query."""
        ours, theirs = socket.socketpair()
        arguments = [sys.executable, "-m", "kg.sandbox", str(self._store_path), json.dumps(asdict(self._limits))]
        self._socket, self._lines, self._ready = ours, ours.makefile("rb"), False
        short_traces = os.environ | {"RUST_BACKTRACE": "0"}
        with theirs:
            self.process = subprocess.Popen(
                arguments, stdin=theirs.fileno(), stdout=subprocess.DEVNULL, env=short_traces, start_new_session=True
            )

    def renew(self) -> None:
        """Put a new process in the place of the old one; where that fails, the next query tries again and says why."""
        self.end()
        with suppress(OSError):
            self.start()

    def serve(self, answer: Answer) -> None:
        """Run one query to its end, whatever that is, and be ready for the next."""
        failure: GuapaiError | None
        try:
            self._make_ready()
            failure = self._follow(answer)
        except (GuapaiError, OSError) as error:
            failure = StoreError(f"The query could not be run: {error}")
            self.kill()
        answer.finish(failure)
        if self.process is None or self.process.poll() is not None:
            self.renew()

    def kill(self) -> None:
        """Kill the process and wait until it is gone."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()

    def end(self) -> None:
        """Kill the process and close what led to it."""
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
            if message.get("stage") != "ready":
                raise StoreError(*message.get("arguments", ["the worker does not start"]))
            self._ready = True

    def _follow(self, answer: Answer) -> GuapaiError | None:
        """Give the query to the process and listen to it until it ends or its time is over."""
        descriptor = answer.begin(self)
        if descriptor is None or self._socket is None:
            return None
        deadline = time.monotonic() + self._limits.seconds
        socket.send_fds(self._socket, [b"\n"], [descriptor])
        try:
            while (message := self._receive(deadline - time.monotonic())).get("stage") == "passing":
                answer.pass_on()
        except TimeoutError:
            self.kill()
            return QueryTimeout(
                f"The query was stopped after {self._limits.seconds:g} seconds, the limit here. Bind a place, a "
                "programme or a year, add LIMIT, and let every pattern share a variable with another; "
                "the whole data can be downloaded."
            )
        return self._failure(message)

    def _failure(self, message: Mapping[str, Any]) -> GuapaiError | None:
        """Read how the query ended from the last message, or from how the process died."""
        if message.get("stage") == "done":
            return None
        if message.get("stage") == "failed":
            return _ERRORS[message["error"]](*message["arguments"])
        code = self.process.wait() if self.process else None
        if code == -signal.SIGABRT:
            return _too_much_memory(self._limits)
        if code == -signal.SIGSEGV:
            return QueryError("The query is too deeply nested for the engine.")
        return StoreError(f"The worker that ran the query ended (code {code}). Try again.")

    def _receive(self, seconds: float) -> dict[str, Any]:
        """Return the next message, an empty one if the process has ended.

        Raises:
            TimeoutError: there is none in time.
        """
        if self._socket is None or self._lines is None:
            return {}
        self._socket.settimeout(max(0.001, seconds))
        try:
            line = self._lines.readline()
        except ConnectionError:
            return {}
        return dict(json.loads(line)) if line.endswith(b"\n") else {}


def _too_much_memory(limits: Limits) -> ResultTooLarge:
    return ResultTooLarge(
        f"The query needs more than {limits.memory_bytes >> 20:,} MiB of memory, the limit here. "
        "Sort, group or join fewer rows, or build shorter texts."
    )


class _Spool(io.FileIO):
    """The file of an answer, in the worker: counts bytes and rows, and tells when the first bytes can go out."""

    def __init__(self, descriptor: int, limits: Limits, control: socket.socket) -> None:
        super().__init__(descriptor, "r+")
        self._limits, self._control = limits, control
        self._bytes = self._marks = 0
        self._mark, self._marks_allowed, self._tail = b"", 0, b""

    def take_job(self) -> dict[str, Any]:
        """Read the job and make the file empty."""
        self.seek(0)
        job = dict(json.loads(self.readall()))
        self.seek(0)
        self.truncate()
        return job

    def expect(self, form: Format) -> None:
        """Count rows by the format's mark."""
        self._mark, self._marks_allowed = form.row_mark, self._limits.rows + form.marks_besides

    def write(self, data: Any, /) -> int:  # noqa: ANN401 - as the class above
        """Write, unless that passes a limit.

        Raises:
            ResultTooLarge: the answer has too many bytes or rows.
        """
        before, self._bytes = self._bytes, self._bytes + len(data)
        if self._bytes > self._limits.bytes:
            raise self._too_large(f"{self._limits.bytes:,} bytes")
        if self._mark:
            seen = self._tail + data
            self._marks += seen.count(self._mark)
            self._tail = seen[len(seen) - len(self._mark) + 1 :]
            if self._marks > self._marks_allowed:
                raise self._too_large(f"{self._limits.rows:,} rows")
        if before <= SPOOL_AHEAD < self._bytes:
            _say(self._control, stage="passing")
        return super().write(data)

    def counted(self, triples: Iterable[Triple]) -> Iterator[Triple]:
        """Yield the triples, unless they are too many."""
        for number, triple in enumerate(triples, start=1):
            if number > self._limits.rows:
                raise self._too_large(f"{self._limits.rows:,} triples")
            yield triple

    @staticmethod
    def _too_large(what: str) -> ResultTooLarge:
        return ResultTooLarge(
            f"The answer has more than {what}, the limit here. Ask in parts with ORDER BY, LIMIT and OFFSET, "
            "or download the whole data."
        )


def work(store_path: Path, limits: Limits) -> None:
    """Be a worker: answer the queries whose files come in on standard input, a socket, until it is closed."""
    control = socket.socket(fileno=0)
    try:
        store = EmbeddedStore(store_path)
    except StoreError as error:
        _say_failure(control, error)
        return
    threading.stack_size(STACK_BYTES)
    threading.excepthook = _die
    confine(limits.memory_bytes)
    _say(control, stage="ready")
    while descriptors := socket.recv_fds(control, 1, 1)[1]:
        threading.Thread(target=_answer, args=(store, limits, control, descriptors[0])).start()
    os._exit(0)  # a query that is still running has nobody left to answer


def confine(memory_bytes: int) -> None:
    """Limit the address space of this process to so much beyond what it has now, and forbid it new sockets."""
    if sys.platform == "linux":
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
        limit = pages * resource.getpagesize() + STACK_BYTES + memory_bytes
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
        _forbid_sockets()
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _forbid_sockets() -> None:
    """Let the kernel refuse the system call `socket` (seccomp): behind the guard, the second line against SERVICE."""
    number = {"x86_64": 41, "aarch64": 198}.get(platform.machine())
    if number is None:
        return
    load, equal, finish = 0x20, 0x15, 0x06
    refuse, allow = 0x00050000 | errno.EPERM, 0x7FFF0000
    steps = [(load, 0, 0, 0), (equal, 0, 1, number), (finish, 0, 0, refuse), (finish, 0, 0, allow)]
    code = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *step) for step in steps))
    program = ctypes.create_string_buffer(struct.pack("HP", len(steps), ctypes.addressof(code)))
    control = ctypes.CDLL(None).prctl
    control.argtypes = [ctypes.c_int, *[ctypes.c_ulong] * 4]
    no_new_privileges, secure_computing, by_filter = 38, 22, 2
    control(no_new_privileges, 1, 0, 0, 0)
    control(secure_computing, by_filter, ctypes.addressof(program), 0, 0)


def _answer(store: EmbeddedStore, limits: Limits, control: socket.socket, descriptor: int) -> None:
    """Answer one query into its file, and say how it went."""
    try:
        with _Spool(descriptor, limits, control) as spool:
            _write(store, spool.take_job(), spool)
        _say(control, stage="done")
    except GuapaiError as error:
        _say_failure(control, error)
    except MemoryError:
        _say_failure(control, _too_much_memory(limits))


def _write(store: EmbeddedStore, job: Mapping[str, Any], spool: _Spool) -> None:
    dataset = Dataset(**job["dataset"]) if job.get("dataset") else None
    with store.answer(job["query"], dataset) as result:
        if "page" in job:
            serialize_page(result, job["page"], spool)
            return
        form = next(form for form in FORMATS if form.name == job["form"])
        if isinstance(result, QueryTriples):
            serialize_triples(spool.counted(result), form, spool)
        else:
            spool.expect(form)
            serialize_result(result, form, spool)


def _say(control: socket.socket, **message: object) -> None:
    control.sendall(json.dumps(message).encode() + b"\n")


def _say_failure(control: socket.socket, error: GuapaiError) -> None:
    place = (error.line, error.column) if isinstance(error, QueryError) else ()
    _say(control, stage="failed", error=type(error).__name__, arguments=[str(error), *place])


def _die(failure: threading.ExceptHookArgs) -> None:
    """End the process at an error that nobody foresaw, such as a panic of the engine; its trace goes to the log."""
    sys.excepthook(failure.exc_type, failure.exc_value or failure.exc_type(), failure.exc_traceback)
    os._exit(70)


if __name__ == "__main__":
    work(Path(sys.argv[1]), Limits(**json.loads(sys.argv[2])))
