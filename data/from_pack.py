"""How the registry and place tables in this folder were made from the research pack; kept so that anyone can see it.

    python data/from_pack.py <folder of the pack>

Facts and figures carry over; remarks and descriptions of the pack do not. Keys that the pack lacks (mandates,
affiliations, relations, assignments) are minted here once and are from then on the table's own: the script refuses to
overwrite a table. Tables it does not write are kept by hand: purposes, carriers, claims, strategies, designations and
all of papers/.
"""

import csv
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from kg import pinyin

HERE = Path(__file__).parent
Row = dict[str, str]

RANKS = {
    "国家": "country",
    "省": "province",
    "自治区": "autonomous-region",
    "直辖市": "municipality",
    "特别行政区": "special-administrative-region",
    "地级市": "prefecture-level-city",
    "地区": "prefecture",
    "自治州": "autonomous-prefecture",
    "盟": "league",
    "省会": "provincial-capital",
    "自治区首府": "autonomous-region-capital",
    "副省级市": "sub-provincial-city",
    "计划单列市": "separately-planned-city",
    "县": "county",
    "县级市": "county-level-city",
    "市辖区": "district",
    "自治县": "autonomous-county",
    "旗": "banner",
    "自治旗": "autonomous-banner",
    "林区": "forest-area",
    "特区": "special-area",
    "省直辖县级": "province-administered",
}

HALVES = {
    "south": ("南方（十六省区市）", "Southern provinces (sixteen)", "31 32 33 34 35 36 42 43 44 45 46 50 51 52 53 54"),
    "north": ("北方（十五省区市）", "Northern provinces (fifteen)", "11 12 13 14 15 21 22 23 37 41 61 62 63 64 65"),
}
"""South and north of Qinling and Huaihe, by whole provinces: names in both languages, first digits of the codes."""


def main(pack: Path) -> None:
    """Write every table this script is in charge of; raise FileExistsError before writing any if one exists."""
    tables: dict[str, Iterable[Row]] = {
        "sources.csv": sources(pack),
        "authorities.csv": authorities(pack),
        "affiliations.csv": affiliations(pack),
        "programmes.csv": programmes(pack),
        "purpose_texts.csv": purpose_texts(pack),
        "purpose_assignments.csv": assignments(pack),
        "mandates.csv": mandates(pack),
        "programme_relations.csv": relations(pack),
        "places.csv": places(pack),
        "former_places.csv": former_places(pack),
        "regions.csv": regions(pack),
        "region_members.csv": region_members(pack),
        "populations.csv": populations(pack),
    }
    if there := [name for name in tables if (HERE / name).exists()]:
        raise FileExistsError(f"already kept in {HERE}: {', '.join(there)}; delete a table to make it anew")
    for name, rows in tables.items():
        write(HERE / name, list(rows))


def sources(pack: Path) -> Iterator[Row]:
    """Documents; the remark column stays behind. The first is this folder, the source of what only its tables say."""
    own = {"title": "Guapai: the project's own tables (data/)", "address": "", "licence": "CC-BY-4.0", "as_of": ""}
    yield {"id": "guapai", **own, "reliability": "compilation"}
    for row in read(pack / "sources.csv"):
        if row["source_id"] == "unsourced":
            continue
        title = row["title"].split(" (founding paper")[0]
        yield {
            "id": row["source_id"],
            "title": title,
            "address": web_address(row["address"]),
            "licence": row["licence"],
            "as_of": row["as_of"],
            "reliability": row["reliability"],
        }


def web_address(address: str) -> str:
    """Return the address as one that a browser opens, or nothing where the pack has only a description."""
    if match := re.fullmatch(r"github:([^:\s]+):(\S+) @([0-9a-f]{40})", address):
        repository, path, commit = match.groups()
        return f"https://github.com/{repository}/blob/{commit}/{path}"
    return address if re.fullmatch(r"https?://[^\s…]+", address) else ""


def authorities(pack: Path) -> Iterator[Row]:
    """Bodies with their names, kind, years and successor."""
    for row in read(pack / "registry/authorities.csv"):
        aliases = [name for name in row["aliases_zh"].split(";") if name not in ("", row["name_zh"], row["short_zh"])]
        kept = "id name_zh name_en short_zh kind valid_from valid_to successor_id wikidata"
        yield {**take(row, kept), "aliases_zh": ";".join(aliases), "source_ids": row["source_id"]}


