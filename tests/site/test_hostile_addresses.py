"""Meaningless, malicious and endless parameters: every request is answered without a server error."""

import random

import pytest
from flask import Flask, Response
from flask.testing import FlaskClient
from page_addresses import PAGES

from web.lists.claims import CLAIMS
from web.lists.findings import FINDINGS
from web.lists.views import PLAIN

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
        "strength",
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
FILTERS = [
    *((listing.name, facet.name) for listing in (*PLAIN, CLAIMS) for facet in listing.facets),
    *(("findings", facet.name) for facet in FINDINGS.facets if facet.name != "kind"),
]
"""Every list with every filter parameter."""


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


def _careless() -> Flask:
    """Return an application with every fault that `harmless` must detect."""
    app = Flask("careless")
    app.add_url_rule("/failure", "failure", lambda: ("", 500))
    app.add_url_rule("/header", "header", lambda: ("", 200, {"X-Evil": "1"}))
    app.add_url_rule("/away", "away", lambda: ("", 302, {"Location": "//evil.example"}))
    app.add_url_rule("/script", "script", lambda: "<script>alert(1)</script>")
    app.add_url_rule("/link", "link", lambda: '<a href="javascript:alert(1)">')
    app.add_url_rule("/host", "host", lambda: '<a href="//evil.example">')
    app.add_url_rule("/file", "file", lambda: Response("root:x:0:0", content_type="text/plain"))
    return app


@pytest.mark.parametrize("harm", ["failure", "header", "away", "script", "link", "host", "file"])
def test_harm_is_seen(harm: str) -> None:
    with pytest.raises(AssertionError, match=f"/{harm}"):
        harmless(_careless().test_client(), f"/{harm}")


@pytest.mark.slow
def test_a_list_of_what_is_not_there_is_empty(client: FlaskClient) -> None:
    whole = {name: client.get(f"/{name}").text.count("<tr") for name in {name for name, _ in FILTERS}}
    assert min(whole.values()) > 2, "heading and rows"
    found = {pair: client.get(f"/{pair[0]}.csv?{pair[1]}=nowhere") for pair in FILTERS}
    assert {pair: answer.text.count("\n") for pair, answer in found.items()} == dict.fromkeys(FILTERS, 1), "headings"
    assert client.get("/findings.csv?kind=nowhere").status_code == 404
    for ending in ("json", "xlsx"):
        harmless(client, f"/sources.{ending}?reliability=nowhere")
    assert client.get("/sources.json?reliability=nowhere").json["entries"] == []  # type: ignore[index]


@pytest.mark.slow
@pytest.mark.parametrize("rule", [*PAGES, "/suggest", "/search.json"])
def test_no_parameter_breaks_a_page(app: Flask, client: FlaskClient, rule: str) -> None:
    """Each page with two hostile parameters, every value at least once."""
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


PREFIXES = {
    "data/place": "320583.ttl",
    "page": "place/320583",
    "page/place": "320583",
    "id/place": "320583",
    "static": "guapai.css",
    "downloads": "graphs/ontology.nt",
    "ns": "Place",
    "scheme": "purpose/technology-transfer",
    "shapes": "MandateShape",
    "questions": "2",
    "matrices": "ministry-purpose",
    "page/finding/territorial": "110117/agriculture-rural",
}
"""Address prefix to an existing path below it."""


def test_no_path_leads_out(client: FlaskClient) -> None:
    """Unknown paths answer 404; a redirect to another spelling of the same path is followed."""
    for prefix, existing in PREFIXES.items():
        assert client.get(f"/{prefix}/{existing}", buffered=True).status_code in (200, 303), prefix
        for path in ODD_PATHS:
            address = f"/{prefix}/{path}"
            harmless(client, address)
            assert client.get(address, buffered=True).status_code == 404, address
