"""What if: hypothetical changes of programmes, and the resulting changes of findings."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal

from kg.analysis.findings import find
from kg.analysis.findings.finding import Finding
from kg.analysis.ministries import ROLES
from kg.release.columns import Columns

Action = Literal["merge", "end", "transfer", "re-purpose"]
Step = tuple[str, str, dict[str, Any]]
"""A table, the query that makes its rows, and its values (`Columns.with_changes`)."""

SCORE_DIGITS = 6
"""Decimal digits to which scores are compared."""


@dataclass(frozen=True, slots=True)
class Change:
    """One change of a programme.

    action: merge (its designations become designations of another programme and get its purposes and ministries), end
    (its designations end), transfer (one body alone administers it, and no other body administers or approves),
    re-purpose (its main purposes are replaced; its secondary ones remain).
    programme: key; to: key of the programme (merge) or body (transfer), else ""; purposes: keys, for re-purpose.
    start: first day of the change, None for always.
    """

    action: Action
    programme: str
    to: str = ""
    purposes: tuple[str, ...] = ()
    start: date | None = None

    def holds(self, day: date) -> bool:
        """Whether the change is effective on a day."""
        return self.start is None or self.start <= day


@dataclass(frozen=True, slots=True)
class Effect:
    """Effect of the changes on one finding.

    key: of the finding; effect: gone, new or changed; before, after: its states on the day, None where it does not
    exist; what: for changed ones, which of members, programmes, ministries, score and evidence (mandates, purposes)
    differ; became: key of a stack of one ministry with two or more designations of a gone overlap, "" if none.
    """

    key: str
    effect: Literal["gone", "new", "changed"]
    before: Finding | None
    after: Finding | None
    what: tuple[str, ...] = ()
    became: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """The findings of a day without and with the changes, and all differences, by falling score."""

    before: tuple[Finding, ...]
    after: tuple[Finding, ...]
    effects: tuple[Effect, ...]


def what_if(
    columns: Columns, changes: Iterable[Change], as_of: date, kinds: Collection[str] = tuple(find.KINDS)
) -> Outcome:
    """Compare the findings of a day without and with hypothetical changes.

    Args:
        columns: the columns of a release; not modified.
        changes: applied in the order of their days; those that start after the day are ignored.
        as_of: the day.
        kinds: keys of the kinds of findings.

    Raises:
        KeyError: an unknown kind.
    """
    before = find.find(columns, as_of, kinds)
    changed = applied(columns, changes, as_of)
    try:
        after = find.find(changed, as_of, kinds)
    finally:
        changed.close()
    return Outcome(tuple(before), tuple(after), tuple(_effects(before, after)))


def applied(columns: Columns, changes: Iterable[Change], as_of: date) -> Columns:
    """Return the columns with the changes effective on a day; the files are not modified."""
    made = sorted((change for change in changes if change.holds(as_of)), key=lambda change: change.start or date.min)
    return columns.with_changes(step for change in made for step in _STEPS[change.action](change, as_of))


def _merge(change: Change, _: date) -> Iterator[Step]:
    """Move designations and relations by design to the other programme; the merged one keeps none."""
    values = {"programme": change.programme, "to": change.to}
    yield (
        "designations",
        """SELECT designations.* REPLACE (
            CASE WHEN programme = $programme THEN $to ELSE programme END AS programme,
            CASE WHEN programme = $programme THEN heir.category ELSE designations.category END AS category,
            CASE WHEN programme = $programme THEN heir.policy_area ELSE designations.policy_area END AS policy_area)
        FROM designations CROSS JOIN (SELECT category, policy_area FROM programmes WHERE programme = $to) heir""",
        values,
    )
    yield (
        "programme_relations",
        """SELECT DISTINCT * FROM (SELECT * REPLACE (
            CASE WHEN subject = $programme THEN $to ELSE subject END AS subject,
            CASE WHEN object = $programme THEN $to ELSE object END AS object) FROM programme_relations)
        WHERE subject <> object ORDER BY ALL""",
        values,
    )
    yield (
        "programmes",
        """SELECT * REPLACE (CASE WHEN parent <> $programme THEN parent WHEN programme = $to THEN '' ELSE $to END
            AS parent) FROM programmes""",
        values,
    )


def _end(change: Change, as_of: date) -> Iterator[Step]:
    last = (change.start or as_of) - timedelta(days=1)
    yield (
        "designations",
        """SELECT * REPLACE (
            CASE WHEN programme = $programme THEN least(ended_first, $last) ELSE ended_first END AS ended_first,
            CASE WHEN programme = $programme THEN least(ended_last, $last) ELSE ended_last END AS ended_last)
        FROM designations""",
        {"programme": change.programme, "last": last},
    )


def _transfer(change: Change, _: date) -> Iterator[Step]:
    """Replace the mandates by a single new one, which counts as asserted."""
    values = {"programme": change.programme, "to": change.to, "start": change.start, "roles": list(ROLES)}
    yield (
        "mandates",
        """SELECT * FROM mandates WHERE NOT (programme = $programme AND list_contains($roles, role))
        UNION ALL SELECT 'what-if-' || $programme, $programme, $to, 'administers', $start::DATE, NULL, 'asserted'""",
        values,
    )


def _re_purpose(change: Change, _: date) -> Iterator[Step]:
    yield (
        "programme_purposes",
        """SELECT * FROM programme_purposes
        WHERE programme <> $programme OR NOT (weight = 'main' OR list_contains($purposes, purpose))
        UNION ALL SELECT $programme, purpose, purpose_group, 'main', generic FROM purposes
        WHERE list_contains($purposes, purpose)""",
        {"programme": change.programme, "purposes": list(change.purposes)},
    )


_STEPS = {"merge": _merge, "end": _end, "transfer": _transfer, "re-purpose": _re_purpose}


def _effects(before: Sequence[Finding], after: Sequence[Finding]) -> list[Effect]:
    early, late = ({finding.key: finding for finding in findings} for findings in (before, after))
    stacks = [finding for finding in after if finding.kind == "stacking"]
    effects = []
    for key in early.keys() | late.keys():
        old, new = early.get(key), late.get(key)
        if old and new:
            if what := tuple(_differences(old, new)):
                effects.append(Effect(key, "changed", old, new, what))
        else:
            became = _became(old, stacks) if old else ""
            effects.append(Effect(key, "gone" if old else "new", old, new, became=became))
    return sorted(effects, key=lambda effect: (-_score(effect), effect.key))


def _score(effect: Effect) -> float:
    return max(state.score for state in (effect.before, effect.after) if state)


def _differences(old: Finding, new: Finding) -> Iterator[str]:
    compared = ("members", "programmes", "ministries", "strength")
    yield from (name for name in compared if getattr(old, name) != getattr(new, name))
    if round(old.score, SCORE_DIGITS) != round(new.score, SCORE_DIGITS):
        yield "score"
    if old.evidence_hash != new.evidence_hash:
        yield "evidence"


def _became(old: Finding, stacks: Iterable[Finding]) -> str:
    for stack in stacks:
        same_group = all(old.group.get(name) == stack.group[name] for name in ("place", "purpose_group"))
        if old.kind != stack.kind and same_group and len(set(old.members) & set(stack.members)) > 1:
            return stack.key
    return ""
