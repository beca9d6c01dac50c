"""Benchmark of the server against its peers over HTTP, each with the same load in the same run.

    python -m bench.peers [DIST [SECONDS [ROUNDS]]] [--no-install] [--peers FOLDER]

Peers: the public server of the engine (wheel `oxigraph`), `rdflib-endpoint` (in memory, with the statements of all
programmes only), and a bare Flask application under gunicorn that answers the same bytes. The first two are installed
from the registry into an environment of their own, `.venv-peers` or FOLDER; with --no-install only what is there is
measured. A line says which is missing, or does not answer, with the end of its log. Limits per client are off on our
side.

The sides take turns: every figure is the median of ROUNDS runs of SECONDS each, so that other load on the machine falls
on all. A client keeps its connection and asks the next query when the answer is there. The processor time of all
processes of a side is counted, too, which other load changes little. With the usual numbers it takes nine minutes.
"""

import os
import subprocess
import sys
from argparse import ArgumentParser
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory, TemporaryFile
from urllib.parse import urlencode

from flask import Flask, Response

from bench import serving
from bench.load import WAIT_SECONDS, Run, Side, await_quiet, busy, by_turns, fresh, query, request
from bench.readers import answers, fetch, free_port, served
from kg.release import Release, open_release
from kg.store import EmbeddedStore, questions
from kg.store.questions import with_prefixes

ROOT = Path(__file__).parent.parent
PEERS = ROOT / ".venv-peers"
"""Environment of the peers."""
PINNED = {"oxigraph": "oxigraph==0.5.13", "rdflib-endpoint": "rdflib-endpoint[cli]==0.6.3"}
"""Program of a peer to what is installed; the server of rdflib-endpoint is an extra."""
CLIENTS = (1, 8, 16, 32)
BUSY_PROCESSES = 4
VARIED = 200
"""Things that are asked for in turn where no two queries have the same text."""
SECONDS, ROUNDS = 2.0, 5
START_SECONDS = 180
"""Longest wait for a peer's first answer."""
QUERY_SECONDS = 300
"""Limit of a query on our side, which none of these reaches beside whatever else the machine does."""
LOG_CHARS = 300
"""Characters of the end of a peer's log that are shown."""
PROGRAMME = "https://w3id.org/guapai/id/programme/national-high-tech-zone"
SMALL = f"SELECT ?p ?o {{ <{PROGRAMME}> ?p ?o }}"
PROGRAMMES = "CONSTRUCT { ?s ?p ?o } { ?s a <https://w3id.org/guapai/ns/Programme> ; ?p ?o }"
THINGS = "SELECT ?s { ?s <https://w3id.org/guapai/ns/underProgramme> ?o } ORDER BY ?s LIMIT %d"
ROWS = "SELECT ?s ?p ?o { ?s ?p ?o } LIMIT 100000"
PAGE = "/page/programme/national-high-tech-zone"
HARD_QUESTIONS = (6, 7, *range(31, 41))
"""Competency questions whose cost is that of the engine."""
JSON = {"Accept": "application/sparql-results+json"}


def installed(folder: Path, *, install: bool) -> Iterator[str]:
    """Install the peers where they are not; yield the names of those that are there."""
    if install and not folder.exists():
        subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
    for name, wanted in PINNED.items():
        program = folder / "bin" / name
        if install and not program.exists():
            subprocess.run([folder / "bin" / "python", "-m", "pip", "install", "--quiet", wanted], check=False)
        if program.exists():
            yield name
        else:
            say(f"{wanted}: not installed, not measured")


def say(line: str) -> None:
    """Write a line at once."""
    print(line, flush=True)  # noqa: T201 — what it is for


def bare(folder: str) -> Flask:
    """Return an application that answers each path with the bytes of a file, for gunicorn."""
    app = Flask("bare")
    bodies = {name: (Path(folder) / name).read_bytes() for name in ("query", "rows", "page")}
    for name, content in bodies.items():
        app.add_url_rule(f"/{name}", name, lambda content=content: Response(content, content_type="application/json"))
    app.add_url_rule("/health", "health", lambda: "ok")
    return app


@contextmanager
def started(name: str, path: str, command: Sequence[str], port: int, ready: str) -> Iterator[Side | None]:
    """Run a server until the block ends; yield it when it answers, None if it does not, and say why."""
    with TemporaryFile("w+", encoding="utf-8", errors="replace") as log:
        process = subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=log)
        try:
            if answers(process, port, ready, JSON, START_SECONDS):
                yield Side(name, process.pid, port, path)
                return
            log.seek(0)
            end = " ".join(log.read().split())[-LOG_CHARS:]
            say(f"{name}: does not answer (exit code {process.poll()}), not measured: … {end}")
            yield None
        finally:
            process.terminate()
            process.wait()


