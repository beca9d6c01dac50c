"""Hostile queries: none affects another visitor's query, whatever it does to its own worker."""

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
NUMBER, PATH, ANY = "<http://e/number>", "(<http://e/number>|^<http://e/number>)", "?s ?p ?o . ?a ?b ?c . "
EASY = "SELECT ?n { <http://e/thing/7> <http://e/number> ?n }"


def nested(opening: str, inner: str, closing: str, depth: int) -> str:
    return opening * depth + inner + closing * depth


def numbered(pattern: str, count: int) -> str:
    """Repeat a pattern, replacing @ by its number and @@ by the next."""
    return " ".join(pattern.replace("@@", str(step + 1)).replace("@", str(step)) for step in range(count))


HOSTILE = {
    "stars of stars": f"SELECT * {{ ?a {nested('(', PATH, ')*', 28)} ?b }}",
    "alternatives of a path": f"SELECT (COUNT(*) AS ?n) {{ ?a ({'|'.join([NUMBER] * 3000)})* ?b }}",
    "a path to and fro": f"SELECT * {{ ?a {'/'.join([f'^{NUMBER}/{NUMBER}'] * 1200)} ?b }}",
    "every node to every node": "SELECT * { ?a (!<x:x>|^<x:y>)* ?b . ?c (!<x:x>|^<x:y>)* ?d . ?e ?f ?g } ORDER BY ?g",
    "tables multiplied": "ASK { "
    + numbered(f"VALUES ?v@ {{ {' '.join(map(str, range(200)))} }}", 30)
    + " FILTER(?v0 + ?v29 = -1) }",
    "a huge table": f"SELECT * {{ VALUES (?a ?b) {{ {'(1 2) ' * 2400} }} ?s ?p ?a . ?o ?q ?b }}",
    "a huge list": f"ASK {{ ?s ?p ?o . ?a ?b ?c FILTER(?o IN ({','.join(map(str, range(2000, 6800)))})) }}",
    "a regular expression in itself": "ASK { ?s ?p ?o FILTER REGEX(STR(?s), '(((a{100}){100}){100}){100}') }",
    "a regular expression that goes back": "ASK { ?s ?p ?o FILTER REGEX(STR(?s), '^((.*)*)*(.*a){99}(.*b){99}$') }",
    "a regular expression for every row": f"ASK {{ {ANY} FILTER REGEX(STR(?s), CONCAT('(', STR(?o), '{{500}}', "
    "STR(?c), '){99}')) }",
    "a text that doubles": "SELECT ?v30 { BIND('xxxxxxxx' AS ?v0) "
    + numbered("BIND(CONCAT(?v@, ?v@) AS ?v@@)", 40)
    + " }",
    "texts that double": f"SELECT * {{ {ANY} BIND(STR(?s) AS ?v0) "
    + numbered("BIND(CONCAT(?v@, ?v@) AS ?v@@)", 12)
    + " } ORDER BY ?v12",
    "all in one text": f"SELECT (GROUP_CONCAT(CONCAT(STR(?s), STR(?a), '{'x' * 999}')) AS ?t) {{ {ANY} ?d ?e ?f }}",
    "texts replaced by longer ones": "SELECT * { ?s ?p ?o BIND(STR(?s) AS ?v0) "
    + numbered(f"BIND(REPLACE(?v@, '.', '{'x' * 40}') AS ?v@@)", 9)
    + " }",
    "unjoined patterns": "SELECT * { " + numbered("?s@ ?p ?o@ .", 2400) + " }",
    "a chain of patterns": "SELECT * { " + numbered(f"?s@ {NUMBER} ?s@@ .", 1500) + " }",
    "unions": "SELECT * { " + " UNION ".join(["{ ?s ?p ?o }"] * 1600) + " } ORDER BY ?o",
    "optionals": "SELECT * { ?s ?p ?o " + numbered("OPTIONAL { ?s@ ?p ?o }", 1200) + " }",
    "differences": "SELECT * { ?s ?p ?o " + "MINUS { ?s ?p ?x . ?y ?z ?w } " * 800 + " }",
    "nothing of nothing": "ASK { ?s ?p ?o " + numbered("FILTER NOT EXISTS { ?a@ ?b@ ?c@", 30) + "}" * 31,
    "queries in queries": f"SELECT * {{ {nested('{ SELECT * { ' + ANY, '', '} }', 15)} }}",
    "alternatives of a filter": f"ASK {{ ?s ?p ?o FILTER({'||'.join(['?s = ?o'] * 2400)}) }}",
    "a sum": f"ASK {{ ?s ?p ?o FILTER({'+'.join(['1'] * 4900)} = 0) }}",
    "no, no, no": f"ASK {{ ?s ?p ?o FILTER({'!' * 9900}1) }}",
    "rows in no order": f"SELECT * {{ {ANY} }} ORDER BY RAND() STRUUID()",
    "different rows": f"SELECT DISTINCT * {{ {ANY} ?d ?e ?f }}",
    "groups": f"SELECT ?s ?a ?d (COUNT(DISTINCT *) AS ?n) {{ {ANY} ?d ?e ?f }} GROUP BY ?s ?a ?d",
    "everything described": f"DESCRIBE * {{ {ANY} ?d ?e ?f }}",
    "a graph of nameless nodes": f"CONSTRUCT {{ {'?s ?a [ ?p ?o ] . ' * 500} }} {{ {ANY} }}",
    "one by one": "ASK { ?s ?p ?o LATERAL { ?a ?b ?c LATERAL { ?d ?e ?f LATERAL { ?g ?h ?i FILTER(?i < 0) } } } }",
    "collections in collections": f"ASK {{ ?s ?p {nested('(', '1', ')', 31)} }}",
    "digests of digests": f"ASK {{ {ANY} FILTER({nested('SHA512(', 'STR(?s)', ')', 28)} = 'x') }}",
    "numbers at their ends": "SELECT (-9223372036854775808 / -1 AS ?a) (ABS(-9223372036854775808) AS ?b) "
    "(SUBSTR('a', -9223372036854775807, 9223372036854775807) AS ?c) (1e999 * 0 AS ?d) { }",
    "the end of the rows": "SELECT * { ?s ?p ?o . ?a ?b ?c . ?d ?e ?f } OFFSET 18446744073709551615",
}


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


@pytest.mark.parametrize("query", HOSTILE.values(), ids=HOSTILE.keys())
def test_no_query_hinders_the_next_visitor(pool: Pool, query: str) -> None:
    """A hostile query passes the guard and ends; two visitors are answered while it runs and afterwards."""
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
            pool.run(HOSTILE["nothing of nothing"], BY_NAME["csv"])
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
