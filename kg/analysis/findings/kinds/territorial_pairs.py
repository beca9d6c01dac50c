"""Candidate pairs: designations of different ministries, same unit, same purpose group."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from kg.analysis.findings.by_design import BY_DESIGN
from kg.analysis.findings.finding import Certainty, Subtraction
from kg.analysis.findings.unit_coverage import HOLDINGS, create_tables, parameters
from kg.analysis.weights import weights
from kg.release.columns import Columns

CERTAINTIES: dict[int, Certainty] = {
    1: "same",
    3: "covers",
    4: "covers",
    12: "covers",
    8: "possible",
    24: "possible",
}
"""Bits of the holds of two designations (`HOLDS`) to the certainty that they overlap in a unit: in–in, in–covered;
whole–whole, whole–somewhere; somewhere–somewhere, somewhere–nearby. Other holds overlap in another unit or not at all.
"""
HOLDS = {1: "in", 2: "covered", 4: "whole", 8: "somewhere", 16: "nearby"}
"""Bits of holds. Nearby: designations in a county of the prefecture, which may overlap those somewhere in it."""
FIELDS = ("unknown", "common", "broader", "different")
"""Agreement of the fields of two designations, by its number in `_PAIR_SETS`; suffix of the weights `field.`."""

_CODE = "(CASE hold WHEN 'in' THEN 1 WHEN 'covered' THEN 2 WHEN 'whole' THEN 4 ELSE 8 END)::TINYINT"
_OVERLAPPING = f"(a.code | b.code) IN {tuple(CERTAINTIES)}"

_PURPOSE_BITS = """
    SELECT purpose_group, row_number() OVER (ORDER BY purpose_group)::INTEGER - 1 AS bit
    FROM (SELECT DISTINCT purpose_group FROM programme_purposes WHERE NOT generic)
"""
"""SQL: the purpose groups, numbered."""

_PAIRED = f"""WITH {BY_DESIGN},
    profiles AS (
        SELECT number, programme, bit, bool_or(weight = 'main') AS main,
            list_contains($fielded, purpose_group) AS needed
        FROM programme_purposes JOIN purpose_bits USING (purpose_group) JOIN numbers USING (programme)
        WHERE NOT generic GROUP BY ALL
    )
    SELECT one.number AS one, other.number AS other,
        bit_or(CASE WHEN one.needed THEN 0 ELSE 1::BIGINT << bit END) AS free,
        bit_or(CASE WHEN one.needed THEN 1::BIGINT << bit ELSE 0 END) AS needing,
        any_value(design.relation) AS relation, any_value(design.subject = one.programme) AS one_is_subject
    FROM profiles one JOIN profiles other USING (bit)
    LEFT JOIN programmes_by_design known ON known.one = one.programme AND known.other = other.programme
    WHERE one.number < other.number AND (one.main OR other.main) GROUP BY 1, 2
"""  # noqa: S608 — made of our own constants
"""SQL: pairs of programmes with a common purpose group that is main on one side; the groups as two bit masks, without
and with the requirement of a common field; and the relation by design."""

_RELATED = f"""WITH {BY_DESIGN},
    either AS (SELECT one, other, design FROM designations_by_design
        UNION ALL SELECT other, one, design FROM designations_by_design)
    SELECT one, other, design.relation AS relation, design.subject = one AS one_is_subject FROM either
"""  # noqa: S608
"""SQL: pairs of designations that are related by design, in either order."""

_RIVALS = """
    rivals AS (
        SELECT paired.* FROM paired JOIN answers mine ON mine.number = one JOIN answers theirs ON theirs.number = other
        WHERE NOT list_has_any(mine.ministries, theirs.ministries)
    )
