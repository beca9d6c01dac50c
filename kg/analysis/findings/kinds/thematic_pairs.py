"""Organisation-borne designations that meet on a topic: how they do, how surprising and how serious it is."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, islice

from kg.analysis import weights as scores
from kg.analysis.findings.finding import Certainty, Finding, Subtraction
from kg.analysis.findings.organisation_designations import Borne, Explained
from kg.analysis.findings.scoring import Judge

SHOWN = 200
"""So many pairs related by design are shown with a finding."""


@dataclass(frozen=True, slots=True)
class Meeting:
    """The designations of a group that meet across ministries.

    members: those with a partner; overlaps: pairs of programmes, with the number of pairs of their designations that
    lie together and, of these, those on one carrier; subtracted: pairs that are related by design.
    """

    members: tuple[Borne, ...]
    overlaps: Mapping[tuple[str, str], tuple[int, int]]
    subtracted: tuple[Subtraction, ...]

    @property
    def programmes(self) -> tuple[str, ...]:
        """The keys of the programmes of the members, sorted."""
        return tuple(sorted({designation.programme for designation in self.members}))

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys of the members, sorted."""
        return tuple(sorted(designation.designation for designation in self.members))


def meeting(judge: Judge, explained: Explained, designations: Sequence[Borne]) -> Meeting | None:
    """Return how designations of one group meet, None where no two ministries do; the cost is linear."""
    held: dict[str, list[Borne]] = defaultdict(list)
    for designation in designations:
        held[designation.programme].append(designation)
    members: dict[str, Borne] = {}
    overlaps: dict[tuple[str, str], tuple[int, int]] = {}
    subtracted: list[Subtraction] = []
    for one, other in combinations(sorted(held), 2):
        if judge.answers[one].ministries & judge.answers[other].ministries:
            continue
        if explained.programmes(one, other):
            pairs = ((mine, theirs) for mine in held[one] for theirs in held[other])
            subtracted += [found for pair in islice(pairs, SHOWN) if (found := explained.subtraction(*pair))]
            continue
        related = [
            (mine, theirs)
            for mine in held[one]
            if mine.designation in explained.partners
            for theirs in held[other]
            if theirs.designation in explained.partners[mine.designation]
        ]
        subtracted += [found for pair in related if (found := explained.subtraction(*pair))]
        left = Counter(designation.designation for pair in related for designation in pair)
        kept = [designation for designation in held[one] if left[designation.designation] < len(held[other])]
        others = [designation for designation in held[other] if left[designation.designation] < len(held[one])]
        if kept and others:
            members |= {designation.designation: designation for designation in (*kept, *others)}
            overlaps[one, other] = (len(held[one]) * len(held[other]) - len(related), _on_one_carrier(kept, others))
    if not overlaps:
        return None
    return Meeting(tuple(members[key] for key in sorted(members)), overlaps, tuple(sorted(set(subtracted))))


def _on_one_carrier(some: Iterable[Borne], others: Iterable[Borne]) -> int:
    """Return how many pairs of designations have a carrier in common."""
    carried: dict[str, set[str]] = defaultdict(set)
    for designation in some:
        for carrier in designation.carriers:
            carried[carrier].add(designation.designation)
    empty: set[str] = set()
    return sum(len(empty.union(*(carried[carrier] for carrier in designation.carriers))) for designation in others)


class Spread:
    """The number of carriers or prefectures with a designation of a programme and topic: the base of chance.

    Args:
        scopes: carrier or prefecture with the designations there.
        units: the number of all carriers or prefectures.
    """

    def __init__(self, scopes: Iterable[tuple[str, list[Borne]]], units: int) -> None:
        self.units = units
        self._held: dict[tuple[str, str], set[str]] = defaultdict(set)
        for unit, designations in scopes:
            for designation in designations:
                for topic in designation.topics | designation.sites:
                    self._held[designation.programme, topic].add(unit)
                self._held[designation.programme, ""].add(unit)

    def chance(self, programmes: Iterable[str], topic: str, cap: float) -> dict[str, float]:
        """Return units, observed, expected, probability and surprise of a combination; topic "" for any."""
        held = [self._held[programme, topic] for programme in programmes]
        observed = len(set.intersection(*held))
        found = scores.chance(self.units, observed, tuple(len(units) for units in held), cap)
        return {
            "units": float(found.units),
            "observed": float(found.observed),
            "expected": found.expected,
            "probability": found.probability,
            "surprise": found.surprise,
        }


@dataclass(frozen=True, slots=True)
class Group:
    """What designations meet in: the kind of finding, its key, and what the group is made of."""

    kind: str
    key: str
    made_of: Mapping[str, str]


def finding(judge: Judge, met: Meeting, group: Group, chance: Mapping[str, float], field: str = "common") -> Finding:
    """Make the finding of designations that meet.

    Args:
        judge: what findings are judged by.
        met: the designations.
        group: what they meet in.
        chance: the factors of chance.
        field: how the fields agree, a key of the weights `field.`: common for a shared topic, else unknown.
    """
    weights = judge.weights
    pairs = sum(number for number, _ in met.overlaps.values())
    same = sum(number for _, number in met.overlaps.values())
    certainty = {"same": weights["certainty.same"], "covers": weights["certainty.covers"]}
    likeness = serious = 0.0
    for (one, other), (number, on_one) in met.overlaps.items():
        alike = judge.purposes.likeness(one, other)
        likeness += alike * number
        serious += alike * (on_one * certainty["same"] + (number - on_one) * certainty["covers"])
    surest: Certainty = "same" if same else "covers"
    factors = {
        "pairs": float(pairs),
        "likeness": likeness / pairs,
        "field_agreement": weights[f"field.{field}"],
        "certainty": (same * certainty["same"] + (pairs - same) * certainty["covers"]) / pairs,
        "seriousness": serious / pairs * weights[f"field.{field}"],
        **chance,
    }
    answers = [judge.answers[programme] for programme in met.programmes]
    return Finding(
        kind=group.kind,
        key=group.key,
        as_of=judge.as_of,
        group=dict(group.made_of),
        members=met.keys,
        programmes=met.programmes,
        ministries=tuple(sorted(set().union(*(answer.ministries for answer in answers)))),
        factors=factors,
        score=factors["surprise"] * factors["seriousness"],
        certainty=surest,
        rests_on_inferred=any(answer.inferred for answer in answers),
        evidence_hash=judge.evidence(met.keys, met.programmes),
        overlaps=tuple(sorted(met.overlaps)),
        strand=met.programmes,
        subtracted=met.subtracted,
        marks=tuple(judge.marks(met.keys, answers)),
    )
