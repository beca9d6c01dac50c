"""Load test: readers of a running server beside heavy queries."""

import random
import shlex
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from statistics import quantiles
from urllib.parse import urlencode

from kg.release import open_release
from kg.search import FILE

ROOT = Path(__file__).parent.parent
DEPTH = 25
ENDLESS = "ASK {" + " ".join(f"?s{at} ?p{at} ?o{at} FILTER NOT EXISTS {{" for at in range(DEPTH)) + "}" * (DEPTH + 1)
"""Query that runs until its time limit and needs little memory."""
READERS, HEAVY_QUERIES, DURATION_SECONDS, PAUSE_SECONDS = 50, 6, 60.0, 1.0
"""Concurrent readers, concurrent heavy queries, default duration, mean pause of a reader between pages."""

UNLIMITED = [
    part
    for name in ("pages-per-minute", "queries-per-minute", "queries-at-once", "days-per-minute")
    for part in (f"--{name}", "0")
]
"""Options of a server without limits per client."""
NO_HEADERS: Mapping[str, str] = {}
START_SECONDS = 600
"""Longest wait for the server to answer, beside whatever else the machine does."""
WAIT_SECONDS = 120.0
"""Longest wait for an answer."""


def readers(dist: Path, designations: Sequence[str], seconds: float = DURATION_SECONDS) -> dict[str, float]:
    """Return percentiles in milliseconds, number of answers and errors of readers while heavy queries run."""
    with served(dist) as (port, _):
        over, times, statuses, heavy = threading.Event(), list[float](), Counter[str](), Counter[int]()
        lists = ["/", "/programmes", "/designations", "/ontology"]
        if (open_release(dist).path / FILE).is_file():  # generated releases have no index of names
            lists.append("/search?q=%E5%9B%BD")
        paths = [*designations, *lists]
        for path in lists:
            ask(port, path)
        told = {"times": times, "statuses": statuses}
        threads = [threading.Thread(target=_heavy, args=(port, over, heavy)) for _ in range(HEAVY_QUERIES)]
        threads += [
            threading.Thread(target=_read, args=(port, paths, seed, over), kwargs=told) for seed in range(READERS)
        ]
        for thread in threads:
            thread.start()
        time.sleep(seconds)
        over.set()
        for thread in threads:
            thread.join()
    cuts = quantiles(times, n=100)
    answered = {f"status_{status}": float(count) for status, count in sorted(statuses.items())}
    hard = {f"heavy_{status}": float(count) for status, count in sorted(heavy.items())}
    return {"p50": 1000 * cuts[49], "p99": 1000 * cuts[98], "worst": 1000 * max(times), **answered, **hard}


@contextmanager
def served(dist: Path, query_seconds: int = 10) -> Iterator[tuple[int, int]]:
    """Run our server over a folder of releases, without limits per client; yield port and process when it answers."""
    port = free_port()
    command = [sys.executable, "-c", "from kg.cli import main; main()", "serve", "--query-seconds", str(query_seconds)]
    command += ["--dist", str(dist), "--port", str(port)]
    with subprocess.Popen([*command, *UNLIMITED], cwd=ROOT, stderr=subprocess.DEVNULL) as process:
        answers(process, port, "/health")
        if process.poll() is not None:
            raise SystemExit(f"the server ended at its start, with {process.returncode}: {shlex.join(command)}")
        try:
            yield port, process.pid
        finally:
            process.terminate()


def answers(
    process: "subprocess.Popen[bytes]",
    port: int,
    path: str,
    headers: Mapping[str, str] = NO_HEADERS,
    seconds: float = START_SECONDS,
) -> bool:
    """Wait until a server answers at an address; return False if it ends before, or does not in time."""
    deadline = time.monotonic() + seconds
    while process.poll() is None and time.monotonic() < deadline:
        if ask(port, path, headers) == 200:
            return True
        time.sleep(0.5)
    return False


def free_port() -> int:
    """Return a port on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def ask(port: int, path: str, headers: Mapping[str, str] = NO_HEADERS, wait_seconds: float = WAIT_SECONDS) -> int:
    """Return the status of an answer, 0 where there is none."""
    try:
        return fetch(port, path, headers, wait_seconds)[0]
    except (OSError, HTTPException):
        return 0


def fetch(
    port: int, path: str, headers: Mapping[str, str] = NO_HEADERS, wait_seconds: float = WAIT_SECONDS
) -> tuple[int, bytes]:
    """Return status and body of an answer.

    Raises:
        TimeoutError: none in time.
        OSError, HTTPException: the connection ended before it did, or none was to be had.
    """
    connection = HTTPConnection("127.0.0.1", port, timeout=wait_seconds)
    try:
        connection.request("GET", path, headers=dict(headers))
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def _read(
    port: int, paths: list[str], seed: int, over: threading.Event, *, times: list[float], statuses: Counter[str]
) -> None:
    chance = random.Random(seed)  # noqa: S311 — which page a reader opens next
    while not over.wait(chance.uniform(0, 2 * PAUSE_SECONDS)):
        start = time.perf_counter()
        status = ask(port, chance.choice(paths))
        times.append(time.perf_counter() - start)
        statuses[str(status) if status else "broken"] += 1


def _heavy(port: int, over: threading.Event, statuses: Counter[int]) -> None:
    while not over.is_set():
        status = ask(port, "/sparql?" + urlencode({"query": ENDLESS, "format": "json"}))
        statuses[status] += 1
        if status not in (200, 504):
            over.wait(1)
