"""Labels of the entities in findings, in Chinese and in English."""

from collections.abc import Iterable, Mapping
from functools import cached_property

from kg.release.columns import Columns
from kg.text import pinyin

Name = tuple[str, str]
"""Chinese and English; a missing language is replaced by the other, or by pinyin for kinds without English names."""

NAMES: Mapping[str, str] = {
    "programme": "SELECT programme, name_zh, name_en FROM programmes",
    "authority": "SELECT authority, coalesce(nullif(short_zh, ''), name_zh), name_en FROM authorities",
    "purpose": "SELECT purpose, label_zh, label_en FROM purposes",
    "carrier": "SELECT carrier, name_zh, name_en FROM carriers",
    "region": "SELECT region, name_zh, name_en FROM regions",
    "field": "SELECT field, label_zh, label_en FROM fields",
    "strategy": "SELECT strategy, name_zh, name_en FROM strategies",
    "position": "SELECT position, label_zh, label_en FROM positions",
    "positioning": """SELECT positioning, coalesce(regions.name_zh, places.name_zh),
        coalesce(regions.name_en, places.name_en) FROM positionings LEFT JOIN regions ON region = area
        LEFT JOIN places ON place = area""",
    "unit": "SELECT * FROM (VALUES ('county', '县级单位', 'county-level units'), ('carrier', '载体', 'carriers'))",
    "designation": "SELECT designation, name_zh, name_en FROM designations",
}
"""Kind of thing or concept scheme to the SQL of key, Chinese and English name.

A positioning is labelled by the area that claims it."""

TRANSCRIBED_KINDS = ("carrier", "topic")
"""Kinds of which some have no English name, transcribed to pinyin in English."""

MIN_NAME_CHARS = 2
"""Minimum length of a shortened place name."""

MAX_LISTED = 5
"""Maximum number of names in a list; the others are counted."""


def acronym(authority: str) -> str:
    """Return the English acronym of a body, which is its key unless that has several words; else empty."""
    return authority.upper() if "-" not in authority else ""


class Labels:
    """Labels of the entities in findings, queried once for each kind."""

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
    def _spellings(self) -> Mapping[str, str]:
        """The English names of places, with their official spelling, by the short Chinese ones."""
        return {
            chinese[:-1] if len(chinese) > MIN_NAME_CHARS and chinese[-1] in pinyin.DIVISIONS else chinese: english
            for chinese, english in self._places.values()
        }

    @cached_property
    def _vocabulary(self) -> frozenset[str]:
        """The words of transcriptions."""
        return frozenset(word for (word,) in self._columns.query("SELECT word FROM pinyin_words", {}))

    @cached_property
    def _longest(self) -> int:
        """The number of characters of the longest short name of a place."""
        return max(map(len, self._spellings), default=0)

    def of(self, kind: str, key: str) -> Name:
        """Return the name of a thing, concept or phrase; its key if it has none."""
        if kind == "place":
            return self._places.get(key, (key, key))
        if kind not in self._known:
            rows = self._columns.query(NAMES[kind], {}) if kind in NAMES else []
            self._known[kind] = {key: (chinese or english, english or "") for key, chinese, english in rows}
        chinese, english = self._known[kind].get(key, (key, ""))
        return chinese, english or (self._transcribed(chinese) if kind in TRANSCRIBED_KINDS else chinese)

    def _transcribed(self, chinese: str) -> str:
        """Return a name in pinyin, followed by itself; only the places named in it are read."""
        spans = (chinese[at : at + size] for at in range(len(chinese)) for size in range(1, self._longest + 1))
        placed = {
            name: pinyin.official_reading(name, self._spellings[name]) for name in spans if name in self._spellings
        }
        written = pinyin.transcribed(chinese, pinyin.KnownNames(placed, self._vocabulary, self._longest))
        return chinese if chinese.isascii() else f"{written} ({chinese})"

    def brief(self, authority: str) -> Name:
        """Return the short name of a body: in English the acronym if its key is one."""
        chinese, english = self.of("authority", authority)
        return chinese, acronym(authority) or english

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
        """Return names as a list in running text, at most `MAX_LISTED` of them.

        Args:
            kind: of the things.
            keys: of the things.
            unit: Chinese measure word for the total number where not all are named.
            article: prefix of each English name.
        """
        names = list(dict.fromkeys(self.of(kind, key) for key in keys))
        left = len(names) - MAX_LISTED
        chinese = "、".join(name[0] for name in names[:MAX_LISTED]) + (f"等{len(names)}{unit}" if left > 0 else "")
        english = [article + name[1] for name in names[:MAX_LISTED]] + ([f"{left} more"] if left > 0 else [])
        return chinese, " and ".join(filter(None, [", ".join(english[:-1]), *english[-1:]]))
