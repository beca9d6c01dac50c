"""Programme overlaps: pairs with a shared purpose that share counties or carriers more often than by chance.

The family of tested pairs is fixed before looking at where they meet (`family`). The lists of a pair are distributed by
chance within each province, over the units that may hold both.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from itertools import combinations
from math import log10
from typing import Literal

from kg.analysis import statistics, weights
from kg.analysis.coverage import coverages
from kg.analysis.findings.by_design import related_pairs
from kg.analysis.findings.finding import Finding, evidence_hash
from kg.analysis.findings.unit_coverage import create_tables
from kg.analysis.in_force import IN_FORCE
from kg.analysis.ministries import Answer, ministries
from kg.release.columns import Columns

KIND = "programme"
Bearing = Literal["county", "carrier"]

_COUNTIES = f"""
    SELECT DISTINCT programme, unit FROM unit_coverage JOIN numbers USING (number) WHERE hold = 'in' AND {IN_FORCE}
"""  # noqa: S608
_CARRIERS = f"""
    SELECT DISTINCT programme, carrier AS unit FROM designations JOIN designation_carriers USING (designation)
    WHERE bearer = 'organisation' AND {IN_FORCE}
"""  # noqa: S608
_COUNTY_UNITS = """
    SELECT place, province, list(rank) FROM places LEFT JOIN place_ranks USING (place) WHERE place = county GROUP BY ALL
"""
"""SQL: county-level units with their province and ranks."""
_CARRIER_UNITS = """
    SELECT carrier, coalesce(province, ''), [] FROM carriers LEFT JOIN places USING (place)
