"""Parsing of RDF files into one rdflib graph, with a fast path for the project's own N-Triples."""

import gc
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from rdflib import BNode, Graph, Literal, Node, URIRef
from rdflib.exceptions import ParserError

from kg.errors import BuildError

_IRI, _BLANK = r"<[^<>\s]+>", r"_:\w+"
_LITERAL = rf'"(?:[^"\\]|\\.)*"(?:@[A-Za-z-]+|\^\^{_IRI})?'
_LINE = re.compile(rf"({_IRI}|{_BLANK}) ({_IRI}) (?:({_IRI}|{_BLANK})|({_LITERAL})) \.\n")
_ESCAPE = re.compile(r"\\([tnr\"\\])")
_CHARACTERS = {"t": "\t", "n": "\n", "r": "\r", '"': '"', "\\": "\\"}


def load(files: Sequence[Path], *, literals: bool = True, store: str = "SimpleMemory") -> Graph:
    """Parse files into one graph.

    Args:
        files: N-Triples or Turtle, by extension.
        literals: whether to keep statements with literals; without them parsing takes a third of the time.
        store: rdflib's store; the simple one is faster, pyshacl needs the default one.

    Raises:
        BuildError: a file cannot be read as RDF.
    """
    merged = Graph(store=store)
    names: dict[str, Node] = {}
    with _no_collection():
        for path in files:
            try:
                statements = _statements(path, names, literals=literals) if path.suffix == ".nt" else None
                if statements is None:
                    _parse(path, merged, literals=literals)
                    continue
            except (SyntaxError, ParserError) as error:
                raise BuildError(f"{path} is not RDF: {error}") from error
            for statement in statements:
                merged.add(statement)
    return merged


def _parse(path: Path, merged: Graph, *, literals: bool) -> None:
    if literals:
        merged.parse(path)
        return
    for subject, predicate, thing in Graph().parse(path):
        if not isinstance(thing, Literal):
            merged.add((subject, predicate, thing))


@contextmanager
def _no_collection() -> Iterator[None]:
    """Disable garbage collection, which would scan the growing graph again and again."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _statements(path: Path, names: dict[str, Node], *, literals: bool) -> list[tuple[Node, Node, Node]] | None:
    """Parse N-Triples in the form of `kg.vocab.line`; return None if a line has another form."""
    statements = []
    blank: dict[str, Node] = {}  # blank nodes are local to their file
    with path.open(encoding="utf-8", newline="\n") as stream:
        for line in stream:
            match = _LINE.fullmatch(line)
            if match is None:
                return None
            if match[4] and not literals:
                continue
            subject, predicate, thing = (
                names.get(text) or blank.get(text) or _term(text, names, blank) for text in match.groups() if text
            )
            statements.append((subject, predicate, thing))
    return statements


def _term(text: str, names: dict[str, Node], blank: dict[str, Node]) -> Node:
    """Return the term of a text, created once."""
    if text[0] == "_":
        return blank.setdefault(text, BNode())
    return names.setdefault(text, URIRef(text[1:-1]) if text[0] == "<" else _literal(text))


def _literal(text: str) -> Literal:
    value, _, suffix = text[1:].rpartition('"')
    if "\\" in value:
        value = _ESCAPE.sub(lambda match: _CHARACTERS[match[1]], value)
    if suffix.startswith("@"):
        return Literal(value, lang=suffix[1:])
    return Literal(value, datatype=URIRef(suffix[3:-1])) if suffix else Literal(value)
