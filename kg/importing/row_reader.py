"""Interpreter of the rows of a list: programme, date, bodies, carriers, place, fields."""

import re
from dataclasses import dataclass, field, replace

from kg.importing import printed_dates
from kg.importing.carrier_cells import CarrierCells
from kg.importing.line_kinds import Remark, Words, cell_words
from kg.importing.printed_rows import Printed
from kg.importing.registry import LEVELS, Designation, Known
from kg.places import NO_COUNTY, NO_PROVINCE, ONLY_PROVINCE, Gazetteer, Stated
from kg.tables import Package
from kg.text.field_words import FieldIndex
from kg.text.names import normal
from kg.text.organisations import CarrierIndex, OrganisationNames
from kg.text.patterns import any_of

NO_SUCH_PROVINCE = "未能识别所列的省 | the province stated is unknown"
BEARERS = {"company", "university", "institute", "hospital"}
"""Kinds of organisation that can bear a designation of an area-borne programme (示范基地: 企业, 高校)."""


@dataclass(frozen=True, slots=True)
class Place:
    """Place of a designation: current places, basis, extent (enumerations of records), derived columns."""

    places: tuple[str, ...] = ()
    basis: str = ""
    extent: str = ""
    derived: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """An interpreted row, in the columns of a record; remarks: cells that are unreadable or uncertain.

    zones: the designations of its carriers that are zones; doubts: remarks for who imports, no part of the record.
    """

    printed: Printed
    programme: str
    name: str
    stage: str = ""
    approved: str = ""
    ended: str = ""
    standing: str = ""
    place: Place = field(default_factory=Place)
    carriers: tuple[str, ...] = ()
    zones: tuple[Designation, ...] = ()
    authorities: tuple[str, ...] = ()
    supervisors: tuple[str, ...] = ()
    fields: tuple[tuple[str, str], ...] = ()
    derived: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    remarks: tuple[Remark, ...] = ()
    doubts: tuple[Remark, ...] = ()


