"""Waiting for conditions in tests, with limits generous enough for a busy machine; no test asserts durations."""

import time
from collections.abc import Callable

import pytest

from kg.sandbox import Limits, Pool
from kg.sandbox.result import Answer

PATIENCE_SECONDS = 120.0
"""Timeout after which a waiting test fails."""
LIMIT_ENDS_SECONDS = 30.0
"""A query under a limit of a few seconds has ended and its process is gone: the only bound on time in tests."""
PATIENT = Limits(seconds=600, wait_seconds=600, niceness=0)
"""Limits of queries that must not end by time, at normal priority."""
PATIENTLY = ("--query-seconds", "600", "--query-niceness", "0")
"""Server options with the same effect."""


def until(condition: Callable[[], bool], what: str = "", seconds: float = PATIENCE_SECONDS) -> None:
    """Wait until a condition holds."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            pytest.fail(f"it did not come about: {what or condition}")
        time.sleep(0.02)


def runs(answer: Answer) -> bool:
    """Return whether a worker is running the query of an answer."""
    return answer._worker is not None


def waiting(pool: Pool) -> int:
    """Return the number of queries waiting for a worker."""
    return len(pool._queue)


def running(pool: Pool) -> bool:
    """Return whether a worker of a pool is running a query."""
    return any(map(runs, tuple(pool._unfinished)))
