"""Every bench ends well at its smallest size, with a figure for every row that it promises."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from bench import building, matching, peers, search
from bench.readers import free_port
from kg.release import Release

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
PARTS = {"__init__", "damage", "generate", "load", "readers"}
"""Modules of bench/ that measure nothing by themselves."""
NUMBER = r"[\d,.]*\d"


def run(name: str, *arguments: str) -> str:
    command = [sys.executable, "-m", f"bench.{name}", *arguments]
    return subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True).stdout


def numbers(found: object) -> bool:
    """Whether all that stands in an answer, however deep, is numbers; and something does."""
    if isinstance(found, dict):
        return bool(found) and all(map(numbers, found.values()))
    return isinstance(found, int | float)


def test_every_bench_is_run_here() -> None:
    modules = {path.stem for path in (ROOT / "bench").glob("*.py")} - PARTS
    benches = modules | {path.parent.name for path in (ROOT / "bench").glob("*/__main__.py")}
    assert {f"test_{name}" for name in benches} <= globals().keys()


def test_building() -> None:
    """All parts of the build and of the checks are measured at a small size, each by clock and processors."""
    said = run("building", "200", "400").splitlines()
    part = rf"{NUMBER}/{NUMBER}"
    shares = ", ".join(rf"{name} {part}" for name in building.BUILD)
    size = [
        rf"{NUMBER} designations, {NUMBER} triples: {part} s \({shares}\)",
        rf"  build without checks ÷ bulk load: {part} \(load {part} s; goal ≤ 3\)",
        rf"  peak memory {NUMBER} MB, with the checks {NUMBER} MB",
        *(rf"  {name} {part} s" for name in building.CHECKS),
        rf"  shapes ÷ bare pyshacl: {part} \(bare {part} s; goal ≤ 1\.2\)",
    ]
    growth = ", ".join(rf"{name} ×{NUMBER}" for name in (*building.BUILD, "load", *building.CHECKS))
    expected = [*size, *size, rf"  for ×2 designations, by the processors: {growth}"]
    assert [pattern for pattern, line in zip(expected, said, strict=True) if not re.fullmatch(pattern, line)] == []


def test_duplicates() -> None:
    designations, seconds, each = run("duplicates", "1000").splitlines()
    found = (
        rf"1,000 designations: {NUMBER} candidates, {NUMBER} findings; of {NUMBER} designations written twice "
        rf"{NUMBER}% found"
    )
    assert re.fullmatch(found, designations)
    parts = rf"describing {NUMBER}, blocking {NUMBER}, judging {NUMBER}"
    bare = rf"bare join of blocks {NUMBER} s \({NUMBER} pairs\): {NUMBER}"
    assert re.fullmatch(rf"  {NUMBER} s \({parts}\), at most {NUMBER} MB; {bare}", seconds)
    assert re.fullmatch(rf"  for each designation {NUMBER} µs and {NUMBER} candidates", each)


def test_findings() -> None:
    said = run("findings", "1000").splitlines()
    bare = rf"bare {NUMBER} s \({NUMBER}(?: pairs)?\)"
    expansion = rf"{NUMBER} findings, {NUMBER} pairs in {NUMBER} s ÷ {bare}: {NUMBER} .*"
    expected = [
        pattern
        for kind in ("groups", "favourites", "uniform")
        for pattern in (
            rf"1,000 designations, purposes drawn as {kind}, {NUMBER} sets",
            rf"  first answer over a release, what designations hold laid out: {NUMBER} s",
            rf"  groups: {NUMBER} in {NUMBER} s ÷ {bare}: {NUMBER} .* laid out {NUMBER} s: {NUMBER}",
            rf"  expansion of a median place: {expansion}",
            rf"  expansion of a large place: {expansion}",
        )
    ]
    assert [pattern for pattern, line in zip(expected, said, strict=True) if not re.fullmatch(pattern, line)] == []


def test_matching(release: Release) -> None:
    goal = rf"\(goal ≤ 3, the bare view alone {NUMBER}\)"
    batch = rf"{NUMBER} ms ÷ bare look-ups {NUMBER} ms: {NUMBER} {goal}; ÷ bare view {NUMBER} ms: {NUMBER}"
    expected = [
        rf"names of {NUMBER} kinds laid out: {NUMBER} s",
        *(f"batch of 10, {sort}: {batch}" for sort in matching.SORTS),
        rf"20 names: {NUMBER} s, {NUMBER} s per 1,000 \(goal ≤ 10\); 1[0-9] with a key",
        rf"40 names: {NUMBER} s, {NUMBER} s per 1,000 \(goal ≤ 10\), ×{NUMBER} per name; [23][0-9] with a key",
    ]
    said = run("matching", "--dist", str(release.path.parent), "20", "40").splitlines()
    assert [pattern for pattern, line in zip(expected, said, strict=True) if not re.fullmatch(pattern, line)] == []


def test_search() -> None:
    found = json.loads(run("search", "1000"))
    assert numbers(found)
    assert found["questions"].keys() == set(search.QUERIES)
    assert {frozenset(row) for row in found["questions"].values()} == {
        frozenset({"rows", "ours", "suggest", "bare", "unranked"})
    }
    assert found["things"] > 1000


def test_serving() -> None:
    """Readers read for some seconds, and are all answered; heavy queries end by their limit."""
    found = json.loads(run("serving", "200", "3"))
    assert found.pop("release") == "made-up"
    assert numbers(found)
    assert found.keys() == {"pages_ms", "million_rows", "time_limit", "readers"}
    assert found["pages_ms"].keys() == {
        *("page", "again", "bare", "bare_flask", "bare_query_and_template", "over", "ratio")
    }
    assert found["million_rows"].keys() == {"json", "csv"}
    assert found["time_limit"]["queries"] == 5
    assert {"p50", "p99", "worst", "status_200"} <= found["readers"].keys()
    assert found["readers"].keys() - {"p50", "p99", "worst", "status_200", "heavy_504", "heavy_503"} == set()


def test_faults(small_release: Release) -> None:
    """Each fault is injected once or a few times: no answer is wrong, none hangs, no file's damage is overlooked."""
    dist = str(small_release.path.parent)
    killed = run("faults", "kills", dist, "1") + run("faults", "master", dist, "1")
    assert [line.partition(":")[0] for line in killed.splitlines()] == [
        *("query worker killed 1 times", "server process killed 1 times", "master killed 1 times")
    ]
    assert not re.search("wrong|hung", killed)
    damaged = run("faults", "files", dist, "2")
    assert "'removed: refused'" in damaged
    assert "not found" not in damaged
    assert "'removed: health 503'" in damaged
    held = run("faults", "clients", dist, "20").splitlines()
    assert [line.partition(":")[0] for line in held] == [
        *("4 readers alone", "20 slow readers of /designations.csv", "60 slow bodies", "20 idle connections"),
        *(f"{number} clients with a query of milliseconds" for number in (8, 16, 32)),
        "4 readers beside 32 clients with a query of minutes",
    ]
    assert not re.search("wrong|hung|broken", "".join(held[:-1]))
    assert [line.partition(":")[0] for line in run("faults", "pages", dist, "20").splitlines()] == [
        f"after {number} pages" for number in range(2, 21, 2)
    ]


