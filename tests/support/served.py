"""Test servers: by the command, or in threads of the test process."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.client import HTTPException
from pathlib import Path
from typing import Any

from waiting import PATIENCE_SECONDS, PATIENTLY, until
from werkzeug.serving import make_server

GUAPAI = str(Path(sys.executable).parent / "guapai")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def listening(application: Any) -> Iterator[str]:  # noqa: ANN401 - any WSGI application
    """Serve an application in threads of this process; yield its address."""
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
    """Serve an application; yield the address of its SPARQL endpoint."""
    with listening(application) as address:
        yield f"{address}/sparql"


@contextmanager
def serving(dist: Path, *options: str, log: Path | None = None, command: Sequence[str] = (GUAPAI,)) -> Iterator[str]:
    """Serve a dist folder by the command, by default with one process and PATIENTLY; yield the address."""
    port = free_port()
    command = [
        *command,
        "serve",
        "--dist",
        str(dist),
        "--port",
        str(port),
        *("--workers", "1"),
        *PATIENTLY,
        *options,
    ]
    with (
        (log or Path(os.devnull)).open("wb") as target,
        subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=target) as process,
    ):
        try:
            yield f"http://127.0.0.1:{port}"
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                assert process.wait(PATIENCE_SECONDS) == 0
            finally:
                process.kill()


def health(address: str) -> dict[str, str]:
    with urllib.request.urlopen(f"{address}/health", timeout=PATIENCE_SECONDS) as answer:
        found: dict[str, str] = json.load(answer)
        return found


def until_serving(address: str, release: str) -> None:
    """Wait until a server answers from a given release."""

    def serves() -> bool:
        try:
            return health(address)["release"] == release
        except (OSError, HTTPException, ValueError):  # not yet, or cut off
            return False

    until(serves, f"serving {release}")
