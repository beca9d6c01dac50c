"""English phrases for Chinese names: places and words by their English, proper names in pinyin.

A name is read as a proper name (places, the core of the name) and a topic. The words stand in a table
(data/english_words.csv), the places are given by who knows where the named thing lies.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace

from kg.text.characters import unified
from kg.text.names import Cells

SAME = str.maketrans("（）／—－–•‧∙", "()/---···", "“”\"'‘’ \u3000")
"""Marks that are written as one, and marks that are left out."""
SEPARATORS = "()-·、,"
"""Marks between places."""
MIN_CORE_CHARS, MAX_CORE_CHARS = 2, 6
"""Length of a core before a translated topic: a shorter one is part of a word, a longer one hides other words."""
AREA = "(?:(?:New|Forest|Forestry) )?Area"
UNIT = f"(?:(?:Autonomous )?(?:Region|Prefecture|County|Banner)|Province|City|District|League|{AREA})"
STEM = re.compile(rf"(.+?) {UNIT}$")
"""An English name of a place before the words for its kind."""
COMMA = ","
PROVINCE = "province"
"""Level of a place that is left out before a region in it: 四川成德绵."""


@dataclass(frozen=True, slots=True)
class Place:
    """A place at the beginning of a text: length in the text, English, code with those above, level.

    Names of regions and lakes have neither code nor level.
    """

    length: int
    english: str
    within: tuple[str, ...] = ()
    level: str = ""

    def relation(self, other: "Place") -> str:
        """Return how it lies to a place before it: `inside`, `same`, `around`, `beside`; empty if that is unknown."""
        if not self.within or not other.within:
            return ""
        if self.within[0] == other.within[0]:
            return "same"
        if other.within[0] in self.within:
            return "inside"
        return "around" if self.within[0] in other.within else "beside"


PlaceAt = Callable[[str], Place | None]
"""Returns the longest place at the beginning of a text that may be meant."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """A name in English: proper (places and core) and topic; either may be empty. ends: role of its last word."""

    proper: str = ""
    topic: str = ""
    ends: str = ""

    @property
    def whole(self) -> str:
        """The entire phrase."""
        return " ".join(filter(None, (self.proper, self.topic)))


def plain(text: str) -> str:
    """Return a name with one form of each bracket and dash, without quotation marks and white space."""
    return unified(text).translate(SAME)


def stems(name: str) -> list[str]:
    """Return the shorter forms of a place's English name, the longest first: without its kind, without its people.

    Kunshan City is Kunshan; Qapqal Xibe Autonomous County is Qapqal Xibe, and Qapqal.
    """
    bare = name.partition(" (")[0]
    match = STEM.fullmatch(bare)
    found = [match[1] if match else bare]
    if match and " Autonomous " in name and " " in found[0]:
        found.append(found[0].partition(" ")[0])
    return [form for form in found if form != name]


def stem(name: str) -> str:
    """Return the shortest form of a place's English name."""
    return next(reversed(stems(name)), name)


