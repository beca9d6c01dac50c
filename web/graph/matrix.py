"""Matrix of purposes and ministries on a day, with the programmes by which a ministry mainly serves a purpose."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kg.vocab import SCHEMES
from web.data import computed, counting
from web.graph import ministries
from web.graph.queries import Graph, value

MAIN = SCHEMES + "weight/main"
SHADE_THRESHOLDS = (1, 2, 4, 7)
"""Numbers of programmes from which a cell is one step darker."""


@dataclass(frozen=True, slots=True)
class Matrix:
    """Ministries as columns, by descending number of programmes; purposes as rows; programmes (IRIs) in the cells.

    past: of how many programmes in the cell of a purpose and a ministry every mandate has ended, where there are any.
    """

    ministries: tuple[str, ...]
    rows: tuple[tuple[str, Mapping[str, Sequence[str]]], ...]
    past: Mapping[tuple[str, str], int]

    def total(self, ministry: str) -> int:
        """Return the number of programmes of a ministry in the matrix."""
        return len({programme for _, cells in self.rows for programme in cells.get(ministry, ())})

    def count(self, cells: Mapping[str, Sequence[str]], ministry: str) -> int:
        """Return the number of programmes in a ministry's cell."""
        return len(cells.get(ministry, ()))

    def shade(self, count: int) -> int:
        """Return the shade of a cell, 0 to 4."""
        return sum(count >= least for least in SHADE_THRESHOLDS)


def by_group(graph: Graph, day: str) -> Matrix | None:
    """Return the matrix of purpose groups and ministries; None without columns."""
    return _cached(graph, day, "group")


def by_purpose(graph: Graph, day: str) -> Matrix | None:
    """Return the matrix of purposes and ministries; None without columns."""
    return _cached(graph, day, "purpose")


def _cached(graph: Graph, day: str, level: str) -> Matrix | None:
    if not counting():
        return None
    return computed().cached(("crossed", level, day), lambda: _matrix(graph, day, level))


def _matrix(graph: Graph, day: str, level: str) -> Matrix:
    answering = ministries.on(graph, day)
    cells: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    behind: dict[str, set[str]] = defaultdict(set)
    past: dict[tuple[str, str], set[str]] = defaultdict(set)
    for row in graph.rows("graph/purpose_weights"):
        if value(row, "weight") != MAIN:
            continue
        programme = value(row, "programme")
        for tie in answering.get(programme, ()):
            cells[value(row, level)][tie.ministry].add(programme)
            behind[tie.ministry].add(programme)
            past[value(row, level), tie.ministry] |= {programme} if ministries.LAPSED in tie.marks else set()
    columns = sorted(behind, key=lambda ministry: (-len(behind[ministry]), ministry))
    rows = sorted(cells.items(), key=lambda entry: (-len(set().union(*entry[1].values())), entry[0]))
    return Matrix(
        tuple(columns),
        tuple((purpose, {m: sorted(found) for m, found in held.items()}) for purpose, held in rows),
        {cell: len(programmes) for cell, programmes in past.items() if programmes},
    )