"""
"""SQL: the pairs of programmes of different ministries."""

_GROUPS = f"""WITH {HOLDINGS}, {_RIVALS},
    known AS (
        SELECT unit, number, {_CODE} AS code, prefecture, bit_or(fields) AS fields,
            bool_or(fields IS NULL) AS unstated, count(*) AS designations
        FROM holdings GROUP BY ALL
    ),
    presence AS MATERIALIZED (
        SELECT unit, number, code, fields, unstated, designations FROM known UNION ALL
        SELECT prefecture, number, 16::TINYINT, bit_or(fields), bool_or(unstated), sum(designations)::BIGINT
        FROM known WHERE code = 1 GROUP BY prefecture, number
    ),
    met AS (
        SELECT a.unit, (a.code | b.code) IN (8, 24) AS possible, CASE WHEN needing = 0 THEN free
            WHEN bit_count(a.fields & b.fields) > 0 OR (a.unstated AND b.unstated) THEN free | needing ELSE free
            END AS shared, sum(a.designations * b.designations)::BIGINT AS pairs
        FROM presence a JOIN presence b ON a.unit = b.unit AND a.number < b.number
        JOIN rivals ON one = a.number AND other = b.number
        WHERE {_OVERLAPPING} AND relation IS NULL GROUP BY 1, 2, 3
    )
    SELECT unit, purpose_group, possible, sum(pairs)::BIGINT FROM met
    JOIN purpose_bits ON shared & (1::BIGINT << bit) > 0 GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
"""  # noqa: S608
"""SQL: joins place × programme (and so ministries and purposes) instead of designations; integers and bit masks, so
that a million rows are joined fast."""

_PAIR_SETS = f"""WITH {HOLDINGS}, {_RIVALS},
    lying AS MATERIALIZED (
        SELECT designation, number, unit, {_CODE} AS code, fields, narrow, lacks FROM holdings
        WHERE unit IN $units
        UNION ALL SELECT designation, number, prefecture, 16::TINYINT, fields, narrow, lacks FROM holdings
        WHERE hold = 'in' AND prefecture IN $units
    ),
    met AS (
        SELECT a.unit, a.code AS one_code, b.code AS other_code, rivals.one, rivals.other,
            a.designation AS one_designation, b.designation AS other_designation,
            CASE WHEN a.fields IS NULL OR b.fields IS NULL THEN 0 WHEN bit_count(a.narrow & b.narrow) > 0 THEN 1
                 WHEN bit_count(a.fields & b.fields) > 0 THEN 2 ELSE 3 END::TINYINT AS field,
            CASE WHEN field IN (1, 2) OR (a.fields IS NULL AND b.fields IS NULL) THEN free | needing ELSE free
                 END AS shared,
            coalesce(related.relation, rivals.relation) AS relation,
            CASE WHEN related.relation IS NULL THEN 'programmes' ELSE 'designations' END AS basis,
            coalesce(related.one_is_subject, rivals.one_is_subject) AS one_is_subject,
            (a.lacks | b.lacks)::UTINYINT AS lacks
        FROM lying a JOIN lying b ON a.unit = b.unit AND a.number < b.number
        JOIN rivals ON rivals.one = a.number AND rivals.other = b.number
        LEFT JOIN related_designations related ON related.one = a.designation AND related.other = b.designation
        WHERE {_OVERLAPPING}
    )
    SELECT unit, one, other, one_code, other_code, field, shared, relation, basis, one_is_subject, lacks, count(*),
        list_distinct(list(one_designation)), list_distinct(list(other_designation)),
        list([one_designation, other_designation]) FILTER (relation IS NOT NULL)
    FROM met WHERE shared > 0 GROUP BY ALL
    ORDER BY unit, one, other, one_code, other_code, field, shared, relation, basis, one_is_subject, lacks
"""  # noqa: S608
"""SQL: the overlapping pairs of designations, aggregated by programmes and kind of overlap.

