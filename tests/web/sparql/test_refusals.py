"""Refusals of `/sparql`: invalid queries, parameters, bodies and methods, with their messages."""

import io
from collections.abc import Iterator
from urllib.parse import quote, urlencode

import pytest
from flask.testing import FlaskClient
from small_graph import FORM, QUERY, SEVEN, UPDATE, get, sentence, serving
from werkzeug.test import EnvironBuilder

from kg.release import Release
from web.sparql.protocol import MAX_BODY_BYTES


@pytest.fixture(scope="module")
def client(small: Release) -> Iterator[FlaskClient]:
    with serving(small) as found:
        yield found


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("SELECT *\n{ ?s ?p", "Line 2, column 8: the query ends before a '}'."),
        ("SELECT *\n{ ?s ?p '園 }", "Line 2, column 9: a string is not closed."),
        ("SELECT ?园 {\n ?园 ?p }", "Line 2, column 9: the query cannot be read near “?园 ?p }”."),
        (
            "SELECT * { ?s ?p ?o }\n  SERVICE <http://127.0.0.1:9/> { }",
            "Line 2, column 3: SERVICE is refused, because this server does not query other servers for you.",
        ),
        *(
            (
                f"{update} {rest}",
                (
                    f"Line 1, column 1: {update} is refused, because this server is read-only: "
                    "it answers queries and takes no updates."
                ),
            )
            for update, rest in (
                ("LOAD", "<http://e/>"),
                ("INSERT", "DATA { <http://e/a> <http://e/b> 1 }"),
                ("DELETE", "WHERE { ?s ?p ?o }"),
                ("DROP", "ALL"),
            )
        ),
    ],
)
def test_what_is_wrong_is_said_with_its_place(client: FlaskClient, query: str, expected: str) -> None:
    asked = [
        get(client, query, "text/csv"),
        client.post("/sparql", data={"query": query}),
        client.post("/sparql", data=query.encode(), content_type=QUERY),
    ]
    for answer in asked:
        assert sentence(answer, 400) == expected


def test_markup_in_a_query_stays_text(client: FlaskClient) -> None:
    query = "SELECT * { <script>alert(1)</script> }"
    answer = get(client, query, "text/csv")
    assert sentence(answer, 400).startswith("Line 1, column 25: ")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    page = get(client, query, "text/html")
    assert page.status_code == 400
    assert "<script>alert" not in page.text
    assert "&lt;script&gt;alert(1)" in page.text


NO_CALLS = "SERVICE is refused, because this server does not query other servers for you."


NO_MARK = "'\\ufeff' (U+FEFF, zero width no-break space) cannot stand here; write a plain blank, or nothing."
YES = '{"head":{},"boolean":true}'


TRICKS = {
    "%41SK%20%7B%7D": (200, YES),
    "ASK+%7B%7D": (200, YES),
    "ASK%09%0D%0A%7B%7D": (200, YES),
    "ASK { %53ERVICE <http://127.0.0.1:9/> {} }": (400, f"Line 1, column 7: {NO_CALLS}\n"),
    "ASK { sErViCe%23%0A<http://127.0.0.1:9/> {} }": (400, f"Line 1, column 7: {NO_CALLS}\n"),
    "ASK { %2553ERVICE <http://127.0.0.1:9/> {} }": (400, "Line 1, column 7: '%' cannot stand here.\n"),
    "ASK { %5Cu0053ERVICE <http://127.0.0.1:9/> {} }": (400, "Line 1, column 7: '\\\\' cannot stand here.\n"),
    "ASK {%00}": (400, "Line 1, column 6: '\\x00' cannot stand here.\n"),
    "ASK { SER%00VICE <http://127.0.0.1:9/> {} }": (400, "Line 1, column 10: '\\x00' cannot stand here.\n"),
    "%EF%BB%BFASK {}": (200, YES),
    "ASK {%EF%BB%BF}": (400, f"Line 1, column 6: {NO_MARK}\n"),
    "ASK { ?s ?p '%C0%A7 }": (400, "The query is not in UTF-8.\n"),
    "ASK { ?s ?p '%ED%A0%80' }": (400, "The query is not in UTF-8.\n"),
    "ASK {}&query=": (400, "There must be one query, not several.\n"),
    "ASK {}&update": (403, "This endpoint is read-only: updates are refused.\n"),
}


@pytest.mark.parametrize("sent", TRICKS)
def test_tricks_of_percent_encoding(client: FlaskClient, sent: str) -> None:
    """The query is the text after a single decoding, in the URL as in a form."""
    sent, expected = sent.replace(" ", "+"), TRICKS[sent]
    asked = [
        client.get(f"/sparql?format=json&query={sent}"),
        client.post("/sparql", data=f"format=json&query={sent}", content_type=FORM),
    ]
    assert [(answer.status_code, answer.text) for answer in asked] == [expected] * 2


