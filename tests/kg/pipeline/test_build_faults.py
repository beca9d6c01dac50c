"""Builds that are killed, that meet another build, or find no room; exports that find no room."""

import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from kg import locks
from kg.errors import BuildError
from kg.pipeline import build as pipeline

ROOT = Path(__file__).parents[3]


def guapai(*given: str, file_bytes: int = 0) -> subprocess.CompletedProcess[str]:
    """Run the command; file_bytes: greatest size of a file that it can write, 0 = any."""

    def limit() -> None:
        if file_bytes:
            resource.setrlimit(resource.RLIMIT_FSIZE, (file_bytes, file_bytes))

    command = [sys.executable, "-m", "kg", *given]
    return subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False, preexec_fn=limit)


def test_what_a_killed_build_left_is_removed_by_the_next(tmp_path: Path) -> None:
    (tmp_path / ".building-1" / "graphs").mkdir(parents=True)
    (tmp_path / f".building-{os.getpid()}").mkdir()
    with pipeline._staging(tmp_path) as staging:
        assert [path.name for path in tmp_path.glob(".building-*")] == [staging.name]
    assert list(tmp_path.glob(".building-*")) == []


def test_a_second_build_is_told_who_builds(small_data: Path, tmp_path: Path) -> None:
    with pipeline._staging(tmp_path) as staging:
        other = guapai("build", "--data", str(small_data), "--dist", str(tmp_path))
        assert staging.exists()
    assert (other.returncode, other.stdout) == (1, "")
    told = f"guapai: {tmp_path} is being written to by guapai build (process {os.getpid()}, since "
    assert other.stderr.startswith(told)
    assert not locks.holds(tmp_path / ".lock")


def test_a_build_without_room_is_one_sentence_and_leaves_nothing(tmp_path: Path) -> None:
    def fill() -> None:
        with pipeline._staging(tmp_path) as staging:
            (staging / "half").write_text("half", encoding="utf-8")
            raise OSError(28, "No space left on device", "half")

    with pytest.raises(BuildError) as caught:
        fill()
    sentence = "half: No space left on device; no release was made, the current one is as before"
    assert str(caught.value) == sentence
    assert [path.name for path in tmp_path.iterdir()] == [".lock"]


@pytest.mark.slow
def test_a_build_with_files_that_may_not_grow_leaves_nothing(tmp_path: Path) -> None:
    built = guapai("build", "--dist", str(tmp_path / "dist"), file_bytes=1_000_000)
    assert built.returncode == 1
    assert "Traceback" not in built.stderr
    assert [path.name for path in (tmp_path / "dist").iterdir()] == [".lock"]


@pytest.mark.parametrize("name", [pytest.param("nt", marks=pytest.mark.slow), "csv"])
def test_an_export_without_room_is_one_sentence_and_leaves_nothing(
    tmp_path: Path, name: str, request: pytest.FixtureRequest
) -> None:
    dist = request.config.getoption("--release") or request.getfixturevalue("release").path.parent
    target = tmp_path / "made" / "export"
    done = guapai("export", "--dist", str(dist), "--format", name, "--to", str(target), file_bytes=100_000)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("guapai: ")
    assert done.stderr.endswith("; nothing was exported\n")
    assert "Traceback" not in done.stderr
    assert list((tmp_path / "made").iterdir()) == []
