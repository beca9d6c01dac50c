"""Import of counties of zones from a public register of firms (2019): those of the firms whose addresses name the zone.

    python data/zones_from_register.py <folder csv of the register: one folder a year, one file a province>

Adds rows to designation_places.csv for zones and parks whose county is unknown and whose firms, at least two and nearly
all of those whose address names a county too, are in one. Rows that are there stay. A zone to which the rule does not
apply (a name that is part of another one's, a zone of several districts) is left out by hand, with the reason.
"""

import sys
from collections import Counter, defaultdict
from pathlib import Path

from from_pack import write
from pack_rows import Row, read
from register import Addresses, agreed, firms

from kg.pipeline.merge import designations
from kg.places import Gazetteer
from kg.places.gazetteer import comparable
from kg.places.statements import PlaceStatements
from kg.places.words import PlaceWords
from kg.tables import Package, open_package

HERE = Path(__file__).parent
SOURCE = "er-2019"
LEAST_FIRMS = 2
LEAST_SHARE = 0.8
MIN_CHARS = 5
FORMS = (
    ("国家农业科技园区", "农业科技园区"),
    ("国家农业科技园区", "国家农业科技园"),
    ("国家农业科技园区", "农业科技园"),
    ("农业科技园区", "农业科技园"),
    ("经济技术开发区", "经济开发区"),
    ("高新技术产业开发区", "高新区"),
    ("工业园区", "工业园"),
    ("产业园区", "产业园"),
)
"""Words in names of zones and their forms in addresses."""
LEFT_OUT = {
    "provincial-development-zone-0877": "it has parts in several districts (乌海)",
    "provincial-development-zone-0707": "the county is no part of the prefecture after which it is named",
    "national-high-tech-zone-0152": "it has parts in several districts (银川)",
}
"""Designations whose firms do not tell where it lies → why."""


def main(register: Path) -> None:
    """Write designation_places.csv with the rows that the register adds."""
    package = open_package(HERE)
    addresses = Addresses(Gazetteer.of(package))
    there = list(read(HERE / "designation_places.csv"))
    unknown = zones(package, addresses)
    rows = counted(register, addresses, unknown)
    write(HERE / "designation_places.csv", there + rows)


def zones(package: Package, addresses: Addresses) -> dict[tuple[str, str], set[str]]:
    """Return the area-borne designations of unknown county by province and name in addresses."""
    counties = PlaceStatements.of(package).counties
    programmes, words = package.index("programmes"), PlaceWords.of(package.rows("place_words"))
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    for each in designations(package):
        places = each.many("place_ids")
        area = programmes[each.row["programme_id"]]["bearer"] == "area"
        if (
            not area
            or not places
            or not comparable(each.row["name_zh"]).endswith(words.kinds["zone"])
            or not counties.isdisjoint(places)
            or each.key in LEFT_OUT
        ):
            continue
        for name in forms(comparable(each.row["name_zh"]), f"{places[0][:2]}0000", addresses):
            found[f"{places[0][:2]}0000", name].add(each.key)
    return found


def forms(name: str, province: str, addresses: Addresses) -> set[str]:
    """Return the forms of a zone's name in addresses, without its province, if they are long enough."""
    start = next((text for text in addresses.names(province) if name.startswith(text)), "")
    bare = name.removeprefix(start).removeprefix("省")
    return {form for form in (bare, *(bare.replace(*pair) for pair in FORMS)) if len(form) >= MIN_CHARS}


def counted(register: Path, addresses: Addresses, unknown: dict[tuple[str, str], set[str]]) -> list[Row]:
    """Return a row for each zone nearly all of whose firms are in one county."""
    counties: dict[str, Counter[str]] = defaultdict(Counter)
    starts = defaultdict(list)
    for _, name in unknown:
        starts[name[:2]].append(name)
    for firm in firms(register):
        address = comparable(firm.address)
        named = {
            name
            for at in range(len(address))
            for name in starts.get(address[at : at + 2], ())
            if address.startswith(name, at)
        }
        keys = {key for name in named for key in unknown.get((addresses.province(firm.province), name), ())}
        if keys and (county := addresses.named(firm)):
            for key in keys:
                counties[key][county] += 1
    return [row for key in sorted(counties) for row in _row(key, counties[key], addresses)]


def _row(key: str, counties: Counter[str], addresses: Addresses) -> list[Row]:
    county, firms_there = agreed(counties, LEAST_FIRMS, LEAST_SHARE)
    if firms_there < LEAST_FIRMS:
        return []
    name = addresses.gazetteer.divisions[county].name
    evidence = f"of {counties.total():,} firms whose addresses name the zone and a county {firms_there:,} are in {name}"
    row = {"id": f"{key}-{county}", "designation_id": key, "place_id": county, "basis": "stated"}
    return [row | {"evidence": evidence, "source_ids": SOURCE}]


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(Path(sys.argv[1]))
