"""Sandbox over a small store: every limit raises its error, and no query affects the next one."""

import hashlib
import io
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from waiting import LIMIT_ENDS_SECONDS, PATIENT, running, runs, until, waiting

from kg.errors import QueryError, QueryTimeout, ResultTooLarge, StoreError
from kg.sandbox import Answer, Limits, Part, Pool, PoolBusy, QueryCancelled, WorkerLost
from kg.sandbox.worker import STREAM_AFTER_BYTES
from kg.store import Dataset, EmbeddedStore, GraphFile, Literal, NamedNode, formats, load_store
from kg.store.formats import FORMATS, Format, Solutions, Span, formats_of
from kg.store.guard import Kind, inspect

BY_NAME = {form.name: form for form in FORMATS}
CSV, JSON, TSV, XML, NT = (BY_NAME[name] for name in ("csv", "json", "tsv", "xml", "nt"))
THINGS = 1000
"""Triples of the default graph: a join of two patterns has a million rows, one of four never ends."""
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
WIDE = f'SELECT ?a ?b ("{"x" * 200}" AS ?wide) {{ ?a ?p ?c . ?b ?p ?d }}'
"""A million rows, of which the first 40,000 are more than STREAM_AFTER_BYTES."""
EASY, EASILY = "SELECT ?n { <http://e/thing/7> <http://e/number> ?n }", b"n\r\n7\r\n"
ADVICE = (
    " Bind a place, a programme or a year, add LIMIT, and let every pattern share a variable with another; "
    "the whole data can be downloaded."
)
IN_PARTS = " Ask in parts with ORDER BY, LIMIT and OFFSET, or download the whole data."


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("small")
    integer = "http://www.w3.org/2001/XMLSchema#integer"
    one = [f'<http://e/thing/{key}> <http://e/number> "{key}"^^<{integer}> .\n' for key in range(THINGS)]
    (folder / "one.nt").write_text("".join(one), encoding="utf-8")
    (folder / "two.nt").write_text('<http://e/thing/0> <http://e/name> "零"@zh .\n', encoding="utf-8")
    load_store(
        folder / "store",
        [
            GraphFile(folder / "one.nt", "http://e/one", in_default=True),
            GraphFile(folder / "two.nt", "http://e/two", in_default=False),
        ],
    )
    return folder / "store"


@contextmanager
def pooled(store: Path, workers: int = 1, **limits: float) -> Iterator[Pool]:
    """Yield a pool with started workers; PATIENT limits except for `limits`."""
    pool = Pool(store, workers, replace(PATIENT, **limits))  # type: ignore[arg-type]
    try:
        until(lambda: answers(pool))
        until(lambda: len(pool.process_ids()) == workers)
        yield pool
    finally:
        pool.close()


Shared = Callable[..., Pool]


@pytest.fixture(scope="module")
def shared(store: Path) -> Iterator[Shared]:
    """Give the pool of some limits, made once, to tests whose queries leave its worker as it is."""
    with ExitStack() as opened:
        pools: dict[tuple[tuple[str, float], ...], Pool] = {}

        def found(**limits: float) -> Pool:
            key = tuple(limits.items())
            if key not in pools:
                pools[key] = opened.enter_context(pooled(store, **limits))
            return pools[key]

        yield found


@pytest.fixture
def pool(shared: Shared) -> Pool:
    """The pool without limits."""
    return shared()


def whole(pool: Pool, query: str, form: Format = CSV, dataset: Dataset | None = None) -> bytes:
    with pool.run(query, form, dataset) as answer:
        return b"".join(answer)


def firsts(part: Part) -> list[str]:
    assert isinstance(part.found, Solutions)
    return [str(row[0].value) for row in part.found.rows if row[0]]


def stop(process: int) -> None:
    """Stop a child process, and wait until it stands still: a stopping process may still answer."""
    os.kill(process, signal.SIGSTOP)
    os.waitid(os.P_PID, process, os.WSTOPPED)


def easy(pool: Pool) -> bytes:
    return whole(pool, EASY)


