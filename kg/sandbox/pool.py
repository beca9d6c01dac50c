"""Pool of worker processes over one store, with a first-in, first-out queue of visitors' queries."""

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
    """One page of an answer.

    kind: of the query; found: boolean or rows; more: whether more rows follow; sort: variable by which the complete
    answer was sorted, with a minus for descending order, empty if it was not.
    """

    kind: Kind
    found: Solutions | bool
    more: bool = False
    sort: str = ""


class Pool:
    """Worker processes over one store, with one queue."""

    def __init__(self, store_path: Path, workers: int = 2, limits: Limits | None = None) -> None:
        self._limits = limits or Limits()
        self._workers = [Worker(store_path, self._limits) for _ in range(workers)]
        lock = threading.RLock()
        self._changed, self._room = threading.Condition(lock), threading.Condition(lock)
        self._overflow = 0
        self._queue: deque[Answer] = deque()
        self._unfinished: set[Answer] = set()
        self._threads: list[threading.Thread] = []
        self._closed = False

    @property
    def limits(self) -> Limits:
        """Limits of one query."""
        return self._limits

    def run(
        self,
        query: str,
        form: Format,
        dataset: Dataset | None = None,
        on_start: Callable[[Answer], None] | None = None,
        base: str | None = None,
    ) -> Answer:
        """Run a visitor's query; return when the answer is complete or STREAM_AFTER_BYTES of it are written.

        Args:
            query: text sent by the visitor; the guard checks it first.
            form: result format, one of `formats_of` the query's kind.
            dataset: graphs that the query sees; None for the store's default graph and the query's FROM.
            on_start: called with the answer before the query is queued, so that it can be cancelled.
            base: IRI against which relative IRIs resolve; None to refuse them.

        Raises:
            QueryError: the query is refused or faulty, or its answer `NotWritable`; also `QueryTimeout`,
                `ResultTooLarge`, `PoolBusy`.
            StoreError: the store cannot be opened, the worker was killed, or the pool is closed.
        """
        kind = inspect(query)
        if form not in formats_of(kind):
            raise QueryError(f"The answer to a query of the kind {kind} cannot be written as {form.name}.")
        job = {"query": query, "form": form.name, "dataset": dataset and asdict(dataset), "base": base}
        return self._run(Answer(kind, form, job), on_start)

    def page(
        self,
        query: str,
        span: Span,
        dataset: Dataset | None = None,
        on_start: Callable[[Answer], None] | None = None,
        base: str | None = None,
    ) -> Part:
        """Run a visitor's query and return one page of its rows; triples are rows of three.

        The complete query runs for every page; over a read-only store the order of its rows is stable.

        Args:
            query: text sent by the visitor.
            span: rows of the page.
            dataset: as `run`.
            on_start: as `run`.
            base: as `run`.

        Raises:
            QueryError, StoreError: as `run`.
        """
        kind = inspect(query)
        wanted = {**asdict(span), "rows": span.rows + 1}
        job = {"query": query, "page": wanted, "dataset": dataset and asdict(dataset), "base": base}
        with self._run(Answer(kind, FORMATS[0], job), on_start) as answer:
            found, sort = read_page(b"".join(answer))
        if isinstance(found, bool):
            return Part(kind, found)
        return Part(kind, Solutions(found.variables, found.rows[: span.rows]), len(found.rows) > span.rows, sort)

    def process_ids(self) -> tuple[int, ...]:
        """Return the ids of the running worker processes."""
        return tuple(worker.process.pid for worker in self._workers if worker.process and worker.process.poll() is None)

    @property
    def replaced(self) -> int:
        """Number of processes that were killed or died and were replaced."""
        return sum(worker.replaced for worker in self._workers)

    def close(self, grace_seconds: float = 0.0) -> None:
        """Refuse new queries, give the accepted ones `grace_seconds` to end, cancel the rest, stop the workers."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
            self._room.notify_all()
        deadline = time.monotonic() + grace_seconds
        for thread in self._threads:
            thread.join(max(0.0, deadline - time.monotonic()))
        with self._changed:
            unfinished = tuple(self._unfinished)
        for answer in unfinished:
            answer.cancel()
        for thread in self._threads:
            thread.join()
        atexit.unregister(self.close)

    def _run(self, answer: Answer, on_start: Callable[[Answer], None] | None) -> Answer:
        with ExitStack() as undo:
            undo.callback(self._forget, answer)
            undo.callback(answer.close)
            if on_start:
                on_start(answer)
            self._enqueue(answer)
            answer.wait(self._limits.wait_seconds)
            undo.pop_all()
        return answer

    def _enqueue(self, answer: Answer) -> None:
        with self._changed:
            self._wait_for_room()
            if not self._threads:
                atexit.register(self.close)
                self._threads = [
                    threading.Thread(target=self._serve, args=(each,), daemon=True) for each in self._workers
                ]
                for thread in self._threads:
                    thread.start()
            self._queue.append(answer)
            self._unfinished.add(answer)
            self._changed.notify()

    def _wait_for_room(self) -> None:
        """Wait for a place in the queue, if few enough wait for one already.

        Raises:
            PoolBusy: there is none in time.
            StoreError: the pool is closed meanwhile.
        """
        full = len(self._queue) >= self._limits.waiting
        if full and self._overflow < self._limits.overflow:
            self._overflow += 1
            try:
                full = not self._room.wait_for(
                    lambda: self._closed or len(self._queue) < self._limits.waiting, self._limits.overflow_seconds
                )
            finally:
                self._overflow -= 1
        if self._closed:
            raise StoreError("The pool is closed.")
        if full:
            raise PoolBusy(f"The server is busy: {self._limits.waiting} queries are waiting already. Try again later.")

    def _forget(self, answer: Answer) -> None:
        with self._changed:
            self._unfinished.discard(answer)
            if answer in self._queue:
                self._queue.remove(answer)
                self._room.notify()

    def _next(self) -> Answer | None:
        with self._changed:
            self._changed.wait_for(lambda: self._queue or self._closed)
            self._room.notify()
            return self._queue.popleft() if self._queue else None

    def _serve(self, worker: Worker) -> None:
        """Hand a worker one query after the other; target of the worker's thread."""
        try:
            worker.restart()
            while (answer := self._next()) is not None:
                try:
                    worker.serve(answer)
                finally:
                    answer.finish(StoreError("The query could not be run."))
                    self._forget(answer)
        finally:
            worker.end()
