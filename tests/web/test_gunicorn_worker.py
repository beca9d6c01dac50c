"""Slow and idle connections: none of them keeps another visitor waiting."""

import socket
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from http.client import HTTPConnection
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from served import serving, until_serving
from waiting import PATIENCE_SECONDS, until

from kg.release import Release
from web.gunicorn_worker import CONTINUE
from web.incoming import MAX_HEADER_BYTES, MAX_REQUEST_BYTES, TOO_LONG, missing_bytes
from web.server import MAX_TRANSFERS_PER_CLIENT, THREADS
from web.sparql.protocol import MAX_BODY_BYTES

POST = "POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\n"
CHUNKED = POST + "Transfer-Encoding: chunked\r\n\r\n"
MANY = 2 * THREADS
ROOM = 200
"""Connections for which the server has room."""
HOLDING = {
    "says nothing": "",
    "half of a head": "GET / HTTP/1.1\r\nHost: x\r\nX-",
    "no body": POST + "Content-Length: 1000\r\n\r\nASK",
    "a body without end": POST + "Content-Length: 99999999999\r\n\r\n",
    "a body for a page": "POST /search HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999\r\n\r\n",
    "half of a chunk": CHUNKED + "5\r\nAS",
    "a chunk that looks like the last": CHUNKED + "50\r\nASK {}\r\n0\r\n\r\n",
    "half of a second request": "GET /health HTTP/1.1\r\nHost: x\r\n\r\nGET /he",
    "does not hang up": "GET /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
    "no request": "\x16\x03\x01\x02\r\n\r\n",
}


def lasting(seconds: int, files: int = 0) -> tuple[str, ...]:
    """The command `guapai` where whoever holds a connection is let go after so many seconds, without first pages.

    files: number of files that a process may have open, 0 for as many as usual.
    """
    names = ("REQUEST_TIMEOUT_SECONDS", "LINGER_SECONDS")
    changed = f"vars(gunicorn_worker).update(dict.fromkeys({names}, {seconds}))"
    changed += f"; outgoing.SEND_TIMEOUT_SECONDS = {seconds}; server._warm_up = lambda *_: None"
    if files:
        changed += f"; import resource; resource.setrlimit(resource.RLIMIT_NOFILE, ({files}, {files}))"
    return (
        sys.executable,
        "-c",
        f"from web import gunicorn_worker, outgoing, server; {changed}; from kg.cli import main; main()",
    )


@pytest.fixture(scope="module")
def port(release: Release) -> Iterator[int]:
    """Server whose timeout of connections is longer than a test, and that has room for ROOM of them."""
    long = lasting(10 * int(PATIENCE_SECONDS), files=3 * ROOM)
    with serving(release.path.parent, "--queries-per-minute", "0", command=long) as address:
        until_serving(address, release.id)
        yield int(address.rpartition(":")[2])


def answered(port: int) -> bool:
    """Send an easy request; return whether it is answered."""
    visitor = HTTPConnection("127.0.0.1", port, timeout=PATIENCE_SECONDS)
    try:
        visitor.request("GET", "/robots.txt")
        answer = visitor.getresponse()
        answer.read()
    except ConnectionError:
        return False
    finally:
        visitor.close()
    return answer.status == 200


@pytest.mark.parametrize("sent", HOLDING.values(), ids=HOLDING.keys())
def test_who_holds_connections_holds_nobody_up(port: int, sent: str) -> None:
    with ExitStack() as held:
        for _ in range(MANY):
            connection = held.enter_context(socket.create_connection(("127.0.0.1", port)))
            connection.sendall(sent.encode())
        assert [answered(port) for _ in range(5)] == [True] * 5


def test_who_sends_no_request_is_let_go_in_the_end(small: Release) -> None:
    with serving(small.path, command=lasting(1)) as address:
        until_serving(address, small.id)
        port = int(address.rpartition(":")[2])
        for sent in ("", POST):
            with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_SECONDS) as connection:
                connection.sendall(sent.encode())
                assert ended(connection)


def test_who_does_not_read_holds_nobody_up(port: int) -> None:
    with ExitStack() as held:
        for _ in range(MANY):
            connection = held.enter_context(socket.socket())
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            connection.connect(("127.0.0.1", port))
            connection.sendall(b"GET /downloads/graphs/designations.nt HTTP/1.1\r\nHost: x\r\n\r\n")
        assert MAX_TRANSFERS_PER_CLIENT < THREADS
        assert [answered(port) for _ in range(5)] == [True] * 5


