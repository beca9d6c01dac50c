"""A release in another store: uploaded over HTTP, queried like the own store, refused if incomplete."""

import json
import os
import shutil
import signal
import subprocess
import urllib.request
from base64 import b64encode
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pyoxigraph
import pytest
from click.testing import CliRunner
from served import free_port, served, serving, until_serving
from waiting import PATIENCE_SECONDS, PATIENT, until
from werkzeug.wrappers import Request, Response

from kg.cli import main
from kg.errors import StoreError
from kg.release import Release
from kg.release.upload import DEFAULT_COPY, Target, load, open_loaded
from kg.sandbox import Pool
from kg.store import EmbeddedStore, GraphFile, RemoteStore, Store, load_store, questions
from kg.vocab import graph
from web import create_app

pytestmark = pytest.mark.slow

PAGES = (
    "/data/programme/national-high-tech-zone.nt",
    "/ontology.ttl",
    "/ns/Programme?lang=en",
    "/scheme/status.ttl",
    "/questions/03-regions-claiming-international-center?lang=en",
)


class Writable:
    """Writable SPARQL server: Oxigraph with Graph Store Protocol and SPARQL Update, protected by a password."""

    def __init__(self) -> None:
        self.store = pyoxigraph.Store()

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:  # noqa: ANN401
        return self._answer(Request(environ))(environ, start_response)

    def _answer(self, request: Request) -> Response:
        if request.path == "/sparql":
            return self._query(request)
        expected = "Basic " + b64encode(b"reader:s3cret").decode()
        if request.headers.get("Authorization") != expected:
            return Response("who?", 401, {"WWW-Authenticate": 'Basic realm="store"'})
        if request.path == "/update":
            self.store.update(request.get_data().decode())
            return Response(status=204)
        name = pyoxigraph.NamedNode(request.args["graph"])
        if request.method == "PUT":
            self.store.clear_graph(name)
        self.store.load(request.get_data(), pyoxigraph.RdfFormat.TURTLE, to_graph=name)
        return Response(status=204)

    def _query(self, request: Request) -> Response:
        form = parse_qs(request.get_data(as_text=True))
        default, named = (
            [pyoxigraph.NamedNode(iri) for iri in form.get(name, [])] or None
            for name in ("default-graph-uri", "named-graph-uri")
        )
        found = self.store.query(form["query"][0], default_graph=default, named_graphs=named)
        assert isinstance(found, pyoxigraph.QuerySolutions | pyoxigraph.QueryBoolean)
        body = found.serialize(format=pyoxigraph.QueryResultsFormat.JSON)
        return Response(body, content_type="application/sparql-results+json")


def answers(store: Store, release: Release) -> dict[str, list[list[str]]]:
    asked = questions.questions(release.questions)
    return {question.key: list(questions.as_cells(questions.rows(store, question.query))) for question in asked}


@pytest.fixture(scope="module")
def expected(small_release: Release) -> dict[str, list[list[str]]]:
    return answers(EmbeddedStore(small_release.store_path), small_release)


def test_our_own_server_as_a_remote(small_release: Release, expected: dict[str, list[list[str]]]) -> None:
    """All questions give equal results, and the pages of the site are equal, by the remote and the embedded store."""
    pool = Pool(small_release.store_path, 2, PATIENT)
    with served(create_app(small_release, pool=pool)) as address:
        remote = open_loaded(address, small_release)
        assert answers(remote, small_release) == expected
        pages = [create_app(small_release, store=store).test_client() for store in (None, remote)]
        for path in PAGES:
            ours, theirs = (client.get(path) for client in pages)
            assert (ours.status_code, ours.data) == (200, theirs.data), path
    pool.close()


@pytest.mark.parametrize("way", ["graph-store", "update"])
def test_a_release_is_loaded_and_found_whole(small_release: Release, tmp_path: Path, way: str) -> None:
    part = few(small_release, tmp_path)
    writable = Writable()
    (tmp_path / "password").write_text("s3cret\nmore\n", encoding="utf-8")
    with served(writable) as address:
        host = address.removesuffix("/sparql")
        options = [
            "load",
            "--dist",
            str(part.path),
            "--store",
            address,
            f"--{way}",
            f"{host}/{way}",
            "--user",
            "reader",
        ]
        password = ("--password-file", str(tmp_path / "password"))
        for _ in range(2):  # the second time replaces the first
            outcome = CliRunner().invoke(main, [*options, "--user", "reader", *password])
            assert outcome.exit_code == 0, outcome.output
        total = sum(part.manifest["counts"]["triples"].values())
        assert outcome.stdout.splitlines()[-2] == f"{DEFAULT_COPY}: {total} triples"
        assert len(writable.store) == 2 * total
        remote = open_loaded(address, part)
        embedded = EmbeddedStore(part.store_path)
        everything = "SELECT ?s ?p ?o { ?s ?p ?o FILTER(!ISBLANK(?s) && !ISBLANK(?o)) } ORDER BY ?s ?p ?o"
        assert remote.select(everything, {}) == embedded.select(everything, {})
        nameless = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o . ?o ?q ?r FILTER ISBLANK(?o) }"
        assert remote.select(nameless, {}) == embedded.select(nameless, {})
        wrong = load(part, Target(address, f"{host}/graph-store", user="reader", password="guess"))  # noqa: S106
        with pytest.raises(StoreError, match=r"/graph-store refuses \(401\): who\?"):
            list(wrong)


