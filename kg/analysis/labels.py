"""What the things of findings are called, in Chinese and in English."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property

from kg.release.columns import Columns
from kg.text import pinyin

Name = tuple[str, str]
"""Chinese and English; where a language is missing, the other stands in for it, in pinyin where it can have none."""

NAMES: Mapping[str, str] = {
    "programme": "SELECT programme, name_zh, name_en FROM programmes",
    "authority": "SELECT authority, coalesce(nullif(short_zh, ''), name_zh), name_en FROM authorities",
    "purpose": "SELECT purpose, label_zh, label_en FROM purposes",
    "carrier": "SELECT carrier, name_zh, '' FROM carriers",
    "region": "SELECT region, name_zh, name_en FROM regions",
    "field": "SELECT field, label_zh, label_en FROM fields",
    "strategy": "SELECT strategy, name_zh, name_en FROM strategies",
    "position": "SELECT position, label_zh, label_en FROM positions",
    "positioning": """SELECT positioning, coalesce(regions.name_zh, places.name_zh),
        coalesce(regions.name_en, places.name_en) FROM positionings LEFT JOIN regions ON region = area
        LEFT JOIN places ON place = area""",
    "unit": "SELECT * FROM (VALUES ('county', '县级单位', 'county-level units'), ('carrier', '载体', 'carriers'))",
    "designation": "SELECT designation, name_zh, '' FROM designations",
}
"""Kind of thing or scheme of concepts to the SQL that gives key, Chinese and English name.

A positioning is called after the area that claims it; by units programmes are counted together."""

ALOUD = ("carrier", "topic", "designation")
"""Kinds that have no English names: readers of English get them in pinyin."""

SHORTEST = "昆山"
"""No name of a place is shortened to fewer characters."""

SHOWN = 5
"""So many names are listed before the others are counted."""


class Labels:
    """The names of everything that a finding is about, read from the columns once for each kind."""

    def __init__(self, columns: Columns) -> None:
        self._columns = columns
        self._known: dict[str, dict[str, Name]] = {}

    @cached_property
    def _provinces(self) -> dict[str, str]:
        return dict(self._columns.query("SELECT place, province FROM places", {}))

    @cached_property
    def _places(self) -> dict[str, Name]:
        rows = self._columns.query("SELECT place, name_zh, name_en FROM places", {})
        return {place: (chinese, english or chinese) for place, chinese, english in rows}

    @cached_property
    def _readings(self) -> pinyin.Known:
        """The short names of places as their official spelling says that they are read."""
        found: dict[str, Sequence[str]] = {}
        for chinese, english in self._places.values():
            short = chinese[:-1] if len(chinese) > len(SHORTEST) and chinese[-1] in pinyin.DIVISIONS else chinese
            found[short] = pinyin.fitting(chinese, english)[: len(short)]
        return pinyin.Known(found)

    def of(self, kind: str, key: str) -> Name:
        """Return the name of a thing, concept or phrase; its key where the columns have none."""
        if kind == "place":
            return self._places.get(key, (key, key))
        if kind not in self._known:
            rows = self._columns.query(NAMES[kind], {}) if kind in NAMES else []
            self._known[kind] = {key: (chinese or english, english or "") for key, chinese, english in rows}
        chinese, english = self._known[kind].get(key, (key, ""))
        return chinese, english or (self._aloud(chinese) if kind in ALOUD else chinese)

    def _aloud(self, chinese: str) -> str:
        written = pinyin.transcribed(chinese, self._readings)
        return chinese if chinese.isascii() else f"{written} ({chinese})"

    def place(self, code: str) -> Name:
        """Return the name of a place with that of its province."""
        chinese, english = self.of("place", code)
        province = self._provinces.get(code, "")
        if province in ("", code):
            return chinese, english
        above = self.of("place", province)
        return above[0] + chinese, f"{english}, {above[1]}"

    def province(self, code: str) -> Name:
        """Return the name of the province of a place."""
        return self.of("place", self._provinces.get(code) or code)

    def listed(self, kind: str, keys: Iterable[str], unit: str = "个", article: str = "") -> Name:
        """Return names as a list in running text, no more than `SHOWN` of them by name.

        Args:
            kind: of the things.
            keys: of the things.
            unit: the Chinese measure word, for the number of them where not all are named.
            article: stands before each English name.
        """
        names = list(dict.fromkeys(self.of(kind, key) for key in keys))
        left = len(names) - SHOWN
        chinese = "、".join(name[0] for name in names[:SHOWN]) + (f"等{len(names)}{unit}" if left > 0 else "")
        english = [article + name[1] for name in names[:SHOWN]] + ([f"{left} more"] if left > 0 else [])
        return chinese, " and ".join(filter(None, [", ".join(english[:-1]), *english[-1:]]))
