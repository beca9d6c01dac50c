"""What the tables hold before an import: programmes, bodies, designations by name, and keys given."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from kg.analysis.resolve import Fit, Names, Resolution
from kg.importing.line_kinds import cell_words
from kg.tables import Package, Row, dates
from kg.tables.decided import decided
from kg.text.misprints import Misprints
from kg.text.names import DesignationKeys, NameWords, normal

LEVELS = ("province", "prefecture", "county")
"""Levels of divisions, which are also the columns in which lists state them."""
READ: frozenset[Fit] = frozenset({"english", "pinyin", "path", "former"})
"""How a cell of a division fits a place whose name takes its place before the gazetteer reads it; a former name is left
as it is, after the names before it are taken away."""


@dataclass(slots=True)
class Designation:
    """One designation by its records: key, programme, names as printed, forms of them, places, carriers, extent.

    lists: the lists of which a record speaks of it, with the stage of which it speaks.
    """

    key: str
    programme: str
    names: list[str] = field(default_factory=list)
    identities: set[str] = field(default_factory=set)
    places: set[str] = field(default_factory=set)
    carriers: set[str] = field(default_factory=set)
    extent: str = ""
    lists: set[tuple[str, str]] = field(default_factory=set)


class Places:
    """The tree of divisions: what lies in what, how provinces are called, what divisions were called before."""

    def __init__(self, rows: Iterable[Row], former: Iterable[Row]) -> None:
        self.rows = {row["id"]: row for row in rows}
        self._older: dict[str, dict[str, str]] = defaultdict(dict)
        today = {name for code in self.rows for name in self.names(code)}
        for row in former:
            place = self.rows.get(row["place_ids"])
            if place is None or place["id"] != row["code"]:
                continue  # a unit that came into another one is no older name of that one
            older, newer = (each["short_zh"] or each["name_zh"] for each in (row, place))
            if older not in today and len(older) > 1:
                self._older[place["id"]][normal(older)] = normal(newer)

    def chain(self, code: str) -> Iterator[str]:
        """Yield a division and those that it lies in, the country left out."""
        row = self.rows.get(code)
        while row is not None and row["level"] != "country":
            yield row["id"]
            row = self.rows.get(row["parent_id"])

    def province(self, code: str) -> str:
        """Return the province-level unit of a division, "" if the division is unknown."""
        return next((found for found in self.chain(code) if self.rows[found]["level"] == "province"), "")

    def names(self, code: str) -> list[str]:
        """Return long and short name of a division."""
        row = self.rows.get(code)
        return [] if row is None else [name for name in (row["name_zh"], row["short_zh"]) if name]

    def older_names(self, code: str) -> dict[str, str]:
        """Return older names of a division and those above it → the name of today; none that another one has today."""
        return {older: newer for place in self.chain(code) for older, newer in self._older.get(place, {}).items()}

    def without_address(self, name: str, codes: Iterable[str]) -> str:
        """Return a name without the province and prefecture of its places before it, if a county's name follows.

        A list prints the whole address: 江苏省苏州市昆山经济技术开发区.
        """
        for code in codes:
            above = [upper for upper in self.chain(code) if upper != code]
            full = "".join(self.rows[upper]["name_zh"] for upper in reversed(above))
            plain = normal(name)
            for address in (full, self.rows[above[0]]["name_zh"]) if len(above) > 1 else ():
                rest = plain.removeprefix(normal(address))
                if rest != plain and any(rest.startswith(normal(each)) for each in self.names(code)):
                    return rest
        return name

    def finest(self, codes: Iterable[str]) -> set[str]:
        """Return the divisions among some in which no other of them lies."""
        found = set(codes)
        above = {upper for code in found for upper in self.chain(code) if upper != code}
        return found - above

    def compatible(self, some: Iterable[str], others: Iterable[str]) -> bool:
        """Return whether two designations of one name can be one: a division of one lies in or is one of the other."""
        mine, theirs = self.finest(some), self.finest(others)
        if not {code[:2] for code in mine} & {code[:2] for code in theirs}:
            return False
        return any(one in self.chain(other) or other in self.chain(one) for one in mine for other in theirs)


class Known:
    """The tables' designations, bodies and programmes, kept up to date while lists are taken in.

    designations: by canonical key and by the keys that stand for it; those that records became by decision are left
    out, since no table has their keys: a row that means one is new, and a person decides.
    """

    def __init__(self, package: Package) -> None:
        package = decided(package)
        self.places = Places(package.rows("places"), package.rows("former_places"))
        self.words = NameWords.of(package.rows("name_words"))
        self.programmes = package.index("programmes")
        self.authorities = package.index("authorities")
        self.sources = set(package.index("sources"))
        self.designations: dict[str, Designation] = {}
        self._by_identity: dict[tuple[str, str], list[Designation]] = defaultdict(list)
        self._by_name: dict[str, list[Designation]] = defaultdict(list)
        self._by_programme: dict[str, list[Designation]] = defaultdict(list)
        telling = cell_words(package, "name")
        self._misprints: dict[str, Misprints] = defaultdict(lambda: Misprints(telling))
        self._named = Names.of(package)
        self._keys = DesignationKeys((), (row["id"] for row in package.rows("withdrawn")))
        self._on_zones = _on_zones(package.rows("programme_relations"))
        self._all_zones = {zone for _, zone in self._on_zones}
        self.related = {(row["subject_id"], row["object_id"]) for row in package.rows("designation_relations")}
        for row in package.rows("designations"):
            if row["id"] in package.canonical.own:
                continue
            self.learn(self.add(row["id"], row["programme_id"]), row["name_zh"])
        for key, each in package.canonical.gone.items():
            if each.kept in self.designations:
                self.designations[key] = self.designations[each.kept]
        for row in package.rows("records"):
            if designation := self.designations.get(row["designation_id"]):
                self.learn_record(designation, row.cells)

    def add(self, key: str, programme: str) -> Designation:
        """Take up a designation under its key."""
        designation = self.designations[key] = Designation(key, programme)
        self._by_programme[programme].append(designation)
        self._keys.note(key)
        return designation

    def mint(self, programme: str) -> str:
        """Return the next key of a designation of a programme: never one that was given before."""
        return self._keys.mint(programme)

    def learn(
        self, designation: Designation, name: str, places: Iterable[str] = (), carriers: Iterable[str] = ()
    ) -> None:
        """Note what one more record says of a designation, and under which name."""
        designation.places.update(places)
        designation.carriers.update(carriers)
        if not name:
            return
        if name not in designation.names:
            designation.names.append(name)
            self._by_name[normal(name)].append(designation)
        for form in (
            self.identity(name, designation.programme, designation.places),
            self.identity(name, designation.programme, ()),
        ):
            if form not in designation.identities:
                designation.identities.add(form)
                self._by_identity[designation.programme, form].append(designation)
                self._misprints[designation.programme].add(form, form)

    def learn_record(self, designation: Designation, record: Mapping[str, str]) -> None:
        """Note what a record of the tables says of its designation."""
        self.learn(designation, record["name"], split(record["place_ids"]), split(record["carrier_ids"]))
        designation.extent = designation.extent or record["extent"]
        designation.lists.add((record["list_id"], record["stage"]))

    def identity(self, name: str, programme: str, places: Iterable[str]) -> str:
        """Return the form in which names of one designation agree; the province of its places is no part of it."""
        codes = sorted(places)
        provinces = {self.places.province(place) for place in codes}
        names = [name for province in sorted(provinces) for name in self.places.names(province)]
        older = {before: now for place in codes for before, now in self.places.older_names(place).items()}
        name = self.places.without_address(name, codes)
        return self.words.identity(name, self.programme_names(programme), names, older)

    def programme_names(self, programme: str) -> list[str]:
        """Return name and aliases of a programme."""
        row = self.programmes[programme]
        return [row["name_zh"], *row.many("aliases_zh")]

    def under(self, programme: str, identity: str) -> list[Designation]:
        """Return the designations of a programme that have a name of this form."""
        return self._by_identity.get((programme, identity), [])

    def misprinted(self, name: str, programme: str, places: Iterable[str]) -> list[Designation]:
        """Return the designations of a programme whose name differs by one character that tells no things apart."""
        form = self.identity(name, programme, places)
        near = self._misprints[programme].near(form)
        return [] if self.under(programme, form) else self.under(programme, near)

    def of(self, programme: str) -> list[Designation]:
        """Return the designations of a programme."""
        return self._by_programme[programme]

    def programme(self, name: str) -> str:
        """Return the programme of a name or alias, "" if none or several have it."""
        return _certain(self._named.resolve("programme", name))

    def authority(self, name: str, approved: str) -> str:
        """Return the body of a name; among several, the one that was there on the date (YYYY[-MM[-DD]]); else ""."""
        on = dates.parse(approved) if approved else None
        return _certain(self._named.resolve("authority", name, on=on))

    def divisions(self, stated: Mapping[str, str]) -> tuple[str, str, str]:
        """Return the cells of province, prefecture and county, by level, as the gazetteer reads them.

        Traditional characters become simplified; a name in Latin letters or a full path (江苏省昆山市) becomes the name
        of the place, and a path fills empty cells above. The gazetteer reads the rest by the other cells and the year.
        """
        read = {level: normal(stated[level]) for level in LEVELS}
        for level in LEVELS:
            meant = self._named.resolve("place", stated[level], level=level).candidates
            names = {each.name if each.fit == "former" else self.places.rows[each.key]["name_zh"] for each in meant}
            if len(names) == 1 and {each.fit for each in meant} <= READ:
                (read[level],) = names
            if len(meant) == 1 and meant[0].fit == "path":
                above = (self.places.rows[key] for key in meant[0].within)
                read |= {row["level"]: row["name_zh"] for row in above if not read[row["level"]]}
        return read["province"], read["prefecture"], read["county"]

    def zone(self, name: str, programme: str, places: set[str]) -> Designation | None:
        """Return the designation of the zone that a carrier cell names; None unless exactly one is meant.

        Args:
            name: the zone as printed.
            programme: the programme of the designation that the zone bears; its relations by design say which zones can
                be.
            places: where that designation lies, as far as known.
        """
        zones = {zone for one, zone in self._on_zones if one == programme} or self._all_zones
        named = [designation for designation in self._by_name.get(normal(name), []) if designation.programme in zones]
        if not named:
            said = [key for key in sorted(zones) if self._says(name, key)]
            named = [designation for key in said for designation in self.under(key, self.identity(name, key, places))]
        if places:
            named = [designation for designation in named if self.places.compatible(designation.places, places)]
        found = {designation.key: designation for designation in named}
        return next(iter(found.values())) if len(found) == 1 else None

    def relation(self, designation: Designation, zone: Designation) -> str:
        """Return the relation of a designation to the zone that is its carrier, by that of their programmes."""
        return self._on_zones.get((designation.programme, zone.programme), "lies-on")

    def _says(self, name: str, programme: str) -> bool:
        """Say whether a name says of itself that it is a designation of the programme."""
        words = self.words.of_programme(self.programme_names(programme))
        return any(word in normal(name) for word in words)


def _on_zones(relations: Iterable[Row]) -> dict[tuple[str, str], str]:
    """Return programme and programme of the zones that its designations lie on, contain or succeed → the relation."""
    kinds = ("lies-on", "contains", "succeeds")
    return {(row["subject_id"], row["object_id"]): row["relation"] for row in relations if row["relation"] in kinds}


def split(cell: str) -> list[str]:
    """Return the entries of a list cell."""
    return [entry for entry in cell.split(";") if entry]


def _certain(meant: Resolution) -> str:
    """Return the key that a text means by a whole name; a guess is good enough for a question, not for a table."""
    return meant.key if meant.certain else ""
