"""Index of the current and former names of divisions, by province."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from kg.places.division_words import ABBREVIATED, FULL, SHORT, DivisionWords
from kg.tables import Row
from kg.text.characters import unified


def comparable(text: str) -> str:
    """Return a text with letters and digits of normal width, without spaces and middle dots."""
    return re.sub(r"[\s·•・‧]", "", unified(text))


@dataclass(frozen=True, slots=True)
class Unit:
    """A current division: code, name, level, province and prefecture in which it lies.

    A municipality is its own prefecture; a county-level unit directly under its province has prefecture "". lowest:
    counts as a county (counties, and prefectures without any); planned: a separately planned city.
    """

    code: str
    name: str
    level: str
    province: str
    prefecture: str
    lowest: bool
    planned: bool


@dataclass(frozen=True, slots=True)
class Entry:
    """One name of one unit.

    form: see `FULL`; level: of the unit when it had the name; place_ids: the current units of its territory; first,
    last: years of its use, 0 and 9999 if in use today; today: whether the unit still exists; zone: it is no division,
    but a zone that lies in all these units (雄安新区).
    """

    text: str
    form: int
    level: str
    place_ids: tuple[str, ...]
    first: int
    last: int
    today: bool
    zone: bool = False


def units(rows: Iterable[Row]) -> dict[str, Unit]:
    """Return the current divisions below the country by code."""
    rows = [row for row in rows if row["level"] != "country"]
    municipalities = {row["id"] for row in rows if "municipality" in row.many("ranks")}
    parents = {row["parent_id"] for row in rows}
    found = {}
    for row in rows:
        code, parent = row["id"], row["parent_id"]
        if row["level"] == "province":
            prefecture = code if code in municipalities else ""
        else:
            prefecture = code if row["level"] == "prefecture" else "" if parent[2:] == "0000" else parent
            prefecture = parent if parent in municipalities else prefecture
        lowest = row["level"] == "county" or (row["level"] == "prefecture" and code not in parents)
        planned = "separately-planned-city" in row.many("ranks")
        found[code] = Unit(code, row["name_zh"], row["level"], f"{code[:2]}0000", prefecture, lowest, planned)
    return found


class Index:
    """Names by province; provinces, prefectures and current counties also nationwide.

    country: its short name; prefectures: codes by name of today; former: provinces by former name of a prefecture
    (襄樊).
    """

    def __init__(
        self, places: Iterable[Row], former: Iterable[Row], aliases: Iterable[Row], words: DivisionWords
    ) -> None:
        self._words = words
        self.country = ""
        self.by_province: dict[str, dict[str, list[Entry]]] = {}
        self.provinces: dict[str, str] = {}
        self.prefectures: dict[str, set[str]] = {}
        self.former: dict[str, set[str]] = {}
        self.counties: set[str] = set()
        levels: dict[str, str] = {}
        for row in places:
            levels[row["id"]] = row["level"]
            if row["level"] == "country":
                self.country = row["short_zh"]
            else:
                self._add(row, (row["id"],), 0, 9999, today=True)
        for row in former:
            self._add(row, tuple(row.many("place_ids")), int(row["valid_from"]), int(row["valid_to"]), today=False)
        for row in aliases:
            self._add_alias(row["name"], tuple(row.many("place_ids")), levels)
        self.max_name_chars = max(len(text) for names in self.by_province.values() for text in names)

    def _add(self, row: Row, place_ids: tuple[str, ...], first: int, last: int, *, today: bool) -> None:
        written: dict[str, int] = {}
        for text, form in self._words.forms(row["name_zh"], row["short_zh"], row["level"]):
            written.setdefault(text, form)
        for text, form in written.items():
            for province in sorted({f"{code[:2]}0000" for code in place_ids}):
                there = tuple(code for code in place_ids if code[:2] == province[:2])
                entry = Entry(text, form, row["level"], there, first, last, today)
                self.by_province.setdefault(province, {}).setdefault(text, []).append(entry)
            if row["level"] == "province":
                self.provinces[text] = row["id"]
            elif row["level"] == "prefecture" and not today:
                self.former.setdefault(text, set()).update(f"{code[:2]}0000" for code in place_ids)
            elif row["level"] == "prefecture" and today:
                self.prefectures.setdefault(text, set()).add(row["id"])
            elif row["level"] == "county" and today and form == FULL:
                self.counties.add(text)

    def _add_alias(self, name: str, place_ids: tuple[str, ...], levels: Mapping[str, str]) -> None:
        """Add a customary name; one that ends in the word for a kind of division (巴州) is as certain as a full one."""
        form, code = ABBREVIATED if name.endswith(self._words.ends) else SHORT, place_ids[0]
        if levels[code] == "province":
            self.provinces[name] = code
        entry = Entry(name, form, levels[code], place_ids, 0, 9999, today=True, zone=len(place_ids) > 1)
        self.by_province.setdefault(f"{code[:2]}0000", {}).setdefault(name, []).append(entry)

    def find(self, province: str, text: str) -> list[Entry]:
        """Return the entries of a name in a province."""
        return self.by_province.get(province, {}).get(text, [])
