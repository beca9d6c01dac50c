"""Commands in the documents: each runs, or is one of those that need a server or a file of the reader's."""

import re
import shlex
from pathlib import Path

import pytest
from click import Context
from click.testing import CliRunner

from kg.cli import COMMANDS, main
from kg.release import Release

ROOT = Path(__file__).parents[2]
DOCUMENTS = [
    ROOT / "README.md",
    ROOT / "README.zh-CN.md",
    ROOT / "CONTRIBUTING.md",
    *sorted((ROOT / "docs").glob("*.md")),
]
LINE = re.compile(r"^ *(?:\.venv/bin/)?guapai (.+?)(?: +#.*| > .*)?$", re.MULTILINE)
COVERED = {"serve", "load", "build", "validate", "import", "decide"}
"""Commands that serve, or write into tables or stores: run by tests of their own, here only their options are read."""
SLOW = re.compile("what-if|--against")
"""Commands that compute the findings of two days."""
LINES = sorted({line for path in DOCUMENTS for line in LINE.findall(path.read_text("utf-8"))})
RUN = [line for line in LINES if line.split()[0] not in COVERED]


def parsed(line: str) -> tuple[str, list[str]]:
    name, *arguments = shlex.split(line)
    return name, arguments


@pytest.mark.parametrize("line", [line for line in LINES if line not in RUN])
def test_a_command_that_is_not_run_here_has_the_options_that_it_is_given(line: str) -> None:
    name, arguments = parsed(line)
    command = main.get_command(Context(main), name)
    assert command
    options = {option for parameter in command.params for option in parameter.opts}
    assert {argument for argument in arguments if argument.startswith("--")} <= options


@pytest.mark.parametrize(
    "line", [pytest.param(line, marks=pytest.mark.slow if SLOW.search(line) else ()) for line in RUN]
)
def test_a_command_runs(release: Release, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, line: str) -> None:
    name, arguments = parsed(line)
    assert name in COMMANDS
    arguments = [str(ROOT / each) if each.startswith("docs/") else each for each in arguments]
    monkeypatch.chdir(tmp_path)
    outcome = CliRunner().invoke(main, [name, *arguments, "--dist", str(release.path.parent)])
    assert outcome.exit_code == 0, outcome.output
    assert outcome.output
