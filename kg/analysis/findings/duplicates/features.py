"""Comparable descriptions of designations or records: core of the name, places, carriers, dates and fields."""

import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from kg.release.columns import Columns
from kg.text.names import NameWords, normal

LEVELS = ("county", "prefecture", "province")
"""Levels of places, the lowest first."""
SIGNS = re.compile(r"[()·\-,:、.]")
BRACKETED = re.compile(r"\([^()]*\)")


@dataclass(frozen=True)
class Described:
    """A designation, or a record of one.

    key: of the designation or record; programme: its key; organised: whether the programme is organisation-borne; name:
    as printed; form: the normalised name without the words of the programme and with unified variants; bare: the same
    without bracketed text; places: codes as stated; names: name → code of its places and those above, including older
    names; codes: these places, the lowest first; carriers, fields: keys; first, last: first and last possible day of
    approval, None if not stated.
    """

    key: str
    programme: str
    organised: bool
    name: str
    form: str
    bare: str
    places: frozenset[str]
    names: Mapping[str, str]
    codes: tuple[str, ...]
    carriers: frozenset[str]
    fields: frozenset[str]
    first: date | None
    last: date | None

    @cached_property
    def core(self) -> str:
        """The form without bracketed text and without the names of its places."""
        return strip(self.bare, self.names)[0]

    @cached_property
    def _stripped(self) -> tuple[str, frozenset[str]]:
        return strip(self.form, self.names)

    def beside(self, other: "Described", form: str) -> tuple[str, frozenset[str]]:
        """Strip a form of this name of the names of the places of both."""
        # The names of the other one's places rarely occur in it: the common case is cached.
        if any(name in form and name not in self.names for name in other.names):
            return strip(form, {**self.names, **other.names})
        if form == self.form:
            return self._stripped
        return strip(form, self.names)

    @cached_property
    def within(self) -> frozenset[str]:
        """The codes of its places and those above."""
        return frozenset(self.codes)

    def apart(self, other: "Described") -> bool:
        """Whether the places of both are known and disjoint."""
        known = bool(self.places and other.places)
        return known and not (self.places & other.within or other.places & self.within)

    @cached_property
    def bigrams(self) -> frozenset[str]:
        """The pairs of neighbouring characters of the form."""
        # Interned, because many names share pairs of characters.
        pairs = (sys.intern(self.form[at : at + 2]) for at in range(len(self.form) - 1))
        return frozenset(pairs) or frozenset((self.form,))


def strip(form: str, names: Mapping[str, str]) -> tuple[str, frozenset[str]]:
    """Remove the names of places from a form, long names first.

    Returns:
        The rest, and the codes of the removed places.
    """
    named = set()
    for name in sorted(names, key=lambda name: (-len(name), name)):
        if name in form:
            form = form.replace(name, "")
            named.add(names[name])
    return form, frozenset(named)


