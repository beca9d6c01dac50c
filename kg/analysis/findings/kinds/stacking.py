"""Stacking: many programmes of one ministry and purpose group at one place (paper 1: 建设数量过多)."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations, groupby

from kg.analysis import weights as scores
from kg.analysis.findings.by_design import DEPENDENT, kin
from kg.analysis.findings.finding import Finding, Subtraction
from kg.analysis.findings.scoring import Judge, mean
from kg.analysis.findings.unit_coverage import HOLDINGS, parameters
from kg.analysis.ministries import ministries
from kg.release.columns import Columns

KIND = "stacking"

_STACKS = f"""WITH {HOLDINGS},
    mains AS (
        SELECT DISTINCT programme, purpose_group FROM programme_purposes WHERE NOT generic AND weight = 'main'
    ),
    hung AS (
        SELECT unit, purpose_group, ministries[1] AS ministry, hold <> 'whole' AS county, hold, programme, designation,
            fields, narrow
        FROM holdings JOIN mains USING (programme)
        WHERE len(ministries) = 1 AND hold <> 'somewhere' AND (len($units) = 0 OR list_contains($units, unit))
    ),
    stacks AS (
        SELECT unit, purpose_group, ministry, county FROM hung GROUP BY ALL
        HAVING count(DISTINCT programme) >= $least AND bool_or(hold <> 'covered')
    )
    SELECT unit, purpose_group, ministry, county, hold, programme, designation,
        fields::VARCHAR, narrow::VARCHAR
    FROM hung JOIN stacks USING (unit, purpose_group, ministry, county) ORDER BY ALL
"""  # noqa: S608


@dataclass(frozen=True, slots=True)
class Hung:
    """One designation of a stack: its group (unit, purpose_group, ministry), hold of the unit, programme, fields."""

    unit: str
    purpose_group: str
    ministry: str
    county: bool
    hold: str
    programme: str
    designation: str
    fields: str | None
    narrow: str | None


def find(columns: Columns, as_of: date, units: Sequence[str] = ()) -> list[Finding]:
    """Return the stacks on a date: programmes of which one ministry alone has charge, with a main purpose in common.

    A programme that is by design part, guest or predecessor of another one of the stack is not counted beside it. Of a
    whole prefecture and the county-level units in it, the stack stands at the unit where something of its own stands.
    """
    known = scores.weights(columns)
    answers = ministries(columns, as_of)
    asked = {"units": list(units), "least": int(known["stacking.programmes"])}
    rows = [Hung(*row) for row in columns.query(_STACKS, parameters(columns, as_of) | asked)]
    judge = Judge(columns, as_of, answers, known)
    related = kin(columns, known)
    key = lambda hung: (hung.unit, hung.purpose_group, hung.ministry, hung.county)  # noqa: E731 — used twice below
    stacks = (list(group) for _, group in groupby(sorted(rows, key=key), key=key))
    return [finding for stack in stacks if (finding := _finding(stack, judge, related))]


def _finding(stack: list[Hung], judge: Judge, related: dict[tuple[str, str], tuple[str, str]]) -> Finding | None:
    """Return the finding of one stack, None where too little is left once what is related by design is set aside."""
    dependents = set(_dependents({hung.programme for hung in stack}, related))
    counted = [hung for hung in stack if hung.programme not in dependents]
    programmes = tuple(sorted({hung.programme for hung in counted}))
    if len(programmes) < judge.weights["stacking.programmes"] or all(hung.hold == "covered" for hung in counted):
        return None
    first = counted[0]
    members = tuple(sorted({hung.designation for hung in counted}))
    certainty = "same" if all(hung.hold == "in" for hung in counted) else "covers"
    answers = [judge.answers[programme] for programme in programmes]
    chance = judge.chance(first.unit, [(hung.programme, hung.hold) for hung in counted])
    factors = {"programmes": float(len(programmes)), **_seriousness(counted, judge), **chance}
    return Finding(
        kind=KIND,
        key=f"{KIND}/{first.unit}/{first.purpose_group}/{first.ministry}",
        as_of=judge.as_of,
        group={"place": first.unit, "purpose_group": first.purpose_group, "ministry": first.ministry},
        members=members,
        programmes=programmes,
        ministries=(first.ministry,),
        factors=factors,
        score=factors["surprise"] * factors["seriousness"],
        certainty="same" if certainty == "same" else "covers",
        rests_on_inferred=any(answer.inferred for answer in answers),
        evidence_hash=judge.evidence(members, programmes),
        overlaps=tuple(combinations(programmes, 2)),
        strand=programmes,
        subtracted=tuple(sorted(_subtracted(stack, related))),
        marks=tuple(judge.marks(members, answers)),
    )


def _dependents(programmes: set[str], related: dict[tuple[str, str], tuple[str, str]]) -> Iterator[str]:
    for pair in combinations(sorted(programmes), 2):
        if pair in related:
            relation, subject = related[pair]
            other = pair[1] if subject == pair[0] else pair[0]
            yield subject if DEPENDENT.get(relation, "object") == "subject" else other


def _subtracted(stack: Iterable[Hung], related: dict[tuple[str, str], tuple[str, str]]) -> set[Subtraction]:
    found = set()
    for one, other in combinations(sorted(stack, key=lambda hung: (hung.programme, hung.designation)), 2):
        if (one.programme, other.programme) in related:
            relation, subject = related[one.programme, other.programme]
            ends = (
                (one.designation, other.designation)
                if subject == one.programme
                else (other.designation, one.designation)
            )
            found.add(Subtraction(*ends, relation, "programmes"))
    return found


def _seriousness(counted: list[Hung], judge: Judge) -> dict[str, float]:
    """Return the means over the pairs of designations of different programmes, as for territorial overlaps."""
    weights = judge.weights
    pairs = [(one, other) for one, other in combinations(counted, 2) if one.programme != other.programme]
    likeness = [judge.purposes.likeness(one.programme, other.programme) for one, other in pairs]
    fields = [weights[f"field.{_field(one, other)}"] for one, other in pairs]
    holds = [
        weights["certainty.same" if one.hold == other.hold == "in" else "certainty.covers"] for one, other in pairs
    ]
    seriousness = mean([a * b * c for a, b, c in zip(likeness, fields, holds, strict=True)])
    return {
        "pairs": float(len(pairs)),
        "likeness": mean(likeness),
        "field_agreement": mean(fields),
        "certainty": mean(holds),
        "seriousness": seriousness,
    }


def _field(one: Hung, other: Hung) -> str:
    if one.fields is None or other.fields is None:
        return "unknown"
    if one.narrow and other.narrow and int(one.narrow, 2) & int(other.narrow, 2):
        return "common"
    return "broader" if int(one.fields, 2) & int(other.fields, 2) else "different"
