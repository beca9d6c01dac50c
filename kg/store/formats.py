"""Result formats: terms, rows and triples of the engine, serialised and parsed."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain, islice
from typing import IO, Any, cast

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

from kg.errors import NotWritable, QueryError
from kg.store.guard import Kind
from kg.store.xml import XmlText, with_xml_names
from kg.vocab import PREFIXES, SCHEMES, THINGS
from kg.vocab import Triple as Line

__all__ = ["BlankNode", "Literal", "NamedNode", "QueryBoolean", "QuerySolutions", "QueryTriples", "Triple"]
__all__ += ["FORMATS", "GRAPH_MEDIA_TYPES", "MAX_SORTED_ROWS", "WITH_GRAPHS", "Format", "Result", "Row", "Solutions"]
__all__ += ["Span", "Term"]
__all__ += ["formats_of", "graph_format", "number", "prefixes", "read_page", "read_solutions", "read_turtle"]
__all__ += ["serialize_lines", "serialize_page", "serialize_result", "serialize_triples"]

Term = NamedNode | BlankNode | Literal
Row = tuple[Term | None, ...]
Result = QuerySolutions | QueryBoolean | QueryTriples


@dataclass(frozen=True, slots=True)
class Format:
    """A result format.

    name: short name and file extension; media_types: the first is sent, all are accepted; aliases: other short names
    that clients send; engine: Oxigraph's format; row_mark: bytes that occur once a row of a SELECT and, except in
    literals, nowhere else (empty for graphs); extra_marks: number of marks minus number of rows.
    """

    name: str
    media_types: tuple[str, ...]
    engine: QueryResultsFormat | RdfFormat
    aliases: tuple[str, ...] = ()
    row_mark: bytes = b""
    extra_marks: int = 0

    @property
    def graph(self) -> bool:
        """Whether the format is for graphs (CONSTRUCT, DESCRIBE), not for rows or a boolean (SELECT, ASK)."""
        return isinstance(self.engine, RdfFormat)

    @property
    def is_xml(self) -> bool:
        """Whether the format is XML, which cannot hold every character and every IRI of a property."""
        return self.engine in (QueryResultsFormat.XML, RdfFormat.RDF_XML)

    @property
    def content_type(self) -> str:
        """Value of the header Content-Type."""
        return self.media_types[0] + ("; charset=utf-8" if self.media_types[0].startswith("text/") else "")


_XML = ("application/xml", "text/xml")
_JSON = "application/json"
FORMATS = (
    Format(
        "json",
        ("application/sparql-results+json", _JSON),
        QueryResultsFormat.JSON,
        ("srj", "sparql-results+json"),
        row_mark=b"},{",
        extra_marks=-1,
    ),
    Format(
        "xml",
        ("application/sparql-results+xml", *_XML),
        QueryResultsFormat.XML,
        ("srx", "sparql-results+xml"),
        row_mark=b"<result>",
    ),
    Format("csv", ("text/csv",), QueryResultsFormat.CSV, row_mark=b"\r\n", extra_marks=1),
    Format("tsv", ("text/tab-separated-values",), QueryResultsFormat.TSV, row_mark=b"\n", extra_marks=1),
    Format("ttl", ("text/turtle", "application/x-turtle", "application/turtle"), RdfFormat.TURTLE, ("turtle",)),
    Format("nt", ("application/n-triples",), RdfFormat.N_TRIPLES, ("ntriples", "n-triples")),
    Format("jsonld", ("application/ld+json", _JSON), RdfFormat.JSON_LD, ("json-ld", "json")),
    Format("rdf", ("application/rdf+xml", *_XML), RdfFormat.RDF_XML, ("rdfxml", "rdf+xml", "xml")),
    Format("nq", ("application/n-quads",), RdfFormat.N_QUADS, ("nquads", "n-quads")),
    Format("trig", ("application/trig",), RdfFormat.TRIG),
    Format("n3", ("text/n3", "text/rdf+n3"), RdfFormat.N3),
)
"""All result formats; the first of each kind of query is the default."""
_SHORT = [(name, iri) for name, iri in PREFIXES.items() if iri not in (THINGS, SCHEMES)]
GRAPH_MEDIA_TYPES = {form.name: form.media_types[0] for form in FORMATS if form.graph}
"""Short name of a format of graphs, which is its file extension, to its media type."""
BOOLEAN_FORMATS = (QueryResultsFormat.JSON, QueryResultsFormat.XML)
"""The engine's formats for a boolean (ASK)."""
WITH_GRAPHS = ("nq", "trig")
"""Names of the formats with named graphs."""
MAX_SORTED_ROWS = 100_000
"""Largest number of rows that is sorted for a page; larger results stay in the engine's order."""
NUMBERS = {PREFIXES["xsd"] + kind for kind in ("integer", "decimal", "double", "float", "int", "long", "short")}
NUMBERS |= {PREFIXES["xsd"] + kind for kind in ("nonNegativeInteger", "positiveInteger", "negativeInteger")}


