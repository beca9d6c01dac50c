"""Benchmark of the server against raw baselines: a page, a long answer, readers beside heavy queries, a time limit.

    python -m bench.serving [DIST | DESIGNATIONS [SECONDS]]

Default is the folder dist; a number generates a release of that many designations. Readers read for a minute by
default.

"Bare" for a page is a Flask application that returns as many bytes, plus the page's own queries run directly by
pyoxigraph with their results read, plus its own template with the same context. Queries of the columns (DuckDB) are
part of ours and not of bare. Pages are warm: constant labels are cached. Times are processor time of the answering
thread, so that other load on the machine does not count.
"""

import json
import shutil
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from io import BytesIO
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

import pyoxigraph
from flask import Flask, g, template_rendered

from bench.generate import generate
from bench.readers import DURATION_SECONDS, ENDLESS, readers
from kg import store
from kg.errors import QueryTimeout
from kg.pipeline import columns as projection
from kg.pipeline import graphs, merge
from kg.release import Release, columns, open_release
from kg.sandbox import Limits, Pool
from kg.store import EmbeddedStore
from kg.store.bindings import bind
from kg.store.formats import FORMATS, NamedNode, Solutions, Term
from kg.tables import DESCRIPTOR, checks
from kg.vocab import THINGS, graph, lines
from web import create_app
from web.middleware.monitoring import Operation
from web.server import CACHE_BYTES

ROOT = Path(__file__).parent.parent
PAGES = 100
"""Number of measured pages of designations."""
ROWS = 1_000_000
LONG_QUERY = f"SELECT ?s ?p ?o {{ {{ ?s ?p ?o }} UNION {{ GRAPH ?g {{ ?s ?p ?o }} }} }} LIMIT {ROWS}"


class Recording:
    """Store of a release that records the text of every query, and what is looked up without one."""

    def __init__(self, path: Path) -> None:
        self._store, self.asked = EmbeddedStore(path), list[str]()
        self.looked_up = list[tuple[NamedNode, Sequence[NamedNode]]]()

    def select(self, query: str, bindings: Mapping[str, Term]) -> Solutions:
        """Run a SELECT query and record it."""
        self.asked.append(bind(query, bindings))
        return self._store.select(query, bindings)

    def objects(self, subject: NamedNode, properties: Sequence[NamedNode]) -> list[Term]:
        """Look up objects and record it."""
        self.looked_up.append((subject, properties))
        return self._store.objects(subject, properties)

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 — whatever else a store has
        return getattr(self._store, name)


def seconds(work: Callable[[], object], times: int = 5) -> float:
    """Return the median of the processor seconds of several runs in this thread."""
    taken = []
    for _ in range(times):
        start = time.thread_time()
        work()
        taken.append(time.thread_time() - start)
    return median(taken)


def pages(release: Release) -> dict[str, float]:
    """Return milliseconds of a warm page of a designation, of its bare parts, and the ratio.

    The page is rendered each time; `again` is the same page from the response cache.
    """
    recording = Recording(release.store_path)
    app = create_app(release, store=recording)
    keeping = create_app(release, store=recording, operation=Operation(cache_bytes=CACHE_BYTES)).test_client()
    client, raw = app.test_client(), pyoxigraph.Store.read_only(str(release.store_path))
    ours, again, parts = [], 0.0, Counter[str]()
    for path in _designations(release):
        client.get(path)
        recording.asked.clear()
        recording.looked_up.clear()
        rendered: list[tuple[Any, dict[str, Any]]] = []

        def keep(_app: Flask, template: Any, context: dict[str, Any], **_: object) -> None:  # noqa: ANN401
            rendered.append((template, context))  # noqa: B023 — called within the same turn

        with template_rendered.connected_to(keep, app):
            body = client.get(path).data
        asked, looked_up = tuple(recording.asked), tuple(recording.looked_up)
        template, context = rendered[-1]
        ours.append(seconds(lambda: client.get(path).data))  # noqa: B023
        keeping.get(path)
        again += seconds(lambda: keeping.get(path).data)  # noqa: B023
        parts["flask"] += _bare_flask(body)
        with app.test_request_context(path):
            parts["query_and_template"] += seconds(lambda: _bare(raw, asked, looked_up, template, context))  # noqa: B023
    count = len(ours)
    bare = sum(parts.values()) / count
    mean = sum(ours) / count
    named = {f"bare_{name}": 1000 * total / count for name, total in parts.items()}
    figures = {"page": 1000 * mean, "again": 1000 * again / count, "bare": 1000 * bare, **named}
    return {**figures, "over": 1000 * (mean - bare), "ratio": mean / bare}


def _bare(
    raw: pyoxigraph.Store,
    asked: Iterable[str],
    looked_up: Iterable[tuple[NamedNode, Sequence[NamedNode]]],
    template: Any,  # noqa: ANN401
    context: Mapping[str, Any],
) -> str:
    """Query and render as at the first request: without the values that Flask's context holds of the previous run."""
    vars(g._get_current_object()).clear()  # type: ignore[attr-defined]  # noqa: SLF001 — how Werkzeug documents it
    for text in asked:
        tuple(map(tuple, raw.query(text)))  # type: ignore[arg-type]
    for subject, properties in looked_up:
        for each in properties:
            tuple(raw.quads_for_pattern(subject, each, None, pyoxigraph.DefaultGraph()))
    return str(template.render(context))


