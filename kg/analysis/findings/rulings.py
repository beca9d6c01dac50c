"""What people decided on findings: read from the columns, shown on the findings, and open again on other evidence."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from kg.analysis.findings.finding import Finding, Ruling, evidence_hash
from kg.release.columns import Columns

DIFFERENT = "different"
PAIR = 2
"""Designations that a possible duplicate is about."""


@dataclass(frozen=True, slots=True)
class Decision:
    """A row of data/decisions.csv.

    key; finding: key of the finding, "" where it is about a pair; pair: kind and key of both, sorted, else empty;
    verdict: same, different, overlap-accepted, overlap-justified or unsure; reason, decided_by, decided_on; evidence:
    SHA-256 of what it rests on; members, ministries: of the finding that was looked at, looked_at: its day; of a pair
    there are none.
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
        """Return the decision as it stands on a finding: open again where the evidence differs, and in what."""
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
    heads, rows = columns.table("SELECT * FROM decisions ORDER BY decided_on, decision")
    made = (dict(zip(heads, row, strict=True)) for row in rows)
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
    """Return the designations that a finding asks about, as kind and key; empty where it asks about something else."""
    if finding.kind != "duplicate":
        return ()
    return tuple(sorted(f"designation/{member}" for member in finding.members))


def honoured(columns: Columns, findings: Iterable[Finding]) -> Iterator[Finding]:
    """Yield findings with what was decided on them; possible duplicates that were decided to be different are gone.

    Same and different on one pair count as different. A decision on other evidence changes nothing: the finding is
    shown as open again.
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
    """Return the pair of designations that a finding of this key asks about, as kind and key; empty if none.

    Of a pair that was made one there is no finding any more, but its key still says which pair it was.
    """
    kind, *members = key.split("/")
    return tuple(f"designation/{member}" for member in members) if kind == "duplicate" and len(members) == PAIR else ()


def pair_evidence(names: Mapping[str, str]) -> str:
    """Return the hash of the evidence on a pair, given each designation's name; a possible duplicate has the same."""
    return evidence_hash(names, names.values(), ())


def sentences(findings: Iterable[Finding]) -> Iterator[str]:
    """Say what was decided on findings, one sentence a decision."""
    for finding in findings:
        for ruling in finding.rulings:
            again = f"open again, for {_changed(ruling)}: " if ruling.reopened else ""
            signed = f"{ruling.decided_by}, {ruling.decided_on}, {ruling.decision}"
            yield f"{finding.key}: {again}{ruling.verdict}, {ruling.reason} ({signed})"


def _changed(ruling: Ruling) -> str:
    """Say what has changed in the evidence since a decision."""
    since = f"the evidence has changed since that of {ruling.looked_at}" if ruling.looked_at else "names have changed"
    parts = (("new", ruling.came), ("gone", ruling.went), ("ministries new or gone", ruling.ministries))
    told = [f"{what} {', '.join(keys)}" for what, keys in parts if keys]
    if not told and ruling.looked_at:
        told = ["purposes, mandates or the method"]
    return f"{since} ({'; '.join(told)})" if told else since
