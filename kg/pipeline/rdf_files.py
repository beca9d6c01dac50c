"""Parsing of RDF files into one rdflib graph, with a fast path for the project's own N-Triples."""

import gc
import hashlib
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from rdflib import RDFS, BNode, Graph, Literal, Node, URIRef
from rdflib.exceptions import ParserError
from rdflib.plugins.stores.memory import Memory

from kg.errors import BuildError
from kg.vocab import PREFIXES, TYPE

_IRI, _BLANK = r"<[^<>\s]+>", r"_:\w+"
_LITERAL = rf'"(?:[^"\\]|\\.)*"(?:@[A-Za-z-]+|\^\^{_IRI})?'
_LINE = re.compile(rf"({_IRI}|{_BLANK}) ({_IRI}) (?:({_IRI}|{_BLANK})|({_LITERAL})) \.\n")
_SUBCLASS = re.compile(r"^(<\S+>) <http://www\.w3\.org/2000/01/rdf-schema#subClassOf> (<\S+>) \.$", re.MULTILINE)
_SHORT = re.compile(r"(?<![\w-])([a-z]+):([\w-]+)")
_SELECTED = re.compile(r"(?i)\bSELECT\b[^{]*\{")
_OPEN = re.compile(r"[?$]\w+\s+[?$]\w+\s+[?$<\"\w]|;\s*[?$]\w+")
_ESCAPE = re.compile(r"\\([tnr\"\\])")
Statement = tuple[Node, Node, Node]
FEW_VALUES = 16
"""Values of a property of a thing up to which they are compared one by one."""
_CHARACTERS = {"t": "\t", "n": "\n", "r": "\r", '"': '"', "\\": "\\"}


def load(
    files: Sequence[Path], *, literals: bool = True, into: Graph | None = None, terms: frozenset[str] | None = None
) -> Graph:
    """Parse files into one graph.

    Args:
        files: N-Triples or Turtle, by extension.
        literals: whether to keep statements with literals; without them parsing takes a third of the time.
        into: the graph that is filled; without it one whose store is rdflib's simple and fast one.
        terms: of N-Triples, only the statements with these are kept (see `terms_of`); None for all.

    Raises:
        BuildError: a file cannot be read as RDF.
    """
    merged = Graph(store="SimpleMemory") if into is None else into
    names: dict[str, Node] = {}
    with no_collection():
        for path in files:
            try:
                statements = _statements(path, names, terms, literals=literals) if path.suffix == ".nt" else None
                if statements is None:
                    _parse(path, merged, literals=literals)
                    continue
            except (SyntaxError, ParserError) as error:
                raise BuildError(f"{path} is not RDF: {error}") from error
            if isinstance(merged, Statements):
                merged.extend(statements)
            else:
                for statement in statements:
                    merged.add(statement)
    return merged


class Statements(Graph):
    """Graph to which statements are added, and from which none are removed: read in a fifth of rdflib's time."""

    def __init__(self, statements: Iterable[Statement] = ()) -> None:
        self._held = _Held()
        super().__init__(store=self._held)
        self.extend(statements)

    def extend(self, statements: Iterable[Statement]) -> None:
        """Add statements."""
        for statement in statements:
            self._held.add(statement, self)

    def objects(self, subject: Any = None, predicate: Any = None, unique: bool = False) -> Any:  # noqa: ANN401, FBT001, FBT002 — rdflib's own
        """Yield the values of a property of a thing, or as rdflib's graph does."""
        if subject is None or not isinstance(predicate, URIRef):
            return super().objects(subject, predicate, unique)
        return iter(self._held.values(subject, predicate))


class _Held(Memory):
    """Statements by property and subject; by property and object from the first time that they are asked for so."""

    def __init__(self) -> None:
        super().__init__()
        self._ahead: dict[Node, dict[Node, Collection[Node]]] = defaultdict(dict)
        self._behind: dict[Node, dict[Node, list[Node]]] = {}
        self._count = 0

    def values(self, subject: Node, predicate: Node) -> Collection[Node]:
        """Return the values of a property of a thing, in the order in which they were added."""
        return self._ahead.get(predicate, {}).get(subject, ())

    def add(self, triple: Statement, context: Any, quoted: bool = False) -> None:  # noqa: ANN401, ARG002, FBT001, FBT002 — rdflib's own
        subject, predicate, thing = triple
        known = self._ahead[predicate]
        values = known.get(subject, ())
        if thing in values:
            return
        self._count += 1
        if isinstance(values, dict):
            values[thing] = None
        else:
            known[subject] = (*values, thing) if len(values) < FEW_VALUES else dict.fromkeys((*values, thing))
        if predicate in self._behind:
            self._behind[predicate].setdefault(thing, []).append(subject)

    def remove(self, triple: Any, context: Any = None) -> None:  # noqa: ANN401, ARG002 — rdflib's own
        raise TypeError("statements are not removed")

    def triples(self, triple: Any, context: Any = None) -> Any:  # noqa: ANN401, ARG002 — rdflib's own
        subject, predicate, thing = triple
        for name in list(self._ahead) if predicate is None else [predicate] if predicate in self._ahead else ():
            for one, other in self._pairs(subject, name, thing):
                yield (one, name, other), _no_contexts()

    def __len__(self, context: Any = None) -> int:  # noqa: ANN401 — rdflib's own
        return self._count

    def _pairs(self, subject: Node | None, predicate: Node, thing: Node | None) -> Iterable[tuple[Node, Node]]:
        if subject is not None:
            values = self.values(subject, predicate)
            found = values if thing is None else (thing,) if thing in values else ()
            return [(subject, value) for value in found]
        if thing is not None:
            return [(one, thing) for one in self._pointing(predicate).get(thing, ())]
        return [(one, value) for one, values in self._ahead[predicate].items() for value in values]

    def _pointing(self, predicate: Node) -> Mapping[Node, Sequence[Node]]:
        if predicate not in self._behind:
            found: dict[Node, list[Node]] = defaultdict(list)
            for subject, value in self._pairs(None, predicate, None):
                found[value].append(subject)
            self._behind[predicate] = dict(found)
        return self._behind[predicate]


