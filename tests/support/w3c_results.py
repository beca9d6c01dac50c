"""Expected and given results of the W3C's SPARQL tests, in a form that can be compared."""

import csv
import io
from collections.abc import Iterable, Sequence
from decimal import Decimal, InvalidOperation
from pathlib import Path

import pyoxigraph
from pyoxigraph import (
    BlankNode,
    CanonicalizationAlgorithm,
    Dataset,
    Literal,
    NamedNode,
    Quad,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    Triple,
)
from w3c_manifests import ADDRESS, RDF, Graph, Term

RS = "http://www.w3.org/2001/sw/DataAccess/tests/result-set#"
XSD = "http://www.w3.org/2001/XMLSchema#"
READERS = {".srx": QueryResultsFormat.XML, ".srj": QueryResultsFormat.JSON, ".tsv": QueryResultsFormat.TSV}
WHOLE = {"integer", "int", "long", "short", "byte", "nonNegativeInteger", "nonPositiveInteger", "positiveInteger"}
WHOLE |= {"negativeInteger", "unsignedInt", "unsignedLong", "unsignedShort", "unsignedByte"}
Row = dict[str, Term]
Found = bool | list[Row] | list[Triple]


def expected(folder: Path, address: str) -> Found:
    """Read the expected result: a boolean, rows, or triples of a graph."""
    path = folder / address.removeprefix(ADDRESS)
    if path.suffix in READERS:
        return given(path.read_bytes(), READERS[path.suffix])
    graph = Graph(folder, address)
    sets = [triple.subject for triple in graph.triples if triple.object == NamedNode(RS + "ResultSet")]
    if not sets:
        return graph.triples
    truth = graph.one(sets[0], RS + "boolean")
    if truth is not None:
        return truth.value == "true"
    solutions = graph.many(sets[0], RS + "solution")
    solutions.sort(key=lambda node: int(graph.text(node, RS + "index") or 0))
    return [
        {
            graph.text(bound, RS + "variable"): value
            for bound in graph.many(solution, RS + "binding")
            if (value := graph.one(bound, RS + "value")) is not None
        }
        for solution in solutions
    ]


def given(content: bytes, form: QueryResultsFormat) -> bool | list[Row]:
    found = pyoxigraph.parse_query_results(content, form)
    if isinstance(found, QueryBoolean):
        return bool(found)
    assert isinstance(found, QuerySolutions)
    names = [variable.value for variable in found.variables]
    return [{name: row[name] for name in names if row[name] is not None} for row in found]


def csv_rows(content: bytes) -> list[list[str]]:
    """Read CSV; blank nodes have the same name everywhere, since theirs mean nothing."""
    rows = csv.reader(io.StringIO(content.decode()))
    head, *body = [["_:" if cell.startswith("_:") else cell for cell in row] for row in rows]
    return [head, *sorted([*map(_number_text, row)] for row in body)]


def same(one: Found, other: Found, *, ordered: bool) -> bool:
    """Return whether two results are equal but for the names of blank nodes; `ordered`: rows in the same order."""
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if ordered and [_without_blanks(row) for row in one] != [_without_blanks(row) for row in other]:
        return False
    return _canonical(one) == _canonical(other)


def _without_blanks(row: Row | Triple) -> list[str]:
    assert isinstance(row, dict)
    return sorted(f"{name} {'_:' if isinstance(term, BlankNode) else _value(term)}" for name, term in row.items())


def _canonical(found: Sequence[Row | Triple]) -> frozenset[str]:
    """Return the quads of a result with canonical names of blank nodes; a row is a blank node with its values."""
    data = Dataset(_quads(found))
    data.canonicalize(CanonicalizationAlgorithm.UNSTABLE)
    return frozenset(map(str, data))


def _quads(found: Iterable[Row | Triple]) -> Iterable[Quad]:
    for each in found:
        if isinstance(each, Triple):
            yield Quad(each.subject, each.predicate, _value(each.object))
            continue
        row = BlankNode()
        yield Quad(row, NamedNode(RDF + "type"), NamedNode("urn:row"))
        for name, term in each.items():
            yield Quad(row, NamedNode(f"urn:variable:{name}"), _value(term))


def _value(term: Term) -> Term:
    """Return a number in one spelling, since the engine rewrites numbers on loading (the value stays)."""
    if not isinstance(term, Literal) or not term.datatype.value.startswith(XSD):
        return term
    kind = term.datatype.value.removeprefix(XSD)
    try:
        if kind in WHOLE:
            return Literal(str(int(term.value)), datatype=term.datatype)
        if kind == "decimal":
            return Literal(f"{Decimal(term.value).normalize():f}", datatype=term.datatype)
        if kind in {"double", "float"}:
            return Literal(repr(float(term.value)), datatype=term.datatype)
    except (ValueError, InvalidOperation):
        pass
    return term


def _number_text(cell: str) -> str:
    try:
        return repr(float(cell))
    except ValueError:
        return cell
