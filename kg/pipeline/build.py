"""Build of a release in a staging folder: tables, triples, columns, findings, rules, validation, reasoning, store.

Two processes work beside the first: they reason and make the search index, which need only the graphs of the tables,
validate by the shapes that read nothing of what the rules derive, and load the store while the other shapes are
checked; the two graphs that hang on these checks are added last. What earlier builds made of the same inputs is not
made again (`kg.release.reuse`).
"""

import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from datetime import date
from functools import partial
from itertools import chain
from multiprocessing import get_context, parent_process
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread
from typing import TypeVar

from kg import locks, release, store, tables
from kg.charts import choropleth, outlines, sheets
from kg.errors import BuildError, write_fault
from kg.pipeline import columns as projection
from kg.pipeline import dataset, derive, findings, graphs, merge, reason, validate
from kg.pipeline.naming import named
from kg.release import columns
from kg.release.reuse import FOLDER, Reuse
from kg.search import index
from kg.store.revision import complete_store, revise_store
from kg.tables import Package, accounting, checks
from kg.vocab import graph

Value = TypeVar("Value")
Progress = Callable[[str, str], None]
"""Called with the stage of the build and its detail."""

STAGING = ".building-"
"""Beginning of the name of a folder in which a release is made."""
LOCK = ".lock"
"""File in the folder of the releases that the build holds."""
LAST = ("quality", dataset.NAME)
"""Graphs that are written after the checks."""
LISTS_REPORT = "lists.csv"
"""Report of the import accounting of lists."""


def build(
    data: Path, ontology: Path, dist: Path, progress: Progress = lambda *_: None, *, modules: Path | None = None
) -> release.Release:
    """Build a release from tables and ontology and make it the current one.

    Args:
        data: folder with datapackage.json and the tables.
        ontology: folder with guapai.ttl, schemes.ttl, alignments.ttl, shapes.ttl and questions/.
        dist: folder of the releases; the new one is moved there under its id, and `current` points to it.
        progress: called with each step.
        modules: a `node_modules` folder with the outlines of maps; without them, pages have tables and points.

    Raises:
        InputError: all faults of the tables.
        BuildError: a shape is violated, the ontology is inconsistent, or both; or the disk is full. The current release
            is not changed.
        HeldError: another build writes to `dist`, or another command to `data`.
    """
    package = named(checks.checked(data, lambda name: progress("tables", name)))
    with _staging(dist) as staging, _background_processes() as process:
        reuse, started = Reuse(dist / FOLDER), staging.stat().st_mtime
        progress("triples", "merging")
        merged = merge.designations(package)
        counts = graphs.write_all(package, merged, ontology, staging / "graphs", partial(progress, "triples"))
        reasoning = process.submit(_reason, staging / "graphs", ontology, reuse)
        indexing = process.submit(index.build_index, staging)
        progress("columns", "writing")
        columns.write(projection.tables(package, merged), staging / columns.FOLDER)
        progress("findings", "two dates")
        counts["findings"] = findings.write(staging, date.fromisoformat(package.data_as_of))
        late = derive.constructed(ontology / "rules")
        early = process.submit(_validated, staging / "graphs", ontology, list(counts), reuse, without=late)
        files = _store_files(staging / "graphs", counts)
        counts["derived"] = derive.derive(files, ontology / "rules", staging / "graphs", partial(progress, "rules"))
        loading = process.submit(_load, staging, _store_files(staging / "graphs", counts), reuse, dist)
        _write_maps(package, modules, staging, reuse, progress)
        progress("shapes", "validating")
        with_derived = _validated(staging / "graphs", ontology, counts, reuse, within=late)
        found = _check(staging, counts, validate.joined(with_derived, _result(early)), reasoning, progress)
        counts[dataset.NAME] = graphs.write(
            staging / "graphs", dataset.NAME, dataset.dataset(package, merged, dict(counts))
        )
        _write_tables(package, ontology, staging)
        _write_reports(package, found, staging / "report")
        progress("store", "loading")
        held: list[store.GraphFile] = _result(loading)
        complete_store(staging / "store", _store_files(staging / "graphs", LAST), held)
        progress("search", "names")
        _result(indexing)
        totals = {
            "triples": counts,
            "rows": _row_counts(package),
            "results": found.counts,
            "uses": dataset.uses(staging / "store"),
        }
        made = release.publish(staging, dist, package.data_as_of, totals)
        reuse.hold(made)
        reuse.prune(started)
        return made


