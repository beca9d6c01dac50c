"""Tables as decisions would leave them: rows changed in memory, each change kept, so that it can be taken back.

What a merger changes stands cell by cell in `data/merger_changes.csv`; taking the changes of a decision back, the
latest decision first, leaves the tables as if it had never been made.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from kg import tables
from kg.tables import Package

Cells = dict[str, str]
CHANGES = "merger_changes"
"""The table of what mergers changed."""
TOUCHED = ("designations", "records", "carriers", "designation_relations", "withdrawn", "decisions", CHANGES)


@dataclass(slots=True)
class _Entry:
    path: str
    cells: Cells


class Amended:
    """The tables that decisions change: rows by table and key, in their order, each with its file.

    package: the tables as they were.
    """

    def __init__(self, package: Package) -> None:
        self.package = package
        self._resources = {name: package.resources[name] for name in TOUCHED}
        self._rows = {
            name: {row["id"]: _Entry(row.file, dict(row.cells)) for row in package.rows(name)} for name in TOUCHED
        }
        self._numbers = Counter(cells["decision_id"] for cells in self.rows(CHANGES))
        self._before = {name: self._contents(name) for name in TOUCHED}

    def rows(self, table: str) -> Iterator[Cells]:
        """Yield the rows of a table; to be changed by the methods alone."""
        return (entry.cells for entry in list(self._rows[table].values()))

    def row(self, table: str, key: str) -> Cells | None:
        """Return a row by its key, None where there is none."""
        entry = self._rows[table].get(key)
        return entry.cells if entry else None

    def change(self, decision: str, table: str, key: str, new: Mapping[str, str]) -> None:
        """Change cells of a row, and keep what they were; no decision: it is never taken back."""
        cells = self._rows[table][key].cells
        for column, after in new.items():
            if (before := cells[column]) != after:
                self._keep(decision, table, key, (column, before, after))
                cells[column] = after

    def remove(self, decision: str, table: str, key: str) -> None:
        """Remove a row, and keep it."""
        for column, before in self._rows[table].pop(key).cells.items():
            if before:
                self._keep(decision, table, key, (column, before, ""))

    def add(self, decision: str, table: str, cells: Mapping[str, str]) -> None:
        """Add a row, to be removed when the decision is taken back; no decision: it is never taken back."""
        self._put(table, {column: cells.get(column, "") for column in self._resources[table].columns})
        self._keep(decision, table, cells["id"], ("id", "", cells["id"]))

    def decisions(self) -> list[str]:
        """Return the decisions whose changes stand, in the order in which they were made."""
        return list(dict.fromkeys(cells["decision_id"] for cells in self.rows(CHANGES)))

    def changes(self, decision: str) -> list[Cells]:
        """Return the changes of a decision, in the order in which they were made."""
        return [cells for cells in self.rows(CHANGES) if cells["decision_id"] == decision]

    def take_back(self, decision: str) -> None:
        """Undo what a decision changed, but for cells that somebody has changed since."""
        returning: dict[tuple[str, str], Cells] = {}
        del self._numbers[decision]
        for kept in reversed(self.changes(decision)):
            table, key, column = kept["table"], kept["row"], kept["column"]
            del self._rows[CHANGES][kept["id"]]
            if column == "id" and not kept["before"]:
                self._rows[table].pop(key, None)
            elif (entry := self._rows[table].get(key)) is None:
                returning.setdefault((table, key), {})[column] = kept["before"]
            elif entry.cells[column] == kept["after"]:
                entry.cells[column] = kept["before"]
        for (table, _key), cells in returning.items():
            if "id" in cells:
                self.add("", table, cells)

    def files(self) -> dict[str, str]:
        """Return path below the data folder → content, for every file that has changed."""
        return {
            path: content
            for name in TOUCHED
            for path, content in self._contents(name).items()
            if content != self._before[name][path]
        }

    def _keep(self, decision: str, table: str, key: str, cell: tuple[str, str, str]) -> None:
        if not decision:
            return
        self._numbers[decision] += 1
        cells = {"id": f"{decision}/{self._numbers[decision]:04d}", "decision_id": decision, "table": table, "row": key}
        self._put(CHANGES, cells | dict(zip(("column", "before", "after"), cell, strict=True)))

    def _put(self, table: str, cells: Cells) -> None:
        """Put a new row into its file: a designation by key among those of its programme, another row at the end."""
        rows, paths = self._rows[table], self._resources[table].paths
        own = f"{table}/{cells.get('programme_id', '')}.csv"
        new = _Entry(own if own in paths else paths[-1], cells)
        following = (key for key, entry in rows.items() if entry.path == new.path and key > cells["id"])
        after = next(following, None) if table == "designations" else None
        if after is None:
            rows[cells["id"]] = new
            return
        items = list(rows.items())
        place = next(number for number, (key, _entry) in enumerate(items) if key == after)
        self._rows[table] = dict([*items[:place], (cells["id"], new), *items[place:]])

    def _contents(self, name: str) -> dict[str, str]:
        resource = self._resources[name]
        by_path: dict[str, list[list[str]]] = {path: [] for path in resource.paths}
        for entry in self._rows[name].values():
            by_path[entry.path].append([entry.cells[column] for column in resource.columns])
        return {path: tables.to_csv(resource.columns, iter(rows)) for path, rows in by_path.items()}
