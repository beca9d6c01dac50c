"""Load test: readers of a running server beside heavy queries."""

import random
import shlex
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
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

START_SECONDS = 600
"""Longest wait for the server to answer, beside whatever else the machine does."""


def readers(dist: Path, designations: Sequence[str], seconds: float = DURATION_SECONDS) -> dict[str, float]:
    """Return percentiles in milliseconds, number of answers and errors of readers while heavy queries run."""
    with served(dist) as port:
        over, times, statuses, heavy = threading.Event(), list[float](), Counter[str](), Counter[int]()
        lists = ["/", "/programmes", "/designations", "/ontology"]
        if (open_release(dist).path / FILE).is_file():  # generated releases have no index of names
            lists.append("/search?q=%E5%9B%BD")
        paths = [*designations, *lists]
        for path in lists:
            _ask(port, path)
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
def served(dist: Path, query_seconds: int = 10) -> Iterator[int]:
    """Run our server over a folder of releases, without limits per client; yield its port when it answers."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    unlimited = [
        "--pages-per-minute",
        "0",
        "--queries-per-minute",
        "0",
        "--queries-at-once",
        "0",
        "--days-per-minute",
        "0",
    ]
    command = [sys.executable, "-c", "from kg.cli import main; main()", "serve", "--query-seconds", str(query_seconds)]
    command += ["--dist", str(dist), "--port", str(port)]
    with subprocess.Popen([*command, *unlimited], cwd=ROOT, stderr=subprocess.DEVNULL) as process:
        deadline = time.monotonic() + START_SECONDS
        while process.poll() is None and time.monotonic() < deadline and _ask(port, "/health") != 200:
            time.sleep(0.5)
        if process.poll() is not None:
            raise SystemExit(f"the server ended at its start, with {process.returncode}: {shlex.join(command)}")
        try:
            yield port
        finally:
            process.terminate()


def _ask(port: int, path: str) -> int:
    connection = HTTPConnection("127.0.0.1", port, timeout=120)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        answer.read()
    except (OSError, HTTPException):
        return 0
    else:
        return answer.status
    finally:
        connection.close()


def _read(
    port: int, paths: list[str], seed: int, over: threading.Event, *, times: list[float], statuses: Counter[str]
) -> None:
    chance = random.Random(seed)  # noqa: S311 — which page a reader opens next
    while not over.wait(chance.uniform(0, 2 * PAUSE_SECONDS)):
        start = time.perf_counter()
        status = _ask(port, chance.choice(paths))
        times.append(time.perf_counter() - start)
        statuses[str(status) if status else "broken"] += 1


def _heavy(port: int, over: threading.Event, statuses: Counter[int]) -> None:
    while not over.is_set():
        status = _ask(port, "/sparql?" + urlencode({"query": ENDLESS, "format": "json"}))
        statuses[status] += 1
        if status not in (200, 504):
            over.wait(1)
