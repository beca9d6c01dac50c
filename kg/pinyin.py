"""Read Chinese names aloud: a syllable for every character, and whole names written in Latin letters, without tones."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cache

import pypinyin
from pypinyin.phrases_dict import phrases_dict

LATIN = re.compile(r"[a-z0-9]+", re.IGNORECASE)
IN_NAMES = {"长": "chang", "都": "du", "什": "shi", "勒": "le", "佛": "fo"}
"""Characters that names read otherwise than other texts do (长江, 成都, 喀什); words such as 增长 keep their own."""
WORDS = """
    高新 高新区 自主 创新 示范 示范区 试验 试验区 先行区 开发 开发区 新区 产业 产业化 产业园 产业集群 集群
    园区 科技 技术 农业 农村 工业 工程 经济 国家 国家级 重点 实验室 研究 研究院 研究所 中心 基地 平台 大学
    学院 科学院 科学 股份 有限 公司 集团 制造 制造业 转移 转化 成果 野外 观测 综合 保税区 合作区 自由贸易
    现代 先进 生态 系统 生物 医药 医院 材料 电子 信息 智能 数据 能源 装备 临床 医学 质量 监督 管理 委员会 人民
    政府 服务 服务业 企业 城市 试点 特色 优势 强镇 机械化 畜牧 水产 种质 资源 林业 环境 化学 物理 数学 交通
    航空 航天 船舶 汽车 机械 电力 石油 煤炭 责任 师范 网络 食品 产品 生产 示范县 实验 观测站 实验站
