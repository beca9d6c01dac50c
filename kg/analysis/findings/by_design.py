"""Relations by design between designations: displayed, and excluded from overlaps."""

from kg.analysis.weights import Weights
from kg.release.columns import Columns

BY_DESIGN = """
    programmes_by_design AS (
        SELECT least(subject, object) AS one, greatest(subject, object) AS other,
               arg_min({'relation': relation, 'subject': subject}, relation) AS design
        FROM (
            SELECT subject, object, relation FROM programme_relations WHERE status IN ('asserted', 'inferred')
            UNION ALL SELECT parent, programme, 'parent' FROM programmes WHERE parent <> ''
        ) WHERE list_contains($subtracting, relation)
        GROUP BY 1, 2
    ),
    designations_by_design AS (
        SELECT least(subject, object) AS one, greatest(subject, object) AS other,
               arg_min({'relation': relation, 'subject': subject}, relation) AS design
        FROM designation_relations
        WHERE status IN ('asserted', 'inferred') AND list_contains($subtracting, relation)
        GROUP BY 1, 2
    )
"""
"""SQL: unordered pairs of programmes and of designations that are related by design, each with one relation and its
subject.

A relation of programmes only applies to designations that touch the same unit. Designations that may only lie in one
prefecture either touch and are related, or lie apart and do not overlap: no overlap in both cases. Relations without a
source are ignored. Needs the parameter subtracting.
"""

DEPENDENT = {
    "contains": "object",
    "parent": "object",
    "succeeds": "object",
    "lies-on": "subject",
    "stage-of": "subject",
}
"""Relation to its dependent side: the part, tenant or predecessor, which is not counted beside the other side."""


def related_pairs(columns: Columns, known: Weights) -> dict[tuple[str, str], tuple[str, str]]:
    """Return the pairs of programmes related by design, sorted within the pair, each with relation and subject."""
    sql = f"WITH {BY_DESIGN} SELECT one, other, design.relation, design.subject FROM programmes_by_design"  # noqa: S608
    asked = {"subtracting": known.keys_with_prefix("subtracts.")}
    return columns.cached(
        ("related pairs", known),
        lambda: {(one, other): (relation, subject) for one, other, relation, subject in columns.query(sql, asked)},
    )
