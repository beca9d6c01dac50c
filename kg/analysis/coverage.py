"""Completeness of the list of each programme: designations held out of the official total."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from kg.analysis.weights import weights
from kg.release.columns import Columns

COUNTED = "standing NOT IN ('withdrawn', 'not-in-list')"
"""SQL: the designations compared with an official total; excludes those withdrawn and those dropped by a newer edition
of the list."""
_LISTED = f"""
    WITH held AS (SELECT programme, count(*) AS designations FROM designations WHERE {COUNTED} GROUP BY programme),
    named AS (
        SELECT list, programme, completeness, official_total, edition,
               count(*) OVER (PARTITION BY list) AS programmes,
               (sum(coalesce(designations, 0)) OVER (PARTITION BY list))::INTEGER AS found
        FROM list_programmes JOIN lists USING (list) LEFT JOIN held USING (programme)
    ),
    chosen AS (
        FROM named QUALIFY 1 = row_number() OVER (
            PARTITION BY programme ORDER BY programmes > 1, completeness <> 'whole', official_total IS NULL,
            edition DESC, list
        )
    )
    SELECT programme, coalesce(list, ''), coalesce(CASE WHEN official_total IS NULL THEN designations ELSE found END,
    0),
           official_total, coalesce(completeness, 'unknown')
    FROM programmes LEFT JOIN chosen USING (programme) LEFT JOIN held USING (programme) ORDER BY programme
"""  # noqa: S608
"""SQL: the most informative list of each programme: of this programme alone, complete, with a total, newest."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """Completeness of the list of a programme.

    programme, list: keys, "" without a list; found: designations in the data, of all programmes of the list where its
    total covers several; official: the official total, None if unknown; completeness: as stated by the list;
    threshold: minimum share of the official total for a list to count as complete, 0 to 1.
    """

    programme: str
    list: str
    found: int
    official: int | None
    completeness: str
    threshold: float

    @property
    def share(self) -> float | None:
        """Found over official, at most 1; 1 for a complete list without a total; None if unknown."""
        if self.official:
            return 1.0 if self.completeness == "whole" else min(1.0, self.found / self.official)
        return 1.0 if self.completeness == "whole" else None

    @property
    def complete(self) -> bool:
        """Whether a designation missing from the list does not exist."""
        return self.reaches(self.threshold)

    def reaches(self, required: float) -> bool:
        """Whether the share of the list is at least `required`; an unknown share only reaches 0."""
        return required <= 0 or (self.share is not None and self.share >= required)

    def __str__(self) -> str:
        total = "?" if self.official is None else str(self.official)
        return f"{self.found}/{total}" + (" whole" if self.complete else "")


def coverages(columns: Columns) -> dict[str, Coverage]:
    """Return the completeness of the list of each programme, by programme; includes programmes without a list."""
    threshold = weights(columns)["completeness.whole"]
    rows = columns.query(_LISTED)
    return {row[0]: Coverage(row[0], row[1], row[2], row[3], row[4], threshold) for row in rows}


def stated(known: Mapping[str, Coverage], programmes: Iterable[str]) -> str:
    """Format the completeness of several lists as one line: programme key, found and official numbers."""
    return "; ".join(f"{programme} {known[programme]}" for programme in programmes)
