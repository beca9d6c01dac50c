"""Formats of answers: terms, rows and triples as the engine gives them, written for those who asked."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain, islice
from typing import IO, Any

import pyoxigraph
from pyoxigraph import (
    BlankNode,
    Literal,
    NamedNode,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    QueryTriples,
    RdfFormat,
    Triple,
)

from kg.errors import QueryError
from kg.store.guard import Kind
from kg.vocab import PREFIXES
from kg.vocab import Triple as Line

__all__ = ["BlankNode", "Literal", "NamedNode", "QueryBoolean", "QuerySolutions", "QueryTriples", "Triple"]
__all__ += ["FORMATS", "MOST_SORTED", "WITH_GRAPHS", "Format", "Result", "Row", "Solutions", "Span", "Term"]
__all__ += ["formats_of", "graph_format", "number", "read_page", "read_solutions", "read_turtle"]
__all__ += ["serialize_lines", "serialize_page", "serialize_result", "serialize_triples"]

Term = NamedNode | BlankNode | Literal
Row = tuple[Term | None, ...]
Result = QuerySolutions | QueryBoolean | QueryTriples


@dataclass(frozen=True, slots=True)
class Format:
    """A format in which an answer is written.

    name: short name and file ending; media_types: the first is written, all are understood; aliases: other short names
    that clients send; engine: Oxigraph's name of it; row_mark: bytes that stand at every row of a SELECT and, but for a
    literal that contains them, nowhere else (empty for graphs); marks_besides: how many more marks there are than rows.
    """

    name: str
    media_types: tuple[str, ...]
    engine: QueryResultsFormat | RdfFormat
    aliases: tuple[str, ...] = ()
    row_mark: bytes = b""
    marks_besides: int = 0

    @property
    def graph(self) -> bool:
        """Whether it writes graphs (CONSTRUCT, DESCRIBE) and not rows or a truth value (SELECT, ASK)."""
        return isinstance(self.engine, RdfFormat)

    @property
    def content_type(self) -> str:
        """The value of the header Content-Type."""
        return self.media_types[0] + ("; charset=utf-8" if self.media_types[0].startswith("text/") else "")


_XML = ("application/xml", "text/xml")
_JSON = "application/json"
FORMATS = (
    Format(
        "json", ("application/sparql-results+json", _JSON), QueryResultsFormat.JSON, row_mark=b"},{", marks_besides=-1
    ),
    Format("xml", ("application/sparql-results+xml", *_XML), QueryResultsFormat.XML, row_mark=b"<result>"),
    Format("csv", ("text/csv",), QueryResultsFormat.CSV, row_mark=b"\r\n", marks_besides=1),
    Format("tsv", ("text/tab-separated-values",), QueryResultsFormat.TSV, row_mark=b"\n", marks_besides=1),
    Format("ttl", ("text/turtle", "application/x-turtle", "application/turtle"), RdfFormat.TURTLE, ("turtle",)),
    Format("nt", ("application/n-triples",), RdfFormat.N_TRIPLES, ("ntriples", "n-triples")),
    Format("jsonld", ("application/ld+json", _JSON), RdfFormat.JSON_LD, ("json-ld", "json")),
    Format("rdf", ("application/rdf+xml", *_XML), RdfFormat.RDF_XML, ("rdfxml", "rdf+xml", "xml")),
    Format("nq", ("application/n-quads",), RdfFormat.N_QUADS, ("nquads", "n-quads")),
    Format("trig", ("application/trig",), RdfFormat.TRIG),
    Format("n3", ("text/n3", "text/rdf+n3"), RdfFormat.N3),
)
"""Every format of an answer; among those of one kind of query the first is the default."""
WITH_GRAPHS = ("nq", "trig")
"""Those of them that can write named graphs."""
MOST_SORTED = 100_000
"""Rows up to which an answer is sorted for a page; more are left in the order in which they come."""
NUMBERS = {PREFIXES["xsd"] + kind for kind in ("integer", "decimal", "double", "float", "int", "long", "short")}
NUMBERS |= {PREFIXES["xsd"] + kind for kind in ("nonNegativeInteger", "positiveInteger", "negativeInteger")}


@dataclass(frozen=True, slots=True)
class Solutions:
    """The answer to a SELECT: variables without question marks, and a term or None for each in every row."""

    variables: tuple[str, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Span:
    """The rows of an answer that a page takes.

    rows: how many; first: after how many others; sort: variable by which the answer is sorted before, with a minus for
    the greatest first; empty for the order in which the rows come.
    """

    rows: int
    first: int = 0
    sort: str = ""


def formats_of(kind: Kind) -> tuple[Format, ...]:
    """Return the formats for the answer to a kind of query, the default first."""
    graph = kind in {Kind.CONSTRUCT, Kind.DESCRIBE}
    return tuple(form for form in FORMATS if form.graph is graph)


def serialize_result(result: QuerySolutions | QueryBoolean, form: Format, target: IO[bytes]) -> None:
    """Write the answer to a SELECT or ASK."""
    if not isinstance(form.engine, QueryResultsFormat):
        raise QueryError(f"an answer to SELECT or ASK cannot be written as {form.name}")
    result.serialize(target, form.engine)


def serialize_triples(triples: Iterable[Triple], form: Format, target: IO[bytes]) -> None:
    """Write triples, with the project's prefixes where the format has prefixes."""
    if not isinstance(form.engine, RdfFormat):
        raise QueryError(f"an answer to CONSTRUCT or DESCRIBE cannot be written as {form.name}")
    pyoxigraph.serialize(triples, target, form.engine, prefixes=PREFIXES)


