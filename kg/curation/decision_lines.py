"""The line that a decision on a finding adds to `data/decisions.csv`, made from a release without writing anything."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from kg import tables
from kg.analysis.findings import rulings
from kg.analysis.findings.finding import Finding
from kg.curation.decide import GIVEN, TABLE, evidence, next_keys, pair_evidence
from kg.tables import Package
from kg.tables.decision_checks import OF_FINDINGS, OF_PAIRS

REQUIRED = ("verdict", "reason", "decided_by", "decided_on")


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the table of decisions, and the columns of it that are missing or wrong; ready where there are none."""

    columns: tuple[str, ...]
    row: Mapping[str, str]
    wrong: tuple[str, ...]

    @property
    def header(self) -> str:
        """The header of the file."""
        return self._lines()[0]

    @property
    def text(self) -> str:
        """The row as it stands in the file."""
        return self._lines()[1]

    def _lines(self) -> list[str]:
        cells = [self.row[column] for column in self.columns]
        return tables.to_csv(list(self.columns), iter([cells])).split("\n", 1)


def verdicts(finding: Finding) -> tuple[str, ...]:
    """Return the verdicts that may be given on a finding."""
    return OF_PAIRS if rulings.pair_of(finding) else OF_FINDINGS


def question(finding: Finding) -> dict[str, str]:
    """Return the cells of a file for `guapai decide --from` that ask about a finding, the answer left open."""
    pair = rulings.pair_in(finding.key)
    named = {"one_id": pair[0], "other_id": pair[1]} if pair else {"finding": finding.key}
    return dict.fromkeys(GIVEN, "") | named


def line(package: Package, finding: Finding, given: Mapping[str, str]) -> Line:
    """Return the row that a decision on a finding would be.

    Args:
        package: the tables of the release, whose last decision says which key is the next.
        finding: as it was looked at, of its day.
        given: cells of `REQUIRED`.
    """
    row = question(finding) | {name: given.get(name, "").strip() for name in REQUIRED}
    row |= pair_evidence(finding.evidence_hash) if row["one_id"] else evidence(finding)
    row["id"] = next(next_keys(each.cells for each in package.rows(TABLE)))
    return Line(
        tuple(package.resources[TABLE].columns), row, tuple(name for name in REQUIRED if _wrong(finding, row, name))
    )


def _wrong(finding: Finding, row: Mapping[str, str], name: str) -> bool:
    if name == "verdict":
        return row[name] not in verdicts(finding)
    if name != "decided_on":
        return not row[name] or row[name].startswith(tables.FORMULA_STARTS)
    try:
        return date.fromisoformat(row[name]).isoformat() != row[name]
    except ValueError:
        return True
