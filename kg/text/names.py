"""Bring names into a form in which they can be compared, and make keys of them."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache, lru_cache

import opencc
import pypinyin

LONGEST_KEY = 60
"""Characters of a key at most (datapackage.json, carriers)."""
RANKS = ("国家级", "国家")
"""Words that every designation may or may not carry before its programme."""
STAGES = re.compile(r"\((创建|认定|试点|培育|试点培育|筹|筹建|首批|第[一二三四五六七八九十百0-9]+批)\)")
"""What a list adds to a name in brackets to say how far the designation is."""
ORGANISATION = re.compile(r"大学|学院|研究院|研究所|科学院|公司|集团|医院|实验室|中心")
"""A name with one of these is an organisation's, and the province that it begins with belongs to it."""
SAME = str.maketrans(
    dict.fromkeys("[{【〔〈《〖［｛⟨", "(")
    | dict.fromkeys("]}】〕〉》〗］｝⟩", ")")
    | dict.fromkeys("‐‑‒–—―−－﹣ー~〜～", "-")
    | dict.fromkeys("·•‧∙⋅・･", "·")
    | dict.fromkeys("“”‘’\"'「」『』", "")
)
NUMBERED = re.compile(r"(.+)-([0-9]{4,})")
"""A key of a designation: that of its programme and a number."""
PROGRAMME = "\x00"
"""Stands where the words of the programme stood in a name."""


@cache
def _simplified() -> Callable[[str], str]:
    """Open the table of traditional characters, which takes a moment, when it is first wanted."""
    convert: Callable[[str], str] = opencc.OpenCC("t2s").convert
    return convert


@cache
def _is_simplified(character: str) -> bool:
    """Say whether a character is no traditional one, so that texts of such need not go through the slow table."""
    return _simplified()(character) == character


@lru_cache(maxsize=200_000)
def normal(text: str) -> str:
    """Return the comparable form of a text: for comparing only, never to be shown.

    Compatibility characters (full width, ligatures) become plain ones, traditional characters simplified; brackets of
    all kinds become round ones, dashes one dash, middle dots one dot; quotation marks and white space go; letters are
    small.
    """
    plain = "".join(unicodedata.normalize("NFKC", text).translate(SAME).split())
    return (plain if all(map(_is_simplified, plain)) else _simplified()(plain)).casefold()


@lru_cache(maxsize=1_000)
def programme_words(names: tuple[str, ...]) -> tuple[str, ...]:
    """Return the words by which a programme shows in the names of its designations, longest first.

    They are its name and aliases, with and without the rank (国家, 国家级) they begin with. An alias that does not end
    as the name does (保税区 of 海关特殊监管区域) is a kind within the programme: it tells designations apart and is
    left.
    """
    heads = [STAGES.sub("", normal(name)) for name in names]
    words = {head for head in heads if head[-1:] == heads[0][-1:]}
    bare = {re.sub(f"^({'|'.join(RANKS)})", "", word) for word in words}
    return tuple(sorted((word for word in words | bare if len(word) > 2), key=lambda word: (-len(word), word)))


def designation_core(name: str, programme_names: Sequence[str]) -> str:
    """Return what is left of a designation's name, in comparable form, without the words of its programme.

    Args:
        name: the name as printed.
        programme_names: name and aliases of its programme, the name first.

    Returns:
        The core, without 国家 and 国家级 at its beginning or before the programme, stages in brackets, an explanation
        in brackets after the programme, and brackets themselves; the whole comparable name where nothing else is left.
    """
    whole = STAGES.sub("", normal(name))
    core = whole
    for word in programme_words(tuple(programme_names)) if programme_names else ():
        if word in core:
            core = core.replace(word, PROGRAMME)
            break
    core = re.sub(f"({'|'.join(RANKS)})?{PROGRAMME}(?:\\([^()]*\\)$)?", "", core)
    for rank in RANKS:
        core = core.removeprefix(rank)
    core = re.sub(r"^中国(?=\()", "", core)
    return re.sub(r"[()·\-,:、]", "", core) or whole


def designation_identity(
    name: str,
    programme_names: Sequence[str],
    province_names: Sequence[str],
    older_names: Mapping[str, str] | None = None,
) -> str:
    """Return the form in which names of one designation agree across lists.

    One designation = same programme, same identity, compatible places: only so may the province be left out.

    Args:
        name: the name as printed.
        programme_names: name and aliases of its programme, the name first.
        province_names: the names, long and short, of the province the designation lies in (江苏省, 江苏).
        older_names: older names of places and those of today in comparable form (襄樊 → 襄阳), to be replaced.

    Returns:
        The core without the province it begins with, where a name of its own follows, and without 市 at its end.
    """
    core = designation_core(name, programme_names)
    for older, today in (older_names or {}).items():
        core = core.replace(older, today)
    if ORGANISATION.search(core):
        return core
    for province in sorted(map(normal, province_names), key=len, reverse=True):
        rest = core.removeprefix(province)
        if rest != core and len(rest) > 1:
            core = rest
            break
    return core.removesuffix("市") if len(core) > 2 else core


def slug(text: str, taken: Iterable[str] = ()) -> str:
    """Return a new key: the pinyin of a text, cut between syllables, numbered where another key is the same.

    Args:
        text: a name in Chinese.
        taken: the keys that are in use already; give a set where there are many.

    Returns:
        Small letters, digits and hyphens, at most `LONGEST_KEY` characters.
    """
    syllables = re.findall(r"[a-z0-9]+", " ".join(pypinyin.lazy_pinyin(normal(text))).casefold())
    key = ""
    for syllable in syllables or ["x"]:
        longer = f"{key}-{syllable}" if key else syllable[:LONGEST_KEY]
        if len(longer) > LONGEST_KEY - 4:
            break
        key = longer
    used = taken if isinstance(taken, (set, frozenset, dict)) else set(taken)
    number = 1
    while (numbered := key if number == 1 else f"{key}-{number}") in used:
        number += 1
    return numbered


class DesignationKeys:
    """The keys that designations have or had, of which none is given twice: those of the tables and those withdrawn."""

    def __init__(self, designations: Iterable[str], withdrawn: Iterable[str]) -> None:
        """Note keys of designations, and keys as the table of withdrawn ones has them, each after its kind of thing."""
        self._last: dict[str, int] = {}
        for key in (*designations, *(key.partition("/")[2] for key in withdrawn)):
            self.note(key)

    def note(self, key: str) -> None:
        """Note a key that is given."""
        if match := NUMBERED.fullmatch(key):
            self._last[match[1]] = max(self._last.get(match[1], 0), int(match[2]))

    def mint(self, programme: str) -> str:
        """Give the next key of a designation of a programme."""
        key = f"{programme}-{self._last.get(programme, 0) + 1:04d}"
        self.note(key)
        return key
