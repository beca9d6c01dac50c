"""Release folders, the only interface between build and server: manifest, opening, verification, publication."""

import hashlib
import json
import os
import shutil
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any

from kg import __version__
from kg.errors import REMEDY, ReleaseError
from kg.release import checksums
from kg.search import FORMAT

MANIFEST = "manifest.json"
IN_ID = "columns/"
"""Derived files that the release id covers: with another layout of them it is another release."""
MAX_NAMED = 5
"""Damaged files that a sentence names."""


@dataclass(frozen=True)
class Release:
    """A release folder and its manifest (release id, version, data_as_of, counts, files with SHA-256)."""

    path: Path
    manifest: Mapping[str, Any]

    @property
    def id(self) -> str:
        """First twelve hexadecimal digits of the SHA-256 over the files: same tables, same id."""
        return str(self.manifest["release"])

    @property
    def data_as_of(self) -> date:
        """The release's date of today."""
        return date.fromisoformat(self.manifest["data_as_of"])

    @property
    def store_path(self) -> Path:
        """Folder of the embedded store."""
        return self.path / "store"

    @property
    def graphs(self) -> Path:
        """Folder of the graphs as N-Triples, one file a named graph."""
        return self.path / "graphs"

    @property
    def questions(self) -> Path:
        """Folder of the competency questions."""
        return self.path / "ontology" / "questions"

    @property
    def rules(self) -> Path:
        """Folder of the derivation rules."""
        return self.path / "ontology" / "rules"


def open_release(dist: Path) -> Release:
    """Open the current release of a dist folder, or the release folder itself.

    Raises:
        ReleaseError: the release, its manifest or its store is missing, or the manifest is damaged.
    """
    path = (dist / "current" if (dist / "current").exists() else dist).resolve()
    try:
        manifest = json.loads((path / MANIFEST).read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise ReleaseError(f"no release in {dist}: {error}; run `guapai build` first") from error
    except (OSError, ValueError) as error:
        raise ReleaseError(f"{path / MANIFEST} cannot be read: {error}; {REMEDY}") from error
    if lacking := _lacking(manifest):
        raise ReleaseError(f"{path / MANIFEST} is damaged: it does not say {lacking}; {REMEDY}")
    release = Release(path, manifest)
    if not release.store_path.is_dir():
        raise ReleaseError(f"the release in {path} has no store; {REMEDY}")
    return release


def check(release: Release) -> None:
    """Check a release before it is served: sizes of all files, checksums of all but store and graphs.

    Raises:
        ReleaseError: it is damaged.
    """
    _refuse(release, checksums.faults(release.path, release.manifest, whole=False))


def verify(release: Release) -> None:
    """Verify every file of a release by its manifest.

    Raises:
        ReleaseError: a file is missing, changed or not in the manifest.
    """
    _refuse(release, checksums.faults(release.path, release.manifest, whole=True))


def damage(part: Path) -> str:
    """Return which file of a folder of a release is damaged, and how; empty if none, or if it is in no release."""
    try:
        release = open_release(part.parent)
    except ReleaseError:
        return ""
    found = checksums.faults(release.path, release.manifest, whole=True, within=f"{part.name}/")
    return next(map(str, found), "")


def write_manifest(folder: Path, content: Mapping[str, Any]) -> None:
    """Write the manifest of a release with its checksum."""
    whole = {**content, checksums.CHECKSUM: checksums.of_manifest(content)}
    text = json.dumps(whole, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    (folder / MANIFEST).write_text(text, encoding="utf-8")


def publish(staging: Path, dist: Path, data_as_of: str, counts: Mapping[str, Any]) -> Release:
    """Write the manifest of a finished staging folder, move it into place and point `current` to it, atomically.

    A sound release of the same id is the same release: the staging folder is removed. A damaged one is replaced; where
    that is interrupted between its two steps, `current` points to nothing until the next build.
    """
    files, derived = (checksums.recorded(staging, parts) for parts in (checksums.HASHED_FOLDERS, checksums.DERIVED))
    columns = {name: entry for name, entry in derived.items() if name.startswith(IN_ID)}
    identity = [__version__, FORMAT, data_as_of, files, columns]
    digest = hashlib.sha256(json.dumps(identity, sort_keys=True).encode()).hexdigest()[:12]
    about = {"release": digest, "version": __version__, "data_as_of": data_as_of, "counts": counts}
    write_manifest(staging, {**about, "files": files, "derived": derived})
    target = dist / digest
    if _is_sound(target):
        shutil.rmtree(staging)
    else:
        _replace(staging, target)
    pointer = dist / f".current-{os.getpid()}"
    pointer.unlink(missing_ok=True)
    pointer.symlink_to(digest)
    pointer.replace(dist / "current")
    return open_release(dist)


def _replace(staging: Path, target: Path) -> None:
    """Move a staging folder into the place of a damaged release, which goes where the next build clears up."""
    damaged = staging.with_name(f"{staging.name}-damaged")
    with suppress(FileNotFoundError):
        target.rename(damaged)
    staging.rename(target)
    shutil.rmtree(damaged, ignore_errors=True)


def _is_sound(folder: Path) -> bool:
    try:
        release = open_release(folder)
        verify(release)
    except ReleaseError:
        return False
    return checksums.is_complete(release.manifest)


def _refuse(release: Release, found: Iterable[checksums.Fault]) -> None:
    """Raise an error that names the first damaged files, if there are any."""
    named = [str(fault) for fault in islice(found, MAX_NAMED + 1)]
    if not named:
        return
    more = ", and more (`guapai verify` names all)" if len(named) > MAX_NAMED else ""
    raise ReleaseError(
        f"the release {release.id} in {release.path} is damaged: {', '.join(named[:MAX_NAMED])}{more}; {REMEDY}"
    )


def _lacking(manifest: object) -> str:
    """Return what a manifest does not say, or not as it should; empty if nothing."""
    if not isinstance(manifest, dict):
        return "anything by name"
    right = {
        **{name: isinstance(manifest.get(name), str) for name in ("release", "version")},
        "data_as_of": _is_day(manifest.get("data_as_of")),
        "counts": isinstance(manifest.get("counts"), dict),
        "files": _are_entries(manifest.get("files")),
        "derived": _are_entries(manifest.get("derived", {})),
    }
    return ", ".join(name for name, is_right in right.items() if not is_right)


def _is_day(given: object) -> bool:
    try:
        return bool(date.fromisoformat(str(given)))
    except ValueError:
        return False


def _are_entries(given: object) -> bool:
    return isinstance(given, dict) and all(
        isinstance(entry, dict) and isinstance(entry.get("bytes"), int) and isinstance(entry.get("sha256"), str)
        for entry in given.values()
    )
