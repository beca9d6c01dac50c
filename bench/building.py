"""Benchmark of the build, part by part, against one bulk load of the same triples; of SHACL against bare pyshacl.

    python -m bench.building [DESIGNATIONS …]      (default: 10000 and 100000)

Each size runs in a process of its own, for its own peak memory. "Load" is one call of pyoxigraph's
`bulk_load`, of one file with every triple once, into an empty store on disk. The release holds every triple twice, in
its named graph and in the default graph; that is in the part "store", and in the ratio.

Each part is given in seconds of the clock and, after a slash, of the processors, which vary less with other load.
Parts run one after the other here, while a build runs reasoning and search in parallel. Parts that take too long at a
size are not measured there (`MAX_DESIGNATIONS`), and never extrapolated from a smaller one.
"""

import json
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pyoxigraph
import pyshacl
from rdflib import Graph

from bench.generate import generate
from kg import store
from kg.pipeline import columns as projection
from kg.pipeline import graphs, merge, reason, validate
from kg.release import columns
from kg.search import index
from kg.tables import checks
from kg.vocab import graph

ROOT = Path(__file__).parent.parent
ONTOLOGY = ROOT / "ontology"
SIZES = (10_000, 100_000)
MAX_DESIGNATIONS = {"shapes": 100_000, "reasoning": 100_000, "bare pyshacl": 10_000}
"""Largest size at which a part is measured; larger ones take hours."""
BUILD = ("tables", "merging", "triples", "columns", "store", "search")
CHECKS = ("shapes", "reasoning")
Part = tuple[float, float]
"""Seconds of the clock, seconds of the processors."""


class Timer:
    """Measures the time of parts and prints each on standard error when it ends."""

    def __init__(self) -> None:
        self.parts: dict[str, Part] = {}

    @contextmanager
    def __call__(self, part: str) -> Iterator[None]:
        """Measure the `with` block, including the processes that it starts and waits for."""
        clock, processors = time.perf_counter(), _processors()
        yield
        self.parts[part] = time.perf_counter() - clock, _processors() - processors
        print(f"  {part} {_format(self.parts[part])}", file=sys.stderr, flush=True)  # noqa: T201 — it takes minutes


def measure(designations: int, folder: Path) -> dict[str, object]:
    """Return `parts` by name, numbers of `designations` and `triples`, peak megabytes without and with checks.

    Args:
        designations: number of designations to generate.
        folder: an empty folder for data and release.
    """
    generate(ROOT / "data", folder / "data", designations)
    timer = Timer()
    files = _build(folder, timer)
    built = _peak()
    count = _load(files, folder, timer)
    data = [file.path for file in files]
    if designations <= MAX_DESIGNATIONS["shapes"]:
        with timer("shapes"):
            validate.validate(data, ONTOLOGY / "shapes.ttl")
    if designations <= MAX_DESIGNATIONS["reasoning"]:
        with timer("reasoning"):
            reason.reasoned(folder / "graphs", ONTOLOGY)
    checked = _peak()
    if designations <= MAX_DESIGNATIONS["bare pyshacl"]:
        with timer("bare pyshacl"):
            _bare_pyshacl(data)
    return {"designations": designations, "triples": count, "parts": timer.parts, "built": built, "checked": checked}


def _build(folder: Path, timer: Timer) -> list[store.GraphFile]:
    with timer("tables"):
        package = checks.checked(folder / "data")
    with timer("merging"):
        merged = merge.designations(package)
    with timer("triples"):
        counts = graphs.write_all(package, merged, ONTOLOGY, folder / "graphs", lambda _name: None)
    files = [store.GraphFile(graphs.file(folder / "graphs", name), graph(name), in_default=True) for name in counts]
    with timer("columns"):
        columns.write(projection.tables(package, merged), folder / columns.FOLDER)
    with timer("store"):
        store.load_store(folder / "store", files)
    with timer("search"):
        index.build_index(folder)
    return files


def _load(files: Sequence[store.GraphFile], folder: Path, timer: Timer) -> int:
    """Load all files in one call into a bare store; return the number of triples."""
    whole = folder / "whole.nt"
    with whole.open("wb") as target:
        for file in files:
            with file.path.open("rb") as source:
                shutil.copyfileobj(source, target)
    with timer("load"):
        bare = pyoxigraph.Store(str(folder / "bare"))
        bare.bulk_load(
            path=str(whole), format=pyoxigraph.RdfFormat.N_TRIPLES, to_graph=pyoxigraph.NamedNode(graph("whole"))
        )
        bare.flush()
    return len(bare)


def _bare_pyshacl(data: Sequence[Path]) -> None:
    merged, shapes = Graph(), Graph().parse(ONTOLOGY / "shapes.ttl")
    for path in data:
        merged.parse(path)
    pyshacl.validate(merged, shacl_graph=shapes, inplace=True)


def _processors() -> float:
    times = (resource.getrusage(whose) for whose in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(used.ru_utime + used.ru_stime for used in times)


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _format(part: Part) -> str:
    return f"{part[0]:.1f}/{part[1]:.1f}"


def report(found: dict[str, object], parts: dict[str, Part], say: Callable[[str], object] = print) -> None:
    """Print the results of one size."""
    whole = sum(parts[part][0] for part in BUILD), sum(parts[part][1] for part in BUILD)
    shares = ", ".join(f"{part} {_format(parts[part])}" for part in BUILD)
    say(f"{found['designations']:,} designations, {found['triples']:,} triples: {_format(whole)} s ({shares})")
    ratios = [f"{mine / bare:.2f}" for mine, bare in zip(whole, parts["load"], strict=True)]
    say(f"  build without checks ÷ bulk load: {'/'.join(ratios)} (load {_format(parts['load'])} s; goal ≤ 3)")
    say(f"  peak memory {found['built']:,.0f} MB, with the checks {found['checked']:,.0f} MB")
    for part in CHECKS:
        say(
            f"  {part} {_format(parts[part])} s"
            if part in parts
            else f"  {part}: not measured above {MAX_DESIGNATIONS[part]:,} designations"
        )
    if "bare pyshacl" in parts:
        ratios = [f"{mine / bare:.2f}" for mine, bare in zip(parts["shapes"], parts["bare pyshacl"], strict=True)]
        say(f"  shapes ÷ bare pyshacl: {'/'.join(ratios)} (bare {_format(parts['bare pyshacl'])} s; goal ≤ 1.2)")


def main(sizes: Sequence[int]) -> None:
    """Measure each size in a process of its own and print the results."""
    before: tuple[int, dict[str, Part]] | None = None
    for size in sizes:
        done = subprocess.run(
            [sys.executable, "-m", "bench.building", "--one", str(size)], stdout=subprocess.PIPE, check=True
        )
        found = json.loads(done.stdout)
        parts = found["parts"]
        report(found, parts)
        if before:
            both = [part for part in (*BUILD, "load", *CHECKS) if part in parts and part in before[1]]
            growth = ", ".join(f"{part} ×{parts[part][1] / max(before[1][part][1], 0.01):.1f}" for part in both)
            print(f"  for ×{size / before[0]:.0f} designations, by the processors: {growth}")  # noqa: T201 — what it is for
        before = size, parts


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        with TemporaryDirectory() as folder:
            json.dump(measure(int(sys.argv[2]), Path(folder)), sys.stdout)
    else:
        main([int(argument) for argument in sys.argv[1:]] or list(SIZES))
