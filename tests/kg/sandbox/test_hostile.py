"""Heavy queries: none affects another visitor's query, whatever it does to its own worker."""

import threading
import time
from collections.abc import Iterator
from dataclasses import replace

import pytest
from waiting import LIMIT_ENDS_SECONDS, PATIENT

from kg.errors import QueryError
from kg.sandbox import Pool
from kg.store import GraphFile, load_store
from kg.store.formats import FORMATS
from kg.store.guard import inspect

pytestmark = pytest.mark.slow

SECONDS = 1.0
"""Time limit of a query in these tests."""
BY_NAME = {form.name: form for form in FORMATS}
NUMBER = "<http://e/number>"
EASY = "SELECT ?n { <http://e/thing/7> <http://e/number> ?n }"
PRODUCT = "?a ?b ?c . ?d ?e ?f . ?g ?h ?i . "
"""Patterns without a common variable: a billion rows on this store, whichever engine multiplies them."""
HEAVY = {
    "time": f"SELECT (COUNT(*) AS ?n) {{ {PRODUCT} ?j ?k ?l }}",
    "memory": f"SELECT * {{ {PRODUCT} }} ORDER BY ?c ?f ?i",
    "rows": f"SELECT * {{ {PRODUCT} }}",
    "groups": f"SELECT ?a ?d ?g (COUNT(*) AS ?n) {{ {PRODUCT} }} GROUP BY ?a ?d ?g",
    "a graph": f"CONSTRUCT {{ ?a ?e ?i }} {{ {PRODUCT} }}",
    "descriptions": f"DESCRIBE * {{ {PRODUCT} }}",
}
"""What a query takes too much of, to the query: each ends at a limit, which one is a matter of the machine."""


@pytest.fixture(scope="module")
def pool(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pool]:
    folder = tmp_path_factory.mktemp("hostile")
    integer = "http://www.w3.org/2001/XMLSchema#integer"
    lines = (f'<http://e/thing/{key}> {NUMBER} "{key}"^^<{integer}> .\n' for key in range(1000))
    (folder / "one.nt").write_text("".join(lines), encoding="utf-8")
    load_store(folder / "store", [GraphFile(folder / "one.nt", "http://e/one", in_default=True)])
    pool = Pool(folder / "store", 2, replace(PATIENT, seconds=SECONDS, memory_bytes=256 << 20, rows=10**7, bytes=10**9))
    yield pool
    pool.close()


def next_visitor(pool: Pool) -> None:
    """Be answered."""
    with pool.run(EASY, BY_NAME["csv"]) as answer:
        assert b"".join(answer) == b"n\r\n7\r\n"


@pytest.mark.parametrize("query", HEAVY.values(), ids=HEAVY.keys())
def test_no_query_hinders_the_next_visitor(pool: Pool, query: str) -> None:
    """A heavy query passes the guard and ends at a limit; two visitors are answered while it runs and afterwards."""
    form = BY_NAME["nt" if inspect(query) in {"CONSTRUCT", "DESCRIBE"} else "json"]
    lengths: list[float] = []

    def attack() -> None:
        start = time.monotonic()
        try:
            with pool.run(query, form) as answer:
                for _ in answer:
                    pass
        except QueryError:
            pass
        lengths.append(time.monotonic() - start)

    attacker = threading.Thread(target=attack)
    attacker.start()
    for _ in range(3):
        next_visitor(pool)
    attacker.join()
    next_visitor(pool)
    assert len(lengths) == 1, "it ended in another way than by an answer or a QueryError"
    assert lengths[0] < LIMIT_ENDS_SECONDS


def test_many_visitors_attack_at_once(pool: Pool) -> None:
    """More heavy queries than workers: all end with errors, and the next visitor is answered."""
    kinds: list[type[Exception]] = []

    def attack() -> None:
        try:
            pool.run(HEAVY["time"], BY_NAME["csv"])
        except QueryError as error:
            kinds.append(type(error))

    attackers = [threading.Thread(target=attack) for _ in range(6)]
    for attacker in attackers:
        attacker.start()
    for attacker in attackers:
        attacker.join()
    assert {kind.__name__ for kind in kinds} == {"QueryTimeout"}
    assert len(kinds) == 6
    next_visitor(pool)
