"""Which plates are in force on a date."""

from datetime import date

from kg.columns import Columns

IN_FORCE = "counted_from <= $as_of AND (ended_last IS NULL OR ended_last >= $as_of)"
"""SQL: begun by the first day that the stated start can mean (an undated plate: by the year of the list that names it),
and no stated end that is surely before the day. Needs the parameter as_of."""


def undated(columns: Columns, as_of: date) -> frozenset[str]:
    """Return the plates in force on a date whose start is not known: they count from the year of their list."""
    rows = columns.query(f"SELECT plate FROM plates WHERE NOT dated AND {IN_FORCE}", {"as_of": as_of})  # noqa: S608
    return frozenset(plate for (plate,) in rows)
