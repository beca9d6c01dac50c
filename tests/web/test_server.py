"""The server as started by the command: it answers, follows a new release, and ends on request."""

import itertools
import json
import os
import shutil
import socket
import subprocess
import threading
import urllib.parse
import urllib.request
from collections import Counter
from http.client import HTTPConnection, HTTPException
from pathlib import Path

import pytest
from served import GUAPAI, free_port, health, serving, until_serving
from small_graph import ENDLESS
from waiting import PATIENCE_SECONDS, PATIENTLY, until

from kg.release import Release, write_manifest


def accepts(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), PATIENCE_SECONDS).close()
    except ConnectionRefusedError:
        return False
    return True


@pytest.mark.slow
def test_a_killed_master_leaves_its_port_to_the_next(small: Release) -> None:
    """Its process, which still has a query to answer, accepts no more, so that the next master can start."""
    port = free_port()
    command = [GUAPAI, "serve", "--dist", str(small.path), "--port", str(port), "--workers", "1", *PATIENTLY]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as first:
        until_serving(f"http://127.0.0.1:{port}", small.id)
        held = socket.create_connection(("127.0.0.1", port))
        held.sendall(f"GET /sparql?query={urllib.parse.quote(ENDLESS)} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        assert health(f"http://127.0.0.1:{port}")["release"] == small.id
        first.kill()
    until(lambda: not accepts(port))
    with held, pytest.raises(BlockingIOError):
        held.recv(1, socket.MSG_DONTWAIT)
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as second:
        until_serving(f"http://127.0.0.1:{port}", small.id)
        second.terminate()
        assert second.wait(PATIENCE_SECONDS) == 0


PATHS = ("/ontology.ttl", "/data/programme/national-high-tech-zone.ttl", "/programmes.csv", "/sparql?query=ASK%7B%7D")
"""Requests while the release is switched: data, a list from the columns, a query in the sandbox."""


@pytest.mark.slow
def test_no_request_fails_while_the_release_is_switched(small_release: Release, tmp_path: Path) -> None:
    """Readers send requests without pause, half of them over keep-alive connections, while `current` is switched."""
    for name in ("one", "two"):
        shutil.copytree(small_release.path, tmp_path / name)
        manifest = json.loads((tmp_path / name / "manifest.json").read_text("utf-8")) | {"release": name}
        write_manifest(tmp_path / name, manifest)
    (tmp_path / "current").symlink_to("one")
    unlimited = ("--pages-per-minute", "0", "--queries-per-minute", "0", "--queries-at-once", "0")
    with serving(tmp_path, "--workers", "2", *unlimited) as address:
        until_serving(address, "one")
        over, answers, faults = threading.Event(), Counter[int](), list[str]()
        readers = [
            threading.Thread(target=read, args=(address, kept, over, answers, faults))
            for kept in (True, True, False, False)
        ]
        for reader in readers:
            reader.start()
        for name in ("two", "one", "two"):
            (tmp_path / "next").symlink_to(name)
            os.replace(tmp_path / "next", tmp_path / "current")  # noqa: PTH105
            until_serving(address, name)
            seen = answers[200]
            until(lambda seen=seen: answers[200] >= seen + 40)
        over.set()
        for reader in readers:
            reader.join()
    assert faults == []
    assert set(answers) == {200}


def read(address: str, kept: bool, over: threading.Event, answers: Counter[int], faults: list[str]) -> None:  # noqa: FBT001
    """Read one address after the other until `over` is set; count the responses and collect failures."""
    connection = HTTPConnection(urllib.parse.urlsplit(address).netloc, timeout=PATIENCE_SECONDS)
    for path in itertools.cycle(PATHS):
        if over.is_set():
            break
        try:
            connection.request("GET", path, headers={} if kept else {"Connection": "close"})
            answer = connection.getresponse()
            answer.read()
            answers[answer.status] += 1
        except (OSError, HTTPException) as error:
            faults.append(f"{path}: {error!r}")
            connection.close()
    connection.close()


def test_it_serves_and_takes_up_a_new_release_that_is_not_damaged(small_release: Release, tmp_path: Path) -> None:
    """The second release is the first under another id: what matters is that the server follows the pointer.

    While it is damaged the former one is served on; mended under the same name, it is taken up.
    """
    shutil.copytree(small_release.path, tmp_path / "another")
    manifest = json.loads((tmp_path / "another" / "manifest.json").read_text("utf-8"))
    write_manifest(tmp_path / "another", manifest | {"release": "another"})
    lists = tmp_path / "another" / "tables" / "lists.csv"
    content = lists.read_bytes()
    lists.write_bytes(b"")
    (tmp_path / "current").symlink_to(small_release.path)
    with serving(tmp_path, log=tmp_path / "log") as address:
        until_serving(address, small_release.id)
        query = urllib.parse.quote("SELECT (COUNT(*) AS ?n) { ?x a <https://w3id.org/guapai/ns/Programme> }")
        with urllib.request.urlopen(f"{address}/sparql?format=csv&query={query}", timeout=PATIENCE_SECONDS) as answer:
            assert answer.read().decode() == f"n\r\n{small_release.manifest['counts']['rows']['programmes']}\r\n"
        (tmp_path / "next").symlink_to("another")
        os.replace(tmp_path / "next", tmp_path / "current")  # noqa: PTH105
        until(lambda: "the former release is served on" in (tmp_path / "log").read_text("utf-8"))
        assert "tables/lists.csv has 0 bytes" in (tmp_path / "log").read_text("utf-8")
        assert health(address)["release"] == small_release.id
        lists.write_bytes(content)
        shutil.copytree(tmp_path / "another", tmp_path / "mended")
        shutil.rmtree(tmp_path / "another")
        (tmp_path / "mended").rename(tmp_path / "another")
        until_serving(address, "another")
