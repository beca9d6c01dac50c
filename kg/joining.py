"""Two plates that were decided to be one: their rows in the tables rewritten, the key of one withdrawn for the other.

The records of the plate whose key goes become further records of the plate that stays, each with the decision among
its reasons; relations, zones among carriers and earlier withdrawals follow. Nothing is lost: what was printed stays.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from kg import tables
from kg.tables import Package

Cells = dict[str, str]
Rewrite = Callable[[Cells], Cells | None]
"""Returns the new cells of a row, None where it goes."""


@dataclass(frozen=True, slots=True)
class Joining:
    """One merger: key of the plate that stays, of the one that goes, of the decision, and its day as YYYY-MM-DD."""

    kept: str
    gone: str
    decision: str
    day: str


def files(package: Package, joinings: Sequence[Joining]) -> dict[str, str]:
    """Return path below the data folder → content, for every file that the mergers change; done in their order."""
    kept: dict[str, str] = {}
    for joining in joinings:
        kept = {gone: joining.kept if heir == joining.gone else heir for gone, heir in kept.items()}
        kept[joining.gone] = joining.kept
    decided = {joining.gone: joining for joining in joinings}
    changed: dict[str, str] = {}
    rewritings: dict[str, Rewrite] = {
        "designations": _Plates(package, kept),
        "records": lambda cells: _record(cells, kept, decided),
        "carriers": lambda cells: _following(cells, kept, "designation_id"),
        "designation_relations": _Relations(kept),
        "withdrawn": lambda cells: _withdrawn(cells, kept),
    }
    for name, rewrite in rewritings.items():
        added = list(_withdrawals(joinings, kept)) if name == "withdrawn" else []
        changed |= rewritten(package, name, rewrite, added)
    return changed


def rewritten(package: Package, name: str, rewrite: Rewrite, added: Sequence[Mapping[str, str]] = ()) -> dict[str, str]:
    """Return path → content of the files of a table in which a row changes; added rows stand at the end of the last."""
    resource = package.resources[name]
    by_path: dict[str, list[Cells]] = {path: [] for path in resource.paths}
    touched: set[str] = {resource.paths[-1]} if added else set()
    for row in package.rows(name):
        before = dict(row.cells)
        after = rewrite(dict(before))
        if after is not None:
            by_path[row.file].append(after)
        if after != before:
            touched.add(row.file)
    by_path[resource.paths[-1]] += [dict(cells) for cells in added]
    return {
        path: tables.to_csv(resource.columns, ([cells.get(c, "") for c in resource.columns] for cells in by_path[path]))
        for path in sorted(touched)
    }


def _record(cells: Cells, kept: Mapping[str, str], decided: Mapping[str, Joining]) -> Cells:
    plate = cells["designation_id"]
    if plate not in kept:
        return cells
    decision = decided[plate].decision
    chinese, _, english = cells["reason"].partition(" | ")
    said = [f"经{decision}裁定,{plate} 即 {kept[plate]}", f"{plate} is {kept[plate]} by {decision}"]
    parts = [";".join(filter(None, (chinese, said[0]))), "; ".join(filter(None, (english, said[1])))]
    return cells | {"designation_id": kept[plate], "outcome": "merged", "reason": " | ".join(parts)}


def _following(cells: Cells, kept: Mapping[str, str], *columns: str) -> Cells:
    return cells | {column: kept.get(cells[column], cells[column]) for column in columns}


def _withdrawn(cells: Cells, kept: Mapping[str, str]) -> Cells:
    entries = [entry.partition("/") for entry in cells["successor_ids"].split(";") if entry]
    followed = [f"{kind}/{kept.get(key, key) if kind == 'designation' else key}" for kind, _, key in entries]
    return cells | {"successor_ids": ";".join(dict.fromkeys(followed))}


def _withdrawals(joinings: Sequence[Joining], kept: Mapping[str, str]) -> Iterator[Cells]:
    for joining in joinings:
        yield {
            "id": f"designation/{joining.gone}",
            "successor_ids": f"designation/{kept[joining.gone]}",
            "reason": f"经{joining.decision}裁定为同一块牌子 | decided to be the same plate ({joining.decision})",
            "withdrawn_on": joining.day,
        }


class _Plates:
    """Drops the plates that go, and gives their rows of papers to those that stay."""

    def __init__(self, package: Package, kept: Mapping[str, str]) -> None:
        self._kept = kept
        self._papers: dict[str, list[str]] = {}
        for row in package.rows("designations"):
            if row["id"] in kept:
                self._papers.setdefault(kept[row["id"]], []).extend(row.many("record_ids"))

    def __call__(self, cells: Cells) -> Cells | None:
        """Rewrite the row of a plate."""
        if cells["id"] in self._kept:
            return None
        if papers := self._papers.get(cells["id"]):
            own = [entry for entry in cells["record_ids"].split(";") if entry]
            cells["record_ids"] = ";".join(dict.fromkeys(own + papers))
        return cells


class _Relations:
    """Lets relations follow; of those that then say the same, the first stays, and none of a plate to itself."""

    def __init__(self, kept: Mapping[str, str]) -> None:
        self._kept = kept
        self._seen: set[tuple[str, str, str]] = set()

    def __call__(self, cells: Cells) -> Cells | None:
        """Rewrite the row of a relation."""
        after = _following(cells, self._kept, "subject_id", "object_id")
        said = (after["subject_id"], after["relation"], after["object_id"])
        if after["subject_id"] == after["object_id"] or (after != cells and said in self._seen):
            return None
        self._seen.add(said)
        return after
