"""Transactional writing of rows: all files or none, and only if all rules hold afterwards."""

import csv
import json
import shutil
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from kg import tables
from kg.errors import Complaint, InputError, expect
from kg.tables import Package, checks


def files(package: Package, changes: Mapping[str, Mapping[str, Iterable[Mapping[str, str]]]]) -> dict[str, str]:
    """Return path below the data folder → new content, for every file that the rows change.

    Args:
        package: the current tables.
        changes: table → path of its file → rows to add, or to replace by key.
    """
    changed = {
        path: _table(package, name, path, rows) for name, paths in changes.items() for path, rows in paths.items()
    }
    if descriptor := _descriptor(package, {name: list(paths) for name, paths in changes.items()}):
        changed[tables.DESCRIPTOR] = descriptor
    before = {path: _content(package.folder / path) for path in changed}
    return {path: content for path, content in changed.items() if content != before[path]}


def write(folder: Path, changed: Mapping[str, str]) -> None:
    """Write files to a data folder, after schema and rules were checked on all tables with them.

    Args:
        folder: the data folder.
        changed: path below the folder → content.

    Raises:
        InputError: a rule would be broken; nothing is written.
    """
    with tempfile.TemporaryDirectory(prefix=".guapai-", dir=folder.parent) as scratch:
        trial, before = Path(scratch) / "data", Path(scratch) / "before"
        shutil.copytree(folder, trial, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
        for path, content in changed.items():
            (trial / path).parent.mkdir(exist_ok=True)
            (trial / path).write_text(content, encoding="utf-8", newline="")
        checks.checked(trial)
        _exchange(folder, trial, before, list(changed))


def _exchange(folder: Path, trial: Path, before: Path, paths: Sequence[str]) -> None:
    """Replace the files; restore the old ones if a replacement fails."""
    before.mkdir()
    done: list[tuple[Path, Path | None]] = []
    try:
        for number, path in enumerate(paths):
            target, kept = folder / path, before / str(number)
            target.parent.mkdir(exist_ok=True)
            there = target.exists()
            if there:
                shutil.copy2(target, kept)
            done.append((target, kept if there else None))
            (trial / path).replace(target)
    except OSError as error:
        for target, old in done:
            if old is None:
                target.unlink(missing_ok=True)
            else:
                old.replace(target)
        found = error.strerror or str(error)
        complaint = Complaint(str(error.filename), 0, "", found, expect("writable-file"))
        raise InputError([complaint]) from error


def _content(path: Path) -> str | None:
    return path.read_bytes().decode("utf-8") if path.exists() else None


def _table(package: Package, resource: str, path: str, rows: Iterable[Mapping[str, str]]) -> str:
    """Return the content of a table with rows replaced by key or appended."""
    columns = package.resources[resource].columns
    merged: dict[str, Mapping[str, str]] = {}
    if (package.folder / path).exists():
        with (package.folder / path).open(encoding="utf-8-sig", newline="") as stream:
            merged = {row["id"]: row for row in csv.DictReader(stream)}
    merged |= {row["id"]: row for row in rows}
    return tables.to_csv(columns, ([row.get(column, "") for column in columns] for row in merged.values()))


def _descriptor(package: Package, paths: Mapping[str, Sequence[str]]) -> str | None:
    """Return the descriptor with the paths of new files, None if there are none."""
    text = (package.folder / tables.DESCRIPTOR).read_text(encoding="utf-8")
    descriptor = json.loads(text)
    new = False
    for entry in descriptor["resources"]:
        known = [entry["path"]] if isinstance(entry["path"], str) else list(entry["path"])
        if missing := [path for path in paths.get(entry["name"], []) if path not in known]:
            entry["path"], new = known + missing, True
    return json.dumps(descriptor, ensure_ascii=False, indent=1) + "\n" if new else None
