"""Servers under faults, and readers that say what they got."""

import random
import re
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPException
from pathlib import Path
from urllib.parse import urlencode

from bench.readers import UNLIMITED, answers, fetch, free_port

ROOT = Path(__file__).parents[2]
GUAPAI = (sys.executable, "-m", "kg")
READERS, HANG_SECONDS, PAUSE_SECONDS = 8, 180.0, 0.2
"""Readers of a server, the time after which no answer will come, the time between two looks."""
PAGES = (
    "/programmes.csv",
    "/page/programme/national-high-tech-zone",
    "/questions",
    "/search?q=%E5%8C%BA",
    "/designations.csv?programme=national-high-tech-zone",
)
QUERY = "/sparql?" + urlencode(
    {"format": "csv", "query": "SELECT (COUNT(*) AS ?n) { ?x a <https://w3id.org/guapai/ns/Programme> }"}
)
OPTIONS = (*UNLIMITED, "--query-seconds", "120")
SAID_BYTES = 60
"""Beginning of a refusal that is told: a sentence, of a page nothing but its kind."""
UNSTABLE = re.compile(rb"[0-9a-f]{32}")
"""Numbers of requests, which pages of errors show."""


@dataclass
class Reading:
    """What readers got, by outcome; right: the bytes of every address before the faults.

    Every answer is one of: right (those bytes), refused (503 or 429), broken (the connection ended before the answer
    did, or none was to be had, which every client sees), wrong (200 with other bytes, or another status), hung (no
    answer in HANG_SECONDS).
    """

    right: dict[str, bytes]
    outcomes: Counter[str] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)

    def told(self) -> dict[str, object]:
        """Return the outcomes, and half and almost all of the answers' times in seconds."""
        times = sorted(self.seconds)
        return {
            **self.outcomes,
            "p50": round(times[len(times) // 2], 2),
            "p99": round(times[len(times) * 99 // 100], 2),
        }

    def read(self, port: int, seed: int) -> None:
        """Read addresses at random until it is over."""
        chance = random.Random(seed)  # noqa: S311 — which page a reader opens next
        while not self.over.is_set():
            began = time.monotonic()
            outcome = self.outcome(port, chance.choice(list(self.right)))
            self.seconds.append(time.monotonic() - began)
            self.outcomes[outcome] += 1
            if outcome == "broken":
                time.sleep(PAUSE_SECONDS)

    def outcome(self, port: int, path: str) -> str:
        """Read an address once."""
        try:
            status, body = ask(port, path)
        except TimeoutError:
            return "hung"
        except (OSError, HTTPException):
            return "broken"
        if status in (503, 429):
            return f"refused: {status} {body[:SAID_BYTES].decode(errors='replace').strip()}"
        return "right" if (status, body) == (200, self.right[path]) else f"wrong: {status} {path}"


def ask(port: int, path: str) -> tuple[int, bytes]:
    """Return status and body of an answer, without numbers of requests; raise what `fetch` does."""
    status, body = fetch(port, path, wait_seconds=HANG_SECONDS)
    return status, UNSTABLE.sub(b"", body)


def start(dist: Path, port: int, workers: int, within: Sequence[str] = ()) -> "subprocess.Popen[bytes]":
    """Start a server; within: command that runs it, such as one that mounts a disk."""
    command = [*within, *GUAPAI, "serve", "--dist", str(dist), "--port", str(port), "--workers", str(workers)]
    return subprocess.Popen([*command, *OPTIONS], cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def until_ready(master: "subprocess.Popen[bytes]", port: int) -> None:
    """Wait until a server is ready.

    Raises:
        TimeoutError: it does not become so, or has ended.
    """
    if not answers(master, port, "/health", seconds=HANG_SECONDS):
        raise TimeoutError(f"the server does not become ready; its exit code: {master.poll()}")


def started(dist: Path, port: int, workers: int) -> "subprocess.Popen[bytes]":
    """Start a server and wait until it is ready; one that ends is started again, as a service manager does."""
    while not answers(master := start(dist, port, workers), port, "/health", seconds=HANG_SECONDS):
        master.kill()
        master.wait()
    return master


@contextmanager
def serving(dist: Path, workers: int = 1, within: Sequence[str] = ()) -> Iterator[tuple[int, int]]:
    """Serve a release; yield port and id of the server's process.

    Raises:
        TimeoutError: it does not become ready.
    """
    port = free_port()
    master = start(dist, port, workers, within)
    try:
        until_ready(master, port)
        yield port, master.pid
    finally:
        master.terminate()
        master.wait()


@contextmanager
def readers(port: int, number: int = READERS, pages: Sequence[str] = (*PAGES, QUERY)) -> Iterator[Reading]:
    """Let readers read, and wait for their last answers.

    Raises:
        ValueError: a page cannot be read before there is any fault, such as one of an older release.
    """
    before = {path: ask(port, path) for path in pages}
    if wrong := {path: status for path, (status, _) in before.items() if status != 200}:
        raise ValueError(f"before any fault: {wrong}")
    reading = Reading({path: body for path, (_, body) in before.items()})
    threads = [threading.Thread(target=reading.read, args=(port, seed)) for seed in range(number)]
    for thread in threads:
        thread.start()
    try:
        yield reading
    finally:
        reading.over.set()
        for thread in threads:
            thread.join()


def children(process: int) -> list[int]:
    """Return the ids of the child processes of a process."""
    found = []
    for path in Path(f"/proc/{process}/task").glob("*/children"):
        try:
            found += [int(child) for child in path.read_text(encoding="ascii").split()]
        except OSError:
            continue  # the thread has ended
    return found


def open_files(process: int) -> int:
    """Return the number of files that a process has open, sockets among them."""
    return len(list(Path(f"/proc/{process}/fd").iterdir()))


def memory_bytes(process: int) -> int:
    """Return the resident memory of a process."""
    (line,) = [line for line in Path(f"/proc/{process}/status").read_text("utf-8").splitlines() if "VmRSS" in line]
    return int(line.split()[1]) << 10