@dataclass
class Words:
    """The words of the table by role: topic, kind (of a zone or body), name, division, legal-form, joiner.

    english: word to its English; roles: word to its role; longest: maximum length of a word.
    """

    english: Mapping[str, str]
    roles: Mapping[str, str]
    longest: int
    _known: dict[str, tuple[str, ...] | None] = field(default_factory=dict)

    @classmethod
    def of(cls, rows: Iterable[Cells]) -> "Words":
        """Read the rows of the table."""
        listed = list(rows)
        english = {row["word"]: row["english"] for row in listed}
        return cls(english, {row["word"]: row["role"] for row in listed}, max(map(len, english), default=0))

    def ending(self, text: str, role: str) -> str:
        """Return the longest word of a role at the end of a text, empty if there is none."""
        lengths = range(min(len(text), self.longest), 0, -1)
        return next((text[-length:] for length in lengths if self.roles.get(text[-length:]) == role), "")

    def beginning(self, text: str, role: str) -> str:
        """Return the longest word of a role at the beginning of a text, empty if there is none."""
        lengths = range(min(len(text), self.longest), 0, -1)
        return next((text[:length] for length in lengths if self.roles.get(text[:length]) == role), "")

    def first_end(self, text: str, role: str) -> int:
        """Return where the first word of a role in a text ends, 0 if there is none."""
        ends = [end for end in range(1, len(text) + 1) if self.ending(text[:end], role)]
        return next((end for end in ends if end + 1 not in ends), 0)

    def translated(self, text: str) -> str:
        """Return the English of a text that consists of words of the table, as few as possible; else empty."""
        words = self._cut(text)
        if not words or "joiner" in (self.roles[words[0]], self.roles[words[-1]]):
            return ""
        joined = " ".join(self.english[word] for word in words).replace(f" {COMMA}", COMMA)
        return re.sub(r"\b(and) and\b", r"\1", joined)

    def _cut(self, text: str) -> tuple[str, ...] | None:
        """Return the fewest words that a text consists of, None if it does not."""
        if not text:
            return ()
        if text not in self._known:
            found: tuple[str, ...] | None = None
            for length in range(min(len(text), self.longest), 0, -1):
                if self.roles.get(text[:length], "division") in ("division", "legal-form"):
                    continue
                rest = self._cut(text[length:])
                if rest is not None and (found is None or len(rest) + 1 < len(found)):
                    found = (text[:length], *rest)
            self._known[text] = found
        return self._known[text]


