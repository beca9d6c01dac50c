"""Find the fields of technology and industry that the words of a cell or name tell."""

import re
from collections.abc import Iterable
from typing import Protocol

from kg.text.names import normal

SCHOOL = re.compile(r"[^、;,()]*?(大学|(?<!科)学院)")
"""The name of a university tells what it once taught, not the field of a designation it bears (中国农业大学)."""
WHOLE = "="
"""Before a word that counts only where it is a whole entry of a cell (=材料: the cell of a laboratory, not a name)."""


class Cells(Protocol):
    """A row of a table, by the names of its columns."""

    def __getitem__(self, column: str, /) -> str: ...


class FieldIndex:
    """The words of the table fields.

    Args:
        rows: the table; a word stands in one row only.
    """

    def __init__(self, rows: Iterable[Cells]) -> None:
        self._whole: dict[str, tuple[str, str]] = {}
        self._words: dict[str, tuple[str, str]] = {}
        for row in rows:
            for word in filter(None, row["words"].split(";")):
                known = self._whole if word.startswith(WHOLE) else self._words
                known[normal(word.removeprefix(WHOLE))] = row["id"], word.removeprefix(WHOLE)
        longest_first = sorted(self._words, key=len, reverse=True)
        self._pattern = re.compile("|".join(map(re.escape, longest_first)) or r"(?!)")

    def find(self, texts: Iterable[str]) -> list[tuple[str, str]]:
        """Return the fields of texts, each once, with the first word that told it.

        The longest word at a place counts and no word inside it (新能源汽车 is not 新能源); a text of several entries
        (parted by 、 ; ,) is read entry by entry.

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
                for match in self._pattern.finditer(SCHOOL.sub("", entry)):
                    field, word = self._words[match.group()]
                    found.setdefault(field, word)
        return list(found.items())
