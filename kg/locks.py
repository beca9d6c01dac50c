"""Locks of folders that one process at a time may write to; the system frees them however the process ends."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from kg.errors import GuapaiError

_held: set[Path] = set()


class HeldError(GuapaiError):
    """A folder that another process is writing to."""

    code = "held"


def holds(path: Path) -> bool:
    """Whether this process holds the lock of a file."""
    return path.resolve() in _held


@contextmanager
def held(path: Path, folder: Path, command: str) -> Iterator[None]:
    """Hold the lock of a file, which stays and says who holds it; within itself it is held already.

    Args:
        path: the lock file, beside or in the folder.
        folder: what it protects, for the sentence.
        command: what the holder does, for the sentence of another process.

    Raises:
        HeldError: another process holds it.
        GuapaiError: the file cannot be written.
    """
    if holds(path):
        yield
        return
    try:
        stream = path.open("a+", encoding="utf-8")
    except OSError as error:
        raise GuapaiError(f"{folder} cannot be written to: {error.strerror or error}") from error
    with stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            stream.seek(0)
            holder = stream.read().strip() or "another process"
            raise HeldError(f"{folder} is being written to by {holder}; try again when it has ended") from None
        _sign(stream.fileno(), f"{command} (process {os.getpid()}, since {datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC)\n")
        _held.add(path.resolve())
        try:
            yield
        finally:
            _held.discard(path.resolve())
            _sign(stream.fileno(), "")


def _sign(file: int, text: str) -> None:
    """Write who holds the lock; on a full disk nobody is named."""
    os.ftruncate(file, 0)
    try:
        os.pwrite(file, text.encode(), 0)
    except OSError:
        os.ftruncate(file, 0)