def _load(staging: Path, files: Sequence[store.GraphFile], reuse: Reuse, dist: Path) -> list[store.GraphFile]:
    """Make the store without the last graphs; return those that it holds as they were in the former release.

    It is made from the store of the former release where that differs little, else by loading all files.
    """
    path, former = staging / "store", reuse.former(dist)
    if former:
        names = former.manifest["counts"]["triples"]
        held = _store_files(former.graphs, [name for name in names if name not in LAST])
        if revise_store(path, files, former.store_path, held, complete=False):
            return _store_files(former.graphs, [name for name in names if name in LAST])
    store.load_store(path, files, complete=False)
    return []


def _write_maps(package: Package, modules: Path | None, staging: Path, reuse: Reuse, progress: Progress) -> None:
    """Write the sheets of maps, if the package with the outlines is installed."""
    source, files = outlines.read(modules) if modules else ("", {})
    progress("maps", source or "no outlines: not installed (npm ci)")
    if not files:
        return
    rows = package.index("places")
    divisions = [
        sheets.Division(code, rows[code]["short_zh"], name_zh, name_en, level, county, prefecture, province)
        for code, name_zh, name_en, level, county, prefecture, province in projection.places(package)
    ]
    former: dict[str, list[str]] = {}
    for row in package.rows("former_places"):
        former.setdefault(row["code"], []).extend(row.many("place_ids"))
    regions = package.index("regions")
    unlisted = [
        row["place_id"] for row in package.rows("region_members") if regions[row["region_id"]]["kind"] == "unlisted"
    ]
    inputs = [source, *chain.from_iterable(files.items()), repr((divisions, former, unlisted))]
    text = reuse.get("maps", inputs)
    if text is None:
        drawn = {province: outlines.outlines(file) for province, file in files.items()}
        text = reuse.put("maps", inputs, choropleth.written(source, sheets.sheets(drawn, divisions, former, unlisted)))
    choropleth.write(staging / choropleth.FOLDER, text)


def report(data: Path, ontology: Path, progress: Progress = lambda *_: None) -> validate.Report:
    """Validate tables and their triples by schema, rules and shapes; write nothing.

    Raises:
        InputError: faults in the tables.
    """
    package = named(checks.checked(data, lambda name: progress("tables", name)))
    with TemporaryDirectory() as folder:
        counts = graphs.write_all(
            package, merge.designations(package), ontology, Path(folder), partial(progress, "triples")
        )
        progress("shapes", "validating")
        return _validated(Path(folder), ontology, counts)


def _validated(
    folder: Path,
    ontology: Path,
    names: Iterable[str],
    reuse: Reuse | None = None,
    *,
    within: frozenset[str] | None = None,
    without: frozenset[str] = frozenset(),
) -> validate.Report:
    """Validate graphs by the shapes that read a term of `within` and none of `without`."""
    shapes = ontology / "shapes.ttl"
    only = {
        part.name
        for part in validate.parts(shapes)
        if (within is None or part.reads(within)) and not (without and part.reads(without))
    }
    return validate.validate([graphs.file(folder, name) for name in names], shapes, only=only, reuse=reuse)