def answers(pool: Pool) -> bool:
    """Return whether a pool answers.

    A query that may not wait is refused while its worker starts, and on a busy machine an easy one may be late.
    """
    try:
        return easy(pool) == EASILY
    except (PoolBusy, QueryTimeout):
        return False


@contextmanager
def asked(pool: Pool) -> Iterator["list[BaseException]"]:
    """Run an endless query during the block and cancel it afterwards.

    Yields a list of the error that ended the query, filled at the latest after the block.
    """
    ends: list[BaseException] = []
    begun: list[Answer] = []

    def visit() -> None:
        try:
            with pool.run(ENDLESS, CSV, on_start=begun.append) as answer:
                b"".join(answer)
        except (QueryError, StoreError) as error:
            ends.append(error)

    visitor = threading.Thread(target=visit)
    visitor.start()
    try:
        until(lambda: bool(begun) and (runs(begun[0]) or bool(ends)))
        yield ends
    finally:
        begun[0].cancel()
        visitor.join()


def alive(process: int) -> bool:
    """Return whether a process, or any thread of it, is running; a zombie is not."""
    try:
        status = Path(f"/proc/{process}/stat").read_text(encoding="ascii")
        threads = len(list(Path(f"/proc/{process}/task").iterdir()))
    except FileNotFoundError:
        return False
    return status.rpartition(")")[2].split()[0] != "Z" or threads > 1


def test_answers_of_every_kind(pool: Pool) -> None:
    select = "SELECT ?s ?n { ?s <http://e/number> ?n FILTER(?n < 2) } ORDER BY ?n"
    graph = f"CONSTRUCT {{ ?s <http://e/half> ?n }} {select.partition(' ?n ')[2].partition('ORDER')[0]}"
    number = "^^<http://www.w3.org/2001/XMLSchema#integer>"
    assert whole(pool, select) == b"s,n\r\nhttp://e/thing/0,0\r\nhttp://e/thing/1,1\r\n"
    assert whole(pool, select, TSV) == b"?s\t?n\n<http://e/thing/0>\t0\n<http://e/thing/1>\t1\n"
    assert json.loads(whole(pool, "ASK { <http://e/thing/7> ?p 7 }", JSON)) == {"head": {}, "boolean": True}
    assert sorted(whole(pool, graph, NT).decode().splitlines()) == [
        f'<http://e/thing/{key}> <http://e/half> "{key}"{number} .' for key in (0, 1)
    ]
    assert whole(pool, "DESCRIBE <http://e/thing/7>", NT).decode() == (
        f'<http://e/thing/7> <http://e/number> "7"{number} .\n'
    )


def test_a_page_shows_some_rows_and_says_whether_there_are_more(pool: Pool) -> None:
    numbers = "SELECT ?n { ?s <http://e/number> ?n } ORDER BY ?n LIMIT "
    part = pool.page(numbers + "3", Span(2))
    assert isinstance(part.found, Solutions)
    assert (part.kind, part.found.variables, firsts(part), part.more) == (Kind.SELECT, ("n",), ["0", "1"], True)
    assert pool.page(numbers + "2", Span(2)) == Part(Kind.SELECT, part.found)
    assert pool.page("ASK { ?s ?p 1000 }", Span(2)) == Part(Kind.ASK, False)  # noqa: FBT003
    triple = (NamedNode("http://e/thing/0"), NamedNode("http://e/name"), Literal("零", language="zh"))
    shown = Solutions(("subject", "predicate", "object"), (triple,))
    named = "CONSTRUCT { ?s ?p ?o } { GRAPH <http://e/two> { ?s ?p ?o } }"
    assert pool.page(named, Span(2)) == Part(Kind.CONSTRUCT, shown)
    second, last = pool.page(numbers + "5", Span(2, 2)), pool.page(numbers + "5", Span(2, 4))
    assert ((firsts(second), second.more), (firsts(last), last.more)) == ((["2", "3"], True), (["4"], False))
    two = pool.page("SELECT ?s { ?s ?p ?o }", Span(2), Dataset(("http://e/two",)))
    assert firsts(two) == ["http://e/thing/0"]


