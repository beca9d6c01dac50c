"""Implementation of `guapai import`: read a list, preview the changes, write them."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from kg.errors import Complaint, InputError, expect
from kg.importing import header_lines, headers
from kg.importing.headers import Vocabulary
from kg.importing.line_kinds import Kind, Remark
from kg.importing.listing import Listing, together, without_header
from kg.importing.plan import LEFT_OUT, NAMELESS, Order, Plan, Planner
from kg.importing.readers import spreadsheets
from kg.importing.registry import Known
from kg.importing.row_reader import Reader
from kg.places.extents import Extents
from kg.tables import Package, checks, dates, writer

TOLD = (Kind.ROW, Kind.SECTION, Kind.NOTE, Kind.BLANK)
"""Kinds that a user can tell a line to be."""
KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


@dataclass(frozen=True, slots=True)
class Proposal:
    """The proposed import of a list: current tables, the plan, and the changed files."""

    package: Package
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
    parts: Sequence[str] = (),
    columns: Mapping[str, str] | None = None,
    told: Mapping[tuple[str, int], Kind] | None = None,
    same: Mapping[str, str] | None = None,
    replace: bool = False,
) -> Proposal:
    """Read a list and plan its import, without writing.

    Args:
        data: the data folder.
        path: the list: CSV, workbook, page or Word file.
        programme: key of the programme of rows that state none.
        list_id: key of the list; the name of the file if "".
        source: key of the document of rows that state none; default: that of the list in the tables.
        edition: date of the list as YYYY[-MM[-DD]].
        parts: sheets of the workbook; those that are not hidden and have a list if empty.
        columns: header as printed → column of a record.
        told: sheet ("" for any) and number of a line → its kind, by the user.
        same: name as printed → key of its designation, given by the user.
        replace: the list is a newer edition of the one in the tables.

    Raises:
        InputError: errors in the tables or the list, or an argument that is not in the tables.
    """
    package = checks.checked(data)
    key = list_id or path.stem
    _check(package, key, path.name, programme, edition)
    found = listing(package, path, programme, parts=parts, columns=columns, told=told)
    there = package.index("lists").get(key)
    sources = (source,) if source else tuple(there.many("source_ids")[:1]) if there else ()
    order = Order(key, path.name, programme, sources, edition, same or {}, replace)
    existing = [row.cells for row in package.rows("records") if row["list_id"] == key]
    if replace and not existing:
        raise InputError([Complaint(path.name, 0, "", "no older edition", expect("records-of-list", list=key))])
    plan = Planner(Reader(package, Known(package))).plan(found, order, existing)
    _named(plan, path.name)
    row = _list_row(package, plan)
    return Proposal(package, plan, files(package, [plan], [row] if row else []))


def listing(
    package: Package,
    path: Path,
    programme: str,
    *,
    parts: Sequence[str] = (),
    columns: Mapping[str, str] | None = None,
    told: Mapping[tuple[str, int], Kind] | None = None,
) -> Listing:
    """Parse the sheets of a list; the arguments are those of `propose`.

    Raises:
        InputError: the file cannot be read, no sheet has a header that is known, or an argument is not in it.
    """
    usual = package.index("programmes")[programme]["usual_extent"]
    by_place = Extents(package.rows("extents")).entire_division(usual)
    reader = _Sheets(package, columns or {}, told or {}, by_place=by_place)
    return reader.listing(path.name, spreadsheets.read_all(path), parts)


@dataclass(frozen=True, slots=True)
class _Sheets:
    """Parses the sheets of a file by the tables, the columns given by the user, and the kinds of lines told by them."""

    package: Package
    given: Mapping[str, str]
    told: Mapping[tuple[str, int], Kind]
    by_place: bool

    def listing(self, file: str, sheets: tuple[spreadsheets.Sheet, ...], parts: Sequence[str]) -> Listing:
        """Return the listing of the sheets named, else of all that are not hidden."""
        if parts:
            chosen = spreadsheets.chosen(file, sheets, tuple(parts))
        else:
            chosen = tuple(sheet for sheet in sheets if not sheet.hidden) or sheets
        known = Vocabulary.of(self.package)
        meanings = known.meanings(file, self.given)
        with_header = [sheet for sheet in chosen if header_lines.first(sheet.lines, meanings)]
        if not with_header:
            raise InputError([Complaint(file, 0, "", "no known header", expect("header-line"))])
        parsed = [self._parsed(sheet, known) if sheet in with_header else without_header(sheet) for sheet in chosen]
        aside = tuple((sheet.part, _why_aside(sheet)) for sheet in sheets if sheet not in chosen)
        return replace(together(parsed), aside=aside, encoding=sheets[0].encoding)

    def _parsed(self, sheet: spreadsheets.Sheet, known: Vocabulary) -> Listing:
        told = {number: kind for (part, number), kind in self.told.items() if part in ("", sheet.part)}
        return headers.parse(sheet, known, self.given, told, by_place=self.by_place)


def _why_aside(sheet: spreadsheets.Sheet) -> Remark:
    return ("隐藏的工作表，未读", "hidden, not read") if sheet.hidden else ("未要求读取", "not asked for")


def _named(plan: Plan, file: str) -> None:
    """Raise InputError if no row has a name: the column of names is not known."""
    read = [entry for entry in plan.entries if entry.verdict != LEFT_OUT]
    nameless = [entry for entry in plan.entries if entry.remarks == (NAMELESS,)]
    if nameless and not read:
        raise InputError([Complaint(file, nameless[0].line, "", "no column that is the name", expect("name-column"))])


def told_lines(given: Mapping[str, str]) -> dict[tuple[str, int], Kind]:
    """Return sheet ("" for any) and number of a line → its kind, from what the user gave as `sheet!number` and kind.

    Raises:
        InputError: no number, or no kind that a line can be told to be.
    """
    told = {}
    for where, kind in given.items():
        sheet, _, number = where.rpartition("!")
        if not number.isdecimal() or kind not in TOLD:
            raise InputError([Complaint(f"--line {where}={kind}", 0, "", f"{where}={kind}", expect("line-kinds"))])
        told[sheet, int(number)] = Kind(kind)
    return told


def write(proposal: Proposal) -> None:
    """Write the files of a proposal, all or none.

    Raises:
        InputError: the tables would become invalid, or a line of the file is not accounted for.
    """
    listing = proposal.plan.listing
    if listing.unaccounted:
        unclear = [line for line in listing.skipped if line.kind == Kind.UNCLEAR]
        file = proposal.plan.order.file
        raise InputError(
            [
                Complaint(f"{file}, sheet {line.part}" if line.part else file, line.line, "", repr(line.text), expected)
                for expected in [expect("accounted-lines")]
                for line in unclear
            ]
        )
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
