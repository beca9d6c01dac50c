"""Strategies whose area has no designation of a programme whose list is whole, by group of purposes."""

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
"""SQL: programmes of which some designation lies nobody knows where; what is missing somewhere may be that one."""


@dataclass(frozen=True, slots=True)
class Absence:
    """A programme that has no designation in the area of a strategy.

    units: prefecture-level units of the country; inside: those in the area; held: those with a designation of the
    programme;
    probability: that by chance none of these lies in the area (hypergeometric).
    """

    programme: str
    units: int
    inside: int
    held: int
    probability: float


def absences(columns: Columns, as_of: date) -> dict[str, list[Absence]]:
    """Return, for each strategy with an area of its own, the programmes without a designation there.

    Only programmes whose list is whole, with designations in force whose places are all known. An area counts with all
    that belongs to it in whole or in part, and a designation with every place that it touches, so that an absence is
    sure.
    """
    atlas, known = Atlas(columns), coverages(columns)
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
    """Return the groups of purposes in which a strategy's area lacks programmes; a likely absence scores low.

    Score: surprise (that chance leaves the area without any of them, each programme on its own) times the part that
    they are of all programmes with whole lists and a main purpose in the group. Programmes that by their own rules are
    for some other area (weights `bound.`) are left out.
    """
    asked = _Asked(columns, as_of)
    groups = _programmes_of_groups(columns, asked)
    found = []
    for strategy, missing in absences(columns, as_of).items():
        for group, programmes in groups.items():
            if lacking := [absence for absence in missing if absence.programme in programmes]:
                found.append(_finding((strategy, group), lacking, len(programmes), asked))
    return found


class _Asked:
    """The day, and what a release knows of programmes on it."""

    def __init__(self, columns: Columns, as_of: date) -> None:
        self.as_of = as_of
        self.weights, self.answers = weights.weights(columns), ministries(columns, as_of)
        self.purposes, self.lists = weights.purposes(columns, self.weights), coverages(columns)


def _finding(key: tuple[str, str], lacking: list[Absence], programmes: int, asked: _Asked) -> Finding:
    strategy, group = key
    members = tuple(absence.programme for absence in lacking)
    answering = [asked.answers[key] for key in members if key in asked.answers]
    probability = prod(absence.probability for absence in lacking)
    cap = asked.weights["surprise.cap"]
    surprise = min(cap, -log10(probability)) / cap if probability > 0 else 1.0
    part = len(lacking) / programmes
    return Finding(
        kind=KIND,
        key=f"{KIND}/{strategy}/{group}",
        as_of=asked.as_of,
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
            [text for key in members for text in asked.purposes.rows.get(key, ())],
            [mandate for answer in answering for mandate in answer.mandates],
        ),
    )


def _areas(columns: Columns, atlas: Atlas) -> dict[str, frozenset[str]]:
    """Return the places that belong to each strategy's area in whole or in part; those of the whole country not."""
    kinds: dict[str, dict[str, list[str]]] = defaultdict(lambda: {"place": [], "region": []})
    for strategy, kind, area in columns.query("SELECT strategy, kind, area FROM strategy_areas ORDER BY ALL"):
        kinds[strategy][kind].append(area)
    areas = {
        strategy: atlas.members(found["region"], found["place"], partial=True) for strategy, found in kinds.items()
    }
    # A strategy of the whole country has no area that could be without designations.
    return {strategy: members for strategy, members in areas.items() if COUNTRY not in members}


def _programmes_of_groups(columns: Columns, asked: _Asked) -> dict[str, list[str]]:
    """Return, for each group of purposes, the programmes with whole lists for which it holds a main purpose."""
    groups: dict[str, list[str]] = defaultdict(list)
    bound = asked.weights.keys_with_prefix("bound.")
    for group, programme in columns.query(
        """SELECT DISTINCT purpose_group, programme FROM programme_purposes
        WHERE NOT generic AND weight = 'main' ORDER BY ALL"""
    ):
        if asked.lists[programme].complete and programme not in bound:
            groups[group].append(programme)
    return groups
