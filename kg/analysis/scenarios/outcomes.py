"""Output of a scenario: rows for people and for programs, and a summary in sentences."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import asdict

from kg.analysis.findings.finding import Finding
from kg.analysis.findings.table import Names
from kg.analysis.scenarios.scenario import Effect, Outcome
from kg.release.columns import Columns

NAME_HEADERS = ("effect", "kind", "where", "what", "score before", "after", "ministries after", "changed", "became")
KEY_HEADERS = (
    *("effect", "key", "kind", "place", "purpose_group", "score_before", "score_after", "ministries_before"),
    *("ministries_after", "programmes_before", "programmes_after", "what", "became"),
)


def name_rows(columns: Columns, effects: Iterable[Effect]) -> list[list[str]]:
    """Return rows for people, in the order of `NAME_HEADERS`."""
    names = Names(columns)
    rows = []
    for effect in effects:
        state = effect.after or effect.before
        rows.append(
            [
                *(effect.effect, _kind(state)),
                *names.subject(state),
                *(f"{side.score:.3f}" if side else "" for side in (effect.before, effect.after)),
                names.of(effect.after.ministries) if effect.after else "",
                *(", ".join(effect.what), effect.became),
            ]
        )
    return rows


def key_rows(effects: Iterable[Effect]) -> list[list[str]]:
    """Return rows of keys and numbers, in the order of `KEY_HEADERS`."""
    rows = []
    for effect in effects:
        state = effect.after or effect.before
        group = state.group if state else {}
        sides = (effect.before, effect.after)
        rows.append(
            [
                *(effect.effect, effect.key, state.kind if state else ""),
                *(group.get("place", ""), group.get("purpose_group", "")),
                *(f"{side.score:.6f}" if side else "" for side in sides),
                *(";".join(side.ministries) if side else "" for side in sides),
                *(";".join(side.programmes) if side else "" for side in sides),
                *(";".join(effect.what), effect.became),
            ]
        )
    return rows


def as_json(effects: Iterable[Effect]) -> str:
    """Return effects with both states as a JSON list of objects."""
    return json.dumps([asdict(effect) for effect in effects], ensure_ascii=False, indent=1, default=str)


def summary(outcome: Outcome) -> Iterator[tuple[str, int, int, int, int, int]]:
    """Yield for each kind (possible ones separately): before, after, gone, new, changed."""
    sides = [Counter(map(_kind, findings)) for findings in (outcome.before, outcome.after)]
    effects = Counter((_kind(effect.after or effect.before), effect.effect) for effect in outcome.effects)
    for kind in sorted(sides[0].keys() | sides[1].keys()):
        gone, new, changed = (effects[kind, effect] for effect in ("gone", "new", "changed"))
        yield kind, sides[0][kind], sides[1][kind], gone, new, changed


def _kind(finding: Finding | None) -> str:
    """Return the kind of a finding for counting, with possible ones separate."""
    if finding is None:
        return ""
    return finding.kind if finding.ranked else f"{finding.kind} (possible)"


def sentences(outcome: Outcome) -> Iterator[str]:
    """Yield sentences on the numbers of findings gone, new and changed by kind."""
    scored = Counter(_kind(effect.after) for effect in outcome.effects if effect.what == ("score",))
    for kind, before, after, gone, new, changed in summary(outcome):
        alone = f" ({scored[kind]} of them in score alone)" if scored[kind] else ""
        yield f"{kind}: {before} before, {after} after; {gone} gone, {new} new, {changed} changed{alone}"
    if became := sum(bool(effect.became) for effect in outcome.effects):
        yield f"{became} of those that are gone have become stacks of one ministry"
