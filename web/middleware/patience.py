"""Long pages answer within a second: their work goes on in a thread, and the reader sees that it does and may leave."""

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import wraps
from typing import Any

from flask import Flask, Response, copy_current_request_context, make_response, render_template, request

from web.http.language import language
from web.middleware.rate_limits import client

ENDPOINTS = ("dossier.dossier", "findings.findings", "compare.compare", "lists.designations")
"""Endpoints whose answers may take seconds: of a province, of a day of choice, of a long workbook."""
THREADS = 2
"""Answers that a process makes at a time in this way; further ones wait."""
MAX_WAITING = 64
"""Answers in work, or ready and not fetched yet; the least recently asked for are dropped."""
REFRESH_SECONDS = 3
"""Interval in seconds at which a browser asks again."""

View = Callable[..., Any]
Key = tuple[str, str, str]


class Jobs:
    """Answers in work by client, address and language; each is given once."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="long-page")
        self._jobs: dict[Key, Future[Response]] = {}
        self._lock = threading.Lock()

    def started(self, key: Key, make: Callable[[], Response]) -> Future[Response]:
        """Return the job of a key, started where there is none."""
        with self._lock:
            job = self._jobs.pop(key, None) or self._threads.submit(make)
            self._jobs[key] = job
            if len(self._jobs) > MAX_WAITING:
                self._jobs.pop(next(iter(self._jobs))).cancel()
            return job

    def taken(self, key: Key, job: Future[Response]) -> bool:
        """Remove a job that has ended; return whether nobody has done so before."""
        with self._lock:
            return self._jobs.get(key) is job and self._jobs.pop(key) is job


def init_app(app: Flask, seconds: float) -> None:
    """Let a browser that waits longer than this for one of `ENDPOINTS` see that the answer is being made.

    Programs, which do not ask for HTML, wait for the answer itself.
    """
    jobs = Jobs()
    for endpoint in ENDPOINTS:
        app.view_functions[endpoint] = _patient(jobs, app.view_functions[endpoint], seconds)


def _patient(jobs: Jobs, view: View, seconds: float) -> View:
    @wraps(view)
    def shown(**arguments: Any) -> Any:  # noqa: ANN401 — what a view takes and gives
        if request.method != "GET" or "text/html" not in request.headers.get("Accept", ""):
            return view(**arguments)
        key = client(), request.full_path, language()
        make = copy_current_request_context(lambda: make_response(view(**arguments)))
        job = jobs.started(key, make)
        try:
            job.exception(seconds)
        except TimeoutError:
            return _waiting()
        return job.result() if jobs.taken(key, job) else _waiting()

    return shown


def _waiting() -> Response:
    response = make_response(render_template("fragments/waiting.html"), 202)
    response.headers.update({"Refresh": str(REFRESH_SECONDS), "Cache-Control": "no-store"})
    return response