class Reader:
    """Interprets rows by the tables; adds new carriers to its index."""

    def __init__(self, package: Package, known: Known) -> None:
        self.known = known
        self.gazetteer = Gazetteer.of(package)
        farms = any_of(self.gazetteer.words.kinds["farm"])
        self._farm = re.compile(rf"{farms}(?:\([^()]*\))?$")
        equivalents = package.rows("carrier_equivalents") if "carrier_equivalents" in package.resources else ()
        self.organisations = OrganisationNames(package.rows("organisation_words"), known.words)
        self.carriers = CarrierIndex(package.rows("carriers"), equivalents, self.organisations)
        self.carrier_cells = CarrierCells(self.carriers, Words.of(package))
        self._stages, self._standings = (cell_words(package, about) for about in ("stage", "standing"))
        self.fields = FieldIndex(package.rows("fields"), self.organisations.named("university"))

    def read(self, printed: Printed, programme: str, edition: str, sources: tuple[str, ...]) -> Reading:
        """Read one row.

        Args:
            printed: the row.
            programme: key of the programme if the row states none.
            edition: date of the list ("" if unknown), to resolve names of places that changed.
            sources: keys of the documents if the row states none.
        """
        cells, remarks = printed.cells, list(printed.remarks)
        named = self.known.programme(cells["programme"]) if cells["programme"] else programme
        if not named:
            remarks.append(_unknown("牌子类型", "programme", cells["programme"]))
        approved, ended = printed_dates.read(cells["approved"]), printed_dates.read(cells["ended"])
        name = cells["name"] or self._composed(printed, named or programme)
        reading = Reading(
            printed,
            named or programme,
            name,
            stage=self._stage(printed),
            approved=approved.date,
            ended=ended.date,
            standing=self._standings.get(cells["status"].strip().lower(), ""),
            sources=printed.sources or sources,
            derived=tuple(
                column
                for cell, column in (("approved", "approved_date"), ("ended", "ended_date"), ("status", "standing"))
                if cell in printed.compiled and cells[cell]
            ),
            remarks=(*remarks, *(remark for date in (approved, ended) if (remark := date.remark))),
        )
        return self._fields(self._place(self._carriers(self._bodies(reading)), edition or approved.date))

    def _composed(self, printed: Printed, programme: str) -> str:
        """Return a name for a row without one: its carrier, or its place if the designation covers it entirely.

        A zone within a place is not named after it: such a row has no name.
        """
        cells = printed.cells
        usual = self.known.programmes[programme]["usual_extent"]
        if cells["carrier"] or not self.gazetteer.extents.entire_division(usual):
            return cells["carrier"]
        place = "".join(dict.fromkeys(cells[column] for column in LEVELS))
        return place or printed.extra.get("place", "")

    def _bodies(self, reading: Reading) -> Reading:
        """Resolve the approving and supervising bodies; provincial bodies are not in the tables."""
        found: dict[str, tuple[str, ...]] = {}
        remarks = list(reading.remarks)
        for column, chinese in (("authority", "批准机关"), ("supervisor", "主管部门")):
            names = self.organisations.split(reading.printed.cells[column])
            keys = [self.known.authority(name, reading.approved) for name in names]
            remarks += [_unknown(chinese, column, name) for name, key in zip(names, keys, strict=True) if not key]
            found[column] = tuple(dict.fromkeys(key for key in keys if key))
        derived = ("authority_ids",) if "authority" in reading.printed.compiled and found["authority"] else ()
        return replace(
            reading,
            authorities=found["authority"],
            supervisors=found["supervisor"],
            derived=reading.derived + derived,
            remarks=tuple(remarks),
        )

    def _carriers(self, reading: Reading) -> Reading:
        """Find or create the carriers; an organisation with a designation under its own name is its carrier."""
        cell, derived = reading.printed.cells["carrier"], "carrier" in reading.printed.compiled
        if not cell and self._bears_itself(reading):
            cell, derived = reading.name, True
        province = reading.printed.cells["province"]
        names, remarks = self.carrier_cells.names(cell)
        doubts = tuple(self.carrier_cells.doubts(names, province))
        keys = tuple(dict.fromkeys(self._carrier(name, province, reading.sources) for name in names))
        derived_too = ("carrier_ids",) if keys and derived else ()
        derived_all, remarks = reading.derived + derived_too, reading.remarks + remarks
        return replace(reading, carriers=keys, derived=derived_all, remarks=remarks, doubts=doubts)

    def _carrier(self, name: str, province: str, sources: tuple[str, ...]) -> str:
        key = self.carriers.find(name, province)
        row = self.carriers.rows[key] if key else self.carriers.propose(name, province, sources)
        known = {row.name_zh, *row.names}
        names = row.names if name in known else (*row.names, name)
        self.carriers.add(replace(row, names=names, source_ids=tuple(dict.fromkeys((*row.source_ids, *sources)))))
        return row.id

    def settle_parents(self) -> None:
        """Set missing parents of carriers; a parent may have been added later."""
        for row in list(self.carriers.rows.values()):
            parent = "" if row.parent_id else self.carriers.parent(row.name_zh)
            if parent and parent != row.id:
                self.carriers.add(replace(row, parent_id=parent))

    def _bears_itself(self, reading: Reading) -> bool:
        return self.bearer(reading) == "area" and self.organisations.kind(reading.name) in BEARERS

    def bearer(self, reading: Reading) -> str:
        """Return the kind of bearer of the programme's designations: area or organisation."""
        return self.known.programmes[reading.programme]["bearer"]

    def _place(self, reading: Reading, year: str) -> Reading:
        """Find the place by the cells of the row, else that of the zone that is its carrier."""
        usual, bearer = self.known.programmes[reading.programme]["usual_extent"], self.bearer(reading)
        if reading.carriers and self._bears_itself(reading) and not self._farm.search(normal(reading.name)):
            usual = bearer = "organisation"
        cells = reading.printed.cells
        name = reading.printed.extra.get("place", "") or reading.name
        when = int(year[:4]) if year else None
        where = Stated(*self.known.divisions({level: cells[level] for level in LEVELS}), name, when)
        answer = self.gazetteer.resolve(where, usual, bearer)
        place = Place(answer.place_ids, answer.basis, answer.extent, answer.derived)
        if place.basis == "stated" and _compiled(reading.printed):
            place = replace(place, basis="derived", derived=("place_ids", *place.derived))
        reason = NO_SUCH_PROVINCE if answer.reason == NO_PROVINCE and cells["province"] else answer.reason
        remarks = (_both(reason),) if reason and not self._enough(reason, usual) else ()
        zones = tuple(zone for key in reading.carriers if (zone := self._zone(reading, key, place)))
        coarse = all(code.endswith("0000") for code in place.places)
        own = bool(cells["county"]) or (place.basis == "stated" and not coarse)
        if not own and any(zone.places for zone in zones):
            place, remarks = self._through(zones, usual), ()
        derived = tuple(dict.fromkeys(reading.derived + place.derived))
        return replace(reading, place=place, zones=zones, derived=derived, remarks=reading.remarks + remarks)

    def _enough(self, reason: str, usual: str) -> bool:
        """Whether the place found is precise enough for the usual extent."""
        level = {NO_COUNTY: "prefecture", ONLY_PROVINCE: "province"}.get(reason, "")
        return bool(level) and self.gazetteer.extents.enough(usual, level)

    def _through(self, zones: tuple[Designation, ...], usual: str) -> Place:
        """Return the place of a designation on zones: the finest known places of the zones."""
        finest = (sorted(self.known.places.finest(zone.places)) for zone in zones)
        places = tuple(dict.fromkeys(place for found in finest for place in found))
        extent = (zones[0].extent or usual) if len(zones) == 1 else usual
        return Place(places, "through-carrier", extent, ("place_ids", "extent"))

    def _zone(self, reading: Reading, carrier: str, place: Place) -> Designation | None:
        """Return the designation of a carrier that is a zone, and store it at the carrier."""
        row = self.carriers.rows[carrier]
        if row.kind != "zone" or self.bearer(reading) != "area":
            return None
        designation = self.known.designations.get(row.designation_id) if row.designation_id else None
        certain = place.basis == "stated"
        where = {code if certain else self.known.places.province(code) for code in place.places}
        designation = designation or self.known.zone(row.name_zh, reading.programme, where)
        if designation and not row.designation_id:
            self.carriers.add(replace(row, designation_id=designation.key))
        return designation

    def _fields(self, reading: Reading) -> Reading:
        """Assign fields by the words of the field cell, else of name and carriers."""
        programme = self.known.programmes[reading.programme]
        found = self.fields.find([reading.printed.cells["field"]])
        derived: tuple[str, ...] = ()
        if not found and (programme["bearer"] == "organisation" or programme["category"] in ("cluster", "base")):
            core = self.known.words.core(reading.name, self.known.programme_names(reading.programme))
            found = self.fields.find([core, *self.organisations.split(reading.printed.cells["carrier"])])
            derived = ("field_ids",) if found else ()
        words = dict(reversed(found))
        pairs = tuple((key, words[key]) for key in dict.fromkeys(key for key, _ in found))
        return replace(reading, fields=pairs, derived=reading.derived + derived)

    def _stage(self, printed: Printed) -> str:
        """Return the stage of a row, from its own column or in brackets after the programme."""
        stated = printed.extra.get("stage", "").strip().lower()
        if stated in self._stages:
            return self._stages[stated]
        plain = normal(printed.cells["programme"])
        return next((stage for word, stage in self._stages.items() if plain.endswith(f"({word})")), "")


def _compiled(printed: Printed) -> bool:
    """Say whether the finest division that the row states comes from the compiler of the list."""
    finest = [column for column in LEVELS if printed.cells[column]]
    return bool(finest) and finest[-1] in printed.compiled


def _unknown(chinese: str, english: str, found: str) -> Remark:
    return f"未能识别{chinese}“{found}”", f"{english} {found!r} is unknown"


def _both(reason: str) -> Remark:
    chinese, _, english = reason.partition(" | ")
    return chinese, english or chinese
