"""Every file of a release truncated, flipped and removed: before it is served, and while it is."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from http.client import HTTPException
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.damage import WAYS, damaged, linked_copy
from bench.faults.servers import ask, serving
from kg.errors import GuapaiError
from kg.release import checksums, open_release

READ_BY = {
    "manifest.json": "/programmes.csv",
    "columns/designations.parquet": "/designations.csv?programme=national-high-tech-zone",
    "columns/names.parquet": "/designations.csv?programme=national-high-tech-zone",
    "search.sqlite": "/search?q=%E5%8C%BA",
    "ontology/questions": "/questions",
    "ontology/rules": "/rules",
    "ontology/shapes.ttl": "/shapes",
    "graphs/quality.nt": "/downloads/graphs/quality.nt",
    "store": "/page/programme/national-high-tech-zone",
}
"""A file or folder of a release to a page that reads it; of the store, its largest file."""


def rows(dist: Path, most: int) -> Iterator[tuple[str, object]]:
    """Yield for each part of a release what came of its damaged files, and for some files what their page was.

    Args:
        dist: folder of the releases; files are damaged in a copy.
        most: number of files, for a short run.
    """
    with TemporaryDirectory() as folder:
        copy = linked_copy(open_release(dist).path, Path(folder) / "release", ("",))
        names = list(islice(sorted(_listed(copy)), most))
        for part, outcomes in by_part(names, lambda name, way: at_start(copy, name, way)).items():
            yield f"files of {part}, at start", dict(outcomes)
        with serving(copy) as (port, _):
            right = {page: ask(port, page) for page in READ_BY.values()}
            found = by_part(names, lambda name, way: health(copy, name, way, port))
        for part, outcomes in found.items():
            yield f"files of {part}, while served", dict(outcomes)
        for name, page in islice(READ_BY.items(), most):
            path = copy / name
            if name == "store":
                path = max(path.glob("*.sst"), key=lambda found: found.stat().st_size)
            for way in ("removed",) if path.is_dir() else WAYS:
                yield f"{path.relative_to(copy)} {way} while served", page_while_served(copy, path, way, page, right)


def _listed(release: Path) -> list[str]:
    manifest = open_release(release).manifest
    return ["manifest.json", *manifest["files"], *manifest["derived"]]


def by_part(names: list[str], outcome: Callable[[str, str], str]) -> Mapping[str, Counter[str]]:
    """Count outcomes of every file and way of damage by the part of the release."""
    found: dict[str, Counter[str]] = {}
    for name in names:
        for way in WAYS:
            found.setdefault(name.partition("/")[0], Counter())[f"{way}: {outcome(name, way)}"] += 1
    return found


def at_start(copy: Path, name: str, way: str) -> str:
    """Return what is found out before a damaged release is served; see `kg.release.check`, which looks at all files."""
    if not (copy / name).stat().st_size and way != "removed":
        return "empty, so undamaged"
    with damaged(copy / name, way):
        try:
            manifest = open_release(copy).manifest
        except GuapaiError:
            return "refused"
        for whole, found in ((False, "refused"), (True, "found by guapai verify")):
            if [fault.file for fault in checksums.faults(copy, manifest, whole=whole, within=name)] == [name]:
                return found
        return "not found"


def health(copy: Path, name: str, way: str, port: int) -> str:
    """Return the status of `/health` after a file was damaged under a running server."""
    with damaged(copy / name, way):
        return f"health {ask(port, '/health')[0]}"


def page_while_served(copy: Path, path: Path, way: str, page: str, right: Mapping[str, tuple[int, bytes]]) -> str:
    """Return what a page and `/health` were after a file was damaged under a server of its own.

    right: status and body of every page before.
    """
    try:
        with serving(copy) as (port, _), damaged(path, way):
            status, body = ask(port, page)
            word = "" if status != 200 else " and right" if (status, body) == right[page] else " and WRONG"
            return f"page {status}{word}, health {ask(port, '/health')[0]}"
    except (OSError, HTTPException) as error:
        return f"no answer: {error!r}"
