"""Plan of an import: a record, a new or known designation, and remarks for every row."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from kg.errors import NOTHING, Complaint, InputError, expect
from kg.importing.line_kinds import Remark
from kg.importing.listing import Listing
from kg.importing.matching import decide, renamed
from kg.importing.printed_rows import Printed
from kg.importing.record_cells import Cells, dropped, printed_cells, read_cells, remark_cell, signature
from kg.importing.registry import Designation, Known
from kg.importing.row_reader import Reader, Reading
from kg.tables.accounting import EXACT_REPEAT
from kg.text.organisations import CarrierRow

NEW, SAME, POSSIBLY, LEFT_OUT = "new", "same as", "possibly the same as", "left out"
RENAMED, VANISHED = "renamed", "vanished"
VERDICTS = (NEW, SAME, POSSIBLY, LEFT_OUT, RENAMED, VANISHED)
"""Verdicts on a row; `possibly the same as` is a new designation with similar ones."""
NOT_PRINTED = "serial"
NAMELESS: Remark = ("没有名称", "a row without a name")


@dataclass(frozen=True, slots=True)
class Order:
    """The user's request.

    list_id: key of the list; file: its name; programme, sources: of rows that state none; edition: date of the list;
    same: name as printed → key of its designation; replace: the file is a newer edition of the list.
    """

    list_id: str
    file: str
    programme: str
    sources: tuple[str, ...] = ()
    edition: str = ""
    same: Mapping[str, str] = field(default_factory=dict)
    replace: bool = False


@dataclass(frozen=True, slots=True)
class Entry:
    """One row and its outcome: verdict, designation, similar ones, the record to be written (None: unchanged)."""

    line: int
    part: str
    name: str
    verdict: str
    designation: str
    similar: tuple[str, ...]
    record: Cells | None
    remarks: tuple[Remark, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """A planned import: order, parsed list, its rows; new designations, relations, carriers."""

    order: Order
    listing: Listing
    entries: tuple[Entry, ...]
    designations: tuple[Cells, ...]
    relations: tuple[Cells, ...]
    carriers: tuple[CarrierRow, ...] = ()

    @property
    def records(self) -> list[Cells]:
        """The records to be written; those with existing keys replace the current ones."""
        return [entry.record for entry in self.entries if entry.record is not None]

    @property
    def counts(self) -> dict[str, int]:
        """Number of rows by verdict."""
        return {verdict: sum(entry.verdict == verdict for entry in self.entries) for verdict in VERDICTS}


class Planner:
    """Plans several lists; later plans know the results of earlier ones."""

    def __init__(self, reader: Reader) -> None:
        self.reader = reader
        self.known: Known = reader.known

    def plan(self, listing: Listing, order: Order, existing: Iterable[Mapping[str, str]] = ()) -> Plan:
        """Plan one list.

        Args:
            listing: the parsed list.
            order: the user's request.
            existing: the records of this list in the tables.

        Raises:
            InputError: a source or designation is not in the tables; rows without a source.
        """
        _check(listing, order, self.known)
        before = dict(self.reader.carriers.rows)
        work = _Work(self, listing, order, [dict(record) for record in existing])
        entries = work.entries()
        self.reader.settle_parents()
        changed = tuple(row for key, row in self.reader.carriers.rows.items() if before.get(key) != row)
        return Plan(order, listing, tuple(entries), tuple(work.designations), tuple(work.relations), changed)


class _Work:
    """State of the planning of one list: existing records not yet matched, and new keys, designations, relations."""

    def __init__(self, planner: Planner, listing: Listing, order: Order, existing: list[Cells]) -> None:
        self.reader, self.known = planner.reader, planner.known
        self.listing, self.order = listing, order
        self.designations: list[Cells] = []
        self.relations: list[Cells] = []
        self.seen: dict[str, str] = {}
        self.serials = {column.header for column in listing.columns if column.column == NOT_PRINTED}
        self.number = max((int(record["id"].rpartition("/")[2]) for record in existing), default=0)
        self.standing: dict[str, list[Cells]] = {}
        for record in existing:
            self.standing.setdefault(signature(record, self.serials), []).append(record)
        self.by_designation: dict[str, list[Cells]] = {}

    def entries(self) -> list[Entry]:
        """Return an entry for every row, and for every designation missing from a newer edition."""
        rows: list[tuple[Printed, Reading | None]] = []
        found: dict[int, Cells] = {}
        for number, printed in enumerate(self.listing.rows):
            if record := self._recorded(printed):
                found[number] = record
                self.seen.setdefault(signature(record, self.serials), record["id"])
                rows.append((printed, None))
            else:
                rows.append((printed, self._read(printed)))
        left = [record for records in self.standing.values() for record in records if record["designation_id"]]
        for record in left:
            key = self.known.designations[record["designation_id"]].key
            self.by_designation.setdefault(key, []).append(record)
        names = (
            renamed([reading for _, reading in rows if reading], left, self.known, self.order.list_id)
            if self.order.replace
            else {}
        )
        entries = [
            _standing_entry(printed, found[number])
            if number in found
            else self._entry(printed, reading, names.get(id(reading)))
            for number, (printed, reading) in enumerate(rows)
        ]
        return entries + (self._vanished() if self.order.replace else [])

    def _recorded(self, printed: Printed) -> Cells | None:
        """Take the existing record of a row, except one dropped by a newer edition."""
        records = self.standing.get(signature(printed_cells(printed), self.serials), [])
        for record in records:
            if not dropped(record):
                records.remove(record)
                return record
        return None

    def _read(self, printed: Printed) -> Reading | None:
        if printed.left_out:
            return None
        reading = self.reader.read(printed, self.order.programme, self.order.edition, self.order.sources)
        return reading if reading.name else None

    def _entry(self, printed: Printed, reading: Reading | None, old: Cells | None) -> Entry:
        key = signature(printed_cells(printed), self.serials)
        if reading is None:
            remark = printed.left_out or NAMELESS
            return self._left_out(printed, remark)
        if key in self.seen:
            chinese, english = (text.format(self.seen[key]) for text in EXACT_REPEAT)
            return self._left_out(printed, (chinese, english))
        verdict, designation, similar = self._designation(reading, old)
        replaced = self._replaced(designation, old)
        self.known.learn_record(
            designation, {**read_cells(reading), "name": reading.name, "list_id": self.order.list_id}
        )
        remarks = reading.remarks + tuple(_similar(self.known.designations[other]) for other in similar)
        record = {
            **self._record(replaced["id"] if replaced else "", printed, reading.sources),
            "outcome": replaced["outcome"] if replaced else "taken" if verdict in (NEW, POSSIBLY) else "merged",
            "reason": remark_cell(remarks),
            "designation_id": replaced["designation_id"] if replaced else designation.key,
            **read_cells(reading),
        }
        self.seen[key] = record["id"]
        self._relate(designation, reading, record)
        remarks += reading.doubts
        return Entry(printed.line, printed.part, reading.name, verdict, designation.key, similar, record, remarks)

    def _designation(self, reading: Reading, old: Cells | None) -> tuple[str, Designation, tuple[str, ...]]:
        """Return verdict, designation and similar ones of a row; creates a new designation."""
        if old is not None:
            return RENAMED, self.known.designations[old["designation_id"]], ()
        if given := self.order.same.get(reading.name):
            return SAME, self.known.designations[given], ()
        decision = decide(reading, self.known, self.order.list_id)
        if decision.designation is not None:
            return SAME, decision.designation, ()
        designation = self.known.add(self.known.mint(reading.programme), reading.programme)
        composed = "" if reading.printed.cells["name"] else "name_zh"
        self.designations.append(
            {
                "id": designation.key,
                "programme_id": reading.programme,
                "name_zh": reading.name,
                "name_en": "",
                "record_ids": "",
                "derived": composed,
            }
        )
        similar = tuple(other.key for other in decision.similar)
        return (POSSIBLY if similar else NEW), designation, similar

    def _relate(self, designation: Designation, reading: Reading, record: Cells) -> None:
        """Relate the designation to the zones in its carrier cell, as inferred relations."""
        for zone in reading.zones:
            if zone.key == designation.key or (designation.key, zone.key) in self.known.related:
                continue
            self.known.related.add((designation.key, zone.key))
            relation = self.known.relation(designation, zone)
            ends = {"subject_id": designation.key, "object_id": zone.key, "relation": relation, "status": "inferred"}
            documents = {"record_ids": record["id"], "source_ids": record["source_ids"]}
            self.relations.append({"id": f"{designation.key}-{relation}-{zone.key}", **ends, **documents})

    def _replaced(self, designation: Designation, old: Cells | None) -> Cells | None:
        """Return the record of the older edition that the row replaces."""
        if not self.order.replace:
            return None
        records = self.by_designation.get(designation.key, [])
        if old is None and not records:
            return None
        record = old or records[0]
        records.remove(record)
        return record

    def _left_out(self, printed: Printed, remark: Remark) -> Entry:
        sources = printed.sources or self.order.sources
        record = {**self._record("", printed, sources), "outcome": "left-out", "reason": remark_cell([remark])}
        return Entry(printed.line, printed.part, _shown(printed), LEFT_OUT, "", (), record, (remark,))

    def _record(self, key: str, printed: Printed, sources: tuple[str, ...]) -> Cells:
        if not key:
            self.number += 1
            key = f"{self.order.list_id}/{self.number:04d}"
        return {
            "id": key,
            "list_id": self.order.list_id,
            **printed_cells(printed),
            "compiled": ";".join(printed.compiled),
            "source_ids": ";".join(sources),
        }

    def _vanished(self) -> list[Entry]:
        """Return entries for the designations missing from a newer edition, with the standing not-in-list."""
        edition = self.order.edition or self.order.file
        remark = (f"新版名单（{edition}）中没有", f"not in the newer edition ({edition})")
        entries = []
        for record in (record for records in self.by_designation.values() for record in records if not dropped(record)):
            derived = ";".join(dict.fromkeys([*filter(None, record["derived"].split(";")), "standing"]))
            changed = {**record, "standing": "not-in-list", "derived": derived, "reason": remark_cell([remark])}
            entries.append(Entry(0, "", record["name"], VANISHED, record["designation_id"], (), changed, (remark,)))
        return entries


def _check(listing: Listing, order: Order, known: Known) -> None:
    complaints = [
        Complaint(order.file, 0, "", f"the source {key}", expect("key-of-table", table="sources"))
        for key in sorted({*order.sources, *(key for row in listing.rows for key in row.sources)} - known.sources)
    ]
    complaints += [
        Complaint(order.file, 0, name, key, expect("key-of-table", table="designations"))
        for name, key in order.same.items()
        if key not in known.designations
    ]
    if without := [row.line for row in listing.rows if not (row.sources or order.sources)]:
        complaints.append(Complaint(order.file, without[0], "source", NOTHING, expect("source")))
    if complaints:
        raise InputError(complaints)


def _standing_entry(printed: Printed, record: Cells) -> Entry:
    """Return the entry of a row with an unchanged record."""
    verdict = SAME if record["designation_id"] else LEFT_OUT
    name = record["name"] or record["carrier"] or record["reason"].partition(" | ")[0]
    remark = (f"已有记录{record['id']}", f"already recorded as {record['id']}")
    return Entry(printed.line, printed.part, name, verdict, record["designation_id"], (), None, (remark,))


def _similar(designation: Designation) -> Remark:
    return (
        f"可能与{designation.key}（{designation.names[0]}）是同一块牌子",
        f"possibly the same as {designation.key} ({designation.names[0]})",
    )


def _shown(printed: Printed) -> str:
    filled = [*printed.cells.values(), *printed.other.values()]
    return printed.cells["name"] or " ".join(dict.fromkeys(cell for cell in filled if cell))
