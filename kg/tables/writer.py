"""Transactional writing of rows: all files or none, and only if all rules hold afterwards."""

import csv
import json
import shutil
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from kg import tables
from kg.tables import Package, checks, journal


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
        HeldError: another process writes to the folder.
        GuapaiError: a file cannot be written; the tables are as before.
    """
    with journal.locked(folder, "a change of tables"), journal.scratch(folder) as scratch:
        trial = scratch / "data"
        shutil.copytree(folder, trial, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
        for path, content in changed.items():
            (trial / path).parent.mkdir(exist_ok=True)
            (trial / path).write_text(content, encoding="utf-8", newline="")
        checks.checked(trial)
        if changed:
            journal.commit(folder, scratch / "journal", changed)


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
