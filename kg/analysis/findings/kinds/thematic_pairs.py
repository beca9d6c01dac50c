"""Overlaps of organisation-borne designations on a topic: pairs across ministries, chance, and the finding."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, islice
from typing import Literal

from kg.analysis import weights as scores
from kg.analysis.findings.finding import Certainty, Finding, Subtraction
from kg.analysis.findings.kinds.thematic_strength import nearest_lacks, on_one_site
from kg.analysis.findings.organisation_designations import DesignRelations, OrganisationDesignation
from kg.analysis.findings.scoring import ScoringContext
from kg.analysis.findings.strength import bits, strength

MAX_SUBTRACTED_PAIRS = 200
"""Maximum number of pairs related by design in a finding, for each pair of programmes."""


@dataclass(frozen=True, slots=True)
class Meeting:
    """The overlapping designations of a group, across ministries.

    members: those with a partner; overlaps: pairs of programmes, with the number of pairs of their designations and of
    those pairs on one carrier; lacks: pairs of programmes, with what they and the strongest pair of their designations
    lack as evidence, as bits; subtracted: pairs related by design; one_facility: a pair shares carrier, place word and
    topic.
    """

    members: tuple[OrganisationDesignation, ...]
    overlaps: Mapping[tuple[str, str], tuple[int, int]]
    lacks: Mapping[tuple[str, str], int]
    subtracted: tuple[Subtraction, ...]
    one_facility: bool

    @property
    def programmes(self) -> tuple[str, ...]:
        """The keys of the programmes of the members, sorted."""
        return tuple(sorted({designation.programme for designation in self.members}))

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys of the members, sorted."""
        return tuple(sorted(designation.designation for designation in self.members))


def meeting(
    context: ScoringContext,
    by_design: DesignRelations,
    designations: Sequence[OrganisationDesignation],
    *,
    topical: bool = True,
) -> Meeting | None:
    """Return the overlaps of the designations of one group, None without two ministries; the cost is linear.

    topical: the designations share a topic, and not only a carrier.
    """
    held: dict[str, list[OrganisationDesignation]] = defaultdict(list)
    for designation in designations:
        held[designation.programme].append(designation)
    members: dict[str, OrganisationDesignation] = {}
    overlaps: dict[tuple[str, str], tuple[int, int]] = {}
    lacks: dict[tuple[str, str], int] = {}
    one_facility = False
    subtracted: list[Subtraction] = []
    for one, other in combinations(sorted(held), 2):
        if context.answers[one].ministries & context.answers[other].ministries:
            continue
        if by_design.programmes(one, other):
            pairs = ((mine, theirs) for mine in held[one] for theirs in held[other])
            subtracted += [
                found for pair in islice(pairs, MAX_SUBTRACTED_PAIRS) if (found := by_design.subtraction(*pair))
            ]
            continue
        related = [
            (mine, theirs)
            for mine in held[one]
            if mine.designation in by_design.partners
            for theirs in held[other]
            if theirs.designation in by_design.partners[mine.designation]
        ]
        subtracted += [found for pair in related if (found := by_design.subtraction(*pair))]
        left = Counter(designation.designation for pair in related for designation in pair)
        ones = [designation for designation in held[one] if left[designation.designation] < len(held[other])]
        others = [designation for designation in held[other] if left[designation.designation] < len(held[one])]
        if ones and others:
            members |= {designation.designation: designation for designation in (*ones, *others)}
            overlaps[one, other] = (len(held[one]) * len(held[other]) - len(related), _on_one_carrier(ones, others))
            partners = {mine.designation: by_design.partners[mine.designation] for mine, _ in related}
            nearest = nearest_lacks(context, ones, others, partners, topical=topical)
            lacks[one, other] = nearest | _programmes_lack(context, by_design, one, other)
            one_facility |= topical and on_one_site(ones, others, partners)
    if not overlaps:
        return None
    return Meeting(
        tuple(members[key] for key in sorted(members)), overlaps, lacks, tuple(sorted(set(subtracted))), one_facility
    )


def _programmes_lack(context: ScoringContext, by_design: DesignRelations, one: str, other: str) -> int:
    """Return what two programmes lack as evidence that their designations do the same, as bits."""
    shared = context.purposes.share_any(one, other)
    return bits(
        {
            "purpose-differs": not shared,
            "purpose-partial": shared and not context.purposes.coincide_in_any(one, other),
            "stage-possible": by_design.unexplained(one, other),
        }
    )


