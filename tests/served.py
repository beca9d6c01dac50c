"""A server as a user starts it, for the tests that need one."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(dist: Path, *options: str, log: Path | None = None) -> Iterator[str]:
    """Serve a dist folder as a user does, by default with one process; give the address."""
    port = free_port()
    command = [
        str(Path(sys.executable).parent / "guapai"),
        "serve",
        "--dist",
        str(dist),
        "--port",
        str(port),
        *(options if "--workers" in options else ("--workers", "1", *options)),
    ]
    with (
        (log or Path(os.devnull)).open("wb") as target,
        subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=target) as process,
    ):
        try:
            yield f"http://127.0.0.1:{port}"
        finally:
            process.send_signal(signal.SIGTERM)
            assert process.wait(timeout=40) == 0


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
