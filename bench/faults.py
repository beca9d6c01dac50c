"""Table of faults: what readers see while processes are killed and files damaged, and what killed builds leave.

    python -m bench.faults [DIST [KILLS [MOMENTS]]]

Default is the current release of the folder dist, 50 kills of each kind of process, 20 moments of a build. Nothing is
written to the release: files are damaged in a copy.

Every answer of a reader is one of: right (the bytes of before), refused (503 or 429), broken (the connection ended
before the answer did, which every client sees), wrong (200 with other bytes), hung (no answer in a minute).
"""

import os
import random
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlencode

from bench.damage import WAYS, damaged, linked_copy
from bench.generate import generate
from kg.errors import GuapaiError
from kg.release import check, checksums, open_release

ROOT = Path(__file__).parent.parent
GUAPAI = (sys.executable, "-c", "from kg.cli import main; main()")
READERS, HANG_SECONDS, KILL_PAUSE_SECONDS = 8, 60.0, 1.0
PAGES = (
    "/programmes.csv",
    "/page/programme/national-high-tech-zone",
    "/questions",
    "/search?q=%E5%8C%BA",
    "/designations.csv",
)
QUERY = "/sparql?" + urlencode(
    {"format": "csv", "query": "SELECT (COUNT(*) AS ?n) { ?x a <https://w3id.org/guapai/ns/Programme> }"}
)
OWN = ("manifest.json", "columns/", "search.sqlite", "ontology/", "tables/", "graphs/quality.nt", "report/", "store/")
READ_BY = {
    "manifest.json": "/programmes.csv",
    "columns/designations.parquet": "/designations.csv",
    "columns/names.parquet": "/designations.csv",
    "search.sqlite": "/search?q=%E5%8C%BA",
    "ontology/questions": "/questions",
    "ontology/rules": "/rules",
    "ontology/shapes.ttl": "/shapes",
    "graphs/quality.nt": "/downloads/graphs/quality.nt",
    "store": "/page/programme/national-high-tech-zone",
}
"""A file or folder of a release to a page that reads it; of the store, its largest file."""
UNLIMITED = [
    part for name in ("pages-per-minute", "queries-per-minute", "queries-at-once") for part in (f"--{name}", "0")
]
UNSTABLE = re.compile(rb"[0-9a-f]{32}")


@dataclass
class Reading:
    """What readers got, by outcome; right: the bytes of every address before the faults."""

    right: dict[str, bytes]
    outcomes: Counter[str] = field(default_factory=Counter)
    over: threading.Event = field(default_factory=threading.Event)

    def read(self, port: int, seed: int) -> None:
        """Read addresses at random until it is over."""
        chance = random.Random(seed)  # noqa: S311 — which page a reader opens next
        while not self.over.is_set():
            path = chance.choice(list(self.right))
            self.outcomes[self.outcome(port, path)] += 1

    def outcome(self, port: int, path: str) -> str:
        """Read an address once."""
        try:
            status, body = ask(port, path)
        except TimeoutError:
            return "hung"
        except (OSError, HTTPException):
            return "broken"
        if status in (503, 429):
            return "refused"
        return "right" if (status, body) == (200, self.right[path]) else "wrong"


def ask(port: int, path: str) -> tuple[int, bytes]:
    """Return status and body of an answer, without request numbers."""
    connection = HTTPConnection("127.0.0.1", port, timeout=HANG_SECONDS)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, UNSTABLE.sub(b"", answer.read())
    finally:
        connection.close()


def start(dist: Path, port: int, workers: int) -> "subprocess.Popen[bytes]":
    """Start a server."""
    command = [*GUAPAI, "serve", "--dist", str(dist), "--port", str(port), "--workers", str(workers), *UNLIMITED]
    return subprocess.Popen(command, cwd=ROOT, stderr=subprocess.DEVNULL)


def until_ready(port: int) -> None:
    """Wait until a server is ready."""
    end = time.monotonic() + HANG_SECONDS
    while time.monotonic() < end:
        try:
            if ask(port, "/health")[0] == 200:
                return
        except (OSError, HTTPException):
            pass
        time.sleep(0.2)
    raise TimeoutError("the server does not become ready")


def children(process: int) -> list[int]:
    """Return the ids of the child processes of a process."""
    paths = Path(f"/proc/{process}/task").glob("*/children")
    return [int(child) for path in paths for child in path.read_text(encoding="ascii").split()]


def server_processes(master: int) -> list[int]:
    """Return the ids of the processes that answer."""
    return children(master)


def query_workers(master: int) -> list[int]:
    """Return the ids of the processes that run queries."""
    return [worker for process in children(master) for worker in children(process)]


@contextmanager
def eight_readers(port: int) -> Iterator[Reading]:
    """Let eight readers read, and wait for their last answers."""
    reading = Reading({path: ask(port, path)[1] for path in (*PAGES, QUERY)})
    threads = [threading.Thread(target=reading.read, args=(port, seed)) for seed in range(READERS)]
    for thread in threads:
        thread.start()
    try:
        yield reading
    finally:
        reading.over.set()
        for thread in threads:
            thread.join()