def test_a_page_of_a_sorted_answer_is_sorted_as_a_whole(
    store: Path, pool: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    values = "SELECT * { VALUES (?a ?b) { (10 1) ('x' 2) (9 3) (UNDEF 4) (<http://e/> 5) (9.0 6) } }"
    up, down, same = (pool.page(values, Span(9, 0, sort)) for sort in ("a", "-a", "c"))
    assert [row[1].value for row in up.found.rows] == ["4", "5", "3", "6", "1", "2"]
    assert [row[1].value for row in down.found.rows] == ["2", "1", "3", "6", "5", "4"]
    assert (up.sort, down.sort, same.sort) == ("a", "-a", "")
    assert firsts(pool.page(values, Span(2, 2, "a"))) == ["9", "9"]
    monkeypatch.setattr(formats, "MAX_SORTED_ROWS", 5)
    target = io.BytesIO()
    with EmbeddedStore(store).answer(values) as result:
        formats.serialize_page(result, Span(9, 0, "a"), target)
    found, sort = formats.read_page(target.getvalue())
    assert ([row[1].value for row in found.rows], sort) == (["1", "2", "3", "4", "5", "6"], "")


def test_the_dataset_takes_the_place_of_from(pool: Pool) -> None:
    count = "SELECT (COUNT(*) AS ?n) FROM <http://e/none> { ?s ?p ?o }"
    named = "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g"
    assert whole(pool, count) == b"n\r\n0\r\n"
    assert whole(pool, count, CSV, Dataset(("http://e/two",))) == b"n\r\n1\r\n"
    assert whole(pool, count, CSV, Dataset(("http://e/one", "http://e/two"))) == b"n\r\n1001\r\n"
    assert whole(pool, count, CSV, Dataset(named=("http://e/two",))) == b"n\r\n0\r\n"
    assert whole(pool, named, CSV, Dataset(named=("http://e/two",))) == b"g,n\r\nhttp://e/two,1\r\n"
    with pytest.raises(QueryError, match="cannot be answered"):
        whole(pool, count, CSV, Dataset(("no iri",)))


def test_a_form_of_another_kind_is_refused(pool: Pool) -> None:
    with pytest.raises(QueryError, match=r"kind ASK cannot be written as nt\.$"):
        pool.run("ASK {}", NT)


def test_a_wrong_query_is_told_with_its_place(pool: Pool) -> None:
    with pytest.raises(QueryError) as caught:
        pool.run("SELECT *\n{ ?s ?p }", CSV)
    assert (caught.value.line, caught.value.column) == (2, 10)
    assert str(caught.value).startswith("Line 2, column 10: the query cannot be read near")


@pytest.mark.parametrize("form", [CSV, JSON])
def test_an_endless_join_ends_at_its_time(store: Path, form: Format) -> None:
    with pooled(store, seconds=1) as pool:
        (process,) = pool.process_ids()
        start = time.monotonic()
        with pytest.raises(QueryTimeout) as caught:
            pool.run(ENDLESS, form)
        assert not alive(process)
        assert time.monotonic() - start < LIMIT_ENDS_SECONDS
        assert str(caught.value) == "The query was stopped after 1 seconds, the limit here." + ADVICE
        until(lambda: answers(pool))


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?c ?f ?i",
        f"SELECT (GROUP_CONCAT(REPLACE(STR(?a), '.', '{'x' * 64}')) AS ?t) {{ ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }}",
    ],
)
def test_memory_is_limited(store: Path, query: str) -> None:
    with pooled(store, memory_bytes=200 << 20) as pool:
        with pytest.raises(ResultTooLarge) as caught:
            whole(pool, query)
        assert str(caught.value) == (
            "The query needs more than 200 MiB of memory, the limit here. "
            "Sort, group or join fewer rows, or build shorter texts."
        )
        assert easy(pool) == EASILY


def test_little_memory_is_enough_for_one_query_after_another(store: Path) -> None:
    """The stack of a query is larger than this limit, so two stacks at once would exceed it."""
    with pooled(store, memory_bytes=32 << 20) as pool:
        (process,) = pool.process_ids()
        assert [easy(pool) for _ in range(100)] == [EASILY] * 100
        assert pool.process_ids() == (process,)


