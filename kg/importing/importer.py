"""Implementation of `guapai import`: read a list, preview the changes, write them."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from kg.errors import Complaint, InputError, expect
from kg.importing import headers, spreadsheets
from kg.importing.plan import Order, Plan, Planner
from kg.importing.registry import Known
from kg.importing.row_reader import Reader
from kg.tables import Package, checks, dates, writer

KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


@dataclass(frozen=True, slots=True)
class Proposal:
    """The proposed import of a list: current tables, the sheet, the plan, and the changed files."""

    package: Package
    sheet: spreadsheets.Sheet
    plan: Plan
    changed: Mapping[str, str]


def propose(
    data: Path,
    path: Path,
    *,
    programme: str,
    list_id: str = "",
    source: str = "",
    edition: str = "",
    part: str | None = None,
    columns: Mapping[str, str] | None = None,
    same: Mapping[str, str] | None = None,
    replace: bool = False,
) -> Proposal:
    """Read a list and plan its import, without writing.

    Args:
        data: the data folder.
        path: the list, CSV or a workbook.
        programme: key of the programme of rows that state none.
        list_id: key of the list; the name of the file if "".
        source: key of the document of rows that state none; default: that of the list in the tables.
        edition: date of the list as YYYY[-MM[-DD]].
        part: sheet of the workbook.
        columns: header as printed → column of a record.
        same: name as printed → key of its designation, given by the user.
        replace: the list is a newer edition of the one in the tables.

    Raises:
        InputError: errors in the tables or the list, or an argument that is not in the tables.
    """
    package = checks.checked(data)
    key = list_id or path.stem
    _check(package, key, path.name, programme, edition)
    sheet = spreadsheets.read(path, part)
    listing = headers.parse(sheet, headers.Vocabulary.of(package), columns or {})
    there = package.index("lists").get(key)
    sources = (source,) if source else tuple(there.many("source_ids")[:1]) if there else ()
    order = Order(key, path.name, programme, sources, edition, same or {}, replace)
    existing = [row.cells for row in package.rows("records") if row["list_id"] == key]
    if replace and not existing:
        raise InputError([Complaint(path.name, 0, "", "no older edition", expect("records-of-list", list=key))])
    plan = Planner(Reader(package, Known(package))).plan(listing, order, existing)
    row = _list_row(package, plan)
    return Proposal(package, sheet, plan, files(package, [plan], [row] if row else []))


def write(proposal: Proposal) -> None:
    """Write the files of a proposal, all or none.

    Raises:
        InputError: the tables would become invalid.
    """
    writer.write(proposal.package.folder, proposal.changed)


def _check(package: Package, key: str, file: str, programme: str, edition: str) -> None:
    complaints = []
    if not KEY.fullmatch(key):
        complaints.append(Complaint(file, 0, "", f"the key {key!r}", expect("key-for-list")))
    if programme not in package.index("programmes"):
        expected = expect("key-of-table", table="programmes")
        complaints.append(Complaint(file, 0, "", f"the programme {programme!r}", expected))
    if edition and (fault := dates.fault(edition)):
        complaints.append(Complaint(file, 0, "", f"the edition {edition!r}", fault))
    if complaints:
        raise InputError(complaints)


def _list_row(package: Package, plan: Plan) -> dict[str, str] | None:
    """Return the new or changed row of the table of lists, None if it is unchanged."""
    order = plan.order
    if there := package.index("lists").get(order.list_id):
        changed = bool(plan.records) and order.edition not in ("", there["edition"])
        return {**there.cells, "edition": order.edition} if changed else None
    if not plan.records:
        return None
    programmes = dict.fromkeys(record["programme_id"] for record in plan.records if record.get("programme_id"))
    sources = dict.fromkeys(key for record in plan.records for key in record["source_ids"].split(";"))
    title = plan.listing.title or package.index("programmes")[order.programme]["name_zh"]
    return {
        "id": order.list_id,
        "title_zh": title,
        "title_en": f"{package.index('programmes')[order.programme]['name_en']} ({order.list_id})",
        "programme_ids": ";".join(programmes),
        "edition": order.edition,
        "completeness": "unknown",
        "source_ids": ";".join(sources),
    }


def files(package: Package, plans: Sequence[Plan], lists: Iterable[Mapping[str, str]]) -> dict[str, str]:
    """Return path below the data folder → content, for every file changed by the plans.

    Args:
        package: the current tables.
        plans: the planned imports.
        lists: new or replaced rows of the table of lists.
    """
    records: dict[str, list[Mapping[str, str]]] = {}
    designations: dict[str, list[Mapping[str, str]]] = {}
    single: dict[str, list[Mapping[str, str]]] = {"lists": list(lists), "carriers": [], "designation_relations": []}
    for plan in plans:
        if plan.records:
            records.setdefault(f"records/{plan.order.list_id}.csv", []).extend(plan.records)
        for designation in plan.designations:
            designations.setdefault(f"designations/{designation['programme_id']}.csv", []).append(designation)
        single["carriers"] += [row.cells() for row in plan.carriers]
        single["designation_relations"] += plan.relations
    changes = {"records": records, "designations": designations}
    changes |= {name: {f"{name}.csv": rows} for name, rows in single.items() if rows}
    return writer.files(package, changes)
