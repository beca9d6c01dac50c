"""Counties of designations named after a town, a state farm or a regiment, by a code list of towns (towns.csv)."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from kg.places.gazetteer import Unit, comparable
from kg.tables import Row

TAIL = re.compile(r"(?:\([^()]*\)|(?:有限|有限责任)?公司|现代农业产业园|国家农业科技园区?)+$")
"""Text after the name of a town or farm."""
OWNER = re.compile("^(?:国营|国有|兵团|农[一二三四五六七八九十]+师)+(?=.{2})")
"""Words before the names of farms and regiments in the code list."""
BEFORE = re.compile("(?:[省市县区旗州盟局团司师场处]|^)$")
"""End of the text before a town: a division, zone, company, division of the corps, or nothing."""
KIND = re.compile("(?:镇|乡|街道|苏木|农场|林场|牧场|团场?|管理区|管理处|场)$")
"""Suffixes of the names of towns; a name without one is no evidence."""
GENERIC = re.compile(
    "^[省市县]?(?:第[一二三四五六七八九十])?(?:良种|原种|种[畜羊牛猪马]|园艺|畜牧|苗圃|蚕种|果树|水产|[养繁]殖|繁育|示范)+场$"
)
"""Names of farms that say what they do and nothing else, which farms of many counties and firms have."""
MIN_CHARS = 3
MAX_CHARS = 14


class Towns:
    """Towns by province and name."""

    def __init__(self, rows: Iterable[Row], divisions: Mapping[str, Unit]) -> None:
        self._divisions = divisions
        self._counties: dict[tuple[str, str], set[str]] = defaultdict(set)
        for row in rows:
            name, county = comparable(row["name_zh"]), row["place_id"]
            for text in {name, OWNER.sub("", name)}:
                if KIND.search(text) and not GENERIC.match(text):
                    self._counties[f"{county[:2]}0000", text].add(county)

    def find(self, name: str, province: str, within: frozenset[str] = frozenset()) -> str:
        """Return the county of the town with which a name ends; "" if there is none or several counties have one.

        Args:
            name: in comparable form.
            province: code of the stated province.
            within: the prefecture in which the county must lie, empty if unknown.
        """
        for before, town in _ends(TAIL.sub("", name)):
            counties = self._counties.get((province, town), set())
            inside = {code for code in counties if not within or self._divisions[code].prefecture in within}
            if inside and (BEFORE.search(before) or self._is_province(before, province)):
                return inside.pop() if len(inside) == 1 else ""
        return ""

    def _is_province(self, text: str, province: str) -> bool:
        name = self._divisions[province].name
        return any(text.endswith(name[:length]) for length in (2, 3))


def _ends(name: str) -> Iterator[tuple[str, str]]:
    """Yield every division of a name into what stands before and a town at its end, the longest town first."""
    for at in range(max(0, len(name) - MAX_CHARS), len(name) - MIN_CHARS + 1):
        yield name[:at], name[at:]
