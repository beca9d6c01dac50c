"""The server as a user starts it: it answers, follows a new release, and ends when told to."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from kg.release import Release


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(dist: Path) -> Iterator[str]:
    port = free_port()
    command = [
        str(Path(sys.executable).parent / "guapai"),
        "serve",
        "--dist",
        str(dist),
        "--port",
        str(port),
        "--workers",
        "1",
    ]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            yield f"http://127.0.0.1:{port}"
        finally:
            process.send_signal(signal.SIGTERM)
            assert process.wait(timeout=20) == 0


def health(address: str) -> dict[str, str]:
    with urllib.request.urlopen(f"{address}/health", timeout=5) as answer:
        found: dict[str, str] = json.load(answer)
        return found


def until(address: str, release: str, seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while True:
        try:
            if health(address)["release"] == release:
                return
        except OSError:
            pass
        if time.monotonic() > end:
            pytest.fail(f"the server did not come to serve {release}")
        time.sleep(0.2)


def test_it_serves_and_takes_up_a_new_release(release: Release, tmp_path: Path) -> None:
    """The second release is the first under another id: what matters is that the server follows the pointer."""
    second = tmp_path / "another"
    subprocess.run(["cp", "-r", str(release.path), str(second)], check=True)  # noqa: S607
    manifest = json.loads((second / "manifest.json").read_text("utf-8"))
    (second / "manifest.json").write_text(json.dumps(manifest | {"release": "another"}), encoding="utf-8")
    (tmp_path / "first").symlink_to(release.path)
    (tmp_path / "current").symlink_to("first")
    with serving(tmp_path) as address:
        until(address, release.id)
        pointer = tmp_path / "next"
        pointer.symlink_to("another")
        os.replace(pointer, tmp_path / "current")  # noqa: PTH105
        until(address, "another")


def test_a_query_at_the_real_server(release: Release, tmp_path: Path) -> None:
    (tmp_path / "current").symlink_to(release.path)
    with serving(tmp_path) as address:
        until(address, release.id)
        query = urllib.parse.quote("SELECT (COUNT(*) AS ?n) { ?x a <https://w3id.org/guapai/ns/Programme> }")
        with urllib.request.urlopen(f"{address}/sparql?format=csv&query={query}", timeout=20) as answer:
            assert answer.read() == b"n\r\n72\r\n"
