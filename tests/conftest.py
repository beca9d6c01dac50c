"""Fixtures: one build of the real data for the whole session, and a small one for tests that build again."""

import csv
import fcntl
import os
import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest
import small_graph
from browsing import chromium
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, settings
from playwright.sync_api import Browser
from read_pages import Client
from served import listening
from waiting import PATIENT

from kg import tables
from kg.charts import choropleth
from kg.pipeline import build as pipeline
from kg.release import Release, open_release
from kg.release.columns import Columns
from kg.sandbox import Pool
from kg.store import EmbeddedStore
from web import create_app

ROOT = Path(__file__).parent.parent
MODULES = ROOT / "node_modules"
settings.register_profile("any-load", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any-load")
Flask.test_client_class = Client
SMALL_LISTS = ("paper-1-plates", "guojia_zichuangqu")
"""Lists whose designations, with all their records, make up the small data."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--dcat-ap", type=Path, help="A folder with the official shapes of DCAT-AP 3.0.1.")
    parser.addoption(
        "--reconciliation", type=Path, help="A copy of github.com/reconciliation-api/specs, for its schemas."
    )
    parser.addoption("--release", type=Path, help="A dist folder whose current release serves in the place of a build.")
    parser.addoption("--w3c", type=Path, help="A copy of github.com/w3c/rdf-tests, whose SPARQL suites are then run.")


@pytest.fixture(scope="session")
def release(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Release:
    built: Path | None = request.config.getoption("--release")
    if built:
        return open_release(built)
    return pipeline.build(ROOT / "data", ROOT / "ontology", tmp_path_factory.mktemp("dist"), modules=MODULES)


@pytest.fixture(scope="session")
def outlined(release: Release) -> Release:
    """The release, skipped where it was built without outlines."""
    if not (release.path / choropleth.FOLDER / choropleth.FILE).is_file():
        pytest.skip("the release was built without outlines: `make node_modules`, then build again")
    return release


@pytest.fixture(scope="session")
def store(release: Release) -> EmbeddedStore:
    return EmbeddedStore(release.store_path)


@pytest.fixture(scope="session")
def app(release: Release) -> Iterator[Flask]:
    """The site, shared by tests that only read, with its caches."""
    pool = Pool(release.store_path, 1, PATIENT)
    app = create_app(release, pool=pool)
    yield app
    pool.close()
    app.extensions["guapai"].computed.columns.close()


@pytest.fixture(scope="session")
def columns(app: Flask) -> Columns:
    """Columns of the site, so that cached analyses are shared."""
    found: Columns = app.extensions["guapai"].computed.columns
    return found


@pytest.fixture(scope="module")
def site(app: Flask) -> Iterator[str]:
    """Address of the site, for tests with a browser or a connection of their own."""
    with listening(app) as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


@pytest.fixture
def faults() -> list[str]:
    """Errors reported by the browser: blocked by the policy, not found, script errors."""
    return []


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture(scope="session")
def small_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The real tables without towns, with the designations of SMALL_LISTS only, and what these need."""
    data = tmp_path_factory.mktemp("small") / "data"
    shutil.copytree(ROOT / "data", data, ignore=shutil.ignore_patterns("*.py"))
    package = tables.open_package(data)
    kept = {row["designation_id"] for row in package.rows("records") if row["list_id"] in SMALL_LISTS}
    records = [row for row in package.rows("records") if row["designation_id"] in kept]
    used = {key for row in records for key in row.many("carrier_ids")}
    parents = {row["id"]: row["parent_id"] for row in package.rows("carriers")}
    carriers = used | {parents[key] for key in used if parents[key]}
    record_keys = {row["id"] for row in records}

    def keep(table: str, wanted: Callable[[tables.Row], bool], *emptied: str) -> None:
        rows = {row["id"] for row in package.rows(table) if wanted(row)}
        for path in package.resources[table].paths:
            _filter(data / path, rows, emptied)

    keep("carriers", lambda row: row["id"] in carriers, "designation_id")
    keep("carrier_names", lambda row: row["id"] in carriers)
    keep("carrier_seats", lambda row: row["carrier_id"] in carriers)
    keep("designation_places", lambda row: row["designation_id"] in kept)
    keep("former_places", lambda row: row["code"].startswith("11"))
    keep("towns", lambda _: False)
    keep("corrections", lambda row: row["record_id"] in record_keys)
    keep("parted_rows", lambda row: row["record_id"] in record_keys)
    keep("decisions", lambda _: False)
    keep("withdrawn", lambda _: False)
    keep("designation_relations", lambda row: {row["subject_id"], row["object_id"]} <= kept, "record_ids")
    keep("records", lambda row: row["id"] in record_keys)
    keep("designations", lambda row: row["id"] in kept)
    return data


class _Here(Executor):
    """What a build would do in a second process, which imports everything again, done at once."""

    def submit(self, fn: Callable[..., Any], /, *arguments: Any, **named: Any) -> Future[Any]:  # noqa: ANN401
        future: Future[Any] = Future()
        future.set_result(fn(*arguments, **named))
        return future


@pytest.fixture(scope="session")
def small_release(small_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Release:
    """One build for all processes of a run, read-only; HermiT has read the graphs of the real one."""
    shared = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent
    with (shared / "small-dist.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (shared / "small-dist" / "current").exists():
            with pytest.MonkeyPatch.context() as patched:
                patched.setattr(pipeline, "_reason", lambda *_: 0)
                patched.setattr(pipeline, "_background_processes", lambda: nullcontext(_Here()))
                pipeline.build(small_data, ROOT / "ontology", shared / "small-dist")
    return open_release(shared / "small-dist")


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Release:
    """A release that needs no build: the graphs of the tests of `/sparql`, which nobody writes."""
    return small_graph.small_release(tmp_path_factory.mktemp("small"))


def _filter(path: Path, keys: set[str], emptied: tuple[str, ...]) -> None:
    """Leave in a table the rows of some keys, and nothing in some columns."""
    with path.open(encoding="utf-8", newline="") as stream:
        columns, *rows = csv.reader(stream)
    kept = [
        ["" if column in emptied else cell for column, cell in zip(columns, row, strict=True)]
        for row in rows
        if row[columns.index("id")] in keys
    ]
    path.write_text(tables.to_csv(columns, iter(kept)), encoding="utf-8")
