"""Patterns made of the words of a table, which curators change without knowing regular expressions."""

import re
from collections.abc import Iterable

NUMERALS = "〇零一二三四五六七八九十百"
"""Characters of which numbers are written in Chinese."""
NUMBER = f"[{NUMERALS}0-9]+"
NUMBER_SIGN = "#"
"""Stands in a word for a number: 第#师."""
GAP_SIGN = "…"
"""Stands in a word for other characters: 据…统计."""
MAX_GAP_CHARS = 20
"""Maximum length of a gap, unless said otherwise."""
NOTHING = "(?!)"
"""A pattern that fits nothing."""


def one_of(words: Iterable[str]) -> str:
    """Return the pattern of any of some words, longest first; it fits nothing where there are none."""
    return "|".join(map(re.escape, longest_first(words))) or NOTHING


def longest_first(words: Iterable[str]) -> list[str]:
    """Return words in the order in which a text is tried for them, so that none hides a longer one."""
    return sorted(words, key=lambda word: (-len(word), word))


def any_of(
    words: Iterable[str],
    followed_by: Iterable[str] = (),
    not_followed_by: Iterable[str] = (),
    *,
    max_gap_chars: int = MAX_GAP_CHARS,
) -> str:
    """Return the pattern of any of some words with signs for numbers and gaps, as one group.

    Args:
        words: of a table; `NUMBER_SIGN` and `GAP_SIGN` stand for what they name.
        followed_by: what must follow, and is part of the text found; empty for anything.
        not_followed_by: what must not follow; empty for nothing.
        max_gap_chars: length of a gap.
    """

    def signed(some: Iterable[str]) -> str:
        pattern = one_of(some).replace(re.escape(NUMBER_SIGN), NUMBER)
        return pattern.replace(re.escape(GAP_SIGN), f".{{0,{max_gap_chars}}}")

    pattern = f"(?:{signed(words)})"
    if following := list(followed_by):
        pattern += f"(?:{signed(following)})"
    forbidden = list(not_followed_by)
    return f"{pattern}(?!{signed(forbidden)})" if forbidden else pattern
