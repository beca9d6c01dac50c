"""Differences between two releases: programmes, designations, records and findings that came, went or changed."""

import csv
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from kg import tables
from kg.errors import GuapaiError
from kg.release import Release
from kg.tables.decided import decided

PARTS = {"programmes": "programmes", "designations": "designations", "records": "records", "findings": ""}
"""Compared part to its table; findings are compared by their report."""
FINDINGS = Path("report") / "findings.csv"
COMPARED_FINDING_COLUMNS = (
    "kind",
    "strength",
    "score",
    "observed",
    "ministries",
    "programmes",
    "members",
    "certainty",
    "marks",
    "subtracted",
)
"""Columns of findings that are compared; sentences and factors follow from them."""
NAME_COLUMNS = ("name_zh", "name", "statement_zh")
"""Columns that may hold the name, by precedence."""
CAME, WENT, CHANGED = "came", "went", "changed"
HEADERS = ("part", "key", "change", "name", "column", "before", "after")
Cells = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference.

    part: one of PARTS; key: of the resource, for a finding with its day; change: came, went or changed; name: its name
    in the later release that has it; column, before, after: the changed cell, empty for what came or went.
    """

    part: str
    key: str
    change: str
    name: str
    column: str = ""
    before: str = ""
    after: str = ""

    @property
    def cells(self) -> tuple[str, ...]:
        """Row of the difference, ordered like HEADERS."""
        return self.part, self.key, self.change, self.name, self.column, self.before, self.after


def compare(early: Release, late: Release, parts: Iterable[str] = tuple(PARTS)) -> list[Difference]:
    """Compare two releases.

    Args:
        early: the earlier release.
        late: the later release.
        parts: subset of PARTS.

    Returns:
        The differences by part, in each what went, came and changed, by key; one for each changed column.

    Raises:
        GuapaiError: a part is unknown.
        InputError: the tables of a release cannot be read.
    """
    wanted = list(dict.fromkeys(parts))
    if unknown := [part for part in wanted if part not in PARTS]:
        raise GuapaiError(f"no part {', '.join(unknown)}; there are {', '.join(PARTS)}")
    if early.id == late.id:
        return []
    return [found for part in wanted for found in _compared(part, _read(early, part), _read(late, part))]


def summary(differences: Sequence[Difference]) -> list[str]:
    """Return a summary of each part that differs, such as `designations: 3 came, 1 went, 2 changed`."""
    counts = count_changes(differences)
    said = [
        f"{part}: " + ", ".join(f"{counts[part, change]} {change}" for change in (CAME, WENT, CHANGED))
        for part in PARTS
        if any(counts[part, change] for change in (CAME, WENT, CHANGED))
    ]
    return said or ["no difference"]


def count_changes(differences: Iterable[Difference]) -> Counter[tuple[str, str]]:
    """Count resources by part and change."""
    things = {(found.part, found.change, found.key) for found in differences}
    return Counter((part, change) for part, change, _ in things)


def _compared(part: str, early: Mapping[str, Cells], late: Mapping[str, Cells]) -> Iterator[Difference]:
    for key in sorted(early.keys() - late.keys()):
        yield Difference(part, key, WENT, _name(early[key]))
    for key in sorted(late.keys() - early.keys()):
        yield Difference(part, key, CAME, _name(late[key]))
    for key in sorted(early.keys() & late.keys()):
        before, after = early[key], late[key]
        for column in dict.fromkeys([*after, *before]):
            if part == "findings" and column not in COMPARED_FINDING_COLUMNS:
                continue
            old, new = before.get(column, ""), after.get(column, "")
            if old != new:
                yield Difference(part, key, CHANGED, _name(after), column, old, new)


def _read(release: Release, part: str) -> dict[str, Cells]:
    """Return the rows of a part of a release by key."""
    if part == "findings":
        return {f"{row['key']} {row['as_of']}": row for row in _findings(release.path / FINDINGS)}
    package = decided(tables.open_package(release.path / "tables"))
    return {row["id"]: row.cells for row in package.rows(PARTS[part])} if PARTS[part] in package.resources else {}


def _findings(path: Path) -> list[dict[str, str]]:
    """Read the report of findings; releases of the first version have none."""
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def _name(cells: Cells) -> str:
    return next((cells[column] for column in NAME_COLUMNS if cells.get(column)), "")
