"""Merging of records into designations by a rule for each column (data/merge_rules.csv), with disagreeing values."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from kg.places.statements import Placed, PlaceStatements
from kg.tables import Package, Row, completeness, dates
from kg.tables.completeness import Held
from kg.tables.decided import decided

STAGES = ("begun", "recognised")
"""Stages of a designation in order; a designation counts from the earliest dated one."""
RELIABILITY = ("stated", "compilation", "low", "unsourced")
"""Reliability of sources, the best first (sources.csv)."""
LEVELS = ("country", "province", "prefecture", "county")
"""Levels of administrative division, the coarsest first."""
DATED = ("approved_date", "ended_date")
FOLLOWING = ("newer", "place")
"""First criteria under which records that say otherwise do not disagree: time has passed, or the place decides."""


@dataclass(frozen=True, slots=True)
class Rule:
    """Merge rule of a column. take: `one` value or `all`; criteria: precedence of records, in this order."""

    column: str
    take: str
    criteria: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Value:
    """Merged value of a column.

    entries: the value, in parts if the cell is a list or all records count; records: keys of the records with the
    value, the deciding one first; derived: no record states the value; others: values that other records state
    instead, each with the keys of these records.
    """

    entries: tuple[str, ...]
    records: tuple[str, ...]
    derived: bool
    others: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...] = ()

    @property
    def cell(self) -> str:
        """The value as a cell of a table."""
        return ";".join(self.entries)


@dataclass(frozen=True, slots=True)
class Designation:
    """Designation with values merged from its records.

    row: key, programme and names; records: its records, the taken one first; values: column to merged value, without
    columns that are empty in every record; stages: stage to its date; statements: place statements behind its county.
    """

    row: Row
    records: tuple[Row, ...]
    values: Mapping[str, Value]
    stages: Mapping[str, Value]
    statements: tuple[Row, ...] = ()

    @property
    def key(self) -> str:
        """The key of the designation."""
        return self.row["id"]

    def cell(self, column: str) -> str:
        """Return a merged value as a cell, empty if it is empty in every record."""
        value = self.values.get(column)
        return value.cell if value else ""

    def many(self, column: str) -> tuple[str, ...]:
        """Return the parts of a merged value."""
        value = self.values.get(column)
        return value.entries if value else ()

    @property
    def sources(self) -> list[str]:
        """The documents behind its records, each once."""
        return list(dict.fromkeys(key for record in self.records for key in record.many("source_ids")))


@dataclass(frozen=True)
class Merger:
    """Merges records by rules.

    reliability: of each source; editions: of each list, the last day of its edition as an ordinal; levels: of each
    place; upwards: of each place, the chain from itself to the country; lists: the columns whose cells are lists;
    read_from: read column to the printed columns from which it is read, the most precise first.
    """

    rules: Sequence[Rule]
    reliability: Mapping[str, str]
    editions: Mapping[str, int]
    levels: Mapping[str, str]
    upwards: Mapping[str, tuple[str, ...]]
    lists: frozenset[str] = field(default_factory=frozenset)
    read_from: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def merge(self, row: Row, records: Sequence[Row]) -> Designation:
        """Merge the records of a designation, the taken one first."""
        ordered = sorted(records, key=lambda record: record["outcome"] != "taken")
        values: dict[str, Value] = {}
        for rule in sorted(self.rules, key=lambda rule: "place" in rule.criteria):
            places = values.get("place_ids")
            value = self._value(rule, _of_first_stage(rule.column, ordered), places.records[0] if places else "")
            if value:
                values[rule.column] = value
        dated = next(rule for rule in self.rules if rule.column == "approved_date")
        staged = {stage: [record for record in ordered if record["stage"] == stage] for stage in STAGES}
        found = {stage: self._value(dated, those, "") for stage, those in staged.items()}
        stages = {stage: value for stage, value in found.items() if value}
        return Designation(row, tuple(ordered), values, stages)

    def is_derived(self, record: Row, column: str) -> bool:
        """Return whether a value of a record was derived, by this project or by the compiler of its list."""
        if column in record.many("derived"):
            return True
        printed = next((name for name in self.read_from.get(column, ()) if record[name]), None)
        return printed in record.many("compiled")

    def _value(self, rule: Rule, records: Sequence[Row], placed_by: str) -> Value | None:
        saying = [record for record in records if record[rule.column]]
        if not saying:
            return None
        if len(saying) == 1:
            said = self._entries(rule.column, saying[0])
            said = tuple(dict.fromkeys(said)) if rule.take == "all" else said
            return Value(said, _keys(saying), self.is_derived(saying[0], rule.column))
        saying.sort(
            key=lambda record: [self._rank(criterion, rule.column, record, placed_by) for criterion in rule.criteria]
        )
        if rule.take == "all":
            entries = dict.fromkeys(entry for record in saying for entry in self._entries(rule.column, record))
            return Value(tuple(entries), _keys(saying), all(self.is_derived(record, rule.column) for record in saying))
        first = self._finer(saying) if rule.column == "place_ids" else saying[0]
        taken, derived = self._entries(rule.column, first), self.is_derived(first, rule.column)
        same = [record for record in saying if set(self._entries(rule.column, record)) == set(taken)]
        stated = [record for record in saying if not self.is_derived(record, rule.column)]
        others: dict[tuple[str, ...], list[Row]] = {}
        for record in stated:
            entries_of = self._entries(rule.column, record)
            if rule.criteria[0] not in FOLLOWING and not self._agree(rule.column, taken, entries_of):
                others.setdefault(entries_of, []).append(record)
        return Value(taken, _keys(same), derived, tuple((cell, _keys(those)) for cell, those in others.items()))

    def _finer(self, saying: Sequence[Row]) -> Row:
        """Return the record that decides on the place: the first, or one with a more precise place inside the first's.

        A list that states only the province does not contradict a county derived from another list.
        """
        whole, coarse = saying[0].many("place_ids"), self._precision("place_ids", saying[0])
        inside = [record for record in saying if self._inside(record.many("place_ids"), whole)]
        finest = max(inside, key=lambda record: self._precision("place_ids", record))
        return finest if self._precision("place_ids", finest) > coarse else saying[0]

    def _entries(self, column: str, record: Row) -> tuple[str, ...]:
        return tuple(record.many(column)) if column in self.lists else (record[column],)

    def _rank(self, criterion: str, column: str, record: Row, placed_by: str) -> int:
        """Return a number that is lower for a better record; equal ranks leave the order as it is (`first`)."""
        if criterion == "stated":
            return int(self.is_derived(record, column))
        if criterion == "notice":
            ranks = [RELIABILITY.index(self.reliability[key]) for key in record.many("source_ids")]
            return min(ranks, default=len(RELIABILITY))
        if criterion == "precise":
            return -self._precision(column, record)
        if criterion in ("newer", "older"):
            edition = self.editions[record["list_id"]]
            return -edition if criterion == "newer" else edition
        if criterion == "place":
            return int(record["id"] != placed_by)
        return 0

    def _precision(self, column: str, record: Row) -> int:
        if column in DATED:
            return record[column].count("-")
        return min(LEVELS.index(self.levels[key]) for key in record.many(column)) if column == "place_ids" else 0

    def _agree(self, column: str, one: tuple[str, ...], other: tuple[str, ...]) -> bool:
        """Return whether two values can both be true: equal, or one part of or more precise than the other."""
        if column in DATED:
            spans = [dates.parse(cell) for cell in (one[0], other[0])]
            return max(span.first for span in spans) <= min(span.last for span in spans)
        if column == "place_ids":
            return self._inside(one, other) or self._inside(other, one)
        return set(one) <= set(other) or set(other) <= set(one)

    def _inside(self, lower: Iterable[str], upper: Iterable[str]) -> bool:
        whole = set(upper)
        return all(whole & set(self.upwards[key]) for key in lower)


def merger(package: Package) -> Merger:
    """Read rules, sources, lists and places of a checked package."""
    places = package.index("places")
    upwards = {key: tuple(_chain(key, places)) for key in places}
    return Merger(
        rules=[Rule(row["id"], row["take"], tuple(row.many("criteria"))) for row in package.rows("merge_rules")],
        reliability={row["id"]: row["reliability"] for row in package.rows("sources")},
        editions={row["id"]: _day_of(row["edition"]) for row in package.rows("lists")},
        levels={key: row["level"] for key, row in places.items()},
        upwards=upwards,
        lists=frozenset(package.resources["records"].lists),
        read_from={name: column.read_from for name, column in package.resources["records"].described.items()},
    )


def designations(package: Package) -> list[Designation]:
    """Merge all designations of a checked package, in the order of their tables; left-out records are skipped.

    The records of designations that are one by decision are merged like those that a list gave to one. Where they name
    no county, place statements do (carrier_seats.csv, designation_places.csv).
    """
    package = decided(package)
    by_designation: dict[str, list[Row]] = {}
    for record in corrected(package):
        if record["outcome"] != "left-out":
            by_designation.setdefault(record["designation_id"], []).append(record)
    merging, stated = merger(package), PlaceStatements.of(package)
    merged = (merging.merge(row, by_designation.get(row["id"], [])) for row in package.rows("designations"))
    return [placed(designation, stated) for designation in merged]


def placed(found: Designation, stated: PlaceStatements) -> Designation:
    """Return a designation with the counties of place statements; its records still stand for the coarser place."""
    carriers, places = found.many("carrier_ids"), found.values.get("place_ids")
    cells = found.many("place_ids"), found.cell("extent"), carriers
    counties = stated.counties_of(Placed(found.key, found.row["programme_id"], found.row["name_zh"], *cells))
    if counties is None:
        return found
    records, others = (places.records, places.others) if places else ((), ())
    values = {
        "place_ids": Value(counties.place_ids, records, derived=True, others=others),
        "place_basis": Value((counties.basis,), records, derived=True),
        "extent": Value((counties.extent,), records, derived=True),
    }
    return replace(found, values={**found.values, **values}, statements=counties.statements)


def corrected(package: Package) -> Iterator[Row]:
    """Yield the records with their corrections (corrections.csv) applied; `kg.tables.checks` verified `found`.

    A row that names several designations (parted_rows.csv) is yielded once for each, with designation and place of the
    part. The designations are those that decisions leave.
    """
    package = decided(package)
    parted = package.grouped("parted_rows", "record_id")
    repairs: dict[str, dict[str, str]] = {}
    for row in package.rows("corrections"):
        repairs.setdefault(row["record_id"], {})[row["column"]] = row["repaired"]
    for record in package.rows("records"):
        repair = repairs.get(record["id"])
        whole = replace(record, cells={**record.cells, **repair}) if repair else record
        parts = parted.get(record["id"])
        if not parts:
            yield whole
        for part in parts or ():
            own = {column: part[column] for column in ("designation_id", "place_ids")}
            yield replace(whole, cells={**whole.cells, **own})


def _of_first_stage(column: str, records: Sequence[Row]) -> Sequence[Row]:
    """Return the records that can date the approval of a designation: those of its earliest stage that is dated."""
    if column != "approved_date":
        return records
    for stages in (("", STAGES[0]), *((stage,) for stage in STAGES[1:])):
        if dated := [record for record in records if record["stage"] in stages and record[column]]:
            return dated
    return []


def _keys(records: Iterable[Row]) -> tuple[str, ...]:
    return tuple(record["id"] for record in records)


def _chain(key: str, places: Mapping[str, Row]) -> Iterator[str]:
    """Yield a place and all places above it; a cycle, which the shapes report, ends where it closes."""
    seen: set[str] = set()
    while key and key not in seen:
        seen.add(key)
        yield key
        key = places[key]["parent_id"] if key in places else ""


def _day_of(edition: str) -> int:
    return dates.parse(edition).last.toordinal() if edition else 0


def whole(package: Package, merged: Sequence[Designation]) -> tuple[dict[str, Held], dict[str, Held]]:
    """Return the completeness of every list and of every programme, by key."""
    lists = completeness.of_lists(package, {each.key: each.records for each in merged})
    standings = ((each.row["programme_id"], each.cell("standing")) for each in merged)
    return lists, completeness.of_programmes(package, standings, lists)
