"""The findings of the two standing dates: as a graph of the release, and as rows of its report."""

from collections.abc import Iterator, Sequence
from datetime import date

from kg import tables
from kg.analysis.findings import find, table
from kg.analysis.findings.finding import Finding
from kg.analysis.findings.organisation_designations import OrganisationDesignation, organisation_designations
from kg.analysis.findings.sentences import sentences
from kg.analysis.in_force import standing_days
from kg.analysis.labels import Labels
from kg.analysis.ministries import ministries
from kg.release.columns import Columns
from kg.vocab import DATASET, Triple, term, typed

HEADS = (*table.KEY_HEADERS, "statement_zh", "statement_en")
"""The columns of the report."""


def standing(columns: Columns, today: date) -> list[Finding]:
    """Return the findings of every kind on the two dates for which a release holds them.

    Args:
        columns: the columns of the release.
        today: the day that the release calls today.
    """
    return [finding for day in standing_days(today) for finding in find.find(columns, day)]


def days(today: date) -> Iterator[Triple]:
    """Yield the days on which a release looks at everything, as the rules read them."""
    return ((f"<{DATASET}>", term("gp:standingDay"), typed(day, "date")) for day in standing_days(today))


def topical(columns: Columns, today: date) -> list[OrganisationDesignation]:
    """Return the organisation-borne designations in force on one of the two dates, by key, with their topics."""
    designations = [
        designation
        for day in standing_days(today)
        for designation in organisation_designations(columns, day, ministries(columns, day))
    ]
    return [
        designation
        for _, designation in sorted({designation.designation: designation for designation in designations}.items())
    ]


def report(columns: Columns, found: Sequence[Finding]) -> str:
    """Return findings as CSV: keys, factors, and what they say."""
    return tables.to_csv(list(HEADS), _rows(columns, found))


def _rows(columns: Columns, found: Sequence[Finding]) -> Iterator[list[str]]:
    labels = Labels(columns)
    for finding, row in zip(found, table.key_rows(found), strict=True):
        yield [*row, *sentences(finding, labels)]