@dataclass(frozen=True)
class Reader:
    """Reads names as phrases.

    words: the table; bodies: names of organisations, plain, to their English names; transcribed: returns pinyin.
    """

    words: Words
    bodies: Mapping[str, str]
    transcribed: Callable[[str], str]

    def topic(self, text: str) -> str:
        """Return a topic translated, in pinyin if a word is missing: never half of it."""
        return self.words.translated(text) or self.transcribed(text)

    def phrase(self, text: str, place_at: PlaceAt, *, split: bool = False) -> Phrase:
        """Return a name as a phrase.

        Args:
            text: plain.
            place_at: finds places.
            split: whether the name is a proper name before a topic, as in names of stations (尖峰岭|森林生态系统);
                else only the words for a kind of zone or body are parted from a core (望春|工业园区).
        """
        if known := self.bodies.get(text):
            return Phrase(known, ends="body")
        if end := self.words.first_end(text, "legal-form"):
            company, unit = self._company(text[:end], place_at), text[end:].strip(SEPARATORS)
            name = ", ".join(filter(None, (company, unit and self.phrase(unit, place_at).whole)))
            return Phrase(name, ends="legal-form")
        places, rest = self._places(text, place_at)
        found = self._rest(rest, place_at, split=split)
        return replace(found, proper=" ".join(filter(None, (places, found.proper))))

    def _company(self, text: str, place_at: PlaceAt) -> str:
        """Return the name of a company: its places, what follows in pinyin, and its legal form in English."""
        if self.words.roles.get(text) == "name":
            return self.words.english[text]
        places: list[Place] = []
        form = self.words.ending(text, "legal-form")
        text = text.removesuffix(form).rstrip("(")
        while (place := place_at(text)) and (not places or place.relation(places[-1]) == "inside"):
            places.append(place)
            text = text[place.length :]
        core = self.transcribed(text) if text else ""
        return " ".join(filter(None, (*(place.english for place in places), core, self.words.english[form])))

    def topic_first(self, text: str, place_at: PlaceAt) -> Phrase:
        """Return a topic before a proper name (农业环境|顺义) as a phrase; the longest topic that can be translated."""
        for at in range(len(text) - 1, 0, -1):
            if topic := self.words.translated(text[:at]):
                return Phrase(self.phrase(text[at:], place_at).whole, topic)
        return self.phrase(text, place_at)

    def _places(self, text: str, place_at: PlaceAt) -> tuple[str, str]:
        """Return the places, and other names, at the beginning of a text in English, and what follows them."""
        named: list[tuple[str, Place]] = []
        between, rest = "", text
        while rest:
            place = self._place(rest, place_at)
            if place and not (named and not between and _is_other(place, named[-1][1])):
                _add(named, place, between)
                between, rest = "", rest[place.length :]
            elif rest[0] in SEPARATORS:
                between, rest = between + rest[0], rest[1:]
            else:
                break
        return "".join(mark + place.english for mark, place in named), rest.strip(SEPARATORS)

    def _place(self, text: str, place_at: PlaceAt) -> Place | None:
        """Return the place, or the longer name of the table, at the beginning of a text."""
        place, name = place_at(text), self.words.beginning(text, "name")
        if name and (not place or len(name) > place.length):
            return Place(len(name), self.words.english[name])
        return place

    def _rest(self, text: str, place_at: PlaceAt, *, split: bool) -> Phrase:
        """Return what follows the places: a topic, a core with what it is, a zone with a part of it, or pinyin."""
        text = "".join(sign for sign in text if sign not in "()")
        if topic := self.words.translated(text):
            return Phrase(topic=topic, ends=self._ends(text))
        if found := self._zone_with_part(text, place_at):
            return found
        ends = self._ends(text)
        if (split or ends == "kind") and (parts := self._parted(text)):
            return Phrase(self._core(parts[0]), self.words.translated(parts[1]), ends)
        return Phrase(self._core(text), ends=ends)

    def _core(self, text: str) -> str:
        """Return a proper name in pinyin, with the English word for its division."""
        division = self.words.ending(text, "division") if self._ends(text) == "division" else ""
        name = text.removesuffix(division)
        return " ".join(filter(None, (self.transcribed(name) if name else "", self.words.english.get(division, ""))))

    def _zone_with_part(self, text: str, place_at: PlaceAt) -> Phrase | None:
        """Return a zone, and a zone or place in it (自贸试验区|济南|片区), None if either is unknown."""
        for at in range(len(text) - 1, 1, -1):
            if self._ends(text[:at]) == "kind" and (zone := self.words.translated(text[:at])):
                places, rest = self._places(text[at:], place_at)
                part = self._rest(rest, place_at, split=False) if rest else Phrase()
                if part.topic or part.ends == "division" or (places and not rest):
                    return Phrase(" ".join(filter(None, (zone, places, part.proper))), part.topic, "kind")
        return None

    def _ends(self, text: str) -> str:
        """Return whether a text ends in a word for a kind or a division, the longer one; else empty."""
        kind, division = self.words.ending(text, "kind"), self.words.ending(text, "division")
        return (
            "kind" if len(kind) > len(division) else "division" if len(text) != len(division) + 1 and division else ""
        )

    def _parted(self, text: str) -> tuple[str, str] | None:
        """Return core and topic, the longest one that can be translated; None if the core would be no proper name."""
        for at in range(MIN_CORE_CHARS, min(len(text), MAX_CORE_CHARS + 1)):
            if self.words.translated(text[at:]):
                return text[:at], text[at:]
        return None


def _is_other(place: Place, last: Place) -> bool:
    """Whether a place right after another one cannot be meant, unless both are prefectures: 库尔勒市|阿瓦提|农场."""
    return place.relation(last) == "beside" and {place.level, last.level} != {"prefecture"}


def _add(named: list[tuple[str, Place]], place: Place, between: str) -> None:
    """Add a place to those before it; one inside the last takes its place, as does a region in a province."""
    relation = place.relation(named[-1][1]) if named else ""
    if relation in ("same", "around"):
        return
    if relation == "inside" or (named and named[-1][1].level == PROVINCE and not place.within):
        named[-1] = (named[-1][0], place)
        return
    mark = ", " if "、" in between else "-" if relation == "beside" else " "
    named.append((mark if named else "", place))
