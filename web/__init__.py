"""The web application: serves one release."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from flask import Blueprint, Flask

from kg.analysis.findings.stored import SharedDays
from kg.charts import svg
from kg.errors import InputError, ReleaseError
from kg.release import Release
from kg.release.columns import Columns
from kg.search import Search, open_search
from kg.store import Store, open_store
from kg.tables import open_package
from kg.tables.decided import Decided, decided
from web.api import openapi, reconciliation
from web.charts import choropleth
from web.data import Computed, reform_day, reform_name
from web.graph import moved
from web.graph.display import FILE
from web.graph.queries import Graph
from web.html import assets, environment, reporting
from web.http import errors, language, responses, semantics
from web.middleware import monitoring, patience, response_cache
from web.middleware.monitoring import Operation
from web.sparql import page as sparql_page
from web.sparql import protocol
from web.views import (
    ask,
    card,
    claims,
    correction,
    dossier,
    findings,
    home,
    linked_data,
    match,
    neighbourhood,
    quality,
    questions,
    search,
    shapes,
    vocabulary,
)
from web.views.compare import decisions, pair, side_by_side
from web.views.measures import cell, concentration, timeline
from web.views.release import downloads, feed, kept, releases, sitemap
from web.views.release.kept import Kept
from web.views.release.today import kept_from
from web.views.resource import page

HOME = Path(__file__).parent
CATALOGUE = language.TRANSLATIONS / "zh" / "LC_MESSAGES" / "messages.mo"

OLDER_CACHE_BYTES = 1 << 23
"""Size of the cache of responses of an older release in bytes."""


@dataclass(frozen=True)
class Services:
    """What an application serves: a release, its read-only store, the sandbox pool, the graph.

    package: the tables as decisions leave them, None where they are not described; search is None where the release has
    no search index, or one of another version, computed where it has no columns; the rest of the site goes on. prefix:
    path under which the site stands, empty for the root.
    """

    release: Release
    package: Decided | None
    store: Store
    pool: Any
    graph: Graph
    search: Search | None
    computed: Computed | None
    prefix: str


class Site(Flask):
    """Flask application without coroutines, which it need not look for at each call of a function."""

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """Return the function."""
        return func


def create_app(
    release: Release,
    *,
    pool: Any = None,  # noqa: ANN401 — any object with the interface of Pool
    prefix: str = "",
    store: Store | None = None,
    operation: Operation | None = None,
    today: Flask | None = None,
) -> Flask:
    """Create the application.

    Args:
        release: the release to serve; fixed for the life of the application.
        pool: sandbox pool for visitors' queries; without one `/sparql` answers 503.
        prefix: path under which the site stands, such as `/guapai`; empty for the root.
        store: replaces the release's own store.
        operation: limits, proxies and logs; by default none.
        today: the application of the served release, where this is an older one that it answers for.

    Raises:
        StoreError: the store of the release cannot be opened.
        ReleaseError: the Chinese translations are not compiled.
    """
    if not CATALOGUE.exists():
        raise ReleaseError(f"the Chinese texts are not compiled; run `pybabel compile -d {language.TRANSLATIONS}`")
    app = Site("web", static_url_path=f"{prefix}/static", static_folder=str(HOME / "static"))
    app.config["SEND_FILE_MAX_AGE_DEFAULT"] = 31_536_000
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    store, operation = store or open_store(release.store_path), operation or Operation()
    package = _package(app, release)
    graph = Graph(store, package, _display(app, release))
    app.extensions["guapai"] = Services(
        release, package, store, pool, graph, _search(app, release), _computed(app, release, operation.days), prefix
    )
    if operation.cache_bytes:
        response_cache.init_app(app, operation.cache_bytes)
    monitoring.init_app(app, operation)
    language.init_app(app)
    environment.init_app(app, code_version())
    responses.init_app(app, code_version())
    reporting.init_app(app, operation.report_to)
    semantics.init_app(app)
    moved.init_app(app)
    linked_data.init_app(app)
    errors.init_app(app)
    app.add_template_global(choropleth.of, "shaded_map")
    app.add_template_global(svg.yearly)
    app.add_template_global(reform_day)
    app.add_template_global(reform_name)
    app.add_template_global(kept_from)
    card.init_app(app)
    kept.init_app(app, None if today else Kept(release, lambda found: _older(app, found)), today)
    for blueprint in _blueprints():
        app.register_blueprint(blueprint, url_prefix=prefix or None)
    if operation.patience_seconds:
        patience.init_app(app, operation.patience_seconds)
    semantics.init_links(app)
    return app


def _older(today: Flask, release: Release) -> Flask:
    """Create the application of an older release, for which today's answers under `/release/<id>`."""
    prefix = f"{today.extensions['guapai'].prefix}/release/{release.id}"
    operation = Operation(cache_bytes=OLDER_CACHE_BYTES, observed=False)
    return create_app(release, prefix=prefix, operation=operation, today=today)


def _blueprints() -> tuple[Blueprint, ...]:
    return (
        findings.blueprint,
        side_by_side.blueprint,
        ask.blueprint,
        card.blueprint,
        cell.blueprint,
        pair.blueprint,
        decisions.blueprint,
        concentration.blueprint,
        timeline.blueprint,
        neighbourhood.blueprint,
        home.blueprint,
        page.blueprint,
        linked_data.blueprint,
        vocabulary.blueprint,
        claims.blueprint,
        quality.blueprint,
        correction.blueprint,
        dossier.blueprint,
        questions.blueprint,
        downloads.blueprint,
        monitoring.blueprint,
        sitemap.blueprint,
        shapes.blueprint,
        releases.blueprint,
        kept.blueprint,
        feed.blueprint,
        search.blueprint,
        protocol.blueprint,
        sparql_page.blueprint,
        reconciliation.blueprint,
        match.blueprint,
        openapi.blueprint,
        assets.blueprint,
    )


def _package(app: Flask, release: Release) -> Decided | None:
    try:
        return decided(open_package(release.path / "tables"))
    except InputError as error:
        app.logger.warning("no titles of columns: %s", error)
        return None


def _display(app: Flask, release: Release) -> str:
    try:
        return (release.path / "ontology" / FILE).read_text(encoding="utf-8")
    except FileNotFoundError:
        app.logger.warning("no order of properties: the release has no ontology/%s", FILE)
        return ""


def _search(app: Flask, release: Release) -> Search | None:
    try:
        return open_search(release.path)
    except ReleaseError as error:
        app.logger.warning("no search: %s", error)
        return None


def _computed(app: Flask, release: Release, days: Path | None) -> Computed | None:
    shared = SharedDays(days, release.id) if days else None
    try:
        return Computed(Columns.open(release), release.data_as_of, folder=release.path, shared=shared)
    except ReleaseError as error:
        app.logger.warning("no findings: %s", error)
        return None


@cache
def code_version() -> str:
    """Return a digest of all files that shape a response, for ETags."""
    digest = hashlib.sha256()
    for path in code_files():
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def code_files() -> list[Path]:
    """Return the files that shape a response: code of web and kg, templates, queries, translations, assets."""
    kinds = (".py", ".html", ".rq", ".css", ".svg", ".js", ".mo")
    found = [*HOME.rglob("*"), *(HOME.parent / "kg").rglob("*.py")]
    return sorted(path for path in found if path.suffix in kinds)
