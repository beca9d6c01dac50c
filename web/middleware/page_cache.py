"""Cache of rendered pages, valid for one release."""

from collections.abc import Hashable
from dataclasses import dataclass

from flask import Flask, Response, request

from kg.cache import Cache
from web.http.language import language

UNCACHED = ("sparql",)
"""Blueprints whose responses are never cached: they are looked up in vain."""


@dataclass(frozen=True, slots=True)
class Page:
    """A cached response; its length is that of its body in bytes."""

    body: bytes
    headers: tuple[tuple[str, str], ...]

    def __len__(self) -> int:
        return len(self.body)


class Pages(Cache):
    """Cache of pages limited in bytes; a page above an eighth of the limit is not stored."""

    def __init__(self, max_bytes: int) -> None:
        super().__init__(max_bytes, size_of=len)
        self._max_page_bytes = max_bytes // 8

    def put(self, key: Hashable, value: object) -> None:
        """Store a page unless it is too large."""
        if isinstance(value, Page) and len(value) <= self._max_page_bytes:
            super().put(key, value)


def init_app(app: Flask, max_bytes: int) -> None:
    """Cache rendered pages; call after all other request hooks are registered.

    Only complete HTML pages with status 200 and without a Cache-Control header are stored.
    """
    pages = Pages(max_bytes)

    @app.before_request
    def _cached_page() -> Response | None:
        asked = request.method in ("GET", "HEAD") and request.blueprint not in UNCACHED
        found = pages.get(_key()) if asked else None
        if found is None:
            return None
        request.environ["guapai.from_cache"] = True
        return app.response_class(found.body, headers=list(found.headers))

    @app.after_request
    def _store_page(response: Response) -> Response:
        whole = response.status_code == 200 and response.mimetype == "text/html" and not response.is_streamed
        new = request.method == "GET" and "guapai.from_cache" not in request.environ
        if whole and new and "Cache-Control" not in response.headers:
            pages.put(_key(), Page(response.get_data(), tuple(response.headers)))
        return response


def _key() -> tuple[str, ...]:
    """Return the cache key: address, language and accepted formats."""
    return request.root_path, request.full_path, language(), request.headers.get("Accept", "")
