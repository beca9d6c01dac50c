"""Limits of a visitor's query and the errors of the sandbox."""

from dataclasses import dataclass

from kg.errors import QueryError, ResultTooLarge, StoreError


class PoolBusy(QueryError):
    """No worker became free in time; the query can be repeated later."""

    code = "pool-busy"


class QueryCancelled(QueryError):
    """The client or the closing server cancelled the query."""

    code = "query-cancelled"


class WorkerLost(StoreError):
    """The process that ran the query was killed from outside; the query can be repeated."""

    code = "worker-lost"


class NoRoom(StoreError):
    """The disk has no room for the answer; the query can be repeated later, or in parts."""

    code = "no-room"


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits of one query.

    seconds: from the start in a worker until the answer is completely written, without waiting; wait_seconds: longest
    wait for a worker; waiting: number of queries that may wait; overflow: number of further ones that may wait
    overflow_seconds until they are among them, before they are refused; memory_bytes: address space beyond that of the
    opened store; rows: solutions or triples; bytes: size of the answer; niceness: by how much the priority of a
    query that runs is lowered (see nice(2)) when pages wait for a processor meanwhile: with 10, pages get nine tenths.
    A query beside which no page waits has the priority of every other process of the machine.
    """

    seconds: float = 30.0
    wait_seconds: float = 10.0
    waiting: int = 32
    overflow: int = 0
    overflow_seconds: float = 0.5
    memory_bytes: int = 1 << 30
    rows: int = 1_000_000
    bytes: int = 200_000_000
    niceness: int = 10


def too_much_memory(limits: Limits) -> ResultTooLarge:
    """Return the error of a query that exceeded the memory limit."""
    return ResultTooLarge(
        f"The query needs more than {limits.memory_bytes >> 20:,} MiB of memory, the limit here. "
        "Sort, group or join fewer rows, or build shorter texts."
    )
