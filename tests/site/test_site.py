"""The site as a whole: internal links, headers, unknown addresses, downloads, path prefix."""

import re
from collections import Counter

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from read_pages import soup, words

from kg.release import Release
from web import create_app
from web.http.responses import HEADERS

SAMPLE = 10
"""Links to one list with other filters that are followed; `test_designation_pages` and `test_lists` look at their
numbers."""


SOME = ["/page/table/p1-t3?lang=en", "/ns/Mandate?lang=en", "/downloads?lang=en"]
MORE = [
    "/?lang=en",
    "/page/programme/agri-sci-park?lang=en",
    "/page/region/gba?lang=en",
    "/page/designation/national-manufacturing-innovation-center-glass?lang=en",
    "/page/source/rg-R01?lang=en",
    "/scheme/status?lang=en",
    "/tables?lang=en",
    "/questions/4?lang=en",
]


@pytest.mark.parametrize(
    ("pages", "least"), [(SOME, 100), pytest.param(SOME + MORE, 300, marks=pytest.mark.slow)], ids=["some", "more"]
)
def test_all_internal_links_of_some_pages_lead_somewhere(client: FlaskClient, pages: list[str], least: int) -> None:
    left = list(pages)
    seen, lists = set(left), Counter[str]()
    for address in left:
        for link in soup(client, address).find_all(["a", "link"], href=re.compile(r"^[/?#]")):
            target = str(link["href"]).partition("#")[0]
            path, query_string, _ = target.partition("?")
            lists[path] += bool(query_string)
            if target and target not in seen and lists[path] <= SAMPLE:
                seen.add(target)
                answer = client.get(target, headers={"Accept": "text/html, */*;q=0.1"})
                assert answer.status_code in (200, 303), (address, target)
    assert len(seen) > least


def test_headers_and_conditional_requests(client: FlaskClient) -> None:
    for address in (
        "/",
        "/page/programme/agri-sci-park",
        "/programmes.csv",
        "/nothing",
        "/health",
        "/static/guapai.css",
    ):
        answer = client.get(address)
        for name, content in HEADERS.items():
            assert answer.headers[name] == content, (address, name)
        assert "Set-Cookie" not in answer.headers
    tags = set()
    for address in ("/?lang=zh", "/?lang=en", "/programmes.csv?lang=en", "/programmes.json?lang=en"):
        first = client.get(address)
        tags.add(first.headers["ETag"])
        again = client.get(address, headers={"If-None-Match": first.headers["ETag"]})
        assert (again.status_code, again.data) == (304, b"")
        assert client.get(address, headers={"If-None-Match": '"other"'}).status_code == 200
    assert len(tags) == 4, "language and format are part of the tag"
    assert "Accept-Language" in client.get("/").headers["Vary"]


def test_what_never_existed_is_404_with_a_page_that_helps(client: FlaskClient) -> None:
    for address in (
        "/page/programme/none",
        "/page/nonsense/none",
        "/scheme/none",
        "/ns/none",
        "/programmes.xml",
        "/none",
    ):
        answer = client.get(f"{address}?lang=en")
        page = BeautifulSoup(answer.text, "html.parser")
        assert answer.status_code == 404, address
        assert words(page.h1) == "Nothing here"
        assert page.main.find("a", href="/programmes?lang=en")
    answer = client.post("/programmes")
    assert (answer.status_code, "GET" in answer.headers["Allow"]) == (405, True)


@pytest.mark.parametrize(
    "address",
    [
        "/page/programme/a%20b",
        "/page/programme/%3Cscript%3E",
        "/page/programme/%ED%A0%80",
        "/page/programme/北京",
        "/page/place/440000?from=gp:a%3Eb",
        "/page/place/440000?from=gp:directlyWithin&page=99",
        "/page/place/440000?from=nonsense:x",
        "/ns/%22",
        "/ns/a%20b.ttl",
        "/scheme/a%3E%3C",
        "/scheme/purpose/%7B%7D.ttl",
        "/id/programme/%5C",
        "/data/programme/%00.ttl",
        "/places?page=99999999999999999999",
        "/questions/٣",
        "/static/%2e%2e/__init__.py",
    ],
)
def test_an_address_that_can_be_no_iri_never_existed(client: FlaskClient, address: str) -> None:
    assert client.get(address).status_code == 404


def test_downloads_are_those_of_the_manifest(client: FlaskClient, release: Release) -> None:
    files = release.manifest["files"]
    page = soup(client, "/downloads?lang=en")
    shown = {path: entry["sha256"] for path, entry in files.items() if not path.startswith("ontology/examples/")}
    assert {words(code) for code in page.select("code.digest")} == set(shown.values())
    answer = client.get("/downloads/tables/programmes.csv")
    assert answer.data == (release.path / "tables" / "programmes.csv").read_bytes()
    assert answer.headers["Content-Disposition"].startswith("attachment")
    for path in ("manifest.json", "../manifest.json", "store/CURRENT", "tables/%2e%2e/manifest.json"):
        assert client.get(f"/downloads/{path}").status_code == 404, path


def test_a_download_is_asked_for_again_after_a_new_release(client: FlaskClient) -> None:
    """Its address names no release: kept for a year, it would no longer be what SHA256SUMS says."""
    for path in ("graphs/dataset.nt", "SHA256SUMS"):
        answer = client.get(f"/downloads/{path}", buffered=True)
        assert (answer.headers["Cache-Control"], answer.headers.get("Expires")) == ("no-cache", None), path
        assert "Last-Modified" not in answer.headers, "an older release may come back"
        again = client.get(f"/downloads/{path}", headers={"If-None-Match": answer.headers["ETag"]}, buffered=True)
        assert (again.status_code, again.headers["Cache-Control"]) == (304, "no-cache")


def test_a_download_can_be_taken_in_parts(client: FlaskClient, release: Release) -> None:
    """RFC 9110, section 14: a range counts for GET only, and several at once may be ignored."""
    address, whole = "/downloads/graphs/dataset.nt", (release.path / "graphs" / "dataset.nt").read_bytes()
    size = len(whole)
    for ranges, status, body, said in (
        ("bytes=0-9", 206, whole[:10], f"bytes 0-9/{size}"),
        ("bytes=-5", 206, whole[-5:], f"bytes {size - 5}-{size - 1}/{size}"),
        ("bytes=0-1,4-5", 200, whole, None),
        ("bytes=999999999-", 416, None, f"bytes */{size}"),
    ):
        answer = client.get(address, headers={"Range": ranges}, buffered=True)
        assert (answer.status_code, answer.headers.get("Content-Range")) == (status, said), ranges
        assert body is None or answer.data == body, ranges
    head = client.head(address, headers={"Range": "bytes=0-9"}, buffered=True)
    assert (head.status_code, head.content_length) == (200, size)
    other = client.get(address, headers={"Range": "bytes=0-9", "If-Range": '"of-before"'}, buffered=True)
    assert (other.status_code, other.data) == (200, whole)


def test_the_site_can_stand_under_a_prefix(release: Release) -> None:
    app = create_app(release, prefix="/guapai")
    client = app.test_client()
    page = soup(client, "/guapai/page/programme/agri-sci-park?lang=en")
    links = [str(a["href"]) for a in page.find_all(["a", "link"], href=re.compile(r"^/"))]
    assert links
    assert [link for link in links if not link.startswith("/guapai/")] == []
    assert client.get(links[0]).status_code == 200
    assert client.get("/page/programme/agri-sci-park").status_code == 404
