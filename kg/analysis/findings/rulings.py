"""Decisions on findings: read from the columns, attached to the findings, and reopened on changed evidence."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from kg.analysis.findings.finding import PAIR_METHOD, Finding, Ruling, evidence_hash
from kg.release.columns import Columns

DIFFERENT = "different"
PAIR_SIZE = 2
"""Designations of a possible duplicate."""


@dataclass(frozen=True, slots=True)
class Decision:
    """A row of data/decisions.csv.

    key; finding: key of the finding, "" for a pair; pair: kind and key of both, sorted, else empty; verdict: same,
    different, overlap-accepted, overlap-justified or unsure; reason, decided_by, decided_on; evidence: SHA-256 of the
    evidence; members, ministries, looked_at: of the reviewed state of the finding, and its day; empty for a pair.
    """

    key: str
    finding: str
    pair: tuple[str, ...]
    verdict: str
    reason: str
    decided_by: str
    decided_on: date
    evidence: str
    members: frozenset[str] = frozenset()
    ministries: frozenset[str] = frozenset()
    looked_at: date | None = None

    def on(self, finding: Finding) -> Ruling:
        """Return the decision on a finding, with the differences of evidence that reopen it."""
        members, ministries = frozenset(finding.members), frozenset(finding.ministries)
        reopened = self.evidence != finding.evidence_hash
        compared = reopened and bool(self.members)
        return Ruling(
            self.key,
            self.verdict,
            self.reason,
            self.decided_by,
            self.decided_on,
            reopened,
            looked_at=self.looked_at,
            came=tuple(sorted(members - self.members)) if compared else (),
            went=tuple(sorted(self.members - members)) if compared else (),
            ministries=tuple(sorted(self.ministries ^ ministries)) if compared else (),
        )


def decisions(columns: Columns) -> list[Decision]:
    """Read all decisions of a release, in the order in which they were made."""
    headers, rows = columns.table("SELECT * FROM decisions ORDER BY decided_on, decision")
    made = (dict(zip(headers, row, strict=True)) for row in rows)
    return [
        Decision(
            key=row["decision"],
            finding=row["finding"],
            pair=tuple(sorted(filter(None, (row["one"], row["other"])))),
            verdict=row["verdict"],
            reason=row["reason"],
            decided_by=row["decided_by"],
            decided_on=row["decided_on"],
            evidence=row["evidence_hash"],
            members=_set(row["members"]),
            ministries=_set(row["ministries"]),
            looked_at=row["looked_at"],
        )
        for row in made
    ]


def _set(cell: str) -> frozenset[str]:
    return frozenset(filter(None, cell.split(";")))


def pair_of(finding: Finding) -> tuple[str, ...]:
    """Return the pair of designations of a possible duplicate, as kind and key; empty for other findings."""
    if finding.kind != "duplicate":
        return ()
    return tuple(sorted(f"designation/{member}" for member in finding.members))


def with_decisions(columns: Columns, findings: Iterable[Finding]) -> Iterator[Finding]:
    """Yield findings with the decisions on them; drop possible duplicates decided to be different.

    Same and different on one pair count as different. A decision on changed evidence has no effect: the finding is
    reopened.
    """
    made = decisions(columns)
    if not made:
        yield from findings
        return
    by_key: Mapping[tuple[str, ...], list[Decision]] = defaultdict(list)
    for decision in made:
        by_key[decision.pair or (decision.finding,)].append(decision)
    for finding in findings:
        found = by_key.get((finding.key,), []) + by_key.get(pair_of(finding), [])
        rulings = tuple(decision.on(finding) for decision in found)
        if not any(ruling.verdict == DIFFERENT and not ruling.reopened for ruling in rulings):
            yield replace(finding, rulings=rulings) if rulings else finding


def pair_in(key: str) -> tuple[str, ...]:
    """Return the pair of designations in the key of a possible duplicate, as kind and key; empty for other keys.

    Works also for a merged pair, for which there is no finding any more.
    """
    kind, *members = key.split("/")
    return (
        tuple(f"designation/{member}" for member in members)
        if kind == "duplicate" and len(members) == PAIR_SIZE
        else ()
    )


def pair_evidence(names: Mapping[str, str]) -> str:
    """Return the evidence hash of a pair, given each designation's name; equals that of its possible duplicate."""
    return evidence_hash(names, names.values(), (), PAIR_METHOD)


def sentences(findings: Iterable[Finding]) -> Iterator[str]:
    """Yield the decisions on findings, one sentence each."""
    for finding in findings:
        for ruling in finding.rulings:
            again = f"open again, for {_changed(ruling)}: " if ruling.reopened else ""
            signed = f"{ruling.decided_by}, {ruling.decided_on}, {ruling.decision}"
            yield f"{finding.key}: {again}{ruling.verdict}, {ruling.reason} ({signed})"


def _changed(ruling: Ruling) -> str:
    """Describe the changes of the evidence since a decision."""
    since = f"the evidence has changed since that of {ruling.looked_at}" if ruling.looked_at else "names have changed"
    parts = (("new", ruling.came), ("gone", ruling.went), ("ministries new or gone", ruling.ministries))
    changes = [f"{what} {', '.join(keys)}" for what, keys in parts if keys]
    if not changes and ruling.looked_at:
        changes = ["purposes, mandates or the method"]
    return f"{since} ({'; '.join(changes)})" if changes else since