def _on_one_carrier(some: Iterable[OrganisationDesignation], others: Iterable[OrganisationDesignation]) -> int:
    """Return the number of pairs of designations with a common carrier."""
    carried: dict[str, set[str]] = defaultdict(set)
    for designation in some:
        for carrier in designation.carriers:
            carried[carrier].add(designation.designation)
    empty: set[str] = set()
    return sum(len(empty.union(*(carried[carrier] for carrier in designation.carriers))) for designation in others)


class Spread:
    """Carriers or prefectures with a designation of a programme and topic: the margins of chance.

    Args:
        designations: all of the day, also those that are alone on their carrier or in their prefecture.
        scope: carriers or prefectures.
        units: number of all carriers or prefectures; None where those with a designation are all.
    """

    def __init__(
        self,
        designations: Iterable[OrganisationDesignation],
        scope: Literal["carriers", "prefectures"],
        units: int | None = None,
    ) -> None:
        known: set[str] = set()
        self._held: dict[tuple[str, str], set[str]] = defaultdict(set)
        for designation in designations:
            there = designation.carriers if scope == "carriers" else designation.prefectures
            for topic in (*designation.topics, *designation.sites, ""):
                self._held[designation.programme, topic].update(there)
            known.update(there)
        self.units = len(known) if units is None else units

    def chance(self, programmes: Iterable[str], topic: str, cap: float) -> dict[str, float]:
        """Return units, observed, expected, probability and surprise of a combination; topic "" for any."""
        held = [self._held[programme, topic] for programme in programmes]
        observed = len(set.intersection(*held))
        return scores.chance(self.units, observed, tuple(len(units) for units in held), cap).factors


@dataclass(frozen=True, slots=True)
class Group:
    """The group of a finding: kind and key of the finding, and the dimensions of the group."""

    kind: str
    key: str
    made_of: Mapping[str, str]


def finding(
    context: ScoringContext, met: Meeting, group: Group, chance: Mapping[str, float], field: str = "common"
) -> Finding:
    """Return the finding of overlapping designations.

    Args:
        context: the scoring context.
        met: the designations.
        group: the group of the finding.
        chance: the factors of chance.
        field: agreement of the fields, a suffix of the weights `field.`: common for a shared topic, else unknown.
    """
    weights = context.weights
    pairs = sum(number for number, _ in met.overlaps.values())
    same = sum(number for _, number in met.overlaps.values())
    certainty = {"same": weights["certainty.same"], "covers": weights["certainty.covers"]}
    likeness = serious = 0.0
    for (one, other), (number, on_one) in met.overlaps.items():
        alike = context.purposes.likeness(one, other)
        likeness += alike * number
        serious += alike * (on_one * certainty["same"] + (number - on_one) * certainty["covers"])
    evidence = strength(met.lacks.items())
    surest: Certainty = "same" if same else "covers"
    factors = {
        "pairs": float(pairs),
        "likeness": likeness / pairs,
        "field_agreement": weights[f"field.{field}"],
        "certainty": (same * certainty["same"] + (pairs - same) * certainty["covers"]) / pairs,
        "seriousness": serious / pairs * weights[f"field.{field}"],
        **chance,
        "qualifying_pairs": float(len(evidence.qualifying)),
    }
    answers = [context.answers[programme] for programme in met.programmes]
    return Finding(
        kind=group.kind,
        key=group.key,
        as_of=context.as_of,
        group=dict(group.made_of),
        members=met.keys,
        programmes=met.programmes,
        ministries=tuple(sorted(set().union(*(answer.ministries for answer in answers)))),
        factors=factors,
        score=factors["surprise"] * factors["seriousness"],
        certainty=surest,
        rests_on_inferred=any(answer.inferred for answer in answers),
        evidence_hash=context.evidence(met.keys, met.programmes),
        overlaps=tuple(sorted(met.overlaps)),
        strand=met.programmes,
        subtracted=met.subtracted,
        marks=(*context.marks(met.keys, answers), *(["one-facility"] if met.one_facility else [])),
        strength=evidence.strength,
        lacks=evidence.lacks,
        qualifying=evidence.qualifying,
    )
