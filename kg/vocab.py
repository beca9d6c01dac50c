"""Namespaces, minting of IRIs (only here), and N-Triples syntax of terms and triples."""

import re
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from functools import cache
from urllib.parse import quote

BASE = "https://w3id.org/guapai/"
TERMS = BASE + "ns/"
SCHEMES = BASE + "scheme/"
THINGS = BASE + "id/"
GRAPHS = BASE + "graph/"
SHAPES = BASE + "shapes/"
ONTOLOGY = BASE + "ontology"
DATASET = BASE + "dataset"

KINDS = (
    *("programme", "designation", "record", "authority", "affiliation", "change", "mandate", "relation", "carrier"),
    *("place", "geometry", "region", "purpose-text", "assignment", "positioning", "strategy", "indicator", "cluster"),
    *("observation", "structure", "finding", "decision", "claim", "source", "table", "column", "row", "result"),
    *("stage", "reading", "designation-relation", "former-place", "place-statement", "subtraction", "state"),
    *("gap", "sensitivity"),
)
"""Kinds of resources, as in `…/id/<kind>/<key>`."""

PREFIXES = {
    "gp": TERMS,
    "gps": SHAPES,
    "sch": SCHEMES,
    "id": THINGS,
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcterms": "http://purl.org/dc/terms/",
    "geo": "http://www.opengis.net/ont/geosparql#",
    "org": "http://www.w3.org/ns/org#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "prov": "http://www.w3.org/ns/prov#",
    "qb": "http://purl.org/linked-data/cube#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "schema": "https://schema.org/",
    "sh": "http://www.w3.org/ns/shacl#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "void": "http://rdfs.org/ns/void#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}

Node = str
"""RDF term in N-Triples syntax: `<iri>` or a literal."""
Triple = tuple[Node, Node, Node]

_ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r"})
_ESCAPED = re.compile(r'[\\"\n\r]')
_NOT_IN_IRI = re.compile(r'[\x00-\x20<>"{}|\\^`]')
_KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]*")


@cache
def term(name: str) -> Node:
    """Return the IRI of a prefixed name, such as `gp:locatedIn` or `skos:prefLabel`.

    Raises:
        KeyError: the prefix is unknown.
    """
    prefix, _, local = name.partition(":")
    return f"<{PREFIXES[prefix]}{local}>"


TYPE = term("rdf:type")


def thing(kind: str, key: str) -> Node:
    """Return the IRI of a resource.

    Raises:
        ValueError: the kind is unknown, or the key has characters that are not allowed.
    """
    if kind not in KINDS:
        raise ValueError(f"no kind {kind!r}; the kinds are {', '.join(KINDS)}")
    if not _KEY.fullmatch(key):
        raise ValueError(f"no key {key!r}: a key has letters, digits, dots, dashes and slashes")
    return f"<{THINGS}{kind}/{key}>"


def scheme(name: str) -> Node:
    """Return the IRI of a concept scheme."""
    return f"<{SCHEMES}{name}>"


def concept(scheme_name: str, key: str) -> Node:
    """Return the IRI of a concept in a scheme."""
    return f"<{SCHEMES}{scheme_name}/{key}>"


def graph(name: str) -> str:
    """Return the IRI of a named graph, without brackets."""
    return GRAPHS + name


def link(address: str) -> Node:
    """Return a URL as an IRI; characters that are not allowed in an IRI (RFC 3987) are percent-encoded."""
    return f"<{_NOT_IN_IRI.sub(lambda match: quote(match[0]), address)}>"


def text(value: str, language: str | None = None) -> Node:
    """Return a string literal, with an optional language tag."""
    escaped = value.translate(_ESCAPES) if _ESCAPED.search(value) else value
    return f'"{escaped}"@{language}' if language else f'"{escaped}"'


def typed(value: str | int | Decimal | date | bool, datatype: str) -> Node:  # noqa: FBT001 — a value, not a switch
    """Return a literal of an XSD datatype, such as `integer`, `decimal`, `date` or `boolean`.

    Decimals are canonical (XSD 1.1, section 3.3.3.1), as the store spells them: `1.5`, not `1.50`; `2`, not `2.0`.
    """
    lexical = str(value).lower() if isinstance(value, bool) else str(value)
    if datatype == "decimal":
        lexical = _canonical(Decimal(lexical))
    return f'"{lexical}"^^<{PREFIXES["xsd"]}{datatype}>'


def _canonical(number: Decimal) -> str:
    """Return a decimal without needless zeros, exponent or sign."""
    digits = f"{number:f}"
    digits = digits.rstrip("0").rstrip(".") if "." in digits else digits
    return "0" if digits in ("-0", "") else digits


def line(triple: Triple) -> str:
    """Return a triple as a line of N-Triples."""
    return f"{triple[0]} {triple[1]} {triple[2]} .\n"


def lines(triples: Iterable[Triple]) -> Iterable[str]:
    """Yield triples as lines of N-Triples."""
    return map(line, triples)
