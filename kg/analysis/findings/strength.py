"""Strength of territorial, thematic and carrier findings: which evidence their pairs of designations have or lack.

The lists are a census, not a sample, so that strength is a matter of evidence and not of chance. A pair that lacks
nothing is strong; one of which something is not known, inferred or not shared is plain; one that shares only its group,
or meets under the title of a whole prefecture, is weak. A finding is as strong as its strongest pair; it has the
reasons of the pair that comes nearest. Other kinds, and overlaps that are only possible, have no strength.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from kg.analysis.findings.finding import STRENGTHS, Finding
from kg.analysis.labels import Name

LACKS = (
    *("whole-prefecture", "group-only"),
    *("field-unknown", "date-unknown", "mandate-inferred", "source-low"),
    *("topic-unknown", "carrier-unknown", "carrier-differs"),
    *("purpose-differs", "purpose-partial", "stage-possible"),
)
"""What a pair of designations may lack, by its bit, as a key of the scheme `lack`; the first two make it weak."""
WEAK = 0b11
"""Bits that make a pair weak."""
BIT = {lack: 1 << position for position, lack in enumerate(LACKS)}
"""Lack to its bit."""
LOW_SOURCE = "best_grade IN ('low', 'unsourced', '')"
"""SQL: the best source of a designation is low or missing."""

WORDS: Mapping[str, Name] = {
    "whole-prefecture": ("有的是整个地级市的牌子", "title of a whole prefecture"),
    "group-only": ("仅同属一个目的组", "only the group is shared"),
    "field-unknown": ("未知有无相同领域", "common field not known"),
    "topic-unknown": ("主题不详", "topic not known"),
    "carrier-unknown": ("载体不详", "carrier not known"),
    "carrier-differs": ("载体不同", "different carriers"),
    "purpose-differs": ("目的不同", "no common purpose"),
    "purpose-partial": ("仅一项共同目的，且只对一方是主要目的", "one common purpose, main for one of them only"),
    "stage-possible": ("或为前后阶段", "may be stages of one another"),
    "date-unknown": ("日期不详", "date not known"),
    "mandate-inferred": ("职权系推断", "mandate inferred"),
    "source-low": ("来源等级低或缺失", "source low or missing"),
}
"""Lack to its words."""
STRENGTH_WORDS: Mapping[str, Name] = {"strong": ("强", "strong"), "plain": ("一般", "plain"), "weak": ("弱", "weak")}
"""Strength to its word, as in the scheme `strength`."""


@dataclass(frozen=True, slots=True)
class Strength:
    """Strength of a finding (one of `STRENGTHS`), keys of what it lacks, and its qualifying pairs of programmes.

    qualifying: sorted pairs of programmes with a pair of designations of that strength.
    """

    strength: str
    lacks: tuple[str, ...]
    qualifying: tuple[tuple[str, str], ...]


def of_lacks(lacks: int) -> int:
    """Return the position in `STRENGTHS` of a pair of designations by the bits of what it lacks."""
    return 2 if lacks & WEAK else 1 if lacks else 0


def nearness(lacks: int) -> tuple[int, int, int]:
    """Return the sort key of the bits that a pair lacks: the strongest first, then that with the fewest lacks."""
    return of_lacks(lacks), lacks.bit_count(), lacks


def strength(known: Iterable[tuple[tuple[str, str], int]]) -> Strength:
    """Return the strength of a finding.

    Args:
        known: pairs of programmes, each with the bits of what pairs of their designations lack; at least one.
    """
    best: dict[tuple[str, str], int] = {}
    for programmes, lacks in known:
        best[programmes] = min(best.get(programmes, lacks), lacks, key=nearness)
    nearest = min(best.values(), key=nearness)
    reached = of_lacks(nearest)
    qualifying = tuple(sorted(pair for pair, lacks in best.items() if of_lacks(lacks) == reached))
    return Strength(STRENGTHS[reached], tuple(lack for lack in LACKS if nearest & BIT[lack]), qualifying)


def bits(lacks: Mapping[str, bool]) -> int:
    """Return the bits of what a pair lacks, by key of the lack."""
    return sum(BIT[lack] for lack, lacking in lacks.items() if lacking)


def counts(finding: Finding) -> Name:
    """Return the numbers behind the order of a finding in words: designations, ministries, qualifying pairs."""
    members, ministries, pairs = (
        len(finding.members),
        len(finding.ministries),
        int(finding.factors["qualifying_pairs"]),
    )
    return (
        f"{members}块牌子，{ministries}个部委，{pairs}对符合条件的牌子类型",
        f"{members} designations, {ministries} ministries, {pairs} qualifying pair{'s' if pairs > 1 else ''}",
    )


def reasons(finding: Finding) -> Name:
    """Return in words why a finding is not strong; empty for a strong one."""
    words = [WORDS[lack] for lack in finding.lacks]
    return "、".join(word[0] for word in words), ", ".join(word[1] for word in words)


def sentence(finding: Finding) -> Name:
    """Return the sentence on the strength of a finding: its counts, and why it is not strong."""
    chinese, english = STRENGTH_WORDS[finding.strength]
    (few, several), (why, because) = counts(finding), reasons(finding)
    return (
        f"证据强度：{chinese}（{few}）{f'，因{why}' if why else ''}。",
        f"Strength of evidence: {english} ({several}){f'; {because}' if because else ''}.",
    )
