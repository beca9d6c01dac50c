"""The sitemap lists every indexable page in both languages, and nothing closed to crawlers."""

import random
from xml.etree import ElementTree as ET

import pytest
from flask import Flask
from flask.testing import FlaskClient
from read_pages import soup

from kg.release import Release
from web import create_app
from web.middleware.monitoring import DISALLOWED_PATHS
from web.views.release import sitemap

NAMES = {"s": sitemap.NAMESPACE, "x": sitemap.XHTML}
HOST = "http://localhost"


def parts(client: FlaskClient, root: str = "") -> list[str]:
    answer = client.get(f"{root}/sitemap.xml")
    assert (answer.status_code, answer.mimetype) == (200, "application/xml")
    tree = ET.fromstring(answer.data)  # noqa: S314 — our own
    return [loc.text or "" for loc in tree.findall("s:sitemap/s:loc", NAMES)]


def entries(client: FlaskClient, part: str) -> dict[str, dict[str, str]]:
    """Return the addresses of a part, each with its alternates by language."""
    answer = client.get(part.removeprefix(HOST))
    assert (answer.status_code, answer.mimetype) == (200, "application/xml")
    urls = ET.fromstring(answer.data).findall("s:url", NAMES)  # noqa: S314 — our own
    found = {
        str(url.findtext("s:loc", namespaces=NAMES)): {
            link.attrib["hreflang"]: link.attrib["href"] for link in url.findall("x:link", NAMES)
        }
        for url in urls
    }
    assert len(found) == len(urls) <= 50_000
    return found


@pytest.fixture(scope="module")
def pages(app: Flask) -> dict[str, dict[str, str]]:
    client = app.test_client()
    found: dict[str, dict[str, str]] = {}
    for part in parts(client):
        more = entries(client, part)
        assert not found.keys() & more.keys()
        found |= more
    return found


def test_every_page_stands_in_both_languages_and_each_names_the_other(pages: dict[str, dict[str, str]]) -> None:
    for address, alternates in pages.items():
        assert address in alternates.values()
        path = address.partition("?")[0]
        assert alternates == {"zh-Hans": f"{path}?lang=zh", "en": f"{path}?lang=en"}
        assert set(alternates.values()) <= pages.keys()
        assert not any(path.removeprefix(HOST).startswith(closed) for closed in DISALLOWED_PATHS), address


def test_all_designations_places_and_findings_are_there(
    app: Flask, release: Release, pages: dict[str, dict[str, str]]
) -> None:
    paths = {address.removeprefix(HOST).partition("?")[0] for address in pages}
    counts = release.manifest["counts"]["rows"]
    for kind, table in (("designation", "designations"), ("place", "places"), ("carrier", "carriers")):
        assert sum(path.startswith(f"/page/{kind}/") for path in paths) == counts[table], kind
    computed = app.extensions["guapai"].computed
    for day in computed.days:
        assert {f"/page/finding/{key}" for key in computed.findings(day)} <= paths
    footer = soup(app.test_client(), "/").select("nav a[href], footer a[href]")
    open_ = {str(link["href"]) for link in footer if not str(link["href"]).startswith((*DISALLOWED_PATHS, "/?"))}
    assert open_ <= paths


def test_what_it_names_is_there(app: Flask, pages: dict[str, dict[str, str]]) -> None:
    client = app.test_client()
    entrances = list(entries(client, "/sitemap-entrances-1.xml"))
    chosen = random.Random(0).sample(sorted(pages), 15)  # noqa: S311 — the same each time
    for address in (*entrances, *chosen):
        answer = client.get(address.removeprefix(HOST))
        assert (answer.status_code, answer.mimetype) == (200, "text/html"), address


@pytest.mark.slow
def test_parts_follow_one_another(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    client = app.test_client()
    whole = [address for part in parts(client) for address in entries(client, part)]
    monkeypatch.setattr(sitemap, "PAGES_PER_PART", 6_000)
    assert len(parts(client)) > 4
    assert [address for part in parts(client) for address in entries(client, part)] == whole
    for missing in ("things-0", "things-99", "nothing-1"):
        assert client.get(f"/sitemap-{missing}.xml").status_code == 404


def test_under_a_prefix_robots_and_index_lead_to_it(small_release: Release) -> None:
    client = create_app(small_release, prefix="/guapai").test_client()
    said = client.get("/guapai/robots.txt").text.splitlines()
    assert f"Sitemap: {HOST}/guapai/sitemap.xml" in said
    first = parts(client, "/guapai")[0]
    assert first == f"{HOST}/guapai/sitemap-entrances-1.xml"
    assert f"{HOST}/guapai/designations?lang=en" in entries(client, first)
