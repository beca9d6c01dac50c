"""Changes of several tables as one: a journal beside the data folder, which the next start completes.

The new files stand in the journal before any table changes; moving the prepared folder to its name is the change. A
kill before it leaves the tables as they were. A kill after it leaves a journal, and whoever opens the tables next moves
the files that are left. The journal keeps the old files until the end: if a table cannot be replaced, they come back.
"""

import json
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from kg import locks
from kg.errors import GuapaiError, write_fault

PATHS = "paths.json"
"""File of the journal: the paths below the data folder, each with whether it was there before."""
UNDO = "undo"
"""File of the journal that says that the old files come back."""


def _journal(folder: Path) -> Path:
    return folder.resolve().parent / f".{folder.resolve().name}.journal"


def _scratch(folder: Path) -> str:
    """Return the beginning of the names of unfinished folders beside a data folder."""
    return f".{folder.resolve().name}.new-"


@contextmanager
def locked(folder: Path, command: str) -> Iterator[None]:
    """Hold the lock of a data folder, after a change that was interrupted is completed and what it left is removed.

    Args:
        folder: the data folder.
        command: what is done, for the sentence that another process gets.

    Raises:
        HeldError: another process writes to the folder.
        GuapaiError: an interrupted change cannot be completed.
    """
    parent = folder.resolve().parent
    with locks.held(parent / f".{folder.resolve().name}.lock", folder, command):
        if _journal(folder).exists():
            _complete(folder)
        for left in parent.glob(f"{_scratch(folder)}*"):
            shutil.rmtree(left, ignore_errors=True)
        yield


def recover(folder: Path) -> None:
    """Complete a change of the tables that was interrupted, if there is one.

    Raises:
        HeldError: another process is making the change.
        GuapaiError: it cannot be completed.
    """
    if _journal(folder).exists():
        with locked(folder, "recovery"):
            pass


@contextmanager
def scratch(folder: Path) -> Iterator[Path]:
    """Yield a folder for trials beside a data folder, removed afterwards; one that is left is removed at the next lock.

    Raises:
        GuapaiError: it cannot be written.
    """
    parent = folder.resolve().parent
    try:
        with tempfile.TemporaryDirectory(prefix=_scratch(folder), dir=parent, ignore_cleanup_errors=True) as path:
            yield Path(path)
    except OSError as error:
        raise _fault(error) from error


def commit(folder: Path, prepared: Path, changed: Mapping[str, str]) -> None:
    """Change files of a data folder together; the lock must be held.

    Args:
        folder: the data folder.
        prepared: a folder beside it that becomes the journal.
        changed: path below the folder → content.

    Raises:
        GuapaiError: a file cannot be written; the tables are as before.
    """
    for name in ("new", "old"):
        (prepared / name).mkdir(parents=True)
    there = {path: (folder / path).exists() for path in changed}
    for number, (path, content) in enumerate(changed.items()):
        _write(prepared / "new" / str(number), content.encode())
        if there[path]:
            shutil.copy2(folder / path, prepared / "old" / str(number))
    _write(prepared / PATHS, json.dumps(list(there.items())).encode())
    prepared.rename(_journal(folder))
    _flush(folder.resolve().parent)
    _complete(folder)


def _complete(folder: Path) -> None:
    """Move the files of the journal into place, or the old ones back if one cannot be replaced."""
    journal = _journal(folder)
    paths = list(enumerate(json.loads((journal / PATHS).read_text(encoding="utf-8"))))
    try:
        if not (journal / UNDO).exists():
            for number, (path, _) in paths:
                _move(journal / "new" / str(number), folder / path)
            return _remove(folder, journal)
    except OSError as error:
        (journal / UNDO).touch()
        _back(folder, journal, paths)
        raise _fault(error) from error
    return _back(folder, journal, paths)


def _back(folder: Path, journal: Path, paths: list[tuple[int, tuple[str, bool]]]) -> None:
    """Move the old files back into place."""
    for number, (path, there) in paths:
        if not (journal / "new" / str(number)).exists():
            if there:
                _move(journal / "old" / str(number), folder / path)
            else:
                (folder / path).unlink(missing_ok=True)
    _remove(folder, journal)


def _move(source: Path, target: Path) -> None:
    """Move a file into place unless it was moved before."""
    if source.exists():
        target.parent.mkdir(exist_ok=True)
        source.replace(target)


def _remove(folder: Path, journal: Path) -> None:
    """Remove a journal whose change is made: its name first, so that a half-removed one is never completed."""
    done = journal.with_name(f"{_scratch(folder)}done-{os.getpid()}")
    journal.rename(done)
    shutil.rmtree(done, ignore_errors=True)


def _write(path: Path, content: bytes) -> None:
    """Write a file that is on disk when this returns."""
    with path.open("wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())


def _flush(folder: Path) -> None:
    """Put the names of a folder on disk."""
    file = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(file)
    finally:
        os.close(file)


def _fault(error: OSError) -> GuapaiError:
    return GuapaiError(f"{write_fault(error)}; the tables are as before")
