"""Damaged releases: refused at start with a sentence, answered with 503 while served, never with a traceback."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from bench.damage import WAYS, damaged, linked_copy
from kg.cli import main
from kg.errors import ReleaseError, StoreError
from kg.release import Release, check, checksums, open_release, write_manifest
from web import create_app

OWN = ("manifest.json", "columns/", "search.sqlite", "ontology/", "tables/", "graphs/quality.nt", "report/", "store/")
REMEDY = "run `guapai build` to make it anew"
PAGES = {
    "columns/designations.parquet": "/designations.csv",
    "search.sqlite": "/search?q=%E5%8C%BA",
    "ontology/questions": "/questions",
    "ontology/rules": "/rules",
    "ontology/shapes.ttl": "/shapes",
    "graphs/quality.nt": "/downloads/graphs/quality.nt",
}
"""A file or folder of a release to a page that reads it."""


@pytest.fixture(scope="module")
def copy(release: Release, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A release whose files the tests damage and mend again."""
    return linked_copy(release.path, tmp_path_factory.mktemp("copy") / "release", OWN)


def files(copy: Path) -> list[Path]:
    """One file of each part of a release, its largest, and the small ones by which a store is opened."""
    of_store = [path for path in (copy / "store").iterdir() if path.name.startswith(("CURRENT", "MANIFEST", "OPTIONS"))]
    parts = (
        "columns",
        "search.sqlite",
        "ontology",
        "ontology/questions",
        "ontology/rules",
        "tables",
        "report",
        "store",
    )
    found = [max((path for path in each(copy / part)), key=lambda path: path.stat().st_size) for part in parts]
    return [*found, copy / "graphs" / "quality.nt", *of_store]


def each(path: Path) -> Iterator[Path]:
    yield from [path] if path.is_file() else (found for found in path.iterdir() if found.is_file())


@pytest.mark.parametrize("way", WAYS)
def test_damage_is_found_before_a_release_is_served(copy: Path, way: str) -> None:
    release = open_release(copy)
    check(release)
    for path in files(copy):
        name = path.relative_to(copy).as_posix()
        with damaged(path, way):
            found = [fault.file for fault in checksums.faults(copy, release.manifest, whole=True, within=name)]
            assert found == [name]
            if way == "flipped" and name.startswith(checksums.LARGE):
                continue
            with pytest.raises(ReleaseError, match=rf"is damaged: {name} .*; {REMEDY}$"):
                check(release)
    check(release)


@pytest.mark.parametrize("content", ["[]", "{}", "null", '"x"', "", "{", '{"release": 1}', "\x00"])
def test_a_damaged_manifest_is_a_sentence(copy: Path, content: str) -> None:
    path = copy / "manifest.json"
    with damaged(path, "removed"):
        path.write_text(content, encoding="utf-8")
        outcome = CliRunner().invoke(main, ["serve", "--dist", str(copy), "--port", "1"])
    assert (outcome.exit_code, outcome.stdout) == (1, "")
    assert outcome.stderr.startswith(f"guapai: {path} ")
    assert outcome.stderr.endswith(f"; {REMEDY}\n")


@pytest.mark.parametrize("key", ["release", "version", "data_as_of", "counts", "files", "derived"])
def test_a_manifest_with_another_value_is_no_manifest(copy: Path, key: str) -> None:
    path = copy / "manifest.json"
    with damaged(path, "removed"):
        content = dict(open_release_of(path, copy))
        write_manifest(copy, {**content, key: 5})
        with pytest.raises(ReleaseError, match=f"manifest.json is damaged: it does not say {key}; {REMEDY}"):
            open_release(copy)


def open_release_of(path: Path, copy: Path) -> dict[str, object]:
    kept = {"release": "x", "version": "0", "data_as_of": "2026-11-24", "counts": {}, "files": {}, "derived": {}}
    write_manifest(copy, kept)
    content: dict[str, object] = json.loads(path.read_text(encoding="utf-8"))
    assert open_release(copy).id == "x"
    return content