def test_faults_of_what_writes(small_release: Release) -> None:
    dist = str(small_release.path.parent)
    said = run("faults", "disks", dist) + run("faults", "writers", dist, "2")
    assert not re.search("half|traceback,", said)
    for name in ("build", "export", "import", "decide"):
        for kind in ("full", "read-only"):
            assert re.search(rf"^{name} on a {kind} disk: exit 1: guapai: ", said, re.MULTILINE)
        refusal = "is not empty; name a new folder" if name == "export" else f"being written to by guapai {name}"
        assert re.search(rf"^two of {name} at once: exit \[0, 1\], .*{refusal}", said, re.MULTILINE)


def test_spark() -> None:
    pytest.importorskip("pyspark", reason="the extra spark is not installed")
    (said,) = run("spark", "1000", "local[2]").splitlines()
    figures = (
        rf"DuckDB first {NUMBER} s, again {NUMBER} s; local\[2\] start {NUMBER} s, first {NUMBER} s, again {NUMBER} s"
    )
    assert re.fullmatch(rf"1,000 designations, {NUMBER} groups, the same: {figures}; again ÷ DuckDB {NUMBER}", said)


def test_peers(small_release: Release) -> None:
    """All pieces of work are measured against bare Flask or said to be without their peer; nothing is installed."""
    said = run("peers", str(small_release.path), "0.3", "1", "--no-install").splitlines()
    measured = [line for line in said if not line.endswith("not installed, not measured")]
    works = [f"small query, {clients} clients" for clients in peers.CLIENTS]
    works += [f"small queries that differ, {clients} clients" for clients in peers.CLIENTS[:2]]
    works += [f"question {number}" for number in peers.HARD_QUESTIONS]
    works += ["questions 6–40", "100,000 rows as JSON", "page of a thing, again"]
    works += ["all questions beside 4 busy processes", "page of a thing, first time"]
    assert [line.partition(":")[0] for line in measured] == works
    side = rf"{NUMBER} ms, {NUMBER}/s, processor {NUMBER} ms"
    own = rf"[^:]+: ours {side}, {NUMBER}% refused"
    peer = rf"; [\w -]+ {side} \(ours: {NUMBER} × the time, {NUMBER} × the rate\)"
    total = rf"[^:]+: ours {NUMBER} ms, {NUMBER}% refused(?:; oxigraph {NUMBER} ms \(ours: [^)]+\))?"
    first = rf"[^:]+: ours {NUMBER} ms; bare [\w ]+ {NUMBER} ms \(ours: {NUMBER} × the time\)"
    assert [line for line in measured if not re.fullmatch(rf"{own}(?:{peer})*|{total}|{first}", line)] == []
    against_bare = [line for line in measured if "; bare Flask " in line]
    assert len(against_bare) == len(peers.CLIENTS) + 5


def test_a_peer_that_does_not_answer_says_why(capsys: pytest.CaptureFixture[str]) -> None:
    command = [sys.executable, "-c", "raise SystemExit('no such peer')"]
    with peers.started("peer", "/", command, free_port(), "/") as side:
        assert side is None
    assert capsys.readouterr().out == "peer: does not answer (exit code 1), not measured: … no such peer\n"
