"""Co-occurrence matrices of ministries, purpose groups and programmes on a day: observed, and expected by chance."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import combinations

from kg.analysis import statistics
from kg.analysis.findings.kinds import programmes
from kg.analysis.findings.unit_coverage import HOLDINGS, parameters
from kg.analysis.in_force import IN_FORCE
from kg.analysis.labels import Labels
from kg.analysis.ministries import ministries
from kg.release.columns import Columns
from kg.vocab import TYPE, Node, Triple, concept, term, thing, typed

HEADERS = (
    *("matrix", "as_of", "row", "column", "unit", "units", "row_units", "column_units"),
    *("observed", "expected", "lift", "probability", "corrected", "relation"),
)


@dataclass(frozen=True, slots=True)
class Cell:
    """A row and a column and the number of units with both.

    row, column: keys; unit: what is counted: designation, county or carrier; units: all; row_units, column_units: those
    with the row and with the column; observed: with both; probability: of at least that many by chance
    (hypergeometric); corrected: over all cells of the matrix (Benjamini-Hochberg); relation: by design, "" if none.
    """

    row: str
    column: str
    unit: str
    units: int
    row_units: int
    column_units: int
    observed: int
    probability: float
    corrected: float
    relation: str = ""

    @property
    def expected(self) -> float:
        """Mean number of units with both, by chance."""
        return self.row_units * self.column_units / self.units

    @property
    def lift(self) -> float:
        """Observed over expected; 0 where none is expected, since one of both is nowhere."""
        return self.observed / self.expected if self.expected else 0.0


@dataclass(frozen=True, slots=True)
class Matrix:
    """A matrix on a day: key, kinds of its rows and columns, and its cells."""

    key: str
    as_of: date
    rows: str
    columns: str
    cells: tuple[Cell, ...]

    @property
    def mutual(self) -> bool:
        """Whether rows and columns are of the same kind, so that each pair occurs once."""
        return self.rows == self.columns


def ministry_purpose(columns: Columns, as_of: date) -> Matrix:
    """Count the designations of each ministry with a main purpose in each group.

    Units are designations in force with a known ministry. Designations of one programme share its purposes and are not
    independent: the probability ranks the cells and is no test of significance.
    """
    answers = ministries(columns, as_of)
    designations = {
        programme: int(number)
        for programme, number in columns.query(
            f"SELECT programme, count(*) FROM designations WHERE {IN_FORCE} GROUP BY 1 ORDER BY 1",  # noqa: S608
            {"as_of": as_of},
        )
        if programme in answers
    }
    groups: dict[str, set[str]] = defaultdict(set)
    for programme, group in columns.query(
        "SELECT programme, purpose_group FROM programme_purposes WHERE NOT generic AND weight = 'main' ORDER BY ALL"
    ):
        groups[group].add(programme)
    by_ministry: dict[str, set[str]] = defaultdict(set)
    for programme in designations:
        for ministry in answers[programme].ministries:
            by_ministry[ministry].add(programme)

    def number(chosen: Iterable[str]) -> int:
        return sum(designations.get(programme, 0) for programme in chosen)

    total = sum(designations.values())
    counted = [
        (ministry, group, (total, number(own), number(serving), number(own & serving)))
        for ministry, own in sorted(by_ministry.items())
        for group, serving in sorted(groups.items())
        if number(serving)
    ]
    return Matrix("ministry-purpose", as_of, "authority", "purpose", tuple(_cells(counted, "designation")))


def ministry_ministry(columns: Columns, as_of: date) -> Matrix:
    """Count the county-level units with area-borne designations of two ministries, of different programmes."""
    answers = ministries(columns, as_of)
    units: dict[str, set[str]] = defaultdict(set)
    rows = columns.query(
        f"WITH {HOLDINGS} SELECT DISTINCT programme, unit FROM holdings WHERE hold = 'in' ORDER BY ALL",  # noqa: S608
        parameters(columns, as_of),
    )
    for programme, unit in rows:
        units[programme].add(unit)
    total = int(columns.query("SELECT count(*) FROM places WHERE place = county")[0][0])
    known = sorted({ministry for programme in units for ministry in answers[programme].ministries})

    def touched(own: str, other: str) -> set[str]:
        found = [p for p in units if own in answers[p].ministries and other not in answers[p].ministries]
        return set().union(*(units[programme] for programme in found))

    counted = []
    for one, other in combinations(known, 2):
        left, right = touched(one, other), touched(other, one)
        if left and right:
            counted.append((one, other, (total, len(left), len(right), len(left & right))))
    return Matrix("ministry-ministry", as_of, "authority", "authority", tuple(_cells(counted, "county")))


def programme_programme(columns: Columns, as_of: date) -> Matrix:
    """Count the county-level units, or carriers, with designations of two programmes, including pairs by design."""
    found = [pair for pair in programmes.pairs(columns, as_of) if pair.units]
    probabilities = [statistics.at_least(pair.units, pair.one_units, pair.other_units, pair.observed) for pair in found]
    cells = tuple(
        Cell(
            *(pair.one, pair.other, pair.unit, pair.units, pair.one_units, pair.other_units),
            *(pair.observed, probability, corrected, pair.relation),
        )
        for pair, probability, corrected in zip(found, probabilities, statistics.corrected(probabilities), strict=True)
    )
    return Matrix("programme-programme", as_of, "programme", "programme", cells)


MATRICES: Mapping[str, Callable[[Columns, date], Matrix]] = {
    "ministry-purpose": ministry_purpose,
    "ministry-ministry": ministry_ministry,
    "programme-programme": programme_programme,
}
"""Every matrix by key."""


def rows(matrix: Matrix) -> list[list[str]]:
    """Return rows of keys and numbers in the order of `HEADERS`."""
    return [
        [
            *(matrix.key, matrix.as_of.isoformat(), cell.row, cell.column, cell.unit),
            *(str(number) for number in (cell.units, cell.row_units, cell.column_units, cell.observed)),
            *(f"{number:.6g}" for number in (cell.expected, cell.lift, cell.probability, cell.corrected)),
            cell.relation,
        ]
        for cell in matrix.cells
    ]


def named_rows(matrix: Matrix, labels: Labels) -> list[list[str]]:
    """Return rows in the order of `HEADERS` with Chinese names and rounded numbers, by falling lift."""
    ordered = sorted(matrix.cells, key=lambda cell: (-cell.lift, cell.row, cell.column))
    return [
        [
            *(matrix.key, matrix.as_of.isoformat()),
            *(labels.of(matrix.rows, cell.row)[0], labels.of(matrix.columns, cell.column)[0], cell.unit),
            *(str(number) for number in (cell.units, cell.row_units, cell.column_units, cell.observed)),
            *(f"{number:.2g}" for number in (cell.expected, cell.lift, cell.probability, cell.corrected)),
            cell.relation,
        ]
        for cell in ordered
    ]


def triples(matrix: Matrix) -> Iterator[Triple]:
    """Yield a matrix as a data set (W3C RDF Data Cube) with its structure, one observation a cell."""
    data_set, structure = thing("table", f"matrix-{matrix.key}"), thing("structure", f"matrix-{matrix.key}")
    yield data_set, TYPE, term("qb:DataSet")
    yield data_set, term("qb:structure"), structure
    yield structure, TYPE, term("qb:DataStructureDefinition")
    roles = dict.fromkeys(("matrixRow", "matrixColumn", "asOf"), "dimension")
    roles |= dict.fromkeys(("observed", "expected", "lift", "probability", "correctedProbability"), "measure")
    for local, role in (roles | {"unitCount": "attribute"}).items():
        component = thing("structure", f"matrix-{matrix.key}/{local}")
        yield structure, term("qb:component"), component
        yield component, TYPE, term("qb:ComponentSpecification")
        yield component, term(f"qb:{role}"), term(f"gp:{local}")
    for cell in matrix.cells:
        node = thing("observation", f"matrix-{matrix.key}/{matrix.as_of}/{cell.row}/{cell.column}")
        yield node, TYPE, term("qb:Observation")
        yield node, term("qb:dataSet"), data_set
        yield node, term("gp:matrixRow"), _node(matrix.rows, cell.row)
        yield node, term("gp:matrixColumn"), _node(matrix.columns, cell.column)
        yield node, term("gp:asOf"), typed(matrix.as_of, "date")
        for local, number in (
            *(("observed", cell.observed), ("expected", cell.expected), ("lift", cell.lift)),
            *(("probability", cell.probability), ("correctedProbability", cell.corrected)),
        ):
            yield node, term(f"gp:{local}"), typed(f"{Decimal(f'{number:.6g}'):f}", "decimal")
        yield node, term("gp:unitCount"), typed(cell.units, "integer")
        if cell.relation:
            yield node, term("gp:relationKind"), concept("relation", cell.relation)


def _cells(counted: list[tuple[str, str, tuple[int, int, int, int]]], unit: str) -> Iterator[Cell]:
    """Yield the cells of counted pairs: row, column, and numbers of units: all, of the row, of the column, of both."""
    probabilities = [statistics.at_least(*numbers) for _, _, numbers in counted]
    corrected = statistics.corrected(probabilities)
    for (row, column, numbers), probability, adjusted in zip(counted, probabilities, corrected, strict=True):
        yield Cell(row, column, unit, *numbers, probability, adjusted)


def _node(kind: str, key: str) -> Node:
    return concept("purpose", key) if kind == "purpose" else thing(kind, key)