@pytest.mark.parametrize("form", [form for form in FORMATS if form.name != "n3"], ids=lambda form: form.name)
def test_rows_are_limited_to_the_row(shared: Shared, form: Format) -> None:
    kind = "CONSTRUCT { ?a <http://e/is> ?c }" if form.graph else "SELECT ?a ?c"
    assert len(whole(shared(rows=THINGS), f"{kind} {{ ?a ?b ?c }}", form)) > THINGS
    with pytest.raises(ResultTooLarge) as caught:
        whole(shared(rows=THINGS - 1), f"{kind} {{ ?a ?b ?c }}", form)
    what = "triples" if form.graph else "rows"
    assert str(caught.value) == f"The answer has more than 999 {what}, the limit here." + IN_PARTS


@pytest.mark.parametrize("form", [CSV, JSON, TSV, XML])
def test_marks_of_rows_are_found_across_pieces_and_in_empty_rows(shared: Shared, form: Format) -> None:
    """Rows without values, rows with a missing value, no rows, and a boolean where the format has one."""
    nothing = "SELECT ?x { ?a ?b ?c }"
    pool = shared(rows=10)
    for query in (f"{nothing} LIMIT 10", "SELECT ?x { ?a ?b -1 }", "ASK { ?a ?b ?c }"):
        if form in formats_of(inspect(query)):
            whole(pool, query, form)
    with pytest.raises(ResultTooLarge):
        whole(pool, f"{nothing} LIMIT 11", form)


@pytest.mark.parametrize("form", [CSV, NT], ids=lambda form: form.name)
def test_bytes_are_limited_to_the_byte(store: Path, shared: Shared, form: Format) -> None:
    query = "CONSTRUCT WHERE { ?a ?b ?c }" if form.graph else "SELECT * { ?a ?b ?c }"
    answer = whole(shared(), query, form)
    with pooled(store, bytes=len(answer)) as pool:
        assert whole(pool, query, form) == answer
    with pooled(store, bytes=len(answer) - 1) as pool, pytest.raises(ResultTooLarge) as caught:
        whole(pool, query, form)
    assert str(caught.value) == f"The answer has more than {len(answer) - 1:,} bytes, the limit here." + IN_PARTS


def test_a_long_answer_comes_whole(shared: Shared) -> None:
    """The answer can be read before it is complete, and finally has every row.

    On a busy machine it may be complete before it is looked at, so longer ones are asked for until one is not.
    """
    pool = shared(bytes=10**9)
    for rows in (100_000, 500_000, THINGS**2):
        with pool.run(f"{WIDE} LIMIT {rows}", CSV) as answer:
            if answer.size is not None:
                continue
            read = b"".join(answer)
            assert answer.size == len(read) > STREAM_AFTER_BYTES
        assert read.count(b"\r\n") == rows + 1
        assert read.startswith(b"a,b,wide\r\n")
        assert len(set(read.split(b"\r\n")[1:-1])) == rows
        return
    pytest.fail("every answer was complete before it could be read")


@pytest.mark.parametrize(
    ("limit", "numbers", "what"),
    [("rows", (60_000, 300_000, 900_000), "rows"), ("bytes", (20_000_000, 80_000_000, 200_000_000), "bytes")],
)
def test_a_failure_after_the_first_bytes_breaks_the_reading(
    store: Path, limit: str, numbers: tuple[int, ...], what: str
) -> None:
    """On a busy machine the limit may be met before the first bytes are taken, so it is raised until it is not."""
    for number in numbers:
        with pooled(store, **{"rows": 10**9, "bytes": 10**9, limit: number}) as pool:
            try:
                answer = pool.run(WIDE, CSV)
            except ResultTooLarge:
                continue
            with answer, pytest.raises(ResultTooLarge) as caught:
                read_slowly(answer)
            assert str(caught.value) == f"The answer has more than {number:,} {what}, the limit here." + IN_PARTS
            assert easy(pool) == EASILY
            return
    pytest.fail("no first bytes came")