def _designations(release: Release) -> list[str]:
    rows = EmbeddedStore(release.store_path).select(
        "SELECT ?designation { ?designation <https://w3id.org/guapai/ns/underProgramme> ?programme } ORDER BY "
        "?designation",
        {},
    )
    keys = [str(row[0].value).removeprefix(THINGS) for row in rows.rows if row[0] is not None]
    return [f"/page/{key}" for key in keys[:: max(1, len(keys) // PAGES)]][:PAGES]


def _bare_flask(body: bytes) -> float:
    app = Flask("bare")
    app.add_url_rule("/page/<kind>/<path:key>", view_func=lambda kind, key: body)  # noqa: ARG005
    client = app.test_client()
    return seconds(lambda: client.get("/page/designation/x").data)


def long_answer(release: Release) -> dict[str, dict[str, float]]:
    """Return, for JSON and CSV, seconds of ours and of pyoxigraph's serialiser, and the additional memory of ours."""
    limits = Limits(seconds=600, rows=2 * ROWS, bytes=1 << 31, memory_bytes=4 << 30)
    pool = Pool(release.store_path, 1, limits)
    client = create_app(release, pool=pool).test_client()
    raw = pyoxigraph.Store.read_only(str(release.store_path))
    found = {}
    for form in FORMATS:
        if form.name not in ("json", "csv"):
            continue
        with pool.run("ASK {}", FORMATS[0]):
            pass
        (process,) = pool.process_ids()
        before = _memory(process, "VmRSS"), _memory("self", "VmRSS")
        start = time.perf_counter()
        size = sum(map(len, client.get("/sparql", query_string={"query": LONG_QUERY, "format": form.name}).response))
        ours = time.perf_counter() - start
        after = _memory(process, "VmHWM"), _memory("self", "VmRSS")
        start = time.perf_counter()
        target = BytesIO()
        raw.query(LONG_QUERY).serialize(target, form.engine)  # type: ignore[union-attr, call-arg, arg-type]
        bare = time.perf_counter() - start
        found[form.name] = {
            "megabytes": size / 1e6,
            "ours": ours,
            "bare": bare,
            "ratio": ours / bare,
            "extra_worker_mb": after[0] - before[0],
            "extra_server_mb": after[1] - before[1],
        }
    pool.close()
    return found


def _memory(process: int | str, name: str) -> float:
    """Return a value of the memory of a process from the kernel, in MiB."""
    for line in Path(f"/proc/{process}/status").read_text(encoding="utf-8").splitlines():
        if line.startswith(name):
            return int(line.split()[1]) / 1024
    return 0.0


def time_limit(release: Release) -> dict[str, float]:
    """Return the longest time, of several queries, from a query's limit to its error with its process gone."""
    limits, over = Limits(seconds=2), list[float]()
    pool = Pool(release.store_path, 1, limits)
    for _ in range(5):
        with pool.run("ASK {}", FORMATS[0]):
            (process,) = pool.process_ids()
        start = time.perf_counter()
        try:
            pool.run(ENDLESS, FORMATS[0])
        except QueryTimeout:
            while Path(f"/proc/{process}").exists():
                time.sleep(0.005)
            over.append(time.perf_counter() - start - limits.seconds)
    pool.close()
    return {"queries": len(over), "worst_seconds_over": max(over)}


def made_up(folder: Path, designations: int) -> Release:
    """Make the part of a release that pages of things need, without findings and index of names."""
    generate(ROOT / "data", folder / "data", designations)
    package = checks.checked(folder / "data")
    merged = merge.designations(package)
    release = folder / "dist" / "made-up"
    files, counts = [], {}
    for name, triples in graphs.from_tables(package, merged):
        path = release / "graphs" / f"{name}.nt"
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("w", encoding="utf-8", newline="\n") as stream:
            counts[name] = sum(1 for line in lines(triples) if stream.write(line))
        files.append(store.GraphFile(path, graph(name), in_default=True))
    columns.write(projection.tables(package, merged), release / columns.FOLDER)
    shutil.copytree(ROOT / "ontology", release / "ontology")
    (release / "tables").mkdir()
    shutil.copyfile(package.folder / DESCRIPTOR, release / "tables" / DESCRIPTOR)
    store.load_store(release / "store", files)
    manifest = {"release": "made-up", "version": "0", "data_as_of": package.data_as_of, "files": {}}
    text = json.dumps(manifest | {"counts": {"triples": counts, "rows": {}, "results": {}}})
    (release / "manifest.json").write_text(text, encoding="utf-8")
    (folder / "dist" / "current").symlink_to("made-up")
    return open_release(folder / "dist")


def measure(release: Release, dist: Path, reading: float) -> dict[str, object]:
    """Return all figures: milliseconds of pages, seconds of the rest; reading: seconds of the load test."""
    return {
        "release": release.id,
        "pages_ms": _rounded(pages(release)),
        "million_rows": {name: _rounded(found) for name, found in long_answer(release).items()},
        "time_limit": _rounded(time_limit(release)),
        "readers": _rounded(readers(dist, _designations(release), reading)),
    }


def _rounded(figures: Mapping[str, float]) -> dict[str, float]:
    return {name: round(value, 3) for name, value in figures.items()}


def main(asked: str = "", reading: str = str(DURATION_SECONDS)) -> dict[str, object]:
    """Measure a release, given or generated."""
    if not asked.isdecimal():
        dist = Path(asked or ROOT / "dist")
        return measure(open_release(dist), dist, float(reading))
    with TemporaryDirectory() as folder:
        return measure(made_up(Path(folder), int(asked)), Path(folder) / "dist", float(reading))


if __name__ == "__main__":
    sys.stdout.write(json.dumps(main(*sys.argv[1:]), ensure_ascii=False, indent=1) + "\n")
