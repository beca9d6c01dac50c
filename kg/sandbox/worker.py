"""Worker process: runs visitors' queries over one store, one at a time, until its socket is closed."""

import ctypes
import errno
import io
import json
import os
import platform
import resource
import socket
import struct
import sys
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from queue import SimpleQueue
from typing import Any

from kg.errors import GuapaiError, QueryError, ResultTooLarge, StoreError
from kg.sandbox.limits import Limits, NoRoom, too_much_memory
from kg.store import Dataset, EmbeddedStore
from kg.store.formats import (
    FORMATS,
    Format,
    QueryTriples,
    Span,
    Triple,
    serialize_page,
    serialize_result,
    serialize_triples,
)

STACK_BYTES = 256 << 20
"""Stack of the thread that runs queries, in bytes: enough for every query that the guard lets pass."""
STREAM_AFTER_BYTES = 8_000_000
"""Size from which an answer is sent while the rest of it is being written."""


class _Spool(io.FileIO):
    """File of an answer on the worker's side: counts bytes and rows, and reports when the first bytes can be sent."""

    def __init__(self, descriptor: int, limits: Limits, control: socket.socket) -> None:
        super().__init__(descriptor, "r+")
        self._limits, self._control = limits, control
        self._bytes = self._marks = 0
        self._mark, self._marks_allowed, self._tail = b"", 0, b""

    def take_job(self) -> dict[str, Any]:
        """Read the job and truncate the file."""
        self.seek(0)
        job = dict(json.loads(self.readall()))
        self.seek(0)
        self.truncate()
        return job

    def expect(self, form: Format) -> None:
        """Count rows by the row mark of a format."""
        self._mark, self._marks_allowed = form.row_mark, self._limits.rows + form.extra_marks

    def write(self, data: Any, /) -> int:  # noqa: ANN401 - as the class above
        """Write bytes within the limits.

        Raises:
            ResultTooLarge: the answer has too many bytes or rows.
            NoRoom: the disk is full.
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
        if before <= STREAM_AFTER_BYTES < self._bytes:
            _send(self._control, stage="streaming")
        try:
            return super().write(data)
        except OSError as error:
            raise NoRoom(f"There is no room for the answer on the server's disk ({error.strerror}).") from error

    def limited(self, triples: Iterable[Triple]) -> Iterator[Triple]:
        """Yield the triples; raise ResultTooLarge if they are too many."""
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
    """Run the queries whose files arrive on standard input, a socket, until it is closed."""
    control = socket.socket(fileno=0)
    try:
        store = EmbeddedStore(store_path)
    except StoreError as error:
        _send_failure(control, error)
        return
    _lower_priority(limits.niceness)
    threading.stack_size(STACK_BYTES)
    threading.excepthook = _exit_on_error
    jobs: SimpleQueue[int] = SimpleQueue()
    # One thread for all queries: the stack of an ended thread is freed too late for the next one under the limit.
    threading.Thread(target=_answer_all, args=(store, limits, control, jobs), daemon=True).start()
    confine(limits.memory_bytes)
    _send(control, stage="ready")
    while descriptors := socket.recv_fds(control, 1, 1)[1]:
        jobs.put(descriptors[0])
    os._exit(0)  # ends a query that is still running; nobody waits for it


def _lower_priority(niceness: int) -> None:
    """Lower the priority of this process; on Linux also of its scheduling group, since it leads a session."""
    os.nice(niceness)
    with suppress(OSError):
        Path("/proc/self/autogroup").write_text(str(niceness), encoding="ascii")


def confine(memory_bytes: int) -> None:
    """Limit the address space of this process to its present size plus `memory_bytes`, and forbid new sockets."""
    if sys.platform == "linux":
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
        limit = pages * resource.getpagesize() + memory_bytes
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
        _forbid_new_sockets()
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _forbid_new_sockets() -> None:
    """Make the kernel refuse the system call `socket` (seccomp): the second defence against SERVICE after the guard."""
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


def _answer_all(store: EmbeddedStore, limits: Limits, control: socket.socket, jobs: SimpleQueue[int]) -> None:
    """Run one query after the other; target of the thread with the large stack."""
    while True:
        _answer(store, limits, control, jobs.get())


def _answer(store: EmbeddedStore, limits: Limits, control: socket.socket, descriptor: int) -> None:
    """Run one query, write its answer to its file, and report the outcome."""
    try:
        with _Spool(descriptor, limits, control) as spool:
            _write(store, spool.take_job(), spool)
        _send(control, stage="done")
    except GuapaiError as error:
        _send_failure(control, error)
    except MemoryError:
        _send_failure(control, too_much_memory(limits))


def _write(store: EmbeddedStore, job: Mapping[str, Any], spool: _Spool) -> None:
    dataset = Dataset(**job["dataset"]) if job.get("dataset") else None
    with store.answer(job["query"], dataset, job.get("base")) as result:
        if "page" in job:
            serialize_page(result, Span(**job["page"]), spool)
            return
        form = next(form for form in FORMATS if form.name == job["form"])
        if isinstance(result, QueryTriples):
            serialize_triples(spool.limited(result), form, spool)
        else:
            spool.expect(form)
            serialize_result(result, form, spool)


def _send(control: socket.socket, **message: object) -> None:
    control.sendall(json.dumps(message).encode() + b"\n")


def _send_failure(control: socket.socket, error: GuapaiError) -> None:
    place = (error.line, error.column) if isinstance(error, QueryError) else ()
    _send(control, stage="failed", error=error.code, arguments=[str(error), *place])


def _exit_on_error(failure: threading.ExceptHookArgs) -> None:
    """Exit on an unexpected error, such as a panic of the engine; the traceback is logged."""
    sys.excepthook(failure.exc_type, failure.exc_value or failure.exc_type(), failure.exc_traceback)
    os._exit(70)


if __name__ == "__main__":
    work(Path(sys.argv[1]), Limits(**json.loads(sys.argv[2])))