def _no_contexts() -> Iterator[None]:
    return iter(())


def _parse(path: Path, merged: Graph, *, literals: bool) -> None:
    if literals:
        merged.parse(path)
        return
    for subject, predicate, thing in Graph().parse(path):
        if not isinstance(thing, Literal):
            merged.add((subject, predicate, thing))


def terms_of(line: str) -> tuple[str, ...]:
    """Return what a line of N-Triples (`kg.vocab.line`) is about: its property; of a type the class too."""
    _, predicate, rest = line.split(" ", 2)
    return (predicate, rest[:-3]) if predicate == TYPE else (predicate,)


def terms_in(query: str) -> set[str] | None:
    """Return the IRIs in a SPARQL query, also those of prefixed names, as N-Triples; None if a property is a variable.

    A text in which one might be is taken for one.
    """
    if _OPEN.search(_SELECTED.sub("{", query)):
        return None
    short = (PREFIXES[prefix] + name for prefix, name in _SHORT.findall(query) if prefix in PREFIXES)
    types = {TYPE} if re.search(r"\sa\s", query) else set()
    return {*re.findall(_IRI, query), *(f"<{iri}>" for iri in short), *types}


def digests(paths: Iterable[Path]) -> Mapping[str, bytes]:
    """Return a digest of the statements about each term, in the order of the files (N-Triples of a release)."""
    found: dict[str, Any] = {}
    for path in paths:
        with path.open("rb") as stream:
            for line in stream:
                for term in terms_of(line.decode()):
                    if term not in found:
                        found[term] = hashlib.sha256()
                    found[term].update(line)
    return {term: made.digest() for term, made in found.items()}


def subclasses(paths: Sequence[Path]) -> Mapping[str, set[str]]:
    """Return the stated subclasses of each class in some files, as N-Triples."""
    below: dict[str, set[str]] = defaultdict(set)
    for path in paths:
        if path.suffix == ".nt":
            content = path.read_bytes()
            pairs = _SUBCLASS.findall(content.decode()) if b"#subClassOf>" in content else []
        else:
            pairs = [(one.n3(), other.n3()) for one, other in Graph().parse(path).subject_objects(RDFS.subClassOf)]
        for narrower, broader in pairs:
            below[broader].add(narrower)
    return below


def with_subclasses(terms: frozenset[str] | None, below: Mapping[str, set[str]]) -> frozenset[str] | None:
    """Return terms and all subclasses of the classes among them."""
    if terms is None:
        return None
    found, waiting = set(terms), list(terms)
    while waiting:
        new = below.get(waiting.pop(), set()) - found
        found |= new
        waiting += new
    return frozenset(found)


@contextmanager
def no_collection() -> Iterator[None]:
    """Disable garbage collection, which would scan a large graph again and again."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _statements(
    path: Path, names: dict[str, Node], terms: frozenset[str] | None, *, literals: bool
) -> list[Statement] | None:
    """Parse N-Triples in the form of `kg.vocab.line`; return None if a line that is read has another form."""
    statements = []
    blank: dict[str, Node] = {}  # blank nodes are local to their file
    with path.open(encoding="utf-8", newline="\n") as stream:
        for line in stream:
            if terms is not None and line.count(" ", 0, -2) > 1 and terms.isdisjoint(terms_of(line)):
                continue
            match = _LINE.fullmatch(line)
            if match is None:
                return None
            subject, predicate, thing, literal = match.groups()
            if literal is not None and not literals:
                continue
            statements.append(
                (
                    names.get(subject) or blank.get(subject) or _term(subject, names, blank),
                    names.get(predicate) or _term(predicate, names, blank),
                    names.get(value := thing or literal) or blank.get(value) or _term(value, names, blank),
                )
            )
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
