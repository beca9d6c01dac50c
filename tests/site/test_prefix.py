"""The site under a path prefix: no link, form, redirect or file leads out of it, by option or by proxy header."""

import os
import shutil
import signal
import socket
import subprocess
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from served import free_port, serving, until_serving
from waiting import PATIENCE_SECONDS, PATIENT, until

from kg.release import Release
from kg.sandbox import Pool
from web import create_app
from web.middleware.monitoring import Operation

PREFIX = "/guapai"
PAGES = ("/ontology", "/ns/Programme", "/scheme/status", "/downloads", "/releases", "/questions", "/sparql", "/none")
CARRIERS = ("href", "src", "action", "data-suggest")


@pytest.fixture(scope="module", params=["option", "proxy"])
def client(request: pytest.FixtureRequest, small_release: Release) -> Iterator[tuple[FlaskClient, str, dict[str, str]]]:
    """A client, what stands before its paths, and the headers of the proxy."""
    pool = Pool(small_release.store_path, 1, PATIENT)
    if request.param == "option":
        yield create_app(small_release, pool=pool, prefix=PREFIX).test_client(), PREFIX, {}
    else:
        app = create_app(small_release, pool=pool, operation=Operation(proxies=1))
        yield app.test_client(), "", {"X-Forwarded-Prefix": PREFIX, "X-Forwarded-Host": "example.org"}
    pool.close()


def outside(page: str) -> list[str]:
    """Return the links of a page that lead to this host and not under the prefix."""
    read = BeautifulSoup(page, "html.parser")
    found = [str(element[name]) for name in CARRIERS for element in read.find_all(attrs={name: True})]
    local = [link for link in found if link.startswith("/")]
    assert local, "a page has links"
    return [link for link in local if not link.startswith(f"{PREFIX}/")]


def test_every_link_stays_under_the_prefix(client: tuple[FlaskClient, str, dict[str, str]]) -> None:
    visitor, before, headers = client
    for path in PAGES:
        answer = visitor.get(before + path, headers={"Accept": "text/html", **headers})
        assert answer.status_code == (404 if path == "/none" else 200), path
        assert outside(answer.text) == [], path


def test_redirects_stay_under_the_prefix(client: tuple[FlaskClient, str, dict[str, str]]) -> None:
    visitor, before, headers = client
    for path, target in {
        "/id/programme/national-high-tech-zone": "/page/programme/national-high-tech-zone",
        "/.well-known/void": "/dataset.ttl",
        "/ns/": "/ontology",
        "/dataset": "/downloads",
    }.items():
        answer = visitor.get(before + path, headers=headers)
        assert (answer.status_code, answer.headers["Location"]) == (303, PREFIX + target), path
    said = visitor.get(f"{before}/sparql", headers={"Accept": "text/turtle", **headers}).text
    assert f"{PREFIX}/sparql" in said, "the endpoint describes itself under the address that clients use"


def test_the_word_of_a_client_moves_no_link(small_release: Release) -> None:
    visitor = create_app(small_release).test_client()
    answer = visitor.get("/ontology", headers={"X-Forwarded-Prefix": "/elsewhere", "X-Forwarded-Host": "evil.example"})
    assert "elsewhere" not in answer.text
    assert "evil.example" not in answer.text


@pytest.mark.parametrize(
    "forged",
    ["//evil.example", "/\\evil.example", "https://evil.example", "/a/../..", "elsewhere", "/e vil", "/x, //evil"],
)
def test_a_prefix_that_is_no_path_is_not_believed(small_release: Release, forged: str) -> None:
    """A proxy that sets no prefix of its own passes on what a client writes."""
    visitor = create_app(small_release, operation=Operation(proxies=1)).test_client()
    answer = visitor.get("/ontology", headers={"X-Forwarded-Prefix": forged})
    assert answer.text == visitor.get("/ontology").text


@contextmanager
def nginx(folder: Path, target: str) -> Iterator[str]:
    """Run nginx with the configuration of docs/operators.md before a server; give the address under the prefix."""
    port = free_port()
    documented = (Path(__file__).parents[2] / "docs" / "operators.md").read_text("utf-8")
    server = documented.partition("```nginx\n")[2].partition("```")[0]
    server = server.replace("listen 443 ssl;", f"listen 127.0.0.1:{port};").replace("http://127.0.0.1:8000", target)
    server = "\n".join(line for line in server.splitlines() if "ssl_certificate" not in line)
    paths = " ".join(
        f"{name}_temp_path {folder}/{name};" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (folder / "nginx.conf").write_text(
        f"daemon off; pid {folder}/pid; error_log {folder}/error.log; events {{}}\n"
        f"http {{ access_log off; {paths}\n{server}\n}}\n",
        encoding="utf-8",
    )
    with subprocess.Popen(["nginx", "-p", str(folder), "-c", str(folder / "nginx.conf")]) as process:  # noqa: S607
        try:
            until(lambda: accepts(port))
            yield f"http://127.0.0.1:{port}{PREFIX}"
        finally:
            os.kill(process.pid, signal.SIGTERM)


def accepts(port: int) -> bool:
    with socket.socket() as visitor:
        return visitor.connect_ex(("127.0.0.1", port)) == 0


def asked(address: str, headers: dict[str, str]) -> int:
    """Send a query; return the status of its answer."""
    try:
        query = urllib.request.Request(f"{address}/sparql?query=ASK%7B%7D", headers=headers)
        with urllib.request.urlopen(query, timeout=PATIENCE_SECONDS) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        error.close()
        return error.code


@pytest.mark.slow
@pytest.mark.skipif(not shutil.which("nginx"), reason="no nginx: apt-get install nginx-light")
def test_behind_nginx_as_documented(small_release: Release, tmp_path: Path) -> None:
    (tmp_path / "current").symlink_to(small_release.path)
    with serving(tmp_path, "--behind-proxies", "1", "--queries-per-minute", "2") as target:
        until_serving(target, small_release.id)
        with nginx(tmp_path, target) as address:
            with urllib.request.urlopen(f"{address}/ontology", timeout=PATIENCE_SECONDS) as answer:
                assert outside(answer.read().decode()) == []
            with urllib.request.urlopen(
                f"{address}/id/programme/national-high-tech-zone.ttl", timeout=PATIENCE_SECONDS
            ) as answer:
                assert answer.url == f"{address}/data/programme/national-high-tech-zone.ttl"
            forged = [f"192.0.2.{number}" for number in range(1, 5)]
            assert [asked(address, {"X-Forwarded-For": client}) for client in forged] == [200, 200, 429, 429]
            with pytest.raises(urllib.error.HTTPError) as caught:
                urllib.request.urlopen(f"{address}/metrics", timeout=PATIENCE_SECONDS)
            assert caught.value.code == 403
            caught.value.close()