The units are a list of parameters; without units the conditions are dropped."""


@dataclass(frozen=True, slots=True)
class Group:
    """A place and purpose group with overlaps, before expansion to pairs.

    unit: code of the place; purpose_group: key; possible: the overlap is only possible; pairs: upper bound of the
    number of pairs of designations, since pairs without a common field are excluded only on expansion.
    """

    unit: str
    purpose_group: str
    possible: bool
    pairs: int


@dataclass(frozen=True, slots=True)
class PairSet:
    """Pairs of designations of two programmes that overlap in a unit in one way, in the order of their programmes.

    holds: holds of the unit by either side; field: agreement of the fields; shared: common purpose groups, as bits;
    relation: by design, "" if none; lacks: what the designations of either side lack as evidence, as bits; pairs: their
    number; ones, others: the designations on either side; subtractions:
    the pairs, if related by design.
    """

    unit: str
    programmes: tuple[str, str]
    holds: tuple[str, str]
    certainty: Certainty
    field: str
    shared: int
    relation: str
    lacks: int
    pairs: int
    ones: list[str]
    others: list[str]
    subtractions: tuple[Subtraction, ...]


def groups(columns: Columns, as_of: date) -> list[Group]:
    """Return every place and purpose group with overlaps, without expansion: cheap at any size.

    Relations of designations are considered only on expansion, which may leave a group empty.
    """
    return [Group(*row) for row in columns.query(_GROUPS, _prepared(columns, as_of))]


def pair_sets(columns: Columns, as_of: date, units: Sequence[str] = ()) -> Iterator[tuple[str, str, list[PairSet]]]:
    """Yield unit, purpose group and pairs of every group on a date, in all units or in some.

    Certain and possible overlaps in a unit are separate groups, the certain ones first.
    """
    prepared = _prepared(columns, as_of)
    named = {f"unit_{at}": unit for at, unit in enumerate(units)}
    # A list of single parameters lets DuckDB skip the row groups of other units.
    listed = f"IN ({', '.join(f'${name}' for name in named)})" if named else "IS NOT NULL"
    programmes, bits = columns.cached("numbered", lambda: _numbered(columns))
    rows = (
        _pair_set(row, programmes) for row in columns.query(_PAIR_SETS.replace("IN $units", listed), prepared | named)
    )
    for unit, in_unit in groupby(rows, key=lambda pair_set: pair_set.unit):
        known = list(in_unit)
        for purpose_group, bit in bits:
            for_group = [pair_set for pair_set in known if pair_set.shared >> bit & 1]
            for possible in (False, True):
                if chosen := [pair_set for pair_set in for_group if (pair_set.certainty == "possible") is possible]:
                    yield unit, purpose_group, chosen


def _pair_set(row: tuple[Any, ...], programmes: Sequence[str]) -> PairSet:
    unit, one, other, one_code, other_code, field, shared, relation, basis, one_is_subject, lacks = row[:11]
    pairs, ones, others, related = row[11:]
    ends = [pair if one_is_subject else pair[::-1] for pair in related or ()]
    return PairSet(
        unit,
        (programmes[one - 1], programmes[other - 1]),
        (HOLDS[one_code], HOLDS[other_code]),
        CERTAINTIES[one_code | other_code],
        FIELDS[field],
        shared,
        relation or "",
        lacks,
        pairs,
        ones,
        others,
        tuple(Subtraction(subject, designation, relation, basis) for subject, designation in ends),
    )


def _numbered(columns: Columns) -> tuple[list[str], list[tuple[str, int]]]:
    """Return the programmes in the order of their numbers, from 1, and the purpose groups with their bits."""
    programmes = [key for (key,) in columns.query("SELECT programme FROM numbers ORDER BY number")]
    return programmes, columns.query("SELECT purpose_group, bit FROM purpose_bits ORDER BY bit")


def _prepared(columns: Columns, as_of: date) -> dict[str, Any]:
    """Create the temporary tables of compared programmes on first use and return the parameters of both queries."""
    create_tables(columns)
    known = weights(columns)
    subtracting = {"subtracting": known.keys_with_prefix("subtracts.")}
    columns.materialise("purpose_bits", _PURPOSE_BITS)
    columns.materialise("paired", _PAIRED, subtracting | {"fielded": known.keys_with_prefix("needs-field.")})
    columns.materialise("related_designations", _RELATED, subtracting)
    return parameters(columns, as_of)
