"""Damage to the files of a copy of a release, for tests and for `bench.faults`."""

import json
import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from kg.release import MANIFEST, checksums, write_manifest


def _truncate(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


def _flip(path: Path) -> None:
    """Flip every bit of 64 bytes in each of eight places; beginning and end, which readers look at first, stay."""
    size = path.stat().st_size
    with path.open("r+b") as stream:
        for part in range(1, 9):
            stream.seek(size * part // 9)
            there = stream.read(64)
            stream.seek(size * part // 9)
            stream.write(bytes(byte ^ 0xFF for byte in there))


WAYS: Mapping[str, Callable[[Path], None]] = {"truncated": _truncate, "flipped": _flip, "removed": Path.unlink}
"""Ways of damage, each done in place, so that whoever has the file open sees it."""


def linked_copy(release: Path, folder: Path, own: tuple[str, ...]) -> Path:
    """Make a copy of a release, files as links to the original, but for copies of some, which can be damaged.

    Args:
        release: the release.
        folder: folder to create.
        own: paths of files or folders relative to the release.
    """

    def copy(source: str, target: str) -> None:
        name = Path(source).relative_to(release).as_posix()
        (shutil.copyfile if name.startswith(own) else os.symlink)(source, target)

    shutil.copytree(release, folder, copy_function=copy)
    manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    if not checksums.is_complete(manifest):  # of an older version
        write_manifest(folder, {**manifest, "derived": checksums.recorded(folder, checksums.DERIVED)})
    return folder


@contextmanager
def damaged(path: Path, way: str) -> Iterator[None]:
    """Damage a file, or remove a folder, and mend it in the end, in place where it is still there."""
    if path.is_symlink():
        raise ValueError(f"{path} is a link to the original, not a copy of its own")
    kept = path.with_name(f"{path.name}.kept")
    if path.is_dir():
        path.rename(kept)
        try:
            yield
        finally:
            kept.rename(path)
        return
    content = path.read_bytes()
    WAYS[way](path)
    try:
        yield
    finally:
        path.write_bytes(content)
