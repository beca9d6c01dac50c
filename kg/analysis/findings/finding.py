"""The data class of findings: key, evidence, factors of the score; and their ranking."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, Protocol, TypeVar

METHOD = "4"
"""Version of the method; part of every evidence hash, so that a new version reopens decisions."""
PAIR_METHOD = "1"
"""Version of the method by which possible duplicates are compared, for their evidence; it has no strength."""

STRENGTHS = ("strong", "plain", "weak")
"""Strengths of the evidence of an overlap, the strongest first (`strength`)."""

Certainty = Literal["same", "covers", "possible"]

TIERS = (
    ("territorial", "thematic", "carrier"),  # those with a strength
    ("stacking", "programme", "positioning"),
    ("duplicate",),
)
"""The kinds in the order of a list: overlaps, then excess and pairs, then possible duplicates awaiting a decision.

A duplicate concerns the lists, not the designations.
"""


class Rankable(Protocol):
    """An entry in a ranking: a finding, or its states on several days."""

    @property
    def key(self) -> str: ...  # noqa: D102
    @property
    def kind(self) -> str: ...  # noqa: D102
    @property
    def precedence(self) -> tuple[float, ...]: ...  # noqa: D102
    @property
    def ranked(self) -> bool: ...  # noqa: D102


Ranked = TypeVar("Ranked", bound=Rankable)


@dataclass(frozen=True, slots=True, order=True)
class Subtraction:
    """A pair of designations excluded from an overlap because it is related by design.

    subject, object: keys of the designations, in the direction of the relation; relation: key of the concept in the
    scheme `relation`; basis: `programmes` or `designations`, the table that states the relation.
    """

    subject: str
    object: str
    relation: str
    basis: str


@dataclass(frozen=True, slots=True)
class Ruling:
    """A decision on a finding (data/decisions.csv).

    decision: key; verdict: overlap-accepted, overlap-justified, unsure, same or different; reason, decided_by,
    decided_on: from the row; reopened: the evidence has changed since the decision; looked_at: the day of the reviewed
    state; came, went: members added or removed since; ministries: those added or removed. A reopened decision without
    any of these differences is due to changed purposes, mandates or method.
    """

    decision: str
    verdict: str
    reason: str
    decided_by: str
    decided_on: date
    reopened: bool
    looked_at: date | None = None
    came: tuple[str, ...] = ()
    went: tuple[str, ...] = ()
    ministries: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding on a date; an indication to be checked, not an accusation.

    kind: key of the kind, such as `territorial`; its class in the ontology is in `find.KINDS`.
    key: kind and group key, without date and members; valid in an IRI.
    as_of: the day.
    group: dimensions of the group, such as place, purpose_group, ministry, carrier, topic, by name; several keys of one
        name joined by ";". The names used in the graph are in `rdf.GROUP`.
    members: keys of the designations, sorted.
    programmes: keys of the members' programmes, sorted.
    ministries: keys of the members' ministries on the day, sorted.
    overlaps: pairs of programmes whose designations overlap here; not necessarily all pairs of the programmes.
    strand: a set of programmes connected by overlaps, to which the factors refer: of several strands in one place and
        purpose group, the one with the highest score. observed counts the units with all of them.
    subtracted: pairs of designations of the group that are related by design, and so no overlap.
    factors: every number behind the score by name, such as observed, expected (units), probability, surprise,
        seriousness, jaccard, field_agreement (0 to 1), pairs.
    score: surprise × seriousness, in [0, 1]; 0 where the finding is not ranked; a factor, except for kinds without
        strength, which it ranks.
    certainty: same (within or equal to one county-level unit), covers (one covers an entire prefecture), possible
        (somewhere in the prefecture: listed separately, never ranked or mapped).
    rests_on_inferred: a ministry of a member is known only from an inferred mandate.
    marks: caveats, such as mandate-lapsed or undated.
    strength: one of `STRENGTHS`, "" for kinds without strength and for possible findings; lacks: keys of what keeps it
        from being strong, as in `strength.LACKS`; qualifying: pairs of programmes, among the overlaps, of its strength.
    evidence_hash: SHA-256 of members, purposes, mandates and version of the method.
    rulings: decisions on it, in order.
    listed_under: key of the finding of the day with equal members under which a list shows this one, "" if it is shown
        itself (`equal_members`).
    """

    kind: str
    key: str
    as_of: date
    group: Mapping[str, str]
    members: tuple[str, ...]
    programmes: tuple[str, ...]
    ministries: tuple[str, ...]
    factors: Mapping[str, float]
    score: float
    certainty: Certainty
    rests_on_inferred: bool
    evidence_hash: str
    overlaps: tuple[tuple[str, str], ...] = ()
    strand: tuple[str, ...] = ()
    subtracted: tuple[Subtraction, ...] = ()
    marks: tuple[str, ...] = field(default=())
    rulings: tuple[Ruling, ...] = ()
    strength: str = ""
    lacks: tuple[str, ...] = ()
    qualifying: tuple[tuple[str, str], ...] = ()
    listed_under: str = ""

    @property
    def precedence(self) -> tuple[float, ...]:
        """The numbers by which findings of a kind are ordered, ascending.

        Strength, qualifying pairs of programmes, designations and ministries; the score of kinds without strength.
        """
        pairs = self.factors.get("qualifying_pairs", 0)
        return precedence(self.strength, (pairs, len(self.members), len(self.ministries)), self.score)

    @property
    def ranked(self) -> bool:
        """Whether the finding is ranked; possible ones never are."""
        return self.certainty != "possible"


def evidence_hash(
    members: Iterable[str], purposes: Iterable[str], mandates: Iterable[str], method: str = METHOD
) -> str:
    """Return the SHA-256 of the evidence for a decision, in hexadecimal.

    Args:
        members: keys of designations (records, programmes, regions).
        purposes: the purposes of the members' programmes, as `programme weight purpose`.
        mandates: keys of the mandates of the members' ministries.
        method: version of the method.
    """
    evidence = [method, sorted(set(members)), sorted(set(purposes)), sorted(set(mandates))]
    return hashlib.sha256(json.dumps(evidence, ensure_ascii=False).encode()).hexdigest()


def precedence(strength: str, counts: Iterable[float], score: float) -> tuple[float, ...]:
    """Return the numbers by which findings of a kind are ordered, ascending.

    Args:
        strength: one of `STRENGTHS`, "" for kinds without strength.
        counts: numbers of qualifying pairs of programmes, of designations and of ministries, which order what has one.
        score: orders what has none.
    """
    return (STRENGTHS.index(strength), *(-count for count in counts)) if strength else (-score,)


def rank(found: Iterable[Ranked]) -> list[Ranked]:
    """Return findings in ranking order: overlaps by strength, then the other kinds by falling score; then by key.

    Strength is one measure for all overlaps. Scores of different kinds are not comparable (similarity of names, share
    of purposes): within a tier of those the first of each kind precede the second of each. Possible findings come last.
    """
    kinds = {kind: (tier, number) for tier, those in enumerate(TIERS) for number, kind in enumerate(those)}
    seen: Counter[str] = Counter()
    placed: list[tuple[tuple[bool, int, int, int], Ranked]] = []
    for one in sorted(found, key=lambda one: (not one.ranked, one.precedence, one.key)):
        tier, number = kinds[one.kind]
        turn = (seen[one.kind], number) if tier else (0, 0)
        placed.append(((not one.ranked, tier, *turn), one))
        seen[one.kind] += 1
    return [one for _place, one in sorted(placed, key=lambda pair: pair[0])]
