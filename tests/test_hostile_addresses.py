"""Addresses with parameters that mean nothing, mean harm or have no end: each is answered, and never by a failure."""

import random

import pytest
from flask import Flask
from flask.testing import FlaskClient
from test_accessibility import PAGES

PARAMETERS = (
    *(
        "as_of",
        "from",
        "to",
        "year",
        "page",
        "q",
        "kind",
        "place",
        "province",
        "programme",
        "purpose",
        "field",
        "ministry",
    ),
    *(
        "score",
        "one",
        "other",
        "outcome",
        "inferred",
        "category",
        "level",
        "list",
        "shape",
        "property",
        "picture",
        "by",
    ),
    *("lang", "query", "format", "default-graph-uri", "depth", "sort", "unit"),
)
VALUES = (
    *("9999-99-99", "0000-01-01", "9999-12-31", "2022-02-30", "٢٠٢٢-12-31", "-1", "0", "9" * 40, "NaN", "1e9", "٣"),
    *(
        "<script>alert(1)</script>",
        "javascript:alert(1)",
        "//evil.example",
        "\r\nX-Evil: 1",
        "=1+1",
        "{{7*7}}",
        "'",
        '"',
    ),
    *("\\", "%", "\x00", "\x01\x7f", "\ufffe", "\U0001f600", "\u202e", "x" * 10_000, "昆山" * 3000, "NEAR(", "a* OR b"),
    *("../../etc/passwd", "file:///etc/passwd", "AND", "*", "[]", "国家"),
)
MALFORMED = ("%ff", "%c0%af", "%ed%a0%80", "%00", "%", "%zz", "&&==&", "=" * 500)
ODD_PATHS = (
    "../../etc/passwd",
    "..%2f..%2fetc%2fpasswd",
    "%2e%2e/x",
    "..\\x",
    "%00",
    "a%00.ttl",
    "%ff",
    "x" * 3000,
    ".git/config",
)
TWINS = ("xlsx", *(pytest.param(twin, marks=pytest.mark.slow) for twin in ("csv", "json")))


def harmless(client: FlaskClient, address: str) -> None:
    answer = client.get(address, headers={"Accept": "text/html"}, buffered=True)
    assert answer.status_code < 500, address
    assert "X-Evil" not in answer.headers, address
    assert "evil" not in answer.headers.get("Location", "").partition("?")[0], address
    if answer.mimetype == "text/html":
        assert "<script>alert" not in answer.text, address
        assert 'href="javascript' not in answer.text, address
        assert 'href="//' not in answer.text, address
    assert b"root:" not in answer.data, address


@pytest.mark.parametrize("twin", TWINS)
def test_a_list_of_what_is_not_there_is_empty_or_refused(client: FlaskClient, twin: str) -> None:
    for address in ("findings", "sources"):
        for parameter in ("place", "programme", "ministry", "purpose", "kind", "score"):
            harmless(client, f"/{address}.{twin}?{parameter}=nowhere")


@pytest.mark.slow
@pytest.mark.parametrize("rule", [*PAGES, "/suggest", "/search.json"])
def test_no_parameter_breaks_a_page(app: Flask, client: FlaskClient, rule: str) -> None:
    """Each page with two parameters of a hostile kind, every value once at least."""
    chosen = random.Random(rule)  # noqa: S311 — the same each time
    for address in PAGES.get(rule, (rule,)):
        for value in VALUES:
            path, _, asked = address.partition("?")
            pairs = dict(part.split("=", 1) for part in asked.split("&") if part)
            pairs |= dict.fromkeys(chosen.sample(PARAMETERS, 2), value)
            with app.test_request_context(path, query_string=pairs) as context:
                query = context.request.query_string.decode()
            harmless(client, f"{path}?{query}")
        for raw in MALFORMED:
            harmless(client, f"{address.partition('?')[0]}?{chosen.choice(PARAMETERS)}={raw}")


def test_no_path_leads_out(client: FlaskClient) -> None:
    rooms = ("data/place", "page", "page/place", "id/place", "static", "library", "downloads", "releases/x", "ns")
    for room in (*rooms, "scheme", "shapes", "questions", "matrices", "page/finding/territorial"):
        for path in ODD_PATHS:
            harmless(client, f"/{room}/{path}")