def affiliations(pack: Path) -> Iterator[Row]:
    """Dated parents of bodies."""
    mint = minter()
    for row in read(pack / "registry/authority_parents.csv"):
        key = mint(row["authority_id"], row["parent_id"], row["valid_from"])
        yield {"id": key, **take(row, "authority_id parent_id valid_from valid_to"), "source_ids": row["source_id"]}


def programmes(pack: Path) -> Iterator[Row]:
    """Kinds of plate; their purpose texts stand in a table of their own."""
    for row in read(pack / "registry/programmes.csv"):
        yield {
            **take(row, "id name_zh name_en"),
            "aliases_zh": row["alias_zh"],
            **take(row, "category policy_area bearer usual_extent parent_id"),
            "valid_from": row["started"],
            "valid_to": row["ended"],
            **take(row, "successor_id legal_basis"),
            "source_ids": row["source_id"],
        }


def purpose_texts(pack: Path) -> Iterator[Row]:
    """Official passages that say what a programme is for."""
    for row in read(pack / "registry/purpose_texts.csv"):
        document = row["document"].replace("founding paper ", "paper ")
        yield {
            "id": row["text_id"],
            **take(row, "programme_id text_zh kind"),
            "document": document,
            "published": row["date"],
            "source_ids": row["source_id"],
        }


def assignments(pack: Path) -> Iterator[Row]:
    """Programme to purpose by quote."""
    mint = minter()
    for row in read(pack / "registry/purpose_assignments.csv"):
        key = mint(row["programme_id"], row["purpose_id"])
        yield {"id": key, **take(row, "programme_id purpose_id text_id quote weight")}


def mandates(pack: Path) -> Iterator[Row]:
    """Roles of bodies in programmes; a mandate without a source is `unsourced`, whatever the pack calls it."""
    mint = minter()
    for row in read(pack / "registry/programme_authorities.csv"):
        key = mint(row["programme_id"], row["authority_id"], row["role"], row["valid_from"])
        yield {
            "id": key,
            **take(row, "programme_id authority_id role valid_from valid_to"),
            "basis": "" if row["source_id"] == "unsourced" else row["basis"],
            **sourcing(row, row["status"]),
        }


def relations(pack: Path) -> Iterator[Row]:
    """Relations by design between programmes; `parent` stands in programmes.csv already."""
    mint = minter()
    for row in read(pack / "registry/programme_relations.csv"):
        if row["relation"] == "parent":
            continue
        yield {
            "id": mint(row["a"], row["relation"], row["b"]),
            "subject_id": row["a"],
            "object_id": row["b"],
            "relation": row["relation"],
            "basis": "" if row["source_id"] == "unsourced" else row["basis"],
            **sourcing(row, "inferred" if "inferred" in row["note"] else "asserted"),
        }


def places(pack: Path) -> Iterator[Row]:
    """Divisions of today with their parent, rank and point (WGS84); read as their official spelling shows."""
    for row in read(pack / "places/places.csv"):
        if row["is_current"] != "1":
            continue
        point = bool(row["lon"]) and row["datum"].startswith("WGS84")
        yield {
            "id": row["code"],
            "name_zh": row["name_zh"],
            "name_en": row["name_en_or_pinyin"],
            "short_zh": "" if row["short_zh"] == row["name_zh"] else row["short_zh"],
            "pinyin": " ".join(pinyin.fitting(row["name_zh"], row["name_en_or_pinyin"])).replace("v", "ü"),
            "level": row["level"],
            "ranks": ";".join(RANKS[rank] for rank in row["rank"].split("|")),
            "parent_id": row["parent_code"],
            "longitude": row["lon"] if point else "",
            "latitude": row["lat"] if point else "",
            **take(row, "wikidata geonames"),
            "source_ids": row["source_id"],
        }


