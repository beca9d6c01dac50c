"""Designations merged by decision, and separated again: rows rewritten, one key withdrawn for the other.

The records of the designation whose key goes become further records of the designation that stays, each with the
decision among its reasons; relations, zones among carriers and earlier withdrawals follow. Nothing is lost: what was
printed stays, and what was changed is kept (`kg.curation.amending`).
"""

from collections.abc import Iterator
from dataclasses import dataclass

from kg.curation.amending import Amended, Cells
from kg.text.names import DesignationKeys


@dataclass(frozen=True, slots=True)
class Joining:
    """One merger: keys of the designation that stays, the one that goes and the decision; its day as YYYY-MM-DD."""

    kept: str
    gone: str
    decision: str
    day: str


def join(amended: Amended, joining: Joining) -> int:
    """Make two designations one; return how many records follow."""
    kept, gone, decision = joining.kept, joining.gone, joining.decision
    moved = [cells for cells in amended.rows("records") if cells["designation_id"] == gone]
    for cells in moved:
        said = f"经{decision}裁定,{gone} 即 {kept}", f"{gone} is {kept} by {decision}"
        amended.change(
            decision, "records", cells["id"], {"designation_id": kept, "outcome": "merged"} | _also(cells, said)
        )
    for cells in amended.rows("carriers"):
        if cells["designation_id"] == gone:
            amended.change(decision, "carriers", cells["id"], {"designation_id": kept})
    _relations(amended, joining)
    for cells in amended.rows("withdrawn"):
        followed = [
            f"designation/{kept}" if entry == f"designation/{gone}" else entry
            for entry in _list(cells, "successor_ids")
        ]
        amended.change(decision, "withdrawn", cells["id"], {"successor_ids": ";".join(dict.fromkeys(followed))})
    _designations(amended, joining)
    return len(moved)


def part(amended: Amended, cells: Cells, decision: str) -> str:
    """Make a record that was taken for one of another designation a designation of its own; return its new key."""
    had = [[row["id"] for row in amended.rows(table)] for table in ("designations", "withdrawn")]
    record, designation = cells["id"], DesignationKeys(*had).mint(cells["programme_id"])
    said = f"经{decision}裁定,不是 {cells['designation_id']}", f"not {cells['designation_id']} by {decision}"
    made = {"id": designation, "programme_id": cells["programme_id"], "name_zh": cells["name"]}
    amended.add("", "designations", made)
    amended.change("", "records", record, {"designation_id": designation, "outcome": "taken"} | _also(cells, said))
    return designation


def _also(cells: Cells, said: tuple[str, str]) -> Cells:
    """Return the reason of a record with one more, in both languages."""
    chinese, _, english = cells["reason"].partition(" | ")
    parts = ";".join(filter(None, (chinese, said[0]))), "; ".join(filter(None, (english, said[1])))
    return {"reason": " | ".join(parts)}


def _relations(amended: Amended, joining: Joining) -> None:
    """Let relations follow; of those that then say the same, the first stays, and none of a designation to itself."""
    kept, gone = joining.kept, joining.gone
    rows, ends = list(amended.rows("designation_relations")), ("subject_id", "object_id")
    moved = [cells for cells in rows if gone in (cells["subject_id"], cells["object_id"])]
    seen = {(cells["subject_id"], cells["relation"], cells["object_id"]) for cells in rows}
    for cells in moved:
        new = {column: kept if cells[column] == gone else cells[column] for column in ends}
        said = (new["subject_id"], cells["relation"], new["object_id"])
        if new["subject_id"] == new["object_id"] or said in seen:
            amended.remove(joining.decision, "designation_relations", cells["id"])
            continue
        seen.add(said)
        amended.change(joining.decision, "designation_relations", cells["id"], new)


def _designations(amended: Amended, joining: Joining) -> None:
    """Withdraw the designation that goes, and give its rows of papers to the one that stays."""
    stays, goes = (amended.row("designations", key) for key in (joining.kept, joining.gone))
    if stays is None or goes is None:
        raise KeyError(joining)
    papers = dict.fromkeys([*_list(stays, "record_ids"), *_list(goes, "record_ids")])
    amended.change(joining.decision, "designations", joining.kept, {"record_ids": ";".join(papers)})
    amended.remove(joining.decision, "designations", joining.gone)
    amended.add(
        joining.decision,
        "withdrawn",
        {
            "id": f"designation/{joining.gone}",
            "successor_ids": f"designation/{joining.kept}",
            "reason": f"经{joining.decision}裁定为同一块牌子 | decided to be the same designation ({joining.decision})",
            "withdrawn_on": joining.day,
        },
    )


def _list(cells: Cells, column: str) -> Iterator[str]:
    return (entry for entry in cells[column].split(";") if entry)
