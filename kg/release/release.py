"""Release folders, the only interface between build and server: manifest, opening, verification, publication."""

import hashlib
import json
import os
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from kg import __version__
from kg.errors import ReleaseError
from kg.search import FORMAT

MANIFEST = "manifest.json"
HASHED_FOLDERS = ("graphs", "tables", "ontology", "report", "maps")
"""Folders whose files are listed with hashes in the manifest; store, columns and search index are derived from them."""
DERIVED_FOLDERS = ("columns",)
"""Folders that the release id covers without listing their files: with another layout of them it is another release."""


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
        ReleaseError: the release, its manifest or its store is missing.
    """
    path = (dist / "current" if (dist / "current").exists() else dist).resolve()
    try:
        manifest = json.loads((path / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ReleaseError(f"no release in {dist}: {error}; run `guapai build` first") from error
    release = Release(path, manifest)
    if not release.store_path.is_dir():
        raise ReleaseError(f"the release in {path} has no store; run `guapai build` again")
    return release


def verify(release: Release) -> None:
    """Verify every file of a release by its manifest.

    Raises:
        ReleaseError: a file is missing, changed or not in the manifest.
    """
    found, signed = _files(release.path, HASHED_FOLDERS), release.manifest["files"]
    for name in sorted(found.keys() | signed.keys()):
        if found.get(name) != signed.get(name):
            raise ReleaseError(f"the release {release.id} was changed: {name} is not as in its manifest")


def publish(staging: Path, dist: Path, data_as_of: str, counts: Mapping[str, Any]) -> Release:
    """Write the manifest of a finished staging folder, move it into place and point `current` to it, atomically.

    If a release of the same id exists, it is the same release; the staging folder is removed.
    """
    files = _files(staging, HASHED_FOLDERS)
    identity = [__version__, FORMAT, data_as_of, files, _files(staging, DERIVED_FOLDERS)]
    digest = hashlib.sha256(json.dumps(identity, sort_keys=True).encode()).hexdigest()[:12]
    manifest = {"release": digest, "version": __version__, "data_as_of": data_as_of, "counts": counts, "files": files}
    text = json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    (staging / MANIFEST).write_text(text, encoding="utf-8")
    target = dist / digest
    if target.exists():
        shutil.rmtree(staging)
    else:
        staging.rename(target)
    pointer = dist / f".current-{os.getpid()}"
    pointer.unlink(missing_ok=True)
    pointer.symlink_to(digest)
    pointer.replace(dist / "current")
    return open_release(dist)


def _files(folder: Path, parts: Iterable[str]) -> dict[str, dict[str, Any]]:
    """Return size in bytes and SHA-256 of every file of some folders of a release, by path relative to it."""
    found = {}
    for part in parts:
        for path in sorted((folder / part).rglob("*")):
            if path.is_file():
                with path.open("rb") as stream:
                    digest = hashlib.file_digest(stream, "sha256").hexdigest()
                found[path.relative_to(folder).as_posix()] = {"bytes": path.stat().st_size, "sha256": digest}
    return found
