"""Run the site under gunicorn; when another release becomes the current one, workers that serve it take over."""

import os
import signal
import threading
from pathlib import Path
from time import sleep
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication

from kg.release import open_release
from kg.sandbox import Limits, Pool
from web import create_app

THREADS = 8
WAITING = THREADS // 2
"""How many queries may wait in a process: with those that run, fewer than its threads, so that pages have some left."""
LOOK_EVERY = 1.0
"""Seconds between two looks at which release is the current one."""


class _Site(BaseApplication):  # type: ignore[misc]
    """The gunicorn application: every worker opens the release that is current when it starts."""

    def __init__(self, dist: Path, limits: Limits, options: dict[str, Any]) -> None:
        self._dist, self._limits, self._options = dist, limits, options
        super().__init__()

    def load_config(self) -> None:
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        release = open_release(self._dist)
        return create_app(release, pool=Pool(release.store_path, limits=self._limits))


def run(dist: Path, *, host: str, port: int, workers: int, query_seconds: float) -> None:
    """Serve the current release of a dist folder until interrupted.

    Args:
        dist: folder of the releases; the server follows `current` without dropping a request.
        host: address to listen on.
        port: port to listen on.
        workers: server processes; each keeps its own processes for visitors' queries.
        query_seconds: time limit of a visitor's query.

    Raises:
        ReleaseError: there is no release.
    """
    open_release(dist)
    options = {
        "bind": f"{host}:{port}",
        "workers": workers,
        "worker_class": "gthread",
        "threads": THREADS,
        "graceful_timeout": int(query_seconds) + 5,
        "when_ready": lambda arbiter: _follow(dist, arbiter.pid),
        "proc_name": "guapai",
    }
    _Site(dist, Limits(seconds=query_seconds, waiting=WAITING), options).run()


def _follow(dist: Path, arbiter: int) -> None:
    """Tell gunicorn's arbiter to renew its workers whenever `current` leads to another release."""

    def look() -> None:
        served = (dist / "current").resolve()
        while True:
            sleep(LOOK_EVERY)
            current = (dist / "current").resolve()
            if current != served:
                served = current
                os.kill(arbiter, signal.SIGHUP)

    threading.Thread(target=look, daemon=True, name="follow-release").start()
