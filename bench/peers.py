"""Benchmark of the server against its peers over HTTP, each with the same load in the same run.

    python -m bench.peers [DIST [SECONDS [ROUNDS]]] [--no-install]

Peers: the public server of the engine (wheel `oxigraph`), `rdflib-endpoint` (in memory, the graph of the designations
only), and a bare Flask application under gunicorn that answers the same bytes. The first two are installed from the
registry into an environment of their own, `.venv-peers`; with --no-install only what is there is measured. A line says
which is missing. Limits per client are off on our side.

The sides take turns: every figure is the median of ROUNDS runs of SECONDS each, so that other load on the machine falls
on all. A client keeps its connection and asks the next query when the answer is there.
"""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from itertools import islice
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from urllib.parse import urlencode

from flask import Flask, Response

from bench.readers import ask, free_port, served
from kg.release import Release, open_release
from kg.store import questions
from kg.store.questions import with_prefixes

ROOT = Path(__file__).parent.parent
PEERS = ROOT / ".venv-peers"
"""Environment of the peers."""
PINNED = {"oxigraph": "0.5.13", "rdflib-endpoint": "0.6.3"}
CLIENTS = (1, 8, 16)
SECONDS, ROUNDS = 3.0, 5
WAIT_SECONDS = 600
"""Longest wait of a client for an answer."""
QUERY_SECONDS = 300
"""Limit of a query on our side, which none of these reaches beside whatever else the machine does."""
PROGRAMME = "https://w3id.org/guapai/id/programme/national-high-tech-zone"
SMALL = f"SELECT ?p ?o {{ <{PROGRAMME}> ?p ?o }}"
ROWS = "SELECT ?s ?p ?o { ?s ?p ?o } LIMIT 100000"
PAGE = "/page/programme/national-high-tech-zone"
HARD_QUESTIONS = (6, 7, *range(31, 41))
"""Competency questions whose cost is that of the engine."""
JSON = {"Accept": "application/sparql-results+json"}


@dataclass(frozen=True, slots=True)
class Side:
    """A server: its name, port, and the path at which it answers queries."""

    name: str
    port: int
    path: str

    def query(self, text: str) -> str:
        """Return the address of a query without the host."""
        return f"{self.path}?{urlencode({'query': text})}"


@dataclass(frozen=True, slots=True)
class Run:
    """What clients got: milliseconds of the median answer, answers a second, and the share that was refused."""

    latency: float
    rate: float
    refused: float


def installed(*, install: bool) -> Iterator[str]:
    """Install the peers where they are not; yield the names of those that are there."""
    if install and not PEERS.exists():
        subprocess.run([sys.executable, "-m", "venv", str(PEERS)], check=True)
    for name, version in PINNED.items():
        program = PEERS / "bin" / name
        if install and not program.exists():
            command = [str(PEERS / "bin" / "python"), "-m", "pip", "install", "--quiet", f"{name}=={version}"]
            subprocess.run(command, check=False)
        if program.exists():
            yield name
        else:
            print(f"{name} {version}: not installed, not measured")  # noqa: T201 — what it is for


def bare(folder: str) -> Flask:
    """Return an application that answers each path with the bytes of a file, for gunicorn."""
    app = Flask("bare")
    bodies = {name: (Path(folder) / name).read_bytes() for name in ("query", "rows", "page")}
    for name, body in bodies.items():
        app.add_url_rule(f"/{name}", name, lambda body=body: Response(body, content_type="application/json"))
    app.add_url_rule("/health", "health", lambda: "ok")
    return app


@contextmanager
def started(name: str, path: str, command: Sequence[str], port: int, ready: str) -> Iterator[Side]:
    """Run a server until the block ends; yield it when it answers."""
    quiet = subprocess.DEVNULL
    with subprocess.Popen(command, cwd=ROOT, stdout=quiet, stderr=quiet) as process:
        try:
            while process.poll() is None and ask(port, ready, JSON, WAIT_SECONDS) not in (200, 400, 404):
                time.sleep(0.5)
            yield Side(name, port, path)
        finally:
            process.terminate()


def body(port: int, path: str) -> bytes:
    """Return the bytes of an answer."""
    connection = HTTPConnection("127.0.0.1", port, timeout=WAIT_SECONDS)
    connection.request("GET", path, headers=JSON)
    try:
        return connection.getresponse().read()
    finally:
        connection.close()


def load(port: int, path: str, clients: int, seconds: float) -> Run:
    """Ask for one address by some clients at a time, each over one connection."""
    times, statuses, over = list[float](), list[int](), threading.Event()

    def client() -> None:
        connection = HTTPConnection("127.0.0.1", port, timeout=WAIT_SECONDS)
        while not over.is_set():
            start = time.perf_counter()
            try:
                connection.request("GET", path, headers=JSON)
                answer = connection.getresponse()
                answer.read()
                statuses.append(answer.status)
            except (OSError, HTTPException):
                connection.close()
                statuses.append(0)
            times.append(time.perf_counter() - start)
        connection.close()

    threads = [threading.Thread(target=client) for _ in range(clients)]
    start = time.perf_counter()
    for thread in threads:
        thread.start()
    over.wait(seconds)
    over.set()
    for thread in threads:
        thread.join()
    good = statuses.count(200)
    return Run(1000 * median(times), good / (time.perf_counter() - start), 1 - good / len(statuses))


