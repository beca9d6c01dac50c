"""Measure the build, part by part, against one bulk load of the same triples; and SHACL against bare pyshacl.

    python -m bench.building [PLATES …]      (10000 and 100000 unless told)

Each size runs in a process of its own, so that its peak memory is its own. "Load" is pyoxigraph's `bulk_load` of the
graphs' files into an empty store on disk, each triple once. The release holds every triple twice, in its named graph
and in the default graph; that is in the part "store", and in the ratio.
"""

import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pyoxigraph
import pyshacl
from rdflib import Graph

from bench.generate import generate
from kg import columns, rules, store, validate
from kg.build import merging, pipeline, projection, search_index
from kg.vocab import graph, lines

ROOT = Path(__file__).parent.parent
SIZES = (10_000, 100_000)
CHECKED = 100_000
"""Sizes up to which shapes and reasoning are measured: pyshacl takes seconds for ten thousand plates."""


def measure(plates: int, folder: Path) -> dict[str, float]:
    """Return seconds by part, `megabytes` at the peak of all parts but the checks, and numbers of triples.

    Args:
        plates: number of plates to make up.
        folder: an empty folder for data and release.
    """
    found: dict[str, float] = {"plates": plates}
    generate(ROOT / "data", folder / "data", plates)

    @contextmanager
    def timed(part: str) -> Iterator[None]:
        start = time.perf_counter()
        yield
        found[part] = time.perf_counter() - start

    with timed("tables"):
        package = rules.checked(folder / "data")
    with timed("merging"):
        merged = merging.plates(package)
    files = []
    with timed("triples"):
        for name, triples in pipeline.graphs(package, merged):
            path = folder / "graphs" / f"{name}.nt"
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("w", encoding="utf-8", newline="\n") as stream:
                stream.writelines(lines(triples))
            files.append(store.GraphFile(path, graph(name), in_default=True))
    with timed("columns"):
        columns.write(projection.tables(package, merged), folder / columns.FOLDER)
    with timed("store"):
        store.load_store(folder / "store", files)
    with timed("search"):
        search_index.build_index(folder)
    found["megabytes"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    with timed("load"):
        bare = pyoxigraph.Store(str(folder / "bare"))
        for file in files:
            bare.bulk_load(
                path=str(file.path), format=pyoxigraph.RdfFormat.N_TRIPLES, to_graph=pyoxigraph.NamedNode(file.graph)
            )
        bare.flush()
    found["triples_count"] = len(bare)
    if plates <= CHECKED:
        data = [ROOT / "ontology" / name for name in pipeline.VOCABULARY] + [file.path for file in files]
        with timed("shapes"):
            validate.validate(data, ROOT / "ontology" / "shapes.ttl")
        with timed("bare pyshacl"):
            _bare_pyshacl(data)
    return found


def _bare_pyshacl(data: list[Path]) -> None:
    merged, shapes = Graph(), Graph().parse(ROOT / "ontology" / "shapes.ttl")
    for path in data:
        merged.parse(path)
    pyshacl.validate(merged, shacl_graph=shapes, inplace=True)


def report(found: dict[str, float], say: Callable[[str], object] = print) -> None:
    """Print what was measured of one size."""
    parts = ("tables", "merging", "triples", "columns", "store", "search")
    whole = sum(found[part] for part in parts)
    shares = ", ".join(f"{part} {found[part]:.1f}" for part in parts)
    say(f"{found['plates']:,.0f} plates, {found['triples_count']:,.0f} triples: {whole:.1f} s ({shares})")
    say(f"  build without checks ÷ bulk load: {whole / found['load']:.2f} (load {found['load']:.1f} s; goal ≤ 3)")
    say(f"  peak memory {found['megabytes']:,.0f} MB")
    if "shapes" in found:
        ratio = found["shapes"] / found["bare pyshacl"]
        say(f"  shapes {found['shapes']:.1f} s ÷ bare pyshacl {found['bare pyshacl']:.1f} s: {ratio:.2f} (goal ≤ 1.2)")


def main(sizes: list[int]) -> None:
    """Measure each size in a process of its own and print."""
    before: dict[str, float] = {}
    for size in sizes:
        done = subprocess.run(
            [sys.executable, "-m", "bench.building", "--one", str(size)], stdout=subprocess.PIPE, check=True
        )
        found = json.loads(done.stdout)
        report(found)
        if before:
            parts = ("tables", "merging", "triples", "columns", "store", "search", "load")
            growth = ", ".join(f"{part} ×{found[part] / max(before[part], 0.01):.1f}" for part in parts)
            print(f"  for ×{size / before['plates']:.0f} plates: {growth}")  # noqa: T201 — this is what it is for
        before = found


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        with TemporaryDirectory() as folder:
            json.dump(measure(int(sys.argv[2]), Path(folder)), sys.stdout)
    else:
        main([int(argument) for argument in sys.argv[1:]] or list(SIZES))