@dataclass(frozen=True)
class Reader:
    """Creates descriptions from rows.

    programmes: key → names, the official one first; organised: organisation-borne programmes; variants: word → form;
    above: place → itself and the places above, the lowest first; names: place → its names, including older ones; words:
    what lists add to names.
    """

    programmes: Mapping[str, tuple[str, ...]]
    organised: frozenset[str]
    variants: Mapping[str, str]
    above: Mapping[str, tuple[str, ...]]
    names: Mapping[str, tuple[str, ...]]
    words: NameWords
    _known: dict[tuple[str, ...], tuple[tuple[str, ...], dict[str, str]]] = field(default_factory=dict)

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        longest_first = sorted(self.variants, key=lambda word: (-len(word), word))
        return re.compile("|".join(map(re.escape, longest_first)) or r"(?!)")

    def form(self, name: str, programmes: Iterable[str]) -> str:
        """Return a normalised name with unified variants, without the words of programmes and 国家 before them."""
        text = self.words.without_stages(name)
        for programme in programmes:
            for word in self.words.of_programme(self.programmes.get(programme, ())):
                if word in text:
                    text = self.words.without(word, text)
                    break
        text = self.words.without_rank(text)
        return self._pattern.sub(lambda match: self.variants[match.group()], text)

    def read(
        self,
        key: str,
        programme: str,
        name: str,
        *,
        places: Iterable[str] = (),
        carriers: Iterable[str] = (),
        fields: Iterable[str] = (),
        days: tuple[date | None, date | None] = (None, None),
        alternates: Sequence[str] = (),
    ) -> Described:
        """Describe a designation or record by its cells; alternates: further programmes whose words are removed."""
        stated = tuple(sorted(set(places)))
        if stated not in self._known:
            self._known[stated] = self._within(stated)
        codes, names = self._known[stated]
        form = self.form(name, (programme, *alternates))
        bare = BRACKETED.sub("", form)
        return Described(
            key=key,
            programme=programme,
            organised=programme in self.organised,
            name=name,
            form=SIGNS.sub("", form),
            bare=SIGNS.sub("", bare),
            places=frozenset(stated),
            names=names,
            codes=codes,
            carriers=frozenset(carriers),
            fields=frozenset(fields),
            first=days[0],
            last=days[1],
        )

    def _within(self, places: Iterable[str]) -> tuple[tuple[str, ...], dict[str, str]]:
        """Return places and those above, the lowest first, and their names with codes."""
        codes = dict.fromkeys(code for place in places for code in self.above.get(place, (place,)))
        names = {normal(each): code for code in reversed(codes) for each in self.names.get(code, ()) if len(each) > 1}
        return tuple(codes), names


def reader(columns: Columns) -> Reader:
    """Read programmes, variants and places of a release."""
    rows = columns.query("SELECT place, county, prefecture, province FROM places", {})
    programmes: dict[str, dict[str, None]] = defaultdict(dict)
    for programme, name in columns.query(
        """SELECT programme, name FROM programme_names JOIN programmes USING (programme)
        ORDER BY programme, name <> name_zh, name""",
        {},
    ):
        programmes[programme][name] = None
    names: dict[str, list[str]] = defaultdict(list)
    for place, name in columns.query("SELECT place, name FROM place_names ORDER BY ALL", {}):
        names[place].append(name)
    organised = columns.query("SELECT programme FROM programmes WHERE bearer = 'organisation'", {})
    return Reader(
        programmes={programme: tuple(known) for programme, known in programmes.items()},
        organised=frozenset(programme for (programme,) in organised),
        variants={normal(word): form for word, form in columns.query("SELECT word, form FROM name_variants", {})},
        above={place: tuple(dict.fromkeys(code for code in (place, *units) if code)) for place, *units in rows},
        names={place: tuple(known) for place, known in names.items()},
        words=NameWords(columns.query("SELECT word, kind FROM name_words")),
    )


def describe(columns: Columns, reading: Reader) -> list[Described]:
    """Describe the designations of a release, by key."""
    lists = {
        name: _many(columns.query(f"SELECT designation, {name} FROM designation_{name}s ORDER BY ALL", {}))  # noqa: S608
        for name in ("place", "carrier", "field")
    }
    alternates = _many(
        columns.query(
            """SELECT subject, object FROM programme_relations WHERE relation = 'alternates'
            UNION SELECT object, subject FROM programme_relations WHERE relation = 'alternates' ORDER BY ALL""",
            {},
        )
    )
    rows = columns.query(
        """SELECT designation, programme, name_zh, approved_first, approved_last FROM designations
        WHERE counted_from IS NOT NULL ORDER BY designation"""
    )
    return [
        reading.read(
            *(designation, programme, name),
            places=lists["place"].get(designation, ()),
            carriers=lists["carrier"].get(designation, ()),
            fields=lists["field"].get(designation, ()),
            days=(first, last),
            alternates=alternates.get(programme, ()),
        )
        for designation, programme, name, first, last in rows
    ]


def _many(rows: Iterable[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = defaultdict(list)
    for key, value in rows:
        found[key].append(value)
    return {key: tuple(values) for key, values in found.items()}