def test_one_address_has_only_so_many_connections_without_a_request(port: int) -> None:
    with ExitStack() as held:
        for _ in range(130):
            held.enter_context(socket.create_connection(("127.0.0.1", port)))
        last = held.enter_context(socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_SECONDS))
        assert ended(last)
    until(lambda: answered(port))


def test_silent_connections_from_many_addresses_hold_nobody_up(port: int) -> None:
    """Those that are silent for longest make room, before the server may open no file more."""
    with ExitStack() as held:
        silent = [held.enter_context(socket.socket()) for _ in range(2 * ROOM)]
        for number, connection in enumerate(silent):
            connection.settimeout(PATIENCE_SECONDS)
            connection.bind((f"127.0.0.{2 + number // 50}", 0))
            connection.connect(("127.0.0.1", port))
        assert [answered(port) for _ in range(5)] == [True] * 5
        assert ended(silent[0])
        silent[-1].settimeout(0)
        with pytest.raises(BlockingIOError):
            silent[-1].recv(1)


def ended(connection: socket.socket) -> bool:
    try:
        return connection.recv(1) == b""
    except ConnectionResetError:
        return True


def test_a_long_query_that_comes_in_pieces_is_answered(port: int) -> None:
    body = urlencode({"query": f"ASK {{}} # {'园' * 21_000}", "format": "json"}).encode()
    assert MAX_BODY_BYTES / 2 < len(body) < MAX_BODY_BYTES
    pieces = [body[at : at + 50_000] for at in range(0, len(body), 50_000)]
    visitor = HTTPConnection("127.0.0.1", port, timeout=PATIENCE_SECONDS)
    head = {"Content-Type": "application/x-www-form-urlencoded"}
    for length in ({"Content-Length": str(len(body))}, {"Transfer-Encoding": "chunked"}):
        visitor.request("POST", "/sparql", iter(pieces), head | length, encode_chunked="Transfer-Encoding" in length)
        answer = visitor.getresponse()
        assert (answer.status, answer.read()) == (200, b'{"head":{},"boolean":true}')
    visitor.close()


@pytest.mark.parametrize("length", [134_000, 215_000, MAX_BODY_BYTES - 100])
def test_a_long_query_that_comes_at_once_is_answered(port: int, length: int) -> None:
    """The request exceeds the system's socket buffer, which must be emptied before the rest arrives."""
    body = b"query=ASK%7B%7D&format=json&more=".ljust(length, b"x")
    head = (
        "POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nConnection: close\r\n"
    )
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_SECONDS) as connection:
        connection.sendall(f"{head}Content-Length: {length}\r\n\r\n".encode() + body)
        answer = b"".join(iter(lambda: connection.recv(4096), b""))
    assert answer.startswith(b"HTTP/1.1 200 OK\r\n")
    assert answer.endswith(b'\r\n\r\n{"head":{},"boolean":true}')


def test_what_is_too_long_is_refused_unread(port: int) -> None:
    for sent in (
        f"{POST}Content-Length: {MAX_REQUEST_BYTES}\r\n\r\n",
        f"{POST}X: {'x' * MAX_HEADER_BYTES}",
        f"{CHUNKED}FFFFFF\r\nASK",
    ):
        with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_SECONDS) as connection:
            connection.sendall(sent.encode())
            assert connection.recv(100).startswith(b"HTTP/1.1 413 Content Too Large\r\n")


@pytest.mark.parametrize("more", ["Content-Length: 6\r\n", "Transfer-Encoding: chunked\r\n"])
def test_who_asks_before_sending_a_body_is_told_to_go_on(port: int, more: str) -> None:
    """RFC 9110, section 10.1.1: the server must not wait for the body, nor request one that is too long."""
    body = b"6\r\nASK {}\r\n0\r\n\r\n" if "chunked" in more else b"ASK {}"
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_SECONDS) as connection:
        connection.sendall(f"{POST}Expect: 100-continue\r\nConnection: close\r\n{more}\r\n".encode())
        assert connection.recv(100) == CONTINUE
        connection.sendall(body)
        answer = b"".join(iter(lambda: connection.recv(4096), b""))
    assert answer.removeprefix(CONTINUE).startswith(b"HTTP/1.1 200 OK\r\n")
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_SECONDS) as connection:
        connection.sendall(f"{POST}Expect: 100-continue\r\nContent-Length: {MAX_REQUEST_BYTES}\r\n\r\n".encode())
        assert connection.recv(100).startswith(b"HTTP/1.1 413 ")


