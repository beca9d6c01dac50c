"""Possible duplicates: pairs of designations of the same or an alternate programme that may be one designation."""

from collections.abc import Iterator, Sequence
from datetime import date

from kg.analysis.findings.duplicates.blocking import candidates, relations
from kg.analysis.findings.duplicates.features import Described, describe, reader
from kg.analysis.findings.duplicates.scoring import DUPLICATE, UNDECIDED, Judgement, judge
from kg.analysis.findings.finding import PAIR_METHOD, Finding, evidence_hash
from kg.analysis.in_force import IN_FORCE, undated
from kg.analysis.ministries import ministries
from kg.analysis.weights import read_weights
from kg.release.columns import Columns

KIND = "duplicate"


def find(columns: Columns, as_of: date) -> list[Finding]:
    """Return the pairs of designations in force on a date that are duplicates or undecided.

    Undecided pairs have the certainty `possible` and are not ranked; pairs related by design and look-alikes are no
    findings.
    """
    answers = ministries(columns, as_of)
    late = undated(columns)
    pairs = columns.cached("possible duplicates", lambda: tuple(_pairs(columns)))
    standing = _in_force(columns, as_of, sorted({designation.key for pair, _ in pairs for designation in pair}))
    found = []
    for pair, judged in pairs:
        if not standing.issuperset(designation.key for designation in pair):
            continue
        known = [answers[designation.programme] for designation in pair if designation.programme in answers]
        members = tuple(sorted(designation.key for designation in pair))
        programmes = tuple(sorted({designation.programme for designation in pair}))
        found.append(
            Finding(
                kind=KIND,
                key=f"{KIND}/{members[0]}/{members[1]}",
                as_of=as_of,
                group=_group(judged),
                members=members,
                programmes=programmes,
                ministries=tuple(sorted({ministry for answer in known for ministry in answer.ministries})),
                factors=dict(judged.features) | {"likeness": judged.score},
                score=judged.score if judged.verdict == DUPLICATE else 0.0,
                certainty="same" if judged.verdict == DUPLICATE else "possible",
                rests_on_inferred=any(answer.inferred for answer in known),
                # The evidence excludes ministries, so that a verdict is valid on every day.
                evidence_hash=evidence_hash(members, [designation.name for designation in pair], (), PAIR_METHOD),
                overlaps=(programmes,) if len(programmes) > 1 else (),  # type: ignore[arg-type]
                marks=("undated",) if not late.isdisjoint(members) else (),
            )
        )
    return found


def _pairs(columns: Columns) -> Iterator[tuple[tuple[Described, Described], Judgement]]:
    """Yield the duplicate and undecided pairs among all designations of a release, compared once for all days."""
    weights = read_weights(columns, "duplicate_weights")
    related = relations(columns)
    for pair in candidates(describe(columns, reader(columns)), related, weights):
        judged = judge(*pair, related, weights)
        if judged is not None and judged.verdict in (DUPLICATE, UNDECIDED):
            yield pair, judged


def _in_force(columns: Columns, as_of: date, designations: Sequence[str]) -> frozenset[str]:
    """Return the subset of designations in force on a date."""
    asked = "(SELECT unnest($designations::VARCHAR[]) AS designation)"
    rows = columns.query(
        f"SELECT designation FROM designations SEMI JOIN {asked} USING (designation) WHERE {IN_FORCE}",  # noqa: S608
        {"as_of": as_of, "designations": list(designations)},
    )
    return frozenset(designation for (designation,) in rows)


def _group(judged: Judgement) -> dict[str, str]:
    return {"place": judged.place} if judged.place else {}
