"""Pool of worker processes that run visitors' queries over a release's store under limits and can be killed.

A pool belongs to one process and one store. It starts with its first query, after the server has forked; a new release
gets a new pool. The thread of a request takes an idle worker, hands it the query, kills it at a limit and starts
another. A short answer comes in one message, a long one goes through an unnamed temporary file, so a slow reader
occupies no worker.
"""

from kg.sandbox.limits import Limits, NoRoom, PoolBusy, QueryCancelled, WorkerLost
from kg.sandbox.pool import Part, Pool
from kg.sandbox.result import Answer

__all__ = ["Answer", "Limits", "NoRoom", "Part", "Pool", "PoolBusy", "QueryCancelled", "WorkerLost"]
