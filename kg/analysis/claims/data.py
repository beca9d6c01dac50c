"""Input of the measures of claims: designations, their places, completeness of the lists."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from kg.analysis.atlas import Atlas, Spot
from kg.analysis.claims.evaluate import Test
from kg.analysis.coverage import Coverage, coverages
from kg.analysis.weights import weights
from kg.release.columns import Columns

_DESIGNATIONS = """
    SELECT designation, programme, dated, name_zh, coalesce(counted_from <= $as_of, false),
           coalesce(dated AND counted_from >= $since, false)
    FROM designations
    WHERE list_contains($programmes, programme) AND standing <> 'withdrawn'
      AND (ended_last IS NULL OR ended_last >= $as_of)
      AND ($stage = '' OR EXISTS (
          FROM designation_stages s
          WHERE s.designation = designations.designation AND s.stage = $stage AND s.first <= $as_of))
    ORDER BY designation
"""


@dataclass(frozen=True, slots=True)
class Designation:
    """A designation: begun by the day; recent: begun since another day; dated: its start is stated."""

    key: str
    programme: str
    dated: bool
    name: str
    begun: bool
    recent: bool

    @property
    def sure(self) -> bool:
        """Whether it is certainly in force on the day."""
        return self.dated and self.begun


class ClaimData:
    """Data of a release for the measures of claims, each queried once."""

    def __init__(self, columns: Columns) -> None:
        self.columns, self.atlas, self.coverages = columns, Atlas.of(columns), coverages(columns)
        self.known = weights(columns)["measures.known"]
        self._spots: dict[tuple[date, date | None], list[Spot]] = {}

    @cached_property
    def places(self) -> dict[str, list[str]]:
        """The places of each designation."""
        found: dict[str, list[str]] = defaultdict(list)
        for designation, place in self.columns.query("SELECT designation, place FROM designation_places ORDER BY ALL"):
            found[designation].append(place)
        return found

    @cached_property
    def policy_areas(self) -> dict[str, str]:
        """The policy area of each programme."""
        return dict(self.columns.query("SELECT programme, policy_area FROM programmes"))

    def sufficient(self, programmes: tuple[str, ...], required: float) -> tuple[str, ...]:
        """Return the programmes with sufficiently complete lists; if none is, all of them."""
        return tuple(key for key in programmes if self.coverages[key].reaches(required)) or programmes

    def coverage(self, programme: str) -> Coverage:
        """Return the completeness of the list of a programme."""
        return self.coverages[programme]

    def designations(self, test: Test) -> list[Designation]:
        """Return the designations of a test's programmes that may be in force on its day, including undated ones."""
        asked = {
            "programmes": list(test.programmes),
            "as_of": test.on,
            "since": test.day("from") or date.min,
            "stage": test.parameters.get("stage", ""),
        }
        return [Designation(*row) for row in self.columns.query(_DESIGNATIONS, asked)]

    def spots(self, test: Test, as_of: date | None = None) -> dict[str, list[Spot]]:
        """Return the designations of a test by programme and place, on its day or another, including undated ones."""
        key = (as_of or test.on, None if as_of else test.day("from"))
        if key not in self._spots:
            self._spots[key] = self.atlas.spots(*key, undated=True)
        found: dict[str, list[Spot]] = defaultdict(list)
        for spot in self._spots[key]:
            if spot.programme in test.programmes:
                found[spot.programme].append(spot)
        return found

    def area(self, test: Test) -> frozenset[str]:
        """Return the places of a test's area; partial=yes includes those that belong to it in part."""
        return self.atlas.members(test.regions, test.places, partial=test.parameters.get("partial") == "yes")

    def lies(self, designation: str, members: frozenset[str]) -> bool:
        """Whether a designation has a place in an area."""
        return any(self.atlas.inside(place, members) for place in self.places.get(designation, ()))
