"""Whether designations are in force on a date, with three answers, and the two reference dates of a release."""

from dataclasses import dataclass
from datetime import date

from kg.errors import ReleaseError
from kg.release.columns import Columns

IN_FORCE = "counted_from <= $as_of AND (ended_last IS NULL OR ended_last >= $as_of)"
"""SQL: started by the day (first possible day of the stated start; the year of its list for an undated designation) and
not certainly ended before it. Needs the parameter as_of."""
NOT_IN_FORCE = "(dated AND counted_from > $as_of) OR (ended_first IS NOT NULL AND ended_last < $as_of)"
"""SQL: started only after the day by its stated date, or ended before it by a stated one. Needs the parameter as_of."""
NOT_KNOWN = f"NOT coalesce({IN_FORCE}, false) AND NOT coalesce({NOT_IN_FORCE}, false)"
"""SQL: neither of both. An undated designation before the year of the list that names it; one after the last day of
which its lists speak, or after its programme was replaced as a whole. Needs the parameter as_of."""


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


def in_force(columns: Columns, day: date) -> frozenset[str]:
    """Return the designations in force on a day."""
    return columns.cached(("in force", day), lambda: _where(columns, IN_FORCE, day))


def not_known(columns: Columns, day: date) -> frozenset[str]:
    """Return the designations of which it is not known whether they are in force on a day."""
    return columns.cached(("not known", day), lambda: _where(columns, NOT_KNOWN, day))


def undated(columns: Columns) -> frozenset[str]:
    """Return the designations without a known start, which count from the year of their list."""

    def queried() -> frozenset[str]:
        return frozenset(
            designation for (designation,) in columns.query("SELECT designation FROM designations WHERE NOT dated")
        )

    return columns.cached("undated", queried)


def _where(columns: Columns, condition: str, day: date) -> frozenset[str]:
    rows = columns.query(f"SELECT designation FROM designations WHERE {condition}", {"as_of": day})  # noqa: S608
    return frozenset(designation for (designation,) in rows)
