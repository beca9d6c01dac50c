"""Designations in force at the end of each year, by responsible ministry."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from kg.analysis.in_force import IN_FORCE
from kg.analysis.ministries import ministries
from kg.release.columns import Columns

FIRST_YEAR = 1984
"""Year of the oldest dated designation."""


@dataclass(frozen=True, slots=True)
class OverTime:
    """Number of designations at the end of each year.

    years: in order, the last may be incomplete; designations: by ministry ("" if unknown) the dated designations in
    force at the end of each year, a designation of several ministries in equal parts; undated: designations in force
    on the last day without a date, not included in the others.
    """

    years: Sequence[int]
    designations: Mapping[str, Sequence[float]]
    undated: int

    @property
    def ordered(self) -> list[str]:
        """The ministries by falling number of designations at the end, unknown last."""
        return sorted(self.designations, key=lambda key: (key == "", -self.designations[key][-1], key))


def over_time(columns: Columns, as_of: date) -> OverTime:
    """Count the dated designations in force at the end of each year up to a day by ministry."""
    years = range(FIRST_YEAR, as_of.year + 1)
    counted: dict[str, list[float]] = defaultdict(lambda: [0.0] * len(years))
    for index, year in enumerate(years):
        day = min(date(year, 12, 31), as_of)
        answers = ministries(columns, day)
        for programme, number in columns.query(
            f"SELECT programme, count(*) FROM designations WHERE dated AND {IN_FORCE} GROUP BY 1",  # noqa: S608
            {"as_of": day},
        ):
            answering = sorted(answers[programme].ministries) if programme in answers else []
            for ministry in answering or [""]:
                counted[ministry][index] += number / len(answering or [""])
    sql = f"SELECT count(*) FROM designations WHERE NOT dated AND {IN_FORCE}"  # noqa: S608
    return OverTime(years, counted, columns.query(sql, {"as_of": as_of})[0][0])
