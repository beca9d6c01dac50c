"""Import accounting of lists: rows = taken + merged into a designation + left out, with reasons."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from kg.tables import Package, Row

EXACT_REPEAT = ("与记录{}逐字相同", "an exact repeat of the record {}")
"""Reason why a row was left out that repeats a record, in Chinese and English, with a place for its key."""
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


def _reason(row: Row) -> str:
    """Return the reason of a row left out, without the key of the record that it repeats."""
    chinese, _, english = row["reason"].partition(" | ")
    if english.startswith(EXACT_REPEAT[1].format("")):
        return "与另一记录逐字相同 | an exact repeat of another record"
    return f"{chinese} | {english}" if english else chinese
