"""Read files of triples into one graph, and our own N-Triples, of which a release has many, the fast way."""

import gc
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from rdflib import BNode, Graph, Literal, Node, URIRef

from kg.errors import BuildError

_IRI, _NAMELESS = r"<[^<>\s]+>", r"_:\w+"
_LITERAL = rf'"(?:[^"\\]|\\.)*"(?:@[A-Za-z-]+|\^\^{_IRI})?'
_LINE = re.compile(rf"({_IRI}|{_NAMELESS}) ({_IRI}) (?:({_IRI}|{_NAMELESS})|({_LITERAL})) \.\n")
_ESCAPE = re.compile(r"\\([tnr\"\\])")
_CHARACTERS = {"t": "\t", "n": "\n", "r": "\r", '"': '"', "\\": "\\"}


def load(files: Sequence[Path], *, literals: bool = True, store: str = "SimpleMemory") -> Graph:
    """Read some files, taken together as one graph.

    Args:
        files: N-Triples or Turtle, by their endings.
        literals: whether statements about literals are wanted; to leave them out takes a third of the time.
        store: rdflib's store; the simple one is faster, pyshacl wants the default one.

    Raises:
        BuildError: a file cannot be read as RDF.
    """
    merged = Graph(store=store)
    names: dict[str, Node] = {}
    with _no_collection():
        for path in files:
            try:
                if path.suffix != ".nt" or not _load_lines(path, merged, names, literals=literals):
                    merged.parse(path)
            except SyntaxError as error:
                raise BuildError(f"{path} is not RDF: {error}") from error
    return merged


@contextmanager
def _no_collection() -> Iterator[None]:
    """Keep Python from looking for garbage again and again while a graph grows, of which nothing is garbage."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _load_lines(path: Path, merged: Graph, names: dict[str, Node], *, literals: bool) -> bool:
    """Read N-Triples as `kg.vocab.line` writes them; return False, nothing lost, where a line is written otherwise."""
    with path.open(encoding="utf-8", newline="\n") as stream:
        for line in stream:
            match = _LINE.fullmatch(line)
            if match is None:
                return False
            if match[4] and not literals:
                continue
            terms = [names.get(text) or _term(text, names) for text in match.groups() if text]
            merged.add((terms[0], terms[1], terms[2]))
    return True


def _term(text: str, names: dict[str, Node]) -> Node:
    """Make a term, once for each text."""
    if text[0] == '"':
        return names.setdefault(text, _literal(text))
    return names.setdefault(text, URIRef(text[1:-1]) if text[0] == "<" else BNode(text[2:]))


def _literal(text: str) -> Literal:
    value, _, suffix = text[1:].rpartition('"')
    if "\\" in value:
        value = _ESCAPE.sub(lambda match: _CHARACTERS[match[1]], value)
    if suffix.startswith("@"):
        return Literal(value, lang=suffix[1:])
    return Literal(value, datatype=URIRef(suffix[3:-1])) if suffix else Literal(value)
