"""Pinyin without tones: syllables of Chinese texts, and transcription of names (GB/T 16159)."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache

import pypinyin
from pypinyin.phrases_dict import phrases_dict

LATIN = re.compile(r"[a-z0-9]+", re.IGNORECASE)
NAME_READINGS = {"长": "chang", "都": "du", "什": "shi", "勒": "le", "佛": "fo"}
"""Readings of characters in names that differ from other texts (长江, 成都, 喀什; but not in words such as 增长)."""
PLACE_READINGS = {"宕": "tan"}
"""Readings in names of places that the dictionary lacks: 宕昌 is Tanchang."""
SUFFIXES = "院所室局部厅园站库馆厂社会司型区学化"
"""Characters appended to the previous word: 研究院 is one word."""
DIVISIONS = "省市县区旗州盟镇乡村"
"""Characters written as separate words after the name of a place: 昆山市 is Kunshan Shi."""
TOWNS = DIVISIONS.replace("区", "")
"""Those of them that are separate after other words, too: 峪口镇 is Yukou Zhen, but 出口加工区 is no district."""
PARTICLES = "与及"
"""Conjunctions, written as separate words."""
NUMBER = re.compile("第[一二三四五六七八九十百]+|[一二三四五六七八九十百]{2,}(?![里家道户间甸堡])")
"""Numbers, written as one word: 第三, 五十四; not at the beginning of a village: 二十里铺."""
LAST_CHARACTERS = "质性化器机仪剂病素酶带层线件堂圈场网库茶厂矿港学业"
"""Last characters of three-character words missing from the dictionary: 钢帘线, 广生堂."""
MARKS = {"（": " (", "）": ") ", "、": ", ", "，": ", ", "；": "; ", "：": ": "}
SHAANXI = {"陕西": ("shaan", "xi")}
"""The official spelling of 陕西, which distinguishes it from 山西 (Shanxi)."""
MAX_WORD_CHARS = 4
PAIR_CHARS = 2


@dataclass(frozen=True)
class KnownNames:
    """Names with given syllables, such as those of places, which take precedence over all other words.

    words: name to syllables; vocabulary: words that the dictionary lacks or joins to longer ones
    (data/pinyin_words.csv); longest: maximum length of any word, at least that given; lengths: first character of names
    to their lengths, the longest first.
    """

    words: Mapping[str, Sequence[str]]
    vocabulary: frozenset[str] = frozenset()
    longest: int = 0
    lengths: Mapping[str, Sequence[int]] = field(init=False)

    def __post_init__(self) -> None:
        words = {**self.words, **SHAANXI}
        lengths: dict[str, set[int]] = defaultdict(set)
        for word, reading in words.items():
            if len(word) > 1 and reading:
                lengths[word[0]].add(len(word))
        object.__setattr__(self, "words", words)
        object.__setattr__(self, "longest", max(MAX_WORD_CHARS, self.longest, *map(len, words)))
        object.__setattr__(self, "lengths", {first: sorted(found)[::-1] for first, found in lengths.items()})


NO_NAMES = KnownNames({})


def syllables(text: str) -> list[str]:
    """Return the syllables of a text in lower-case letters without tones; ü is v, as on keyboards.

    A character has its most common reading, unless a word of pypinyin's dictionary with another reading (longest first)
    begins there: 重庆 is chong qing, 重点 zhong dian; 观测站长期 contains 长期, not 站长. Words and numbers in Latin
    letters are one syllable each.
    (The library's own segmentation is ten times slower, too slow for a million names.)
    """
    found: list[str] = []
    at = 0
    while at < len(text):
        if text[at].isascii() and (latin := LATIN.match(text, at)):
            found.append(latin[0].lower())
            at = latin.end()
            continue
        for word, reading in _uncommon(text[at]):
            end = at + len(word)
            if text.startswith(word, at) and not (
                word[-1] in NAME_READINGS and text[end - 1 : end + 1] in phrases_dict
            ):
                found += reading
                at += len(word)
                break
        else:
            if text[at].isalnum():
                found.append(_common(text[at]))
            at += 1
    return found


@lru_cache(maxsize=5_000)
def plain(reading: str) -> str:
    """Return a reading in lower-case letters without tones, ü as v."""
    decomposed = unicodedata.normalize("NFD", reading).replace("u\u0308", "v").replace("U\u0308", "v")
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter)).lower()


def transcribed(text: str, known: KnownNames = NO_NAMES) -> str:
    """Return a name in pinyin without tones, as capitalised words (GB/T 16159).

    昆山高新技术产业开发区 is Kunshan Gaoxin Jishu Chanye Kaifaqu. Characters outside known words are grouped in pairs,
    like most words: 龙腾光电 is Longteng Guangdian.

    Args:
        text: the name in Chinese; Latin letters and numbers are unchanged.
        known: names of places with their syllables, and the vocabulary.
    """
    found: list[list[str]] = []
    loose = before = ""
    for word, reading in _words(text, known):
        single = len(word) == 1 and bool(reading) and not word.isascii()
        apart = word in (DIVISIONS if before in known.words else TOWNS) or (word in PARTICLES and before)
        if single and not apart:
            if not loose and word in SUFFIXES and found and found[-1][-1].isalpha():
                found[-1] += reading
            else:
                loose += word
        else:
            found += _divided(loose, word)
            found.append(list(reading) or [MARKS.get(word, word)])
            loose = ""
        before = word
    joined = " ".join(_joined(word) for word in [*found, *_divided(loose)])
    return re.sub(r"\s+([),;:·])|([(])\s+", r"\1\2", re.sub(r"\s+", " ", joined)).strip()


def _divided(loose: str, after: str = "") -> Iterator[list[str]]:
    """Yield the words of characters outside known words; before the word for a division they are one word, its name.

    Otherwise they are grouped in pairs, with one group of three if their number is odd: the first one that ends in
    `LAST_CHARACTERS`, else the first of all, as in names of companies.
    """
    if loose and after and after in DIVISIONS:
        yield syllables(loose)
        return
    joins = loose[-1:] == "和" and len(loose) % 2 == 1 and len(after) > 1
    whole = len(loose) - joins
    third = next((at for at in range(0, whole - 2, 2) if loose[at + 2] in LAST_CHARACTERS), 0) if whole % 2 else whole
    reading, at = syllables(loose), 0
    while at < whole:
        end = at + (3 if at == third else 2)
        yield reading[at : min(end, whole)]
        at = end
    if joins:
        yield reading[whole:]


def official_reading(name: str, spelled: str) -> list[str]:
    """Return the reading of a place that matches its official spelling in Latin letters; else its common reading.

    The spelling decides between readings of a character, such as 都 (du, dou): 新都区 is Xindu.

    Args:
        name: the place in Chinese.
        spelled: its English name, such as `Xindu District`; names of other languages, such as Hexigten, do not match.
    """
    letters = "".join(filter(str.isalpha, plain(spelled.partition("(")[0].partition(" ")[0]))).replace("v", "u")
    for length in range(len(name), 0, -1):
        for found in _readings(name[:length], letters):
            return [*found, *(syllables(name)[length:] if length < len(name) else ())]
    return syllables(name)


def _readings(name: str, letters: str) -> Iterator[tuple[str, ...]]:
    """Yield the readings of a name that are spelled with exactly these letters."""
    if not name:
        if not letters:
            yield ()
        return
    for option in _options(name[0]):
        spelling = option.replace("v", "u")
        if letters.startswith(spelling):
            for rest in _readings(name[1:], letters[len(spelling) :]):
                yield (option, *rest)


@cache
def _options(character: str) -> Sequence[str]:
    """Return all readings of a character, the most common one first."""
    options = (plain(option) for option in pypinyin.pinyin(character, heteronym=True)[0])
    particular = filter(None, [PLACE_READINGS.get(character)])
    return tuple(dict.fromkeys([_common(character), *options, *particular]))


def _words(text: str, known: KnownNames) -> Iterator[tuple[str, Sequence[str]]]:
    """Yield the words of a text by longest match, each with its syllables; anything else has none."""
    at, placed = 0, False
    while at < len(text):
        reading: Sequence[str]
        latin, number = LATIN.match(text, at), NUMBER.match(text, at)
        if latin and text[at].isascii():
            word, reading = latin[0], [latin[0]]
        elif number:
            word, reading = number[0], syllables(number[0])
        else:
            word, reading = _word(text[at : at + (1 if placed and text[at] in TOWNS else known.longest)], known)
        yield word, reading
        at, placed = at + len(word), word in known.words


def _word(text: str, known: KnownNames) -> tuple[str, Sequence[str]]:
    for length in known.lengths.get(text[0], ()):
        if length <= len(text) and (reading := known.words.get(text[:length])):
            return text[:length], reading
    for length in range(min(len(text), MAX_WORD_CHARS), 1, -1):
        word = text[:length]
        if word in known.vocabulary or (word in phrases_dict and not _cuts(word, text, known.vocabulary)):
            return word, _reading(word)
    return text[0], _reading(text[0]) if text[0].isalnum() else ()


@lru_cache(maxsize=50_000)
def _reading(word: str) -> tuple[str, ...]:
    return tuple(syllables(word))


def _cuts(word: str, text: str, ours: frozenset[str]) -> bool:
    """Whether a word of the dictionary consists of ours (有限公司), or overlaps one in part (苏|南国|家)."""
    if len(word) > PAIR_CHARS and (word[:2] in ours or word[2:] in ours):
        return True
    starts = range(1, len(word))
    return any(text[at:end] in ours for at in starts for end in range(len(word) + 1, at + MAX_WORD_CHARS + 1))


def _joined(reading: Sequence[str]) -> str:
    """Join syllables into a capitalised word, with an apostrophe before initial vowels: Xi'an; v becomes ü."""
    if not reading[0][0].isalnum() or not reading[0].islower():
        return "".join(reading)
    word = "".join(f"'{syllable}" if at and syllable[0] in "aoe" else syllable for at, syllable in enumerate(reading))
    return (word[0].upper() + word[1:]).replace("v", "ü")


@cache
def _common(character: str) -> str:
    return NAME_READINGS.get(character) or plain(pypinyin.lazy_pinyin(character)[0])


@cache
def _uncommon(first: str) -> Sequence[tuple[str, tuple[str, ...]]]:
    """Return the words with a first character whose reading differs from the most common one, longest first."""
    found = []
    for word in _phrases().get(first, ()):
        reading = tuple(plain(options[0]) for options in phrases_dict[word])
        if len(reading) == len(word) and reading != tuple(map(_common, word)):
            found.append((word, reading))
    return found


@cache
def _phrases() -> Mapping[str, Sequence[str]]:
    """Return the words of pypinyin's dictionary by first character, longest first."""
    found: dict[str, list[str]] = defaultdict(list)
    for word in sorted(phrases_dict, key=lambda word: (-len(word), word)):
        found[word[0]].append(word)
    return found
