"""No room for temporary files: the site is served without figures, and says so."""

import json
import subprocess
import sys
import urllib.request
from collections.abc import Sequence
from pathlib import Path
from urllib.error import HTTPError

import pytest
from served import GUAPAI, serving, until_serving
from waiting import PATIENCE_SECONDS

from kg.release import Release

NAMESPACE = ("unshare", "--user", "--map-root-user", "--mount", "sh", "-c")
TINY_DISK = 'mount -t tmpfs -o size=64k tmpfs "$0" && TMPDIR="$0" exec "$@"'
"""A disk of 64 kB in a namespace of its own for temporary files: room for a file, none for the figures."""
SHORT_FILES = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))"
QUERY = "/sparql?query=ASK%7B%7D&format=json"
LONG = "/sparql?query=SELECT*%7B%3Fa%20%3Fb%20%3Fc.%3Fd%20%3Fe%20%3Ff%7DLIMIT%2020000&format=csv"
"""A query with an answer of more than 256 KiB, which is not sent in one message."""


def read(address: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(address, timeout=PATIENCE_SECONDS) as answer:
            return answer.status, answer.read().decode()
    except HTTPError as error:
        return error.code, error.read().decode()


def serves_without_figures(release: Release, log: Path, command: Sequence[str]) -> None:
    with serving(release.path, "--workers", "2", log=log, command=command) as address:
        until_serving(address, release.id)
        for _ in range(10):
            status, health = read(f"{address}/health")
            found = json.loads(health)
            assert (status, found["status"], found["parts"]["figures"]) == (200, "partial", "missing")
            assert read(f"{address}{QUERY}") == (200, '{"head":{},"boolean":true}')
            assert read(f"{address}/metrics")[0] == 503
            status, sentence = read(f"{address}{LONG}")
            assert (status, sentence.partition(" (")[0]) == (
                503,
                "There is no room for the answer on the server's disk",
            )
    lines = [json.loads(line) for line in log.read_text("utf-8").splitlines()]
    assert [line for line in lines if "traceback" in line or "was sent" in line.get("message", "")] == []
    assert any(line.get("message", "").startswith("no figures: no room") for line in lines)


def test_files_that_may_not_grow_cost_the_figures_only(small: Release, tmp_path: Path) -> None:
    command = (sys.executable, "-c", f"{SHORT_FILES}; from kg.cli import main; main()")
    serves_without_figures(small, tmp_path / "log", command)


@pytest.mark.slow
def test_a_full_folder_for_temporary_files_costs_the_figures_only(small: Release, tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    tried = subprocess.run([*NAMESPACE, TINY_DISK, disk, "true"], capture_output=True, check=False)
    if tried.returncode:
        pytest.skip("no file system can be mounted without rights here")
    serves_without_figures(small, tmp_path / "log", (*NAMESPACE, TINY_DISK, str(disk), GUAPAI))
