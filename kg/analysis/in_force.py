"""Designations in force on a date, and the two reference dates of a release."""

from datetime import date

from kg.release.columns import Columns

IN_FORCE = "counted_from <= $as_of AND (ended_last IS NULL OR ended_last >= $as_of)"
"""SQL: started by the day (first possible day of the stated start; the year of its list for an undated designation) and
not certainly ended before it. Needs the parameter as_of."""

BEFORE_REFORM = date(2022, 12, 31)
"""The last end of a year before the 2023 reform of ministries."""


def standing_days(today: date) -> tuple[date, date]:
    """Return the two days for which a release holds findings: the last year's end before the reform, and its date."""
    return BEFORE_REFORM, today


def undated(columns: Columns) -> frozenset[str]:
    """Return the designations without a known start, which count from the year of their list."""

    def queried() -> frozenset[str]:
        return frozenset(
            designation for (designation,) in columns.query("SELECT designation FROM designations WHERE NOT dated")
        )

    return columns.cached("undated", queried)
