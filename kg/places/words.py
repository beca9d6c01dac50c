"""Words in names of places, and beside them, that tell what is meant (data/place_words.csv)."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from kg.tables import Row
from kg.text.patterns import NOTHING, any_of, one_of

SIGNS = r"[()\-—]*"
"""Brackets and dashes between two divisions."""


@dataclass(frozen=True, slots=True)
class PlaceWords:
    """The words by what they tell; `kinds` has all of them.

    other_word: after the short name of a county makes it part of another word (鼓楼街道, 建设农场, 江汉平原).
    landscape: a short name that is first of all a mountain or water (井冈山经济技术开发区 lies in 吉安县).
    region: begins like the short name of a county (中原, 新兴产业, 钱塘江流域, 滨海湿地, 南海海洋).
    section: part of a zone, named after its county (南山片区).
    between: text allowed between two divisions (黑龙江省农垦总局, 新疆兵团第八师).
    above_county: what is no division and stands before a county (第八师石河子市, 雄安新区雄县).
    corps_division: a division of the corps at the beginning of a name (兵团第八师).
    next_town: positions where the next place may begin in a name of several towns (车田乡潼南区古溪镇).
    """

    other_word: re.Pattern[str]
    landscape: re.Pattern[str]
    region: re.Pattern[str]
    section: re.Pattern[str]
    between: re.Pattern[str]
    above_county: re.Pattern[str]
    corps_division: re.Pattern[str]
    next_town: re.Pattern[str]
    kinds: Mapping[str, tuple[str, ...]]

    @classmethod
    def of(cls, rows: Iterable[Row]) -> "PlaceWords":
        """Read the rows of the table."""
        known: dict[str, list[Row]] = defaultdict(list)
        for row in rows:
            known[row["kind"]].append(row)
        kinds: dict[str, tuple[str, ...]] = defaultdict(tuple)
        kinds |= {kind: tuple(word for row in found for word in row.many("words")) for kind, found in known.items()}
        corps, troops = any_of(kinds["corps"]), any_of(kinds["corps-division"])
        others = any_of((*kinds["corps"], *kinds["state-farms"]))
        return cls(
            re.compile(one_of(kinds["other-word"])),
            re.compile(f".{{2,}}(?:{one_of(kinds['landscape'])})"),
            re.compile("|".join(_regions(known, kinds["county"])) or NOTHING),
            re.compile(one_of(kinds["section"])),
            re.compile(f"{SIGNS}{others}?{SIGNS}{troops}?"),
            re.compile(f"(?:(?:{corps})?{troops}|{any_of(kinds['new-area'])})(?=.)"),
            re.compile(f"(?:{corps})?{troops}"),
            re.compile(f"(?:{_after(kinds['town-in-name'])})[;、:,]?|[;、:,]"),
            kinds,
        )


def _regions(known: Mapping[str, list[Row]], counties: Iterable[str]) -> list[str]:
    """Return the patterns of regions; those named after waters have one to three characters of no county before."""
    before = f"[^{''.join(counties)}]{{1,3}}" if counties else ".{1,3}"
    return [*map(_region, known["region"]), *(before + _region(row) for row in known["waters"])]


def _region(row: Row) -> str:
    return any_of(row.many("words"), row.many("followed_by"), row.many("not_followed_by"))


def _after(words: Iterable[str]) -> str:
    """Return the pattern of the position after any of some words."""
    return "|".join(f"(?<={re.escape(word)})" for word in words) or NOTHING