def few(release: Release, folder: Path) -> Release:
    """Return a release with two graphs of another: the ontology, with its blank nodes, and the description."""
    names = ("ontology", "dataset")
    (folder / "graphs").mkdir()
    for name in names:
        shutil.copyfile(release.graphs / f"{name}.nt", folder / "graphs" / f"{name}.nt")
    files = [GraphFile(folder / "graphs" / f"{name}.nt", graph(name), in_default=True) for name in names]
    load_store(folder / "store", files)
    counts = {name: release.manifest["counts"]["triples"][name] for name in names}
    manifest = {**release.manifest, "counts": {"triples": counts}}
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    return Release(folder, manifest)


def test_a_server_without_the_whole_release_is_refused(small_release: Release, tmp_path: Path) -> None:
    part = few(small_release, tmp_path)
    writable = Writable()
    with served(writable) as address:
        count = part.manifest["counts"]["triples"]["ontology"]
        with pytest.raises(
            StoreError, match=rf"holds 0 of the {count} triples of ontology in the release {part.id}; run"
        ):
            open_loaded(address, part)
        with pytest.raises(StoreError, match="no way into the store: name its graph store or its address for updates"):
            list(load(part, Target(address)))
        with pytest.raises(StoreError, match="ftp://e/ is no address of a store"):
            list(load(part, Target(address, "ftp://e/")))
    with pytest.raises(StoreError, match="does not answer"):
        list(load(part, Target(address, "http://127.0.0.1:9/store")))


def test_the_server_serves_from_a_remote_store(small_release: Release, tmp_path: Path) -> None:
    (tmp_path / "current").symlink_to(small_release.path)
    with serving(tmp_path) as first:
        until_serving(first, small_release.id)
        with serving(tmp_path, "--store", f"{first}/sparql") as second:
            until_serving(second, small_release.id)
            path = "/data/programme/national-high-tech-zone.ttl"
            answered = [urllib.request.urlopen(address + path, timeout=PATIENCE_SECONDS) for address in (first, second)]
            ours, theirs = (answer.read() for answer in answered)
            for answer in answered:
                answer.close()
    assert ours == theirs


@contextmanager
def virtuoso(folder: Path) -> Iterator[str]:
    """Run Debian's Virtuoso on loopback ports with its files in a folder; yield its address."""
    port = free_port()
    (folder / "virtuoso.ini").write_text(
        "[Database]\nDatabaseFile = v.db\nErrorLogFile = v.log\nLockFile = v.lck\nTransactionFile = v.trx\n"
        "xa_persistent_file = v.pxa\n[TempDatabase]\nDatabaseFile = t.db\nTransactionFile = t.trx\n"
        f"[Parameters]\nServerPort = 127.0.0.1:{free_port()}\nNumberOfBuffers = 40000\nMaxDirtyBuffers = 30000\n"
        f"DirsAllowed = .\n[HTTPServer]\nServerPort = 127.0.0.1:{port}\nServerThreads = 8\n"
        "[SPARQL]\nResultSetMaxRows = 1000000\n",
        encoding="utf-8",
    )
    command = ["virtuoso-t", "+configfile", "virtuoso.ini", "+foreground"]
    with (folder / "out").open("wb") as out, subprocess.Popen(command, cwd=folder, stdout=out, stderr=out) as process:
        try:
            until(lambda: answers_queries(f"http://127.0.0.1:{port}/sparql"), seconds=600)
            yield f"http://127.0.0.1:{port}"
        finally:
            os.kill(process.pid, signal.SIGKILL)


def answers_queries(endpoint: str) -> bool:
    try:
        urllib.request.urlopen(f"{endpoint}?query=ASK%7B%7D", timeout=PATIENCE_SECONDS).close()
    except OSError:
        return False
    return True


def plain(rows: list[list[str]]) -> list[list[str]]:
    """Normalise rows for comparison: order that SPARQL leaves open, and computed booleans."""
    truths = {"1": "true", "0": "false"}
    return sorted([truths.get(cell, ";".join(sorted(cell.split(";")))) for cell in row] for row in rows)


@pytest.mark.skipif(not shutil.which("virtuoso-t"), reason="no Virtuoso: apt-get install virtuoso-opensource-7")
def test_virtuoso(release: Release, tmp_path: Path) -> None:
    """The complete release is loaded into Virtuoso; the questions give equal results; a partial result is an error.

    On a small release many questions have no rows, and nothing equals nothing.
    """
    expected = answers(EmbeddedStore(release.store_path), release)
    with virtuoso(tmp_path) as address:
        target = Target(f"{address}/sparql", f"{address}/sparql-graph-crud-auth", user="dba", password="dba")  # noqa: S106
        list(load(release, target))
        remote = open_loaded(target.query, release)
        differing = {}
        for question in questions.questions(release.questions):
            try:
                found = list(questions.as_cells(questions.rows(remote, question.query)))
            except StoreError as error:
                found = [[str(error)]]
            if plain(found) != plain(expected[question.key]):
                differing[question.key] = found
        assert differing == {}
        client = create_app(release, store=remote).test_client()
        ours = create_app(release).test_client()
        lines = [sorted(asked.get(PAGES[0]).text.splitlines()) for asked in (client, ours)]
        assert lines[0] == lines[1]
        heavy = (
            "SELECT ?a { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(CONTAINS(STR(?i), 'q!') || CONTAINS(STR(?c), 'z!')) }"
        )
        with pytest.raises(StoreError, match=r"answered in part only \(S1TAT\)"):
            RemoteStore(f"{target.query}?timeout=1000").select(heavy, {})
