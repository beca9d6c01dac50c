"""From the canonical IRIs of the graph to addresses of this site, and nothing but http(s) links out of it."""

import re
from functools import lru_cache
from urllib.parse import quote, urlsplit

from flask import abort, url_for

from kg.store import NamedNode
from kg.vocab import BASE, DATASET, GRAPHS, KINDS, ONTOLOGY, SCHEMES, SHAPES, TERMS, THINGS
from web.http.language import reader

PATHS = (
    (THINGS, "page/"),
    (SCHEMES, "scheme/"),
    (TERMS, "ns/"),
    (SHAPES, "shapes/"),
    (ONTOLOGY, "ontology"),
    (DATASET, "downloads"),
    (GRAPHS, "downloads"),
)
"""Beginning of an IRI of ours to the part of the site that shows it; graphs are shown among the downloads."""
POINT = re.compile(r"POINT\((-?[\d.]+) (-?[\d.]+)\)")


def address(iri: str) -> str | None:
    """Return the local address of an IRI of ours, the address itself of a web page elsewhere, else None."""
    for base, path in PATHS:
        if iri.startswith(base):
            rest = iri.removeprefix(base) if path.endswith("/") else ""
            known = base != THINGS or rest.partition("/")[0] in KINDS
            return local(path + rest) if known else None
    return iri if external(iri) and not iri.startswith(BASE) else None


def local(path: str, *, with_language: bool = True) -> str:
    """Return a path of this site as a link, with or without the language, at a tenth of the cost of `url_for`."""
    here = reader()
    return here.root + quote(path) + (here.query if with_language else "")


def endpoint_address(endpoint: str, *, with_language: bool = True) -> str:
    """Return the address of a part of the site, as `url_for` would; worked out once, for every page leads to most.

    Args:
        endpoint: of the part; its address has no parameters.
        carry: whether it carries the language, as links do and forms do not.
    """
    here = reader()
    return _endpoint_address(endpoint, here.root) + (here.query if with_language else "")


def asset(filename: str, version: str) -> str:
    """Return the address of a file of the pages, with the version that lets browsers keep it."""
    return _asset(filename, version, reader().root)


@lru_cache(maxsize=1000)
def _asset(filename: str, version: str, root: str) -> str:  # noqa: ARG001 — the address hangs on all three
    return url_for("static", filename=filename, v=version)


@lru_cache(maxsize=1000)
def _endpoint_address(endpoint: str, root: str) -> str:  # noqa: ARG001 — the address hangs on both
    return url_for(endpoint, lang=None)


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