def test_a_timeout_after_the_first_bytes_breaks_the_reading(store: Path) -> None:
    """On a busy machine the first bytes come late, so the limit is raised until they come within it."""
    rows = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
    for seconds in (1.5, 6, 24, 96):
        with pooled(store, seconds=seconds, rows=10**9, bytes=10**10) as pool:
            try:
                answer = pool.run(rows, CSV)
            except QueryTimeout:
                continue
            with answer, pytest.raises(QueryTimeout) as caught:
                read_slowly(answer)
            assert str(caught.value) == f"The query was stopped after {seconds:g} seconds, the limit here." + ADVICE
            until(lambda: answers(pool))
            return
    pytest.fail("no first bytes came")


def read_slowly(answer: Answer) -> None:
    """Read the first chunk, and the rest when the query has ended."""
    pieces = iter(answer)
    assert next(pieces)
    until(lambda: not runs(answer))
    for _ in pieces:
        pass


def test_a_killed_worker_is_replaced(store: Path) -> None:
    with pooled(store) as pool:
        (process,) = pool.process_ids()
        os.kill(process, signal.SIGKILL)
        until(lambda: not alive(process))
        assert easy(pool) == EASILY
        (other,) = pool.process_ids()
        assert other != process


def test_a_query_whose_worker_is_killed_runs_once_more(store: Path) -> None:
    with pooled(store) as pool, asked(pool) as ends:
        killed = []
        for _ in range(2):
            until(lambda: [process for process in pool.process_ids() if process not in killed] and running(pool))
            (process,) = pool.process_ids()
            os.kill(process, signal.SIGKILL)
            until(lambda process=process: not alive(process))
            killed.append(process)
            if len(killed) == 1:
                until(lambda: pool.replaced == 1)
                assert not ends
        until(lambda: bool(ends))
        assert list(map(str, ends)) == ["The worker that ran the query ended (code -9). Try again."]
        assert isinstance(ends[0], WorkerLost)
        assert easy(pool) == EASILY
        assert pool.replaced == 2


def test_a_killed_worker_costs_its_query_no_answer(store: Path) -> None:
    """The query runs again from its beginning and is answered whole."""
    with pooled(store) as pool, ThreadPoolExecutor(1) as visitor:
        (process,) = pool.process_ids()
        stop(process)  # so that the query is surely with it when it is killed
        answer = visitor.submit(easy, pool)
        until(lambda: running(pool))
        os.kill(process, signal.SIGKILL)
        assert answer.result() == EASILY
        assert pool.replaced == 1


def test_a_query_that_its_worker_does_not_take_ends_at_its_time(store: Path) -> None:
    """It is longer than what the system keeps between two processes, and the worker stands still."""
    with pooled(store, seconds=1) as pool:
        stop(*pool.process_ids())
        with pytest.raises(QueryTimeout):
            whole(pool, EASY, CSV, Dataset(("http://e/" + "a" * (1 << 20),)))
        assert easy(pool) == EASILY


def test_no_file_is_left_open(store: Path) -> None:
    """After answers in memory, in a file and while they were made, and after queries that were cancelled or killed."""
    long = "SELECT ?a { ?a ?p ?c . ?b ?p ?d } LIMIT 40000"
    with pooled(store) as pool:
        counts = []
        for _ in range(2):
            assert easy(pool) == EASILY
            assert whole(pool, long).count(b"\r\n") == 40001
            with pool.run(WIDE, CSV) as answer:
                assert next(iter(answer))
            assert easy(pool) == EASILY
            os.kill(*pool.process_ids(), signal.SIGKILL)
            assert easy(pool) == EASILY
            counts.append(len(list(Path("/proc/self/fd").iterdir())))
        assert counts[0] == counts[1]
        assert pool.replaced == 4


def test_a_worker_killed_before_it_is_ready_costs_its_query_no_answer(store: Path) -> None:
    with closing(Pool(store, 1, PATIENT)) as pool, ThreadPoolExecutor(1) as visitor:
        answer = visitor.submit(easy, pool)
        until(lambda: bool(pool.process_ids()))
        (process,) = pool.process_ids()
        os.kill(process, signal.SIGKILL)
        assert answer.result() == EASILY
        assert process not in pool.process_ids()


