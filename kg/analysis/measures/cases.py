"""Cases behind the cells of the matrices: the units that a cell counts, with the designations in each."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from kg.analysis import weights
from kg.analysis.findings.by_design import BY_DESIGN, related_pairs
from kg.analysis.findings.finding import Finding
from kg.analysis.findings.unit_coverage import create_tables
from kg.analysis.in_force import IN_FORCE
from kg.analysis.ministries import Answer, ministries
from kg.release.columns import Columns

Unit = Literal["designation", "county", "carrier"]
Held = Mapping[str, Mapping[str, tuple[str, ...]]]
"""Programme to unit to the keys of its designations there, sorted."""

_HELD: Mapping[Unit, str] = {
    "county": f"""SELECT DISTINCT programme, unit, designation FROM unit_coverage JOIN numbers USING (number)
        WHERE hold = 'in' AND {IN_FORCE} ORDER BY ALL""",  # noqa: S608
    "carrier": f"""SELECT DISTINCT programme, carrier, designation FROM designations
        JOIN designation_carriers USING (designation) WHERE bearer = 'organisation' AND {IN_FORCE} ORDER BY ALL""",  # noqa: S608
    "designation": f"SELECT programme, designation, designation FROM designations WHERE {IN_FORCE} ORDER BY ALL",  # noqa: S608
}
"""SQL: the designations in force in each unit, as the matrices count them."""
_DESIGNATIONS_BY_DESIGN = f"WITH {BY_DESIGN} SELECT one, other FROM designations_by_design"  # noqa: S608


@dataclass(frozen=True, slots=True)
class Holding:
    """A designation in a unit: its key and its programme."""

    designation: str
    programme: str


@dataclass(frozen=True, slots=True)
class Case:
    """A unit that a cell counts: key, designations of the row and of the column.

    by_design: whether every designation of the row is related by design to every one of the column, so that nothing
    meets here that was not meant to. Without designations of a column (units are designations) it is false.
    """

    unit: str
    row: tuple[Holding, ...]
    column: tuple[Holding, ...] = ()
    by_design: bool = False


@dataclass(frozen=True, slots=True)
class ProgrammePair:
    """A programme of the row and one of the column, with the number of units of both; relation: by design, or ""."""

    row: str
    column: str
    units: int
    relation: str


def cases(columns: Columns, as_of: date, matrix: str, row: str, column: str) -> list[Case]:
    """Return what the cell of a matrix counts, by key of the unit; the length is the number in the cell.

    Args:
        columns: the columns of a release.
        as_of: the day of the matrix.
        matrix: a key of `MATRICES` in kg/analysis/measures/matrices.py.
        row: key of the row.
        column: key of the column.
    """
    return _CASES[matrix](columns, as_of, row, column)


def programme_pairs(columns: Columns, found: Iterable[Case]) -> list[ProgrammePair]:
    """Return the pairs of programmes that meet in some cases, by falling number of units."""
    related = related_pairs(columns, weights.weights(columns))
    counted = Counter(
        pair for case in found for pair in {(r.programme, c.programme) for r in case.row for c in case.column}
    )
    pairs = [
        ProgrammePair(row, column, units, related.get((min(row, column), max(row, column)), ("", ""))[0])
        for (row, column), units in counted.items()
    ]
    return sorted(pairs, key=lambda pair: (-pair.units, pair.row, pair.column))


def overlaps_of_ministries(
    findings: Iterable[Finding], answers: Mapping[str, Answer]
) -> dict[tuple[str, str], list[Finding]]:
    """Return the territorial overlaps of each two ministries (keys, sorted): those with a pair of programmes of theirs.

    Args:
        findings: of one day, in their order, which is kept.
        answers: the ministries of the programmes on that day.
    """
    overlaps: dict[tuple[str, str], list[Finding]] = defaultdict(list)
    for finding in findings:
        if finding.kind == "territorial" and finding.ranked:
            for pair in sorted({pair for programmes in finding.overlaps for pair in _apart(programmes, answers)}):
                overlaps[pair].append(finding)
    return dict(overlaps)


def _apart(programmes: tuple[str, ...], answers: Mapping[str, Answer]) -> set[tuple[str, str]]:
    """Return the pairs of ministries, one of each of two programmes, if they have none in common."""
    one, other = (answers[key].ministries if key in answers else frozenset() for key in programmes)
    return set() if one & other else {(min(a, b), max(a, b)) for a in one for b in other}


def _ministry_purpose(columns: Columns, as_of: date, ministry: str, group: str) -> list[Case]:
    answers = ministries(columns, as_of)
    serving = columns.query(
        """SELECT DISTINCT programme FROM programme_purposes
        WHERE NOT generic AND weight = 'main' AND purpose_group = $group""",
        {"group": group},
    )
    own = [programme for (programme,) in serving if programme in answers and ministry in answers[programme].ministries]
    found = units(columns, as_of, "designation", own)
    return [Case(unit, holdings) for unit, holdings in sorted(found.items())]


def _ministry_ministry(columns: Columns, as_of: date, one: str, other: str) -> list[Case]:
    answers = ministries(columns, as_of)
    sides = (
        [key for key, answer in answers.items() if own in answer.ministries and against not in answer.ministries]
        for own, against in ((one, other), (other, one))
    )
    return _both(columns, *(units(columns, as_of, "county", side) for side in sides))


def _programme_programme(columns: Columns, as_of: date, one: str, other: str) -> list[Case]:
    kinds: tuple[Unit, ...] = ("county", "carrier")
    found = (_both(columns, *(units(columns, as_of, unit, [key]) for key in (one, other))) for unit in kinds)
    return next((each for each in found if each), [])


_CASES: Mapping[str, Callable[[Columns, date, str, str], list[Case]]] = {
    "ministry-purpose": _ministry_purpose,
    "ministry-ministry": _ministry_ministry,
    "programme-programme": _programme_programme,
}


def _both(
    columns: Columns, one: Mapping[str, tuple[Holding, ...]], other: Mapping[str, tuple[Holding, ...]]
) -> list[Case]:
    related = _related(columns)
    return [
        Case(unit, one[unit], other[unit], all(related(r, c) for r in one[unit] for c in other[unit]))
        for unit in sorted(one.keys() & other.keys())
    ]


def _related(columns: Columns) -> Callable[[Holding, Holding], bool]:
    """Return whether two designations of one unit are related by design, themselves or by their programmes."""
    known = weights.weights(columns)
    programmes = related_pairs(columns, known)
    asked = {"subtracting": known.keys_with_prefix("subtracts.")}
    designations = columns.cached(
        ("related designations", known), lambda: frozenset(columns.query(_DESIGNATIONS_BY_DESIGN, asked))
    )

    def related(one: Holding, other: Holding) -> bool:
        kinds, own = sorted((one.programme, other.programme)), sorted((one.designation, other.designation))
        return (kinds[0], kinds[1]) in programmes or (own[0], own[1]) in designations

    return related


def units(columns: Columns, as_of: date, unit: Unit, programmes: Iterable[str]) -> dict[str, tuple[Holding, ...]]:
    """Return the units with designations of some programmes on a day, each with those designations, by programme."""
    held = columns.cached(("held", unit, as_of), lambda: _held(columns, as_of, unit))
    found: dict[str, list[Holding]] = defaultdict(list)
    for programme in sorted(set(programmes)):
        for key, designations in held.get(programme, {}).items():
            found[key] += [Holding(designation, programme) for designation in designations]
    return {key: tuple(holdings) for key, holdings in found.items()}


def _held(columns: Columns, as_of: date, unit: Unit) -> Held:
    if unit == "county":
        create_tables(columns)
    held: dict[str, dict[str, tuple[str, ...]]] = defaultdict(dict)
    for programme, key, designation in columns.query(_HELD[unit], {"as_of": as_of}):
        held[programme][key] = (*held[programme].get(key, ()), designation)
    return held
