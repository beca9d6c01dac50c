"""Release with a hundred numbers and a park, for the tests of `/sparql`."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from flask.testing import FlaskClient
from waiting import PATIENT
from werkzeug.test import TestResponse

from kg.release import MANIFEST, Release
from kg.sandbox import Pool
from kg.store import GraphFile, load_store
from kg.vocab import GRAPHS
from web import create_app

ROOT = Path(__file__).parents[2]


FORM, QUERY, UPDATE = "application/x-www-form-urlencoded", "application/sparql-query", "application/sparql-update"


INTEGER = "http://www.w3.org/2001/XMLSchema#integer"


NUMBERS = 100


ONE = "".join(f'<http://e/thing/{key}> <http://e/number> "{key}"^^<{INTEGER}> .\n' for key in range(NUMBERS))


TWO = """<http://e/park> <http://e/name> "园, \\"区\\""@zh .
<http://e/park> <http://e/name> "=Park" .
<http://e/park> <http://e/in> _:place .
"""


MANIFESTED = {
    "release": "small",
    "version": "0",
    "data_as_of": "2026-11-24",
    "counts": {"triples": {"registry": NUMBERS, "papers": 3}},
    "files": {},
}


NAMES = "SELECT ?thing ?name ?none { GRAPH ?g { ?thing <http://e/name> ?name } } ORDER BY ?name"


FEW = "CONSTRUCT { ?thing <http://e/half> ?n } { ?thing <http://e/number> ?n FILTER(?n < 2) }"


ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n1 ?o . ?p ?q ?r }"


MANY = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"


SEVEN, SEVEN_CSV = "SELECT ?n { <http://e/thing/7> <http://e/number> ?n }", "n\r\n7\r\n"


def small_release(folder: Path) -> Release:
    """Make a release of two graphs, one of which belongs to the default graph."""
    (folder / "one.nt").write_text(ONE, encoding="utf-8")
    (folder / "two.nt").write_text(TWO, encoding="utf-8")
    files = [
        GraphFile(folder / "one.nt", f"{GRAPHS}registry", in_default=True),
        GraphFile(folder / "two.nt", f"{GRAPHS}papers", in_default=False),
    ]
    load_store(folder / "store", files)
    (folder / MANIFEST).write_text(json.dumps(MANIFESTED), encoding="utf-8")
    (folder / "ontology").mkdir()
    (folder / "ontology" / "questions").symlink_to(ROOT / "ontology" / "questions")
    return Release(folder, MANIFESTED)


@contextmanager
def serving(release: Release, kind: type[Pool] = Pool, **limits: float) -> Iterator[FlaskClient]:
    pool = kind(release.store_path, 1, replace(PATIENT, **limits))  # type: ignore[arg-type]
    app = create_app(release, pool=pool)
    try:
        yield app.test_client()
    finally:
        pool.close()


def get(client: FlaskClient, query: str, accept: str = "", **parameters: str) -> TestResponse:
    headers = {"Accept": accept} if accept else {}
    return client.get("/sparql", query_string={"query": query, **parameters}, headers=headers)


def sentence(answer: TestResponse, status: int) -> str:
    """Return the error message of a response to a program."""
    assert (answer.status_code, answer.content_type) == (status, "text/plain; charset=utf-8")
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.text.endswith("\n")
    return answer.text[:-1]
