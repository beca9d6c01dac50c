"""`/release/<id>/…`: what was cited stays, says where a newer release says otherwise, and leads nowhere else."""

import json
import shutil
from pathlib import Path

import duckdb
import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from pyoxigraph import DefaultGraph, NamedNode, Quad, Store

from bench.damage import linked_copy
from kg.release import MANIFEST, Release, open_release
from kg.release.release import publish, write_manifest
from kg.vocab import BASE, THINGS
from web import create_app
from web.middleware.monitoring import Operation
from web.middleware.rate_limits import Rates
from web.views.release.kept import MAX_OPEN, Kept
from web.views.release.today import DERIVED

GONE = "national-sti-center-wuhan"
RENAMED = "international-sti-center-shanghai"
FINDINGS = {
    "positioning/international-sti-center": "changed",
    "territorial/110000/regional-development": "same",
    "territorial/420111/regional-development": "gone",
}
"""Finding of the older release to what the newer one says of it."""
SAID = {
    "changed": "Today's release says otherwise:",
    "same": "Today's release says the same:",
    "gone": "Today's release no longer has it:",
    "": "Today's release:",
}
HTML = {"Accept": "text/html"}


def newer(staging: Path) -> None:
    """Take a designation and a position out of a release, and give another designation one more name."""
    with duckdb.connect() as connection:
        for path in (staging / "columns").glob("*.parquet"):
            table = connection.read_parquet(str(path))
            left = f"designation <> '{GONE}'" if "designation" in table.columns else "true"
            if path.stem == "positionings":
                left = "positioning <> 'p2-positions/r01'"
            kept = f"SELECT * FROM '{path}' WHERE {left}"  # noqa: S608 — our own names
            connection.execute(f"COPY ({kept}) TO '{path}.new' (FORMAT parquet)")
            Path(f"{path}.new").replace(path)
    store = Store(str(staging / "store"))
    for quad in list(store.quads_for_pattern(NamedNode(f"{THINGS}designation/{GONE}"), None, None)):
        store.remove(quad)
    quads = store.quads_for_pattern(NamedNode(f"{THINGS}designation/{RENAMED}"), None, None)
    first = next(quad for quad in quads if quad.graph_name not in (DefaultGraph(), NamedNode(DERIVED)))
    seen = NamedNode("http://www.w3.org/2000/01/rdf-schema#seeAlso")
    store.add(Quad(first.subject, seen, NamedNode(BASE), first.graph_name))
    store.flush()


