"""What became of findings between two days in a few words: still there, ended, one ministry's now, new, not known."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from kg.analysis.findings.finding import TIERS, Finding
from kg.analysis.scenarios.compare import Change
from kg.charts.flow import Flow, flow
from web.http.language import lazy_gettext as _

STRONG = "strong"
"""The strength whose findings the headline counts."""
FEW = 5
"""Findings from which they are drawn; fewer are only counted."""
STILL = {"strong": _("still strong"), "fate": _("still there")}
LOST = {
    "stacked": _("now stand with one ministry"),
    "resolved": _("no longer belong to different ministries"),
    "weaker": _("are no longer strong"),
    "ended": _("ended with a designation"),
    "not-known-after": _("not known afterwards"),
}
"""Fate of what is there on the first day alone, to its title, as drawn."""
GAINED = {
    "new": _("new"),
    "stronger": _("were there, but not strong"),
    "not-known-before": _("not known before"),
}
"""Fate of what is there on the second day alone, to its title, as drawn."""
TITLES = {"still": _("on both days"), **LOST, **GAINED}


@dataclass(frozen=True, slots=True)
class Fates:
    """The fates of some findings: the facet that narrows to one of them, numbers by fate, and their picture.

    facet: `strong` where only strong overlaps are counted, `fate` where all findings are; kind: of the findings, empty
    for all.
    """

    facet: str
    kind: str
    numbers: Counter[str]
    drawn: Flow

    @property
    def drawable(self) -> bool:
        """Whether there are enough for a picture."""
        return max(self.drawn.before, self.drawn.after) >= FEW

    @property
    def lost(self) -> list[tuple[str, int]]:
        """Fates of the first day alone that occur, with their numbers."""
        return [(key, self.numbers[key]) for key in LOST if self.numbers[key]]

    @property
    def gained(self) -> list[tuple[str, int]]:
        """Fates of the second day alone that occur, with their numbers."""
        return [(key, self.numbers[key]) for key in GAINED if self.numbers[key]]


def fate(change: Change, outcome: str, *, strong: bool) -> str:
    """Return what became of a finding; empty where it is on neither day (or, if `strong`, is strong on neither)."""
    before, after = (_present(state, strong=strong) for state in (change.before, change.after))
    if before and after:
        return "still"
    if before:
        return "weaker" if change.after else outcome
    if after:
        return "stronger" if change.before else outcome if outcome == "not-known-before" else "new"
    return ""


def fates(changes: Iterable[tuple[Change, str]]) -> list[Fates]:
    """Return the fates of strong overlaps by kind, or of all findings together where none is strong."""
    known = list(changes)
    strong = [_fates("strong", kind, [each for each in known if _kind(each[0]) == kind]) for kind in TIERS[0]]
    return [made for made in strong if made] or [made for made in (_fates("fate", "", known),) if made]


def _fates(facet: str, kind: str, known: Iterable[tuple[Change, str]]) -> Fates | None:
    numbers = Counter(fate(change, outcome, strong=facet == "strong") for change, outcome in known)
    lost, gained = ([(key, numbers[key]) for key in side] for side in (LOST, GAINED))
    drawn = flow(numbers["still"], lost, gained)
    return Fates(facet, kind, numbers, drawn) if drawn else None


def _kind(change: Change) -> str:
    return next(state.kind for state in (change.after, change.before) if state)


def _present(state: Finding | None, *, strong: bool) -> bool:
    return state is not None and (not strong or state.strength == STRONG)
