"""Import of seats of carriers from a public register of firms (2019).

    python data/seats_from_register.py <folder csv of the register: one folder a year, one file a province> [<file>]

The file has names and addresses of further organisations that were looked up in another register (pp-S607).

Adds rows to carrier_seats.csv for carriers that have none, by three rules, the first that says something:

1. the firm of the carrier's name stands in the register, with an address that names a county (stated) or a street
   that lies in one, or registered at the office of one (derived); the same for an address that was looked up;
2. firms are registered on the grounds of the institute, all in one county (stated);
3. the carrier's name begins with the short name of a county, and of the firms of the register whose names begin so
   nearly all are registered in it (derived).

Rows that are there stay. Nothing about persons is read.
"""

import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from beginnings import Beginnings
from from_pack import write
from grounds import Grounds
from offices import Offices
from pack_rows import Row, read
from register import PROVINCE_KINDS, Addresses, Firm, firms, looked_up
from streets import Streets

from kg.places import Gazetteer
from kg.places.gazetteer import comparable
from kg.tables import Package, open_package

HERE = Path(__file__).parent
SOURCE = "er-2019"
"""Document in sources.csv: the register."""
LOOKED_UP = "pp-S607"
"""Document in sources.csv: what was looked up in another register."""
LEFT_OUT = {"zhong-guo-ke-xue-yuan": "the address is that of its branch in Shanghai"}
"""Carriers under whose name the address of another body was looked up → why."""
FORM = re.compile("(?:有限责任公司|股份有限公司|有限公司|总公司|公司)$")
"""Legal form at the end of a firm's name, which changes while the firm stays."""
PROVINCE = re.compile(f"^(.{{2,3}}?)(?:{PROVINCE_KINDS})")
PUNCTUATION = re.compile("[-()—,.、]")


def main(register: Path, further: Path | None) -> None:
    """Write carrier_seats.csv with the rows that the register and the file of further addresses add."""
    package = open_package(HERE)
    addresses = Addresses(Gazetteer.of(package))
    names, others, grounds = Names(package), Names(package), Grounds(package, addresses)
    beginnings, offices = Beginnings(addresses), Offices(addresses)
    for firm in looked_up(further, addresses) if further else ():
        others.note(firm)
    for firm in firms(register):
        for counted in (names, grounds, beginnings, offices):
            counted.note(firm)
    streets = on_streets(register, addresses, chain(names.found(), others.found(), grounds.found()))
    there = list(read(HERE / "carrier_seats.csv"))
    seated = {row["carrier_id"] for row in there}
    rules = Rules(addresses, streets, offices, names, others, grounds, beginnings)
    rows = list(seats(package, rules, seated))
    print(Counter(row["basis"] for row in rows))
    write(HERE / "carrier_seats.csv", sorted(there + rows, key=lambda row: row["id"]))


def on_streets(register: Path, addresses: Addresses, asked: Iterable[Firm]) -> Streets:
    """Return the counties on the streets of firms whose address names none."""
    streets = Streets(addresses)
    for firm in asked:
        if not addresses.county(firm):
            streets.ask(firm)
    for firm in firms(register):
        streets.note(firm)
    return streets


class Names:
    """Carriers by their names, and by their names without the legal form; and the firms that have them."""

    def __init__(self, package: Package) -> None:
        self._keys: dict[str, set[str]] = defaultdict(set)
        self._alike: dict[str, set[str]] = defaultdict(set)
        self.exact: dict[str, list[Firm]] = defaultdict(list)
        self.alike: dict[str, list[Firm]] = defaultdict(list)
        for row in package.rows("carriers"):
            for name in (row["name_zh"], *row.many("names")):
                self._keys[plain(name)].add(row["id"])
                if FORM.search(comparable(name)):
                    self._alike[core(name)].add(row["id"])

    def note(self, firm: Firm) -> None:
        """Keep a firm that is a carrier, or is one but for its legal form."""
        for key in self._keys.get(plain(firm.name), ()):
            self.exact[key].append(firm)
        if FORM.search(comparable(firm.name)):
            for key in self._alike.get(core(firm.name), ()):
                self.alike[key].append(firm)

    def found(self) -> Iterator[Firm]:
        """Yield the firms that are carriers."""
        for named in (self.exact, self.alike):
            yield from chain.from_iterable(named.values())


def plain(name: str) -> str:
    """Return a name without punctuation."""
    return PUNCTUATION.sub("", comparable(name))


def core(name: str) -> str:
    """Return a name without legal form, punctuation and the word for its province's kind."""
    return PROVINCE.sub(r"\1", FORM.sub("", plain(name)))


@dataclass(frozen=True)
class Rules:
    """What the register says about carriers."""

    addresses: Addresses
    streets: Streets
    offices: Offices
    names: Names
    others: Names
    grounds: Grounds
    beginnings: Beginnings

    def seat(self, carrier: Mapping[str, str], provinces: set[str]) -> Row:
        """Return the seat of a carrier in a stated province by the first rule that says something; {} if none does."""
        key = carrier["id"]
        return (
            self._address(self.names.exact.get(key, ()), provinces)
            or self._address(self.names.alike.get(key, ()), provinces)
            or self._address(() if key in LEFT_OUT else self.others.exact.get(key, ()), provinces, LOOKED_UP)
            or self.grounds.seat(key, provinces, self.streets)
            or self.beginnings.seat(carrier["name_zh"], provinces)
        )

    def _address(self, named: Iterable[Firm], provinces: set[str], source: str = SOURCE) -> Row:
        """Return the county in which all firms of a name that a stated province allows are registered; {} if none."""
        inside = [firm for firm in named if not provinces or self.addresses.province(firm.province) in provinces]
        codes = {self.addresses.county(firm) for firm in inside}
        if len(codes) != 1:
            return {}
        firm, county = inside[0], codes.pop()
        evidence = f"{'registered' if source == SOURCE else 'looked up'} as {firm.name}: {firm.address}"
        if county:
            return {"place_id": county, "basis": "stated", "evidence": evidence, "source_ids": source}
        ways = (self.streets.county(firm), self.offices.county(firm))
        county, why = next((way for way in ways if way[0]), ("", ""))
        sources = ";".join(dict.fromkeys((source, SOURCE)))
        row = {"place_id": county, "basis": "derived", "evidence": f"{evidence}; {why}", "source_ids": sources}
        return row if county else {}


def seats(package: Package, rules: Rules, seated: set[str]) -> Iterator[Row]:
    """Yield a seat for each carrier that has none and that the register places."""
    provinces = stated_provinces(package)
    for carrier in package.rows("carriers"):
        key = carrier["id"]
        if key not in seated and (row := rules.seat(carrier.cells, provinces.get(key, set()))):
            yield {"id": key, "carrier_id": key, "source_ids": SOURCE, **row}


def stated_provinces(package: Package) -> Mapping[str, set[str]]:
    """Return the provinces that the records of a carrier's designations state."""
    found: dict[str, set[str]] = defaultdict(set)
    for record in package.rows("records"):
        for key in record.many("carrier_ids"):
            found[key] |= {f"{code[:2]}0000" for code in record.many("place_ids")}
    return found


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    main(Path(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) > 2 else None)
