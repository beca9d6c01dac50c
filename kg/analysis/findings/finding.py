"""What a finding is: its key, its evidence, and every factor of its score."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, Protocol, TypeVar

METHOD = "1"
"""The version of the method; part of every evidence hash, so that decisions are looked at again when it changes."""

Certainty = Literal["same", "covers", "possible"]

TIERS = (
    ("territorial", "thematic", "carrier"),
    ("stacking", "programme", "positioning", "gap"),
    ("duplicate",),
)
"""The kinds in the order of a list: what overlaps, then what is many or missing, then records that people must decide.

A duplicate says something of the lists, and nothing of the designations.
"""


class Rankable(Protocol):
    """What takes a place in a list of findings: a finding, or what is made of its states on several days."""

    @property
    def key(self) -> str: ...  # noqa: D102
    @property
    def kind(self) -> str: ...  # noqa: D102
    @property
    def score(self) -> float: ...  # noqa: D102
    @property
    def ranked(self) -> bool: ...  # noqa: D102


Ranked = TypeVar("Ranked", bound=Rankable)


@dataclass(frozen=True, slots=True, order=True)
class Subtraction:
    """A pair of designations that would meet but is related by design.

    subject, object: keys of the designations, in the direction of the relation; relation: key of the concept in the
    scheme `relation`; basis: `programmes` or `designations`, whichever table states the relation.
    """

    subject: str
    object: str
    relation: str
    basis: str


@dataclass(frozen=True, slots=True)
class Ruling:
    """What a person decided on a finding (data/decisions.csv).

    decision: key; verdict: overlap-accepted, overlap-justified, unsure, same or different; reason, decided_by,
    decided_on: as the row says; reopened: the evidence is no longer that on which it was decided; looked_at: the day
    on which the finding was looked at; came, went: the members that are new or gone since; ministries: those that are
    new or gone. Where it is open again and none of these differs, purposes, mandates or the method have changed.
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
    """One finding as it looks on a date; it indicates and does not accuse (overlap.md).

    kind: key of the kind, such as `territorial`; the class in the ontology stands in `engine.KINDS`.
    key: kind and group key, without date and members; fit for an IRI.
    as_of: the day.
    group: what the group is made of, such as place, purpose_group, ministry, carrier, topic, by name; several keys of
        one name joined by ";". The names that the graph knows stand in `triples.GROUP`.
    members: keys of the designations, sorted.
    programmes: keys of the members' programmes, sorted.
    ministries: keys of the members' ministries on the day, sorted.
    overlaps: pairs of programmes whose designations overlap here; two programmes may be there each for a third one
    only.
    strand: the programmes that overlaps tie together and that the factors are about: of several such strands in one
        place and purpose group, the one that scores highest. observed counts the units with all of them.
    subtracted: pairs of designations of the same group that are related by design, and so no overlap.
    factors: every number behind the score by name, such as observed, expected (units), probability, surprise,
        seriousness, jaccard, field_agreement (0 to 1), pairs.
    score: surprise × seriousness, in [0, 1]; 0 where the finding is not ranked.
    certainty: same (within or equal to one county-level unit), covers (one is a whole prefecture), possible (somewhere
        in the prefecture: listed apart, never ranked or mapped).
    rests_on_inferred: a ministry of a member is known only from an inferred mandate.
    marks: what a reader must know besides, such as mandate-lapsed or undated.
    evidence_hash: SHA-256 of members, purposes, mandates and version of the method.
    rulings: what people decided on it, in the order of their decisions.
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

    @property
    def ranked(self) -> bool:
        """Whether the finding takes a place in a ranking; possible ones never do."""
        return self.certainty != "possible"


def evidence_hash(members: Iterable[str], purposes: Iterable[str], mandates: Iterable[str]) -> str:
    """Return the SHA-256 of what a decision rests on, in hexadecimal.

    Args:
        members: keys of designations (records, programmes, regions).
        purposes: the purposes that made them meet, as `programme weight purpose`.
        mandates: keys of the mandates that gave the members their ministries.
    """
    evidence = [METHOD, sorted(set(members)), sorted(set(purposes)), sorted(set(mandates))]
    return hashlib.sha256(json.dumps(evidence, ensure_ascii=False).encode()).hexdigest()


def rank(found: Iterable[Ranked]) -> list[Ranked]:
    """Return findings in the order of a list: of one kind by falling score, equal ones by key.

    A score is no common measure of several kinds (a likeness of names is not a share of purposes): of those of one
    tier the first of each kind come before the second of each. What is only possible stands last.
    """
    kinds = {kind: (tier, number) for tier, those in enumerate(TIERS) for number, kind in enumerate(those)}
    seen: Counter[str] = Counter()
    placed: list[tuple[tuple[bool, int, int, int], Ranked]] = []
    for one in sorted(found, key=lambda one: (not one.ranked, -one.score, one.key)):
        tier, number = kinds[one.kind]
        placed.append(((not one.ranked, tier, seen[one.kind], number), one))
        seen[one.kind] += 1
    return [one for _place, one in sorted(placed, key=lambda pair: pair[0])]
