"""Files in which processes share their metrics, with their room reserved: a full disk must end no process."""

import fcntl
import logging
import mmap
import os
import shutil
from pathlib import Path
from tempfile import gettempdir, mkdtemp

from prometheus_client import values
from prometheus_client.multiprocess import mark_process_dead

METRICS_FOLDER = "PROMETHEUS_MULTIPROC_DIR"
"""Variable of prometheus_client: folder in which processes share their metrics."""
PREFIX = "guapai-metrics-"
KINDS = ("counter", "histogram", "gauge_livemax")
"""Kinds of metrics with a file of their own, as prometheus_client names them."""
RESERVED_BYTES = 1 << 18
"""Size of each file: parts of the site, statuses and outcomes are few (some 60 kB), so that no file ever grows."""
_without_room = mmap.mmap(-1, 1)
"""Shared by all processes: 1 as soon as one of them had no room."""


def are_missing() -> bool:
    """Whether a process had no room for its metrics, so that no sum of all processes is right."""
    return _without_room[0] != 0


def share() -> Path | None:
    """Make the folder in which processes share their metrics, before they start; None where there is no room."""
    try:
        remove_left(Path(gettempdir()))
        folder = Path(mkdtemp(prefix=PREFIX))
        lock(folder)  # until the last process of this server has ended
    except OSError as error:
        _do_without(error)
        return None
    os.environ[METRICS_FOLDER] = str(folder)
    _read_environment()
    return folder


def remove_left(temporary: Path) -> None:
    """Remove the folders that servers left when they were killed, from a folder for temporary files."""
    for left in temporary.glob(f"{PREFIX}*"):
        if (descriptor := lock(left)) is not None:
            shutil.rmtree(left, ignore_errors=True)
            os.close(descriptor)


def lock(folder: Path) -> int | None:
    """Lock a folder; return its descriptor, None if another process holds it, or it is another user's or gone."""
    try:
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    except OSError:
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        return None
    return descriptor


def reserve() -> None:
    """Reserve the room of this process, before its first metric; without room it counts for itself, and says so.

    prometheus_client maps sparse files into memory: on a full disk, writing to one ends the process by a signal.
    """
    if METRICS_FOLDER not in os.environ:
        return
    paths = [Path(os.environ[METRICS_FOLDER]) / f"{kind}_{os.getpid()}.db" for kind in KINDS]
    try:
        for path in paths:
            with path.open("wb") as stream:
                os.posix_fallocate(stream.fileno(), 0, RESERVED_BYTES)
    except OSError as error:
        for path in paths:
            path.unlink(missing_ok=True)
        del os.environ[METRICS_FOLDER]
        _read_environment()
        _do_without(error)


def remove(folder: Path | None) -> None:
    """Remove the folder at the end."""
    if folder:
        shutil.rmtree(folder, ignore_errors=True)


def _read_environment() -> None:
    # The library reads the environment at import, which has happened by now.
    values.ValueClass = values.get_value_class()  # type: ignore[no-untyped-call]


def _do_without(error: OSError) -> None:
    _without_room[0] = 1
    logging.getLogger("guapai").warning("no figures: no room in the folder for temporary files (TMPDIR): %s", error)


def forget_process(process_id: int) -> None:
    """Drop the live metrics of an ended process; its counters stay."""
    if METRICS_FOLDER in os.environ:
        mark_process_dead(process_id)  # type: ignore[no-untyped-call]
