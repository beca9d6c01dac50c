"""Normalisation of names for comparison, and keys made from names."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache, lru_cache

import opencc
import pypinyin

from kg.text.characters import VARIANTS, unified

MAX_KEY_CHARS = 60
"""Maximum length of a key (datapackage.json, carriers)."""
RANKS = ("国家级", "国家")
"""Optional words before the programme in the name of a designation."""
STAGES = re.compile(r"\((创建|认定|试点|培育|试点培育|筹|筹建|首批|第[一二三四五六七八九十百0-9]+批)\)")
"""Stages and batches in brackets, added to names by lists."""
ORGANISATION = re.compile(r"大学|学院|研究院|研究所|科学院|公司|集团|医院|实验室|中心")
"""Words that mark the name of an organisation, whose leading province is part of the name."""
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


@lru_cache(maxsize=1_000)
def programme_words(names: tuple[str, ...]) -> tuple[str, ...]:
    """Return the words of a programme in the names of its designations, longest first.

    They are its name and aliases, with and without a leading rank (国家, 国家级). An alias with another last character
    than the name (保税区 of 海关特殊监管区域) is a kind within the programme that distinguishes designations, and is
    excluded.
    """
    forms = [STAGES.sub("", normal(name)) for name in names]
    words = {form for form in forms if form[-1:] == forms[0][-1:]}
    bare = {re.sub(f"^({'|'.join(RANKS)})", "", word) for word in words}
    return tuple(sorted((word for word in words | bare if len(word) > 2), key=lambda word: (-len(word), word)))


def designation_core(name: str, programme_names: Sequence[str]) -> str:
    """Return the core of a designation's name: normalised, without the words of its programme.

    Args:
        name: the name as printed.
        programme_names: name and aliases of its programme, the name first.

    Returns:
        The core, without 国家 and 国家级 at its beginning or before the programme, stages in brackets, bracketed text
        after the programme, and brackets; the entire normalised name if the core is empty.
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
    """Return the form of a name that is equal for one designation across lists.

    One designation = same programme, same identity, compatible places; the places make up for the removed province.

    Args:
        name: the name as printed.
        programme_names: name and aliases of its programme, the name first.
        province_names: the names, long and short, of the province the designation lies in (江苏省, 江苏).
        older_names: older → current names of places, normalised (襄樊 → 襄阳), to be replaced.

    Returns:
        The core without a leading province that is followed by a name, and without a trailing 市.
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