def test_other_visitors_are_answered_while_a_heavy_query_runs(store: Path) -> None:
    with pooled(store, workers=2) as pool, asked(pool) as ends:
        assert [easy(pool) for _ in range(20)] == [EASILY] * 20
        assert not ends, "the heavy query still runs"
    assert isinstance(ends[0], QueryCancelled)


def test_a_query_waits_for_its_turn(store: Path) -> None:
    with pooled(store, seconds=1) as pool, asked(pool) as ends, ThreadPoolExecutor(8) as visitors:
        assert list(visitors.map(lambda _: easy(pool), range(8))) == [EASILY] * 8
        assert isinstance(ends[0], QueryTimeout), "it ended before the others had their turn"


def test_waiting_too_long_is_an_error(store: Path) -> None:
    with pooled(store, wait_seconds=0.3) as pool, asked(pool) as ends:
        with pytest.raises(PoolBusy) as caught:
            easy(pool)
        assert not ends
    assert str(caught.value) == "The server is busy: the query waited 0.3 seconds for its turn. Try again later."


def test_too_many_waiting_is_an_error_at_once(store: Path) -> None:
    with pooled(store, waiting=1) as pool, ThreadPoolExecutor(1) as visitor:
        with asked(pool):
            other = visitor.submit(easy, pool)
            until(lambda: waiting(pool) == 1)
            with pytest.raises(PoolBusy) as caught:
                easy(pool)
            assert not other.done()
        assert other.result() == EASILY, "the one that waited is answered"
    assert str(caught.value) == "The server is busy: 1 queries are waiting already. Try again later."


def test_a_query_waits_for_a_place_in_the_queue(store: Path) -> None:
    """One more than may wait is answered when a place becomes free in time, and refused when none does."""
    with pooled(store, waiting=1, overflow=1, overflow_seconds=60) as pool, ThreadPoolExecutor(2) as visitors:
        with asked(pool):
            others = [visitors.submit(easy, pool) for _ in range(2)]
            until(lambda: waiting(pool) == 2)
            with pytest.raises(PoolBusy):
                easy(pool)
            assert not any(other.done() for other in others)
        assert [other.result() for other in others] == [EASILY] * 2
    with pooled(store, waiting=1, overflow=1, overflow_seconds=0.1) as pool, ThreadPoolExecutor(1) as visitor:
        with asked(pool):
            other = visitor.submit(easy, pool)
            until(lambda: waiting(pool) == 1)
            with pytest.raises(PoolBusy):
                easy(pool)
        assert other.result() == EASILY


def test_an_answer_that_is_closed_lets_its_worker_go(store: Path) -> None:
    """A visitor leaves in the middle of a long answer."""
    with pooled(store, rows=10**9, bytes=10**10) as pool:
        (process,) = pool.process_ids()
        with pool.run("SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }", CSV) as answer:
            assert next(iter(answer))
        assert not alive(process)
        assert easy(pool) == EASILY


def test_a_cancelled_answer_says_so(store: Path) -> None:
    with pooled(store, rows=10**9, bytes=10**10) as pool:
        with pool.run("SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }", CSV) as answer:
            answer.cancel()
            with pytest.raises(QueryCancelled, match=r"^The query was cancelled\.$"):
                next(iter(answer))
        assert easy(pool) == EASILY


def test_a_finished_answer_is_not_cancelled(pool: Pool) -> None:
    with pool.run(EASY, CSV) as answer:
        workers = pool.process_ids()
        answer.cancel()
        assert b"".join(answer) == EASILY
        assert pool.process_ids() == workers


def test_closing_ends_queries_and_workers(store: Path) -> None:
    """The queries would run for minutes; that they are cancelled shows that nothing waited for them."""
    with pooled(store, workers=2) as pool, asked(pool) as ends, asked(pool) as others:
        processes = pool.process_ids()
        assert len(processes) == 2
        pool.close()
    assert [type(error) for error in (*ends, *others)] == [QueryCancelled] * 2
    assert not any(map(alive, processes))
    assert pool.process_ids() == ()
    with pytest.raises(StoreError, match=r"^The pool is closed\.$"):
        easy(pool)


