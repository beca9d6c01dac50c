"""Words in names that tell whether the short name of a county stands there for the county (data/place_words.csv)."""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from kg.tables import Row
from kg.text.names import one_of


@dataclass(frozen=True, slots=True)
class PlaceWords:
    """The words by what they tell.

    other_word: after the short name of a county makes it part of another word (鼓楼街道, 建设农场, 江汉平原).
    landscape: a short name that is first of all a mountain or water (井冈山经济技术开发区 lies in 吉安县).
    region: begins like the short name of a county (中原, 新兴产业, 钱塘江流域, 滨海湿地, 南海海洋).
    section: part of a zone, named after its county (南山片区).
    coast: after a name, or at the end of a district's, makes it a mountain, water or coast (鄱阳湖, 天山).
    strait: after the name of a province makes it that of a strait (台湾海峡).

    At the end of names: product: short names in it are those of products (哈密瓜, 普洱茶); several_counties: a zone in
    several counties, which the short name of one does not locate; zone: lies within a county; field_station: begins
    with its place; observation_station: its place stands right before.
    """

    other_word: re.Pattern[str]
    landscape: re.Pattern[str]
    region: re.Pattern[str]
    section: re.Pattern[str]
    coast: tuple[str, ...]
    strait: tuple[str, ...]
    product: tuple[str, ...]
    several_counties: tuple[str, ...]
    zone: tuple[str, ...]
    field_station: tuple[str, ...]
    observation_station: tuple[str, ...]

    @classmethod
    def of(cls, rows: Iterable[Row]) -> "PlaceWords":
        """Read the rows of the table."""
        known: dict[str, list[Row]] = defaultdict(list)
        for row in rows:
            known[row["kind"]].append(row)

        def words(kind: str) -> tuple[str, ...]:
            return tuple(word for row in known[kind] for word in row.many("words"))

        regions = [*map(_region, known["region"]), *(f"[^区县市]{{1,3}}{_region(row)}" for row in known["waters"])]
        return cls(
            re.compile(one_of(words("other-word"))),
            re.compile(f".{{2,}}(?:{one_of(words('landscape'))})"),
            re.compile("|".join(regions) or "(?!)"),
            re.compile(one_of(words("section"))),
            *map(words, ("coast", "strait", "product", "several-counties", "zone")),
            *map(words, ("field-station", "observation-station")),
        )


def _region(row: Row) -> str:
    """Return the pattern of a word with what must or must not follow it."""
    pattern = f"(?:{one_of(row.many('words'))})"
    if row["followed_by"]:
        pattern += f"(?:{one_of(row.many('followed_by'))})"
    return f"{pattern}(?!{one_of(row.many('not_followed_by'))})" if row["not_followed_by"] else pattern
