"""Carriers in a cell: names parted, places left out, names that are one misprint from a known one remarked."""

import re
from collections.abc import Iterable, Iterator

from kg.importing.line_kinds import Remark, Words
from kg.text.misprints import Misprints
from kg.text.names import normal
from kg.text.organisations import CarrierIndex, OrganisationNames

SIGNS = re.compile(r"[，,/／|｜]+(?![^（(]*[)）])")
"""Signs that part names where a whole name stands before them; in others they belong to the name (Co., Ltd.)."""


class CarrierCells:
    """Reads the cells of carriers.

    Args:
        carriers: the known carriers; grows while a list is read.
        words: the divisions, which are no carriers, and the words for further carriers.
    """

    def __init__(self, carriers: CarrierIndex, words: Words) -> None:
        self.carriers, self.words = carriers, words
        self._misprints = Misprints(words.telling)
        for row in carriers.rows.values():
            for name in (row.name_zh, *row.names):
                self._misprints.add(carriers.names.normal(name), row.name_zh)

    def names(self, cell: str) -> tuple[list[str], tuple[Remark, ...]]:
        """Return the names of the carriers in a cell, and remarks.

        Args:
            cell: the cell as printed.
        """
        found: list[str] = []
        remarks: list[Remark] = []
        organisations = self.carriers.names
        pieces = organisations.split(cell)
        for name in (part for piece in pieces for part in parted(piece, organisations)):
            bare = self.words.patterns.others.sub("", name)
            if bare != name and bare:
                remarks.append((f"“{name}”还有未列出的单位", f"{name!r} has further carriers that are not named"))
            if self.words.place(bare):
                remarks.append((f"“{bare}”是地名，不是单位", f"{bare!r} is a place, not an organisation"))
            elif bare:
                found.append(bare)
        return found, tuple(remarks)

    def doubts(self, names: Iterable[str], province: str) -> Iterator[Remark]:
        """Yield the remarks on new carriers whose names differ from known ones by one character.

        Args:
            names: of the carriers.
            province: name of the stated province, "" if none.
        """
        for name in names:
            if self.carriers.find(name, province):
                continue
            plain = self.carriers.names.normal(name)
            if near := self._misprints.near(plain):
                yield f"“{name}”与“{near}”只差一字", f"{name!r} differs from {near!r} by one character"
            self._misprints.add(plain, name)


def parted(piece: str, organisations: OrganisationNames) -> list[str]:
    """Return the names in a piece parted by comma or slash; a sign belongs to the name unless a whole name precedes."""
    names: list[str] = []
    start = 0
    for sign in SIGNS.finditer(piece):
        before, after = piece[start : sign.start()].strip(), piece[sign.end() :].strip()
        if organisations.ends(normal(before), "complete") and len(before) > 2 and len(after) > 2:
            names.append(before)
            start = sign.end()
    return [*names, last] if (last := piece[start:].strip()) else names
