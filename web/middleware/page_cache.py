"""Pages as they were made: a release never changes, so a page that is asked for again is given as it was."""

import threading
from collections import OrderedDict
from dataclasses import dataclass

from flask import Flask, Response, request

from web.http.language import language


@dataclass(frozen=True, slots=True)
class Page:
    """A page with its own headers, and how many bytes it is counted as."""

    body: bytes
    headers: tuple[tuple[str, str], ...]

    @property
    def size(self) -> int:
        """Bytes of the body; the rest is small beside it."""
        return len(self.body)


class Pages:
    """Pages by what asks for them, within so many bytes; the one that nobody asked for longest goes first."""

    def __init__(self, most: int) -> None:
        """Start with no page.

        Args:
            most: bytes of all pages together; a page of more than an eighth of that is not kept.
        """
        self._most, self._size, self._lock = most, 0, threading.Lock()
        self._pages: OrderedDict[tuple[str, ...], Page] = OrderedDict()

    def get(self, key: tuple[str, ...]) -> Page | None:
        """Return a page, None where it is not kept."""
        with self._lock:
            if found := self._pages.get(key):
                self._pages.move_to_end(key)
            return found

    def put(self, key: tuple[str, ...], page: Page) -> None:
        """Keep a page."""
        if page.size > self._most // 8:
            return
        with self._lock:
            if before := self._pages.pop(key, None):
                self._size -= before.size
            self._pages[key] = page
            self._size += page.size
            while self._size > self._most:
                self._size -= self._pages.popitem(last=False)[1].size


def keep(app: Flask, most: int) -> None:
    """Keep the pages of an application within so many bytes; to be called after all else that looks at requests.

    Kept is what a view gave as a whole page: no data, no error, nothing that says by itself how long it may be kept.
    """
    pages = Pages(most)

    @app.before_request
    def _again() -> Response | None:
        found = pages.get(_key()) if request.method in ("GET", "HEAD") else None
        if found is None:
            return None
        request.environ["guapai.again"] = True
        return app.response_class(found.body, headers=list(found.headers))

    @app.after_request
    def _take(response: Response) -> Response:
        whole = response.status_code == 200 and response.mimetype == "text/html" and not response.is_streamed
        new = request.method == "GET" and "guapai.again" not in request.environ
        if whole and new and "Cache-Control" not in response.headers:
            pages.put(_key(), Page(response.get_data(), tuple(response.headers)))
        return response


def _key() -> tuple[str, ...]:
    """Return all that a page can hang on: its address, the language, and the formats that the client takes."""
    return request.root_path, request.full_path, language(), request.headers.get("Accept", "")