def by_turns(sides: Mapping[str, tuple[int, str]], clients: int, seconds: float, rounds: int) -> dict[str, Run]:
    """Load the sides in turn, several times; return the medians of each."""
    runs: dict[str, list[Run]] = {name: [] for name in sides}
    for _ in range(rounds):
        for name, (port, path) in sides.items():
            runs[name].append(load(port, path, clients, seconds))
    return {
        name: Run(median(run.latency for run in got), median(run.rate for run in got), max(run.refused for run in got))
        for name, got in runs.items()
    }


def line(work: str, found: Mapping[str, Run]) -> str:
    """Return the figures of one piece of work, ours first, then each peer with ours as a ratio to it."""
    own = found["ours"]
    said = [f"{work}: ours {own.latency:.2f} ms, {own.rate:,.0f}/s, {own.refused:.0%} refused"]
    said += [
        f"{name} {run.latency:.2f} ms, {run.rate:,.0f}/s (ours: {own.latency / run.latency:.2f} × the time, "
        f"{own.rate / run.rate:.2f} × the rate)"
        for name, run in found.items()
        if name != "ours" and run.rate
    ]
    return "; ".join(said)


@contextmanager
def servers(release: Release, dist: Path, folder: Path, *, install: bool) -> Iterator[dict[str, Side]]:
    """Start our server and all peers; yield them by name."""
    with ExitStack() as stack:
        ours = Side("ours", stack.enter_context(served(dist, QUERY_SECONDS)), "/sparql")
        sides, programs = {"ours": ours}, set(installed(install=install))
        for name, path in (("query", ours.query(SMALL)), ("rows", ours.query(ROWS)), ("page", PAGE)):
            (folder / name).write_bytes(body(ours.port, path))
        port = free_port()
        command = [sys.executable, "-m", "gunicorn", "--workers", "2", "--threads", "8", "--bind", f"127.0.0.1:{port}"]
        application = f"bench.peers:bare('{folder}')"
        sides["bare Flask"] = stack.enter_context(started("bare Flask", "", [*command, application], port, "/health"))
        if "oxigraph" in programs:
            port, program = free_port(), str(PEERS / "bin" / "oxigraph")
            command = [program, "serve-read-only", "--location", str(release.store_path), "--bind", f"127.0.0.1:{port}"]
            sides["Oxigraph"] = stack.enter_context(started("Oxigraph", "/query", command, port, "/"))
        if "rdflib-endpoint" in programs:
            port, program = free_port(), str(PEERS / "bin" / "rdflib-endpoint")
            command = [program, "serve", str(release.graphs / "designations.nt"), "--port", str(port)]
            sides["rdflib-endpoint"] = stack.enter_context(started("rdflib-endpoint", "/", command, port, "/"))
        yield sides


def measure(release: Release, dist: Path, seconds: float, rounds: int, *, install: bool) -> Iterator[str]:
    """Yield a line for each piece of work."""
    with TemporaryDirectory() as scratch, servers(release, dist, Path(scratch), install=install) as sides:
        ours = sides["ours"]

        def asked(text: str, name: str, *chosen: str) -> dict[str, tuple[int, str]]:
            found = {key: (sides[key].port, sides[key].query(text)) for key in ("ours", *chosen) if key in sides}
            return found | ({"bare Flask": (sides["bare Flask"].port, f"/{name}")} if name else {})

        small = asked(SMALL, "query", "Oxigraph", "rdflib-endpoint")
        for clients in CLIENTS:
            yield line(f"small query, {clients} clients", by_turns(small, clients, seconds, rounds))
        for question in questions.questions(release.questions):
            if question.number in HARD_QUESTIONS:
                pair = asked(with_prefixes(question.query), "", "Oxigraph")
                yield line(f"question {question.number}", by_turns(pair, 1, seconds, rounds))
        yield line("100,000 rows as JSON", by_turns(asked(ROWS, "rows", "Oxigraph"), 1, seconds, rounds))
        page = {"ours": (ours.port, PAGE), "bare Flask": (sides["bare Flask"].port, "/page")}
        yield line("page of a thing, again", by_turns(page, 1, seconds, rounds))


def main(arguments: Sequence[str]) -> None:
    """Measure the current release of a folder."""
    given = [argument for argument in arguments if argument != "--no-install"]
    dist, seconds, rounds = islice([*given, *("dist", str(SECONDS), str(ROUNDS))[len(given) :]], 3)
    install = "--no-install" not in arguments
    for said in measure(open_release(Path(dist)), Path(dist), float(seconds), int(rounds), install=install):
        print(said, flush=True)  # noqa: T201 — what it is for


if __name__ == "__main__":
    os.chdir(ROOT)
    main(sys.argv[1:])
