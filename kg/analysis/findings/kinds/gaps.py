"""Coverage gaps: strategies whose area has no designation of a programme with a complete list, by purpose group."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from math import log10, prod

from kg.analysis import statistics, weights
from kg.analysis.atlas import Atlas
from kg.analysis.coverage import coverages
from kg.analysis.findings.finding import Finding, evidence_hash
from kg.analysis.ministries import ministries
from kg.release.columns import COUNTRY, Columns

KIND = "gap"

_LOST = """
    SELECT DISTINCT programme FROM designations ANTI JOIN designation_places USING (designation)
    WHERE standing <> 'withdrawn' AND (ended_last IS NULL OR ended_last >= $as_of)
"""
"""SQL: programmes with a designation without a known place, which may be the missing one."""


@dataclass(frozen=True, slots=True)
class Absence:
    """A programme that has no designation in the area of a strategy.

    units: prefecture-level units of the country; inside: those in the area; held: those with a designation of the
    programme; probability: that by chance none of these lies in the area (hypergeometric).
    """

    programme: str
    units: int
    inside: int
    held: int
    probability: float


def absences(columns: Columns, as_of: date) -> dict[str, list[Absence]]:
    """Return, for each strategy with an area of its own, the programmes without a designation there.

    Only programmes with a complete list and known places of all designations in force. An area includes everything that
    belongs to it entirely or in part, and a designation every place that it touches, so that an absence is certain.
    """
    atlas, known = Atlas.of(columns), coverages(columns)
    lost = {programme for (programme,) in columns.query(_LOST, {"as_of": as_of})}
    touched: dict[str, set[str]] = defaultdict(set)
    for spot in atlas.spots(as_of, undated=True):
        if known[spot.programme].complete and spot.programme not in lost:
            touched[spot.programme].add(spot.place)
    prefectures = [code for code, unit in atlas.units.items() if code == unit.prefecture]
    found = {}
    for strategy, members in _areas(columns, atlas).items():
        inside = sum(atlas.inside(code, members) for code in prefectures)
        found[strategy] = [
            Absence(programme, len(prefectures), inside, held, statistics.at_most(len(prefectures), held, inside, 0))
            for programme, places in sorted(touched.items())
            if not any(atlas.touches(place, members) for place in places)
            and (held := len({atlas.units[place].prefecture or place for place in places}))
        ]
    return found


def find(columns: Columns, as_of: date) -> list[Finding]:
    """Return the purpose groups in which a strategy's area lacks programmes; a likely absence scores low.

    Score: surprise (of the area lacking all of them by chance, programmes independent) times their share of all
    programmes with complete lists and a main purpose in the group. Programmes restricted by their own rules to another
    area (weights `bound.`) are excluded.
    """
    context = _Context(columns, as_of)
    groups = _programmes_of_groups(columns, context)
    found = []
    for strategy, missing in absences(columns, as_of).items():
        for group, programmes in groups.items():
            if lacking := [absence for absence in missing if absence.programme in programmes]:
                found.append(_finding((strategy, group), lacking, len(programmes), context))
    return found


class _Context:
    """The day, and the weights, ministries, purposes and coverage of programmes on it."""

    def __init__(self, columns: Columns, as_of: date) -> None:
        self.as_of = as_of
        self.weights, self.answers = weights.weights(columns), ministries(columns, as_of)
        self.purposes, self.lists = weights.purposes(columns, self.weights), coverages(columns)


def _finding(key: tuple[str, str], lacking: list[Absence], programmes: int, context: _Context) -> Finding:
    strategy, group = key
    members = tuple(absence.programme for absence in lacking)
    answering = [context.answers[key] for key in members if key in context.answers]
    probability = prod(absence.probability for absence in lacking)
    cap = context.weights["surprise.cap"]
    surprise = min(cap, -log10(probability)) / cap if probability > 0 else 1.0
    part = len(lacking) / programmes
    return Finding(
        kind=KIND,
        key=f"{KIND}/{strategy}/{group}",
        as_of=context.as_of,
        group={"strategy": strategy, "purpose_group": group},
        members=members,
        programmes=members,
        ministries=tuple(sorted({ministry for answer in answering for ministry in answer.ministries})),
        factors={
            "units": float(lacking[0].inside),
            "observed": 0.0,
            "expected": sum(absence.held * absence.inside / absence.units for absence in lacking),
            "probability": probability,
            "programmes": float(programmes),
            "surprise": surprise,
            "seriousness": part,
        },
        score=surprise * part,
        certainty="same",
        rests_on_inferred=any(answer.inferred for answer in answering),
        evidence_hash=evidence_hash(
            members,
            [text for key in members for text in context.purposes.rows.get(key, ())],
            [mandate for answer in answering for mandate in answer.mandates],
        ),
    )


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


def _programmes_of_groups(columns: Columns, context: _Context) -> dict[str, list[str]]:
    """Return, for each purpose group, the programmes with complete lists and a main purpose in it."""
    groups: dict[str, list[str]] = defaultdict(list)
    bound = context.weights.keys_with_prefix("bound.")
    for group, programme in columns.query(
        """SELECT DISTINCT purpose_group, programme FROM programme_purposes
        WHERE NOT generic AND weight = 'main' ORDER BY ALL"""
    ):
        if context.lists[programme].complete and programme not in bound:
            groups[group].append(programme)
    return groups
