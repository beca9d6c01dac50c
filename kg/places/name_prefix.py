"""Find the divisions that a designation's name begins with: 四川省眉山市东坡区现代农业产业园."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from kg.places.disambiguate import NOTHING, Choice, choose
from kg.places.gazetteer import ABBREVIATED, SHORT, Index, Unit

BEFORE = re.compile(r"(?:中国)?\(?")
"""What may stand before the first division: 中国(上海)自由贸易试验区."""
BETWEEN = re.compile(r"[()\-—]*(?:省?农垦总局|农垦|(?:生产建设)?兵团)?[()\-—]*")
"""What may stand between two divisions."""
OTHER_WORD = re.compile("[镇乡街村县市区旗州盟山湖湾]|农场|林场|牧场|垦区|平原|半岛|盆地|流域|草原|大学|学院")
"""After a short name of a county: it was part of another word (鼓楼街道, 建设农场, 江汉平原)."""
LANDSCAPE = re.compile(".{2,}[山湖江河]")
"""A short name of a county that is first of all that of a mountain or water: 井冈山经济技术开发区 lies in 吉安县."""
STRAIT = "海峡"
"""After the name of a province: water between two of them (台湾海峡), named after one."""
PRODUCTS = re.compile("集群$")
"""Ends of names in which short names are those of products: 哈密瓜, 普洱茶, 文昌鸡."""
ZONES = re.compile("自主创新示范区$")
"""Ends of names of zones that consist of zones in several counties: the short name of one county tells only a part."""
SECTION = re.compile("片区")
AND = ("、", ",", "和")
NEXT_TOWN = re.compile(r"(?<=[镇乡场])[;、:,]?|(?<=街道)[;、:,]?|[;:、,]")
"""Where the next place may begin in a row that names several towns."""


@dataclass(frozen=True, slots=True)
class Found:
    """Divisions at the beginning of a name: province, prefecture and county where they stand there.

    prefectures, county: choices, empty where none stands there; other: counties of further towns in the same name;
    whole: nothing follows; doubtful: a name that fits several units, "" where none; elsewhere: the name of a county
    that stands there but lies in other provinces, "" where none.
    """

    province: str = ""
    prefectures: tuple[Choice, ...] = ()
    county: Choice = NOTHING
    other: tuple[Choice, ...] = ()
    whole: bool = False
    doubtful: str = ""
    elsewhere: str = ""


@dataclass(frozen=True, slots=True)
class Bounds:
    """In which bounds a name is read.

    province: code of the stated province, "" where none is stated; within: places in which the county is stated to
    lie, empty where nothing is stated; year: that of the source; brief: whether names without the word for their kind
    count (常熟): not in names of organisations, where they are often brands; named: the prefecture stands in the name
    before the county.
    """

    province: str
    within: frozenset[str]
    year: int | None
    brief: bool
    named: bool = False


@dataclass(frozen=True, slots=True)
class Scanner:
    """Reads names with the index of names and the divisions of today."""

    index: Index
    divisions: Mapping[str, Unit]

    def scan(self, name: str, bounds: Bounds) -> Found:
        """Read the divisions at the beginning of a name in comparable form."""
        start = BEFORE.match(name)
        place = start.end() if start else 0
        if PRODUCTS.search(name):
            bounds = replace(bounds, brief=False)
        if not bounds.province:
            bounds = replace(bounds, province=self._province(name, place, brief=bounds.brief))
            if not bounds.province:
                return Found()
        end = self._own_name(name, place, bounds.province)
        at = _skip(name, end) if end > place else place
        prefecture, bounds, at = self._prefecture(name, at, bounds)
        prefectures: tuple[Choice, ...] = (prefecture,) if prefecture.place_ids else ()
        while prefectures and name.startswith(AND, at):
            prefecture, bounds, end = self._prefecture(name, at + 1, replace(bounds, within=frozenset()))
            if not prefecture.place_ids:
                break
            prefectures, at = (*prefectures, prefecture), end
        found = Found(bounds.province, prefectures, whole=0 < len(name) <= at)
        county, end = self._county(name, at, bounds)
        if county.fits > 1:
            return replace(found, doubtful=name[at:end])
        if county.place_ids:
            return replace(found, county=county, other=self._others(name, end, bounds), whole=len(name) <= end)
        return replace(found, elsewhere="" if prefectures else self._elsewhere(name, at))

    def _county(self, name: str, at: int, bounds: Bounds) -> tuple[Choice, int]:
        """Read the county at a place of a name, or the one of which a section is named."""
        narrow = replace(bounds, brief=bounds.brief and not ZONES.search(name))
        county, end = self._longest(name, at, "county", narrow)
        if not county.fits and bounds.within and bounds.brief:
            county, end = self._section(name, at, bounds)
        if not county.fits and not bounds.named:
            # The stated prefecture contradicts a whole name that is the only one of its kind in the province.
            county, end = self._longest(name, at, "county", replace(bounds, within=frozenset(), brief=False))
        return county, end

    def _elsewhere(self, name: str, at: int) -> str:
        """Return the whole name of a county of other provinces that stands at a place of a name."""
        texts = (name[at:end] for end in range(min(len(name), at + self.index.longest), at + 2, -1))
        return next((text for text in texts if text in self.index.counties), "")

    def _prefecture(self, name: str, at: int, bounds: Bounds) -> tuple[Choice, Bounds, int]:
        """Read the prefecture at a place of a name, unless a county with a longer name stands there."""
        if self.divisions[bounds.province].prefecture:
            return NOTHING, replace(bounds, named=True), at
        prefecture, end = self._longest(name, at, "prefecture", replace(bounds, within=frozenset()))
        county, county_end = self._longest(name, at, "county", bounds)
        if not prefecture.place_ids or (county.fits and county_end > end):
            return NOTHING, bounds, at
        narrow = replace(bounds, within=frozenset(prefecture.place_ids), named=True)
        return prefecture, narrow, _skip(name, end)

    def _province(self, name: str, place: int, *, brief: bool) -> str:
        """Return the province with whose name, or with the unmistakable name of whose prefecture, a name begins."""
        for end in range(min(len(name), place + 11), place + 1, -1):
            text = name[place:end]
            if text in self.index.provinces:
                return "" if name.startswith(STRAIT, end) else self.index.provinces[text]
            codes = self.index.prefectures.get(text, set())
            if len(codes) == 1 and (brief or text[-1] in "市州盟"):
                return self.divisions[next(iter(codes))].province
        return ""

    def _own_name(self, name: str, place: int, province: str) -> int:
        """Return where the province's own name ends; 吉林市 in 吉林省 is no name of the province."""
        for end in range(min(len(name), place + 11), place + 1, -1):
            levels = {entry.level: entry.form for entry in self.index.find(province, name[place:end])}
            if "province" in levels:
                return end
            if levels and min(levels.values()) <= ABBREVIATED:
                return place
        return place

    def _longest(self, name: str, at: int, level: str, bounds: Bounds) -> tuple[Choice, int]:
        """Return the unit of a level with the longest name that stands at a place of the name, and where it ends."""
        for end in range(min(len(name), at + self.index.longest), at + 1, -1):
            entries = self.index.find(bounds.province, name[at:end])
            brief = self._brief(name, at, end, bounds) if level == "county" else bounds.brief
            if not brief:
                entries = [entry for entry in entries if entry.form < SHORT]
            elif level == "county" and not bounds.named:
                entries = [entry for entry in entries if entry.form < SHORT or entry.today]
            choice = choose(entries, self.divisions, {level}, bounds.within, bounds.year)
            if choice.fits:
                return choice, end
        return NOTHING, at

    def _brief(self, name: str, at: int, end: int, bounds: Bounds) -> bool:
        """Say whether a short name of a county may be meant here."""
        landscape = not bounds.named and LANDSCAPE.fullmatch(name, at, end)
        return bounds.brief and not landscape and not OTHER_WORD.match(name, end)

    def _section(self, name: str, at: int, bounds: Bounds) -> tuple[Choice, int]:
        """Return the county of which a section is named: 深圳国家自主创新示范区南山片区."""
        for match in SECTION.finditer(name, at):
            for start in range(max(at, match.start() - 4), match.start() - 1):
                choice, end = self._longest(name, start, "county", bounds)
                if choice.fits and end == match.start():
                    return choice, end
        return NOTHING, at

    def _others(self, name: str, at: int, bounds: Bounds) -> tuple[Choice, ...]:
        """Return the counties of further towns: 车田乡潼南区古溪镇. Only names of three characters and more count."""
        others = []
        anywhere = replace(bounds, within=frozenset(), brief=False)
        for match in NEXT_TOWN.finditer(name, at + 1):
            _, near, begin = self._prefecture(name, match.end(), anywhere)
            choice, end = self._longest(name, begin, "county", near)
            if choice.place_ids and end - match.end() > 2:
                others.append(choice)
        return tuple(others)


def _skip(name: str, at: int) -> int:
    match = BETWEEN.match(name, at)
    return match.end() if match else at