def _check(
    staging: Path, counts: dict[str, int], found: validate.Report, reasoning: Future[int], progress: Progress
) -> validate.Report:
    """Wait for the reasoner, report its faults and those of the shapes together, and write the shapes' results."""
    faults = []
    if found.violations:
        shown = "\n".join(str(result) for result in found.violations)
        faults.append(f"{len(found.violations)} violations of the shapes:\n{shown}")
    progress("reasoning", "consistency and kinds")
    try:
        _result(reasoning)
    except BuildError as error:
        faults.append(str(error))
    if faults:
        raise BuildError("\n".join(faults))
    counts["quality"] = graphs.write(staging / "graphs", "quality", validate.as_triples(found))
    return found


def _reason(folder: Path, ontology: Path, reuse: Reuse) -> int:
    """Reason in the background; return the number of designations whose kind was derived."""
    return len(reason.reasoned(folder, ontology, reuse=reuse))


def _result(future: Future[Value]) -> Value:
    try:
        return future.result()
    except BrokenProcessPool as error:
        raise BuildError(
            "a process for reasoning, shapes, store and search index was killed, possibly for lack of memory"
        ) from error


def _write_tables(package: Package, ontology: Path, staging: Path) -> None:
    """Copy the tables and the ontology, so that a release is self-contained."""
    names = [tables.DESCRIPTOR, *chain.from_iterable(resource.paths for resource in package.resources.values())]
    for name in names:
        target = staging / "tables" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(package.folder / name, target)
    patterns = ("*.ttl", "*.rq", "questions/*", "rules/*", "examples/*")
    for path in sorted(chain.from_iterable(map(ontology.glob, patterns))):
        target = staging / "ontology" / path.relative_to(ontology)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)


def _write_reports(package: Package, found: validate.Report, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    rows = ([name, str(count)] for name, count in _row_counts(package).items())
    (folder / "accounting.csv").write_text(tables.to_csv(["table", "rows"], rows), encoding="utf-8")
    listed = (found.cells for found in accounting.accounts(package))
    (folder / LISTS_REPORT).write_text(tables.to_csv(accounting.COLUMNS, listed), encoding="utf-8")
    header = ["severity", "shape", "focus", "path", "value", "message_zh", "message_en"]
    results = ([str(getattr(result, name) or "") for name in header] for result in found.results)
    (folder / "validation.csv").write_text(tables.to_csv(header, results), encoding="utf-8")


def _row_counts(package: Package) -> dict[str, int]:
    return {name: sum(1 for _ in package.rows(name)) for name in package.resources}


def _store_files(folder: Path, names: Iterable[str]) -> list[store.GraphFile]:
    return [store.GraphFile(graphs.file(folder, name), graph(name), in_default=True) for name in names]


@contextmanager
def _background_processes() -> Iterator[ProcessPoolExecutor]:
    """Yield an executor with two processes; queued work is cancelled on an error."""
    process = ProcessPoolExecutor(2, get_context("spawn"), initializer=_end_with_parent)
    try:
        yield process
    finally:
        process.shutdown(cancel_futures=True)


def _end_with_parent() -> None:
    """Exit when the parent process is killed, instead of waiting for work forever."""

    def wait() -> None:
        if parent := parent_process():
            parent.join()
            os._exit(1)

    Thread(target=wait, daemon=True).start()


@contextmanager
def _staging(dist: Path) -> Iterator[Path]:
    """Yield a folder beside the releases, removed unless it was moved into place; builds that were killed left theirs.

    Raises:
        HeldError: another build writes to the same folder of releases.
        BuildError: a file cannot be written; no release is made and the current one stays.
    """
    try:
        dist.mkdir(parents=True, exist_ok=True)
        with locks.held(dist / LOCK, dist, "guapai build"):
            for left in dist.glob(f"{STAGING}*"):
                shutil.rmtree(left, ignore_errors=True)
            path = dist / f"{STAGING}{os.getpid()}"
            path.mkdir()
            try:
                yield path
            finally:
                shutil.rmtree(path, ignore_errors=True)
    except OSError as error:
        raise BuildError(f"{write_fault(error)}; no release was made, the current one is as before") from error
