"""Errors: one family with a code each, and one table of what complaints expected."""

import ast
from collections.abc import Iterator
from pathlib import Path

import expectations

from kg.analysis.resolve import UnclearName
from kg.errors import EXPECTATIONS, Complaint, Expectation, GuapaiError, InputError, expect
from kg.locks import HeldError
from kg.sandbox import PoolBusy

ROOT = Path(__file__).parents[2]
CODES = {
    "GuapaiError": "error",
    "InputError": "input",
    "BuildError": "build",
    "ReleaseError": "release",
    "QueryError": "query",
    "UnclearName": "unclear-name",
    "QueryTimeout": "query-timeout",
    "ResultTooLarge": "result-too-large",
    "NotWritable": "not-writable",
    "PoolBusy": "pool-busy",
    "QueryCancelled": "query-cancelled",
    "StoreError": "store",
    "WorkerLost": "worker-lost",
    "NoRoom": "no-room",
    "HeldError": "held",
}


def family(error: type[GuapaiError]) -> Iterator[type[GuapaiError]]:
    yield error
    for child in error.__subclasses__():
        yield from family(child)


def test_every_kind_of_error_has_a_code_of_its_own() -> None:
    found = [error for error in family(GuapaiError) if error.__module__.startswith(("kg.", "web."))]
    assert {error.__name__: vars(error)["code"] for error in found} == CODES
    assert len(found) == len(set(CODES.values()))
    assert (PoolBusy.code, UnclearName.code, HeldError.code) == ("pool-busy", "unclear-name", "held")


def calls() -> Iterator[tuple[str, str, set[str]]]:
    for path in (path for folder in ("kg", "web") for path in sorted((ROOT / folder).rglob("*.py"))):
        for code, names in expectations.calls(ast.parse(path.read_text(encoding="utf-8"))):
            yield str(path.relative_to(ROOT)), code, names


def test_every_code_is_known_and_used_with_the_parameters_of_its_phrase() -> None:
    found = list(calls())
    assert {code for _, code, _ in found} == set(EXPECTATIONS)
    wrong = [call for call in found if call[2] != expectations.fields(EXPECTATIONS[call[1]])]
    assert wrong == []
    assert len(set(EXPECTATIONS.values())) == len(EXPECTATIONS)


def test_an_expectation_is_a_code_with_parameters_and_reads_as_a_phrase() -> None:
    found = expect("own-key", row=3, file="{a}.csv")
    assert (
        found == Expectation("own-key", (("file", "{a}.csv"), ("row", "3"))) == expect("own-key", file="{a}.csv", row=3)
    )
    assert str(found) == "a key of its own (it stands in {a}.csv, row 3 already)"
    assert str(expect("substring", text="it's")) == 'a substring of "it\'s"'


def test_complaints_are_told_in_the_order_of_their_text() -> None:
    """As they stand in a terminal: by file, row, column, what was found and what was expected."""
    made = [
        Complaint("b.csv", 2, "id", "nothing", expect("value")),
        Complaint("a.csv", 10, "", "6 cells", expect("cell-count", count=7)),
        Complaint("a.csv", 2, "place", "'x'", expect("pattern", pattern="[0-9]+")),
        Complaint("a.csv", 2, "place", "'x'", expect("key-of-table", table="places")),
        Complaint("a.csv", 0, "", "no rows", expect("one-change")),
    ]
    assert str(InputError(made)).split("\n") == [
        "5 faults in the input:",
        "a.csv: found no rows, expected at least one change",
        "a.csv, row 2, column place: found 'x', expected a key of the table places",
        "a.csv, row 2, column place: found 'x', expected text of the form [0-9]+",
        "a.csv, row 10: found 6 cells, expected 7 cells",
        "b.csv, row 2, column id: found nothing, expected a value",
    ]
