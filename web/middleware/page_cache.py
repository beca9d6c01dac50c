"""Cache of rendered pages, valid for one release."""

from collections.abc import Hashable
from dataclasses import dataclass

from flask import Flask, Response, request

from kg.cache import Cache
from web.http.language import language


@dataclass(frozen=True, slots=True)
class Page:
    """A page with its own headers; its length is that of its body in bytes, beside which the rest is small."""

    body: bytes
    headers: tuple[tuple[str, str], ...]

    def __len__(self) -> int:
        return len(self.body)


class Pages(Cache):
    """Pages by their request, within a number of bytes; a page of more than an eighth of that is not held."""

    def __init__(self, max_bytes: int) -> None:
        super().__init__(max_bytes, size_of=len)
        self._max_page_bytes = max_bytes // 8

    def put(self, key: Hashable, value: object) -> None:
        """Hold a page, unless it is too large."""
        if isinstance(value, Page) and len(value) <= self._max_page_bytes:
            super().put(key, value)


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
