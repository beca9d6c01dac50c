"""Find the divisions that a plate's name begins with: 四川省眉山市东坡区现代农业产业园."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from kg.places.choosing import NOTHING, Choice, choose
from kg.places.names import ABBREVIATED, SHORT, Index, Unit

BEFORE = re.compile(r"(?:中国)?\(?")
"""What may stand before the first division: 中国(上海)自由贸易试验区."""
BETWEEN = re.compile(r"[()\-—]*(?:省?农垦总局|农垦)?[()\-—]*")
"""What may stand between two divisions."""
OTHER_WORD = re.compile("[镇乡街村县市区旗州盟]|农场|林场|牧场|垦区|山|湖|大学|学院")
"""After a short name of a county: it was part of another word (鼓楼街道, 和平镇, 建设农场)."""
NEXT_TOWN = re.compile(r"(?<=[镇乡场])[;、:,]?|(?<=街道)[;、:,]?|[;:、,]")
"""Where the next place may begin in a row that names several towns."""


@dataclass(frozen=True, slots=True)
class Found:
    """Divisions at the beginning of a name: province, prefecture and county where they stand there.

    prefecture, county: choices, empty where none stands there; other: counties of further towns in the same name;
    whole: nothing follows but the words of the programme that were cut off before; doubtful: a name that fits several
    units, "" where none.
    """

    province: str = ""
    prefecture: Choice = NOTHING
    county: Choice = NOTHING
    other: tuple[Choice, ...] = ()
    whole: bool = False
    doubtful: str = ""


@dataclass(frozen=True, slots=True)
class Bounds:
    """In which bounds a name is read.

    province: code of the stated province, "" where none is stated; within: places in which the county is stated to
    lie, empty where nothing is stated; year: that of the source; brief: whether names without the word for their kind
    count (常熟): not in names of organisations, where they are often brands.
    """

    province: str
    within: frozenset[str]
    year: int | None
    brief: bool


@dataclass(frozen=True, slots=True)
class Scanner:
    """Reads names with the index of names and the divisions of today."""

    index: Index
    divisions: Mapping[str, Unit]

    def scan(self, name: str, bounds: Bounds) -> Found:
        """Read the divisions at the beginning of a name in comparable form."""
        start = BEFORE.match(name)
        place = start.end() if start else 0
        if not bounds.province:
            bounds = replace(bounds, province=self._province(name, place, brief=bounds.brief))
            if not bounds.province:
                return Found()
        end = self._own_name(name, place, bounds.province)
        at = _skip(name, end) if end > place else place
        prefecture, bounds, at = self._prefecture(name, at, bounds)
        county, end = self._longest(name, at, "county", bounds)
        if not county.fits and not prefecture.place_ids:
            # The stated prefecture contradicts a whole name that is the only one of its kind in the province.
            county, end = self._longest(name, at, "county", replace(bounds, within=frozenset(), brief=False))
        if county.fits > 1:
            return Found(bounds.province, prefecture, doubtful=name[at:end])
        if not county.place_ids:
            return Found(bounds.province, prefecture, whole=at >= len(name))
        return Found(bounds.province, prefecture, county, self._others(name, end, bounds), end >= len(name))

    def _prefecture(self, name: str, at: int, bounds: Bounds) -> tuple[Choice, Bounds, int]:
        """Read the prefecture at a place of a name, unless a county with a longer name stands there."""
        prefecture, end = self._longest(name, at, "prefecture", replace(bounds, within=frozenset()))
        county, county_end = self._longest(name, at, "county", bounds)
        if not prefecture.place_ids or (county.fits and county_end > end):
            return NOTHING, bounds, at
        return prefecture, replace(bounds, within=frozenset(prefecture.place_ids)), _skip(name, end)

    def _province(self, name: str, place: int, *, brief: bool) -> str:
        """Return the province with whose name, or with the unmistakable name of whose prefecture, a name begins."""
        for end in range(min(len(name), place + 11), place + 1, -1):
            text = name[place:end]
            if text in self.index.provinces:
                return self.index.provinces[text]
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
            if not entries:
                continue
            choice = choose(entries, self.divisions, {level}, bounds.within, bounds.year)
            other_word = level == "county" and OTHER_WORD.match(name, end)
            if choice.fits and (choice.form < SHORT or (bounds.brief and not other_word)):
                return choice, end
        return NOTHING, at

    def _others(self, name: str, at: int, bounds: Bounds) -> tuple[Choice, ...]:
        """Return the counties of further towns: 车田乡潼南区古溪镇. Only names of three characters and more count."""
        others = []
        anywhere = replace(bounds, within=frozenset(), brief=False)
        for match in NEXT_TOWN.finditer(name, at + 1):
            choice, end = self._longest(name, match.end(), "county", anywhere)
            if choice.place_ids and end - match.end() > 2:
                others.append(choice)
        return tuple(others)


def _skip(name: str, at: int) -> int:
    match = BETWEEN.match(name, at)
    return match.end() if match else at
