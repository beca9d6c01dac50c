"""How whole the list of each programme is: found of the official total, which stands beside every number."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from kg.analysis.weights import weights
from kg.release.columns import Columns

COUNTED = "standing NOT IN ('withdrawn', 'not-in-list')"
"""SQL: the designations that are held against an official total, which is of those that stand: not those that were
withdrawn or that a newer edition of the list has no more."""
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
"""The list that says most about each programme: its own before one of several programmes, a whole one, one with a
total, the newest."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """How whole the list of a programme is.

    programme, list: keys, no list ""; found: designations that we hold, of all programmes of the list where its total
    is of several; official: the official total, None where it is not known; completeness: what the list says of itself;
    threshold: the part of the official total from which on a list counts as whole.
    """

    programme: str
    list: str
    found: int
    official: int | None
    completeness: str
    threshold: float

    @property
    def share(self) -> float | None:
        """Found of official, at most 1; a list that is whole without a total counts as 1; None where nobody knows."""
        if self.official:
            return 1.0 if self.completeness == "whole" else min(1.0, self.found / self.official)
        return 1.0 if self.completeness == "whole" else None

    @property
    def whole(self) -> bool:
        """Whether the absence of a designation from the list means that there is none."""
        return self.reaches(self.threshold)

    def reaches(self, required: float) -> bool:
        """Whether at least this part is in the list; where the part is not known, only 0 is reached."""
        return required <= 0 or (self.share is not None and self.share >= required)

    def __str__(self) -> str:
        total = "?" if self.official is None else str(self.official)
        return f"{self.found}/{total}" + (" whole" if self.whole else "")


def coverages(columns: Columns) -> dict[str, Coverage]:
    """Return how whole the list of each programme is, by programme; those without a list are there too."""
    threshold = weights(columns)["completeness.whole"]
    rows = columns.query(_LISTED)
    return {row[0]: Coverage(row[0], row[1], row[2], row[3], row[4], threshold) for row in rows}


def stated(known: Mapping[str, Coverage], programmes: Iterable[str]) -> str:
    """Say the completeness of several lists in one line, keys of programmes with found and official numbers."""
    return "; ".join(f"{programme} {known[programme]}" for programme in programmes)
