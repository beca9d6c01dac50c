"""Findings on the two standing days, for a graph and a report of the release."""

from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import date
from itertools import chain
from pathlib import Path

from kg import tables
from kg.analysis import coverage_gaps
from kg.analysis.claims import claims
from kg.analysis.findings import find, sensitivity, stored, table
from kg.analysis.findings.finding import Finding
from kg.analysis.findings.organisation_designations import OrganisationDesignation, organisation_designations
from kg.analysis.findings.rdf import triples
from kg.analysis.findings.sentences import sentences
from kg.analysis.in_force import standing_days
from kg.analysis.labels import Labels
from kg.analysis.ministries import ministries
from kg.pipeline import graphs
from kg.release.columns import FOLDER, Columns
from kg.vocab import DATASET, Triple, term, typed

HEADERS = (*table.KEY_HEADERS, "statement_zh", "statement_en")
"""Columns of the report."""

FINDINGS_REPORT = "findings.csv"
"""Report of the findings on the two standing days."""
CLAIMS_REPORT = "claims.csv"
"""Report of the papers' claims: verdicts and the numbers behind them."""


def write(staging: Path, today: date) -> int:
    """Write the findings on the two standing days and the verdicts on claims, as a graph and as reports.

    The graph of schemes is written before: labels of its concepts become parts of others.

    Returns:
        The number of triples.
    """
    with closing(Columns(staging / FOLDER)) as opened:
        found = on_standing_days(opened, today)
        path = staging / "report" / FINDINGS_REPORT
        path.parent.mkdir(parents=True)
        path.write_text(report(opened, found), encoding="utf-8")
        stored.write(staging, found)
        judged = claims.evaluated(opened)
        path.with_name(CLAIMS_REPORT).write_text(
            tables.to_csv(list(claims.HEADERS), iter(claims.rows(judged))), encoding="utf-8"
        )
        statements = triples(opened, found, with_topics(opened, today))
        left_out = graphs.scheme_labels(staging / "graphs", "left-out")
        others = list(other_triples(opened, today, left_out))
        return graphs.write(staging / "graphs", "findings", chain(others, statements, claims.triples(judged)))


def on_standing_days(columns: Columns, today: date) -> list[Finding]:
    """Return the findings of all kinds on the two standing days.

    Args:
        columns: the columns of the release.
        today: the release's date of today.
    """
    return [finding for day in standing_days(columns, today) for finding in find.find(columns, day)]


def other_triples(columns: Columns, today: date, left_out: graphs.Labels) -> Iterator[Triple]:
    """Yield the standing days, which the rules read, with their coverage gaps and the sensitivity of their overlaps."""
    for day in standing_days(columns, today):
        yield f"<{DATASET}>", term("gp:standingDay"), typed(day, "date")
        yield from coverage_gaps.triples(columns, coverage_gaps.gaps(columns, day))
        yield from sensitivity.triples(sensitivity.sensitivity(columns, day), left_out)


def with_topics(columns: Columns, today: date) -> list[OrganisationDesignation]:
    """Return the organisation-borne designations in force on a standing day, by key, with their topics."""
    designations = [
        designation
        for day in standing_days(columns, today)
        for designation in organisation_designations(columns, day, ministries(columns, day))
    ]
    return [
        designation
        for _, designation in sorted({designation.designation: designation for designation in designations}.items())
    ]


def report(columns: Columns, found: Sequence[Finding]) -> str:
    """Return findings as CSV: keys, factors, sentences."""
    return tables.to_csv(list(HEADERS), _rows(columns, found))


def _rows(columns: Columns, found: Sequence[Finding]) -> Iterator[list[str]]:
    labels = Labels(columns)
    for finding, row in zip(found, table.key_rows(found), strict=True):
        yield [*row, *sentences(finding, labels)]