def line(work: str, found: Mapping[str, Run]) -> str:
    """Return the figures of one piece of work, ours first, then each peer with ours as a ratio to it."""
    own = found["ours"]
    said = [f"{work}: ours {_figures(own)}, {own.refused:.1%} refused"]
    said += [f"{name} {_figures(run)}{_ratios(own, run)}" for name, run in found.items() if name != "ours"]
    return "; ".join(said)


def _ratios(own: Run, run: Run) -> str:
    if not run.rate:
        return ", without one answer that is right"
    return f" (ours: {own.latency / run.latency:.2f} × the time, {own.rate / run.rate:.2f} × the rate)"


def _figures(run: Run) -> str:
    return f"{run.latency:.2f} ms, {run.rate:,.0f}/s, processor {run.processor:.2f} ms"


@contextmanager
def servers(release: Release, dist: Path, folder: Path, peers: Path, *, install: bool) -> Iterator[dict[str, Side]]:
    """Start our server and all peers; yield by name those that answer."""
    with ExitStack() as stack:
        port, process = stack.enter_context(served(dist, QUERY_SECONDS))
        ours, programs = Side("ours", process, port, "/sparql"), set(installed(peers, install=install))
        for name, path in (("query", asking(ours, SMALL)), ("rows", asking(ours, ROWS)), ("page", PAGE)):
            (folder / name).write_bytes(fetch(ours.port, path, JSON, WAIT_SECONDS)[1])
        triples = EmbeddedStore(release.store_path).construct(PROGRAMMES, {})
        (folder / "programmes.nt").write_text("".join(f"{triple} .\n" for triple in triples), encoding="utf-8")
        sides: list[Side | None] = [ours]
        for name, path, command in commands(release, folder, peers):
            if name in programs or name == "bare Flask":
                port = free_port()
                given = [part.replace("PORT", str(port)) for part in command]
                ready = "/health" if name == "bare Flask" else f"{path}?{urlencode({'query': 'ASK {}'})}"
                sides.append(stack.enter_context(started(name, path, given, port, ready)))
        answering = {side.name: side for side in sides if side}
        await_quiet(answering.values())
        yield answering


def commands(release: Release, folder: Path, peers: Path) -> Iterator[tuple[str, str, list[str]]]:
    """Yield name, path of queries and command of each peer, with PORT where its port is."""
    flask = [sys.executable, "-m", "gunicorn", "--workers", "2", "--threads", "8", "--bind", "127.0.0.1:PORT"]
    yield "bare Flask", "", [*flask, f"bench.peers:bare('{folder}')"]
    engine = [str(peers / "bin" / "oxigraph"), "serve-read-only", "--location", str(release.store_path)]
    yield "oxigraph", "/query", [*engine, "--bind", "127.0.0.1:PORT"]
    memory = [str(peers / "bin" / "rdflib-endpoint"), "serve", str(folder / "programmes.nt"), "--port", "PORT"]
    yield "rdflib-endpoint", "/", memory


def asking(side: Side, text: str) -> str:
    """Return the address of a query without the host."""
    return f"{side.path}?{urlencode({'query': text})}"


