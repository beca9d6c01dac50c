"""Counties of designations named after a town, a state farm or a regiment, by a code list of towns (towns.csv)."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from kg.places.gazetteer import Unit, comparable
from kg.places.words import PlaceWords
from kg.tables import Row
from kg.text.patterns import any_of

MIN_CHARS = 3
MAX_CHARS = 14


@dataclass(frozen=True, slots=True)
class TownWords:
    """Words in and beside the names of towns and farms (data/place_words.csv).

    tail: text after a name; owner: words before the names of farms and regiments in the code list; before: end of the
    text before a town: a division, zone, company, division of the corps, or nothing; kind: last words of the names in
    the code list, without which a name is no evidence; generic: names of farms that say what they do and nothing else,
    which farms of many counties and firms have (县良种场).
    """

    tail: re.Pattern[str]
    owner: re.Pattern[str]
    before: re.Pattern[str]
    kind: re.Pattern[str]
    generic: re.Pattern[str]

    @classmethod
    def of(cls, words: PlaceWords) -> "TownWords":
        """Make the patterns."""

        def some(kind: str) -> str:
            return any_of(words.kinds[kind])

        return cls(
            re.compile(rf"(?:\([^()]*\)|{some('after-town')})+$"),
            re.compile(f"^{some('farm-owner')}+(?=.{{2}})"),
            re.compile(f"(?:{some('before-town')}|^)$"),
            re.compile(f"{some('town-in-code-list')}$"),
            re.compile(f"^{some('farm-level')}?{some('farm-number')}?{some('farm-work')}+{some('farm')}$"),
        )


class Towns:
    """Towns by province and name."""

    def __init__(self, rows: Iterable[Row], divisions: Mapping[str, Unit], words: PlaceWords) -> None:
        self._divisions = divisions
        self._words = TownWords.of(words)
        self._counties: dict[tuple[str, str], set[str]] = defaultdict(set)
        for row in rows:
            name, county = comparable(row["name_zh"]), row["place_id"]
            for text in {name, self._words.owner.sub("", name)}:
                if self._words.kind.search(text) and not self._words.generic.match(text):
                    self._counties[f"{county[:2]}0000", text].add(county)

    def find(self, name: str, province: str, within: frozenset[str] = frozenset()) -> str:
        """Return the county of the town with which a name ends; "" if there is none or several counties have one.

        Args:
            name: in comparable form.
            province: code of the stated province.
            within: the prefecture in which the county must lie, empty if unknown.
        """
        for before, town in _ends(self._words.tail.sub("", name)):
            counties = self._counties.get((province, town), set())
            inside = {code for code in counties if not within or self._divisions[code].prefecture in within}
            if inside and (self._words.before.search(before) or self._is_province(before, province)):
                return inside.pop() if len(inside) == 1 else ""
        return ""

    def _is_province(self, text: str, province: str) -> bool:
        name = self._divisions[province].name
        return any(text.endswith(name[:length]) for length in (2, 3))


def _ends(name: str) -> Iterator[tuple[str, str]]:
    """Yield every division of a name into what stands before and a town at its end, the longest town first."""
    for at in range(max(0, len(name) - MAX_CHARS), len(name) - MIN_CHARS + 1):
        yield name[:at], name[at:]