@pytest.mark.parametrize(
    ("name", "way"),
    [("columns/designations.parquet", "truncated"), ("ontology/questions", "removed"), ("ontology/rules", "removed")],
)
def test_the_server_does_not_start_with_a_damaged_release(copy: Path, name: str, way: str) -> None:
    with damaged(copy / name, way):
        outcome = CliRunner().invoke(main, ["serve", "--dist", str(copy), "--port", "0"])
    assert (outcome.exit_code, outcome.stdout) == (1, "")
    assert outcome.stderr.startswith(f"guapai: the release {open_release(copy).id} in {copy} is damaged: {name}")
    assert outcome.stderr.endswith(f"; {REMEDY}\n")


PARTLY = ("graphs/quality.nt", "truncated")
"""A file of which a part is there is not handed out."""


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("way", WAYS)
def test_a_page_that_cannot_be_read_is_503_and_the_site_not_ready(copy: Path, name: str, way: str) -> None:
    """What no page can notice, such as a comment cut off, is seen by `/health` or by `guapai verify`."""
    path = copy / name
    if path.is_dir() and way != "removed":
        pytest.skip("a folder is removed only")
    client = create_app(open_release(copy)).test_client()
    assert client.get("/health").json["parts"]["files"] == "ok"
    with damaged(path, way):
        status = client.get(PAGES[name], buffered=True).status_code
        health = client.get("/health")
        assert (status, health.status_code) in ((503, 503), (200, 503), (200, 200))
        if way == "removed" or name.startswith(("columns", "ontology")) or (name, way) == PARTLY:
            assert status == 503
        if way != "flipped" or status == 503:
            assert (health.status_code, health.json["status"]) == (503, "not ready")
            assert health.json["parts"]["files"] == "damaged"


@pytest.mark.parametrize("way", WAYS)
def test_a_damaged_manifest_makes_a_served_site_not_ready(copy: Path, way: str) -> None:
    """Pages go on; but a process that is replaced could not start."""
    client = create_app(open_release(copy)).test_client()
    with damaged(copy / "manifest.json", way):
        health = client.get("/health")
        assert (health.status_code, health.json["parts"]["files"]) == (503, "damaged")
        assert client.get("/questions").status_code == 200
    assert client.get("/health").status_code == 200


@pytest.mark.slow
def test_a_damaged_store_is_503(copy: Path) -> None:
    """Its large files hold what every page reads; the engine holds sizes and blocks against its own checksums."""
    served, statuses = create_app(open_release(copy)), set()
    for path in [path for path in each(copy / "store") if path.suffix == ".sst" and path.stat().st_size > 1 << 20]:
        with damaged(path, "truncated"):
            client = served.test_client()
            status = client.get("/page/programme/national-high-tech-zone").status_code
            assert client.get("/health").status_code == 503
            statuses.add(status)
            with pytest.raises(StoreError, match=f"cannot be opened: .*{REMEDY}"):
                create_app(open_release(copy))
    assert statuses <= {200, 503}, "what stands in the engine's memory is answered"


def test_verify_names_every_damaged_file(copy: Path) -> None:
    sound = CliRunner().invoke(main, ["verify", "--dist", str(copy)])
    assert (sound.exit_code, sound.stderr) == (0, "")
    assert sound.stdout.endswith(", all as they were built\n")
    lists, sources = copy / "tables" / "lists.csv", copy / "columns" / "sources.parquet"
    with damaged(lists, "removed"), damaged(sources, "flipped"):
        (copy / "report" / "more.csv").write_text("", encoding="utf-8")
        outcome = CliRunner().invoke(main, ["verify", "--dist", str(copy)])
        (copy / "report" / "more.csv").unlink()
    assert outcome.exit_code == 1
    assert outcome.stdout.splitlines() == [
        "columns/sources.parquet is not as in its manifest (SHA-256)",
        "report/more.csv is not in the manifest",
        "tables/lists.csv is missing",
    ]
    assert outcome.stderr.endswith(f": {REMEDY}\n")
