"""A pool of worker processes over one store, that visitors' queries wait for: first come, first served."""

import atexit
import threading
import time
from collections import deque
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path

from kg.errors import QueryError, StoreError
from kg.sandbox.limits import Limits, PoolBusy
from kg.sandbox.result import Answer
from kg.sandbox.worker_process import Worker
from kg.store import Dataset
from kg.store.formats import FORMATS, Format, Solutions, Span, formats_of, read_page
from kg.store.guard import Kind, inspect


@dataclass(frozen=True, slots=True)
class Part:
    """A part of an answer for a page.

    kind: of the query; found: its truth value or rows; more: whether there are rows after these; sort: variable by
    which the whole was sorted, with a minus for the greatest first, empty where it was not.
    """

    kind: Kind
    found: Solutions | bool
    more: bool = False
    sort: str = ""


class Pool:
    """Workers over one store, first come, first served."""

    def __init__(self, store_path: Path, workers: int = 2, limits: Limits | None = None) -> None:
        self._limits = limits or Limits()
        self._workers = [Worker(store_path, self._limits) for _ in range(workers)]
        self._changed = threading.Condition()
        self._queue: deque[Answer] = deque()
        self._unfinished: set[Answer] = set()
        self._keepers: list[threading.Thread] = []
        self._closed = False

    @property
    def limits(self) -> Limits:
        """What one query may take."""
        return self._limits

    def run(
        self, query: str, form: Format, dataset: Dataset | None = None, begun: Callable[[Answer], None] | None = None
    ) -> Answer:
        """Run a visitor's query; return when its answer is complete or 8 MB of it are written.

        Args:
            query: text as the visitor sent it; the guard reads it first.
            form: one of `formats_of` the query's kind.
            dataset: the graphs that it sees, None for the store's own and the query's FROM.
            begun: is given the answer before the query waits its turn, so that it can be cancelled.

        Raises:
            QueryError: the query is refused or wrong; also `QueryTimeout`, `ResultTooLarge`, `PoolBusy`.
            StoreError: the store does not open, the worker was killed, or the pool is closed.
        """
        kind = inspect(query)
        if form not in formats_of(kind):
            raise QueryError(f"The answer to a query of the kind {kind} cannot be written as {form.name}.")
        return self._run(
            Answer(kind, form, {"query": query, "form": form.name, "dataset": dataset and asdict(dataset)}), begun
        )

    def page(
        self, query: str, span: Span, dataset: Dataset | None = None, begun: Callable[[Answer], None] | None = None
    ) -> Part:
        """Run a visitor's query for a page, which shows only some of its rows, and a graph as rows of three.

        The whole query runs for each page: over a store that nobody writes it gives its rows in the same order.

        Args:
            query: text as the visitor sent it.
            span: which rows the page takes.
            dataset: as `run`.
            begun: as `run`.

        Raises:
            QueryError, StoreError: as `run`.
        """
        kind = inspect(query)
        wanted = {**asdict(span), "rows": span.rows + 1}
        job = {"query": query, "page": wanted, "dataset": dataset and asdict(dataset)}
        with self._run(Answer(kind, FORMATS[0], job), begun) as answer:
            found, sort = read_page(b"".join(answer))
        if isinstance(found, bool):
            return Part(kind, found)
        return Part(kind, Solutions(found.variables, found.rows[: span.rows]), len(found.rows) > span.rows, sort)

    def process_ids(self) -> tuple[int, ...]:
        """Return the ids of the worker processes that live now."""
        return tuple(worker.process.pid for worker in self._workers if worker.process and worker.process.poll() is None)

    @property
    def replaced(self) -> int:
        """How many processes were killed or died, and gave their place to another."""
        return sum(worker.replaced for worker in self._workers)

    def close(self, grace_seconds: float = 0.0) -> None:
        """Take no more queries, let those that came already end within a time, cancel the rest, end the workers."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        deadline = time.monotonic() + grace_seconds
        for keeper in self._keepers:
            keeper.join(max(0.0, deadline - time.monotonic()))
        with self._changed:
            unfinished = tuple(self._unfinished)
        for answer in unfinished:
            answer.cancel()
        for keeper in self._keepers:
            keeper.join()
        atexit.unregister(self.close)

    def _run(self, answer: Answer, begun: Callable[[Answer], None] | None) -> Answer:
        with ExitStack() as undo:
            undo.callback(self._forget, answer)
            undo.callback(answer.close)
            if begun:
                begun(answer)
            self._enqueue(answer)
            answer.wait(self._limits.wait_seconds)
            undo.pop_all()
        return answer

    def _enqueue(self, answer: Answer) -> None:
        with self._changed:
            if self._closed:
                raise StoreError("The pool is closed.")
            if len(self._queue) >= self._limits.waiting:
                raise PoolBusy(
                    f"The server is busy: {self._limits.waiting} queries are waiting already. Try again later."
                )
            if not self._keepers:
                atexit.register(self.close)
                self._keepers = [
                    threading.Thread(target=self._keep, args=(each,), daemon=True) for each in self._workers
                ]
                for keeper in self._keepers:
                    keeper.start()
            self._queue.append(answer)
            self._unfinished.add(answer)
            self._changed.notify()

    def _forget(self, answer: Answer) -> None:
        with self._changed:
            self._unfinished.discard(answer)
            if answer in self._queue:
                self._queue.remove(answer)

    def _next(self) -> Answer | None:
        with self._changed:
            self._changed.wait_for(lambda: self._queue or self._closed)
            return self._queue.popleft() if self._queue else None

    def _keep(self, worker: Worker) -> None:
        """Hand a worker one query after the other; runs in a thread of its own."""
        try:
            worker.renew()
            while (answer := self._next()) is not None:
                try:
                    worker.serve(answer)
                finally:
                    answer.finish(StoreError("The query could not be run."))
                    self._forget(answer)
        finally:
            worker.end()
