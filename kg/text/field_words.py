"""Fields of technology and industry by the words in a cell or name."""

import re
from collections.abc import Iterable
from typing import Protocol

from kg.text.names import normal

WHOLE = "="
"""Prefix of a word that only matches an entire entry of a cell (=材料: the cell of a laboratory, not a name)."""


class Cells(Protocol):
    """A row of a table, by the names of its columns."""

    def __getitem__(self, column: str, /) -> str: ...


class FieldIndex:
    """The words of the table fields.

    Args:
        rows: the table; a word occurs in one row only.
        schools: names of universities, whose words do not indicate the field of a designation (中国农业大学).
    """

    def __init__(self, rows: Iterable[Cells], schools: re.Pattern[str]) -> None:
        self._schools = schools
        self._whole: dict[str, tuple[str, str]] = {}
        self._words: dict[str, tuple[str, str]] = {}
        for row in rows:
            for word in filter(None, row["words"].split(";")):
                known = self._whole if word.startswith(WHOLE) else self._words
                known[normal(word.removeprefix(WHOLE))] = row["id"], word.removeprefix(WHOLE)
        longest_first = sorted(self._words, key=len, reverse=True)
        self._pattern = re.compile("|".join(map(re.escape, longest_first)) or r"(?!)")

    def find(self, texts: Iterable[str]) -> list[tuple[str, str]]:
        """Return the fields of texts, each once, with its first word.

        The longest word at a position counts and no word inside it (新能源汽车 is not 新能源); entries of a text
        (separated by 、 ; ,) are matched one by one.

        Args:
            texts: cells or names, without the words of the programme.
        """
        found: dict[str, str] = {}
        for text in texts:
            for entry in re.split(r"[、;,/\n]", normal(text)):
                if entry in self._whole:
                    field, word = self._whole[entry]
                    found.setdefault(field, word)
                    continue
                for match in self._pattern.finditer(self._schools.sub("", entry)):
                    field, word = self._words[match.group()]
                    found.setdefault(field, word)
        return list(found.items())
