"""Places in the names of designations: those that lie on one chain with the designation, or in its province."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kg.places.division_words import FULL, DivisionWords
from kg.places.words import PlaceWords
from kg.tables import Package, Row
from kg.text import english
from kg.text.english import Place, PlaceAt, Words

NAME, CHINESE = "name_en", "name_zh"
MUNICIPALITY = "municipality"


@dataclass(frozen=True)
class Places:
    """Today's divisions under their Chinese names.

    rows: by code; forms: Chinese name to (code, whether it is the whole name); chains: code to itself and those above;
    landscape: words that make a name before them that of a mountain or water; kinds: last characters of names of
    places, which follow a short name where the place is of another kind today (漠河县).
    """

    rows: Mapping[str, Row]
    forms: Mapping[str, Sequence[tuple[str, bool]]]
    chains: Mapping[str, tuple[str, ...]]
    longest: int
    landscape: tuple[str, ...]
    kinds: tuple[str, ...]

    @classmethod
    def of(cls, package: Package) -> "Places":
        """Read the divisions of a package."""
        rows = package.index("places")
        divisions, words = (
            DivisionWords.of(package.rows("place_words")),
            PlaceWords.of(package.rows("place_words")),
        )
        found: dict[str, list[tuple[str, bool]]] = defaultdict(list)
        for code, row in rows.items():
            if row["parent_id"]:
                for form, how in divisions.forms(row["name_zh"], row["short_zh"], row["level"]):
                    if len(form) > 1:
                        found[form].append((code, how == FULL))
        for row in package.rows("place_aliases"):
            name = row["name"]
            for code in row.many("place_ids"):
                if name.endswith(divisions.ends) and _is_abbreviation(name, rows[code][CHINESE]):
                    found[name].append((code, False))
        chains = {code: _chain(rows, code) for code in rows}
        renamed = tuple(word for word in divisions.ends if len(word) == 1)
        return cls(rows, found, chains, max(map(len, found)), words.kinds["coast"], renamed)

    def near(self, area: Sequence[str], words: Words) -> PlaceAt:
        """Return what finds places that a designation in an area may mean: those on its chain, else in its province."""

        def place_at(text: str) -> Place | None:
            for length in range(min(len(text), self.longest), 1, -1):
                known = self.forms.get(text[:length], ())
                if known and (found := self._meant(known, area)):
                    code, whole = found
                    if not whole and self._is_landscape(text[length:], words, place_at):
                        continue
                    former = not whole and text[length : length + 1] in self.kinds
                    return self._place(length + former, code, whole=whole)
            return None

        return place_at

    def _meant(self, known: Sequence[tuple[str, bool]], area: Sequence[str]) -> tuple[str, bool] | None:
        """Return the unit meant among those of a name; where no place is known, the only one above counties."""
        if not area:
            above = [each for each in known if self.rows[each[0]]["level"] != "county"]
            return above[0] if len(above) == 1 else None
        near = (each for each in known if any(self._on_one_chain(each[0], other) for other in area))
        same = (each for each in known if any(each[0][:2] == other[:2] for other in area))
        return next(near, None) or next(same, None)

    def _is_landscape(self, rest: str, words: Words, place_at: PlaceAt) -> bool:
        """Whether what follows a short name makes it a mountain or water (胶州|湾), not the place."""
        return rest.startswith(self.landscape) and not words.translated(rest) and not place_at(rest)

    def at(self, level: str, area: Sequence[str]) -> str:
        """Return the English name of the first place of an area, or of the one above it, of a level; else empty."""
        chain = (code for each in area for code in self.chains[each])
        return next((english.stem(self.rows[code][NAME]) for code in chain if self.rows[code]["level"] == level), "")

    def _on_one_chain(self, code: str, other: str) -> bool:
        return code in self.chains[other] or other in self.chains[code]

    def _place(self, length: int, code: str, *, whole: bool) -> Place:
        row = self.rows[code]
        name = row[NAME].partition(" (")[0] if whole else english.stem(row[NAME])
        level = "prefecture" if MUNICIPALITY in row.many("ranks") else row["level"]
        return Place(length, name.removesuffix(" City"), self.chains[code], level)


def _is_abbreviation(alias: str, name: str) -> bool:
    """Whether an alias consists of characters of a name in their order: 科左中旗, but not 金普新区 of 金州区."""
    rest = iter(name)
    return all(character in rest for character in alias)


def _chain(rows: Mapping[str, Row], code: str) -> tuple[str, ...]:
    above = rows[code]["parent_id"]
    return (code, *_chain(rows, above)) if above and rows[above]["parent_id"] else (code,)