def former_places(pack: Path) -> Iterator[Row]:
    """Divisions since 1981 that are no more, with those of today on their land.

    The pack carries a former prefecture on to its counties; where these are all the counties of one prefecture of
    today, that prefecture stands for them.
    """
    rows = list(read(pack / "places/places.csv"))
    counties: dict[str, set[str]] = {}
    for row in rows:
        if row["is_current"] == "1" and row["level"] == "county":
            counties.setdefault(row["parent_code"], set()).add(row["code"])
    whole = {frozenset(codes): parent for parent, codes in counties.items() if not parent.endswith("0000")}
    for row in rows:
        if row["is_current"] == "1":
            continue
        codes = row["current_codes"].split(";")
        if row["level"] == "prefecture" and (prefecture := whole.get(frozenset(codes))):
            codes = [prefecture]
        yield {
            "id": f"{row['code']}-{row['valid_from']}",
            **take(row, "code name_zh"),
            "short_zh": "" if row["short_zh"] == row["name_zh"] else row["short_zh"],
            **take(row, "level valid_from valid_to"),
            "place_ids": ";".join(codes),
            "source_ids": row["source_id"],
        }


def regions(pack: Path) -> Iterator[Row]:
    """Macro-regions, one row each, the one that table 4 of the second paper composes, and the two halves, ours."""
    seen = set()
    for row in read(pack / "places/regions.csv"):
        if row["region"] not in seen:
            seen.add(row["region"])
            yield {"id": row["region"], **take(row, "name_zh name_en"), "source_ids": row["source_id"]}
    names = {"name_zh": "重庆与四川", "name_en": "Chongqing and Sichuan"}
    yield {"id": "chongqing-sichuan", **names, "source_ids": "rg-R02"}
    for key, (chinese, english, _) in HALVES.items():
        yield {"id": key, "name_zh": chinese, "name_en": english, "source_ids": "guapai"}


def region_members(pack: Path) -> Iterator[Row]:
    """Whole and partial members of regions; a division that is gone is carried on to the one of today."""
    today = {row["code"]: row["current_codes"] for row in read(pack / "places/places.csv")}
    given = set()
    for row in read(pack / "places/regions.csv"):
        for code in today[row["member_code"]].split(";"):
            if (key := f"{row['region']}-{code}") not in given:
                given.add(key)
                member = {"id": key, "region_id": row["region"], "place_id": code}
                yield {**member, "scope": row["scope"], "source_ids": row["source_id"]}
    for code in ("500000", "510000"):
        place = {"id": f"chongqing-sichuan-{code}", "region_id": "chongqing-sichuan", "place_id": code}
        yield {**place, "scope": "whole", "source_ids": "rg-R02"}
    for key, (_, _, codes) in HALVES.items():
        for code in codes.split():
            place = {"id": f"{key}-{code}0000", "region_id": key, "place_id": f"{code}0000"}
            yield {**place, "scope": "whole", "source_ids": "guapai"}


def populations(pack: Path) -> Iterator[Row]:
    """Residents of the provinces at the census of 2020."""
    for row in read(pack / "places/context.csv"):
        if row["indicator"] == "population_census":
            key = {"id": f"{row['code']}-{row['year']}", "place_id": row["code"], "year": row["year"]}
            yield {**key, "persons": row["value"], "source_ids": row["source_id"]}


def take(row: Row, names: str) -> Row:
    """Return the named columns of a row, in that order."""
    return {name: row[name] for name in names.split()}


def sourcing(row: Row, status: str) -> Row:
    """Return status and source columns; a row without a source is `unsourced`."""
    unsourced = row["source_id"] == "unsourced"
    return {"status": "unsourced" if unsourced else status, "source_ids": "" if unsourced else row["source_id"]}


def minter() -> Callable[..., str]:
    """Return a function that joins parts to a key and numbers keys that repeat."""
    given: dict[str, int] = {}

    def mint(*parts: str) -> str:
        key = "-".join(part for part in parts if part)
        given[key] = given.get(key, 0) + 1
        return key if given[key] == 1 else f"{key}-{given[key]}"

    return mint


def read(path: Path) -> Iterator[Row]:
    """Yield the rows of a table of the pack."""
    with path.open(encoding="utf-8-sig", newline="") as stream:
        yield from csv.DictReader(stream)


def write(path: Path, rows: list[Row]) -> None:
    """Write a table: UTF-8, line feeds, the columns of its first row."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, fieldnames=list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    print(f"{path.name}: {len(rows)} rows")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(Path(sys.argv[1]))
