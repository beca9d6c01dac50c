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


def csv_rows(content: bytes) -> list[list[tuple[str, str]]]:
    """Read CSV as sorted rows of column and cell; the order of the columns of SELECT * is nobody's promise.

    Blank nodes have the same name everywhere, since theirs mean nothing.
    """
    head, *body = csv.reader(io.StringIO(content.decode()))
    return sorted(
        sorted(
            (name, "_:" if cell.startswith("_:") else _number_text(cell)) for name, cell in zip(head, row, strict=True)
        )
        for row in body
    )


def same(one: Found, other: Found, *, ordered: bool, lax: bool = False) -> bool:
    """Return whether two results are equal but for the names of blank nodes.

    ordered: rows in the same order; lax: rows may come more or less often (REDUCED).
    """
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    rows = not any(isinstance(each, Triple) for each in (*one, *other))
    if ordered and rows and [_without_blanks(row) for row in one] != [_without_blanks(row) for row in other]:
        return False
    if lax:
        return {tuple(_without_blanks(row)) for row in one} == {tuple(_without_blanks(row)) for row in other}
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
    """Return a number, truth or zone in one spelling, since the engine rewrites them on loading (the value stays)."""
    if not isinstance(term, Literal) or not term.datatype.value.startswith(XSD):
        return term
    try:
        spelling = _spelling(term.value, term.datatype.value.removeprefix(XSD))
    except (ValueError, InvalidOperation):
        return term
    return Literal(spelling, datatype=term.datatype)


def _spelling(text: str, kind: str) -> str:
    if kind in WHOLE:
        return str(int(text))
    if kind == "decimal":
        return f"{Decimal(text).normalize():f}"
    if kind in {"double", "float"}:
        return repr(float(text))
    if kind == "boolean":
        return {"1": "true", "0": "false"}.get(text, text)
    return text.replace("+00:00", "Z") if kind in {"date", "dateTime"} else text


def _number_text(cell: str) -> str:
    try:
        return repr(float(cell))
    except ValueError:
        return cell
