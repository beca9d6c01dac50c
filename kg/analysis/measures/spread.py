"""How designations are spread over provinces, big regions and ranks, by programme and on average."""

import math
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from kg.analysis.atlas import BIG_REGIONS, HALVES, Atlas, Spot
from kg.analysis.coverage import Coverage, coverages
from kg.analysis.inequality import Points, gini, herfindahl, location_quotient, lorenz, theil
from kg.analysis.weights import weights
from kg.release.columns import Columns

AREAS = (*BIG_REGIONS, *HALVES)
SPREAD_HEADS = (
    *("programme", "designations", "placed", "found", "official", "whole"),
    *("gini", "gini_counties", "gini_population", "theil_population", "herfindahl"),
)
PART_HEADS = (
    *("programme", "area", "designations", "share", "counties", "expected_counties", "quotient_counties"),
    *("population", "expected_population", "quotient_population", "found", "official", "whole"),
)
MEAN = "mean of whole lists"
"""The row that stands for the mean over the programmes whose lists are whole."""


@dataclass(frozen=True, slots=True)
class Spread:
    """How unevenly the designations of a programme are spread over the provinces.

    designations: in force that lie in some place; placed: those whose province is known and has a census figure; both
    with designations of several places counted in parts; gini: over provinces as equal units; gini_counties,
    gini_population: held against their county-level units and residents; theil_population: Theil's T held against
    residents; herfindahl: of the provinces' parts. coverage: how whole the list is, None for a mean.
    """

    programme: str
    designations: float
    placed: float
    gini: float
    gini_counties: float
    gini_population: float
    theil_population: float
    herfindahl: float
    coverage: Coverage | None


@dataclass(frozen=True, slots=True)
class Part:
    """The share of an area, or a rank of places, in the designations of a programme, against its size.

    share: its part of the designations that can be said to lie in one of the areas (of the ranks); counties,
    population: its part of county-level units (for a rank: of prefecture-level units) and of residents (None where not
    known);
    coverage: how whole the list is, None for a mean.
    """

    programme: str
    area: str
    designations: float
    total: float
    counties: float
    population: float | None
    coverage: Coverage | None

    @property
    def share(self) -> float:
        """The area's part of the designations."""
        return self.designations / self.total

    def quotient(self, base: float | None) -> float:
        """Return the location quotient against a base, NaN where there is none."""
        return math.nan if base is None else location_quotient(self.share, base)


