"""Rows of a public register of firms, and the counties of their registered addresses."""

import csv
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from kg.places import Gazetteer
from kg.places.disambiguate import lies_within
from kg.places.gazetteer import comparable
from kg.places.name_prefix import Constraints

AS_OF = 2019
"""Year of the register: names of divisions are those of that year."""
COLUMNS = 10
"""Cells of a whole row: name, code, day, kind, person, capital, business, province, prefecture, address."""
TOWN = re.compile("^.{2,20}?(?:[镇乡]|街道)")
"""Beginning of an address up to its town."""
PROVINCE_KINDS = "省|市|壮族自治区|回族自治区|维吾尔自治区|自治区"
"""Words for the kind of a province, the longest before those within them."""
REPEATED = re.compile(f"^(.{{2,3}})(?:{PROVINCE_KINDS})(?=\\1)")
"""A province that an address names twice: 宁夏回族自治区宁夏永宁县."""


@dataclass(frozen=True, slots=True)
class Firm:
    """Name, division of the registering office (six digits of its code), province, prefecture, address, as printed."""

    name: str
    office: str
    province: str
    prefecture: str
    address: str


def looked_up(path: Path, addresses: "Addresses") -> Iterator[Firm]:
    """Yield the organisations of a file with the columns name and address, in the divisions that the address names."""
    with path.open(encoding="utf-8-sig", newline="") as stream:
        for row in csv.DictReader(stream):
            province, prefecture = addresses.begins_with(row["address"])
            yield Firm(row["name"], "", province, prefecture, row["address"])


def firms(register: Path) -> Iterator[Firm]:
    """Yield the firms of the register's files, one for each year and province; persons are not read."""
    for path in sorted(register.glob("*/*.csv")):
        with path.open(encoding="utf-8-sig", errors="replace", newline="") as stream:
            for row in csv.reader(line.replace("\0", "") for line in stream):
                if len(row) >= COLUMNS:
                    yield Firm(row[0], row[1][2:8], row[7], row[8], row[9])


class Addresses:
    """Finds the counties of addresses by the gazetteer."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self.gazetteer = gazetteer
        self.names = lru_cache(self._names)
        self.province = lru_cache(self._province)
        self._within = lru_cache(self._prefecture)

    def _names(self, province: str) -> tuple[str, ...]:
        """Return the names of a province, the longest first."""
        found = (text for text, code in self.gazetteer.index.provinces.items() if code == province)
        return tuple(sorted(found, key=len, reverse=True))

    def _province(self, name: str) -> str:
        """Return the code of the one province in a cell, "" if none."""
        codes, _ = self.gazetteer.cells.provinces(name, "")
        return codes[0] if len(codes) == 1 else ""

    def _prefecture(self, prefecture: str, province: str) -> frozenset[str]:
        """Return the prefecture in a cell; empty in a municipality, whose cell is a district."""
        if not province or self.gazetteer.divisions[province].prefecture:
            return frozenset()
        return frozenset(self.gazetteer.cells.prefecture(comparable(prefecture), province, AS_OF).place_ids)

    def begins_with(self, address: str) -> tuple[str, str]:
        """Return the names of the province and the prefecture with which an address begins, "" if there is none."""
        found = self.gazetteer.scanner.scan(comparable(address), Constraints("", frozenset(), None, brief=False))
        prefectures = [code for choice in found.prefectures for code in choice.place_ids]
        names = self.gazetteer.divisions
        return (
            names[found.province].name if found.province else "",
            names[prefectures[0]].name if len(prefectures) == 1 else "",
        )

    def within(self, firm: Firm) -> frozenset[str]:
        """Return the prefecture of a firm, empty if unknown or a municipality."""
        return self._within(firm.prefecture, self.province(firm.province))

    def county(self, firm: Firm) -> str:
        """Return the county of a firm's address, "" if it names none.

        It is the one that the address names, or that of its town; of a prefecture without counties, the prefecture;
        or the division of the registering office if the address has its short name (四川省成都市金堂工业园区, 510121).
        """
        if not (province := self.province(firm.province)):
            return ""
        if self._scanned(firm) is not None:
            return self._scanned(firm) or ""
        within, town = self.within(firm), TOWN.match(_plain(firm))
        if town and (code := self.gazetteer.towns.find(town[0], province, within)):
            return code
        lowest = [code for code in within if self.gazetteer.divisions[code].lowest]
        return lowest[0] if lowest else self._office(firm)

    def named(self, firm: Firm) -> str:
        """Return the county that a firm's address names, "" if none."""
        return self._scanned(firm) or ""

    def _scanned(self, firm: Firm) -> str | None:
        """Return the county that an address names, "" if it is not certain, None if it names none."""
        province, within = self.province(firm.province), self.within(firm)
        if not province:
            return None
        constraints = Constraints(province, within, AS_OF, brief=False)
        scans = (self.gazetteer.scanner.scan(text, constraints) for text in self._texts(firm, within))
        found = next((scan for scan in scans if scan.county.fits or scan.doubtful), None)
        if found is None:
            return None
        inside = lies_within(found.county.place_ids, self.gazetteer.divisions, within)
        return found.county.place_ids[0] if inside and len(found.county.place_ids) == 1 else ""

    def _texts(self, firm: Firm, within: frozenset[str]) -> Iterator[str]:
        """Yield an address, and the address after the short name of its prefecture (青岛莱西市上海西路)."""
        yield (address := _plain(firm))
        for code in within:
            if address.startswith(short := self.gazetteer.divisions[code].name[:-1]):
                yield address.removeprefix(short)

    def _office(self, firm: Firm) -> str:
        unit = self.gazetteer.divisions.get(firm.office)
        short = unit.name[:-1] if unit and unit.lowest else ""
        return firm.office if len(short) > 1 and short in _plain(firm)[:20] else ""


def agreed(counties: Counter[str], least: int, share: float) -> tuple[str, int]:
    """Return the county of nearly all firms and how many they are; "" and 0 if there is none.

    Args:
        counties: number of firms by county.
        least: number of firms that say anything.
        share: of them that must be in the county.
    """
    if counties.total() < least:
        return "", 0
    county, number = counties.most_common(1)[0]
    return (county, number) if number >= share * counties.total() else ("", 0)


def _plain(firm: Firm) -> str:
    return REPEATED.sub("", comparable(firm.address))
