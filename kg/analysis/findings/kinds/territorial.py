"""Territorial overlaps: area-borne designations of two ministries in one unit with a common purpose group."""

from collections.abc import Iterable, Sequence
from datetime import date
from operator import attrgetter

from kg.analysis import weights
from kg.analysis.findings.finding import Certainty, Finding
from kg.analysis.findings.kinds.territorial_pairs import FIELDS, PairSet, groups, pair_sets
from kg.analysis.findings.scoring import ScoringContext
from kg.analysis.findings.strength import Strength, bits, strength
from kg.analysis.ministries import ministries
from kg.release.columns import Columns

__all__ = ["KIND", "find", "groups"]
KIND = "territorial"
_ENDS = attrgetter("subject", "object", "relation", "basis")


def find(columns: Columns, as_of: date, units: Sequence[str] = ()) -> list[Finding]:
    """Return the territorial overlaps on a date, in all units or in some; possible ones have separate keys."""
    context = ScoringContext(columns, as_of, ministries(columns, as_of), weights.weights(columns), units)
    made = (_finding(context, *group) for group in pair_sets(columns, as_of, units))
    return [finding for finding in made if finding]


def _finding(context: ScoringContext, unit: str, purpose_group: str, group: Sequence[PairSet]) -> Finding | None:
    """Return the finding of one group of pairs, None if all are related by design."""
    overlapping = [each for each in group if not each.relation]
    if not overlapping:
        return None
    possible = overlapping[0].certainty == "possible"
    subtracted = {pair for each in group for pair in each.subtractions}
    overlaps = tuple(sorted({each.programmes for each in overlapping}))
    members = tuple(sorted(set().union(*(each.ones for each in overlapping), *(each.others for each in overlapping))))
    programmes = tuple(sorted({key for pair in overlaps for key in pair}))
    strands = [(set(programmes), overlapping)] if possible else _strands(overlapping, overlaps)
    measured = ((_factors(context, components), strand) for strand, components in strands)
    highest, strand = max(measured, key=lambda found: _score(found[0]))
    evidence = None if possible else _strength(context, purpose_group, overlapping)
    factors = highest | {"strands": float(len(strands))}
    if evidence:
        factors["qualifying_pairs"] = float(len(evidence.qualifying))
    answers = [context.answers[programme] for programme in programmes]
    return Finding(
        kind=KIND,
        key="/".join([KIND, unit, purpose_group, *(["possible"] if possible else [])]),
        as_of=context.as_of,
        group={"place": unit, "purpose_group": purpose_group},
        members=members,
        programmes=programmes,
        ministries=tuple(sorted(set().union(*(answer.ministries for answer in answers)))),
        factors=factors,
        score=_score(factors),
        certainty=_surest(overlapping),
        rests_on_inferred=any(answer.inferred for answer in answers),
        evidence_hash=context.evidence(members, programmes),
        overlaps=overlaps,
        strand=tuple(sorted(strand)),
        subtracted=tuple(sorted(subtracted, key=_ENDS)),
        marks=tuple(context.marks(members, answers)),
        strength=evidence.strength if evidence else "",
        lacks=evidence.lacks if evidence else (),
        qualifying=evidence.qualifying if evidence else (),
    )


def _strength(context: ScoringContext, purpose_group: str, overlapping: Iterable[PairSet]) -> Strength:
    """Return the strength: a common purpose and, where the group needs it, a narrow field, within one county."""
    return strength((each.programmes, each.lacks | _lacks(context, purpose_group, each)) for each in overlapping)


def _lacks(context: ScoringContext, purpose_group: str, pairs: PairSet) -> int:
    shared = context.purposes.shares(*pairs.programmes, purpose_group)
    return bits(
        {
            "whole-prefecture": pairs.certainty != "same",
            "group-only": not shared,
            "purpose-partial": shared and not context.purposes.coincide(*pairs.programmes, purpose_group),
            "field-unknown": purpose_group in context.fielded and pairs.field != "common",
            "mandate-inferred": context.inferred(*pairs.programmes),
        }
    )


def _strands(overlapping: list[PairSet], overlaps: Iterable[tuple[str, str]]) -> list[tuple[set[str], list[PairSet]]]:
    """Split the pairs of a group into strands: the connected components of its overlapping programmes.

    Chance is measured for each strand, since two titles of a city do not make its two zones more surprising.
    """
    components: list[set[str]] = []
    for one, other in overlaps:
        if any(one in strand and other in strand for strand in components):
            continue
        touching = [strand for strand in components if one in strand or other in strand]
        components = [strand for strand in components if strand not in touching]
        components.append({one, other}.union(*touching))
    ordered = sorted(components, key=sorted)
    return [(strand, [each for each in overlapping if each.programmes[0] in strand]) for strand in ordered]


def _score(factors: dict[str, float]) -> float:
    """Return surprise × seriousness; 0 for possible overlaps, for which neither is measured."""
    return factors.get("surprise", 0.0) * factors.get("seriousness", 0.0)


def _factors(context: ScoringContext, overlapping: list[PairSet]) -> dict[str, float]:
    """Return the factors of the score; means are over the pairs of designations."""
    agreements = {field: context.weights[f"field.{field}"] for field in FIELDS}
    certainties = {known: context.weights[f"certainty.{known}"] for known in ("same", "covers")} | {"possible": 0.0}
    pairs = 0
    likeness = agreement = certainty = seriousness = 0.0
    for each in overlapping:
        alike = context.purposes.likeness(*each.programmes)
        field, sure = agreements[each.field], certainties[each.certainty]
        pairs += each.pairs
        likeness += alike * each.pairs
        agreement += field * each.pairs
        certainty += sure * each.pairs
        seriousness += alike * field * sure * each.pairs
    factors = {"pairs": float(pairs), "likeness": likeness / pairs, "field_agreement": agreement / pairs}
    if overlapping[0].certainty == "possible":
        return factors
    known = {(each.programmes, each.holds) for each in overlapping}
    holds = [held for programmes, held_by in known for held in zip(programmes, held_by, strict=True)]
    chance = context.chance(overlapping[0].unit, holds)
    return factors | {"certainty": certainty / pairs, "seriousness": seriousness / pairs, **chance}


def _surest(overlapping: Iterable[PairSet]) -> Certainty:
    order: tuple[Certainty, ...] = ("same", "covers", "possible")
    return min({each.certainty for each in overlapping}, key=order.index)
