"""The site: an application made for one release, with nothing done at import."""

import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from flask import Blueprint, Flask

from kg.errors import ReleaseError
from kg.release import Release
from kg.release.columns import Columns
from kg.search import Search, open_search
from kg.store import Store, open_store
from web.charts import choropleth
from web.data import Computed
from web.graph import context, moved
from web.graph.queries import Graph
from web.html import assets, environment
from web.http import errors, language, responses
from web.middleware import monitoring, page_cache
from web.middleware.monitoring import Operation
from web.sparql import editor, protocol
from web.views import (
    about,
    ask,
    claims,
    correction,
    dossier,
    findings,
    home,
    linked_data,
    neighbourhood,
    quality,
    questions,
    search,
    shapes,
    vocabulary,
)
from web.views.compare import days, side_by_side
from web.views.measures import concentration, matrices, timeline
from web.views.release import downloads, releases, sitemap

HOME = Path(__file__).parent
CATALOGUE = language.TRANSLATIONS / "zh" / "LC_MESSAGES" / "messages.mo"


@dataclass(frozen=True)
class Services:
    """What an application serves from: a release, its store (read-only), the pool for visitors' queries, the graph.

    search is None where the release has no search index, or one of another version, computed where it has no columns;
    the rest of the site goes on. prefix: path under which the site stands, empty for the root.
    """

    release: Release
    store: Store
    pool: Any
    graph: Graph
    search: Search | None
    computed: Computed | None
    prefix: str


def create_app(
    release: Release,
    *,
    pool: Any = None,  # noqa: ANN401 — any pool will do
    prefix: str = "",
    store: Store | None = None,
    how: Operation | None = None,
) -> Flask:
    """Make the application.

    Args:
        release: what is served; the application never looks at another one.
        pool: the sandbox pool that runs visitors' queries; without one `/sparql` answers 503.
        prefix: path under which the site stands, such as `/guapai`; empty for the root.
        store: asked in the place of the release's own store.
        how: limits, proxies and logs; without it no limits, no proxy and no logs.

    Raises:
        StoreError: the store of the release cannot be opened.
        ReleaseError: the Chinese texts are not compiled.
    """
    if not CATALOGUE.exists():
        raise ReleaseError(f"the Chinese texts are not compiled; run `pybabel compile -d {language.TRANSLATIONS}`")
    app = Flask("web", static_url_path=f"{prefix}/static", static_folder=str(HOME / "static"))
    app.config["SEND_FILE_MAX_AGE_DEFAULT"] = 31_536_000
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    store = store or open_store(release.store_path)
    app.extensions["guapai"] = Services(
        release, store, pool, Graph(store), _search(app, release), _computed(app, release), prefix
    )
    how = how or Operation()
    monitoring.operate(app, how)
    language.carry(app)
    environment.equip(app, code_version())
    responses.secure(app, code_version())
    moved.watch(app)
    linked_data.watch(app)
    errors.explain(app)
    app.add_template_global(choropleth.of, "shaded_map")
    for blueprint in _blueprints():
        app.register_blueprint(blueprint, url_prefix=prefix or None)
    if how.kept:
        page_cache.keep(app, how.kept)
    return app


def _blueprints() -> tuple[Blueprint, ...]:
    return (
        findings.blueprint,
        days.blueprint,
        side_by_side.blueprint,
        ask.blueprint,
        matrices.blueprint,
        concentration.blueprint,
        timeline.blueprint,
        neighbourhood.blueprint,
        home.blueprint,
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
        context.blueprint,
        shapes.blueprint,
        releases.blueprint,
        search.blueprint,
        about.blueprint,
        protocol.blueprint,
        editor.blueprint,
        assets.blueprint,
    )


def _search(app: Flask, release: Release) -> Search | None:
    try:
        return open_search(release.path)
    except ReleaseError as error:
        app.logger.warning("no search: %s", error)
        return None


def _computed(app: Flask, release: Release) -> Computed | None:
    try:
        return Computed(Columns.open(release), release.data_as_of)
    except ReleaseError as error:
        app.logger.warning("no findings: %s", error)
        return None


@cache
def code_version() -> str:
    """Return a digest of everything that makes an answer, so that it is read anew when template or code change."""
    digest = hashlib.sha256()
    for path in code_files():
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def code_files() -> list[Path]:
    """Return every file of the program that shapes an answer: pages, queries, texts, and the code of kg behind them."""
    kinds = (".py", ".html", ".rq", ".css", ".svg", ".js", ".mo")
    found = [*HOME.rglob("*"), *(HOME.parent / "kg").rglob("*.py")]
    return sorted(path for path in found if path.suffix in kinds)
