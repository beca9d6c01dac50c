"""Distribution of designations over provinces, regions and ranks, by programme and on average."""

import math
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import chain

from kg.analysis.atlas import Atlas, Spot
from kg.analysis.coverage import Coverage, coverages
from kg.analysis.statistics import Points, gini, herfindahl, location_quotient, lorenz, theil
from kg.analysis.weights import weights
from kg.release.columns import Columns

SPREAD_HEADERS = (
    *("programme", "designations", "placed", "found", "official", "completeness"),
    *("gini", "gini_counties", "gini_population", "theil_population", "herfindahl"),
)
PART_HEADERS = (
    *("programme", "area", "designations", "share", "counties", "expected_counties", "quotient_counties"),
    *("population", "expected_population", "quotient_population", "found", "official", "completeness"),
)
MEAN = "mean of whole lists"
"""Label of the mean over the programmes with complete lists."""


@dataclass(frozen=True, slots=True)
class Spread:
    """Inequality of the distribution of a programme's designations over the provinces.

    designations: in force with a known place; placed: those whose province is known and has a census figure; in both,
    designations of several places count in parts; gini: over provinces as equal units; gini_counties,
    gini_population: relative to their county-level units and residents; theil_population: Theil's T relative to
    residents; herfindahl: of the provinces' shares; coverage: completeness of the list, None for a mean.
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
    """The share of an area, or a rank of places, in the designations of a programme, relative to its size.

    share: of the designations known to lie in one of the areas (of the ranks); counties, population: its share of
    county-level units (for a rank: of prefecture-level units) and of residents (None if unknown); coverage:
    completeness of the list, None for a mean.
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
        """The area's share of the designations, from 0 to 1."""
        return self.designations / self.total

    def quotient(self, base: float | None) -> float:
        """Return the location quotient relative to a base, NaN without one."""
        return math.nan if base is None else location_quotient(self.share, base)


class Measures:
    """Measures of the distribution of designations on a day, for each programme first.

    Undated designations count from the year of the list that names them.
    """

    def __init__(self, columns: Columns, as_of: date) -> None:
        self.atlas, self.coverages = Atlas.of(columns), coverages(columns)
        known = weights(columns)
        self._least, self._known = known["measures.least"], known["measures.known"]
        self._bound = known.keys_with_prefix("bound.")
        self.spots: dict[str, list[Spot]] = defaultdict(list)
        for spot in self.atlas.spots(as_of):
            self.spots[spot.programme].append(spot)

    def provinces(self, programme: str) -> dict[str, float]:
        """Return the number of designations by province, for provinces with a census figure."""
        found = dict.fromkeys(sorted(self.atlas.population), 0.0)
        for spot in self.spots.get(programme, ()):
            province = self.atlas.units[spot.place].province
            if province in found:
                found[province] += spot.designations
        return found

    def averaged(self) -> list[str]:
        """Return the programmes included in averages.

        Their lists are complete, they have at least `measures.least` designations, and they cover the entire country.
        """
        return [
            programme
            for programme in sorted(self.spots)
            if self.coverages[programme].complete
            and programme not in self._bound
            and sum(self.provinces(programme).values()) >= self._least
        ]

    def spreads(self) -> list[Spread]:
        """Return the distribution over the provinces, by programme and on average over complete lists."""
        rows = [
            self._spread(programme) for programme in sorted(self.spots) if sum(self.provinces(programme).values()) > 0
        ]
        chosen = set(self.averaged())
        return rows + _mean_spread([row for row in rows if row.programme in chosen])

    def curve(self, programme: str) -> Points:
        """Return the Lorenz curve of a programme's designations over provinces, relative to their residents.

        Raises:
            ValueError: none of its designations has a known province.
        """
        return lorenz(list(self.provinces(programme).values()), [self.atlas.population[p] for p in self._provinces])

    def parts(self, areas: Iterable[str] = ()) -> list[Part]:
        """Return the shares of regions by programme, and the means; partitions are the big regions and the halves.

        Args:
            areas: regions; without any the two partitions.
        """
        rows, partitions = [], (self.atlas.big_regions, self.atlas.halves)
        for area in areas or chain(*partitions):
            peers = next((partition for partition in partitions if area in partition), ())
            rows += self._parts(area, self.atlas.members([area]), self.atlas.members(peers) if peers else None)
        return self._with_means(rows)

    def ranks(self) -> list[Part]:
        """Return the shares of ranks of prefecture-level units and kinds of county-level units by programme, and means.

        Only programmes with a known rank (kind) for nearly all designations; relative to numbers of units.
        """
        rows = []
        for programme in sorted(self.spots):
            rows += self._classes(programme, "rank", self.atlas.ranked)
            rows += self._classes(programme, "kind", self.atlas.kinds)
        return self._with_means(rows)

    def _classes(self, programme: str, attribute: str, units: Mapping[str, int]) -> list[Part]:
        """Return the share of each class of units in a programme; rank and kind are attributes of the atlas's units."""
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
        """Return the share of an area by programme, of the designations in its peers, or of all with a province."""
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
    """Return rows of spreads in the order of `SPREAD_HEADERS`, programmes by name where one is given."""
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
    """Return rows of parts in the order of `PART_HEADERS`, programmes by name where one is given.

    For a mean, designations is the sum of the shares and the total is the number of programmes.
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
        return ["", "", ""]
    return [str(known.found), "" if known.official is None else str(known.official), known.completeness]


def _number(value: float | None) -> str:
    return "" if value is None or math.isnan(value) else f"{value:.4g}"
