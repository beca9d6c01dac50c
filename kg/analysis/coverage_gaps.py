"""Coverage gaps: programmes with a complete list that have no designation in the area of a strategy; a table."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from kg.analysis import weights
from kg.analysis.atlas import Atlas
from kg.analysis.coverage import Coverage, coverages
from kg.analysis.labels import Labels
from kg.analysis.ministries import ministries
from kg.release.columns import COUNTRY, Columns
from kg.vocab import TYPE, Triple, term, text, thing, typed

_LOST = """
    SELECT DISTINCT programme FROM designations ANTI JOIN designation_places USING (designation)
    WHERE standing <> 'withdrawn' AND (ended_last IS NULL OR ended_last >= $as_of)
"""
"""SQL: programmes with a designation without a known place, which may be the missing one."""


@dataclass(frozen=True, slots=True)
class Gap:
    """A programme without a designation in the area of a strategy, though its list is complete.

    strategy, programme: keys; as_of: the day; purpose_groups: groups of the main purposes of the programme, sorted;
    ministries: on the day, sorted; units: prefecture-level units of the country; inside: those in the area; held: those
    of the country with a designation; expected: how many of these lie in the area by chance; completeness: state of the
    list; share: found over the official total, 0 to 1.
    """

    strategy: str
    programme: str
    as_of: date
    purpose_groups: tuple[str, ...]
    ministries: tuple[str, ...]
    units: int
    inside: int
    held: int
    completeness: str
    share: float

    @property
    def expected(self) -> float:
        """The expected number of units in the area with a designation, by chance (hypergeometric)."""
        return self.held * self.inside / self.units


def gaps(columns: Columns, as_of: date) -> list[Gap]:
    """Return the gaps of a day, the largest expected number first.

    Only programmes with a complete list, a main purpose and known places of all designations in force, and none that
    their own rules restrict to another area (weights `bound.`). An area includes everything that belongs to it entirely
    or in part, and a designation every place that it touches, so that an absence is certain.
    """
    atlas, lists, answers = Atlas.of(columns), coverages(columns), ministries(columns, as_of)
    groups = _groups_of_programmes(columns)
    touched = _touched(columns, atlas, lists, as_of)
    prefectures = [code for code, unit in atlas.units.items() if code == unit.prefecture]
    found = []
    for strategy, members in _areas(columns, atlas).items():
        inside = sum(atlas.inside(code, members) for code in prefectures)
        for programme, places in sorted(touched.items()):
            held = len({atlas.units[place].prefecture or place for place in places})
            known = lists[programme]
            if programme not in groups or not held or any(atlas.touches(place, members) for place in places):
                continue
            answer = answers.get(programme)
            found.append(
                Gap(
                    strategy,
                    programme,
                    as_of,
                    groups[programme],
                    tuple(sorted(answer.ministries)) if answer else (),
                    units=len(prefectures),
                    inside=inside,
                    held=held,
                    completeness=known.completeness,
                    share=known.share or 0.0,
                )
            )
    return sorted(found, key=lambda gap: (-gap.expected, gap.strategy, gap.programme))


def triples(columns: Columns, found: Iterable[Gap]) -> Iterator[Triple]:
    """Yield the triples of gaps; the key of a gap is made of strategy, programme and day."""
    labels = Labels(columns)
    for gap in found:
        node = thing("gap", f"{gap.strategy}/{gap.programme}/{gap.as_of}")
        strategy, programme = labels.of("strategy", gap.strategy), labels.of("programme", gap.programme)
        yield node, TYPE, term("gp:CoverageGap")
        yield node, term("skos:prefLabel"), text(f"{strategy[0]}：没有{programme[0]}（{gap.as_of}）", "zh")
        yield node, term("skos:prefLabel"), text(f"{strategy[1]}: no {programme[1]} ({gap.as_of})", "en")
        yield node, term("gp:asOf"), typed(gap.as_of, "date")
        yield node, term("gp:concernsStrategy"), thing("strategy", gap.strategy)
        yield node, term("gp:lacksProgramme"), thing("programme", gap.programme)
        yield node, term("gp:observed"), typed(Decimal(0), "decimal")
        yield node, term("gp:expected"), typed(Decimal(f"{gap.expected:.3f}"), "decimal")
        yield node, term("gp:unitCount"), typed(gap.inside, "integer")
        yield node, term("gp:oneUnitCount"), typed(gap.held, "integer")


def _touched(columns: Columns, atlas: Atlas, lists: Mapping[str, Coverage], as_of: date) -> dict[str, set[str]]:
    """Return the places touched by designations of each programme with a complete list and no lost designation."""
    lost = {programme for (programme,) in columns.query(_LOST, {"as_of": as_of})}
    touched: dict[str, set[str]] = defaultdict(set)
    for spot in atlas.spots(as_of, undated=True):
        if lists[spot.programme].complete and spot.programme not in lost:
            touched[spot.programme].add(spot.place)
    return touched


def _areas(columns: Columns, atlas: Atlas) -> dict[str, frozenset[str]]:
    """Return the places that belong to each strategy's area entirely or in part; excludes nationwide strategies."""
    kinds: dict[str, dict[str, list[str]]] = defaultdict(lambda: {"place": [], "region": []})
    for strategy, kind, area in columns.query("SELECT strategy, kind, area FROM strategy_areas ORDER BY ALL"):
        kinds[strategy][kind].append(area)
    areas = {
        strategy: atlas.members(found["region"], found["place"], partial=True) for strategy, found in kinds.items()
    }
    # A nationwide strategy has no area that could lack designations.
    return {strategy: members for strategy, members in areas.items() if COUNTRY not in members}


def _groups_of_programmes(columns: Columns) -> dict[str, tuple[str, ...]]:
    """Return the groups of the main purposes of each programme that is not restricted to another area."""
    groups: dict[str, list[str]] = defaultdict(list)
    bound = weights.weights(columns).keys_with_prefix("bound.")
    for group, programme in columns.query(
        """SELECT DISTINCT purpose_group, programme FROM programme_purposes
        WHERE NOT generic AND weight = 'main' ORDER BY ALL"""
    ):
        if programme not in bound:
            groups[programme].append(group)
    return {programme: tuple(those) for programme, those in groups.items()}
