"""Load on a server by clients that cost little, and what it cost the server: time, answers, processor time."""

import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count, cycle
from pathlib import Path
from statistics import median
from urllib.parse import urlencode

WAIT_SECONDS = 600
"""Longest wait of a client for an answer."""
QUIET_SECONDS, QUIET_SHARE, QUIET_WAIT_SECONDS = 1.0, 0.05, 300
"""A server is quiet if it takes less than this share of a processor for so long; longest wait for it."""
READ_BYTES = 1 << 20
MAX_ADDRESS_CHARS = 3500
"""Length of an address that all servers accept."""
FRESH = "fresh-000000000000"
"""Text whose digits are replaced by another number each time a request is sent, so that no cache knows it."""
HEADERS = "Host: 127.0.0.1\r\nAccept: application/sparql-results+json\r\n"
TICKS_PER_SECOND = 100
"""Unit of /proc/<pid>/stat (proc(5))."""


@dataclass(frozen=True, slots=True)
class Side:
    """A server: its name, its process with all below it, its port, and the path at which it answers queries."""

    name: str
    process: int
    port: int
    path: str


@dataclass(frozen=True, slots=True)
class Run:
    """What clients got: milliseconds of the median answer, answers a second, the share that was refused.

    processor: milliseconds of the server's processes for an answer.
    """

    latency: float
    rate: float
    refused: float
    processor: float


def request(path: str) -> bytes:
    """Return a request for an address."""
    return f"GET {path} HTTP/1.1\r\n{HEADERS}\r\n".encode()


def query(path: str, text: str) -> bytes:
    """Return a request for the result of a query; a long one is posted (SPARQL 1.1 Protocol, section 2.1)."""
    asked = urlencode({"query": text})
    if len(asked) < MAX_ADDRESS_CHARS:
        return request(f"{path}?{asked}")
    form = f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(asked)}\r\n"
    return f"POST {path} HTTP/1.1\r\n{HEADERS}{form}\r\n{asked}".encode()


def exchange(connection: socket.socket, asked: bytes) -> int:
    """Send a request, read its answer to the end, and return its status.

    Raises:
        ConnectionError: the answer broke off.
    """
    connection.sendall(asked)
    data = b""
    while b"\r\n\r\n" not in data:
        data += _received(connection)
    head, _, rest = data.partition(b"\r\n\r\n")
    lines = head.lower().split(b"\r\n")
    length = next((int(line[15:]) for line in lines if line.startswith(b"content-length:")), None)
    if length is None:  # in chunks (RFC 9112, section 7.1)
        while not rest.endswith(b"0\r\n\r\n"):
            rest = rest[-5:] + _received(connection)
    else:
        left = length - len(rest)
        while left > 0:
            left -= len(_received(connection))
    return int(head[9:12])


def load(side: Side, requests: Sequence[bytes], clients: int, seconds: float) -> Run:
    """Send requests in turn by some clients at a time, each over one connection, which it keeps."""
    times, statuses, over = list[float](), list[int](), threading.Event()

    def client(first: int) -> None:
        connection = _connected(side.port)
        for each in cycle([*requests[first:], *requests[:first]]):
            asked = _fresh(each)
            start = time.perf_counter()
            try:
                statuses.append(exchange(connection, asked))
            except OSError:
                statuses.append(0)
                connection.close()
                connection = _connected(side.port)
            times.append(time.perf_counter() - start)
            if over.is_set():
                break
        connection.close()

    threads = [threading.Thread(target=client, args=(number * len(requests) // clients,)) for number in range(clients)]
    before, start = processor_seconds(side.process), time.perf_counter()
    for thread in threads:
        thread.start()
    over.wait(seconds)
    over.set()
    for thread in threads:
        thread.join()
    passed, spent = time.perf_counter() - start, processor_seconds(side.process) - before
    good = statuses.count(200)
    return Run(1000 * median(times), good / passed, 1 - good / len(statuses), 1000 * spent / len(statuses))


def fresh(text: str) -> str:
    """Return a query with a comment that differs each time it is sent."""
    return f"{text}\n#{FRESH}"


def _fresh(asked: bytes) -> bytes:
    return asked.replace(FRESH.encode(), b"fresh-%012d" % next(_numbers))


_numbers = count()


def by_turns(
    asked: Mapping[Side, Sequence[bytes]], clients: int = 1, seconds: float = 2.0, rounds: int = 5
) -> dict[str, Run]:
    """Load the sides in turn, several times; return the medians of each, and the largest share that was refused."""
    runs: dict[str, list[Run]] = {side.name: [] for side in asked}
    for _ in range(rounds):
        for side, requests in asked.items():
            runs[side.name].append(load(side, requests, clients, seconds))
    return {name: _middle(got) for name, got in runs.items()}


def processor_seconds(process: int) -> float:
    """Return the processor time of a process and all below it that live."""
    ticks = 0
    for each in descendants(process):
        try:
            fields = Path(f"/proc/{each}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        except OSError:
            continue
        ticks += int(fields[11]) + int(fields[12])
    return ticks / TICKS_PER_SECOND


def descendants(process: int) -> Iterator[int]:
    """Yield a process and all below it."""
    yield process
    try:
        children = [path.read_text(encoding="ascii") for path in Path(f"/proc/{process}/task").glob("*/children")]
    except OSError:
        return
    for child in " ".join(children).split():
        yield from descendants(int(child))


def await_quiet(sides: Iterable[Side]) -> None:
    """Wait until servers have done what they do after their start, such as first pages and findings."""
    deadline = time.monotonic() + QUIET_WAIT_SECONDS
    for side in sides:
        while time.monotonic() < deadline:
            before = processor_seconds(side.process)
            time.sleep(QUIET_SECONDS)
            if processor_seconds(side.process) - before < QUIET_SHARE * QUIET_SECONDS:
                break


@contextmanager
def busy(processes: int) -> Iterator[None]:
    """Keep processors busy during the block."""
    command = [sys.executable, "-c", "while True: pass"]
    running = [subprocess.Popen(command) for _ in range(processes)]
    try:
        yield
    finally:
        for process in running:
            process.kill()
            process.wait()


def _middle(runs: Sequence[Run]) -> Run:
    return Run(
        median(run.latency for run in runs),
        median(run.rate for run in runs),
        max(run.refused for run in runs),
        median(run.processor for run in runs),
    )


def _connected(port: int) -> socket.socket:
    connection = socket.create_connection(("127.0.0.1", port), WAIT_SECONDS)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return connection


def _received(connection: socket.socket) -> bytes:
    data = connection.recv(READ_BYTES)
    if not data:
        raise ConnectionError
    return data
