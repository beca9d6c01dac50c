"""Divisions at the beginning of a designation's name: 四川省眉山市东坡区现代农业产业园."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from kg.places.disambiguate import NO_CHOICE, Choice, choose
from kg.places.division_words import ABBREVIATED, SHORT
from kg.places.gazetteer import Index, Unit
from kg.places.words import PlaceWords

BRACKETS = "()-—"
AND = ("、", ",", "和")


@dataclass(frozen=True, slots=True)
class NamePrefix:
    """Divisions at the beginning of a name.

    province: code, "" if none; prefectures, county: choices, empty if none; other: counties of further towns in the
    same name; whole: nothing follows; doubtful: an ambiguous name, "" if none; elsewhere: name of a county of another
    province, "" if none.
    """

    province: str = ""
    prefectures: tuple[Choice, ...] = ()
    county: Choice = NO_CHOICE
    other: tuple[Choice, ...] = ()
    whole: bool = False
    doubtful: str = ""
    elsewhere: str = ""


@dataclass(frozen=True, slots=True)
class Constraints:
    """Constraints on the divisions in a name.

    province: code of the stated province, "" if none; within: stated places of the county, empty if none; year: of the
    source; brief: accept names without the word for their kind (常熟): not in names of organisations, where they are
    often brands; named: the prefecture precedes the county in the name.
    """

    province: str
    within: frozenset[str]
    year: int | None
    brief: bool
    named: bool = False


@dataclass(frozen=True, slots=True)
class Scanner:
    """Finds divisions in names by the index of names and the current divisions."""

    index: Index
    divisions: Mapping[str, Unit]
    words: PlaceWords

    def scan(self, name: str, constraints: Constraints) -> NamePrefix:
        """Return the divisions at the beginning of a name in comparable form."""
        place = self._begin(name)
        if name.endswith(self.words.kinds["product"]):
            constraints = replace(constraints, brief=False)
        if not constraints.province:
            constraints = replace(constraints, province=self._province(name, place, brief=constraints.brief))
            if not constraints.province:
                return NamePrefix()
        end = self._own_name(name, place, constraints.province)
        at = self._skip(name, end) if end > place else place
        prefecture, constraints, at = self._prefecture(name, at, constraints)
        prefectures: tuple[Choice, ...] = (prefecture,) if prefecture.place_ids else ()
        while prefectures and name.startswith(AND, at):
            prefecture, constraints, end = self._prefecture(name, at + 1, replace(constraints, within=frozenset()))
            if not prefecture.place_ids:
                break
            prefectures, at = (*prefectures, prefecture), end
        found = NamePrefix(constraints.province, prefectures, whole=0 < len(name) <= at)
        county, end = self._county(name, at, constraints)
        if county.fits > 1:
            return replace(found, doubtful=name[at:end])
        if county.place_ids:
            return replace(found, county=county, other=self._others(name, end, constraints), whole=len(name) <= end)
        return replace(found, elsewhere="" if prefectures else self._elsewhere(name, at))

    def _begin(self, name: str) -> int:
        """Return where the first division may begin: 中国(上海)自由贸易试验区."""
        at = len(self.index.country) if name.startswith(self.index.country) else 0
        return at + name.startswith("(", at)

    def _skip(self, name: str, at: int) -> int:
        """Return where the next division may begin: not after text up to the end of a name, except brackets."""
        match = self.words.between.match(name, at)
        end = match.end() if match else at
        return at if end == len(name) and name[at:].strip(BRACKETS) else end

    def _county(self, name: str, at: int, constraints: Constraints) -> tuple[Choice, int]:
        """Return the county at a position of a name, or the county of a section, and where it ends."""
        narrow = replace(
            constraints, brief=constraints.brief and not name.endswith(self.words.kinds["several-counties"])
        )
        county, end = self._longest_match(name, at, "county", narrow)
        if county.zone:
            county, end = self._in_zone(name, end, narrow, county)
        if not county.fits and constraints.within and constraints.brief:
            county, end = self._section(name, at, constraints)
        if not county.fits and not constraints.named:
            # The full name of a county, unique in the province, contradicts the stated prefecture.
            county, end = self._longest_match(name, at, "county", replace(constraints, within=frozenset(), brief=False))
        return county, end

    def _in_zone(self, name: str, at: int, constraints: Constraints, zone: Choice) -> tuple[Choice, int]:
        """Return the county after a zone of several (雄安新区雄县), or else those of the zone, and where it ends."""
        inside = replace(constraints, within=frozenset(zone.place_ids), named=True)
        county, end = self._longest_match(name, at, "county", inside)
        return (county, end) if county.fits else (zone, at)

    def _elsewhere(self, name: str, at: int) -> str:
        """Return the full name of a county of another province at a position of a name, "" if none."""
        texts = (name[at:end] for end in range(min(len(name), at + self.index.max_name_chars), at + 2, -1))
        return next((text for text in texts if text in self.index.counties), "")

    def _prefecture(self, name: str, at: int, constraints: Constraints) -> tuple[Choice, Constraints, int]:
        """Return the prefecture at a position of a name, unless a county with a longer name is there."""
        if self.divisions[constraints.province].prefecture:
            return NO_CHOICE, replace(constraints, named=True), at
        prefecture, end = self._longest_match(name, at, "prefecture", replace(constraints, within=frozenset()))
        county, county_end = self._longest_match(name, at, "county", constraints)
        if not prefecture.place_ids or (county.fits and county_end > end):
            return NO_CHOICE, constraints, at
        narrow = replace(constraints, within=frozenset(prefecture.place_ids), named=True)
        return prefecture, narrow, self._skip(name, end)

    def _province(self, name: str, place: int, *, brief: bool) -> str:
        """Return the province at the beginning of a name, by its name or the unique one of a prefecture (襄樊)."""
        for end in range(min(len(name), place + 11), place + 1, -1):
            text = name[place:end]
            if text in self.index.provinces:
                return "" if name.startswith(self.words.kinds["strait"], end) else self.index.provinces[text]
            codes = self.index.prefectures.get(text, set())
            provinces = {self.divisions[code].province for code in codes} or self.index.former.get(text, set())
            if len(codes) < 2 and len(provinces) == 1 and (brief or text.endswith(self.words.kinds["prefecture"])):
                return next(iter(provinces))
        return ""

    def _own_name(self, name: str, place: int, province: str) -> int:
        """Return the end of the province's own name; 吉林市 in 吉林省 is not the name of the province."""
        for end in range(min(len(name), place + 11), place + 1, -1):
            levels = {entry.level: entry.form for entry in self.index.find(province, name[place:end])}
            if "province" in levels:
                return end
            if levels and min(levels.values()) <= ABBREVIATED:
                return place
        return place

    def _longest_match(self, name: str, at: int, level: str, constraints: Constraints) -> tuple[Choice, int]:
        """Return the unit of a level with the longest name at a position of a name, and where it ends."""
        for end in range(min(len(name), at + self.index.max_name_chars), at + 1, -1):
            entries = self.index.find(constraints.province, name[at:end])
            brief = self._brief(name, at, end, constraints) if level == "county" else constraints.brief
            if not brief:
                entries = [entry for entry in entries if entry.form < SHORT]
            elif level == "county" and not constraints.named:
                entries = [entry for entry in entries if entry.form < SHORT or entry.today]
            choice = choose(entries, self.divisions, {level}, constraints.within, constraints.year)
            if choice.fits:
                return choice, end
        return NO_CHOICE, at

    def _brief(self, name: str, at: int, end: int, constraints: Constraints) -> bool:
        """Whether a short name at this position may be that of a county."""
        words = self.words
        landscape = not constraints.named and (words.landscape.fullmatch(name, at, end) or words.region.match(name, at))
        return constraints.brief and not landscape and not words.other_word.match(name, end)

    def _section(self, name: str, at: int, constraints: Constraints) -> tuple[Choice, int]:
        """Return the county of a section in a name: 深圳国家自主创新示范区南山片区."""
        for match in self.words.section.finditer(name, at):
            for start in range(max(at, match.start() - 4), match.start() - 1):
                choice, end = self._longest_match(name, start, "county", constraints)
                if choice.fits and end == match.start():
                    return choice, end
        return NO_CHOICE, at

    def _others(self, name: str, at: int, constraints: Constraints) -> tuple[Choice, ...]:
        """Return the counties of further towns (车田乡潼南区古溪镇), with names of at least three characters."""
        others = []
        anywhere = replace(constraints, within=frozenset(), brief=False)
        for match in self.words.next_town.finditer(name, at + 1):
            _, near, begin = self._prefecture(name, match.end(), anywhere)
            choice, end = self._longest_match(name, begin, "county", near)
            if choice.place_ids and end - match.end() > 2:
                others.append(choice)
        return tuple(others)
