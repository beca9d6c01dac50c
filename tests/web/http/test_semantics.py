"""HTTP at every address: Host, trailing slashes, preconditions, ranges, HEAD, links to data and licence."""

import re
from collections.abc import Iterable
from wsgiref.types import StartResponse, WSGIEnvironment

import pytest
import werkzeug
from flask import Flask, Response
from flask.testing import FlaskClient
from page_addresses import PAGES
from sampling import chosen
from werkzeug.test import TestResponse

from kg.release.catalogue import LICENCE
from kg.vocab import TERMS
from web.http.responses import FORMATS, HEADERS, POLICY, RDF, allow_frames
from web.http.semantics import FORMATS_OF

SELECT = f"/sparql?query=SELECT+%3Fs+WHERE+%7B+%3Fs+a+%3C{TERMS}Programme%3E+%7D&format="
COMUNICA = (
    "application/n-quads,application/trig;q=0.95,application/ld+json;q=0.9,application/n-triples;q=0.8,"
    "text/turtle;q=0.6,application/rdf+xml;q=0.5,text/html;q=0.2"
)
"""The header Accept of a client that asks for quads first."""
SHOWN = tuple(address for addresses in PAGES.values() for address in addresses)
CSV = (
    *("/programmes.csv", "/designations.csv?province=320000", "/findings.csv?kind=stacking", "/timeline.csv"),
    *("/data/place/320583.csv", "/scheme/purpose.csv", "/questions/2.csv", "/quality.csv", "/search.csv?q=昆山"),
    *("/compare.csv", "/concentration.csv", "/matrices/ministry-purpose.csv", f"{SELECT}csv"),
)
"""CSV that is made when it is asked for."""
QUICK = {
    *("/", "/carriers", "/findings", "/sparql", "/page/finding/territorial/110117/agriculture-rural"),
    *("/ask?place=320583&purpose=technology-transfer", "/dossier/320583", "/scheme/purpose", "/ontology", "/downloads"),
    *("/programmes.csv", "/findings.csv?kind=stacking", "/data/place/320583.csv", f"{SELECT}csv", f"{SELECT}json"),
    *("/data/place/320583.ttl", "/designations.csv?province=320000", "/programmes.json", "/programmes.xlsx"),
    *("/ontology.ttl", "/downloads/graphs/dataset.nt", "/sitemap.xml", "/id/place/320583", "/.well-known/void"),
}
"""Addresses of every kind of page and of data, which stand for all for each change."""
DATA = (
    *CSV,
    *(f"/data/place/320583.{ending}" for ending in RDF),
    *("/programmes.json", "/programmes.xlsx", "/programmes.parquet", "/ontology.ttl", "/ns/Place.nt", "/dataset.ttl"),
    *("/scheme/purpose.jsonld", "/shapes.ttl", "/context.jsonld", "/downloads/graphs/dataset.nt", "/sitemap.xml"),
    *("/downloads/SHA256SUMS", f"{SELECT}json", f"{SELECT}xml", "/id/place/320583", "/.well-known/void"),
)
NEGOTIATED = (
    "/id/place/320583",
    "/ontology",
    "/ns/Place",
    "/scheme/purpose",
    "/scheme/purpose/technology-transfer",
    "/dataset",
    "/shapes",
    "/shapes/PlaceShape",
)
BODY = {"content-length", "date", "x-request-id"}
"""Headers that may differ between two answers."""


def test_what_stands_for_all_is_among_all() -> None:
    assert QUICK - {*SHOWN, *DATA} == set()


def headers(answer: TestResponse) -> list[tuple[str, str]]:
    return sorted((name, text) for name, text in answer.headers if name.lower() not in BODY - {"content-length"})


