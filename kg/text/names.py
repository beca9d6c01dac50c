"""Normalisation of names for comparison, and keys made from names."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache, lru_cache
from typing import Protocol

import opencc
import pypinyin

from kg.text.characters import VARIANTS, unified
from kg.text.patterns import any_of, longest_first, one_of

MAX_KEY_CHARS = 60
"""Maximum length of a key (datapackage.json, carriers)."""
SAME = str.maketrans(
    dict.fromkeys("[{【〔〈《〖［｛⟨", "(")
    | dict.fromkeys("]}】〕〉》〗］｝⟩", ")")
    | dict.fromkeys("‐‑‒–—―−－﹣ー~〜～", "-")
    | dict.fromkeys("·•‧∙⋅・･", "·")
    | dict.fromkeys("“”‘’\"'「」『』", "")
)
NUMBERED = re.compile(r"(.+)-([0-9]{4,})")
"""Key of a designation: key of its programme and a number."""
PROGRAMME = "\x00"
"""Placeholder of the words of the programme in a name."""


class Cells(Protocol):
    """A row of a table, by the names of its columns."""

    def __getitem__(self, column: str, /) -> str: ...


@cache
def _simplified() -> Callable[[str], str]:
    """Load the table of traditional characters on first use, since it is slow."""
    convert: Callable[[str], str] = opencc.OpenCC("t2s").convert
    return convert


@cache
def _is_simplified(character: str) -> bool:
    """Whether a character is not traditional; texts of such characters skip the slow conversion."""
    return _simplified()(character) == character


@lru_cache(maxsize=200_000)
def normal(text: str) -> str:
    """Return the normalised form of a text, for comparison only, not for display.

    Compatibility characters (full width, ligatures, radicals) are replaced, traditional characters simplified; all
    brackets become round ones, all dashes hyphens, all middle dots one; quotation marks and white space are removed;
    letters are lower case.
    """
    plain = "".join(unified(text).translate(SAME).translate(VARIANTS).split())
    return (plain if all(map(_is_simplified, plain)) else _simplified()(plain)).casefold()


class NameWords:
    """Words in the names of designations (data/name_words.csv), and what is left of names without them.

    ranks: optional words before the words of a programme (国家级, 国家), longest first; titles: words with which titles
    of zones begin.
    """

    def __init__(self, words: Iterable[tuple[str, str]] = ()) -> None:
        """Take up words with their kinds: rank, stage, organisation, country, city, zone-title."""
        known: dict[str, list[str]] = defaultdict(list)
        for word, kind in words:
            known[kind].append(word)
        self.ranks = tuple(longest_first(known["rank"]))
        self._stages = re.compile(rf"\({any_of(known['stage'])}\)")
        self._country = re.compile(rf"^{any_of(known['country'])}(?=\()")
        self._cities = tuple(known["city"])
        self.titles = tuple(known["zone-title"])
        self._organisations = re.compile(one_of(known["organisation"]))
        self._programmes: dict[tuple[str, ...], tuple[str, ...]] = {}

    @classmethod
    def of(cls, rows: Iterable[Cells]) -> "NameWords":
        """Read the rows of the table."""
        return cls((row["word"], row["kind"]) for row in rows)

    def without_stages(self, name: str) -> str:
        """Return a name in its normalised form, without stages and batches in brackets, as lists add them."""
        return self.unstaged(normal(name))

    def unstaged(self, text: str) -> str:
        """Return a text without stages and batches in round brackets."""
        return self._stages.sub("", text)

    def without_rank(self, name: str) -> str:
        """Return a normalised name without ranks at its beginning."""
        for rank in self.ranks:
            name = name.removeprefix(rank)
        return name

    def without(self, word: str, name: str) -> str:
        """Return a normalised name without a word of a programme and a rank before it."""
        return re.sub(f"(?:{one_of(self.ranks)})?{re.escape(word)}", "", name)

    def of_programme(self, names: Sequence[str]) -> tuple[str, ...]:
        """Return the words of a programme in the names of its designations, longest first.

        They are its name and aliases, with and without a leading rank. An alias with another last character than the
        name (保税区 of 海关特殊监管区域) is a kind within the programme that tells designations apart, and is left out.
        """
        key = tuple(names)
        if key not in self._programmes:
            forms = [self.without_stages(name) for name in names]
            words = {form for form in forms if form[-1:] == forms[0][-1:]}
            bare = {re.sub(f"^(?:{one_of(self.ranks)})", "", word) for word in words}
            self._programmes[key] = tuple(longest_first(word for word in words | bare if len(word) > 2))
        return self._programmes[key]

    def core(self, name: str, programme_names: Sequence[str]) -> str:
        """Return the core of a designation's name: normalised, without the words of its programme.

        Args:
            name: the name as printed.
            programme_names: name and aliases of its programme, the name first.

        Returns:
            The core, without ranks at its beginning or before the programme, stages in brackets, bracketed text after
            the programme, and brackets; the entire normalised name if the core is empty.
        """
        whole = core = self.without_stages(name)
        for word in self.of_programme(programme_names):
            if word in core:
                core = core.replace(word, PROGRAMME)
                break
        core = re.sub(f"(?:{one_of(self.ranks)})?{PROGRAMME}(?:\\([^()]*\\)$)?", "", core)
        core = self._country.sub("", self.without_rank(core))
        return re.sub(r"[()·\-,:、]", "", core) or whole

    def identity(
        self,
        name: str,
        programme_names: Sequence[str],
        province_names: Sequence[str],
        older_names: Mapping[str, str] | None = None,
    ) -> str:
        """Return the form of a name that is equal for one designation across lists.

        One designation = same programme, same identity, compatible places; the places make up for the removed province.

        Args:
            name: the name as printed.
            programme_names: name and aliases of its programme, the name first.
            province_names: the names, long and short, of the province the designation lies in (江苏省, 江苏).
            older_names: older → current names of places, normalised (襄樊 → 襄阳), to be replaced.

        Returns:
            The core without a leading province that is followed by a name, and without the word for a city at its end.
        """
        core = self.core(name, programme_names)
        for older, today in (older_names or {}).items():
            core = core.replace(older, today)
        if self._organisations.search(core):
            return core
        for province in sorted(map(normal, province_names), key=len, reverse=True):
            rest = core.removeprefix(province)
            if rest != core and len(rest) > 1:
                core = rest
                break
        city = next((word for word in self._cities if core.endswith(word)), "")
        return core.removesuffix(city) if len(core) > 2 else core


def slug(text: str, taken: Iterable[str] = ()) -> str:
    """Return a new key: the pinyin of a text, truncated between syllables, numbered if already taken.

    Args:
        text: a name in Chinese.
        taken: the keys in use; pass a set if there are many.

    Returns:
        Lower-case letters, digits and hyphens, at most `MAX_KEY_CHARS` characters.
    """
    syllables = re.findall(r"[a-z0-9]+", " ".join(pypinyin.lazy_pinyin(normal(text))).casefold())
    key = ""
    for syllable in syllables or ["x"]:
        longer = f"{key}-{syllable}" if key else syllable[:MAX_KEY_CHARS]
        if len(longer) > MAX_KEY_CHARS - 4:
            break
        key = longer
    used = taken if isinstance(taken, (set, frozenset, dict)) else set(taken)
    number = 1
    while (numbered := key if number == 1 else f"{key}-{number}") in used:
        number += 1
    return numbered


class DesignationKeys:
    """Minter of keys of designations; never reuses a key, including those of withdrawn designations."""

    def __init__(self, designations: Iterable[str], withdrawn: Iterable[str]) -> None:
        """Note the keys of designations, and those of the table of withdrawn things (`kind/key`)."""
        self._last: dict[str, int] = {}
        for key in (*designations, *(key.partition("/")[2] for key in withdrawn)):
            self.note(key)

    def note(self, key: str) -> None:
        """Note a key in use."""
        if match := NUMBERED.fullmatch(key):
            self._last[match[1]] = max(self._last.get(match[1], 0), int(match[2]))

    def mint(self, programme: str) -> str:
        """Return the next key of a designation of a programme."""
        key = f"{programme}-{self._last.get(programme, 0) + 1:04d}"
        self.note(key)
        return key
