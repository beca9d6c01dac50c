"""Waiting in tests: for what comes about, with ends that hold on a busy machine. No test asserts how long it took."""

import time
from collections.abc import Callable

import pytest

from kg.sandbox import Limits, Pool
from kg.sandbox.result import Answer

PATIENCE_SECONDS = 120.0
"""After so long without what a test waits for, it fails."""
LIMIT_ENDS_SECONDS = 30.0
"""A query under a limit of a few seconds has ended by then, and its process is gone: the one bound on time in tests."""
PATIENT = Limits(seconds=600, wait_seconds=600, niceness=0)
"""Of queries that shall not end by the clock, and do not stand back for whatever else runs on the machine."""
PATIENTLY = ("--query-seconds", "600", "--query-niceness", "0")
"""Options of a server of which the same is true."""


def until(condition: Callable[[], bool], what: str = "", seconds: float = PATIENCE_SECONDS) -> None:
    """Wait until a condition holds."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            pytest.fail(f"it did not come about: {what or condition}")
        time.sleep(0.02)


def runs(answer: Answer) -> bool:
    """Whether a worker has taken the query of an answer and not yet finished it."""
    return answer._worker is not None


def waiting(pool: Pool) -> int:
    """How many queries wait for a worker."""
    return len(pool._queue)


def running(pool: Pool) -> bool:
    """Whether a worker of a pool is at work on a query."""
    return any(map(runs, tuple(pool._unfinished)))