@pytest.mark.parametrize(
    "chunks", ["-6\r\nASK {}\r\n0\r\n\r\n", "6\r\nASK {}0\r\n\r\n", "6\r\nASK {}\r\n0\r\nno header\r\n\r\n", "\r\n\r\n"]
)
def test_chunks_that_make_no_sense_are_the_fault_of_who_sends_them(port: int, chunks: str) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_SECONDS) as connection:
        connection.sendall((CHUNKED + chunks).encode())
        answer = b"".join(iter(lambda: connection.recv(4096), b"")).decode()
    head, _, body = answer.partition("\r\n\r\n")
    assert head.startswith("HTTP/1.1 400 ")
    assert "\r\nContent-Type: text/plain; charset=utf-8\r\n" in head
    assert body.count("\n") == 1


CHUNKS = st.lists(st.binary(min_size=1, max_size=40), max_size=4)


@given(CHUNKS, st.sampled_from(["", ";name=value"]), st.sampled_from(["", "X: y\r\n"]), st.data())
def test_chunks_are_whole_when_their_last_is_there(
    chunks: list[bytes], more: str, trailer: str, data: st.DataObject
) -> None:
    body = b"".join(b"%x%s\r\n%s\r\n" % (len(chunk), more.encode(), chunk) for chunk in chunks)
    whole = CHUNKED.encode() + body + b"0\r\n" + trailer.encode() + b"\r\n"
    assert missing_bytes(whole) == 0
    cut = data.draw(st.integers(0, len(whole) - 1))
    assert cut < missing_bytes(whole[:cut]) <= len(whole)


@given(st.binary(max_size=60), st.data())
def test_a_body_is_whole_when_as_much_is_there_as_was_said(body: bytes, data: st.DataObject) -> None:
    whole = f"{POST}Content-Length: {len(body)}\r\n\r\n".encode() + body
    assert missing_bytes(whole) == missing_bytes(whole + b"GET /") == 0
    cut = data.draw(st.integers(0, len(whole) - 1))
    assert cut < missing_bytes(whole[:cut]) <= len(whole)


@given(st.binary(max_size=200))
def test_whatever_comes_more_is_awaited_or_nothing(data: bytes) -> None:
    for head in (b"", CHUNKED.encode()):
        wanted = missing_bytes(head + data)
        assert wanted in (0, TOO_LONG) or len(head + data) < wanted


SLOW = (
    pytest.param("/downloads/graphs/designations.nt", id="a file"),
    pytest.param("/designations", id="a page"),
    pytest.param("/designations.csv", id="a list", marks=pytest.mark.slow),  # which is made for each of them
)
SLOW_ADDRESSES, SLOW_CONNECTIONS = 10, 5
"""Clients that read slowly, each as many responses as it may at once: together more than there are threads."""


@pytest.mark.parametrize("path", SLOW)
def test_slow_readers_hold_nobody_up(port: int, path: str) -> None:
    """Each reads 3 kB, and again when others were answered: it is neither idle nor ever at the end."""
    assert read_all(port, path, 1 << 16)
    with ExitStack() as held:
        slow = [
            held.enter_context(slow_reader(port, path, f"127.0.0.{2 + number}"))
            for number in range(SLOW_ADDRESSES)
            for _ in range(SLOW_CONNECTIONS)
        ]
        assert len(slow) > THREADS
        statuses = [connection.recv(12) for connection in slow]
        assert statuses == [b"HTTP/1.1 200"] * len(slow)
        for _ in range(3):
            assert all(len(connection.recv(3000)) > 0 for connection in slow)
            assert [answered(port) for _ in range(5)] == [True] * 5


def test_what_a_slow_reader_reads_is_whole(port: int) -> None:
    path = "/designations.csv?province=320000"
    whole = read_all(port, path, 1 << 16)
    assert len(whole) > 1 << 18
    assert read_all(port, path, 1 << 16, pause=0.002, room=4096) == whole


def slow_reader(port: int, path: str, address: str) -> socket.socket:
    connection = socket.socket()
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    connection.settimeout(PATIENCE_SECONDS)
    connection.bind((address, 0))
    connection.connect(("127.0.0.1", port))
    connection.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
    return connection


def read_all(port: int, path: str, chunk: int, pause: float = 0.0, room: int = 0) -> bytes:
    """Read a response to its end, with a small buffer and pauses where they are given; return its body."""
    with socket.socket() as connection:
        if room:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, room)
        connection.settimeout(PATIENCE_SECONDS)
        connection.connect(("127.0.0.1", port))
        connection.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
        parts = []
        while part := connection.recv(chunk):
            parts.append(part)
            time.sleep(pause)
    return b"".join(parts).partition(b"\r\n\r\n")[2]
