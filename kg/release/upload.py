"""Upload of a release to a SPARQL 1.1 server, graph by graph, and the server as the store of that release."""

import re
from base64 import b64encode
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from http import HTTPStatus
from http.client import HTTPException
from itertools import chain, islice
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.parse import quote
from urllib.request import (
    HTTPDigestAuthHandler,
    HTTPPasswordMgrWithDefaultRealm,
    Request,
    build_opener,
    parse_http_list,
    parse_keqv_list,
)

from kg.errors import StoreError
from kg.release import Release
from kg.store import Literal, NamedNode, RemoteStore
from kg.vocab import DATASET, GRAPHS, graph

DEFAULT_COPY = DATASET + "/default-graph"
"""Named graph with a copy of the default graph, since servers differ in what their default graph is."""
PUT_LINES, INSERT_LINES = 20_000, 1_000
"""Triples in one request to a graph store, and in one INSERT DATA."""
TIMEOUT_SECONDS = 600
"""Timeout of one request."""
BLANK_NODE = re.compile(r"^_:| _:\w+ \.$")
"""Line with a blank node; such lines are sent in one request, since the scope of a blank node is the request."""
TRIPLES_BY_GRAPH = (
    "SELECT ?graph (COUNT(*) AS ?count) WHERE { GRAPH ?graph { ?subject ?property ?value } } GROUP BY ?graph"
)


@dataclass(frozen=True, slots=True)
class Target:
    """Addresses and credentials of a SPARQL server.

    query: URL of the endpoint; graph_store: of the Graph Store Protocol; update: of SPARQL Update, used without a graph
    store; user, password: for HTTP authentication, basic or digest as the server requests.
    """

    query: str
    graph_store: str = ""
    update: str = ""
    user: str = ""
    password: str = ""


def load(release: Release, target: Target) -> Iterator[tuple[str, int]]:
    """Upload every graph of a release and a copy of the default graph; yield IRI and number of triples of each.

    The previous content of these graphs is replaced; other graphs of the server do not change.

    Raises:
        StoreError: the server cannot be reached, refuses, or does not hold the complete release afterwards.
    """
    if not (target.graph_store or target.update):
        raise StoreError("no way into the store: name its graph store or its address for updates")
    sender = _Sender(target)
    names = list(release.manifest["counts"]["triples"])
    for iri, members in [*((graph(name), [name]) for name in names), (DEFAULT_COPY, names)]:
        yield iri, _load(sender, target, iri, [release.graphs / f"{name}.nt" for name in members])
    open_loaded(target.query, release)


def open_loaded(address: str, release: Release) -> RemoteStore:
    """Open a server that holds a release, however it was loaded.

    Raises:
        StoreError: the server does not answer, or lacks triples of the release.
    """
    expected = {graph(name): int(count) for name, count in release.manifest["counts"]["triples"].items()}
    found = {}
    for name, count in RemoteStore(address).select(TRIPLES_BY_GRAPH, {}).rows:
        if isinstance(name, NamedNode) and isinstance(count, Literal):
            found[name.value] = int(count.value)
    for iri, triples in expected.items():
        if found.get(iri, 0) != triples:
            raise StoreError(
                f"{address} holds {found.get(iri, 0)} of the {triples} triples of {iri.removeprefix(GRAPHS)} in the "
                f"release {release.id}; run `guapai load` for this release"
            )
    if DEFAULT_COPY in found:
        return RemoteStore(address, default=(DEFAULT_COPY,), named=tuple(expected))
    return RemoteStore(address)


def _load(sender: "_Sender", target: Target, iri: str, files: Iterable[Path]) -> int:
    size = PUT_LINES if target.graph_store else INSERT_LINES
    sent = 0
    for number, lines in enumerate(_chunks(files, size)):
        body = "".join(lines)
        if target.graph_store:
            _put(sender, target, iri, body, first=number == 0)
        else:
            cleared = f"CLEAR SILENT GRAPH <{iri}> ;\n" if number == 0 else ""
            _update(sender, target, f"{cleared}INSERT DATA {{ GRAPH <{iri}> {{\n{body}}} }}")
        sent += len(lines)
    return sent


def _chunks(files: Iterable[Path], size: int) -> Iterator[list[str]]:
    """Yield chunks of lines: all lines with blank nodes in the first, the others by number of lines."""
    paths = list(files)
    blank = [line for line in _lines(paths) if BLANK_NODE.search(line)]
    rest = (line for line in _lines(paths) if not BLANK_NODE.search(line))
    yield [*blank, *islice(rest, max(0, size - len(blank)))]
    while chunk := list(islice(rest, size)):
        yield chunk


def _lines(paths: Iterable[Path]) -> Iterator[str]:
    return chain.from_iterable(_read(path) for path in paths)


def _read(path: Path) -> Iterator[str]:
    with path.open(encoding="utf-8", newline="\n") as stream:
        yield from stream


def _put(sender: "_Sender", target: Target, iri: str, body: str, *, first: bool) -> None:
    """Replace a graph, or add to it (SPARQL 1.1 Graph Store HTTP Protocol, sections 5.3 and 5.5)."""
    address = f"{target.graph_store}?graph={quote(iri, safe='')}"
    _send(sender, Request(address, body.encode(), {"Content-Type": "text/turtle"}, method="PUT" if first else "POST"))  # noqa: S310


def _update(sender: "_Sender", target: Target, text: str) -> None:
    kind = {"Content-Type": "application/sparql-update; charset=utf-8"}
    _send(sender, Request(target.update, text.encode(), kind, method="POST"))  # noqa: S310


def _send(sender: "_Sender", request: Request) -> None:
    address = request.full_url.partition("?")[0]
    try:
        sender.identify(request)
        with sender.opener.open(request, timeout=TIMEOUT_SECONDS) as response:
            response.read()
    except HTTPError as error:
        with error:
            words = error.read(500).decode(errors="replace").strip().partition("\n")[0]
            raise StoreError(f"{address} refuses ({error.code}): {words}") from error
    except (URLError, HTTPException, OSError) as error:
        raise StoreError(f"{address} does not answer: {error}") from error


class _Sender:
    """Sends requests over http and https, authenticated if the server requests it.

    A server may reject an unauthenticated request before it has read a long body, so the challenge is fetched first by
    a request without body.
    """

    def __init__(self, target: Target) -> None:
        known = HTTPPasswordMgrWithDefaultRealm()
        for address in (target.graph_store, target.update):
            if address and not address.startswith(("http://", "https://")):
                raise StoreError(f"{address} is no address of a store; it must begin with http:// or https://")
            if address and target.user:
                known.add_password(None, address, target.user, target.password)
        self.opener = build_opener()
        self._user, self._password = target.user, target.password
        self._digest = HTTPDigestAuthHandler(known)

    def identify(self, request: Request) -> None:
        """Add the authorisation that the server requests."""
        if not self._user:
            return
        try:
            with self.opener.open(Request(request.full_url, headers={"Accept": "*/*"}), timeout=TIMEOUT_SECONDS):  # noqa: S310
                return
        except HTTPError as error:
            with error:
                asked = error.headers.get("WWW-Authenticate", "") if error.code == HTTPStatus.UNAUTHORIZED else ""
        scheme, _, rest = asked.partition(" ")
        if scheme.lower() == "digest":
            said = self._digest.get_authorization(request, parse_keqv_list(parse_http_list(rest)))
            request.add_unredirected_header("Authorization", f"Digest {said}")
        elif scheme.lower() == "basic":
            said = b64encode(f"{self._user}:{self._password}".encode()).decode()
            request.add_unredirected_header("Authorization", f"Basic {said}")
