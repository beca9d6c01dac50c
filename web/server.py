"""Gunicorn application; workers are replaced when the current release changes."""

import logging
import os
import resource
import signal
import threading
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path
from tempfile import mkdtemp
from time import sleep
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication
from gunicorn.errors import AppImportError
from gunicorn.http.errors import ParseException

from kg.errors import GuapaiError
from kg.release import MANIFEST, Release, check, open_release
from kg.release.upload import open_loaded
from kg.sandbox import Limits, Pool
from web import create_app
from web.gunicorn_worker import ErrorLogger, Worker
from web.http import errors
from web.http.language import LANGUAGES
from web.middleware import logs, shared_metrics
from web.middleware.monitoring import Operation
from web.middleware.pages_waiting import Pages
from web.middleware.rate_limits import Rates

THREADS = 48
MAX_CONNECTIONS = 1000
"""Open connections of a process; fewer where it may not open three times as many files."""
MAX_TRANSFERS_PER_CLIENT = 5
"""Long responses that one client may be reading from a process."""
MAX_TRANSFERS = 64
"""Long responses that all clients together may be reading from a process; they hold files, no threads."""
MAX_STREAMS = 4
"""Responses of a process that are sent while they are made, which may hold a thread each."""
MAX_WAITING_QUERIES = 3
"""Queued queries of a process."""
MAX_OVERFLOW_QUERIES = 30
"""Queries that wait half a second for a place among the queued ones; with these, the running ones and MAX_STREAMS they
take 40 of the 48 threads of a process, so that pages are still served."""
QUERY_WORKERS = 3
"""Query processes of each server process: one more than a client may use at once."""
WARM_UP_PAGES = ("/", "/designations", "/places", "/programmes", "/ontology")
"""Pages rendered at the start of a server process, because the first rendering is slow."""
CACHE_BYTES = 1 << 26
"""Size of the cache of responses of a server process in bytes."""
PATIENCE_SECONDS = 0.8
"""Seconds after which a browser is told that a long page is being made."""
POLL_SECONDS = 1.0
"""Interval in seconds at which `current` is checked."""


@dataclass(frozen=True, slots=True)
class Serving:
    """Options of the server.

    host, port: address to listen on; workers: server processes, each with its own query processes; limits: of a
    visitor's query; rates: limits of a client; prefix: path of the site, such as `/guapai`; proxies: trusted
    reverse proxies; queries_logged: log the text of queries; report_to: where errors in the data are reported;
    store: SPARQL endpoint that holds the release, empty for its own store.
    """

    host: str = "127.0.0.1"
    port: int = 8000
    workers: int = 2
    limits: Limits = field(default_factory=lambda: Limits(waiting=MAX_WAITING_QUERIES, overflow=MAX_OVERFLOW_QUERIES))
    rates: Rates = field(default_factory=Rates)
    prefix: str = ""
    proxies: int = 0
    queries_logged: bool = False
    store: str = ""
    report_to: str = ""


class _Site(BaseApplication):  # type: ignore[misc]
    """The gunicorn application; each worker opens the release that is current when it starts."""

    def __init__(self, dist: Path, serving: Serving, options: dict[str, Any], days: Path | None) -> None:
        self._dist, self._serving, self._options, self._days = dist, serving, options, days
        super().__init__()

    def load_config(self) -> None:
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        """Make the application of a new worker; one that cannot be made ends the server with a sentence."""
        try:
            return self._load()
        except GuapaiError as error:
            raise AppImportError(f"guapai: {error}") from error

    def _load(self) -> Flask:
        shared_metrics.reserve()
        release, serving = open_sound(self._dist), self._serving
        store = open_loaded(serving.store, release) if serving.store else None
        pages = Pages()
        pool = Pool(release.store_path, QUERY_WORKERS, serving.limits, pages.wait)
        operation = Operation(
            serving.rates,
            serving.proxies,
            logged=True,
            queries_logged=serving.queries_logged,
            cache_bytes=CACHE_BYTES,
            pages=pages,
            report_to=serving.report_to,
            patience_seconds=PATIENCE_SECONDS,
            days=self._days,
        )
        app = create_app(release, pool=pool, prefix=serving.prefix, store=store, operation=operation)
        app.register_error_handler(ParseException, errors.unreadable_request)
        if app.extensions["guapai"].computed is not None:
            # Not a daemon: exiting while DuckDB computes in a thread aborts the process.
            threading.Thread(target=_warm_up, args=(app, serving.prefix), name="first-pages").start()
        return app


