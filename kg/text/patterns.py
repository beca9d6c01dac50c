"""Patterns made of the words of a table, which curators change without knowing regular expressions."""

import re
from collections.abc import Iterable

NUMERALS = "〇零一二三四五六七八九十百"
"""Characters of which numbers are written in Chinese."""
NUMBER = f"[{NUMERALS}0-9]+"
NUMBER_SIGN = "#"
"""Stands in a word for a number: 第#师."""
GAP_SIGN = "…"
"""Stands in a word for at most `MAX_GAP_CHARS` other characters: 据…统计."""
MAX_GAP_CHARS = 20
NOTHING = "(?!)"
"""A pattern that fits nothing."""


def one_of(words: Iterable[str]) -> str:
    """Return the pattern of any of some words, longest first; it fits nothing where there are none."""
    return "|".join(map(re.escape, longest_first(words))) or NOTHING


def longest_first(words: Iterable[str]) -> list[str]:
    """Return words in the order in which a text is tried for them, so that none hides a longer one."""
    return sorted(words, key=lambda word: (-len(word), word))


def any_of(words: Iterable[str], followed_by: Iterable[str] = (), not_followed_by: Iterable[str] = ()) -> str:
    """Return the pattern of any of some words with signs for numbers and gaps, as one group.

    Args:
        words: of a table; `NUMBER_SIGN` and `GAP_SIGN` stand for what they name.
        followed_by: what must follow, and is part of the text found; empty for anything.
        not_followed_by: what must not follow; empty for nothing.
    """
    pattern = f"(?:{_signed(words)})"
    if following := list(followed_by):
        pattern += f"(?:{_signed(following)})"
    forbidden = list(not_followed_by)
    return f"{pattern}(?!{_signed(forbidden)})" if forbidden else pattern


def _signed(words: Iterable[str]) -> str:
    signs = {re.escape(NUMBER_SIGN): NUMBER, re.escape(GAP_SIGN): f".{{0,{MAX_GAP_CHARS}}}"}
    pattern = one_of(words)
    for sign, meaning in signs.items():
        pattern = pattern.replace(sign, meaning)
    return pattern
