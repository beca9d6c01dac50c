"""Programme overlaps: pairs with similar purposes that share counties or carriers more often than by chance."""

from dataclasses import dataclass
from datetime import date
from itertools import combinations
from math import log10
from typing import Any, Literal

from kg.analysis import statistics, weights
from kg.analysis.findings.by_design import related_pairs
from kg.analysis.findings.finding import Finding, evidence_hash
from kg.analysis.findings.unit_coverage import create_tables
from kg.analysis.in_force import IN_FORCE
from kg.analysis.ministries import Answer, ministries
from kg.release.columns import Columns

KIND = "programme"

_COUNTIES = f"""
    SELECT DISTINCT programme, unit FROM unit_coverage JOIN numbers USING (number) WHERE hold = 'in' AND {IN_FORCE}
"""  # noqa: S608
_CARRIERS = f"""
    SELECT DISTINCT programme, carrier FROM designations JOIN designation_carriers USING (designation)
    WHERE bearer = 'organisation' AND {IN_FORCE}
"""  # noqa: S608
_TOGETHER = "SELECT a.programme, b.programme, count(*) FROM touched a JOIN touched b USING (unit) GROUP BY ALL"


@dataclass(frozen=True, slots=True)
class Pair:
    """Two programmes of one kind of bearer and the units with their designations.

    one, other: keys, sorted; unit: county (area-borne: county-level units known to contain a designation) or carrier
    (organisation-borne: carriers of any designation); units: number of all units; one_units, other_units: those with
    the one and the other; observed: those with both; expected: mean of that number by chance; probability: of at least
    that many by chance; corrected: for all pairs of both bearers (Benjamini-Hochberg); likeness: similarity of the
    purposes, 0 to 1; relation: by design, "" if none.
    """

    one: str
    other: str
    unit: Literal["county", "carrier"]
    units: int
    one_units: int
    other_units: int
    observed: int
    expected: float
    probability: float
    corrected: float
    likeness: float
    relation: str

    @property
    def lift(self) -> float:
        """Observed over expected."""
        return self.observed / self.expected


def pairs(columns: Columns, as_of: date) -> list[Pair]:
    """Return all pairs of programmes of one bearer with designations in force, including those related by design.

    Includes programmes without a known ministry, since chance only concerns the places of designations.
    """
    known = weights.weights(columns)
    purposes, related = weights.purposes(columns, known), related_pairs(columns, known)
    counted = [*_counted(columns, as_of, "county"), *_counted(columns, as_of, "carrier")]
    probabilities = [statistics.at_least(*numbers) for _, _, _, numbers in counted]
    found = []
    rows = zip(counted, probabilities, statistics.corrected(probabilities), strict=True)
    for (one, other, unit, (units, left, right, observed)), probability, corrected in rows:
        likeness = purposes.likeness(one, other)
        relation = related.get((one, other), ("", ""))[0]
        expected = left * right / units
        found.append(
            Pair(
                *(one, other, unit, units, left, right, observed, expected),
                *(probability, corrected, likeness, relation),
            )
        )
    return found


def find(columns: Columns, as_of: date) -> list[Finding]:
    """Return the pairs with similar purposes that co-occur more often than by chance and are not related by design."""
    known, answers = weights.weights(columns), ministries(columns, as_of)
    purposes = weights.purposes(columns, known)
    return [
        _finding(pair, as_of, known, answers, purposes)
        for pair in pairs(columns, as_of)
        if not pair.relation
        and pair.likeness >= known["programmes.likeness"]
        and pair.observed > pair.expected
        and pair.corrected <= known["programmes.significance"]
    ]


def _finding(
    pair: Pair, as_of: date, known: weights.Weights, answers: dict[str, Answer], purposes: weights.Purposes
) -> Finding:
    """Return a pair as a finding: surprise by corrected probability, seriousness by similarity of purposes."""
    both = (pair.one, pair.other)
    answering = [answers[key] for key in both if key in answers]
    cap = known["surprise.cap"]
    surprise = min(cap, -log10(pair.corrected)) / cap if pair.corrected > 0 else 1.0
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
            "corrected": pair.corrected,
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


def _counted(
    columns: Columns, as_of: date, unit: Literal["county", "carrier"]
) -> list[tuple[str, str, Literal["county", "carrier"], tuple[int, int, int, int]]]:
    """Return the pairs of programmes with numbers of units: all, with the one, with the other, with both."""
    asked = {"as_of": as_of}
    if unit == "county":
        create_tables(columns)
        touched = _COUNTIES
        units = int(columns.query("SELECT count(*) FROM places WHERE place = county")[0][0])
    else:
        touched = _CARRIERS.replace("carrier FROM", "carrier AS unit FROM")
        units = int(columns.query(f"SELECT count(DISTINCT unit) FROM ({touched})", asked)[0][0])  # noqa: S608
    rows: list[tuple[Any, ...]] = columns.query(f"WITH touched AS ({touched}) {_TOGETHER}", asked)
    number = {(one, other): int(count) for one, other, count in rows}
    margins = sorted(one for one, other in number if one == other)
    return [
        (one, other, unit, (units, number[one, one], number[other, other], number.get((one, other), 0)))
        for one, other in combinations(margins, 2)
    ]