class Measures:
    """Where the designations of each programme lie on a day; every measure is taken for each programme first.

    Undated designations count from the year of the list that names them.
    """

    def __init__(self, columns: Columns, as_of: date) -> None:
        self.atlas, self.coverages = Atlas(columns), coverages(columns)
        known = weights(columns)
        self._least, self._known = known["measures.least"], known["measures.known"]
        self._bound = known.having("bound.")
        self.spots: dict[str, list[Spot]] = defaultdict(list)
        for spot in self.atlas.spots(as_of):
            self.spots[spot.programme].append(spot)

    def provinces(self, programme: str) -> dict[str, float]:
        """Return the designations by province, of the provinces that have a census figure."""
        found = dict.fromkeys(sorted(self.atlas.population), 0.0)
        for spot in self.spots.get(programme, ()):
            province = self.atlas.units[spot.place].province
            if province in found:
                found[province] += spot.designations
        return found

    def averaged(self) -> list[str]:
        """Return the programmes that stand in averages.

        Their lists are whole, they have enough designations to speak of a spread, and they are for the whole country.
        """
        return [
            programme
            for programme in sorted(self.spots)
            if self.coverages[programme].whole
            and programme not in self._bound
            and sum(self.provinces(programme).values()) >= self._least
        ]

    def spreads(self) -> list[Spread]:
        """Return how designations are spread over the provinces, by programme and on average over complete lists."""
        rows = [
            self._spread(programme) for programme in sorted(self.spots) if sum(self.provinces(programme).values()) > 0
        ]
        chosen = set(self.averaged())
        return rows + _mean_spread([row for row in rows if row.programme in chosen])

    def curve(self, programme: str) -> Points:
        """Return the Lorenz curve of a programme's designations over provinces, held against their residents.

        Raises:
            ValueError: no designation of it lies in a province.
        """
        return lorenz(list(self.provinces(programme).values()), [self.atlas.population[p] for p in self._provinces])

    def parts(self, areas: Iterable[str] = AREAS) -> list[Part]:
        """Return what regions have of each programme, and the means; partitions are the big regions and the halves."""
        rows = []
        for area in areas:
            peers = BIG_REGIONS if area in BIG_REGIONS else HALVES if area in HALVES else ()
            rows += self._parts(area, self.atlas.members([area]), self.atlas.members(peers) if peers else None)
        return self._with_means(rows)

    def ranks(self) -> list[Part]:
        """Return what each rank of prefecture-level units has of each programme, and each kind of county-level units.

        Only programmes of whose designations nearly all have a known rank (kind); held against numbers of units. And
        means.
        """
        rows = []
        for programme in sorted(self.spots):
            rows += self._classes(programme, "rank", self.atlas.ranked)
            rows += self._classes(programme, "kind", self.atlas.kinds)
        return self._with_means(rows)

    def _classes(self, programme: str, attribute: str, units: Mapping[str, int]) -> list[Part]:
        """Return what each class of units has of a programme; rank and kind are attributes of the atlas's units."""
        designations = dict.fromkeys(units, 0.0)
        for spot in self.spots[programme]:
            if found := getattr(self.atlas.units[spot.place], attribute):
                designations[found] += spot.designations
        total, known = sum(designations.values()), self.coverages[programme]
        every = sum(units.values())
        return [
            Part(programme, name, number, total, units[name] / every, None, known)
            for name, number in designations.items()
            if total >= self._known * sum(spot.designations for spot in self.spots[programme])
        ]

    @property
    def _provinces(self) -> list[str]:
        return sorted(self.atlas.population)

    def _spread(self, programme: str) -> Spread:
        values = list(self.provinces(programme).values())
        counties = [float(self.atlas.counties[province]) for province in self._provinces]
        residents = [float(self.atlas.population[province]) for province in self._provinces]
        return Spread(
            *(programme, sum(spot.designations for spot in self.spots[programme]), sum(values)),
            *(gini(values), gini(values, counties), gini(values, residents)),
            *(theil(values, residents), herfindahl(values), self.coverages[programme]),
        )

    def _parts(self, area: str, members: frozenset[str], peers: frozenset[str] | None) -> list[Part]:
        """Return what an area has of each programme, out of the designations in its peers, or of all in a province."""
        rows = []
        counties, population = self.atlas.county_share(members), self.atlas.population_share(members)
        for programme, spots in sorted(self.spots.items()):
            total = sum(
                spot.designations
                for spot in spots
                if (self.atlas.inside(spot.place, peers) if peers else self.atlas.units[spot.place].province)
            )
            designations = sum(spot.designations for spot in spots if self.atlas.inside(spot.place, members))
            if total:
                known = self.coverages[programme]
                rows.append(Part(programme, area, designations, total, counties, population, known))
        return rows

    def _with_means(self, rows: list[Part]) -> list[Part]:
        chosen = set(self.averaged())
        by_area: dict[str, list[Part]] = defaultdict(list)
        for row in rows:
            if row.programme in chosen:
                by_area[row.area].append(row)
        means = [
            Part(
                MEAN, area, sum(p.share for p in parts), float(len(parts)), parts[0].counties, parts[0].population, None
            )
            for area, parts in by_area.items()
        ]
        return rows + means


def spread_rows(spreads: Iterable[Spread], names: Mapping[str, str]) -> list[list[str]]:
    """Return rows of spreads in the order of `SPREAD_HEADS`, programmes by name where one is given."""
    return [
        [
            *(names.get(row.programme, row.programme), _number(row.designations), _number(row.placed)),
            *_completeness(row.coverage),
            *(_number(value) for value in (row.gini, row.gini_counties, row.gini_population)),
            *(_number(row.theil_population), _number(row.herfindahl)),
        ]
        for row in spreads
    ]


def part_rows(parts: Iterable[Part], names: Mapping[str, str]) -> list[list[str]]:
    """Return rows of parts in the order of `PART_HEADS`, programmes by name where one is given.

    For a mean the designations are the sum of the shares, and their number is that of the programmes.
    """
    return [
        [
            *(names.get(row.programme, row.programme), row.area, _number(row.designations), _number(row.share)),
            *(_number(row.counties), _number(row.counties * row.total), _number(row.quotient(row.counties))),
            *(_number(row.population), _number(None if row.population is None else row.population * row.total)),
            _number(row.quotient(row.population)),
            *_completeness(row.coverage),
        ]
        for row in parts
    ]


def _mean_spread(rows: Collection[Spread]) -> list[Spread]:
    if not rows:
        return []

    def over(name: str) -> float:
        return float(sum(getattr(row, name) for row in rows))

    number = len(rows)
    ginis = over("gini") / number, over("gini_counties") / number, over("gini_population") / number
    theils, concentration = over("theil_population") / number, over("herfindahl") / number
    return [Spread(MEAN, over("designations"), over("placed"), *ginis, theils, concentration, None)]


def _completeness(known: Coverage | None) -> list[str]:
    if known is None:
        return ["", "", "true"]
    return [str(known.found), "" if known.official is None else str(known.official), str(known.whole).lower()]


def _number(value: float | None) -> str:
    return "" if value is None or math.isnan(value) else f"{value:.4g}"
