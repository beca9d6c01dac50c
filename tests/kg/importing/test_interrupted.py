"""Commands that write, killed between their files: all or nothing is there once the next command has begun."""

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import list_files
import pytest
from click.testing import CliRunner

from kg.cli import main
from kg.release import Release
from kg.tables import checks

ROOT = Path(__file__).parents[3]
DRAWING = """
名称 | 省份 | 依托单位
某某国家自主创新示范区 | 江苏省 | 某某大学
另一国家自主创新示范区 | 浙江省 | 另一大学
"""


def tree(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


KILLED = """
import os, sys
moved, at = 0, int(sys.argv[1])
def hook(event, _):
    global moved
    moved += event == "os.rename"
    if moved > at:
        os._exit(9)
from kg.cli import main
sys.addaudithook(hook)
main(sys.argv[2:])
"""
"""A process that ends without a word before it moves the n-th file."""


def killed(given: list[str], at: int) -> bool:
    """Run a command in such a process; return whether it came so far."""
    code = subprocess.run([sys.executable, "-c", KILLED, str(at), *given], cwd=ROOT, check=False).returncode
    assert code in (0, 9)
    return code == 9


def interrupted(small_data: Path, tmp_path: Path, command: Callable[[Path], list[str]], least: int) -> None:
    """Kill a command before every file that it moves; the tables opened next are as before or as after."""
    whole = shutil.copytree(small_data, tmp_path / "whole" / "data")
    before = tree(whole)
    assert CliRunner().invoke(main, command(whole)).exit_code == 0
    after = tree(whole)
    changed = [name for name in after if after[name] != before.get(name)]
    assert len(changed) >= least
    outcomes, at = [], 0
    while True:
        data = shutil.copytree(small_data, tmp_path / str(at) / "data")
        reached = killed(command(data), at)
        checks.checked(data)
        assert tree(data) in (before, after)
        outcomes.append(tree(data) == after)
        if not reached:
            break
        at += 1
    assert outcomes == [False, *[True] * (len(outcomes) - 1)]
    assert len(outcomes) > len(changed)


@pytest.mark.slow
def test_an_import_killed_between_its_files(small_data: Path, tmp_path: Path) -> None:
    path = list_files.write(tmp_path / "zones.csv", DRAWING)
    given = ["--programme", "national-self-innovation-zone", "--source", "pk-S04", "--write"]
    interrupted(small_data, tmp_path, lambda data: ["import", str(path), "--data", str(data), *given], 5)


@pytest.mark.slow
def test_a_decision_killed_between_its_files(small_data: Path, small_release: Release, tmp_path: Path) -> None:
    pair = ["national-self-innovation-zone-0002", "national-self-innovation-zone-0001"]
    given = ["--verdict", "different", "--reason", "两处", "--by", "张三", "--on", "2026-11-24", "--write"]
    dist = str(small_release.path.parent)
    interrupted(small_data, tmp_path, lambda data: ["decide", *pair, "--data", str(data), "--dist", dist, *given], 1)
