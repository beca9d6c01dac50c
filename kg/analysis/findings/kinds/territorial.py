"""Territorial overlaps: area-borne designations of two ministries with one purpose group that meet in one unit."""

from collections.abc import Iterable, Sequence
from datetime import date
from operator import attrgetter

from kg.analysis import weights
from kg.analysis.findings.finding import Certainty, Finding
from kg.analysis.findings.kinds.territorial_pairs import FIELDS, Tie, groups, ties
from kg.analysis.findings.scoring import Judge
from kg.analysis.ministries import ministries
from kg.release.columns import Columns

__all__ = ["KIND", "find", "groups"]
KIND = "territorial"
_ENDS = attrgetter("subject", "object", "relation", "basis")


def find(columns: Columns, as_of: date, units: Sequence[str] = ()) -> list[Finding]:
    """Return the territorial overlaps on a date, in all units or in some; possible ones have a key of their own."""
    judge = Judge(columns, as_of, ministries(columns, as_of), weights.weights(columns), units)
    made = (_finding(judge, *group) for group in ties(columns, as_of, units))
    return [finding for finding in made if finding]


def _finding(judge: Judge, unit: str, purpose_group: str, met: Sequence[Tie]) -> Finding | None:
    """Return the finding of one group's pairs, None where all are related by design."""
    raised = [tie for tie in met if not tie.relation]
    if not raised:
        return None
    possible = raised[0].certainty == "possible"
    subtracted = {pair for tie in met for pair in tie.subtractions}
    overlaps = tuple(sorted({tie.programmes for tie in raised}))
    members = tuple(sorted(set().union(*(tie.ones for tie in raised), *(tie.others for tie in raised))))
    programmes = tuple(sorted({key for pair in overlaps for key in pair}))
    strands = [(set(programmes), raised)] if possible else _strands(raised, overlaps)
    measured = ((_factors(judge, tied), strand) for strand, tied in strands)
    highest, strand = max(measured, key=lambda found: _score(found[0]))
    factors = highest | {"strands": float(len(strands))}
    answers = [judge.answers[programme] for programme in programmes]
    return Finding(
        kind=KIND,
        key="/".join([KIND, unit, purpose_group, *(["possible"] if possible else [])]),
        as_of=judge.as_of,
        group={"place": unit, "purpose_group": purpose_group},
        members=members,
        programmes=programmes,
        ministries=tuple(sorted(set().union(*(answer.ministries for answer in answers)))),
        factors=factors,
        score=_score(factors),
        certainty=_surest(raised),
        rests_on_inferred=any(answer.inferred for answer in answers),
        evidence_hash=judge.evidence(members, programmes),
        overlaps=overlaps,
        strand=tuple(sorted(strand)),
        subtracted=tuple(sorted(subtracted, key=_ENDS)),
        marks=tuple(judge.marks(members, answers)),
    )


def _strands(raised: list[Tie], overlaps: Iterable[tuple[str, str]]) -> list[tuple[set[str], list[Tie]]]:
    """Part the ties of a group into strands, each the programmes that overlaps tie together, and their ties.

    Chance is measured for each strand: that a city has two titles of cities makes its two zones no more surprising.
    """
    tied: list[set[str]] = []
    for one, other in overlaps:
        if any(one in strand and other in strand for strand in tied):
            continue
        touching = [strand for strand in tied if one in strand or other in strand]
        tied = [strand for strand in tied if strand not in touching]
        tied.append({one, other}.union(*touching))
    parted = sorted(tied, key=sorted)
    return [(strand, [tie for tie in raised if tie.programmes[0] in strand]) for strand in parted]


def _score(factors: dict[str, float]) -> float:
    """Surprise × seriousness; 0 where the meeting is only possible, for which neither is measured."""
    return factors.get("surprise", 0.0) * factors.get("seriousness", 0.0)


def _factors(judge: Judge, raised: list[Tie]) -> dict[str, float]:
    """Return every number behind the score; means go over the pairs of designations."""
    agreements = {field: judge.weights[f"field.{field}"] for field in FIELDS}
    certainties = {known: judge.weights[f"certainty.{known}"] for known in ("same", "covers")} | {"possible": 0.0}
    pairs = 0
    likeness = agreement = certainty = seriousness = 0.0
    for tie in raised:
        alike, field, sure = judge.purposes.likeness(*tie.programmes), agreements[tie.field], certainties[tie.certainty]
        pairs += tie.pairs
        likeness += alike * tie.pairs
        agreement += field * tie.pairs
        certainty += sure * tie.pairs
        seriousness += alike * field * sure * tie.pairs
    factors = {"pairs": float(pairs), "likeness": likeness / pairs, "field_agreement": agreement / pairs}
    if raised[0].certainty == "possible":
        return factors
    known = {(tie.programmes, tie.holds) for tie in raised}
    holds = [held for programmes, held_by in known for held in zip(programmes, held_by, strict=True)]
    chance = judge.chance(raised[0].unit, holds)
    return factors | {"certainty": certainty / pairs, "seriousness": seriousness / pairs, **chance}


def _surest(raised: Iterable[Tie]) -> Certainty:
    order: tuple[Certainty, ...] = ("same", "covers", "possible")
    return min({tie.certainty for tie in raised}, key=order.index)
