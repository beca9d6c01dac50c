"""The tables as decisions leave them: every key of a designation is the canonical one; the files stay as they are.

What is built, compared or matched reads these rows. Lists, keys and rules between rows are checked on the files.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from itertools import chain

from kg.tables import canonical
from kg.tables.canonical import Canonical
from kg.tables.package import Package, Row

DECISIONS = "decisions"


class Decided(Package):
    """A package whose rows name canonical designations."""

    stated: Package
    """The same tables as their files are."""

    def __init__(self, stated: Package) -> None:
        super().__init__(stated.folder, stated.descriptor, stated.resources)
        object.__setattr__(self, "stated", stated)

    @cached_property
    def canonical(self) -> Canonical:
        """The designations after all decisions."""
        rows = list(self.stated.rows(DECISIONS)) if DECISIONS in self.resources else []
        pairs = [row for row in rows if not row["finding"]]
        return Canonical(canonical.stated(self.stated, pairs) if pairs else canonical.Stated({}, {}), pairs)

    def rows(self, name: str, paths: Sequence[str] = ()) -> Iterator[Row]:
        """Yield the rows of a table, or of some of its files, as the decisions leave them."""
        rows = self.stated.rows(name, paths)
        change = self._changes.get(name)
        return change(rows) if change and (self.canonical.gone or self.canonical.parted) else rows

    @cached_property
    def _changes(self) -> Mapping[str, Callable[[Iterator[Row]], Iterator[Row]]]:
        return {
            "designations": self._designations,
            "records": self._records,
            "parted_rows": self._parted_rows,
            "carriers": self._carriers,
            "designation_places": self._places,
            "designation_relations": self._relations,
            "withdrawn": self._withdrawn,
        }

    def _designations(self, rows: Iterator[Row]) -> Iterator[Row]:
        """Leave out what has another key, give its rows of papers to the canonical one, add records that parted."""
        columns, stated = self.resources["designations"].columns, self.canonical.stated.designations
        own = (
            Row("designations", record.file, record.line, dict.fromkeys(columns, "") | _described(key, record))
            for key, record in self.canonical.own.items()
        )
        for row in chain(rows, own):
            if row["id"] in self.canonical.gone:
                continue
            others = (stated[key] for key in self.canonical.members.get(row["id"], ()) if key in stated)
            papers = dict.fromkeys(entry for each in (row, *others) for entry in each.many("record_ids"))
            yield _with(row, record_ids=";".join(papers))

    def _records(self, rows: Iterator[Row]) -> Iterator[Row]:
        """Name the canonical designation; a record that came to another one is a further record, and says why."""
        for row in rows:
            key = self.canonical.of_record(row)
            if key == row["designation_id"]:
                yield row
                continue
            outcome = "taken" if key == canonical.own_key(row["id"]) else "merged"
            yield _with(row, designation_id=key, outcome=outcome, reason=self._reason(row))

    def _reason(self, row: Row) -> str:
        """Return the reason of a record with the decisions that moved it, in Chinese and English."""
        reasons, designation = [row["reason"].partition(" | ")[::2]], row["designation_id"]
        if by := self.canonical.parted.get(row["id"]):
            said = ", ".join(by)
            reasons.append((f"经{said}裁定,不是 {designation}", f"not {designation} by {said}"))
            designation = canonical.own_key(row["id"])
        if joined := self.canonical.gone.get(designation):
            said, kept = ", ".join(joined.decisions), joined.kept
            reasons.append((f"经{said}裁定,{designation} 即 {kept}", f"{designation} is {kept} by {said}"))
        chinese, english = (filter(None, said) for said in zip(*reasons, strict=True))
        return f"{';'.join(chinese)} | {'; '.join(english)}"

    def _parted_rows(self, rows: Iterator[Row]) -> Iterator[Row]:
        for row in rows:
            record = self.canonical.stated.records.get(row["record_id"])
            own = record and record["id"] in self.canonical.parted and record["designation_id"] == row["designation_id"]
            key = canonical.own_key(row["record_id"]) if own else row["designation_id"]
            yield _with(row, designation_id=self.canonical.key(key))

    def _carriers(self, rows: Iterator[Row]) -> Iterator[Row]:
        for row in rows:
            yield _with(row, designation_id=self.canonical.key(row["designation_id"]))

    def _places(self, rows: Iterator[Row]) -> Iterator[Row]:
        """Of statements that say the same by now the canonical designation's own stays, else the first."""
        listed = list(rows)
        said = {(row["designation_id"], row["place_id"]) for row in listed}
        for row in listed:
            place = self.canonical.key(row["designation_id"]), row["place_id"]
            if place[0] == row["designation_id"]:
                yield row
            elif place not in said:
                said.add(place)
                yield _with(row, designation_id=place[0])

    def _relations(self, rows: Iterator[Row]) -> Iterator[Row]:
        """Of relations that say the same by now the first stays, and none of a designation to itself."""
        listed = list(rows)
        said = {(row["subject_id"], row["relation"], row["object_id"]) for row in listed}
        for row in listed:
            ends = self.canonical.key(row["subject_id"]), row["relation"], self.canonical.key(row["object_id"])
            if ends == (row["subject_id"], row["relation"], row["object_id"]):
                yield row
            elif ends[0] != ends[2] and ends not in said:
                said.add(ends)
                yield _with(row, subject_id=ends[0], object_id=ends[2])

    def _withdrawn(self, rows: Iterator[Row]) -> Iterator[Row]:
        """Lead every withdrawn key to a canonical one, and withdraw those that have another by decision."""
        for row in rows:
            entries = (entry.partition("/") for entry in row.many("successor_ids"))
            led = (f"{kind}/{self.canonical.key(key) if kind == 'designation' else key}" for kind, _, key in entries)
            yield _with(row, successor_ids=";".join(dict.fromkeys(led)))
        for kept, members in self.canonical.members.items():
            for key in members:
                day, by = self.canonical.gone[key].day, ", ".join(self.canonical.gone[key].decisions)
                cells = {
                    "id": f"designation/{key}",
                    "successor_ids": f"designation/{kept}",
                    "reason": f"经{by}裁定为同一块牌子 | decided to be the same designation ({by})",
                    "withdrawn_on": day,
                }
                yield Row("withdrawn", self.resources[DECISIONS].paths[0], 0, cells)


def decided(package: Package) -> Decided:
    """Return a package as decisions leave it."""
    return package if isinstance(package, Decided) else Decided(package)


def _described(key: str, record: Row) -> dict[str, str]:
    return {"id": key, "programme_id": record["programme_id"], "name_zh": record["name"]}


def _with(row: Row, **cells: str) -> Row:
    """Return a row with other cells; the row itself where none differs."""
    same = all(row[column] == cell for column, cell in cells.items())
    return row if same else replace(row, cells={**row.cells, **cells})