@pytest.mark.parametrize("host", ["", "a b", "exa<mple", "one.example,two.example", "x:port", "[::1", "a/b", "u@host"])
def test_a_broken_host_is_refused(client: FlaskClient, host: str) -> None:
    for address, kind in (("/programmes.csv", "application/problem+json"), ("/about", "text/html")):
        answer = client.get(address, environ_overrides={"HTTP_HOST": host})
        assert (answer.status_code, answer.mimetype) == (400, kind)


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1:8000", "[::1]:8000", "xn--fiqs8s.example", "a_b.example:"])
def test_a_host_with_or_without_port_is_answered(client: FlaskClient, host: str) -> None:
    assert client.get("/programmes.csv", environ_overrides={"HTTP_HOST": host}).status_code == 200


@pytest.mark.parametrize(("protocol", "status"), [("HTTP/1.1", 400), ("HTTP/1.0", 200)])
def test_only_http_1_0_goes_without_a_host(app: Flask, protocol: str, status: int) -> None:
    def without_host(environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        del environ["HTTP_HOST"]
        return app.wsgi_app({**environ, "SERVER_PROTOCOL": protocol}, start)

    assert werkzeug.Client(without_host).get("/about", buffered=True).status_code == status


@pytest.mark.parametrize(
    ("address", "target"),
    [
        ("/programmes/", "/programmes"),
        ("/programmes/?category=park&lang=en", "/programmes?category=park&lang=en"),
        ("/sparql/?query=ASK%7B%7D", "/sparql?query=ASK%7B%7D"),
        ("/ontology/", "/ontology"),
        ("/page/place/320583/", "/page/place/320583"),
        ("/id/place/320583/", "/id/place/320583"),
        ("/ns/Place/", "/ns/Place"),
        ("/scheme/purpose/", "/scheme/purpose"),
        ("/downloads/", "/downloads"),
        ("/search/?q=%E6%98%86", "/search?q=%E6%98%86"),
    ],
)
def test_a_slash_too_many_leads_to_the_address_without(client: FlaskClient, address: str, target: str) -> None:
    answer = client.get(address)
    assert (answer.status_code, answer.headers["Location"]) == (308, target)


def test_a_query_that_is_posted_with_a_slash_too_many_stays_a_post(client: FlaskClient) -> None:
    answer = client.post("/sparql/", data={"query": "ASK {}"}, follow_redirects=True)
    assert (answer.status_code, answer.json) == (200, {"head": {}, "boolean": True})


def test_what_never_existed_is_not_redirected(client: FlaskClient) -> None:
    assert client.get("/nothing/").status_code == 404
    assert client.get("/scheme/").status_code == 200
    assert client.get("/").status_code == 200


@pytest.mark.parametrize("unit", ["lines=0-5", "items=1-2", "bytes=0-1,4-5", "nonsense"])
@pytest.mark.parametrize("address", ["/downloads/graphs/dataset.nt", "/programmes.csv", f"{SELECT}csv"])
def test_a_range_in_another_unit_is_as_if_it_were_not_there(client: FlaskClient, address: str, unit: str) -> None:
    whole, asked = client.get(address), client.get(address, headers={"Range": unit})
    assert (asked.status_code, asked.data) == (200, whole.data)


@pytest.mark.parametrize("address", chosen(CSV, QUICK.__contains__))
def test_csv_has_a_length_and_comes_in_ranges(client: FlaskClient, address: str) -> None:
    whole = client.get(address)
    assert (whole.status_code, whole.mimetype) == (200, "text/csv")
    assert int(whole.headers["Content-Length"]) == len(whole.data)
    assert whole.headers["Accept-Ranges"] == "bytes"
    part = client.get(address, headers={"Range": "bytes=3-9"})
    assert (part.status_code, part.data) == (206, whole.data[3:10])
    assert part.headers["Content-Range"] == f"bytes 3-9/{len(whole.data)}"
    assert part.headers["ETag"] == whole.headers["ETag"]
    behind = client.get(address, headers={"Range": f"bytes={len(whole.data)}-"})
    assert behind.status_code == 416
    assert behind.headers["Content-Range"] == f"bytes */{len(whole.data)}"
    another = client.get(address, headers={"Range": "bytes=3-9", "If-Range": '"other"'})
    assert (another.status_code, another.data) == (200, whole.data)
    known = client.get(address, headers={"Range": "bytes=3-9", "If-None-Match": whole.headers["ETag"]})
    assert known.status_code in ((304, 206) if address.startswith("/sparql") else (304,))


@pytest.mark.parametrize("address", chosen(CSV, QUICK.__contains__))
def test_csv_has_a_byte_order_mark_for_spreadsheets_if_asked(client: FlaskClient, address: str) -> None:
    plain = client.get(address)
    marked = client.get(f"{address}{'&' if '?' in address else '?'}bom=1")
    assert marked.data == b"\xef\xbb\xbf" + plain.data
    assert not plain.data.startswith(b"\xef\xbb\xbf")
    assert int(marked.headers["Content-Length"]) == len(plain.data) + 3
    assert marked.headers["ETag"] != plain.headers["ETag"]


def test_the_button_of_a_page_gives_csv_with_the_mark_and_the_link_for_programs_without(client: FlaskClient) -> None:
    page = client.get("/programmes?category=park").text
    assert re.search(r'<a href="/programmes\.csv\?category=park&amp;bom=1"', page)
    assert '<link rel="alternate" type="text/csv" href="/programmes.csv?category=park">' in page


@pytest.mark.parametrize("address", [*chosen(DATA, QUICK.__contains__), "/programmes", "/page/place/320583"])
def test_if_match_holds_for_any_and_for_its_own_tag_alone(client: FlaskClient, address: str) -> None:
    plain = client.get(address)
    assert client.get(address, headers={"If-Match": "*"}).status_code == plain.status_code
    if plain.headers.get("ETag", "").startswith('"'):
        assert client.get(address, headers={"If-Match": plain.headers["ETag"]}).status_code == 200
        assert client.get(address, headers={"If-Match": '"other"'}).status_code == 412


@pytest.mark.parametrize("address", chosen([*SHOWN, *DATA], QUICK.__contains__))
def test_head_differs_from_get_but_for_the_body(client: FlaskClient, address: str) -> None:
    get, head = client.get(address), client.head(address)
    assert (head.status_code, head.data) == (get.status_code, b"")
    assert headers(head) == headers(get)


@pytest.mark.parametrize("address", chosen([*SHOWN, *DATA], QUICK.__contains__))
def test_not_modified_varies_as_the_whole_does(client: FlaskClient, address: str) -> None:
    for more in ({}, {"Accept": "text/turtle"}, {"Accept-Language": "en"}):
        whole = client.get(address, headers=more)
        if whole.status_code == 200 and "ETag" in whole.headers:
            short = client.get(address, headers={**more, "If-None-Match": whole.headers["ETag"]})
            assert short.status_code == 304
            for name in ("Vary", "ETag", "Cache-Control"):
                assert short.headers.get(name) == whole.headers.get(name), (name, more)


@pytest.mark.parametrize("address", ["/programmes", "/programmes.csv", "/programmes.json", "/data/place/320583.csv"])
def test_the_language_of_an_answer_is_said(client: FlaskClient, address: str) -> None:
    for language, tag in (("zh", "zh-Hans"), ("en", "en")):
        assert client.get(f"{address}?lang={language}").headers["Content-Language"] == tag
    missing = client.get("/nothing?lang=en", headers={"Accept": "text/html"})
    assert (missing.status_code, missing.headers["Content-Language"]) == (404, "en")
    answer = client.get(address, headers={"Accept-Language": "en"})
    assert (answer.headers["Content-Language"], "Accept-Language" in answer.headers["Vary"]) == ("en", True)


@pytest.mark.parametrize("address", ["/ontology.ttl", f"{SELECT}csv", "/downloads/tables/mandates.csv"])
def test_what_is_alike_in_every_language_names_none(client: FlaskClient, address: str) -> None:
    answer = client.get(address)
    assert answer.status_code == 200
    assert "Content-Language" not in answer.headers
    assert "Accept-Language" not in answer.headers.get("Vary", "")


def test_preflights_are_kept_and_posts_named(client: FlaskClient) -> None:
    for address in ("/sparql", "/programmes.json"):
        assert client.options(address).headers["Access-Control-Max-Age"] == "86400"
    wrong = client.post("/sparql", data="ASK {}", content_type="text/plain")
    assert wrong.status_code == 415
    assert wrong.headers["Accept-Post"] == "application/sparql-query, application/x-www-form-urlencoded"


@pytest.mark.parametrize(
    "address", chosen(NEGOTIATED, {"/id/place/320583", "/ontology", "/scheme/purpose"}.__contains__)
)
def test_who_asks_for_quads_among_others_gets_triples(client: FlaskClient, address: str) -> None:
    answer = client.get(address, headers={"Accept": COMUNICA}, follow_redirects=True)
    assert (answer.status_code, answer.mimetype) == (200, "application/ld+json")
    alone = client.get(address, headers={"Accept": "application/trig, */*;q=0.1"}, follow_redirects=True)
    assert (alone.status_code, alone.mimetype) == (200, "application/trig")


@pytest.mark.parametrize(
    "address", chosen(NEGOTIATED, {"/id/place/320583", "/ontology", "/scheme/purpose"}.__contains__)
)
def test_a_negotiated_address_names_its_formats(client: FlaskClient, address: str) -> None:
    for accept in ("text/turtle", "text/html"):
        answer = client.get(address, headers={"Accept": accept})
        links = answer.headers.getlist("Link")
        named = {link.partition(">")[0][1:] for link in links if 'rel="alternate"' in link}
        offered = {f"{address}.{ending}" for ending in RDF}
        assert offered <= named or (accept == "text/html" and named), links
        for link in named:
            assert client.get(link).status_code in (200, 303), link
        assert "Accept" in answer.headers["Vary"]


def test_every_endpoint_that_negotiates_is_among_them(app: Flask) -> None:
    assert set(FORMATS_OF) <= {rule.endpoint for rule in app.url_map.iter_rules()}
    for offered in FORMATS_OF.values():
        assert set(offered) <= set(FORMATS)


@pytest.mark.parametrize("address", chosen([*SHOWN, *DATA], QUICK.__contains__))
def test_an_answer_leads_to_licence_and_description(client: FlaskClient, address: str) -> None:
    answer = client.get(address)
    if answer.status_code in (200, 303):
        links = answer.headers.getlist("Link")
        assert f'<{LICENCE}>; rel="license"' in links
        assert '</dataset>; rel="describedby"' in links


def test_a_page_leads_to_its_data_before_it_is_read_and_again_from_the_cache(client: FlaskClient) -> None:
    for _ in range(2):
        links = client.get("/page/place/320583").headers.getlist("Link")
        assert '</data/place/320583.ttl>; rel="alternate"; type="text/turtle"' in links
        assert len(links) == len(set(links))


@pytest.mark.parametrize("address", chosen(SHOWN, QUICK.__contains__))
def test_every_page_names_its_canonical_address(client: FlaskClient, address: str) -> None:
    answer = client.get(address, headers={"Accept": "text/html"})
    if answer.status_code == 200 and answer.mimetype == "text/html":
        found = re.findall(r'<link rel="canonical" href="([^"]*)">', answer.text)
        assert len(found) == 1
        assert "lang=" not in found[0]
        assert found[0].partition("?")[0] == address.partition("?")[0]


def test_a_response_can_be_allowed_in_frames(app: Flask) -> None:
    with app.test_request_context("/about"):
        allowed = app.process_response(allow_frames(Response("<p>preview</p>", mimetype="text/html")))
        usual = app.process_response(Response("<p>page</p>", mimetype="text/html"))
    assert "X-Frame-Options" not in allowed.headers
    assert allowed.headers["Content-Security-Policy"] == f"{POLICY}frame-ancestors *"
    assert usual.headers["X-Frame-Options"] == "DENY"
    assert usual.headers["Content-Security-Policy"] == HEADERS["Content-Security-Policy"]
    assert usual.headers["Content-Security-Policy"].endswith("frame-ancestors 'none'")
