"""Sensitivity of overlaps: how many remain without inferred mandates, undated designations or compilations."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from kg.analysis.findings import find
from kg.analysis.findings.finding import STRENGTHS, TIERS, Finding
from kg.analysis.scenarios.scenario import Step
from kg.release.columns import Columns
from kg.vocab import TYPE, Triple, concept, term, text, thing, typed

LEFT_OUT: Mapping[str, Step] = {
    "inferred-mandates": ("mandates", "SELECT * FROM mandates WHERE status <> 'inferred'", {}),
    "undated": ("designations", "SELECT * FROM designations WHERE dated", {}),
    "compilations": (
        "designations",
        "SELECT * FROM designations WHERE best_grade NOT IN ('compilation', 'encyclopaedia', 'low', 'unsourced', '')",
        {},
    ),
}
"""What is left out, a concept of the scheme `left-out`, to the change of the columns that does so.

Without compilations there are only designations with an official source or a reprint of one.
"""


@dataclass(frozen=True, slots=True)
class Remaining:
    """Numbers of overlaps on a day: all ranked ones and those of each strength, with something left out ("": nothing).

    kept: how many of the strong ones of the day are still strong.
    """

    as_of: date
    left_out: str
    overlaps: int
    strengths: Mapping[str, int]
    kept: int

    @property
    def strong(self) -> int:
        """The number of strong ones."""
        return self.strengths["strong"]


def sensitivity(columns: Columns, as_of: date) -> list[Remaining]:
    """Return what remains of territorial, thematic and carrier overlaps: with everything, then with each left out."""
    whole = _overlaps(columns, as_of)
    strong = {finding.key for finding in whole if finding.strength == "strong"}
    found = [_counted(as_of, "", whole, strong)]
    for left_out, step in LEFT_OUT.items():
        changed = columns.with_changes([step])
        try:
            found.append(_counted(as_of, left_out, _overlaps(changed, as_of), strong))
        finally:
            changed.close()
    return found


def _overlaps(columns: Columns, as_of: date) -> list[Finding]:
    return [finding for finding in find.find(columns, as_of, TIERS[0]) if finding.ranked]


def _counted(as_of: date, left_out: str, findings: list[Finding], strong: set[str]) -> Remaining:
    numbers = Counter(finding.strength for finding in findings)
    still = {finding.key for finding in findings if finding.strength == "strong"}
    return Remaining(as_of, left_out, len(findings), {key: numbers[key] for key in STRENGTHS}, len(strong & still))


def triples(found: Iterable[Remaining]) -> Iterator[Triple]:
    """Yield the numbers of a standing day; the key of a node is made of the day and what is left out."""
    for one in found:
        node = thing("sensitivity", f"{one.as_of}/{one.left_out or 'nothing'}")
        yield node, TYPE, term("gp:Sensitivity")
        yield node, term("skos:prefLabel"), text(f"重叠的敏感性（{one.as_of}）：{_NAMES[one.left_out][0]}", "zh")
        yield (
            node,
            term("skos:prefLabel"),
            text(f"Sensitivity of overlaps ({one.as_of}): {_NAMES[one.left_out][1]}", "en"),
        )
        yield node, term("gp:asOf"), typed(one.as_of, "date")
        if one.left_out:
            yield node, term("gp:leavesOut"), concept("left-out", one.left_out)
        yield node, term("gp:overlapCount"), typed(one.overlaps, "integer")
        yield node, term("gp:strongCount"), typed(one.strong, "integer")
        yield node, term("gp:keptStrongCount"), typed(one.kept, "integer")


_NAMES = {
    "": ("全部", "everything"),
    "inferred-mandates": ("不计推断的职权", "without inferred mandates"),
    "undated": ("不计日期不详的牌子", "without undated designations"),
    "compilations": ("不计仅据汇编的牌子", "without compilations"),
}
