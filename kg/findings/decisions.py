"""What people decided on findings: read from the columns, shown on the findings, and open again on other evidence."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from kg.columns import Columns
from kg.findings.finding import Finding, Ruling, evidence_hash

DIFFERENT = "different"


@dataclass(frozen=True, slots=True)
class Decision:
    """A row of data/decisions.csv.

    key; finding: key of the finding, "" where it is about a pair; pair: kind and key of both, sorted, else empty;
    verdict: same, different, overlap-accepted, overlap-justified or unsure; reason, decided_by, decided_on, evidence:
    SHA-256 of what it rests on.
    """

    key: str
    finding: str
    pair: tuple[str, ...]
    verdict: str
    reason: str
    decided_by: str
    decided_on: date
    evidence: str

    def on(self, finding: Finding) -> Ruling:
        """Return the decision as it stands on a finding: open again where the evidence is another."""
        reopened = self.evidence != finding.evidence_hash
        return Ruling(self.key, self.verdict, self.reason, self.decided_by, self.decided_on, reopened)


def decisions(columns: Columns) -> list[Decision]:
    """Read all decisions of a release, in the order in which they were made."""
    rows = columns.query(
        """SELECT decision, finding, one, other, verdict, reason, decided_by, decided_on, evidence_hash
        FROM decisions ORDER BY decided_on, decision""",
        {},
    )
    return [Decision(row[0], row[1], tuple(sorted(filter(None, row[2:4]))), *row[4:]) for row in rows]


def pair_of(finding: Finding) -> tuple[str, ...]:
    """Return the plates that a finding asks about, as kind and key; empty where it asks about something else."""
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


def pair_evidence(columns: Columns, plates: Sequence[str]) -> str:
    """Return the hash of what is known of two plates: their names and records; of a pair that no finding is about."""
    rows = columns.query(
        """SELECT plate, name_zh, list(record ORDER BY record) FROM plates LEFT JOIN plate_records USING (plate)
        WHERE list_contains($plates, plate) GROUP BY plate, name_zh""",
        {"plates": list(plates)},
    )
    return evidence_hash(plates, [f"{plate} {text}" for plate, name, records in rows for text in (name, *records)], ())


def sentences(findings: Iterable[Finding]) -> Iterator[str]:
    """Say what was decided on findings, one sentence a decision."""
    for finding in findings:
        for ruling in finding.rulings:
            again = "open again, for the evidence has changed: " if ruling.reopened else ""
            signed = f"{ruling.decided_by}, {ruling.decided_on}, {ruling.decision}"
            yield f"{finding.key}: {again}{ruling.verdict}, {ruling.reason} ({signed})"