def kills(dist: Path, victims: Callable[[int], Sequence[int]], times: int) -> Counter[str]:
    """Return what eight readers got while one of some processes was killed again and again.

    Args:
        dist: folder of the releases.
        victims: ids of the processes by that of the master; where it is the master itself, it is started again.
        times: number of kills.
    """
    chance, port = random.Random(0), free_port()  # noqa: S311 — which process is killed
    master = start(dist, port, 2)
    try:
        until_ready(port)
        with eight_readers(port) as reading:
            for _ in range(times):
                time.sleep(chance.uniform(0, KILL_PAUSE_SECONDS))
                if found := victims(master.pid):
                    os.kill(chance.choice(found), signal.SIGKILL)
                if master.poll() is not None or victims(master.pid) == [master.pid]:
                    master.wait()
                    master = start(dist, port, 2)
                    until_ready(port)
            until_ready(port)
            time.sleep(2)
        return reading.outcomes
    finally:
        master.terminate()
        master.wait()


def free_port() -> int:
    """Return a port on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def damage(release: Path, folder: Path) -> Iterator[tuple[str, str, str, str]]:
    """Yield file, way of damage, what the start of a server says, and what page and `/health` say while served."""
    copy = linked_copy(release, folder / "release", OWN)
    for name, page in READ_BY.items():
        path = copy / name
        if name == "store":
            path = max(path.glob("*.sst"), key=lambda found: found.stat().st_size)
        for way in ("removed",) if path.is_dir() else WAYS:
            shown = path.relative_to(copy).as_posix()
            yield shown, way, at_start(copy, path, way), while_serving(copy, path, way, page)


def at_start(copy: Path, path: Path, way: str) -> str:
    """Return what is found out before a damaged release is served."""
    with damaged(path, way):
        try:
            check(open_release(copy))
        except GuapaiError:
            return "refused"
        found = list(checksums.faults(copy, open_release(copy).manifest, whole=True))
        return "found by guapai verify" if found else "not found"


def while_serving(copy: Path, path: Path, way: str, page: str) -> str:
    """Return the statuses of a page and of `/health` after a file was damaged under a running server."""
    port = free_port()
    master = start(copy, port, 1)
    try:
        until_ready(port)
        with damaged(path, way):
            return f"page {ask(port, page)[0]}, health {ask(port, '/health')[0]}"
    except (OSError, HTTPException) as error:
        return f"no answer: {error!r}"
    finally:
        master.terminate()
        master.wait()


def killed_builds(folder: Path, moments: int) -> Counter[str]:
    """Return what builds left that were ended at moments spread over a build, half of them by SIGTERM.

    Outcomes: old (the release of before is there, whole), new (the build was done), damaged; and leftovers after the
    next build.
    """
    data, dist = folder / "data", folder / "dist"
    generate(ROOT / "data", data, 100)
    build = [*GUAPAI, "build", "--data", str(data), "--dist", str(dist), "--modules", str(folder)]
    began = time.monotonic()
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    seconds, outcomes = time.monotonic() - began, Counter[str]()
    for moment in range(moments):
        process = subprocess.Popen(build, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            process.wait(seconds * moment / moments)
        except subprocess.TimeoutExpired:
            process.send_signal((signal.SIGTERM, signal.SIGKILL)[moment % 2])
        done = process.wait() == 0
        try:
            release = open_release(dist)
            damages = list(checksums.faults(release.path, release.manifest, whole=True))
        except GuapaiError as error:
            damages = [checksums.Fault(str(dist), str(error))]
        outcomes["damaged" if damages else "new" if done else "old"] += 1
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    outcomes["leftovers"] = len(list(dist.glob(".building-*")))
    return outcomes


def main(dist: str = str(ROOT / "dist"), times: str = "50", moments: str = "20") -> dict[str, object]:
    """Inject every fault and return the table; rows are printed as they are found."""
    table: dict[str, object] = {}

    def row(fault: str, found: object) -> None:
        table[fault] = found
        print(f"{fault}: {found}", flush=True)  # noqa: T201 — a bench prints

    for name, victims in (
        ("server process", server_processes),
        ("query worker", query_workers),
        ("master", lambda master: [master]),
    ):
        row(f"{name} killed {times} times", dict(kills(Path(dist), victims, int(times))))
    with TemporaryDirectory() as folder:
        for name, way, before, during in damage(open_release(Path(dist)).path, Path(folder)):
            row(f"{name} {way}", f"at start {before}; served: {during}")
    with TemporaryDirectory() as folder:
        row(f"build ended at {moments} moments", dict(killed_builds(Path(folder), int(moments))))
    return table


if __name__ == "__main__":
    main(*sys.argv[1:])