@pytest.fixture(scope="module")
def dist(small_release: Release, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two releases that were built and put into place, one day apart."""
    dist = tmp_path_factory.mktemp("kept")
    shutil.copytree(small_release.path, dist / small_release.id)
    shutil.copytree(small_release.path, dist / "staging")
    newer(dist / "staging")
    publish(dist / "staging", dist, "2026-11-25", small_release.manifest["counts"])
    return dist


@pytest.fixture(scope="module")
def before(small_release: Release, dist: Path) -> FlaskClient:
    """The site while the older release was served."""
    return create_app(open_release(dist / small_release.id)).test_client()


@pytest.fixture(scope="module")
def served(dist: Path) -> Flask:
    return create_app(open_release(dist))


@pytest.fixture
def client(served: Flask) -> FlaskClient:
    return served.test_client()


@pytest.fixture(scope="module")
def old(small_release: Release) -> str:
    """Where the older release is kept."""
    return f"/release/{small_release.id}"


def told(client: FlaskClient, address: str) -> tuple[str, str]:
    """Return what a page says of today's release, and the address there."""
    answer = client.get(address, headers=HTML)
    assert answer.status_code == 200, answer.text
    kept = BeautifulSoup(answer.text, "html.parser").select_one("aside.kept")
    assert kept
    assert kept.a
    return next(state for state, text in SAID.items() if text in kept.get_text()), str(kept.a["href"])


@pytest.mark.parametrize("key", FINDINGS)
def test_a_finding_stays_and_says_what_todays_release_says_of_it(client: FlaskClient, old: str, key: str) -> None:
    path = f"/page/finding/{key}?lang=en"
    state, today = told(client, old + path)
    assert (state, today) == (FINDINGS[key], path)
    assert client.get(today, headers=HTML).status_code == (404 if state == "gone" else 200)


@pytest.mark.parametrize(
    ("path", "state"),
    [
        (f"/page/designation/{GONE}", "gone"),
        (f"/page/designation/{RENAMED}", "changed"),
        ("/page/programme/international-sti-center", "same"),
        ("/scheme/purpose/technology-transfer", "same"),
        ("/ask?place=420111&purpose=regional-development", "changed"),
        ("/ask?place=310115&purpose=regional-development", "same"),
        ("/designations?place=420000", ""),
        ("/", ""),
    ],
)
def test_things_and_answer_sheets_stay_too(client: FlaskClient, old: str, path: str, state: str) -> None:
    path += "&lang=en" if "?" in path else "?lang=en"
    assert told(client, old + path) == (state, path)


@pytest.mark.parametrize(
    "page",
    [
        "/page/finding/territorial/420111/regional-development",
        f"/page/designation/{GONE}",
        "/ask?place=420111&purpose=regional-development",
        "/dossier/420000",
        "/designations?place=420000",
        "/about",
    ],
)
def test_what_was_cited_is_found_before_and_after_a_newer_release(
    before: FlaskClient, client: FlaskClient, small_release: Release, page: str
) -> None:
    (item,) = json.loads(before.get(f"{page}{'&' if '?' in page else '?'}cite=csl&lang=en").data)
    cited = item["URL"]
    assert cited.startswith(f"{BASE}release/{small_release.id}/")
    address = "/" + cited.removeprefix(BASE)
    while_served, afterwards = (
        visitor.get(address, headers=HTML, follow_redirects=True) for visitor in (before, client)
    )
    assert (while_served.status_code, afterwards.status_code) == (200, 200)
    headings = [BeautifulSoup(answer.text, "html.parser").find("h1") for answer in (while_served, afterwards)]
    assert headings[0] == headings[1]
    assert f"release/{small_release.id}" in afterwards.request.path
    if page != "/about":  # cites the data set, whose page cites nothing
        again = f"/release/{small_release.id}{page}{'&' if '?' in page else '?'}cite=csl&lang=en"
        assert json.loads(client.get(again).data) == [item]


def test_the_served_release_redirects_from_its_permanent_address(client: FlaskClient, served: Flask) -> None:
    here = f"/release/{served.extensions['guapai'].release.id}"
    for path in ("/designations?place=320583&lang=en", "/id/place/420000", "/downloads/SHA256SUMS", "/"):
        answer = client.get(here + path)
        assert (answer.status_code, answer.headers["Location"]) == (307, path)
        assert answer.headers["Cache-Control"] == "no-cache"


def test_links_of_a_kept_page_stay_in_its_release(client: FlaskClient, old: str) -> None:
    for path in ("/", "/page/finding/territorial/420111/regional-development", "/designations", "/ask?place=420111"):
        page = BeautifulSoup(client.get(old + path, headers=HTML).text, "html.parser")
        today = page.select_one("aside.kept")
        assert today
        today.extract()
        links = {str(found[name]) for name in ("href", "action", "src") for found in page.find_all(attrs={name: True})}
        local = {link for link in links if link.startswith("/")}
        assert len(local) > 10
        assert {link for link in local if not link.startswith(f"{old}/")} == set()


@pytest.mark.parametrize("proxied", [False, True], ids=["option", "proxy"])
def test_a_site_under_a_path_keeps_its_releases_there(dist: Path, old: str, *, proxied: bool) -> None:
    where = {"operation": Operation(proxies=1)} if proxied else {"prefix": "/guapai"}
    client = create_app(open_release(dist), **where).test_client()  # type: ignore[arg-type]
    headers, before = ({**HTML, "X-Forwarded-Prefix": "/guapai"}, "") if proxied else (HTML, "/guapai")
    answer = client.get(f"{before}{old}/programmes?lang=en", headers=headers)
    page = BeautifulSoup(answer.text, "html.parser")
    links = {str(found["href"]) for found in page.find_all(attrs={"href": True})}
    assert "/guapai/programmes?lang=en" in links
    assert {link for link in links if link.startswith("/") and not link.startswith("/guapai/")} == set()
    assert f"/guapai{old}/places?lang=en" in links
    today = open_release(dist).id
    redirected = client.get(f"{before}/release/{today}/places", headers=headers)
    assert redirected.headers["Location"] == "/guapai/places"


def test_data_is_that_of_the_release_and_names_todays(before: FlaskClient, client: FlaskClient, old: str) -> None:
    path = "/designations.json?lang=en"
    then, kept, now = before.get(path), client.get(old + path), client.get(path)
    assert kept.json == then.json != now.json
    assert f'<{path}>; rel="latest-version"' in kept.headers.getlist("Link")
    assert kept.headers["ETag"] not in (then.headers["ETag"], now.headers["ETag"])
    assert client.get(old + path, headers={"If-None-Match": kept.headers["ETag"]}).status_code == 304
    statements = client.get(f"{old}/id/designation/{GONE}", headers={"Accept": "text/turtle"}, follow_redirects=True)
    assert f"{THINGS}designation/{GONE}" in statements.text
    assert statements.request.path == f"{old}/data/designation/{GONE}.ttl"


def test_files_are_taken_without_opening_the_release(dist: Path, small_release: Release, old: str) -> None:
    app = create_app(open_release(dist))
    sums = app.test_client().get(f"{old}/downloads/SHA256SUMS").text
    name = sums.split()[1]
    taken = app.test_client().get(f"{old}/downloads/{name}", headers={"Range": "bytes=0-9"})
    assert (taken.status_code, taken.data) == (206, (small_release.path / name).read_bytes()[:10])
    assert app.test_client().get(f"{old}/downloads/../manifest.json").status_code == 404
    assert not app.extensions["guapai_kept"].is_open(small_release.id)


@pytest.mark.parametrize("path", ["/sparql?query=ASK%20%7B%7D", "/reconcile", "/health", "/metrics", "/releases"])
def test_only_todays_release_answers_what_is_no_content(client: FlaskClient, old: str, path: str) -> None:
    answer = client.get(f"{old}{path}", headers={"Accept": "application/problem+json", "Accept-Language": "en"})
    assert answer.status_code == 404
    assert answer.json["detail"].endswith(f"Only the release of today answers here: {path}")


def test_what_is_not_there_is_told(dist: Path, small_release: Release, tmp_path: Path) -> None:
    shutil.copytree(dist, tmp_path, dirs_exist_ok=True, symlinks=True)
    damaged, left = tmp_path / ("d" * 12), tmp_path / ("e" * 12)
    shutil.copytree(small_release.path, damaged)
    manifest = json.loads((damaged / MANIFEST).read_text("utf-8"))
    (damaged / MANIFEST).write_text(json.dumps(manifest | {"release": damaged.name}), encoding="utf-8")
    left.mkdir()
    shutil.copyfile(small_release.path / MANIFEST, left / MANIFEST)
    app = create_app(open_release(tmp_path))
    expected = {
        f"/release/{left.name}/": (410, "no longer on this server"),
        f"/release/{left.name}/downloads/SHA256SUMS": (410, "no longer on this server"),
        f"/release/{damaged.name}/designations": (410, f"/release/{damaged.name}/downloads/SHA256SUMS"),
        f"/release/{'f' * 12}/": (404, f"no release {'f' * 12}"),
        "/release/current/": (404, "no release current"),
    }
    problem = {"Accept": "application/problem+json", "Accept-Language": "en"}
    answers = {address: app.test_client().get(address, headers=problem) for address in expected}
    assert {address: answer.status_code for address, answer in answers.items()} == {
        address: status for address, (status, _) in expected.items()
    }
    assert [address for address, (_, part) in expected.items() if part not in answers[address].json["detail"]] == []


def test_few_releases_are_open_and_opening_one_is_limited_like_a_day_of_choice(
    dist: Path, small_release: Release, old: str, tmp_path: Path
) -> None:
    copies = [tmp_path / f"{number:012x}" for number in range(MAX_OPEN + 1)]
    for copy in copies:
        linked_copy(small_release.path, copy, (MANIFEST,))
        write_manifest(copy, {**open_release(copy).manifest, "release": copy.name})
    kept = Kept(open_release(copies[0]), lambda release: Flask(release.id))
    for copy in copies:
        found = kept.release(copy.name)
        assert isinstance(found, Release)
        assert kept.application(found).name == copy.name
    assert [kept.is_open(copy.name) for copy in copies] == [False, *([True] * MAX_OPEN)]

    client = create_app(open_release(dist), operation=Operation(Rates(days=1))).test_client()
    assert client.get(f"{old}/places.json?as_of=2020-01-01").status_code == 200
    assert client.get(f"{old}/programmes.json").status_code == 200
    assert client.get(f"/release/{'f' * 12}/").status_code == 429
