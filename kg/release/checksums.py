"""Checksums of the files of a release: recorded when it is built, held against the files later."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kg.search import FILE as SEARCH_INDEX

HASHED_FOLDERS = ("graphs", "tables", "ontology", "report", "maps")
"""Folders whose files make up the release id, listed as `files` in the manifest."""
DERIVED = ("columns", SEARCH_INDEX, "store")
"""Folders and files made from them, listed as `derived` in the manifest; a store has other bytes after every build."""
LARGE = ("store/", "graphs/")
"""Beginning of the paths of files that are not hashed before a release is served, only measured."""
QUICK_BYTES = 1 << 26
"""Size up to which any other file is hashed before a release is served."""
UNRECORDED = ("store/LOG", "store/LOCK")
"""Beginning of the paths of files that the store writes for itself."""
CHECKSUM = "checksum"
"""Key of the manifest: SHA-256 of the other keys."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One damaged file of a release: path relative to it, and what is wrong."""

    file: str
    reason: str

    def __str__(self) -> str:
        return f"{self.file} {self.reason}"


def recorded(folder: Path, parts: Iterable[str]) -> dict[str, dict[str, Any]]:
    """Return size in bytes and SHA-256 of every file of some parts of a release, by path relative to it."""
    return {
        name: {"bytes": (folder / name).stat().st_size, "sha256": _sha256(folder / name)}
        for part in parts
        for name in _names(folder, part)
    }


def of_manifest(manifest: Mapping[str, Any]) -> str:
    """Return the SHA-256 of a manifest without its own checksum."""
    others = {key: manifest[key] for key in manifest if key != CHECKSUM}
    return hashlib.sha256(json.dumps(others, sort_keys=True).encode()).hexdigest()


def is_complete(manifest: Mapping[str, Any]) -> bool:
    """Whether a manifest lists every file; those of older versions list no columns, search index and store."""
    return "derived" in manifest or CHECKSUM in manifest


def faults(folder: Path, manifest: Mapping[str, Any], *, whole: bool, within: str = "") -> Iterator[Fault]:
    """Hold the files of a release against its manifest, and yield the damaged ones by path.

    Args:
        folder: the release.
        manifest: its manifest; of what one of an older version does not list nothing is known.
        whole: hash every file and find those that are not listed; otherwise the size of every file, and the SHA-256 of
            those that pages read, but not of the store (at ten thousand designations 34 of 835 MB: 0.07, not 1.1 s);
        within: beginning of the paths that are looked at.
    """
    if is_complete(manifest) and manifest.get(CHECKSUM) != of_manifest(manifest):
        yield Fault("manifest.json", "is not as it was written")
    listed = {**manifest.get("files", {}), **manifest.get("derived", {})}
    unlisted = _all_names(folder, manifest) - listed.keys() if whole else set()
    for name in sorted(name for name in listed.keys() | unlisted if name.startswith(within)):
        if reason := _reason(folder / name, listed.get(name), hashed=whole or _is_quick(name, listed[name])):
            yield Fault(name, reason)


def wrong_sizes(folder: Path, manifest: Mapping[str, Any]) -> Iterator[Fault]:
    """Yield the files of a release that are missing or of another size, and a manifest that says something else.

    That takes milliseconds for some seven hundred files.
    """
    if reason := _manifest_reason(folder / "manifest.json", manifest):
        yield Fault("manifest.json", reason)
    for name, entry in sorted({**manifest.get("files", {}), **manifest.get("derived", {})}.items()):
        if reason := _reason(folder / name, entry, hashed=False):
            yield Fault(name, reason)


def _manifest_reason(path: Path, manifest: Mapping[str, Any]) -> str:
    """Return what is wrong with the file of a manifest, empty if it says what was read from it."""
    try:
        return "" if json.loads(path.read_bytes()) == manifest else "is not as it was written"
    except FileNotFoundError:
        return "is missing"
    except (OSError, ValueError):
        return "cannot be read"


def _is_quick(name: str, entry: Mapping[str, Any]) -> bool:
    return not name.startswith(LARGE) and int(entry["bytes"]) <= QUICK_BYTES


def _reason(path: Path, entry: Mapping[str, Any] | None, *, hashed: bool) -> str:
    """Return what is wrong with a file, empty if nothing is."""
    if entry is None:
        return "is not in the manifest"
    try:
        size = path.stat().st_size
        if size != entry["bytes"]:
            return f"has {size} bytes instead of {entry['bytes']}"
        return "is not as in its manifest (SHA-256)" if hashed and _sha256(path) != entry["sha256"] else ""
    except FileNotFoundError:
        return "is missing"
    except OSError as error:
        return f"cannot be read ({error.strerror or error})"


def _all_names(folder: Path, manifest: Mapping[str, Any]) -> set[str]:
    parts = (*HASHED_FOLDERS, *(DERIVED if "derived" in manifest else ()))
    return {name for part in parts for name in _names(folder, part)}


def _names(folder: Path, part: str) -> list[str]:
    """Return the paths of the files of a folder, or of a file itself, relative to the release."""
    found = [folder / part] if (folder / part).is_file() else sorted((folder / part).rglob("*"))
    names = (path.relative_to(folder).as_posix() for path in found if path.is_file())
    return [name for name in names if not name.startswith(UNRECORDED)]


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
