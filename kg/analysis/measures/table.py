"""Output of the command `measures`: matrices and measures of spread as rows, and matrices as triples."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from kg.analysis.labels import Labels
from kg.analysis.measures import matrices
from kg.analysis.measures.matrices import MATRICES
from kg.analysis.measures.spread import PART_HEADERS, SPREAD_HEADERS, Measures, Part, part_rows, spread_rows
from kg.errors import QueryError
from kg.release.columns import Columns
from kg.vocab import Triple


@dataclass(frozen=True, slots=True)
class Table:
    """Headers and rows of a matrix or measure."""

    headers: list[str]
    rows: list[list[str]]


def table(columns: Columns, key: str, as_of: date, *, named: bool) -> Table:
    """Return a matrix or measure as rows.

    Args:
        columns: the columns of the release.
        key: a key of `MATRICES` or of `MEASURES`.
        as_of: the day.
        named: with Chinese names for people, else with keys for programs.
    """
    labels = Labels(columns)
    if key in MATRICES:
        matrix = MATRICES[key](columns, as_of)
        rows = matrices.named_rows(matrix, labels) if named else matrices.rows(matrix)
        return Table(list(matrices.HEADERS), rows)
    measures = Measures(columns, as_of)
    names = {programme: labels.of("programme", programme)[0] for programme in measures.spots} if named else {}
    return MEASURES[key](measures, names)


def triples(columns: Columns, key: str, as_of: date) -> Iterable[Triple]:
    """Return a matrix as a data set of observations.

    Raises:
        QueryError: the key is that of a measure, which is not available in RDF.
    """
    if key not in MATRICES:
        raise QueryError(f"{key} is no matrix: as ttl there are {', '.join(MATRICES)}")
    return matrices.triples(MATRICES[key](columns, as_of))


def _spreads(measures: Measures, names: Mapping[str, str]) -> Table:
    return Table(list(SPREAD_HEADERS), spread_rows(measures.spreads(), names))


def _parts(parts: Callable[[Measures], list[Part]]) -> Callable[[Measures, Mapping[str, str]], Table]:
    return lambda measures, names: Table(list(PART_HEADERS), part_rows(parts(measures), names))


def _curves(measures: Measures, names: Mapping[str, str]) -> Table:
    rows = [
        [names.get(programme, programme), f"{residents:.6g}", f"{designations:.6g}"]
        for programme in measures.averaged()
        for residents, designations in measures.curve(programme)
    ]
    return Table(["programme", "residents", "designations"], rows)


MEASURES: Mapping[str, Callable[[Measures, Mapping[str, str]], Table]] = {
    "spread": _spreads,
    "regions": _parts(Measures.parts),
    "ranks": _parts(Measures.ranks),
    "lorenz": _curves,
}
"""Every measure by key."""
TABLES = (*MATRICES, *MEASURES)
