"""Run visitors' queries in worker processes that can be killed, over one release's store.

A pool belongs to one process and one store. It starts with its first query, so that a server forks before; a new
release gets a new pool. A thread keeps each worker: it hands it one query at a time, ends it at a limit and starts the
next. Every answer goes through a nameless file, so that no slow reader holds a worker.
"""

from kg.sandbox.limits import Limits, PoolBusy, QueryCancelled
from kg.sandbox.pool import Part, Pool
from kg.sandbox.result import Answer

__all__ = ["Answer", "Limits", "Part", "Pool", "PoolBusy", "QueryCancelled"]