@pytest.mark.parametrize("accept", [";;;", "q=1", "text/csv;q=x", ",", "*", "text/*;q=0.5, a/b", "a" * 9000])
def test_a_strange_accept_is_answered_or_refused(client: FlaskClient, accept: str) -> None:
    assert get(client, SEVEN, accept).status_code in {200, 406}


def test_updates_are_refused(client: FlaskClient) -> None:
    read_only = "This endpoint is read-only: updates are refused."
    update = "INSERT DATA { <http://e/a> <http://e/b> 1 }"
    asked = [
        client.post("/sparql", data={"update": update}),
        client.post("/sparql", data={"update": update, "query": SEVEN}),
        client.post("/sparql", data=update.encode(), content_type=UPDATE),
        client.get("/sparql", query_string={"update": update}),
    ]
    assert [sentence(answer, 403) for answer in asked] == [read_only] * 4
    assert get(client, "ASK { <http://e/a> ?p 1 }").json == {"head": {}, "boolean": False}


@pytest.mark.parametrize("method", ["put", "delete", "patch"])
def test_other_methods_are_refused(client: FlaskClient, method: str) -> None:
    answer = getattr(client, method)("/sparql", query_string={"query": SEVEN})
    assert answer.status_code == 405
    assert {"GET", "HEAD", "POST", "OPTIONS"} == set(answer.headers["Allow"].split(", "))


@pytest.mark.parametrize(
    ("content_type", "said"),
    [
        ("text/plain", "text/plain"),
        ("application/json", "application/json"),
        ("multipart/form-data; boundary=x", "multipart/form-data"),
        ("", "nothing"),
    ],
)
def test_bodies_of_other_types_are_refused(client: FlaskClient, content_type: str, said: str) -> None:
    answer = client.post("/sparql", data=SEVEN.encode(), content_type=content_type)
    assert sentence(answer, 415) == f"A query is posted as {QUERY} or {FORM}, not as {said}."


def test_there_is_one_query(client: FlaskClient) -> None:
    twice = urlencode([("query", SEVEN), ("query", "ASK {}")])
    asked = [
        client.get(f"/sparql?{twice}"),
        client.post("/sparql", data=twice, content_type=FORM),
        client.post("/sparql", query_string={"query": SEVEN}, data={"query": SEVEN}),
        client.post("/sparql", query_string={"query": "ASK {}"}, data=SEVEN.encode(), content_type=QUERY),
    ]
    assert [sentence(answer, 400) for answer in asked] == ["There must be one query, not several."] * 4


def test_a_query_is_utf_8(client: FlaskClient) -> None:
    latin = "ASK { ?s ?p 'é' }".encode("latin-1")
    asked = [
        client.get("/sparql", query_string=f"query={quote(latin)}"),
        client.post("/sparql", data=b"query=" + quote(latin).encode(), content_type=FORM),
        client.post("/sparql", data=latin, content_type=QUERY),
    ]
    assert [sentence(answer, 400) for answer in asked] == ["The query is not in UTF-8."] * 3


def test_bodies_are_limited(client: FlaskClient) -> None:
    too_long = b"#" * (MAX_BODY_BYTES + 1)
    for content_type in (QUERY, FORM):
        answer = client.post("/sparql", data=too_long, content_type=content_type)
        assert sentence(answer, 413) == "The body is longer than 262,144 bytes, the limit here."
    answer = client.post("/sparql", data=b"#" * MAX_BODY_BYTES, content_type=QUERY)
    assert sentence(answer, 400).startswith("The query is 262,144 bytes long; the limit here is 65,536.")
    endless = io.BytesIO(b"query=ASK{}&none=" + too_long)
    chunked = EnvironBuilder("/sparql", method="POST", input_stream=endless, content_type=FORM).get_environ()
    answer = client.open(chunked | {"wsgi.input_terminated": True})
    assert sentence(answer, 413) == "The body is longer than 262,144 bytes, the limit here.", "it tells no length"


def test_the_longest_query_can_be_asked_in_all_ways(client: FlaskClient) -> None:
    """Percent-encoded, its body is three times as long."""
    query = f"ASK {{ # {'园' * 21_000}\n}}"
    asked = [
        get(client, query, format="json"),
        client.post("/sparql", data={"query": query, "format": "json"}),
        client.post("/sparql?format=json", data=query.encode(), content_type=QUERY),
    ]
    assert [(answer.status_code, answer.text) for answer in asked] == [(200, YES)] * 3