"""
"""Words of which names of plates and organisations are made, and which the dictionary lacks or joins to longer ones."""
ENDINGS = "院所室局部厅园站库馆厂社会司型"
"""Characters that end a word of several: 研究院 is one word."""
DIVISIONS = "省市县区旗州盟镇乡村"
"""Characters that stand as a word of their own after the name of a place: 昆山市 is Kunshan Shi."""
MARKS = {"（": " (", "）": ") ", "、": ", ", "，": ", ", "；": "; ", "：": ": "}
SHAANXI = {"陕西": ("shaan", "xi")}
"""The one province that is told from another (山西) by its spelling and not by its reading."""
LONGEST_WORD = 4
LONGEST_PAIR = 2


def syllables(text: str) -> list[str]:
    """Return how a text is read, in small letters without tones; ü is v, as on keyboards.

    A character is read in its commonest way, unless a word of pypinyin's dictionary (longest first) begins there whose
    reading is another: 重庆 is chong qing, 重点 zhong dian; in 观测站长期 there is 长期 and no 站长. Words and
    numbers in Latin letters are one syllable each.
    (The library's own segmentation takes ten times as long: too much for a million names.)
    """
    particular, at = _particular(), 0
    found: list[str] = []
    while at < len(text):
        if text[at].isascii() and (latin := LATIN.match(text, at)):
            found.append(latin[0].lower())
            at = latin.end()
            continue
        for word, reading in particular.get(text[at], ()):
            end = at + len(word)
            if text.startswith(word, at) and not (word[-1] in IN_NAMES and text[end - 1 : end + 1] in phrases_dict):
                found += reading
                at += len(word)
                break
        else:
            if text[at].isalnum():
                found.append(_common(text[at]))
            at += 1
    return found


def plain(reading: str) -> str:
    """Return a reading in small letters without tones, ü as v."""
    decomposed = unicodedata.normalize("NFD", reading).replace("u\u0308", "v").replace("U\u0308", "v")
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter)).lower()


def transcribed(text: str, places: Mapping[str, Sequence[str]] | None = None) -> str:
    """Return a name in pinyin without tones, word by word with capitals.

    昆山高新技术产业开发区 is Kunshan Gaoxin Jishu Chanye Kaifaqu. Words that are not known are written together.

    Args:
        text: the name in Chinese; Latin letters and numbers stay.
        places: names of places with their syllables; they win over all other words.
    """
    found: list[list[str]] = []
    loose = False
    for word, reading in _words(text, {**(places or {}), **SHAANXI}):
        single = len(word) == 1 and bool(reading) and not word.isascii() and word not in DIVISIONS
        if found and single and (loose or (word in ENDINGS and found[-1][-1:] and found[-1][-1].isalpha())):
            found[-1] += reading
        else:
            found.append(list(reading) or [MARKS.get(word, word)])
        loose = single and (loose or word not in ENDINGS)
    joined = " ".join(_joined(word) for word in found)
    return re.sub(r"\s+([),;:·])|([(])\s+", r"\1\2", re.sub(r"\s+", " ", joined)).strip()


def fitting(name: str, spelled: str) -> list[str]:
    """Return the reading of a place that its official spelling in Latin letters shows; else its common reading.

    Characters with several readings, such as 都 (du, dou), are read as the spelling says: 新都区 is Xindu.

    Args:
        name: the place in Chinese.
        spelled: its English name, such as `Xindu District`; that of other peoples, such as Hexigten, fits no reading.
    """
    letters = "".join(filter(str.isalpha, plain(spelled.partition("(")[0].partition(" ")[0]))).replace("v", "u")
    for length in range(len(name), 0, -1):
        for found in _readings(name[:length], letters):
            return [*found, *syllables(name)[length:]]
    return syllables(name)


def _readings(name: str, letters: str) -> Iterator[tuple[str, ...]]:
    """Yield the readings of a name that are spelled with just these letters."""
    if not name:
        if not letters:
            yield ()
        return
    options = (plain(option) for option in pypinyin.pinyin(name[0], heteronym=True)[0])
    for option in dict.fromkeys([_common(name[0]), *options]):
        spelling = option.replace("v", "u")
        if letters.startswith(spelling):
            for rest in _readings(name[1:], letters[len(spelling) :]):
                yield (option, *rest)


def _words(text: str, known: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, Sequence[str]]]:
    """Yield the words of a text, the longest first, each with its syllables; what is no word has none."""
    at, longest = 0, max(LONGEST_WORD, *map(len, known))
    while at < len(text):
        latin = LATIN.match(text, at)
        in_letters = latin is not None and text[at].isascii()
        word, reading = (latin[0], [latin[0]]) if latin and in_letters else _word(text[at : at + longest], known)
        yield word, reading
        at += len(word)


def _word(text: str, known: Mapping[str, Sequence[str]]) -> tuple[str, Sequence[str]]:
    for length in range(len(text), 1, -1):
        if reading := known.get(text[:length]):
            return text[:length], reading
    for length in range(min(len(text), LONGEST_WORD), 1, -1):
        word = text[:length]
        if word in _common_words() or (word in phrases_dict and not _cuts(word, text)):
            return word, syllables(word)
    return text[0], syllables(text[0]) if text[0].isalnum() else []


@cache
def _common_words() -> frozenset[str]:
    return frozenset(WORDS.split())


def _cuts(word: str, text: str) -> bool:
    """Return whether a word of the dictionary is made of ours (有限公司), or cuts one in two (苏|南国|家)."""
    ours = _common_words()
    if len(word) > LONGEST_PAIR and (word[:2] in ours or word[2:] in ours):
        return True
    starts = range(1, len(word))
    return any(text[at:end] in ours for at in starts for end in range(len(word) + 1, at + LONGEST_WORD + 1))


def _joined(reading: Sequence[str]) -> str:
    """Join syllables into a word with a capital, an apostrophe before those that begin with a vowel: Xi'an; v is ü."""
    if not reading[0][0].isalnum() or not reading[0].islower():
        return "".join(reading)
    word = "".join(f"'{syllable}" if at and syllable[0] in "aoe" else syllable for at, syllable in enumerate(reading))
    return (word[0].upper() + word[1:]).replace("v", "ü")


@cache
def _common(character: str) -> str:
    return IN_NAMES.get(character) or plain(pypinyin.lazy_pinyin(character)[0])


@cache
def _particular() -> dict[str, list[tuple[str, tuple[str, ...]]]]:
    """Return, by first character, the words with a reading that is not their characters' commonest, longest first."""
    found: dict[str, list[tuple[str, tuple[str, ...]]]] = defaultdict(list)
    for word, printed in sorted(phrases_dict.items(), key=lambda entry: (-len(entry[0]), entry[0])):
        reading = tuple(plain(options[0]) for options in printed)
        if len(reading) == len(word) and reading != tuple(map(_common, word)):
            found[word[0]].append((word, reading))
    return dict(found)
