"""Health check, Prometheus metrics, request log and robots.txt."""

import logging
import re
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from secrets import token_hex
from typing import Any

from flask import Blueprint, Flask, Response, current_app, jsonify, request, url_for
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.wsgi import get_path_info

from kg.errors import REMEDY, GuapaiError
from kg.release import Release
from kg.release.checksums import wrong_sizes
from kg.store import Store
from web.http import errors
from web.http.responses import after_sending, sent_by_server
from web.middleware import logs, pages_waiting, rate_limits, shared_metrics
from web.middleware.metrics import Metrics
from web.middleware.pages_waiting import Pages
from web.middleware.rate_limits import Rates

blueprint = Blueprint("monitoring", __name__)

REQUEST_ID_PATTERN = re.compile(r"[A-Za-z0-9._-]{1,64}")
"""Accepted X-Request-ID; others are replaced."""
WSGIApplication = Callable[[dict[str, Any], Any], Iterable[bytes]]
"""A WSGI application (PEP 3333)."""
PREFIX_PATTERN = re.compile(r"(/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)+/?")
"""Accepted X-Forwarded-Prefix; `//host` would point all links to another site."""
OUTCOME, QUERY, STARTED, REQUEST_ID = "guapai.outcome", "guapai.query", "guapai.started", "guapai.request_id"
"""Keys of the WSGI environment: outcome and text of the query, start and id of the request."""
OBSERVER = "guapai_observer"
"""Key of the application's extensions: its observer, where it has one."""
DISALLOWED_PATHS = (
    *("/sparql", "/search", "/suggest", "/ask", "/compare", "/correction", "/dossier/", "/data/", "/id/", "/releases/"),
    *("/metrics", "/health", "/reconcile", "/release/"),
)
"""Path prefixes that robots.txt disallows, besides all addresses with parameters."""
METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Operation:
    """Options of the middleware.

    rates: limits of one client; proxies: trusted reverse proxies (X-Forwarded headers); logged: log requests;
    queries_logged: with the text of queries, which may be personal; cache_bytes: size of the response cache, 0: none;
    pages: of this process, so that queries can stand back for them, None where they need not;
    patience_seconds: after which a browser is told that a long page is being made, 0: it waits;
    report_to: where errors in the data are reported, an address for issues or a mail address, empty: nowhere;
    days: folder in which the processes of the server share the findings of days of choice, None: they do not;
    observed: whether requests are counted, logged and limited here, and not by the application that passes them on.
    """

    rates: Rates = field(default_factory=Rates)
    proxies: int = 0
    logged: bool = False
    queries_logged: bool = False
    cache_bytes: int = 0
    pages: Pages | None = None
    observed: bool = True
    report_to: str = ""
    patience_seconds: float = 0
    days: Path | None = None


def init_app(app: Flask, operation: Operation) -> None:
    """Count and log requests, limit clients and trust proxies."""
    if not operation.observed:
        return
    app.extensions["guapai_metrics"] = Metrics(app.extensions["guapai"].release)
    if operation.proxies:
        trusted = dict.fromkeys(("x_for", "x_proto", "x_host", "x_prefix"), operation.proxies)
        app.wsgi_app = _with_checked_prefix(ProxyFix(app.wsgi_app, **trusted))  # type: ignore[method-assign, assignment]
    _observe_requests(app, operation)
    if operation.pages:
        pages_waiting.init_app(app, operation.pages)
    rate_limits.init_app(app, operation.rates)


