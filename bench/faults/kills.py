"""Server processes, query workers and the master, killed at random under eight readers."""

import os
import random
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from bench.faults.servers import children, open_files, readers, started, until_ready
from bench.readers import free_port

MAX_PAUSE_SECONDS = 4.0
"""Longest time between two kills."""


def rows(dist: Path, times: int) -> Iterator[tuple[str, object]]:
    """Yield what readers got while processes for queries, and those that answer, were killed so many times."""
    for name, victims in (("query worker", query_workers), ("server process", children)):
        yield f"{name} killed {times} times", killed(dist, victims, times)


def master(dist: Path, times: int) -> Iterator[tuple[str, object]]:
    """Yield what readers got while the master was killed and started again so many times."""
    yield f"master killed {times} times", killed(dist, lambda process: [process], times)


def query_workers(process: int) -> list[int]:
    """Return the ids of the processes that run queries, by that of the master."""
    return [worker for server in children(process) for worker in children(server)]


def killed(dist: Path, victims: Callable[[int], Sequence[int]], times: int) -> dict[str, object]:
    """Return what eight readers got while processes were killed.

    Args:
        dist: folder of the releases.
        victims: ids of the processes by that of the master; where it is the master itself, it is started again.
        times: number of kills.

    The open files are those of the processes that answer, before and after.
    """
    chance, port, done = random.Random(0), free_port(), 0  # noqa: S311 — which process is killed, and when
    process = started(dist, port, 2)
    before = _open_files(process.pid)
    try:
        with readers(port) as reading:
            while done < times:
                time.sleep(chance.uniform(0, MAX_PAUSE_SECONDS))
                found = victims(process.pid)
                if found and _kill(chance.choice(found)):
                    done += 1
                if found == [process.pid]:
                    process.wait()
                    process = started(dist, port, 2)
            until_ready(process, port)
            time.sleep(2)
        return reading.told() | {"open files": f"{before} → {_open_files(process.pid)}"}
    finally:
        process.terminate()
        process.wait()


def _open_files(process: int) -> list[int]:
    """Return how many files each process that answers has open, by that of the master."""
    return [open_files(server) for server in children(process)]


def _kill(process: int) -> bool:
    """Kill a process; return whether it was still there."""
    try:
        os.kill(process, signal.SIGKILL)
    except ProcessLookupError:
        return False
    return True
