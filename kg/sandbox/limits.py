"""What one visitor's query may take, and the sentences that say what it took too much of."""

from dataclasses import dataclass

from kg.errors import QueryError, ResultTooLarge


class PoolBusy(QueryError):
    """A query for which no worker became free in time; it can be sent again later."""

    code = "pool-busy"


class QueryCancelled(QueryError):
    """A query that its sender or the closing server ended."""

    code = "query-cancelled"


@dataclass(frozen=True, slots=True)
class Limits:
    """What one query may take.

    seconds: from the moment a worker takes it until its answer is written in full; waiting is not counted;
    wait_seconds, waiting: how long it may wait for a worker, and how many may wait at once;
    memory_bytes: address space beyond that of the opened store; rows: of solutions or triples; bytes: of the answer;
    niceness: how far queries stand back for pages when all processors are busy (see nice(2)): with 10, pages then have
    nine tenths, and a query beside several busy processes only a few hundredths of a processor.
    """

    seconds: float = 30.0
    wait_seconds: float = 10.0
    waiting: int = 32
    memory_bytes: int = 1 << 30
    rows: int = 1_000_000
    bytes: int = 200_000_000
    niceness: int = 10


def too_much_memory(limits: Limits) -> ResultTooLarge:
    """Return the error of a query that took all its memory."""
    return ResultTooLarge(
        f"The query needs more than {limits.memory_bytes >> 20:,} MiB of memory, the limit here. "
        "Sort, group or join fewer rows, or build shorter texts."
    )
