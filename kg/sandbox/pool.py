"""Pool of worker processes over one store, with a first-in, first-out queue of visitors' queries."""

import atexit
import threading
from collections import deque
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field
from itertools import islice
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


@dataclass(eq=False, slots=True)
class _Turn:
    """Place of a query in the queue; come: set when it has its worker, or is cancelled."""

    worker: Worker | None = None
    come: threading.Event = field(default_factory=threading.Event)


class Pool:
    """Worker processes over one store, with one queue."""

    def __init__(
        self,
        store_path: Path,
        workers: int = 2,
        limits: Limits | None = None,
        pages_wait: Callable[[], bool] = lambda: False,
    ) -> None:
        """Start no process yet.

        Args:
            store_path: folder of the store.
            workers: number of processes.
            limits: of a query.
            pages_wait: whether pages wait for a processor; a query that runs longer has to stand back then.
        """
        self._limits = limits or Limits()
        self._workers = [Worker(store_path, self._limits, pages_wait) for _ in range(workers)]
        self._idle = list(self._workers)
        """Workers without a query; the last one is taken, since its memory is warm."""
        self._changed = threading.Condition()
        self._queue: deque[_Turn] = deque()
        self._unfinished: set[Answer] = set()
        self._started = self._closed = False

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
            self._changed.wait_for(lambda: not self._unfinished, grace_seconds)
            unfinished = tuple(self._unfinished)
        for answer in unfinished:
            answer.cancel()
        with self._changed:
            self._changed.wait_for(lambda: len(self._idle) == len(self._workers))
        for worker in self._workers:
            worker.end()
        atexit.unregister(self.close)

    def _run(self, answer: Answer, on_start: Callable[[Answer], None] | None) -> Answer:
        with ExitStack() as undo:
            undo.callback(answer.close)
            if on_start:
                on_start(answer)
            self._accept(answer)
            undo.callback(self._forget, answer)
            self._serve(self._worker_for(answer), answer)
            answer.raise_failure()
            undo.pop_all()
        return answer

    def _accept(self, answer: Answer) -> None:
        """Keep an answer among the unfinished ones until it is forgotten; start the workers with the first one."""
        with self._changed:
            if self._closed:
                raise StoreError("The pool is closed.")
            self._unfinished.add(answer)
            if not self._started:
                self._started = True
                atexit.register(self.close)
                for worker in self._workers:
                    worker.restart()

    def _worker_for(self, answer: Answer) -> Worker:
        """Return a worker, when it is the turn of the query.

        Raises:
            PoolBusy: too many wait already, or it waited too long.
            QueryCancelled: it was cancelled meanwhile.
        """
        with self._changed:
            if self._idle and not self._queue:
                return self._idle.pop()
            if len(self._queue) >= self._limits.waiting + self._limits.overflow:
                raise self._full()
            turn = _Turn()
            self._queue.append(turn)
        if answer.wait(turn.come.set):
            self._wait(turn)
        with self._changed:
            if turn.worker is None:
                self._queue.remove(turn)
                answer.raise_failure()
                raise PoolBusy(
                    f"The server is busy: the query waited {self._limits.wait_seconds:g} seconds for its turn. "
                    "Try again later."
                )
            return turn.worker

    def _wait(self, turn: _Turn) -> None:
        """Wait until it is the turn of a query, or it is cancelled, or has waited too long.

        Raises:
            PoolBusy: it is still not among those that may wait long.
        """
        limits = self._limits
        with self._changed:
            patient = turn in islice(self._queue, limits.waiting)
        if not patient and not turn.come.wait(limits.overflow_seconds):
            with self._changed:
                if turn.worker is None and turn not in islice(self._queue, limits.waiting):
                    self._queue.remove(turn)
                    raise self._full()
        turn.come.wait(limits.wait_seconds)

    def _full(self) -> PoolBusy:
        return PoolBusy(f"The server is busy: {self._limits.waiting} queries are waiting already. Try again later.")

    def _serve(self, worker: Worker, answer: Answer) -> None:
        """Run a query until its end, or its first bytes; a thread follows the rest."""
        try:
            streams = worker.serve(answer)
            if streams:
                threading.Thread(target=self._follow, args=(worker, answer), daemon=True, name="long-answer").start()
        except BaseException:
            answer.cancel()
            self._release(worker, answer)
            raise
        if not streams:
            self._release(worker, answer)

    def _follow(self, worker: Worker, answer: Answer) -> None:
        try:
            worker.finish(answer)
        finally:
            answer.cancel()  # which has ended, unless that failed
            self._release(worker, answer)

    def _release(self, worker: Worker, answer: Answer) -> None:
        """Give a worker to the query that waits longest, if any."""
        self._forget(answer)
        with self._changed:
            if self._queue:
                turn = self._queue.popleft()
                turn.worker = worker
                turn.come.set()
            else:
                self._idle.append(worker)
                self._changed.notify_all()

    def _forget(self, answer: Answer) -> None:
        with self._changed:
            self._unfinished.discard(answer)
            self._changed.notify_all()
