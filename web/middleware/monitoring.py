"""What those who run the server need: readiness, figures, one log line a request, and rules for crawlers."""

import logging
import os
import re
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from secrets import token_hex
from typing import Any

from flask import Blueprint, Flask, Response, current_app, jsonify, request, url_for
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest, values
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead
from werkzeug.middleware.proxy_fix import ProxyFix

from kg.errors import GuapaiError
from kg.release import Release
from web.middleware import logs, rate_limits
from web.middleware.rate_limits import Rates

blueprint = Blueprint("monitoring", __name__)

IDENTITY = re.compile(r"[A-Za-z0-9._-]{1,64}")
"""What may come in as X-Request-ID; anything else is replaced."""
Application = Callable[[dict[str, Any], Any], Iterable[bytes]]
"""A WSGI application (PEP 3333)."""
PREFIX = re.compile(r"(/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)+/?")
"""What may come in as X-Forwarded-Prefix; `//host` would lead every link of a page to another site."""
OUTCOME, QUERY, BEGAN, NUMBER = "guapai.outcome", "guapai.query", "guapai.began", "guapai.number"
"""Keys of the request's environment: how a query ended, its text, when the request came, its id."""
CLOSED = (
    *("/sparql", "/search", "/suggest", "/ask", "/compare", "/correction", "/dossier/", "/data/", "/id/", "/releases/"),
    *("/metrics", "/health"),
)
"""Beginnings of addresses that crawlers are asked to leave alone, besides every address with parameters."""
FOLDER = "PROMETHEUS_MULTIPROC_DIR"
"""The library's own variable of the environment that names the folder in which processes share their figures."""
TYPE = "text/plain; version=0.0.4; charset=utf-8"
SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)
OUTCOMES = ("ok", "unchanged", "timeout", "too-large", "busy", "refused", "cancelled", "failed", "broken")
"""How a visitor's query can end; `broken`: by a failure after its first bytes were sent, `unchanged`: the client has
the answer, `cancelled`: the client hung up."""


@dataclass(frozen=True, slots=True)
class Operation:
    """How an application is run.

    rates: what one client may ask; proxies: how many reverse proxies stand before it, whose X-Forwarded headers are
    believed; logged: write a line a request; queries_logged: with the text of queries, which may be personal;
    kept: bytes of pages that are kept to be given again.
    """

    rates: Rates = field(default_factory=Rates)
    proxies: int = 0
    logged: bool = False
    queries_logged: bool = False
    kept: int = 0


def share_metrics(folder: Path) -> None:
    """Let all processes keep their figures in a folder; to be called before they are started."""
    os.environ[FOLDER] = str(folder)
    # The library reads its environment when it is imported, which has been done by now.
    values.ValueClass = values.get_value_class()  # type: ignore[no-untyped-call]


def forget_process(process_id: int) -> None:
    """Drop what a process that has ended said of itself; what it counted stays."""
    mark_process_dead(process_id)  # type: ignore[no-untyped-call]


class Metrics:
    """The figures of one application."""

    def __init__(self, release: Release) -> None:
        """Start at nothing.

        Args:
            release: what the application serves; stands in `guapai_release_info`.
        """
        self._registry = CollectorRegistry()
        self._lock, self._replaced = threading.Lock(), 0
        self.requests = Counter(
            "guapai_requests", "Requests by part of the site and status.", ("part", "status"), registry=self._registry
        )
        self.seconds = Histogram(
            "guapai_request_seconds",
            "Seconds from a request's arrival to the last byte of its answer.",
            ("part",),
            buckets=SECONDS,
            registry=self._registry,
        )
        self.queries = Counter(
            "guapai_queries", "Visitors' queries by how they ended.", ("outcome",), registry=self._registry
        )
        for outcome in OUTCOMES:
            self.queries.labels(outcome)
        self._workers = Counter(
            "guapai_query_workers_replaced", "Processes for queries that were killed or died.", registry=self._registry
        )
        info = Gauge(
            "guapai_release_info",
            "The releases that are served now; 1.",
            ("release", "version", "data_as_of"),
            registry=self._registry,
            multiprocess_mode="livemax",
        )
        info.labels(release.id, release.manifest["version"], str(release.data_as_of)).set(1)

    def answered(self, part: str, status: int, seconds: float) -> None:
        """Count an answer."""
        self.requests.labels(part, str(status)).inc()
        self.seconds.labels(part).observe(seconds)

    def replaced(self, workers: int) -> None:
        """Take note of how many processes for queries were replaced since the application was made."""
        with self._lock:
            self._workers.inc(max(0, workers - self._replaced))
            self._replaced = max(workers, self._replaced)

    def written(self) -> bytes:
        """Return the figures as Prometheus reads them: of all processes where they share a folder."""
        registry = self._registry
        if os.environ.get(FOLDER):
            registry = CollectorRegistry()
            MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
        return generate_latest(registry)


