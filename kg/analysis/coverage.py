"""Completeness of each programme for claims, gaps and measures, as `kg.tables.completeness` computes it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from kg.analysis.weights import weights
from kg.release.columns import Columns

_PROGRAMMES = """
    SELECT programme, programmes.list, programmes.held, programmes.official_total, programmes.completeness,
           coalesce(lists.held, 0), lists.official_total, coalesce(programmes_named, 0)
    FROM programmes LEFT JOIN lists USING (list)
        LEFT JOIN (SELECT list, count(*) AS programmes_named FROM list_programmes GROUP BY list) USING (list)
    ORDER BY programme
"""


@dataclass(frozen=True, slots=True)
class Coverage:
    """Completeness of a programme.

    programme, list: keys, "" without a list; found: designations held; official: the official total of the programme,
    None if unknown; completeness: whole, partial, sample or unknown; threshold: minimum share of the official total
    with which an absence counts, 0 to 1; listed, of_list: designations held and total of a list of several programmes,
    of which this one has no total of its own; together: number of these programmes, else 1.
    """

    programme: str
    list: str
    found: int
    official: int | None
    completeness: str
    threshold: float
    listed: int = 0
    of_list: int | None = None
    together: int = 1

    @property
    def share(self) -> float | None:
        """Found over official, at most 1 (of the list where its total is of several); 1 if whole; None if unknown."""
        if self.completeness == "whole":
            return 1.0
        found, official = self._counted
        return min(1.0, found / official) if official else None

    @property
    def missing(self) -> int:
        """Designations of the official total that are not held; 0 if the total is unknown."""
        found, official = self._counted
        return 0 if self.completeness == "whole" else max(0, (official or 0) - found)

    @property
    def _counted(self) -> tuple[int, int | None]:
        """What is held, and the total to which it is compared."""
        return (self.found, self.official) if self.official else (self.listed, self.of_list)

    @property
    def complete(self) -> bool:
        """Whether a designation missing from the list counts as absent: the share reaches the threshold."""
        return self.reaches(self.threshold)

    def reaches(self, required: float) -> bool:
        """Whether the share of the list is at least `required`; an unknown share only reaches 0."""
        return required <= 0 or (self.share is not None and self.share >= required)

    def __str__(self) -> str:
        if self.official is None and self.of_list is not None:
            return f"{self.found} ({self.listed}/{self.of_list} of {self.together} programmes) {self.completeness}"
        return f"{self.found}/{'?' if self.official is None else self.official} {self.completeness}"


def coverages(columns: Columns) -> dict[str, Coverage]:
    """Return the completeness of each programme, by programme; includes programmes without a list."""
    threshold = weights(columns)["completeness.whole"]
    return {
        programme: Coverage(
            *(programme, key, held or 0, official, state or "unknown", threshold),
            *((listed, total, named) if named > 1 else ()),
        )
        for programme, key, held, official, state, listed, total, named in columns.query(_PROGRAMMES)
    }


def stated(known: Mapping[str, Coverage], programmes: Iterable[str]) -> str:
    """Format the completeness of several programmes as one line: key, found and official numbers, state."""
    return "; ".join(f"{programme} {known[programme]}" for programme in programmes)
