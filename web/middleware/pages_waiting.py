"""Pages that are being made, so that long queries can stand back for them."""

import threading
import time

from flask import Flask, request

LATE_SECONDS = 0.05
"""Time after which a page that is not made yet waits: most take a tenth of it where a processor is free."""
KEY = "guapai.page_started"
"""Key of the WSGI environment, in which a page is counted."""


class Pages:
    """The pages of one server process that are being made, by their start."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._started: dict[object, float] = {}

    def enter(self, page: object) -> None:
        """Count a page that is begun."""
        with self._lock:
            self._started[page] = time.monotonic()

    def leave(self, page: object) -> None:
        """Count a page no more, whether it was counted or not."""
        with self._lock:
            self._started.pop(page, None)

    def wait(self) -> bool:
        """Return whether a page has been waited for long enough for queries to stand back."""
        with self._lock:
            oldest = next(iter(self._started.values()), None)
        return oldest is not None and time.monotonic() - oldest > LATE_SECONDS


def init_app(app: Flask, pages: Pages) -> None:
    """Count what is made in threads of requests, but for queries."""

    @app.before_request
    def _enter() -> None:
        if request.blueprint != "sparql":
            request.environ[KEY] = page = object()
            pages.enter(page)

    @app.teardown_request
    def _leave(_error: BaseException | None) -> None:
        if KEY in request.environ:
            pages.leave(request.environ.pop(KEY))
