"""What a decision does to the tables: two designations become one, or are two again; shown in one sentence each."""

from collections.abc import Iterable, Mapping, Sequence

from kg.curation import joining
from kg.curation.amending import Amended, Cells
from kg.curation.joining import Joining
from kg.errors import Expectation, expect
from kg.tables import decision_checks, record_checks

Decided = Mapping[str, str]
Faults = list[tuple[str, Expectation]]
"""Columns of a decision, and what was expected there."""


class Docket:
    """Decisions done to the tables, one after the other.

    behind: what stands behind the keys of pairs by now.
    """

    def __init__(self, amended: Amended, to_come: Sequence[Decided]) -> None:
        self._amended = amended
        self._to_come = [row for row in to_come if not row["finding"]]
        self._alternates = record_checks.alternates(amended.package)
        self.behind = decision_checks.pairs(amended.rows)

    def effect(self, cells: Decided) -> tuple[str, Faults]:
        """Do a decision to the tables; return what it did, or else why it cannot be done."""
        verdict, earlier = cells["verdict"], list(self._amended.rows("decisions"))
        if cells["finding"] or verdict not in ("same", "different"):
            return "shown with its reason", []
        against = "different" if verdict == "same" else "same"
        contrary = self._of_pair(cells, earlier, against)
        # What is still to come in the same file stands against this one, unless it is known already.
        contrary += ["this file"] * bool(self._of_pair(cells, self._to_come, against) and not contrary)
        note = f"contradicts {', '.join(contrary)}: counts as different" if contrary else ""
        if verdict == "same":
            return (note, []) if note else self._joined(cells, [*earlier, *self._to_come])
        if designation := self.behind.one_designation(cells):
            return self._parted(cells, designation, earlier, note)
        return note or "a possible duplicate no more", []

    def named(self, cells: Decided) -> dict[str, str]:
        """Return the designations that a pair means by now, each with its name."""
        designations = {self.behind.designation(cells[name]) for name in ("one_id", "other_id")} - {""}
        return {designation: self._name(designation) for designation in sorted(designations)}

    def _of_pair(self, cells: Decided, rows: Iterable[Decided], verdict: str) -> list[str]:
        pair = self.behind.pair(cells)
        return [row["id"] for row in rows if row["verdict"] == verdict and self.behind.pair(row) == pair]

    def _joined(self, cells: Decided, rows: Iterable[Decided]) -> tuple[str, Faults]:
        one, other = (self.behind.designation(cells[name]) for name in ("one_id", "other_id"))
        if not (one and other):
            return "", [("other_id" if one else "one_id", expect("designation-in-use"))]
        if one == other:
            return f"both are the designation {one} already", []
        programmes = tuple(
            (self._amended.row("designations", designation) or {})["programme_id"] for designation in (one, other)
        )
        if programmes[0] != programmes[1] and frozenset(programmes) not in self._alternates:
            return "", [("other_id", expect("one-programme", one=programmes[0], other=programmes[1]))]
        for row in rows:
            designations = {self.behind.designation(row[name]) for name in ("one_id", "other_id")}
            if row["verdict"] == "different" and designations == {one, other}:
                about = " and ".join(self.behind.pair(row))
                return "", [("verdict", expect("not-same", decision=row["id"], pair=about))]
        gone, kept = (f"{designation} {self._name(designation)}" for designation in (other, one))
        number = joining.join(self._amended, Joining(one, other, cells["id"], cells["decided_on"]))
        self.behind = decision_checks.pairs(self._amended.rows)
        return f"{gone} becomes {kept}, its key is withdrawn, {_records(number, 'follow')}", []

    def _parted(self, cells: Decided, designation: str, earlier: list[Cells], note: str) -> tuple[str, Faults]:
        """Take back the mergers that made a pair one; where a list merged them, a record becomes a designation."""
        if self.behind.origin(cells["one_id"]) == self.behind.origin(cells["other_id"]):
            return self._split(cells, designation)
        before = {row["id"]: row["designation_id"] for row in self._amended.rows("records")}
        joined = set(decision_checks.joining(earlier, self.behind, designation))
        standing = self._amended.decisions()
        first = min((standing.index(key) for key in joined & {*standing}), default=len(standing))
        for decision in reversed(standing[first:]):
            self._amended.take_back(decision)
        self.behind = decision_checks.pairs(self._amended.rows)
        undone = set(self._of_pair(cells, earlier, "same"))
        by_key = {row["id"]: row for row in earlier}
        for decision in standing[first:]:
            if decision not in undone:
                self._joined(by_key[decision], ())
        if self.behind.one_designation(cells):
            by = ", ".join(sorted(joined - undone))
            expected = (
                expect("same-by-decisions", decisions=by, designation=designation)
                if by
                else expect("same-by-withdrawal", designation=designation)
            )
            return "", [("verdict", expected)]
        after = {row["id"]: row["designation_id"] for row in self._amended.rows("records")}
        back = sorted({after[key] for key in after if after[key] != before[key]} - {designation})
        number = sum(after[key] != before[key] for key in after)
        which = ", ".join(f"{key} {self._name(key)}" for key in back)
        effect = f"{which} is a designation again and no longer {designation}, {_records(number, 'go')} back"
        return (f"{note}; {effect}" if note else effect), []

    def _split(self, cells: Decided, designation: str) -> tuple[str, Faults]:
        keys = [cells[name].partition("/")[2] for name in ("other_id", "one_id")]
        rows = [row for key in keys if (row := self._amended.row("records", key)) and row["outcome"] == "merged"]
        if not rows:
            return "", [("other_id", expect("further-record", designation=designation))]
        key = joining.part(self._amended, rows[0], cells["id"])
        self.behind = decision_checks.pairs(self._amended.rows)
        return (
            f"{rows[0]['id']} becomes a designation of its own, {key} {self._name(key)}, and no longer {designation}",
            [],
        )

    def _name(self, designation: str) -> str:
        row = self._amended.row("designations", designation)
        return row["name_zh"] if row else ""


def _records(number: int, verb: str) -> str:
    return f"1 record {verb}{'es' if verb == 'go' else 's'}" if number == 1 else f"{number} records {verb}"
