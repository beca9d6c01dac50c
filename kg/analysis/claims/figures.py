"""Measures of claims on the papers' own figures and positions."""

import math
from collections.abc import Callable, Mapping

from kg.analysis.claims.evaluate import Test, Value, exactly
from kg.analysis.findings.kinds import positioning
from kg.release.columns import Columns


class Figures:
    """The figures of the papers' tables by key: table, row and column, such as `p2-t4/r02/basic`."""

    def __init__(self, columns: Columns) -> None:
        self.columns = columns
        self.values: dict[str, float] = dict(columns.query("SELECT figure, value FROM figures ORDER BY figure"))

    def row(self, key: str, names: list[str]) -> list[float]:
        """Return some figures of one row, such as `p2-t4/r02`, in the order of the names."""
        return [self.values[f"{key}/{name}"] for name in names]


def figure(figures: Figures, test: Test) -> Value:
    """Return one figure as it is printed."""
    return exactly(figures.values[test.parameters["figure"]])


def ratio(figures: Figures, test: Test) -> Value:
    """Return one figure over another."""
    return exactly(figures.values[test.parameters["figure"]] / figures.values[test.parameters["to"]])


def rank(figures: Figures, test: Test) -> Value:
    """Return the rank of a figure in its column, 1 for the greatest."""
    table, _, name = test.parameters["figure"].split("/")
    peers = [value for key, value in figures.values.items() if _column(key) == (table, name)]
    own = figures.values[test.parameters["figure"]]
    return exactly(1.0 + sum(value > own for value in peers))


def distance_rank(figures: Figures, test: Test) -> Value:
    """Return the rank of a row by its Euclidean distance from another row over some columns, 1 for the nearest."""
    names, to, own = test.many("columns"), test.parameters["to"], test.parameters["figure"]
    table = own.split("/", maxsplit=1)[0]
    rows = {key.rpartition("/")[0] for key in figures.values if key.startswith(f"{table}/")} - {to}
    target = figures.row(to, names)
    distances = {row: math.dist(figures.row(row, names), target) for row in rows}
    return exactly(1.0 + sum(distance < distances[own] for distance in distances.values()))


def own_positions(figures: Figures, _: Test) -> Value:
    """Return the share of the areas with a unique set of positions."""
    return exactly(positioning.own_sets(figures.columns))


def _column(key: str) -> tuple[str, str]:
    table, _, rest = key.partition("/")
    return table, rest.rpartition("/")[2]


MEASURES: Mapping[str, Callable[[Figures, Test], Value]] = {
    "figure": figure,
    "figure-ratio": ratio,
    "figure-rank": rank,
    "figure-distance-rank": distance_rank,
    "own-positions": own_positions,
}