def operate(app: Flask, operation: Operation) -> None:
    """Count and log the requests of an application, limit its clients, and believe its proxies."""
    app.extensions["guapai_metrics"] = Metrics(app.extensions["guapai"].release)
    if operation.proxies:
        believed = dict.fromkeys(("x_for", "x_proto", "x_host", "x_prefix"), operation.proxies)
        app.wsgi_app = _with_paths_only(ProxyFix(app.wsgi_app, **believed))  # type: ignore[method-assign, assignment]
    _observe(app, operation)
    rate_limits.limit(app, operation.rates)


def _with_paths_only(application: Application) -> Application:
    """Leave out a prefix that is no path: where a proxy sets none, it passes on what a client writes."""

    def checked(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:  # noqa: ANN401 — WSGI's own
        given = environ.get("HTTP_X_FORWARDED_PREFIX", "")
        if not all(PREFIX.fullmatch(part.strip()) for part in given.split(",")):
            environ.pop("HTTP_X_FORWARDED_PREFIX", None)
        return application(environ, start_response)

    return checked


def note(outcome: str) -> None:
    """Note how the query of this request ended, one of OUTCOMES."""
    request.environ[OUTCOME] = outcome


def _observe(app: Flask, operation: Operation) -> None:
    @app.before_request
    def _begin() -> None:
        given = request.headers.get("X-Request-ID", "") if operation.proxies else ""
        request.environ[BEGAN] = time.monotonic()
        request.environ[NUMBER] = given if IDENTITY.fullmatch(given) else token_hex(16)

    @app.after_request
    def _end(response: Response) -> Response:
        environ = request.environ
        response.headers["X-Request-ID"] = environ.get(NUMBER, "")
        fields: dict[str, object] = {
            "request": environ.get(NUMBER, ""),
            "method": request.method,
            "path": request.path,
            "status": response.status_code,
            "release": app.extensions["guapai"].release.id,
        }
        if response.status_code == 429:
            fields["client"] = logs.neighbourhood(request.remote_addr or "")
        if operation.queries_logged and (asked := environ.get(QUERY) or request.query_string.decode(errors="replace")):
            fields["query"] = asked[: logs.LONGEST]
        part = _part()
        # What is passed through is closed without a word to its response: it would be neither counted nor logged.
        response.direct_passthrough = False
        response.call_on_close(lambda: _closed(app, environ, fields, part, logged=operation.logged))
        return response


def _closed(app: Flask, environ: dict[str, Any], fields: dict[str, object], part: str, *, logged: bool) -> None:
    """Count and log a request when the last byte of its answer is sent."""
    seconds = time.monotonic() - environ.get(BEGAN, time.monotonic())
    metrics: Metrics = app.extensions["guapai_metrics"]
    metrics.answered(part, int(str(fields["status"])), seconds)
    if outcome := environ.get(OUTCOME):
        metrics.queries.labels(outcome).inc()
        metrics.replaced(app.extensions["guapai"].pool.replaced)
        fields["outcome"] = outcome
    if logged:
        logs.write({**fields, "seconds": round(seconds, 4)})


def _part() -> str:
    """Return the part of the site that a request is for, by a few names only."""
    if request.endpoint is None:
        return "none"
    return request.blueprint or request.endpoint


@blueprint.get("/health")
def health() -> Response:
    """Say whether the site is ready, and which release it serves; 503 where its store does not answer."""
    services = current_app.extensions["guapai"]
    try:
        store = "ok" if services.store.ask("ASK { ?s ?p ?o }", {}) else "empty"
    except GuapaiError as error:
        logging.getLogger("guapai").warning("not ready: %s", error)
        store = "failing"
    parts = {
        "store": store,
        "columns": "ok" if services.computed else "missing",
        "search": "ok" if services.search else "missing",
        "queries": "ok" if services.pool else "closed",
    }
    ready = store == "ok"
    status = ("ok" if set(parts.values()) == {"ok"} else "partial") if ready else "not ready"
    release = services.release
    response = jsonify(
        status=status,
        release=release.id,
        version=release.manifest["version"],
        data_as_of=str(release.data_as_of),
        parts=parts,
    )
    response.status_code = 200 if ready else 503
    return _fresh(response)


@blueprint.get("/metrics")
def metrics() -> Response:
    """Give the figures of the running server in the text format of Prometheus."""
    kept: Metrics = current_app.extensions["guapai_metrics"]
    pool = current_app.extensions["guapai"].pool
    if pool is not None:
        kept.replaced(pool.replaced)
    return _fresh(Response(kept.written(), content_type=TYPE))


@blueprint.get("/robots.txt")
def robots() -> Response:
    """Ask crawlers for the pages of things and lists only; facets and queries are endless."""
    root = url_for("home.home", lang=None).rstrip("/")
    rules = [f"Allow: {root}/*?lang={code}$" for code in ("zh", "en")]
    rules += [f"Disallow: {root}/*?", *(f"Disallow: {root}{beginning}" for beginning in CLOSED)]
    said = f"# The whole data, so that nobody needs to crawl it: {root}/downloads"
    sitemap = f"Sitemap: {url_for('sitemap.index', lang=None, _external=True)}"
    text = "\n".join([said, "User-agent: *", *rules, "Crawl-delay: 1", "", sitemap, ""])
    return Response(text, content_type="text/plain; charset=utf-8")


def _fresh(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response
