"""Written forms of the names of divisions: 靖州苗族侗族自治县 is 靖州县 and 靖州, too."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from kg.text.names import Cells
from kg.text.patterns import longest_first

FULL, ABBREVIATED, SHORT = 0, 1, 2
"""Forms of a name: full; shortened, with the word for its kind (靖州县); without it (靖州)."""


@dataclass(frozen=True, slots=True)
class DivisionWords:
    """The last words of names of divisions (data/place_words.csv), the longest first.

    ends: every word for a kind of division; autonomous: those of autonomous ones, before which the names of peoples
    stand; initial: of divisions that are called by their first character, too (锡盟); people: at the end of names of
    peoples.
    """

    ends: tuple[str, ...]
    autonomous: tuple[str, ...]
    initial: tuple[str, ...]
    people: tuple[str, ...]

    @classmethod
    def of(cls, rows: Iterable[Cells]) -> "DivisionWords":
        """Read the rows of the table."""
        known: dict[str, tuple[str, ...]] = defaultdict(tuple)
        for row in rows:
            known[row["kind"]] += tuple(row["words"].split(";"))
        autonomous = known["autonomous-division"]
        words = longest_first((*autonomous, *known["division"]))
        return cls(tuple(words), autonomous, known["initial-division"], known["people"])

    def forms(self, name: str, short: str, level: str) -> Iterator[tuple[str, int]]:
        """Yield the written forms of a unit's name: 靖州苗族侗族自治县 → itself, 靖州县, 靖州.

        The short name tells where the names of peoples begin; without one the word for the kind is cut off.
        """
        yield name, FULL
        if level == "province":
            yield short or name, SHORT if short else FULL
            return
        kind = next((kind for kind in self.ends if name.endswith(kind) and len(name) > len(kind) + 1), "")
        autonomous = kind in self.autonomous
        stem = name.removesuffix(kind) if kind else short or name
        if short and (autonomous or stem.endswith(self.people)):
            stem = short
        if autonomous or stem + kind != name:
            yield stem + kind[-1], ABBREVIATED
            yield stem + kind, ABBREVIATED
        if autonomous and len(stem) > 3:
            yield stem[:2] + kind[-1], ABBREVIATED
        if kind in self.initial:
            yield name[0] + kind, ABBREVIATED
        if len(stem) > 1 and stem != name:
            yield stem, SHORT