class Table:
    """The rows of the table, each against its peers: sides by name, seconds and number of the runs."""

    def __init__(self, sides: Mapping[str, Side], seconds: float, rounds: int) -> None:
        self._sides, self._seconds, self._rounds = sides, seconds, rounds

    def all(self, release: Release) -> Iterator[str]:
        """Yield all rows."""
        yield from self.small()
        yield from self.varied(release)
        yield from self.hard(release)
        yield self.rows()
        yield self.page()
        yield self.beset(release)

    def small(self) -> Iterator[str]:
        """Yield the rows of the small query, the same again and again: our side answers from its response cache."""
        asked = self._asked([SMALL], "oxigraph", "rdflib-endpoint")
        if "bare Flask" in self._sides:
            asked[self._sides["bare Flask"]] = [request("/query")]
        for clients in CLIENTS:
            yield line(f"small query, {clients} clients", by_turns(asked, clients, self._seconds, self._rounds))

    def varied(self, release: Release) -> Iterator[str]:
        """Yield the rows of small queries that differ each time."""
        things = EmbeddedStore(release.store_path).select(THINGS % VARIED, {}).rows
        texts = [fresh(f"SELECT ?p ?o {{ {thing} ?p ?o }}") for (thing,) in things]
        asked = self._asked(texts, "oxigraph", "rdflib-endpoint")
        if "bare Flask" in self._sides:
            asked[self._sides["bare Flask"]] = [request("/query")]
        for clients in CLIENTS[:2]:
            yield line(f"small queries that differ, {clients} clients", self._by_turns(asked, clients))

    def hard(self, release: Release) -> Iterator[str]:
        """Yield the rows of questions, with their sum; their runs are half as long, and three at most."""
        found = {
            question.number: self._question(question.query, self._seconds / 2)
            for question in questions.questions(release.questions)
            if question.number in HARD_QUESTIONS
        }
        for number, runs in found.items():
            yield line(f"question {number}", runs)
        yield f"questions {HARD_QUESTIONS[0]}–{HARD_QUESTIONS[-1]}: {_sum(found)}"

    def beset(self, release: Release) -> str:
        """Return the row of all questions beside busy processes: each is asked once a round."""
        with busy(BUSY_PROCESSES):
            found = {each.number: self._question(each.query, 0) for each in questions.questions(release.questions)}
        return f"all questions beside {BUSY_PROCESSES} busy processes: {_sum(found)}"

    def rows(self) -> str:
        """Return the row of a long answer."""
        asked = self._asked([ROWS], "oxigraph")
        if "bare Flask" in self._sides:
            asked[self._sides["bare Flask"]] = [request("/rows")]
        return line("100,000 rows as JSON", self._by_turns(asked, 1))

    def page(self) -> str:
        """Return the row of a page that was asked for before."""
        asked = {self._sides["ours"]: [request(PAGE)]}
        if "bare Flask" in self._sides:
            asked[self._sides["bare Flask"]] = [request("/page")]
        return line("page of a thing, again", self._by_turns(asked, 1))

    def _question(self, text: str, seconds: float) -> dict[str, Run]:
        asked = self._asked([fresh(with_prefixes(text))], "oxigraph")
        return by_turns(asked, 1, seconds, min(3, self._rounds))

    def _asked(self, texts: Sequence[str], *peers: str) -> dict[Side, list[bytes]]:
        sides = [self._sides[name] for name in ("ours", *peers) if name in self._sides]
        return {side: [query(side.path, text) for text in texts] for side in sides}

    def _by_turns(self, asked: Mapping[Side, Sequence[bytes]], clients: int) -> dict[str, Run]:
        return by_turns(asked, clients, self._seconds, self._rounds)


def _sum(found: Mapping[int, Mapping[str, Run]]) -> str:
    """Return the sum of the times of some questions, and the worst ratio of ours to the engine's server."""
    own = sum(runs["ours"].latency for runs in found.values())
    said = f"ours {own:.0f} ms, {max(runs['ours'].refused for runs in found.values()):.1%} refused"
    ratios = {
        number: runs["ours"].latency / runs["oxigraph"].latency for number, runs in found.items() if len(runs) > 1
    }
    if not ratios:
        return said
    worst = max(ratios, key=lambda number: ratios[number])
    peer = sum(runs["oxigraph"].latency for runs in found.values())
    ratio = f"{own / peer:.2f} × the time, middle {median(ratios.values()):.2f}, worst {ratios[worst]:.2f}"
    return f"{said}; oxigraph {peer:.0f} ms (ours: {ratio} in question {worst})"


def first_pages(release: Release) -> str:
    """Return the row of pages asked for the first time, in processor time (see `bench.serving`)."""
    found = serving.pages(release)
    peer = f"bare Flask with the same queries and template {found['bare']:.2f} ms"
    return f"page of a thing, first time: ours {found['page']:.2f} ms; {peer} (ours: {found['ratio']:.2f} × the time)"


def main(arguments: Sequence[str]) -> None:
    """Measure the current release of a folder."""
    parser = ArgumentParser(prog="bench.peers")
    parser.add_argument("dist", nargs="?", type=Path, default=ROOT / "dist")
    parser.add_argument("seconds", nargs="?", type=float, default=SECONDS)
    parser.add_argument("rounds", nargs="?", type=int, default=ROUNDS)
    parser.add_argument("--no-install", dest="install", action="store_false")
    parser.add_argument("--peers", type=Path, default=PEERS)
    given = parser.parse_args(arguments)
    release = open_release(given.dist)
    with (
        TemporaryDirectory() as folder,
        servers(release, given.dist, Path(folder), given.peers, install=given.install) as sides,
    ):
        for said in Table(sides, given.seconds, given.rounds).all(release):
            say(said)
    say(first_pages(release))


if __name__ == "__main__":
    os.chdir(ROOT)
    main(sys.argv[1:])
