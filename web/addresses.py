"""From the canonical IRIs of the graph to addresses of this site, and nothing but http(s) links out of it."""

from urllib.parse import urlsplit

from flask import url_for

from kg.vocab import BASE, DATASET, GRAPHS, KINDS, ONTOLOGY, SCHEMES, TERMS, THINGS


def address(iri: str) -> str | None:
    """Return the local address of an IRI of ours, the address itself of a web page elsewhere, else None."""
    if iri.startswith(THINGS):
        kind, _, key = iri.removeprefix(THINGS).partition("/")
        return url_for("pages.page", kind=kind, key=key) if kind in KINDS and key else None
    if iri.startswith(SCHEMES):
        return url_for("vocabulary.scheme", path=iri.removeprefix(SCHEMES))
    if iri.startswith(TERMS):
        return url_for("vocabulary.ns", term=iri.removeprefix(TERMS))
    if iri == ONTOLOGY:
        return url_for("vocabulary.ontology")
    if iri == DATASET or iri.startswith((GRAPHS, DATASET + "/")):
        return url_for("downloads.downloads")
    return iri if external(iri) and not iri.startswith(BASE) else None


def external(iri: str) -> bool:
    """Return whether a text is the address of a web page, and nothing that could run."""
    try:
        parts = urlsplit(iri)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.netloc)


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
