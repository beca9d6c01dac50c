"""Designations in force on a date, and the two reference dates of a release."""

from dataclasses import dataclass
from datetime import date

from kg.errors import ReleaseError
from kg.release.columns import Columns

IN_FORCE = "counted_from <= $as_of AND (ended_last IS NULL OR ended_last >= $as_of)"
"""SQL: started by the day (first possible day of the stated start; the year of its list for an undated designation) and
not certainly ended before it. Needs the parameter as_of."""


@dataclass(frozen=True, slots=True)
class Reform:
    """A reform of institutions (data/reforms.csv): its day, its name in Chinese and English."""

    day: date
    name_zh: str
    name_en: str

    @property
    def eve(self) -> date:
        """The last end of a year before it."""
        return date(self.day.year - 1, 12, 31)

    def name(self, language: str) -> str:
        """Return its name in a language (zh, en)."""
        return self.name_zh if language == "zh" else self.name_en


def reform(columns: Columns) -> Reform:
    """Return the newest reform of institutions that a release knows.

    Raises:
        ReleaseError: it knows none.
    """

    def queried() -> Reform:
        rows = columns.query("SELECT day, name_zh, name_en FROM reforms ORDER BY day DESC, reform LIMIT 1")
        if not rows:
            raise ReleaseError("The table `reforms` has no row: expected at least one reform of institutions.")
        return Reform(*rows[0])

    return columns.cached("reform", queried)


def standing_days(columns: Columns, today: date) -> tuple[date, date]:
    """Return the two days for which a release holds findings: the last year's end before the reform, and its date."""
    return reform(columns).eve, today


def undated(columns: Columns) -> frozenset[str]:
    """Return the designations without a known start, which count from the year of their list."""

    def queried() -> frozenset[str]:
        return frozenset(
            designation for (designation,) in columns.query("SELECT designation FROM designations WHERE NOT dated")
        )

    return columns.cached("undated", queried)
