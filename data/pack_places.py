"""Conversion of the research pack to the tables of places and regions; `from_pack.py` writes them."""

from collections.abc import Iterator
from pathlib import Path

from pack_rows import Row, read, take

from kg.text import pinyin

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
            "pinyin": " ".join(pinyin.official_reading(row["name_zh"], row["name_en_or_pinyin"])).replace("v", "ü"),
            "level": row["level"],
            "ranks": ";".join(RANKS[rank] for rank in row["rank"].split("|")),
            "parent_id": row["parent_code"],
            "longitude": row["lon"] if point else "",
            "latitude": row["lat"] if point else "",
            **take(row, "wikidata geonames"),
            "source_ids": row["source_id"],
        }


def former_places(pack: Path) -> Iterator[Row]:
    """Yield former divisions since 1981, with today's divisions on their territory.

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
