"""Servers for the tests that need one: as a user starts it, or in threads of the test itself."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from werkzeug.serving import make_server


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def listening(application: Any) -> Iterator[str]:  # noqa: ANN401 - any WSGI application
    """Serve an application in threads of this process; give the address."""
    server = make_server("127.0.0.1", 0, application, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def served(application: Any) -> Iterator[str]:  # noqa: ANN401 - any WSGI application
    """Serve an application, and give the address of its endpoint."""
    with listening(application) as address:
        yield f"{address}/sparql"


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