"""
"""SQL: carriers with their province, "" where it is not known."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two programmes of one kind of bearer and the units with their designations.

    one, other: keys, sorted; unit: county (area-borne: county-level units known to contain a designation) or carrier
    (organisation-borne: carriers of any designation); units: number of units that may hold both (data/eligible_units);
    one_units, other_units: those with the one and the other; observed: those with both; expected: mean of that number
    by chance within each province; probability: of at least that many; corrected: over the family (Benjamini-Hochberg),
    None for pairs outside of it; likeness: similarity of the purposes, 0 to 1; relation: by design, "" if none.
    """

    one: str
    other: str
    unit: Bearing
    units: int
    one_units: int
    other_units: int
    observed: int
    expected: float
    probability: float
    corrected: float | None
    likeness: float
    relation: str

    @property
    def lift(self) -> float:
        """Observed over expected."""
        return self.observed / self.expected if self.expected else 0.0


class Units:
    """The county-level units or carriers of a release, and those that hold designations of each programme on a day."""

    def __init__(self, columns: Columns, as_of: date, unit: Bearing) -> None:
        """Read units, their provinces, and the designations in force."""
        if unit == "county":
            create_tables(columns)
        self.unit: Bearing = unit
        rows = columns.query(_COUNTIES if unit == "county" else _CARRIERS, {"as_of": as_of})
        self.held: dict[str, set[str]] = defaultdict(set)
        for programme, key in rows:
            self.held[programme].add(key)
        known = columns.query(_COUNTY_UNITS if unit == "county" else _CARRIER_UNITS)
        standing = set().union(*self.held.values()) if unit == "carrier" else {key for key, *_ in known}
        self.province = {key: province for key, province, _ in known if key in standing}
        self._ranks = {key: frozenset(ranks) for key, _, ranks in known if key in standing}
        self._limits = eligible_ranks(columns)
        self._all: dict[frozenset[frozenset[str]], Mapping[str, int]] = {}

    def eligible(self, programmes: Iterable[str]) -> Mapping[str, int]:
        """Return the numbers of units by province that may hold all of the programmes."""
        limits = frozenset(self._limits[key] for key in programmes if key in self._limits)
        if limits not in self._all:
            counted: dict[str, int] = defaultdict(int)
            for key, province in self.province.items():
                if all(self._ranks[key] & ranks for ranks in limits):
                    counted[province] += 1
            self._all[limits] = counted
        return self._all[limits]

    def within(self, programme: str, programmes: Iterable[str]) -> set[str]:
        """Return the units with a designation of a programme, of those that may hold all of some programmes."""
        limits = [self._limits[key] for key in programmes if key in self._limits]
        return {key for key in self.held[programme] if all(self._ranks[key] & ranks for ranks in limits)}


def eligible_ranks(columns: Columns) -> Mapping[str, frozenset[str]]:
    """Return the ranks of county-level units to which programmes are limited (data/eligible_units.csv).

    Programmes without a layout of their own have none.
    """
    sql = "SELECT programme, ranks FROM eligible_units"
    return columns.cached(
        "eligible ranks",
        lambda: {key: frozenset(filter(None, ranks.split(";"))) for key, ranks in columns.query(sql)},
    )


def pairs(columns: Columns, as_of: date, chosen: Collection[tuple[str, str]] = ()) -> list[Pair]:
    """Return all pairs of programmes of one bearer with designations in force, including those related by design.

    Includes programmes without a known ministry, since chance only concerns the places of designations. A pair of the
    family without such designations counts among the tests, with a probability of 1.

    Args:
        columns: the columns of a release.
        as_of: the day.
        chosen: pairs to which the answer is limited; all without them.
    """
    known = weights.weights(columns)
    purposes, related = weights.purposes(columns, known), related_pairs(columns, known)
    found = [
        _pair(units, one, other, purposes.likeness(one, other), related.get((one, other), ("", ""))[0])
        for units in (Units(columns, as_of, "county"), Units(columns, as_of, "carrier"))
        for one, other in combinations(sorted(units.held), 2)
        if not chosen or (one, other) in chosen
    ]
    probabilities = dict.fromkeys(sorted(family(columns, as_of)), 1.0)
    probabilities |= {key: pair.probability for pair in found if (key := (pair.one, pair.other)) in probabilities}
    of_family = dict(zip(probabilities, statistics.corrected([*probabilities.values()]), strict=True))
    return [replace(pair, corrected=of_family.get((pair.one, pair.other))) for pair in found]


def family(columns: Columns, as_of: date) -> frozenset[tuple[str, str]]:
    """Return the pairs that are tested, chosen without looking at where their designations lie.

    Of one kind of bearer, of different ministries on the day, with a shared purpose that is main for one of them, not
    related by design, both lists complete to `programmes.completeness`, both with a layout of their own.
    """
    known, answers = weights.weights(columns), ministries(columns, as_of)
    purposes, related = weights.purposes(columns, known), related_pairs(columns, known)
    lists, limits = coverages(columns), eligible_ranks(columns)
    bearers: dict[str, list[str]] = defaultdict(list)
    for programme, bearer in columns.query("SELECT programme, bearer FROM programmes ORDER BY programme"):
        whole = lists[programme].reaches(known["programmes.completeness"])
        if whole and programme in answers and (programme not in limits or limits[programme]):
            bearers[bearer].append(programme)
    return frozenset(
        (one, other)
        for programmes in bearers.values()
        for one, other in combinations(programmes, 2)
        if (one, other) not in related
        and answers[one].ministries.isdisjoint(answers[other].ministries)
        and purposes.share_any(one, other)
    )


def common_units(columns: Columns, as_of: date, unit: Bearing, programmes: tuple[str, str]) -> list[str]:
    """Return the keys of the units with designations of both programmes, sorted."""
    known = Units(columns, as_of, unit)
    one, other = (known.within(programme, programmes) for programme in programmes)
    return sorted(one & other)


def _pair(units: Units, one: str, other: str, likeness: float, relation: str) -> Pair:
    """Return a pair with its numbers of units and what chance within each province says of them."""
    eligible = units.eligible((one, other))
    left, right = (units.within(key, (one, other)) for key in (one, other))
    mine, theirs = (_by_province(those, units.province) for those in (left, right))
    observed = len(left & right)
    strata = [(eligible[key], mine[key], theirs[key]) for key in sorted(mine.keys() & theirs.keys())]
    return Pair(
        *(one, other, units.unit, sum(eligible.values()), len(left), len(right), observed),
        expected=sum(a * b / number for number, a, b in strata),
        probability=statistics.at_least_summed(strata, observed) if observed else 1.0,
        corrected=None,
        likeness=likeness,
        relation=relation,
    )


def _by_province(units: Iterable[str], provinces: Mapping[str, str]) -> Mapping[str, int]:
    return Counter(provinces[key] for key in units)


def find(columns: Columns, as_of: date) -> list[Finding]:
    """Return the pairs of the family that co-occur significantly more often than by chance, in enough units."""
    known, answers = weights.weights(columns), ministries(columns, as_of)
    purposes, tested = weights.purposes(columns, known), family(columns, as_of)
    return [
        _finding(pair, as_of, known, answers, purposes)
        for pair in (pairs(columns, as_of, tested) if tested else ())
        if pair.corrected is not None
        and pair.corrected <= known["programmes.significance"]
        and pair.observed >= known["programmes.observed"]
        and pair.observed > pair.expected
    ]


def _finding(
    pair: Pair,
    as_of: date,
    known: weights.Weights,
    answers: dict[str, Answer],
    purposes: weights.Purposes,
) -> Finding:
    """Return a pair as a finding: surprise by corrected probability, seriousness by similarity of purposes."""
    both, corrected = (pair.one, pair.other), 1.0 if pair.corrected is None else pair.corrected
    answering = [answers[key] for key in both if key in answers]
    cap = known["surprise.cap"]
    surprise = min(cap, -log10(corrected)) / cap if corrected > 0 else 1.0
    return Finding(
        kind=KIND,
        key=f"{KIND}/{pair.one}/{pair.other}",
        as_of=as_of,
        group={"programme": ";".join(both), "unit": pair.unit},
        members=both,
        programmes=both,
        ministries=tuple(sorted({ministry for answer in answering for ministry in answer.ministries})),
        factors={
            "units": float(pair.units),
            "one_units": float(pair.one_units),
            "other_units": float(pair.other_units),
            "observed": float(pair.observed),
            "expected": pair.expected,
            "lift": pair.lift,
            "probability": pair.probability,
            "corrected": corrected,
            "likeness": pair.likeness,
            "surprise": surprise,
            "seriousness": pair.likeness,
        },
        score=surprise * pair.likeness,
        certainty="same",
        rests_on_inferred=any(answer.inferred for answer in answering),
        evidence_hash=evidence_hash(
            both,
            [text for key in both for text in purposes.rows.get(key, ())],
            [mandate for answer in answering for mandate in answer.mandates],
        ),
        overlaps=(both,),
        strand=both,
        marks=("mandate-lapsed",) if any(answer.lapsed for answer in answering) else (),
    )
