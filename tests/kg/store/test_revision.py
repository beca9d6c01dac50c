"""A store made from another one holds what a store loaded from the files holds."""

from collections.abc import Mapping
from pathlib import Path

import pyoxigraph
import pytest

from kg.errors import StoreError
from kg.store import GraphFile, load_store, revision
from kg.store.revision import complete_store, revise_store

BOTH = "<http://e/a> <http://e/p> <http://e/b> .\n"
ONE = '<http://e/a> <http://e/q> "1"@en .\n'
OTHER = '<http://e/c> <http://e/q> "two\\n" .\n'
BLANK = "_:x <http://e/p> <http://e/b> .\n"
BEFORE = {"first": BOTH + ONE, "second": BOTH + OTHER, "gone": "<http://e/g> <http://e/p> <http://e/g> .\n"}


def files(folder: Path, graphs: Mapping[str, str]) -> list[GraphFile]:
    folder.mkdir()
    for name, text in graphs.items():
        (folder / f"{name}.nt").write_text(text, encoding="utf-8")
    return [GraphFile(folder / f"{name}.nt", f"http://e/{name}", in_default=True) for name in graphs]


def quads(store: Path) -> set[str]:
    return {str(quad) for quad in pyoxigraph.Store.read_only(str(store))}


@pytest.mark.parametrize(
    "after",
    [
        BEFORE,
        {"first": ONE, "second": BOTH + OTHER, "gone": BEFORE["gone"]},
        {"first": OTHER, "second": ONE},
        {"first": BOTH, "new": OTHER + BEFORE["gone"]},
    ],
    ids=["nothing changed", "a graph still says it", "moved", "other graphs"],
)
def test_a_revised_store_holds_what_a_loaded_one_holds(after: Mapping[str, str], tmp_path: Path) -> None:
    before, now = files(tmp_path / "before", BEFORE), files(tmp_path / "now", after)
    load_store(tmp_path / "old", before)
    load_store(tmp_path / "loaded", now)
    held = quads(tmp_path / "old")
    assert revise_store(tmp_path / "revised", now, tmp_path / "old", before)
    assert quads(tmp_path / "revised") == quads(tmp_path / "loaded")
    assert quads(tmp_path / "old") == held


def test_a_store_that_is_revised_again_and_again_stays_in_few_files(tmp_path: Path) -> None:
    """The engine opens, and checks, 16 tables of a store at first; damage of further ones shows only when read."""
    held, former = files(tmp_path / "0", BEFORE), tmp_path / "store-0"
    load_store(former, held)
    for number in range(1, 5):
        now = files(tmp_path / str(number), {**BEFORE, "first": ONE if number % 2 else BOTH})
        assert revise_store(tmp_path / f"store-{number}", now, former, held)
        held, former = now, tmp_path / f"store-{number}"
    assert len(list(former.glob("*.sst"))) <= 16


def test_a_store_is_not_revised_for_blank_nodes_or_much(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before, now = files(tmp_path / "before", BEFORE), files(tmp_path / "now", {**BEFORE, "first": BOTH + BLANK})
    load_store(tmp_path / "old", before)
    assert not revise_store(tmp_path / "revised", now, tmp_path / "old", before)
    same = files(tmp_path / "same", {**BEFORE, "first": BOTH})
    monkeypatch.setattr(revision, "MAX_CHANGED_LINES", 0)
    assert not revise_store(tmp_path / "revised", same, tmp_path / "old", before)
    assert not (tmp_path / "revised").exists()


@pytest.mark.parametrize("after", [BEFORE, {**BEFORE, "second": OTHER + ONE}, {**BEFORE, "second": BOTH}])
def test_a_store_that_is_completed_holds_what_a_loaded_one_holds(after: Mapping[str, str], tmp_path: Path) -> None:
    before, now = files(tmp_path / "before", BEFORE), files(tmp_path / "now", after)
    load_store(tmp_path / "old", before)
    load_store(tmp_path / "whole", now)
    (first, second, gone), (_, held, _) = now, before
    load_store(tmp_path / "loaded", [first, gone], complete=False)
    complete_store(tmp_path / "loaded", [second])
    assert revise_store(tmp_path / "revised", [first, gone], tmp_path / "old", [before[0], before[2]], complete=False)
    complete_store(tmp_path / "revised", [second], [held])
    assert quads(tmp_path / "loaded") == quads(tmp_path / "revised") == quads(tmp_path / "whole")
    for name in ("loaded", "revised"):
        assert len(list((tmp_path / name).glob("*.sst"))) <= 16


def test_what_is_added_last_has_no_blank_nodes(tmp_path: Path) -> None:
    first, second = files(tmp_path / "files", {"first": ONE, "second": BLANK})
    load_store(tmp_path / "store", [first], complete=False)
    with pytest.raises(StoreError, match="a graph that is added last has blank nodes"):
        complete_store(tmp_path / "store", [second])