def _with_checked_prefix(application: WSGIApplication) -> WSGIApplication:
    """Drop an X-Forwarded-Prefix that is no path: a proxy may pass on what the client sent."""

    def checked(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:  # noqa: ANN401 — WSGI's own
        given = environ.get("HTTP_X_FORWARDED_PREFIX", "")
        if not all(PREFIX_PATTERN.fullmatch(part.strip()) for part in given.split(",")):
            environ.pop("HTTP_X_FORWARDED_PREFIX", None)
        return application(environ, start_response)

    return checked


def record_outcome(outcome: str) -> None:
    """Record the outcome of this request's query, one of OUTCOMES."""
    request.environ[OUTCOME] = outcome


class Observer:
    """Counts and logs the requests of an application."""

    def __init__(self, app: Flask, operation: Operation) -> None:
        """Observe an application by its options."""
        self._app, self._operation = app, operation

    def start(self, environ: dict[str, Any]) -> None:
        """Note that a request has come, and give it an id."""
        given = environ.get("HTTP_X_REQUEST_ID", "") if self._operation.proxies else ""
        environ[STARTED] = time.monotonic()
        environ[REQUEST_ID] = given if REQUEST_ID_PATTERN.fullmatch(given) else token_hex(16)

    def ending(self, environ: dict[str, Any], status: int, part: str) -> Callable[[], None]:
        """Return what counts and logs a request when the last byte of its response is sent.

        Args:
            environ: WSGI environment of the request.
            status: of the response.
            part: of the site.
        """
        fields: dict[str, object] = {
            "request": environ.get(REQUEST_ID, ""),
            "method": environ["REQUEST_METHOD"],
            "path": f"/{get_path_info(environ).lstrip('/')}",
            "status": int(status),
            "release": self._app.extensions["guapai"].release.id,
        }
        if status == HTTPStatus.TOO_MANY_REQUESTS:
            fields["client"] = logs.client_network(environ.get("REMOTE_ADDR", ""))
        if self._operation.queries_logged and (query := environ.get(QUERY) or _address_query(environ)):
            fields["query"] = query[: logs.MAX_QUERY_CHARS]
        return lambda: self._end(environ, fields, part)

    def _end(self, environ: dict[str, Any], fields: dict[str, object], part: str) -> None:
        seconds = time.monotonic() - environ.get(STARTED, time.monotonic())
        metrics: Metrics = self._app.extensions["guapai_metrics"]
        metrics.count_response(part, int(str(fields["status"])), seconds)
        if outcome := environ.get(OUTCOME):
            metrics.queries.labels(outcome).inc()
            metrics.count_replaced_workers(self._app.extensions["guapai"].pool.replaced)
            fields["outcome"] = outcome
        if self._operation.logged:
            logs.log_request({**fields, "seconds": round(seconds, 4)})


def _address_query(environ: dict[str, Any]) -> str:
    return str(environ.get("QUERY_STRING", "").encode("latin-1").decode(errors="replace"))


def _observe_requests(app: Flask, operation: Operation) -> None:
    app.extensions[OBSERVER] = observer = Observer(app, operation)

    @app.before_request
    def _start() -> None:
        observer.start(request.environ)

    @app.after_request
    def _end(response: Response) -> Response:
        response.headers["X-Request-ID"] = request.environ.get(REQUEST_ID, "")
        # Werkzeug calls `call_on_close` without direct passthrough only: it would be neither counted nor logged.
        response.direct_passthrough = sent_by_server(response)
        after_sending(response, observer.ending(request.environ, response.status_code, site_part()))
        return response


def site_part() -> str:
    """Return the blueprint or endpoint of a request, a label with few values."""
    if request.endpoint is None:
        return "none"
    return request.blueprint or request.endpoint


@blueprint.get("/health")
def health() -> Response:
    """Report readiness and release; 503 if the store fails, or pages because files of the release are damaged."""
    services = current_app.extensions["guapai"]
    release = services.release
    parts = {
        "store": _store_state(services.store),
        "files": "damaged" if _is_damaged(release) else "ok",
        "columns": "ok" if services.computed else "missing",
        "search": "ok" if services.search else "missing",
        "queries": "ok" if services.pool else "closed",
        "figures": "missing" if shared_metrics.are_missing() else "ok",
    }
    ready = parts["store"] == parts["files"] == "ok"
    status = ("ok" if set(parts.values()) == {"ok"} else "partial") if ready else "not ready"
    response = jsonify(
        status=status,
        release=release.id,
        version=release.manifest["version"],
        data_as_of=str(release.data_as_of),
        parts=parts,
    )
    response.status_code = 200 if ready else 503
    return _uncached(response)


def _store_state(store: Store) -> str:
    try:
        return "ok" if store.ask("ASK { ?s ?p ?o }", {}) else "empty"
    except GuapaiError as error:
        logging.getLogger("guapai").warning("not ready: %s", error)
        return "failing"


def _is_damaged(release: Release) -> bool:
    """Return whether files are missing or cut off, or pages failed within a minute because of what stands in them."""
    fault = next(map(str, wrong_sizes(release.path, release.manifest)), "") or errors.recent_failure(current_app)
    if fault:
        logging.getLogger("guapai").warning("not ready: %s; %s", fault, REMEDY)
    return bool(fault)


@blueprint.get("/metrics")
def metrics() -> Response:
    """Return the metrics in the text format of Prometheus; 503 where a process has no room to share its own."""
    if shared_metrics.are_missing():
        sentence = "No figures: the folder for temporary files (TMPDIR) had no room; free some and start again.\n"
        return _uncached(Response(sentence, 503, content_type="text/plain; charset=utf-8"))
    figures: Metrics = current_app.extensions["guapai_metrics"]
    pool = current_app.extensions["guapai"].pool
    if pool is not None:
        figures.count_replaced_workers(pool.replaced)
    return _uncached(Response(figures.exposition(), content_type=METRICS_TYPE))


@blueprint.get("/robots.txt")
def robots() -> Response:
    """Allow crawlers resources and lists without parameters; facets and queries are endless."""
    root = url_for("home.home", lang=None).rstrip("/")
    rules = [f"Allow: {root}/*?lang={code}$" for code in ("zh", "en")]
    rules += [f"Disallow: {root}/*?", *(f"Disallow: {root}{beginning}" for beginning in DISALLOWED_PATHS)]
    comment = f"# The whole data, so that nobody needs to crawl it: {root}/downloads"
    sitemap = f"Sitemap: {url_for('sitemap.index', lang=None, _external=True)}"
    text = "\n".join([comment, "User-agent: *", *rules, "Crawl-delay: 1", "", sitemap, ""])
    return Response(text, content_type="text/plain; charset=utf-8")


def _uncached(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response
