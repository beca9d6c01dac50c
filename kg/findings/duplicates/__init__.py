"""Possible duplicates: pairs of plates of the same or an alternate programme that may be one plate."""

from datetime import date

from kg.columns import Columns
from kg.findings.duplicates.blocking import candidates
from kg.findings.duplicates.describing import describe, reader
from kg.findings.duplicates.judging import DUPLICATE, UNDECIDED, Judgement, judge
from kg.findings.duplicates.relating import relations
from kg.findings.finding import Finding, evidence_hash
from kg.findings.ministries import ministries
from kg.findings.scores import Weights
from kg.findings.standing import undated

KIND = "duplicate"


def find(columns: Columns, as_of: date) -> list[Finding]:
    """Return the pairs of plates in force on a date that are judged duplicates, and those that people must decide.

    What is undecided has the certainty `possible` and takes no place in a ranking; what is related by design or only
    looks alike is no finding.
    """
    weights = duplicate_weights(columns)
    related = relations(columns)
    plates = describe(columns, as_of, reader(columns))
    answers = ministries(columns, as_of)
    late = undated(columns, as_of)
    found = []
    for pair in candidates(plates, related, weights):
        judged = judge(*pair, related, weights)
        if judged is None or judged.verdict not in (DUPLICATE, UNDECIDED):
            continue
        known = [answers[plate.programme] for plate in pair if plate.programme in answers]
        members = tuple(sorted(plate.key for plate in pair))
        programmes = tuple(sorted({plate.programme for plate in pair}))
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
                # Who administers them says nothing of whether they are one: a verdict holds on every day.
                evidence_hash=evidence_hash(members, [plate.name for plate in pair], ()),
                overlaps=(programmes,) if len(programmes) > 1 else (),  # type: ignore[arg-type]
                marks=("undated",) if not late.isdisjoint(members) else (),
            )
        )
    return found


def _group(judged: Judgement) -> dict[str, str]:
    return {"place": judged.place} if judged.place else {}


def duplicate_weights(columns: Columns) -> Weights:
    """Read the weights of duplicates of a release."""
    return Weights(
        {key: float(value) for key, value in columns.query("SELECT weight, value FROM duplicate_weights", {})}
    )
