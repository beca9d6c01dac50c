"""Release with malicious names and addresses: shown as text, executed by no browser and no spreadsheet."""

import csv
import io
import json
from urllib.parse import urlsplit

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from read_pages import soup, words

from kg.release import MANIFEST, Release
from kg.store import GraphFile, load_store
from kg.tables import escape_formulas
from kg.vocab import SCHEMES, TERMS, graph, text, thing
from web import create_app

HOSTILE = '"><script>alert(1)</script>'


FORMULA = '=HYPERLINK("http://evil.example","x")'


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory, release: Release) -> FlaskClient:
    """A release whose names and addresses are an attack."""
    folder = tmp_path_factory.mktemp("hostile")
    node, other = thing("source", "bad"), thing("source", "formula")
    pref, see = "<http://www.w3.org/2004/02/skos/core#prefLabel>", "<http://www.w3.org/2000/01/rdf-schema#seeAlso>"
    kind = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
    reliability = f"<{TERMS}hasReliability>"
    triples = [
        (node, kind, f"<{TERMS}SourceDocument>"),
        (node, pref, text(HOSTILE, "zh")),
        (node, see, "<javascript:alert(1)>"),
        (node, see, "<data:text/html,bad>"),
        (node, see, "<https://good.example/?a=1&b=2>"),
        (node, reliability, f"<{SCHEMES}reliability/low>"),
        (node, f"<{TERMS}hasGrade>", f"<{SCHEMES}source-grade/low>"),
        (node, f"<{TERMS}quote>", text(HOSTILE)),
        (other, kind, f"<{TERMS}SourceDocument>"),
        (other, pref, text(FORMULA, "zh")),
        (other, reliability, f"<{SCHEMES}reliability/low>"),
        (other, f"<{TERMS}hasGrade>", f"<{SCHEMES}source-grade/low>"),
    ]
    lines = "".join(" ".join(triple) + " .\n" for triple in triples)
    (folder / "designations.nt").write_text(lines, encoding="utf-8")
    load_store(folder / "store", [GraphFile(folder / "designations.nt", graph("designations"), in_default=True)])
    (folder / MANIFEST).write_text(json.dumps(dict(release.manifest)), encoding="utf-8")
    app = create_app(Release(folder, release.manifest))
    return app.test_client()


def test_hostile_names_are_text_and_only_web_addresses_are_links(hostile: FlaskClient) -> None:
    for address in ("/page/source/bad", "/sources", "/data/source/bad.csv"):
        answer = hostile.get(address)
        assert answer.status_code == 200
        assert "alert(1)" in answer.text
        if answer.mimetype == "text/html":
            page = BeautifulSoup(answer.text, "html.parser")
            assert [urlsplit(str(script["src"])).path for script in page.find_all("script", src=True)] == [
                "/static/search.js",
                "/static/copy.js",
            ]
            assert {script["type"] for script in page.find_all("script", src=False)} <= {"application/ld+json"}
            schemes = {urlsplit(str(link["href"])).scheme for link in page.find_all(href=True)}
            assert schemes <= {"", "http", "https"}, address
            assert page.find("a", href="https://good.example/?a=1&b=2")["rel"] == ["external", "nofollow"]
    assert "javascript:alert(1)" in words(soup(hostile, "/page/source/bad").main), "shown, but as text"


def test_no_spreadsheet_runs_a_cell(hostile: FlaskClient) -> None:
    rows = list(csv.DictReader(io.StringIO(hostile.get("/sources.csv").text)))
    assert {row["thing"] for row in rows} == {HOSTILE, "'" + FORMULA}
    assert escape_formulas(["=1", "+1", "-1", "@x", "\tx", "x=1", "", 1, None]) == [
        "'=1",
        "'+1",
        "'-1",
        "'@x",
        "'\tx",
        "x=1",
        "",
        1,
        None,
    ]
    for cell in ("＝1+1", "＋1", "－1", "＠x", "\n=1"):
        assert escape_formulas([cell]) == [f"'{cell}"], "wide signs count in Chinese and Japanese spreadsheets"
