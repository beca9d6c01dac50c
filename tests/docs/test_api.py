"""docs/api.md: every address that gives data, every list with its parameters, every example."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from flask import Flask
from waiting import PATIENCE_SECONDS

from kg.cli.serving import serve
from kg.sandbox.limits import Limits
from kg.store import guard
from web.data import EARLIEST
from web.lists.claims import CLAIMS
from web.lists.definitions import Definition
from web.lists.findings import FINDINGS
from web.lists.views import PLAIN

ROOT = Path(__file__).parents[2]
DOCUMENT = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
HOST = "http://127.0.0.1:8000"
ROWS = [list(map(str.strip, line.split("|")[1:-1])) for line in DOCUMENT.splitlines() if line.startswith("| `/")]
"""Cells of the rows of all tables that begin with an address."""
PAGES = {
    *("/", "/about", "/correction", "/downloads", "/questions", "/rules", "/releases"),
    *("/match", "/openapi"),
    *(
        "/accounting",
        "/ask",
        "/compare",
        "/compare/places",
        "/compare/programmes",
        "/concentration",
        "/quality",
        "/search",
        "/sparql/notes",
    ),
    *(
        "/matrices",
        "/matrices/{key}",
        "/matrices/{key}/{row}/{column}",
        "/pair/{one}/{other}",
        "/decisions",
        "/timeline",
        "/page/{kind}/{key}",
        "/page/finding/{key}",
    ),
    *(f"/{listing.name}" for listing in (*PLAIN, CLAIMS, FINDINGS)),
}
"""Addresses that give pages only: their data, if they have any, stand at an address with an extension."""
PARTS_OF_PAGES = {
    *("/favicon.ico", "/library/{file}", "/static/{filename}", "/robots.txt", "/sitemap.xml"),
    *("/sitemap-{kind}-{number}.xml", "/card/{kind}.png", "/card/{kind}/{key}.png"),
}


def examples(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.+?)```", DOCUMENT, re.DOTALL)


def commands() -> list[str]:
    """Return the curl commands, each with its following lines."""
    return [
        found.strip() for text in examples("sh") for found in re.split(r"^(?=curl )", text, flags=re.MULTILINE) if found
    ]


def test_every_address_that_gives_data_is_documented(app: Flask) -> None:
    rules = {re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", str(rule)) for rule in app.url_map.iter_rules()}
    documented = {address for row in ROWS for address in re.findall(r"`(/[^`]+)`", row[0])}
    assert documented == rules - PAGES - PARTS_OF_PAGES
    assert rules >= PAGES | PARTS_OF_PAGES


@pytest.mark.parametrize("listing", [*PLAIN, CLAIMS, FINDINGS], ids=lambda listing: listing.name)
def test_the_parameters_of_a_list_are_those_of_its_definition(listing: Definition) -> None:
    (row,) = [row for row in ROWS if row[0] == f"`/{listing.name}.{{extension}}`"]
    filters, sort = (set(re.findall(r"`(\w+)`", cell)) for cell in (row[1], row[2] if len(row) > 2 else ""))
    assert filters == {facet.name for facet in listing.facets} | set(listing.parameters)
    assert sort == set(listing.sortable)


def test_the_limits_are_those_of_the_code() -> None:
    limits, options = Limits(), {option.name: option.default for option in serve.params}
    stated = " ".join(DOCUMENT.split())
    for sentence in (
        f"{guard.MAX_BYTES >> 10} KiB of query, {guard.MAX_DEPTH} nested brackets, {guard.MAX_TOKENS:,} tokens",
        f"{limits.seconds:g} s, {limits.memory_bytes >> 30} GiB of memory, {limits.rows:,} rows",
        f"{limits.bytes // 1_000_000} MB of answer",
        f"{options['pages_per_minute']} requests a minute, {options['queries_per_minute']} queries a minute",
        f"{options['days_per_minute']} requests a minute for workbooks",
        f"from {EARLIEST} to",
    ):
        assert sentence in stated


@pytest.mark.skipif(not shutil.which("curl"), reason="curl is not installed")
@pytest.mark.parametrize("command", commands())
def test_a_curl_example_has_an_answer(site: str, command: str) -> None:
    outcome = subprocess.run(  # noqa: S602 - a command of our own document
        command.replace("curl -s", "curl -sS --fail").replace(HOST, site),
        shell=True,
        capture_output=True,
        timeout=PATIENCE_SECONDS,
        check=False,
    )
    assert outcome.returncode == 0, outcome.stderr.decode()
    assert outcome.stdout


@pytest.mark.parametrize("program", examples("python"))
def test_a_python_example_runs(site: str, program: str, tmp_path: Path) -> None:
    outcome = subprocess.run(
        [sys.executable, "-c", program.replace(HOST, site)],
        cwd=tmp_path,
        env=os.environ | {"PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
        check=False,
    )
    assert outcome.returncode == 0, outcome.stderr
