"""Read Chinese names aloud: one syllable for every character, without tones."""

import re
import unicodedata
from collections import defaultdict
from functools import cache

import pypinyin
from pypinyin.phrases_dict import phrases_dict

LATIN = re.compile(r"[a-z0-9]+", re.IGNORECASE)


def syllables(text: str) -> list[str]:
    """Return how a text is read, in small letters without tones; ü is v, as on keyboards.

    A character is read in its commonest way, unless a word of pypinyin's dictionary (longest first) begins there whose
    reading is another: 重庆 is chong qing, 重点 zhong dian. Words and numbers in Latin letters are one syllable each.
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
            if text.startswith(word, at):
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


@cache
def _common(character: str) -> str:
    return plain(pypinyin.lazy_pinyin(character)[0])


@cache
def _particular() -> dict[str, list[tuple[str, tuple[str, ...]]]]:
    """Return, by first character, the words with a reading that is not their characters' commonest, longest first."""
    found: dict[str, list[tuple[str, tuple[str, ...]]]] = defaultdict(list)
    for word, printed in sorted(phrases_dict.items(), key=lambda entry: (-len(entry[0]), entry[0])):
        reading = tuple(plain(options[0]) for options in printed)
        if len(reading) == len(word) and reading != tuple(map(_common, word)):
            found[word[0]].append((word, reading))
    return dict(found)
