"""Changes of several tables: killed at every moment, with a table that cannot be replaced, by two at once."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from kg import locks
from kg.errors import GuapaiError
from kg.tables import journal

ROOT = Path(__file__).parents[3]
BEFORE = {"one.csv": "old one", "two.csv": "old two", "deep/three.csv": "old three"}
CHANGED = {"one.csv": "new one", "deep/three.csv": "new three", "deep/four.csv": "new four", "two.csv": "new two"}
MOMENTS = {"open", "os.rename", "os.remove", "os.rmdir", "os.mkdir", "shutil.copyfile", "shutil.rmtree", "os.truncate"}
"""Audit events of the interpreter at which the writer is killed."""


@pytest.fixture
def data(tmp_path: Path) -> Path:
    for path, content in BEFORE.items():
        (tmp_path / "a" / "data" / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "a" / "data" / path).write_text(content, encoding="utf-8")
    return tmp_path / "a" / "data"


def tree(folder: Path) -> dict[str, str]:
    found = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_text("utf-8") for path in found}


def change(data: Path) -> None:
    with journal.locked(data, "a test"), journal.scratch(data) as scratch:
        journal.commit(data, scratch / "journal", CHANGED)


def killed(work: Callable[[], None], moment: int) -> bool:
    """Do some work in a process that ends without a word at the n-th moment; return whether it got there."""
    child = os.fork()
    if not child:
        seen = 0

        def hook(event: str, _: tuple[object, ...]) -> None:
            nonlocal seen
            seen += event in MOMENTS
            if seen > moment:
                os._exit(9)

        sys.addaudithook(hook)
        work()
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9


def test_a_writer_killed_at_any_moment_leaves_all_or_nothing(data: Path) -> None:
    """The tables are as before or as after it, once the next one has opened them, and nothing else is left."""
    after = {**BEFORE, **CHANGED}
    outcomes, moment = [], 0
    while killed(lambda: change(data), moment):
        journal.recover(data)
        assert tree(data) in (BEFORE, after), moment
        outcomes.append(tree(data) == after)
        with journal.locked(data, "a test"):
            assert sorted(path.name for path in data.parent.iterdir()) == [".data.lock", "data"]
        for path in after:
            (data / path).unlink(missing_ok=True)
        for path, content in BEFORE.items():
            (data / path).write_text(content, encoding="utf-8")
        moment += 1
    assert tree(data) == after
    assert outcomes == sorted(outcomes)
    assert {False, True} == set(outcomes)


@pytest.mark.slow
def test_a_recovery_killed_at_any_moment_is_completed_by_the_next(data: Path) -> None:
    """The writer is killed when the journal has just got its name."""
    start = next(number for number in range(1000) if killed(lambda: change(data), number) and _journal(data))
    shutil.copytree(data.parent, data.parent.parent / "kept")
    moment = 0
    while killed(lambda: journal.recover(data), moment):
        journal.recover(data)
        assert tree(data) == {**BEFORE, **CHANGED}, (start, moment)
        shutil.rmtree(data.parent)
        shutil.copytree(data.parent.parent / "kept", data.parent)
        moment += 1
    assert tree(data) == {**BEFORE, **CHANGED}
    assert moment > len(CHANGED)


def _journal(data: Path) -> bool:
    return (data.parent / ".data.journal").exists()


def test_the_old_tables_come_back_where_one_cannot_be_replaced(data: Path) -> None:
    (data / "two.csv").unlink()
    (data / "two.csv").mkdir()
    (data / "two.csv" / "in-the-way").write_text("", encoding="utf-8")
    before = tree(data)
    with pytest.raises(GuapaiError, match="; the tables are as before"):
        change(data)
    assert tree(data) == before
    assert not _journal(data)


def test_a_second_writer_is_told_who_writes(data: Path) -> None:
    code = "import sys; from pathlib import Path; from kg.tables import journal\n"
    code += "with journal.locked(Path(sys.argv[1]), 'another'): pass"
    with journal.locked(data, "guapai import"):
        other = subprocess.run(
            [sys.executable, "-c", code, str(data)], capture_output=True, text=True, cwd=ROOT, check=False
        )
    assert other.returncode == 1
    assert f"{data} is being written to by guapai import (process {os.getpid()}, since " in other.stderr
    with journal.locked(data, "again"), journal.locked(data, "within itself"):
        assert locks.holds(data.parent / ".data.lock")
    assert not locks.holds(data.parent / ".data.lock")


@pytest.mark.parametrize(
    "command",
    [
        ["import", "list.csv", "--programme", "national-etdz", "--write"],
        ["decide", "a", "b", "--verdict", "same", "--write", "--dist", "."],
    ],
    ids=["import", "decide"],
)
def test_a_command_that_writes_is_told_so(data: Path, command: list[str], request: pytest.FixtureRequest) -> None:
    if command[0] == "decide":
        dist = request.config.getoption("--release") or request.getfixturevalue("release").path.parent
        command = [*command[:-1], str(dist)]
    with journal.locked(data, "guapai import"):
        given = [sys.executable, "-m", "kg", *command, "--data", str(data)]
        other = subprocess.run(given, capture_output=True, text=True, cwd=ROOT, check=False)
    assert other.returncode == 1
    assert other.stderr.startswith(
        f"guapai: {data} is being written to by guapai import (process {os.getpid()}, since "
    )
    assert tree(data) == BEFORE


def test_nothing_changes_where_the_disk_is_full(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device", "x")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(GuapaiError, match="x: No space left on device; the tables are as before"):
        change(data)
    assert tree(data) == BEFORE
    assert sorted(path.name for path in data.parent.iterdir()) == [".data.lock", "data"]