def test_closing_with_grace_lets_a_query_end(store: Path) -> None:
    with pooled(store) as pool, pool.run(f"{WIDE} LIMIT 100000", CSV) as answer:
        pool.close(grace_seconds=600)
        assert sum(map(len, answer)) == answer.size


PARENT = """
import signal, sys, threading, time
from pathlib import Path
from kg.store.formats import FORMATS
from kg.sandbox import Limits, Pool
pool = Pool(Path(sys.argv[1]), 2, Limits(seconds=600, wait_seconds=600, niceness=0))
form = next(form for form in FORMATS if form.name == "csv")
begun = []
threading.Thread(target=pool.run, args=(sys.argv[2], form, None, begun.append), daemon=True).start()
pool.run(sys.argv[3], form).complete()
while len(pool.process_ids()) < 2 or not begun or begun[0]._worker is None:
    time.sleep(0.02)
print(*pool.process_ids(), flush=True)
signal.pause()
"""


@pytest.mark.parametrize("ending", [signal.SIGKILL, signal.SIGTERM])
def test_workers_end_when_their_parent_dies(store: Path, ending: signal.Signals) -> None:
    """Both the idle worker and the one that is running a query."""
    command = [sys.executable, "-c", PARENT, str(store), ENDLESS, EASY]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        processes = [int(word) for word in parent.stdout.readline().split()]
        assert len(processes) == 2
        assert all(map(alive, processes))
        parent.send_signal(ending)
    until(lambda: not any(map(alive, processes)))


def test_nothing_is_written_to_the_store(store: Path) -> None:
    def contents() -> dict[str, str]:
        files = (path for path in sorted(store.rglob("*")) if path.is_file())
        return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in files}

    before = contents()
    with pooled(store, seconds=1) as pool:
        for update in ("INSERT DATA { <a> <b> <c> }", "CLEAR ALL", "LOAD <http://e/>"):
            with pytest.raises(QueryError, match="read-only"):
                whole(pool, update)
        with pytest.raises(QueryTimeout):
            whole(pool, ENDLESS)
        until(lambda: answers(pool))
    assert contents() == before


def test_a_store_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    pool = Pool(tmp_path / "none", 1, PATIENT)
    try:
        for _ in range(2):
            with pytest.raises(StoreError, match="no store in"):
                easy(pool)
    finally:
        pool.close()


def niceness(process: int) -> list[int]:
    """Return the niceness of each thread of a process, that of the main one first."""
    tasks = sorted(int(path.name) for path in Path(f"/proc/{process}/task").iterdir())
    return [os.getpriority(os.PRIO_PROCESS, task) for task in tasks]


def test_a_query_stands_back_while_pages_wait_and_the_next_one_does_not(store: Path) -> None:
    """Also where two stacks at once would exceed the memory: the next query has a new thread in the same process.

    The process stands still until its query has stood back, so that the query surely has not ended before.
    """
    waits: list[bool] = []
    usual = os.getpriority(os.PRIO_PROCESS, 0)
    limits = replace(PATIENT, niceness=Limits().niceness, memory_bytes=32 << 20)
    with closing(Pool(store, 1, limits, lambda: bool(waits))) as pool, ThreadPoolExecutor(1) as visitor:
        assert easy(pool) == EASILY
        (process,) = pool.process_ids()
        for _ in range(2):
            waits.clear()
            stop(process)
            answer = visitor.submit(easy, pool)
            until(lambda: running(pool))
            assert set(niceness(process)) == {usual}
            waits.append(True)
            until(lambda: max(niceness(process)) == min(usual + 10, 19))
            os.kill(process, signal.SIGCONT)
            assert answer.result() == EASILY
            assert easy(pool) == EASILY
            assert set(niceness(process)) == {usual}
        assert pool.process_ids() == (process,)


def test_the_default_format_of_each_kind() -> None:
    assert {kind: formats_of(kind)[0].name for kind in Kind} == {
        Kind.SELECT: "json",
        Kind.ASK: "json",
        Kind.CONSTRUCT: "ttl",
        Kind.DESCRIBE: "ttl",
    }