@dataclass(frozen=True, slots=True)
class Solutions:
    """Result of a SELECT: variables without question marks, and rows with a term or None for each."""

    variables: tuple[str, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Span:
    """The rows of a result that one page shows.

    rows: number of rows; first: offset; sort: variable to sort by first, with a minus for descending order; empty for
    the engine's order.
    """

    rows: int
    first: int = 0
    sort: str = ""


def formats_of(kind: Kind) -> tuple[Format, ...]:
    """Return the formats for a kind of query, the default first.

    CSV and TSV are defined for the rows of SELECT only (SPARQL 1.1 Query Results CSV and TSV Formats, section 1).
    """
    if kind is Kind.ASK:
        return tuple(form for form in FORMATS if form.engine in BOOLEAN_FORMATS)
    graph = kind in {Kind.CONSTRUCT, Kind.DESCRIBE}
    return tuple(form for form in FORMATS if form.graph is graph)


def serialize_result(result: QuerySolutions | QueryBoolean, form: Format, target: IO[bytes]) -> None:
    """Write the result of a SELECT or ASK.

    Raises:
        NotWritable: the format cannot hold the answer.
    """
    if not isinstance(form.engine, QueryResultsFormat):
        raise QueryError(f"an answer to SELECT or ASK cannot be written as {form.name}")
    result.serialize(_checked(target, form), form.engine)


def serialize_triples(triples: Iterable[Triple], form: Format, target: IO[bytes]) -> None:
    """Write triples, with the project's prefixes if the format has prefixes (see `prefixes`).

    Raises:
        NotWritable: the format cannot hold the answer.
    """
    if not isinstance(form.engine, RdfFormat):
        raise QueryError(f"an answer to CONSTRUCT or DESCRIBE cannot be written as {form.name}")
    if form.is_xml:
        triples = with_xml_names(triples, _others(form))
    try:
        pyoxigraph.serialize(triples, _checked(target, form), form.engine, prefixes=prefixes(form.engine))
    except OSError as error:
        if error.errno is not None:
            raise
        # The engine's own refusal, such as of a text with a direction, which came with RDF 1.2, in JSON-LD.
        raise NotWritable(f"{form.name} cannot hold the answer ({error}). It can be had as {_others(form)}.") from error


def _checked(target: IO[bytes], form: Format) -> IO[bytes]:
    """Return a target that keeps XML well-formed if the format is XML, else the target itself."""
    return cast("IO[bytes]", XmlText(target, _others(form))) if form.is_xml else target


def _others(form: Format) -> str:
    """Return the names of the formats of the same kind that are no XML."""
    found = [each.name for each in FORMATS if each.graph is form.graph and not each.is_xml and each is not form]
    return f"{', '.join(found[:-1])} or {found[-1]}"


def serialize_page(result: Result, span: Span, target: IO[bytes]) -> None:
    """Write one page of a result for `read_page`: a boolean, solutions, or triples as rows of three.

    The sort is stable.
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
        known = list(islice(rows, MAX_SORTED_ROWS + 1))
        if len(known) <= MAX_SORTED_ROWS:
            column, done = names.index(variable), span.sort
            known.sort(key=lambda row: _order(row[column]), reverse=span.sort.startswith("-"))
        rows = chain(known, rows)
    target.write(f"{done}\n".encode())
    target.write(("\t".join(f"?{name}" for name in names) + "\n").encode())
    for row in islice(rows, span.first, span.first + span.rows):
        target.write(("\t".join("" if term is None else _in_tsv(term) for term in row) + "\n").encode())


def read_page(page: bytes) -> tuple[Solutions | bool, str]:
    """Read the output of `serialize_page`; return the result and its sort key, empty if it was not sorted."""
    done, _, rows = page.partition(b"\n")
    found = pyoxigraph.parse_query_results(rows, QueryResultsFormat.TSV)
    return bool(found) if isinstance(found, QueryBoolean) else read_solutions(found), done.decode()


def serialize_lines(lines: Iterable[Line], name: str) -> bytes:
    """Convert triples of N-Triples terms to another format."""
    text = "".join(f"{subject} {predicate} {value} .\n" for subject, predicate, value in lines)
    quads = pyoxigraph.parse(text.encode(), RdfFormat.N_TRIPLES)
    form = graph_format(name)
    written = pyoxigraph.serialize((quad.triple for quad in quads), format=form, prefixes=prefixes(form))
    return written or b""


def read_turtle(text: str) -> list[tuple[Term, str, Term]]:
    """Parse Turtle into subject, IRI of the property, value; blank nodes are numbered in order of appearance."""
    numbers: dict[object, BlankNode] = {}

    def numbered(found: Any) -> Any:  # noqa: ANN401 - a term in, a term out
        return numbers.setdefault(found, BlankNode(f"b{len(numbers)}")) if isinstance(found, BlankNode) else found

    triples = [quad.triple for quad in pyoxigraph.parse(text, RdfFormat.TURTLE)]
    return [(numbered(found.subject), found.predicate.value, numbered(found.object)) for found in triples]


def prefixes(form: RdfFormat) -> dict[str, str]:
    """Return the prefixes for a format: in Turtle and its kin only those whose local names have no slash.

    A slash must be escaped in a local name, which not every reader understands; such IRIs are written whole.
    """
    short = PREFIXES.items() if form in (RdfFormat.JSON_LD, RdfFormat.RDF_XML) else _SHORT
    return dict(short)


def graph_format(name: str) -> RdfFormat:
    """Return Oxigraph's RDF format by name."""
    return next(form.engine for form in FORMATS if form.name == name and isinstance(form.engine, RdfFormat))


def read_solutions(found: Result) -> Solutions:
    """Read the result of a SELECT query to its end.

    Raises:
        QueryError: the result is of another kind of query.
    """
    if not isinstance(found, QuerySolutions):
        raise QueryError("expected a SELECT query")
    return Solutions(tuple(variable.value for variable in found.variables), tuple(map(tuple, found)))


def number(term: Term | None) -> float | None:
    """Return the value of a numeric literal; None for other terms and for numbers that are not finite."""
    if not isinstance(term, Literal) or term.datatype.value not in NUMBERS:
        return None
    try:
        found = float(term.value)
    except ValueError:
        return None
    return found if math.isfinite(found) else None


def _order(term: Any) -> tuple[int, float | str]:  # noqa: ANN401 - the stub does not type the terms of a row
    """Return the sort key of a term in the order of ORDER BY: unbound, blank nodes, IRIs, numbers by value, texts."""
    if isinstance(term, Literal):
        found = number(term)
        return (4, term.value) if found is None else (3, found)
    return (0, "") if term is None else (2, term.value) if isinstance(term, NamedNode) else (1, "")


def _in_tsv(term: Any) -> str:  # noqa: ANN401 - the stub does not type the terms of a row
    return f"<<( {term} )>>" if isinstance(term, Triple) else str(term)
