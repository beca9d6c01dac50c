"""Which designations are in force on a date, and the two dates on which a release looks at everything."""

from datetime import date

from kg.release.columns import Columns

IN_FORCE = "counted_from <= $as_of AND (ended_last IS NULL OR ended_last >= $as_of)"
"""SQL: begun by the first day that the stated start can mean (an undated designation: by the year of the list that
names it), and no stated end that is surely before the day. Needs the parameter as_of."""

BEFORE_REFORM = date(2022, 12, 31)
"""The last year's end before the reform of ministries of 2023."""


def standing_days(today: date) -> tuple[date, date]:
    """Return the two days for which a release holds findings: the year's end before the reform, and its own today."""
    return BEFORE_REFORM, today


def undated(columns: Columns) -> frozenset[str]:
    """Return designations without a known start: where in force, they count from the year of their list."""

    def asked() -> frozenset[str]:
        return frozenset(
            designation for (designation,) in columns.query("SELECT designation FROM designations WHERE NOT dated")
        )

    return columns.cached("undated", asked)
