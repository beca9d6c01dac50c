"""Gazetteer: resolve the cells and the name of a designation to current administrative divisions."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from kg.places.cells import Cells
from kg.places.disambiguate import NO_CHOICE, Choice, lies_within
from kg.places.division_words import SHORT, DivisionWords
from kg.places.extents import Extents
from kg.places.gazetteer import Index, comparable, units
from kg.places.name_prefix import Constraints, NamePrefix, Scanner
from kg.places.sites import Sites, before_rank
from kg.places.towns import Towns
from kg.places.words import PlaceWords
from kg.tables import Package, Row
from kg.text.names import NameWords

NO_PROVINCE = "未说明在哪个省 | no province is stated"
NO_COUNTY = "未说明在哪个县 | no county is stated"
ONLY_PROVINCE = "只知在哪个省 | only the province is stated"
OTHER_COUNTY = "名称与县一栏不符 | the name speaks of another county than the cell"
OTHER_PREFECTURE = "名称与地级单位一栏不符 | the name speaks of another prefecture than the cell"
TOWN = "town"
SEVERAL_TOWNS = "一格里连写几个乡镇 | several towns run together in one cell"
NO_DIVISION = "兵团的师、团不是行政区划 | divisions and regiments of the corps are no administrative divisions"


@dataclass(frozen=True, slots=True)
class Stated:
    """The place of a designation as stated in its row.

    province, prefecture, county: the cells as printed, "" if empty; name: the designation's name as printed; year: of
    the source, to distinguish units that had one name at different times, None if unknown.
    """

    province: str = ""
    prefecture: str = ""
    county: str = ""
    name: str = ""
    year: int | None = None


@dataclass(frozen=True, slots=True)
class Resolution:
    """The resolved place of a designation.

    place_ids: codes of current divisions, the finest that are certain; extent: covered part (an extent of the records);
    basis: stated (by the cells), derived (from the name) or "" (not found); derived: derived columns of the record;
    reason: what is unresolved, in Chinese and English, separated by " | ".
    """

    place_ids: tuple[str, ...]
    extent: str
    basis: str
    derived: tuple[str, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """A choice of units before their extent is known; basis and reason as in the resolution."""

    choices: tuple[Choice, ...]
    basis: str
    reason: str = ""


class Gazetteer:
    """Current and former divisions by their current and former names."""

    def __init__(self, rows: Callable[[str], Iterable[Row]]) -> None:
        """Take up the rows of tables, given by name."""
        self.extents = Extents(rows("extents"))
        places = list(rows("places"))
        self.divisions = units(places)
        listed = list(rows("place_words"))
        self.words, divisions = PlaceWords.of(listed), DivisionWords.of(listed)
        self.index = Index(places, rows("former_places"), rows("place_aliases"), divisions)
        self.cells = Cells(self.index, self.divisions, self.words)
        self.scanner = Scanner(self.index, self.divisions, self.words)
        ranks = NameWords.of(rows("name_words")).ranks
        self.sites = Sites(self.index, self.divisions, self.words, before_rank(self.index.country, ranks))
        self.towns = Towns(rows("towns"), self.divisions, self.words)

    @classmethod
    def of(cls, package: Package) -> "Gazetteer":
        """Create the gazetteer from the tables of a checked package."""
        return cls(lambda name: package.rows(name) if name in package.resources else ())

    def resolve(self, stated: Stated, usual_extent: str, bearer: str) -> Resolution:
        """Resolve the place of a designation.

        Args:
            stated: the cells of its row.
            usual_extent: usual extent of designations of its programme.
            bearer: area or organisation.

        Returns:
            The finest divisions that are certain, all in the stated province (or else the one at the beginning of the
            name); an ambiguous name remains unresolved, with the reason.
        """
        area = bearer == "area"
        provinces, text = self.cells.provinces(stated.province, stated.prefecture)
        province = provinces[0] if provinces else ""
        if len(provinces) > 1:
            texts = text.split(";")
            cells = [self.cells.prefecture(part, each, stated.year) for each in provinces for part in texts]
            found, whole = tuple(cell for cell in cells if cell.place_ids), False
            evidence = Evidence(found or tuple(Choice((code,), fits=1) for code in provinces), "stated")
        else:
            prefecture = self.cells.prefecture(text, province, stated.year)
            within = frozenset(prefecture.place_ids)
            scanned = self.scanner.scan(comparable(stated.name), Constraints(province, within, stated.year, area))
            evidence, whole = self._weigh(stated, province, prefecture, scanned, bearer), scanned.whole
        codes = tuple(dict.fromkeys(code for choice in evidence.choices for code in choice.place_ids))
        split = any(choice.split for choice in evidence.choices)
        if usual_extent == "county" and comparable(stated.name).endswith(self.words.kinds["zone"]):
            usual_extent = "within-county"
        level, count = self.level(codes), len(codes)
        extent = self.extents.of(usual_extent, level, count, whole=whole, split=split) if area else bearer
        if extent == TOWN and len(codes) > 1:
            evidence = replace(evidence, reason=evidence.reason or SEVERAL_TOWNS)
        expected = evidence.reason in (NO_COUNTY, ONLY_PROVINCE) and self.extents.enough(extent, "prefecture")
        derived = ("place_ids", "extent") if evidence.basis == "derived" else ("extent",)
        return Resolution(codes, extent, evidence.basis, derived, "" if expected else evidence.reason)

    def level(self, place_ids: Iterable[str]) -> str:
        """Return the level of places, "" if they differ: a municipality counts as a prefecture, 东莞 as a county."""
        levels = {
            "county" if unit.lowest else "prefecture" if unit.prefecture == unit.code else unit.level
            for unit in map(self.divisions.__getitem__, place_ids)
        }
        return levels.pop() if len(levels) == 1 else ""

    def _weigh(self, stated: Stated, province: str, prefecture: Choice, scanned: NamePrefix, bearer: str) -> Evidence:
        """Choose the finest: county of the cells, county of the name, prefecture of either, province of either."""
        province = province or scanned.province
        within = frozenset(prefecture.place_ids)
        if not province:
            site = self._site(stated, "", within, bearer)
            return Evidence((site,), "derived") if site.place_ids else Evidence((), "", NO_PROVINCE)
        counties, reason = self.cells.counties(stated.county, province, within, stated.year)
        if counties:
            return self._counties(counties, prefecture, scanned, reason)
        if scanned.county.place_ids:
            if not lies_within(scanned.county.place_ids, self.divisions, within):
                name = self.divisions[scanned.county.place_ids[0]].name
                reason = f"{name}不在所列地级单位内 | {name} does not lie in the prefecture stated"
            return Evidence((scanned.county, *scanned.other), "derived", reason)
        site = self._site(stated, province, within, bearer)
        if site.place_ids:
            return Evidence((site,), "derived")
        if scanned.doubtful:
            reason = reason or f"“{scanned.doubtful}”可指几个单位 | {scanned.doubtful} fits several units"
        if scanned.elsewhere and not within:
            return Evidence((), "", f"“{scanned.elsewhere}”不在所列省内 | {scanned.elsewhere} lies in another province")
        if self.words.corps_division.match(comparable(stated.name)) and not scanned.prefectures:
            reason = reason or NO_DIVISION
        return self._above(stated, province, prefecture, scanned, reason)

    def _site(self, stated: Stated, province: str, within: frozenset[str], bearer: str) -> Choice:
        """Return the county of a town at the end of a name, or of a place that a station or company has in its name."""
        name = comparable(stated.name)
        if province and (town := self.towns.find(name, province, within)):
            return Choice((town,), fits=1)
        if bearer == "area":
            return NO_CHOICE
        site = self.sites.find(name, province, within, stated.year)
        return site if lies_within(site.place_ids, self.divisions, within) else NO_CHOICE

    def _counties(self, counties: tuple[Choice, ...], prefecture: Choice, scanned: NamePrefix, reason: str) -> Evidence:
        """Take the counties of the cell, unless the name contains the full name of another one."""
        codes = frozenset(code for choice in counties for code in choice.place_ids)
        if scanned.other:
            # A row for several towns has one county in its cell and the others in its name.
            return Evidence((*counties, scanned.county, *scanned.other), "derived", reason)
        if scanned.county.form < SHORT and not lies_within(scanned.county.place_ids or codes, self.divisions, codes):
            return Evidence((prefecture,) if prefecture.place_ids else (), "stated", OTHER_COUNTY)
        return Evidence(counties, "stated", reason)

    def _above(self, stated: Stated, province: str, prefecture: Choice, scanned: NamePrefix, reason: str) -> Evidence:
        """Take the prefecture of the cell or of the name, or else the province."""
        within = frozenset(prefecture.place_ids)
        named = tuple(code for choice in scanned.prefectures for code in choice.place_ids)
        if within and not lies_within(named or within, self.divisions, within):
            return Evidence((Choice((province,), fits=1),), "stated", reason or OTHER_PREFECTURE)
        zones = tuple(choice for choice in scanned.prefectures if choice.zone)
        choices = zones or ((prefecture,) if within else scanned.prefectures)
        if choices:
            lowest = self.level(code for choice in choices for code in choice.place_ids) == "county"
            return Evidence(
                choices, "stated" if within and not zones else "derived", reason or ("" if lowest else NO_COUNTY)
            )
        basis = "stated" if stated.province else "derived"
        return Evidence((Choice((province,), fits=1),), basis, reason or ONLY_PROVINCE)
