"""The server as a user starts it: it answers, follows a new release, and ends when told to."""

import json
import os
import subprocess
import urllib.parse
import urllib.request
from pathlib import Path

from served import serving, until

from kg.release import Release


def test_it_serves_and_takes_up_a_new_release(release: Release, tmp_path: Path) -> None:
    """The second release is the first under another id: what matters is that the server follows the pointer."""
    second = tmp_path / "another"
    subprocess.run(["cp", "-r", str(release.path), str(second)], check=True)  # noqa: S607
    manifest = json.loads((second / "manifest.json").read_text("utf-8"))
    (second / "manifest.json").write_text(json.dumps(manifest | {"release": "another"}), encoding="utf-8")
    (tmp_path / "first").symlink_to(release.path)
    (tmp_path / "current").symlink_to("first")
    with serving(tmp_path) as address:
        until(address, release.id)
        pointer = tmp_path / "next"
        pointer.symlink_to("another")
        os.replace(pointer, tmp_path / "current")  # noqa: PTH105
        until(address, "another")


def test_a_query_at_the_real_server(release: Release, tmp_path: Path) -> None:
    (tmp_path / "current").symlink_to(release.path)
    with serving(tmp_path) as address:
        until(address, release.id)
        query = urllib.parse.quote("SELECT (COUNT(*) AS ?n) { ?x a <https://w3id.org/guapai/ns/Programme> }")
        with urllib.request.urlopen(f"{address}/sparql?format=csv&query={query}", timeout=20) as answer:
            assert answer.read() == b"n\r\n72\r\n"