def _warm_up(app: Flask, prefix: str) -> None:
    """Render the first pages in both languages and compute the standing findings.

    Bypasses request hooks, so that these renderings are neither counted nor logged.
    """
    for path, language in product(WARM_UP_PAGES, LANGUAGES):
        with app.test_request_context(f"{prefix}{path}?lang={language}"):
            app.dispatch_request()
    app.extensions["guapai"].computed.warm()


def open_sound(dist: Path) -> Release:
    """Open the current release of a dist folder and check it.

    Raises:
        ReleaseError: there is none, or it is damaged.
    """
    release = open_release(dist)
    check(release)
    return release


def run(dist: Path, serving: Serving) -> None:
    """Serve the current release of a dist folder until interrupted.

    Args:
        dist: folder of the releases; a changed `current` is followed without dropping requests.
        serving: options of the server.

    Raises:
        ReleaseError: there is no release, or it is damaged.
        StoreError: a remote store does not hold it.
    """
    release = open_sound(dist)
    if serving.store:
        open_loaded(serving.store, release)
    figures, days, owner = shared_metrics.share(), _folder_of_days(), os.getpid()
    threading.excepthook = logs.log_thread_failure
    try:
        _Site(dist, serving, _options(dist, serving), days).run()
    finally:
        # Forked workers also reach this on exit.
        if os.getpid() == owner:
            shared_metrics.remove(figures)
            shared_metrics.remove(days)


def _folder_of_days() -> Path | None:
    """Make the folder in which processes share the findings of days of choice; None where there is no room."""
    try:
        return Path(mkdtemp(prefix="guapai-days-"))
    except OSError:
        return None


def _options(dist: Path, serving: Serving) -> dict[str, Any]:
    """Return gunicorn's settings.

    Forwarded headers are handled by the application alone, and only if proxies are configured.
    """
    return {
        "bind": f"{serving.host}:{serving.port}",
        "workers": serving.workers,
        "worker_class": Worker,
        "logger_class": ErrorLogger,
        "threads": THREADS,
        "worker_connections": min(MAX_CONNECTIONS, _open_files() // 3),
        "graceful_timeout": int(serving.limits.seconds) + 5,
        "when_ready": lambda arbiter: _watch_release(dist, arbiter.pid),
        "child_exit": lambda _arbiter, worker: shared_metrics.forget_process(worker.pid),
        "logconfig_dict": logs.CONFIGURATION,
        "forwarded_allow_ips": "",
        "forwarder_headers": "",
        "proc_name": "guapai",
        "control_socket_disable": True,
    }


def _open_files() -> int:
    """Let this process and its children open as many files as MAX_CONNECTIONS need, if they may; return how many."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 3 * MAX_CONNECTIONS
    files = max(soft, wanted if hard == resource.RLIM_INFINITY else min(wanted, hard))
    resource.setrlimit(resource.RLIMIT_NOFILE, (files, hard))
    return files


def _watch_release(dist: Path, arbiter: int) -> None:
    """Tell gunicorn's arbiter to replace its workers when `current` points to another release, if that one is sound."""

    def poll() -> None:
        served = _identity(dist)
        while True:
            sleep(POLL_SECONDS)
            current = _identity(dist)
            if current in (None, served):
                continue
            served = current
            try:
                open_sound(dist)
            except GuapaiError as error:
                logging.getLogger("guapai").warning("the former release is served on: %s", error)
            else:
                os.kill(arbiter, signal.SIGHUP)

    threading.Thread(target=poll, daemon=True, name="follow-release").start()


def _identity(dist: Path) -> tuple[Path, int] | None:
    """Return what changes with the current release, also where a damaged one was built anew; None without one."""
    folder = (dist / "current").resolve()
    try:
        return folder, (folder / MANIFEST).stat().st_ino
    except OSError:
        return None
