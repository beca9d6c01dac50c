"""Withdrawn keys answer 410 with their successors, as page and data; unknown keys answer 404."""

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from pyoxigraph import RdfFormat, parse

from kg.release import Release
from kg.store import GraphFile, load_store
from kg.vocab import graph, lines, term, text, thing
from web import create_app

OLD, NEW, OTHER, ALONE = (thing("designation", key) for key in ("x-0001", "x-0002", "x-0003", "x-0004"))
SAID = [
    *((key, term("rdf:type"), term("gp:WithdrawnKey")) for key in (OLD, ALONE)),
    (OLD, term("gp:reason"), text("同一块牌子 | one and the same designation")),
    (OLD, term("gp:withdrawnText"), text("2026-10-01")),
    (OLD, term("gp:replacedBy"), NEW),
    (OLD, term("gp:replacedBy"), OTHER),
    (ALONE, term("gp:reason"), text("误录 | taken in by mistake")),
    (NEW, term("skos:prefLabel"), text("甲园区", "zh")),
    (NEW, term("skos:prefLabel"), text("Park A", "en")),
]


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    folder = tmp_path_factory.mktemp("withdrawn")
    (folder / "designations.nt").write_text("".join(lines(SAID)), encoding="utf-8")
    load_store(folder / "store", [GraphFile(folder / "designations.nt", graph("designations"), in_default=True)])
    manifest = {"release": "small", "version": "0", "data_as_of": "2026-11-24", "counts": {"triples": {}}, "files": {}}
    return create_app(Release(folder, manifest)).test_client()


@pytest.mark.parametrize("address", ["/page/designation/x-0001?lang=en", "/id/designation/x-0001?lang=en"])
def test_a_page_says_why_and_what_follows(client: FlaskClient, address: str) -> None:
    answer = client.get(address, headers={"Accept": "text/html"})
    assert answer.status_code == 410
    assert answer.headers.getlist("Link") == [
        '</page/designation/x-0002?lang=en>; rel="successor-version"',
        '</page/designation/x-0003?lang=en>; rel="successor-version"',
    ]
    main = BeautifulSoup(answer.text, "html.parser").main
    assert main
    assert "This name was withdrawn: one and the same designation (2026-10-01)" in main.text
    assert {link["href"]: link.text for link in main.find_all("a")} == {
        "/page/designation/x-0002?lang=en": "Park A",
        "/page/designation/x-0003?lang=en": "x-0003",
    }


def test_in_chinese_and_without_a_successor(client: FlaskClient) -> None:
    answer = client.get("/page/designation/x-0004?lang=zh")
    assert (answer.status_code, answer.headers.getlist("Link")) == (410, [])
    assert "此标识已撤销：误录" in answer.text
    assert "没有后继标识。" in answer.text


@pytest.mark.parametrize(
    ("address", "accept"),
    [
        ("/data/designation/x-0001.ttl", ""),
        ("/id/designation/x-0001", "text/turtle"),
        ("/id/designation/x-0001.ttl", ""),
    ],
)
def test_data_says_the_same(client: FlaskClient, address: str, accept: str) -> None:
    answer = client.get(address, headers={"Accept": accept} if accept else {})
    assert (answer.status_code, answer.mimetype) == (410, "text/turtle")
    said = {str(quad.triple) for quad in parse(answer.data, RdfFormat.TURTLE)}
    assert {f"{OLD} {term('gp:replacedBy')} {new}" for new in (NEW, OTHER)} < said
    assert answer.headers.getlist("Link") == [
        '</data/designation/x-0002.ttl>; rel="successor-version"',
        '</data/designation/x-0003.ttl>; rel="successor-version"',
    ], "whoever reads data is not led to a page"


def test_programs_that_read_no_rdf_are_told_the_successors(client: FlaskClient) -> None:
    for address in ("/id/designation/x-0001", "/page/designation/x-0001"):
        answer = client.get(f"{address}?lang=en", headers={"Accept": "application/json"})
        assert (answer.status_code, answer.mimetype) == (410, "application/problem+json")
        assert answer.json["detail"] == "This name was withdrawn: one and the same designation"
        assert answer.json["successor"] == [iri.strip("<>") for iri in (NEW, OTHER)]
        assert (len(answer.headers.getlist("Link")), answer.headers["Vary"]) == (2, "Accept")
    answer = client.get("/page/designation/x-0004?lang=en", headers={"Accept": "text/csv"})
    assert (answer.mimetype, answer.text) == ("text/plain", "This name was withdrawn: taken in by mistake\n")


def test_what_never_existed_is_404(client: FlaskClient) -> None:
    for address in ("/page/designation/x-0009", "/id/designation/x-0009", "/data/designation/x-0009.ttl"):
        assert client.get(address).status_code == 404, address
    assert client.get("/data/designation/x-0002.ttl").status_code == 200
