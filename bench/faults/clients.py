"""Clients that hold a server up: slow readers, slow bodies, idle connections; and readers of very many pages."""

import re
import socket
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from selectors import EVENT_READ, BaseSelector, DefaultSelector, SelectorKey
from typing import cast
from urllib.parse import quote

from bench.faults.servers import PAGES, QUERY, ask, children, memory_bytes, readers, serving

SECONDS = 40.0
"""How long readers read beside each kind of client."""
FEW_READERS = 4
SLOW_READERS, READ_BYTES, READ_PAUSE_SECONDS = 20, 3_000, 5.0
SLOW_BODIES, BYTE_PAUSE_SECONDS = 60, 1.0
HEAVY = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
"""Product of patterns without a common variable: any engine takes long for it."""
CLIENTS = (8, 16, 32)
"""Numbers of clients that send queries at once."""
CONNECTIONS_PER_ADDRESS = 100
"""As many as one address may hold without a request."""
REOPEN_SECONDS = 1.0
"""Time between two looks at which idle connections were closed."""
LOCATION = re.compile(r"<loc>http://[^/]+(/[^<?]+)[^<]*</loc>")
STEPS = 10
"""Times at which memory is measured."""


def rows(dist: Path, connections: int) -> Iterator[tuple[str, object]]:
    """Yield what four readers got beside nobody, slow readers, slow bodies, and so many idle connections."""
    with serving(dist) as (port, _):
        yield f"{FEW_READERS} readers alone", beside(port, [])
        yield f"{SLOW_READERS} slow readers of /designations.csv", beside(port, [read_slowly] * SLOW_READERS)
        yield f"{SLOW_BODIES} slow bodies", beside(port, [send_slowly] * SLOW_BODIES)
        with idle(port, connections):
            yield f"{connections} idle connections", beside(port, [])
    with serving(dist, 2) as (port, _):
        for number in CLIENTS:
            yield f"{number} clients with a query of milliseconds", beside(port, [], number, (QUERY,))
        heavy = beside(port, [ask_heavily] * CLIENTS[-1])
        yield f"{FEW_READERS} readers beside {CLIENTS[-1]} clients with a query of minutes", heavy


def beside(
    port: int,
    clients: Sequence[Callable[[socket.socket], float]],
    number: int = FEW_READERS,
    pages: Sequence[str] = PAGES,
) -> dict[str, object]:
    """Return what readers get, and how fast, while clients hold connections from four addresses.

    Args:
        port: of the server.
        clients: each sends or reads a little on its connection and returns the seconds until it does so again.
        number: of readers.
        pages: what they read.
    """
    over = threading.Event()
    threads = [
        threading.Thread(target=_hold, args=(port, number, client, over)) for number, client in enumerate(clients)
    ]
    for thread in threads:
        thread.start()
    try:
        with readers(port, number, pages) as reading:
            time.sleep(SECONDS)
        return reading.told()
    finally:
        over.set()
        for thread in threads:
            thread.join()


def _hold(port: int, number: int, client: Callable[[socket.socket], float], over: threading.Event) -> None:
    """Be a client of a kind, again and again, until it is over."""
    while not over.is_set():
        try:
            with socket.socket() as connection:
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
                connection.bind((f"127.0.0.{2 + number % 4}", 0))
                connection.settimeout(SECONDS)
                connection.connect(("127.0.0.1", port))
                connection.sendall(REQUESTS[client])
                while not over.wait(client(connection)):
                    pass
        except OSError:
            continue


def read_slowly(connection: socket.socket) -> float:
    """Read some bytes of a long list."""
    if not connection.recv(READ_BYTES):
        raise ConnectionResetError
    return READ_PAUSE_SECONDS


def send_slowly(connection: socket.socket) -> float:
    """Send a byte of a query."""
    connection.sendall(b"A")
    return BYTE_PAUSE_SECONDS


def ask_heavily(connection: socket.socket) -> float:
    """Wait for the answer to a query, and ask again."""
    while connection.recv(READ_BYTES):
        pass
    raise ConnectionResetError


REQUESTS: Mapping[Callable[[socket.socket], float], bytes] = {
    read_slowly: b"GET /designations.csv HTTP/1.1\r\nHost: x\r\n\r\n",
    send_slowly: b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\n"
    b"Content-Length: 1000\r\n\r\n",
    ask_heavily: f"GET /sparql?query={quote(HEAVY)} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode(),
}


@contextmanager
def idle(port: int, number: int) -> Iterator[None]:
    """Hold connections that say nothing, from as many addresses as are needed; those that are closed come again."""
    over = threading.Event()
    thread = threading.Thread(target=_hold_idle, args=(port, number, over))
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _hold_idle(port: int, number: int, over: threading.Event) -> None:
    addresses = [f"127.0.1.{1 + each // CONNECTIONS_PER_ADDRESS}" for each in range(number)]
    with DefaultSelector() as held:
        while not over.wait(REOPEN_SECONDS):
            for address in addresses:
                held.register(_silent(port, address), EVENT_READ, address)
            ended = [key for key, _ in held.select(0)]
            addresses = [_closed(held, key) for key in ended]
        for key in list(held.get_map().values()):
            _closed(held, key)


def _silent(port: int, address: str) -> socket.socket:
    connection = socket.socket()
    connection.bind((address, 0))
    connection.settimeout(0)
    connection.connect_ex(("127.0.0.1", port))
    return connection


def _closed(held: BaseSelector, key: SelectorKey) -> str:
    """Close a connection and return the address from which it came."""
    held.unregister(key.fileobj)
    cast("socket.socket", key.fileobj).close()
    return str(key.data)


def pages(dist: Path, number: int) -> Iterator[tuple[str, object]]:
    """Yield the memory of a server process, in MB, while it answers so many different pages to four readers."""
    with serving(dist) as (port, master):
        paths = islice(_paths(port), number)
        for done in range(0, number, number // STEPS):
            with ThreadPoolExecutor(FEW_READERS) as pool:
                statuses = Counter(pool.map(lambda path: ask(port, path)[0], islice(paths, number // STEPS)))
            (process,) = children(master)
            yield f"after {done + number // STEPS} pages", {"MB": memory_bytes(process) >> 20, **statuses}


def _paths(port: int) -> Iterator[str]:
    """Yield addresses of pages from the site map."""
    for part in LOCATION.findall(ask(port, "/sitemap.xml")[1].decode()):
        yield from dict.fromkeys(LOCATION.findall(ask(port, part)[1].decode()))
