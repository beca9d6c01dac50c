"""Stacking: many programmes of one ministry and purpose group at one place (paper 1: 建设数量过多)."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations, groupby

from kg.analysis import weights as scores
from kg.analysis.findings.by_design import DEPENDENT, related_pairs
from kg.analysis.findings.finding import Finding, Subtraction
from kg.analysis.findings.scoring import ScoringContext, mean
from kg.analysis.findings.unit_coverage import HOLDINGS, parameters
from kg.analysis.ministries import ministries
from kg.release.columns import Columns

KIND = "stacking"

_STACKS = f"""WITH {HOLDINGS},
    mains AS (
        SELECT DISTINCT programme, purpose_group FROM programme_purposes WHERE NOT generic AND weight = 'main'
    ),
    members AS (
        SELECT unit, purpose_group, ministries[1] AS ministry, hold <> 'whole' AS county, hold, programme, designation,
            fields, narrow
        FROM holdings JOIN mains USING (programme)
        WHERE len(ministries) = 1 AND hold <> 'somewhere' AND (len($units) = 0 OR list_contains($units, unit))
    ),
    stacks AS (
        SELECT unit, purpose_group, ministry, county FROM members GROUP BY ALL
        HAVING count(DISTINCT programme) >= $least AND bool_or(hold <> 'covered')
    )
    SELECT unit, purpose_group, ministry, county, hold, programme, designation,
        fields::VARCHAR, narrow::VARCHAR
    FROM members JOIN stacks USING (unit, purpose_group, ministry, county) ORDER BY ALL
"""  # noqa: S608


@dataclass(frozen=True, slots=True)
class StackMember:
    """One designation of a stack: group (unit, purpose_group, ministry), hold of the unit, programme, fields."""

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
    """Return the stacks on a date: programmes with the same single ministry and a main purpose in common.

    A programme that is by design part, tenant or predecessor of another one of the stack is not counted. A stack
    belongs to a county-level unit only if at least one designation lies within it, else to the prefecture.
    """
    known = scores.weights(columns)
    answers = ministries(columns, as_of)
    asked = {"units": list(units), "least": int(known["stacking.programmes"])}
    rows = [StackMember(*row) for row in columns.query(_STACKS, parameters(columns, as_of) | asked)]
    context = ScoringContext(columns, as_of, answers, known)
    related = related_pairs(columns, known)
    key = lambda member: (member.unit, member.purpose_group, member.ministry, member.county)  # noqa: E731 — used twice below
    stacks = (list(group) for _, group in groupby(sorted(rows, key=key), key=key))
    return [finding for stack in stacks if (finding := _finding(stack, context, related))]


def _finding(
    stack: list[StackMember], context: ScoringContext, related: dict[tuple[str, str], tuple[str, str]]
) -> Finding | None:
    """Return the finding of one stack, None if too few programmes remain without those related by design."""
    dependents = set(_dependents({member.programme for member in stack}, related))
    counted = [member for member in stack if member.programme not in dependents]
    programmes = tuple(sorted({member.programme for member in counted}))
    if len(programmes) < context.weights["stacking.programmes"] or all(member.hold == "covered" for member in counted):
        return None
    first = counted[0]
    members = tuple(sorted({member.designation for member in counted}))
    certainty = "same" if all(member.hold == "in" for member in counted) else "covers"
    answers = [context.answers[programme] for programme in programmes]
    chance = context.chance(first.unit, [(member.programme, member.hold) for member in counted])
    factors = {"programmes": float(len(programmes)), **_seriousness(counted, context), **chance}
    return Finding(
        kind=KIND,
        key=f"{KIND}/{first.unit}/{first.purpose_group}/{first.ministry}",
        as_of=context.as_of,
        group={"place": first.unit, "purpose_group": first.purpose_group, "ministry": first.ministry},
        members=members,
        programmes=programmes,
        ministries=(first.ministry,),
        factors=factors,
        score=factors["surprise"] * factors["seriousness"],
        certainty="same" if certainty == "same" else "covers",
        rests_on_inferred=any(answer.inferred for answer in answers),
        evidence_hash=context.evidence(members, programmes),
        overlaps=tuple(combinations(programmes, 2)),
        strand=programmes,
        subtracted=tuple(sorted(_subtracted(stack, related))),
        marks=tuple(context.marks(members, answers)),
    )


def _dependents(programmes: set[str], related: dict[tuple[str, str], tuple[str, str]]) -> Iterator[str]:
    for pair in combinations(sorted(programmes), 2):
        if pair in related:
            relation, subject = related[pair]
            other = pair[1] if subject == pair[0] else pair[0]
            yield subject if DEPENDENT.get(relation, "object") == "subject" else other


def _subtracted(stack: Iterable[StackMember], related: dict[tuple[str, str], tuple[str, str]]) -> set[Subtraction]:
    found = set()
    for one, other in combinations(sorted(stack, key=lambda member: (member.programme, member.designation)), 2):
        if (one.programme, other.programme) in related:
            relation, subject = related[one.programme, other.programme]
            ends = (
                (one.designation, other.designation)
                if subject == one.programme
                else (other.designation, one.designation)
            )
            found.add(Subtraction(*ends, relation, "programmes"))
    return found


def _seriousness(counted: list[StackMember], context: ScoringContext) -> dict[str, float]:
    """Return means over the pairs of designations of different programmes, as for territorial overlaps."""
    weights = context.weights
    pairs = [(one, other) for one, other in combinations(counted, 2) if one.programme != other.programme]
    likeness = [context.purposes.likeness(one.programme, other.programme) for one, other in pairs]
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


def _field(one: StackMember, other: StackMember) -> str:
    if one.fields is None or other.fields is None:
        return "unknown"
    if one.narrow and other.narrow and int(one.narrow, 2) & int(other.narrow, 2):
        return "common"
    return "broader" if int(one.fields, 2) & int(other.fields, 2) else "different"
