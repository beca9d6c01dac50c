"""Worker process: runs visitors' queries over one store, one at a time, until its socket is closed."""

import ctypes
import errno
import json
import os
import platform
import resource
import select
import socket
import struct
import sys
import tempfile
import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import IO, Any, cast

from kg.errors import GuapaiError, QueryError, ResultTooLarge, StoreError
from kg.sandbox.limits import Limits, NoRoom, too_much_memory
from kg.sandbox.messages import INLINE_BYTES, Channel, Stage
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


class _Spool:
    """Bytes of an answer on the worker's side: in memory, and in a temporary file from INLINE_BYTES on.

    Counts bytes and rows, and reports when the first bytes can be sent.
    """

    def __init__(self, limits: Limits, channel: Channel) -> None:
        self._limits, self._channel = limits, channel
        self._bytes = self._marks = 0
        self._mark, self._marks_allowed, self._tail = b"", 0, b""
        self._pieces: list[bytes] = []
        self._in_memory = 0
        self._file: IO[bytes] | None = None
        self._streams = False

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
        self._pieces.append(bytes(data))
        self._in_memory += len(data)
        if self._in_memory > INLINE_BYTES:
            self._write_out()
        if before <= STREAM_AFTER_BYTES < self._bytes and self._file is not None:
            self._streams = True
            self._channel.send(Stage.STREAMING, descriptor=self._file.fileno())
        return len(data)

    def flush(self) -> None:
        """Do nothing: what is in memory is written with what follows."""

    def end(self) -> None:
        """Report that the answer is complete: send it, or the file that has it."""
        if self._file is None:
            self._channel.send(Stage.ANSWER, b"".join(self._pieces))
            return
        self._write_out()
        if self._streams:
            self._channel.send(Stage.DONE)
        else:
            self._channel.send(Stage.SPOOLED, descriptor=self._file.fileno())

    def close(self) -> None:
        """Close the file, which the server has open meanwhile."""
        if self._file is not None:
            self._file.close()

    def _write_out(self) -> None:
        try:
            if self._file is None:
                self._file = tempfile.TemporaryFile(buffering=0)  # noqa: SIM115 - close() closes it
            left = memoryview(b"".join(self._pieces))
            while left:
                left = left[self._file.write(left) :]
        except OSError as error:
            raise NoRoom(f"There is no room for the answer on the server's disk ({error.strerror}).") from error
        self._pieces.clear()
        self._in_memory = 0

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
    """Run the queries that arrive on standard input, a socket, until it is closed."""
    connection = socket.socket(fileno=0)
    channel = Channel(connection)
    try:
        store = EmbeddedStore(store_path)
    except StoreError as error:
        _send_failure(channel, error)
        return
    threading.stack_size(STACK_BYTES)
    threading.excepthook = _exit_on_error
    awaken, awake = os.pipe()
    ended = select.poll()
    ended.register(connection, 0)  # only that it is closed
    ended.register(awaken, select.POLLIN)
    confined = False
    while True:
        # One thread for all queries: the stack of an ended thread is freed too late for the next one under the limit.
        ready = threading.Event()
        thread = threading.Thread(target=_answer_all, args=(store, limits, channel, ready, awake), daemon=True)
        thread.start()
        if not confined:
            confine(limits.memory_bytes)
            confined = True
        ready.set()
        if any(descriptor != awaken for descriptor, _ in ended.poll()):
            os._exit(0)  # ends a query that is still running; nobody waits for it
        _await_end(thread, int(os.read(awaken, 16)))


def _await_end(thread: threading.Thread, task: int) -> None:
    """Wait until a thread and its task of the kernel have ended, so that its stack can be used again."""
    thread.join()
    while Path(f"/proc/self/task/{task}").exists():
        time.sleep(0.001)


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


def _answer_all(store: EmbeddedStore, limits: Limits, channel: Channel, ready: threading.Event, awake: int) -> None:
    """Run one query after the other until the priority has to be renewed; target of the thread with the large stack."""
    ready.wait()
    task = threading.get_native_id()
    channel.send(Stage.READY, b"%d" % task)
    while (message := channel.receive()) is not None:
        if message.stage is Stage.RENEW:
            os.write(awake, b"%d" % task)
            return
        _answer(store, limits, channel, json.loads(message.content))
    os._exit(0)


def _answer(store: EmbeddedStore, limits: Limits, channel: Channel, job: Mapping[str, Any]) -> None:
    """Run one query and send its answer, or why there is none."""
    try:
        with closing(_Spool(limits, channel)) as spool:
            _write(store, job, spool)
            spool.end()
    except GuapaiError as error:
        _send_failure(channel, error)
    except MemoryError:
        _send_failure(channel, too_much_memory(limits))


def _write(store: EmbeddedStore, job: Mapping[str, Any], spool: _Spool) -> None:
    target = cast("IO[bytes]", spool)  # it has of a file what the serialisers call
    dataset = Dataset(**job["dataset"]) if job.get("dataset") else None
    with store.answer(job["query"], dataset, job.get("base")) as result:
        if "page" in job:
            serialize_page(result, Span(**job["page"]), target)
            return
        form = next(form for form in FORMATS if form.name == job["form"])
        if isinstance(result, QueryTriples):
            serialize_triples(spool.limited(result), form, target)
        else:
            spool.expect(form)
            serialize_result(result, form, target)


def _send_failure(channel: Channel, error: GuapaiError) -> None:
    place = (error.line, error.column) if isinstance(error, QueryError) else ()
    told = {"error": error.code, "arguments": [str(error), *place]}
    channel.send(Stage.FAILED, json.dumps(told).encode())


def _exit_on_error(failure: threading.ExceptHookArgs) -> None:
    """Exit on an unexpected error, such as a panic of the engine; the traceback is logged."""
    sys.excepthook(failure.exc_type, failure.exc_value or failure.exc_type(), failure.exc_traceback)
    os._exit(70)


if __name__ == "__main__":
    work(Path(sys.argv[1]), Limits(**json.loads(sys.argv[2])))