def serialize_page(result: Result, span: Span, target: IO[bytes]) -> None:
    """Write rows of an answer for `read_page`: a truth value, solutions, or triples as rows of three.

    Rows that are equal in the variable by which they are sorted stay as they come.
    """
    if isinstance(result, QueryBoolean):
        target.write(b"\n")
        result.serialize(target, QueryResultsFormat.TSV)
        return
    names = ["subject", "predicate", "object"]
    if isinstance(result, QuerySolutions):
        names = [variable.value for variable in result.variables]
    variable, rows, done = span.sort.removeprefix("-"), iter(result), ""
    if variable in names:
        known = list(islice(rows, MOST_SORTED + 1))
        if len(known) <= MOST_SORTED:
            column, done = names.index(variable), span.sort
            known.sort(key=lambda row: _order(row[column]), reverse=span.sort.startswith("-"))
        rows = chain(known, rows)
    target.write(f"{done}\n".encode())
    target.write(("\t".join(f"?{name}" for name in names) + "\n").encode())
    for row in islice(rows, span.first, span.first + span.rows):
        target.write(("\t".join("" if term is None else _in_tsv(term) for term in row) + "\n").encode())


def read_page(page: bytes) -> tuple[Solutions | bool, str]:
    """Read what `serialize_page` wrote, and by what the rows were sorted, empty where they were not."""
    done, _, rows = page.partition(b"\n")
    found = pyoxigraph.parse_query_results(rows, QueryResultsFormat.TSV)
    return bool(found) if isinstance(found, QueryBoolean) else read_solutions(found), done.decode()


def serialize_lines(lines: Iterable[Line], name: str) -> bytes:
    """Write triples given as N-Triples text in another format."""
    text = "".join(f"{subject} {predicate} {value} .\n" for subject, predicate, value in lines)
    quads = pyoxigraph.parse(text.encode(), RdfFormat.N_TRIPLES)
    written = pyoxigraph.serialize((quad.triple for quad in quads), format=graph_format(name), prefixes=PREFIXES)
    return written or b""


def read_turtle(text: str) -> list[tuple[Term, str, Term]]:
    """Read a Turtle file: subject, IRI of the property, value; blank nodes are numbered as they come."""
    numbers: dict[object, BlankNode] = {}

    def numbered(found: Any) -> Any:  # noqa: ANN401 - a term in, a term out
        return numbers.setdefault(found, BlankNode(f"b{len(numbers)}")) if isinstance(found, BlankNode) else found

    triples = [quad.triple for quad in pyoxigraph.parse(text, RdfFormat.TURTLE)]
    return [(numbered(found.subject), found.predicate.value, numbered(found.object)) for found in triples]


def graph_format(name: str) -> RdfFormat:
    """Return the engine's name of a format of graphs."""
    return next(form.engine for form in FORMATS if form.name == name and isinstance(form.engine, RdfFormat))


def read_solutions(found: Result) -> Solutions:
    """Read the answer to a SELECT to its end.

    Raises:
        QueryError: it is the answer to another kind of query.
    """
    if not isinstance(found, QuerySolutions):
        raise QueryError("expected a SELECT query")
    return Solutions(tuple(variable.value for variable in found.variables), tuple(map(tuple, found)))


def number(term: Term | None) -> float | None:
    """Return the number that a term is, None where it is none or none that can be drawn."""
    if not isinstance(term, Literal) or term.datatype.value not in NUMBERS:
        return None
    try:
        found = float(term.value)
    except ValueError:
        return None
    return found if math.isfinite(found) else None


def _order(term: Any) -> tuple[int, float | str]:  # noqa: ANN401 - the stub does not type the terms of a row
    """Return the place of a term: nothing, nameless nodes, IRIs, numbers by value, texts, as ORDER BY puts them."""
    if isinstance(term, Literal):
        found = number(term)
        return (4, term.value) if found is None else (3, found)
    return (0, "") if term is None else (2, term.value) if isinstance(term, NamedNode) else (1, "")


def _in_tsv(term: Any) -> str:  # noqa: ANN401 - the stub does not type the terms of a row
    return f"<<( {term} )>>" if isinstance(term, Triple) else str(term)
