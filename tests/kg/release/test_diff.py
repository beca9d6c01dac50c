"""Differences between two releases, by command and page."""

import csv
import io
import json
import shutil
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from bs4 import BeautifulSoup
from click.testing import CliRunner

from kg import tables
from kg.cli import main
from kg.errors import GuapaiError
from kg.release import Release, diff, open_release
from kg.release.diff import HEADERS, Difference
from web import create_app


@pytest.fixture(scope="module")
def dist(small_release: Release, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two releases: the small one, and a later one with a designation renamed, one removed, one added, a new score."""
    dist = tmp_path_factory.mktemp("two")
    for name in ("aaaaaaaaaaaa", "bbbbbbbbbbbb"):
        shutil.copytree(small_release.path, dist / name)
        manifest = json.loads((dist / name / "manifest.json").read_text("utf-8"))
        (dist / name / "manifest.json").write_text(json.dumps(manifest | {"release": name}), encoding="utf-8")
    (dist / "current").symlink_to("bbbbbbbbbbbb")
    edit(dist / "bbbbbbbbbbbb" / "tables" / "designations" / "international-sti-center.csv")
    report = dist / "bbbbbbbbbbbb" / "report" / "findings.csv"
    columns, *rows = read(report)
    rows[0][columns.index("score")] = "0.123456"
    rows[0][columns.index("evidence_hash")] = "another"
    report.write_text(tables.to_csv(columns, iter(rows)), encoding="utf-8")
    return dist


def read(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.reader(stream))


def edit(path: Path) -> None:
    columns, first, second, *rest = read(path)
    renamed = ["新名" if column == "name_zh" else cell for column, cell in zip(columns, first, strict=True)]
    new = ["zz-new" if column == "id" else cell for column, cell in zip(columns, second, strict=True)]
    path.write_text(tables.to_csv(columns, iter([renamed, new, *rest])), encoding="utf-8")


@pytest.fixture(scope="module")
def expected(dist: Path) -> list[Difference]:
    columns, first, second, *_ = read(dist / "aaaaaaaaaaaa" / "tables/designations/international-sti-center.csv")
    name, key = columns.index("name_zh"), columns.index("id")
    heads, finding, *_ = read(dist / "aaaaaaaaaaaa" / "report/findings.csv")
    scored = dict(zip(heads, finding, strict=True))
    return [
        Difference("designations", second[key], "went", second[name]),
        Difference("designations", "zz-new", "came", second[name]),
        Difference("designations", first[key], "changed", "新名", "name_zh", first[name], "新名"),
        Difference(
            *("findings", f"{scored['key']} {scored['as_of']}", "changed", scored["statement_zh"]),
            *("score", scored["score"], "0.123456"),
        ),
    ]


def test_what_came_went_and_changed(dist: Path, expected: list[Difference]) -> None:
    found = diff.compare(open_release(dist / "aaaaaaaaaaaa"), open_release(dist))
    assert found == expected
    assert diff.summary(found) == ["designations: 1 came, 1 went, 1 changed", "findings: 0 came, 0 went, 1 changed"]
    back = diff.compare(open_release(dist), open_release(dist / "aaaaaaaaaaaa"))
    assert [(each.key, each.change) for each in back if each.part == "designations"] == [
        ("zz-new", "went"),
        (expected[0].key, "came"),
        (expected[2].key, "changed"),
    ]


def test_a_release_does_not_differ_from_itself(small_release: Release) -> None:
    assert diff.compare(small_release, small_release) == []
    assert diff.summary([]) == ["no difference"]
    with pytest.raises(GuapaiError, match="no part places; there are programmes, designations, records, findings"):
        diff.compare(small_release, small_release, ["places"])


def test_the_command(dist: Path, expected: list[Difference]) -> None:
    early, late = str(dist / "aaaaaaaaaaaa"), str(dist / "current")
    outcome = CliRunner().invoke(main, ["diff", early, late, "--only", "findings", "--format", "csv"])
    assert list(csv.reader(io.StringIO(outcome.stdout))) == [list(HEADERS), list(expected[3].cells)]
    assert outcome.stderr == "findings: 0 came, 0 went, 1 changed\n"
    outcome = CliRunner().invoke(main, ["diff", early, str(dist / "none")])
    assert (outcome.exit_code, outcome.stderr.startswith("guapai: no release in ")) == (1, True)


def test_history_and_differences_have_pages(dist: Path, expected: list[Difference]) -> None:
    client = create_app(open_release(dist)).test_client()
    page = BeautifulSoup(client.get("/releases?lang=en").text, "html.parser")
    assert page.main
    assert {cell.text for cell in page.main.find_all("code")} >= {"aaaaaaaaaaaa", "bbbbbbbbbbbb"}
    listed = client.get("/releases.json").json
    assert listed["served"] == "bbbbbbbbbbbb"
    assert {found["release"] for found in listed["releases"]} == {"aaaaaaaaaaaa", "bbbbbbbbbbbb"}
    address = "/releases/aaaaaaaaaaaa/bbbbbbbbbbbb"
    page = BeautifulSoup(client.get(f"{address}?lang=en").text, "html.parser")
    _, differences = page.find_all("table")
    shown = [[cell.text.strip() for cell in row.find_all("td")] for row in differences.find_all("tr")[1:]]
    assert shown[2] == ["Designations", "新名", "changed", "name_zh", expected[2].before, "新名"]
    assert len(shown) == len(expected)
    rows = list(csv.reader(io.StringIO(client.get(f"{address}.csv").text)))
    assert rows == [list(HEADERS), *(list(each.cells) for each in expected)]
    assert client.get(f"{address}.json").json["differences"][0]["key"] == expected[0].key
    for unknown in (
        "/releases/aaaaaaaaaaaa/current",
        "/releases/../aaaaaaaaaaaa",
        "/releases/aaaaaaaaaaaa/..",
        "/releases.csv",
    ):
        assert client.get(unknown).status_code == 404, unknown


def test_the_feed_has_an_entry_for_each_release(dist: Path, expected: list[Difference]) -> None:
    client = create_app(open_release(dist)).test_client()
    answer = client.get("/changes.atom?lang=en")
    assert answer.mimetype == "application/atom+xml"
    atom = "{http://www.w3.org/2005/Atom}"
    feed = ET.fromstring(answer.text)  # noqa: S314 — our own
    releases = [found["release"] for found in client.get("/releases.json").json["releases"]]
    entries = feed.findall(f"{atom}entry")
    assert [entry.findtext(f"{atom}id") for entry in entries] == [
        f"https://w3id.org/guapai/release/{release}" for release in releases
    ]
    assert feed.findtext(f"{atom}updated") == entries[0].findtext(f"{atom}updated")
    for found in (feed, *entries):
        for name in ("id", "title", "updated"):
            assert found.findtext(f"{atom}{name}"), name
    for entry in entries:
        (link,) = entry.findall(f"{atom}link")
        assert client.get(link.attrib["href"]).status_code == 200
    early, late = dist / releases[1], dist / releases[0]
    lines = (entries[0].findtext(f"{atom}content") or "").splitlines()
    differences = diff.compare(open_release(early), open_release(late))
    assert lines[: len(diff.summary(differences))] == diff.summary(differences)
    assert sum(found.key in line for line in lines for found in expected) >= len(expected)
    tag = {"If-None-Match": answer.headers["ETag"]}
    assert client.get("/changes.atom?lang=en", headers=tag).status_code == 304


def test_the_history_is_read_anew_when_a_release_comes(dist: Path) -> None:
    client = create_app(open_release(dist)).test_client()
    first = client.get("/releases?lang=en")
    tag = {"If-None-Match": first.headers["ETag"]}
    assert client.get("/releases?lang=en", headers=tag).status_code == 304
    shutil.copytree(dist / "aaaaaaaaaaaa", dist / "cccccccccccc")
    path = dist / "cccccccccccc" / "manifest.json"
    path.write_text(path.read_text("utf-8").replace("aaaaaaaaaaaa", "cccccccccccc"), encoding="utf-8")
    again = client.get("/releases?lang=en", headers=tag)
    shutil.rmtree(dist / "cccccccccccc")
    assert (again.status_code, "cccccccccccc" in again.text) == (200, True)
