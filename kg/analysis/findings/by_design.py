"""Relations by design between designations: shown, and subtracted from overlaps (overlap.md)."""

from kg.analysis.weights import Weights
from kg.release.columns import Columns

KIN = """
    programme_kin AS (
        SELECT least(subject, object) AS one, greatest(subject, object) AS other,
               arg_min({'relation': relation, 'subject': subject}, relation) AS kin
        FROM (
            SELECT subject, object, relation FROM programme_relations WHERE status IN ('asserted', 'inferred')
            UNION ALL SELECT parent, programme, 'parent' FROM programmes WHERE parent <> ''
        ) WHERE list_contains($subtracting, relation)
        GROUP BY 1, 2
    ),
    designation_kin AS (
        SELECT least(subject, object) AS one, greatest(subject, object) AS other,
               arg_min({'relation': relation, 'subject': subject}, relation) AS kin
        FROM designation_relations
        WHERE status IN ('asserted', 'inferred') AND list_contains($subtracting, relation)
        GROUP BY 1, 2
    )
"""
"""SQL: unordered pairs of programmes and of designations that are related by design, each with one relation and its
subject.

A relation of programmes explains only designations that touch. The rooms that use it ask for it where two designations
are known to touch one unit; where they may only lie in one prefecture, they either touch and are related, or lie apart
and do not overlap: no overlap in both cases. A relation without a source explains nothing. Needs the parameter
subtracting.
"""

DEPENDENT = {
    "contains": "object",
    "parent": "object",
    "succeeds": "object",
    "lies-on": "subject",
    "stage-of": "subject",
}
"""Which side of a relation is part, base's guest or predecessor of the other, and so no second designation beside
it."""


def kin(columns: Columns, known: Weights) -> dict[tuple[str, str], tuple[str, str]]:
    """Return the pairs of programmes related by design, sorted within the pair, each with relation and subject."""
    sql = f"WITH {KIN} SELECT one, other, kin.relation, kin.subject FROM programme_kin"  # noqa: S608
    asked = {"subtracting": known.keys_with_prefix("subtracts.")}
    return columns.cached(
        ("kin", known),
        lambda: {(one, other): (relation, subject) for one, other, relation, subject in columns.query(sql, asked)},
    )
