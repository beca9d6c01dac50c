"""Cache of whole responses, valid for one release: what was asked before is answered before Flask sees the request.

A response is kept where its ETag says that it hangs on nothing but the release, the code and what the request asks.
Limits, figures and log count one from the cache as any other.
"""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from flask import Flask, Response, request
from werkzeug.datastructures import Headers
from werkzeug.http import parse_etags, remove_entity_headers
from werkzeug.wsgi import ClosingIterator

from kg.cache import Cache
from web.http.language import preferred_by
from web.http.responses import CONDITIONS, LASTING, SOCKET
from web.middleware.monitoring import OBSERVER, OUTCOME, QUERY, REQUEST_ID, Observer, site_part
from web.middleware.rate_limits import BUCKETS, BUFFERED_BYTES, NAMES, Buckets, client_of

DECISIVE = ("wsgi.url_scheme", "HTTP_HOST", "SCRIPT_NAME", "PATH_INFO", "QUERY_STRING", "HTTP_ACCEPT")
"""Keys of the WSGI environment that, with the language, decide on what a request without a body asks for."""
IF_NONE_MATCH = "HTTP_IF_NONE_MATCH"
KEY = "guapai.response_key"
"""Key of the WSGI environment: under what the response to a request is kept."""
OVERHEAD_BYTES = 4096
"""Room that a response takes besides body and address."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A response with status 200, and what its requests are counted as.

    tag: ETag; part: of the site; names: of the buckets from which a request takes; outcome, query: of its query, None
    where it has none.
    """

    body: bytes
    headers: tuple[tuple[str, str], ...]
    tag: str
    part: str
    names: tuple[str, ...]
    outcome: str | None
    query: str | None

    def __len__(self) -> int:
        return OVERHEAD_BYTES + len(self.body) + len(self.query or "")


class ResponseCache:
    """WSGI application that answers what it has kept, and passes on all else."""

    def __init__(self, app: Flask, max_bytes: int) -> None:
        """Keep nothing yet.

        Args:
            app: makes the responses.
            max_bytes: size of the cache; the least recently used go first.
        """
        self._app, self._application = app, app.wsgi_app
        self._kept = Cache(max_bytes, size_of=len)

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:  # noqa: ANN401 — WSGI's own
        """Answer from the cache, or else as the application does."""
        environ[KEY] = key = _key(environ)
        found = None if key is None else self._kept.get(key)
        if found is None:
            return self._application(environ, start_response)
        observer: Observer | None = self._app.extensions.get(OBSERVER)
        if observer:
            observer.start(environ)
        buckets: Buckets | None = self._app.extensions.get(BUCKETS)
        if buckets and buckets.take(found.names, client_of(environ.get("REMOTE_ADDR", ""))):
            return self._application(environ, start_response)
        return _sent(found, observer, environ, start_response)

    def keep(self, response: Response) -> Response:
        """Keep a complete response to GET that hangs on nothing but what its key holds, and that no client blocks."""
        environ = request.environ
        key, complete = environ.get(KEY), not (response.is_streamed or response.direct_passthrough)
        whole = complete and response.status_code == HTTPStatus.OK  # 304 has fewer headers
        if key and whole and request.method == "GET" and LASTING in environ:
            body = response.get_data()
            if len(body) <= BUFFERED_BYTES:
                self._kept.put(key, _kept(body, response))
        return response


def init_app(app: Flask, max_bytes: int) -> None:
    """Put a cache before an application; call before all others, so that it sees what they have added."""
    cache = ResponseCache(app, max_bytes)
    app.wsgi_app = cache  # type: ignore[method-assign]
    app.after_request(cache.keep)


def _key(environ: dict[str, Any]) -> Hashable | None:
    """Return all of a request that decides on its response, None for one with a body or with unusual conditions."""
    if environ["REQUEST_METHOD"] not in ("GET", "HEAD") or environ.get("CONTENT_LENGTH"):
        return None
    if "HTTP_TRANSFER_ENCODING" in environ or not (CONDITIONS - {IF_NONE_MATCH}).isdisjoint(environ):
        return None
    return (*(environ.get(name, "") for name in DECISIVE), preferred_by(environ.get("HTTP_ACCEPT_LANGUAGE", "")))


def _kept(body: bytes, response: Response) -> Kept:
    environ, headers = request.environ, Headers(response.headers)
    headers.remove("X-Request-ID")
    headers["Content-Length"] = str(len(body))
    return Kept(
        body,
        tuple(headers),
        response.get_etag()[0] or "",
        site_part(),
        environ.get(NAMES, ()),
        environ.get(OUTCOME),
        environ.get(QUERY),
    )


def _sent(
    found: Kept,
    observer: Observer | None,
    environ: dict[str, Any],
    start_response: Any,  # noqa: ANN401 — WSGI's own
) -> Iterable[bytes]:
    """Send a kept response, or 304 to who has it already (RFC 9110, section 13.1.2)."""
    headers = list(found.headers)
    status = HTTPStatus.OK
    if IF_NONE_MATCH in environ and parse_etags(environ[IF_NONE_MATCH]).contains_weak(found.tag):
        status = HTTPStatus.NOT_MODIFIED
        remove_entity_headers(headers)
    body = [found.body] if status == HTTPStatus.OK and environ["REQUEST_METHOD"] == "GET" else []
    if observer is None:
        start_response(f"{status.value} {status.phrase.upper()}", headers)
        return body
    if found.outcome:
        environ[OUTCOME] = found.outcome if status == HTTPStatus.OK else "unchanged"
        environ[QUERY] = found.query
    headers.append(("X-Request-ID", environ[REQUEST_ID]))
    start_response(f"{status.value} {status.phrase.upper()}", headers)
    ended = observer.ending(environ, status, found.part)
    if when_sent := getattr(environ.get(SOCKET), "when_sent", None):
        when_sent(ended)
        return body
    return ClosingIterator(body, ended)
