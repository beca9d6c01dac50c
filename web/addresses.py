"""From the canonical IRIs of the graph to addresses of this site, and nothing but http(s) links out of it."""

from functools import lru_cache
from urllib.parse import quote, urlsplit

from flask import abort, url_for

from kg.store import NamedNode
from kg.vocab import BASE, DATASET, GRAPHS, KINDS, ONTOLOGY, SCHEMES, SHAPES, TERMS, THINGS
from web.language import Reader, reader

ROOMS = (
    (THINGS, "page/"),
    (SCHEMES, "scheme/"),
    (TERMS, "ns/"),
    (SHAPES, "shapes/"),
    (ONTOLOGY, "ontology"),
    (DATASET, "downloads"),
    (GRAPHS, "downloads"),
)
"""Beginning of an IRI of ours to the part of the site that shows it; graphs are shown among the downloads."""


def address(iri: str) -> str | None:
    """Return the local address of an IRI of ours, the address itself of a web page elsewhere, else None."""
    for base, room in ROOMS:
        if iri.startswith(base):
            rest = iri.removeprefix(base) if room.endswith("/") else ""
            known = base != THINGS or rest.partition("/")[0] in KINDS
            return _local(room + rest) if known else None
    return iri if external(iri) and not iri.startswith(BASE) else None


def _local(path: str) -> str:
    """Return a path of this site as a link that carries the language; as `url_for` would, at a tenth of its cost."""
    here = reader()
    return here.root + quote(path) + here.tail


def part(endpoint: str) -> str:
    """Return the address of a part of the site, as `url_for` would; worked out once, for every page leads to most."""
    return _part(endpoint, reader())


def asset(filename: str, version: str) -> str:
    """Return the address of a file of the pages, with the version that lets browsers keep it."""
    return _asset(filename, version, reader().root)


@lru_cache(maxsize=1000)
def _asset(filename: str, version: str, root: str) -> str:  # noqa: ARG001 — the address hangs on all three
    return url_for("static", filename=filename, v=version)


@lru_cache(maxsize=1000)
def _part(endpoint: str, to: Reader) -> str:  # noqa: ARG001 — the address hangs on both
    return url_for(endpoint)


def external(iri: str) -> bool:
    """Return whether a text is the address of a web page, and nothing that could run."""
    if iri[:4].lower() != "http":
        return False
    try:
        parts = urlsplit(iri)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.netloc)


def node(iri: str) -> NamedNode:
    """Return the IRI that an address asks for as a term; what can be no IRI never existed, and is 404."""
    try:
        return NamedNode(iri)
    except ValueError:
        abort(404, description=iri)


def kind_and_key(iri: str) -> tuple[str, str]:
    """Return kind and key of a thing, or scheme and key of a concept; empty texts for anything else."""
    for base in (THINGS, SCHEMES):
        if iri.startswith(base):
            kind, _, key = iri.removeprefix(base).partition("/")
            return kind, key
    return "", ""


def key_of(iri: str) -> str:
    """Return the key of a thing or concept, as it stands in the filters of lists."""
    return kind_and_key(iri)[1]
