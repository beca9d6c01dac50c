"""Load a release into any SPARQL 1.1 server, graph by graph, and open the server as the store of that release."""

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
from kg.release import DEFAULT_LEAVES_OUT, Release
from kg.store import Literal, NamedNode, RemoteStore
from kg.vocab import DATASET, GRAPHS, graph

DEFAULT = DATASET + "/default-graph"
"""The graph that holds a copy of all that is in the default graph: what a server calls its default graph differs."""
PUT_LINES, INSERT_LINES = 20_000, 1_000
"""Triples sent at once to a graph store, and in one INSERT DATA."""
SECONDS = 600
"""How long a server may take for one of them."""
NAMELESS = re.compile(r"^_:| _:\w+ \.$")
"""A line that names a blank node; such lines travel together, for its name holds in one message only."""
COUNTS = "SELECT ?graph (COUNT(*) AS ?count) WHERE { GRAPH ?graph { ?subject ?property ?value } } GROUP BY ?graph"


@dataclass(frozen=True, slots=True)
class Target:
    """A SPARQL server.

    query: address of its endpoint; graph_store: of its Graph Store Protocol; update: of its SPARQL Update, taken where
    it has no graph store; user, password: for HTTP authentication, basic or digest as the server asks.
    """

    query: str
    graph_store: str = ""
    update: str = ""
    user: str = ""
    password: str = ""


def load(release: Release, target: Target) -> Iterator[tuple[str, int]]:
    """Load every graph of a release, then all of the default graph once more as one; yield IRIs and triples.

    What stood in these graphs before is gone; other graphs of the server stay.

    Raises:
        StoreError: the server cannot be reached, refuses, or does not hold the whole release afterwards.
    """
    if not (target.graph_store or target.update):
        raise StoreError("no way into the store: name its graph store or its address for updates")
    sender = _Sender(target)
    names = list(release.manifest["counts"]["triples"])
    in_default = [name for name in names if name not in DEFAULT_LEAVES_OUT]
    for iri, members in [*((graph(name), [name]) for name in names), (DEFAULT, in_default)]:
        yield iri, _load(sender, target, iri, [release.graphs / f"{name}.nt" for name in members])
    holding(target.query, release)


def holding(address: str, release: Release) -> RemoteStore:
    """Open a server that holds a release, by whichever way it came there.

    Raises:
        StoreError: it does not answer, or lacks triples of the release.
    """
    expected = {graph(name): int(count) for name, count in release.manifest["counts"]["triples"].items()}
    found = {}
    for name, count in RemoteStore(address).select(COUNTS, {}).rows:
        if isinstance(name, NamedNode) and isinstance(count, Literal):
            found[name.value] = int(count.value)
    for iri, triples in expected.items():
        if found.get(iri, 0) != triples:
            raise StoreError(
                f"{address} holds {found.get(iri, 0)} of the {triples} triples of {iri.removeprefix(GRAPHS)} in the "
                f"release {release.id}; run `guapai load` for this release"
            )
    if DEFAULT in found:
        return RemoteStore(address, default=(DEFAULT,), named=tuple(expected))
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
    """Yield lines of N-Triples: first all with blank nodes together, then the rest by so many."""
    paths = list(files)
    nameless = [line for line in _lines(paths) if NAMELESS.search(line)]
    rest = (line for line in _lines(paths) if not NAMELESS.search(line))
    yield [*nameless, *islice(rest, max(0, size - len(nameless)))]
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
        with sender.opener.open(request, timeout=SECONDS) as response:
            response.read()
    except HTTPError as error:
        with error:
            words = error.read(500).decode(errors="replace").strip().partition("\n")[0]
            raise StoreError(f"{address} refuses ({error.code}): {words}") from error
    except (URLError, HTTPException, OSError) as error:
        raise StoreError(f"{address} does not answer: {error}") from error


class _Sender:
    """Sends requests over http and https, with user and password where the server asks for them.

    A server that asks for them may close the connection before it has read a long body. So the question is put without
    a body first, and the answer to it goes with the body.
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
        """Put into a request what the server asks for."""
        if not self._user:
            return
        try:
            with self.opener.open(Request(request.full_url, headers={"Accept": "*/*"}), timeout=SECONDS):  # noqa: S310
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
