"""Import accounting of lists: rows = taken + merged into a designation + left out, with reasons."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from kg.errors import Complaint
from kg.tables import Package, Row

COLUMNS = ["list", "rows", "taken", "merged", "left_out", "reasons"]


@dataclass(frozen=True, slots=True)
class Account:
    """Outcome of the rows of one list.

    list_id: key of the list; taken: rows that are the first record of a designation; merged: rows that are further
    records of a designation; left_out: reason (Chinese and English separated by " | ") → number of rows.
    """

    list_id: str
    taken: int
    merged: int
    left_out: Mapping[str, int] = field(default_factory=dict)

    @property
    def rows(self) -> int:
        """Number of rows of the list."""
        return self.taken + self.merged + sum(self.left_out.values())

    @property
    def cells(self) -> list[str]:
        """Row of the account, ordered like COLUMNS."""
        reasons = "; ".join(f"{number} × {reason}" for reason, number in self.left_out.items())
        numbers = (self.rows, self.taken, self.merged, sum(self.left_out.values()))
        return [self.list_id, *map(str, numbers), reasons]


def accounts(package: Package) -> list[Account]:
    """Return the account of every list, in the order of the table of lists."""
    outcomes: dict[str, Counter[str]] = {row["id"]: Counter() for row in package.rows("lists")}
    reasons: dict[str, Counter[str]] = {key: Counter() for key in outcomes}
    for row in package.rows("records"):
        outcomes[row["list_id"]][row["outcome"]] += 1
        if row["outcome"] == "left-out":
            reasons[row["list_id"]][_reason(row)] += 1
    return [
        Account(key, found["taken"], found["merged"], dict(sorted(reasons[key].items())))
        for key, found in outcomes.items()
    ]


def further(package: Package) -> int:
    """Count the designations without a taken row of their own: parts of rows that name several designations."""
    taken = {row["designation_id"] for row in package.rows("records")}
    return len({row["designation_id"] for row in package.rows("parted_rows")} - taken)


def faults(package: Package) -> Iterator[Complaint]:
    """Yield complaints where the accounting does not add up.

    Every designation has one taken row, and a row names a designation unless it is left out with a reason.
    """
    first: dict[str, Row] = {}
    records: Counter[str] = Counter()
    for row in package.rows("records"):
        designation = row["designation_id"]
        records[designation] += 1
        if row["outcome"] == "left-out":
            if designation or not row["reason"]:
                yield row.complaint("outcome", "'left-out'", "a reason and no designation")
        elif not designation:
            yield row.complaint("designation_id", "nothing", "the designation that the record describes")
        elif row["outcome"] == "taken":
            if designation in first:
                yield row.complaint(
                    "outcome", "'taken'", f"merged, for {first[designation]['id']} was taken for {designation}"
                )
            first.setdefault(designation, row)
    for row in package.rows("designations"):
        if records[row["id"]] and row["id"] not in first:
            yield row.complaint("id", repr(row["id"]), "a record that was taken for it")


def _reason(row: Row) -> str:
    """Return the reason of a row left out, without the key of the record that it repeats."""
    chinese, _, english = row["reason"].partition(" | ")
    if english.startswith("an exact repeat of the record "):
        return "与另一记录逐字相同 | an exact repeat of another record"
    return f"{chinese} | {english}" if english else chinese
