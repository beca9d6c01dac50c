"""Hand-written columns of a few places and designations, for the tests of findings."""

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from types import SimpleNamespace
from typing import Any, cast

from kg.places.division_words import DivisionWords
from kg.release import columns
from kg.release.columns import Cell, Columns
from kg.release.schema import SCHEMA
from kg.tables import Package, Row, completeness, dates

DATA = Path(__file__).parents[2] / "data"
Rows = list[dict[str, Any]]


def table(name: str) -> list[dict[str, str]]:
    """Return a table of the project's own data."""
    return list(map(dict, _read(name)))


@cache
def _read(name: str) -> list[dict[str, str]]:
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


DIVISION_WORDS = DivisionWords.of(table("place_words"))


def registry() -> dict[str, Rows]:
    """Return the project's own programmes, purposes, relations, mandates, authorities and weights as columns."""
    purposes = {row["id"]: row for row in table("purposes")}
    return {
        "programmes": [
            {"programme": row["id"], "name_zh": row["name_zh"], "bearer": row["bearer"], "parent": row["parent_id"]}
            for row in table("programmes")
        ],
        "programme_purposes": [
            {
                "programme": row["programme_id"],
                "purpose": row["purpose_id"],
                "purpose_group": purposes[row["purpose_id"]]["broader_id"],
                "weight": row["weight"],
                "generic": purposes[row["purpose_id"]]["generic"],
            }
            for row in table("purpose_assignments")
        ],
        "programme_relations": [
            row | {"subject": row["subject_id"], "object": row["object_id"]} for row in table("programme_relations")
        ],
        "mandates": [
            row
            | {"mandate": row["id"], "programme": row["programme_id"], "authority": row["authority_id"]}
            | _validity(row)
            for row in table("mandates")
        ],
        "authorities": [
            row | {"authority": row["id"], "successor": row["successor_id"]} | _validity(row)
            for row in table("authorities")
        ],
        "affiliations": [
            {"authority": row["authority_id"], "parent": row["parent_id"]} | _validity(row)
            for row in table("affiliations")
        ],
        "extents": [row | {"extent": row["id"]} for row in table("extents")],
        "reforms": [row | {"reform": row["id"], "day": dates.parse(row["date"]).first} for row in table("reforms")],
        "purposes": [
            row | {"purpose": row["id"], "purpose_group": row["broader_id"] or row["id"]} for row in purposes.values()
        ],
        "weights": [{"weight": row["id"], "value": row["value"]} for row in table("weights")],
        "eligible_units": [row | {"programme": row["id"]} for row in table("eligible_units")],
        **{name: [dict(row) for row in table(name)] for name in ("name_words", "pinyin_words")},
        "duplicate_weights": [{"weight": row["id"], "value": row["value"]} for row in table("duplicate_weights")],
    }


def _validity(row: Mapping[str, str]) -> dict[str, date | None]:
    start, end = row["valid_from"], row["valid_to"]
    return {
        "valid_from": dates.parse(start).first if start else None,
        "valid_to": dates.parse(end).last if end else None,
    }


def opened(folder: Path, tables: Mapping[str, Rows]) -> Columns:
    """Write tables to a folder, missing ones empty, and open them as columns."""
    folder.mkdir(parents=True)
    for name in SCHEMA:
        rows = tuple(tuple(_cells(name, row)) for row in tables.get(name, ()))
        (folder / f"{name}.parquet").write_bytes(_parquet(name, rows))
    return Columns(folder)


@cache
def _parquet(name: str, rows: tuple[tuple[Cell, ...], ...]) -> bytes:
    """Return the file of a table; most tables are alike in all small worlds, so they are made once."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"{name}.parquet"
        columns.write_parquet(path, SCHEMA[name], rows)
        return path.read_bytes()


def _cells(name: str, row: Mapping[str, Any]) -> list[Cell]:
    return [row.get(column, "" if kind == "VARCHAR" else None) for column, kind in SCHEMA[name].items()]


PLACES = [
    ("320000", "江苏省", "province", "", "", "320000"),
    ("320200", "无锡市", "prefecture", "", "320200", "320000"),
    ("320281", "江阴市", "county", "320281", "320200", "320000"),
    ("320282", "宜兴市", "county", "320282", "320200", "320000"),
    ("320500", "苏州市", "prefecture", "", "320500", "320000"),
    ("320506", "吴中区", "county", "320506", "320500", "320000"),
    ("320581", "常熟市", "county", "320581", "320500", "320000"),
    ("320583", "昆山市", "county", "320583", "320500", "320000"),
    ("110000", "北京市", "province", "", "110000", "110000"),
    ("110117", "平谷区", "county", "110117", "110000", "110000"),
    ("110118", "密云区", "county", "110118", "110000", "110000"),
    ("441900", "东莞市", "prefecture", "441900", "441900", "440000"),
]
"""Two prefectures of Jiangsu, two districts of Beijing, and a prefecture without counties."""
FIELDS = [("industry", ""), ("electronics", "industry"), ("machinery", "industry"), ("farming", "")]


@dataclass(frozen=True)
class Designation:
    """Designation of the small world; places and fields by key, by default area-borne."""

    key: str
    programme: str
    places: tuple[str, ...]
    extent: str = "within-county"
    fields: tuple[str, ...] = ()
    start: date | None = date(2010, 1, 1)
    ended: date | None = None
    dated: bool = True
    bearer: str = "area"
    grade: str = "reprint"
    known_to: date | None = None

    @property
    def row(self) -> dict[str, Any]:
        """The designation as a row of the columns."""
        return {
            "designation": self.key,
            "programme": self.programme,
            "bearer": self.bearer,
            "name_zh": self.key,
            "extent": self.extent,
            "ended_first": self.ended,
            "ended_last": self.ended or self.known_to,
            "counted_from": self.start,
            "dated": self.dated,
            "best_grade": self.grade,
        }


def world(
    folder: Path, designations: Iterable[Designation], relations: Iterable[Sequence[str]] = (), **tables: Rows
) -> Columns:
    """Write the small world with given designations, relations of designations and replaced tables; open it."""
    chosen = list(designations)
    relation = ("subject", "object", "relation", "status")
    place = ("place", "name_zh", "level", "county", "prefecture", "province")
    described: dict[str, Rows] = {
        "designations": [designation.row for designation in chosen],
        "designation_places": [
            {"designation": designation.key, "place": key} for designation in chosen for key in designation.places
        ],
        "designation_fields": [
            {"designation": designation.key, "field": key} for designation in chosen for key in designation.fields
        ],
        "designation_relations": [dict(zip(relation, row, strict=True)) for row in relations],
        "places": [dict(zip(place, row, strict=True)) for row in PLACES],
        "fields": [{"field": field, "broader": broader} for field, broader in FIELDS],
    }
    written = registry() | described | tables
    held = _held(written)
    written |= {"programmes": held["programmes"], "lists": held["lists"]}
    return opened(folder / "columns", {"names": list(_names(written))} | written)


def _held(tables: Mapping[str, Rows]) -> dict[str, Rows]:
    """Return programmes and lists with their completeness, as the build computes it; lists name every designation."""
    named: dict[str, list[str]] = {}
    for row in tables.get("list_programmes", ()):
        named.setdefault(row["list"], []).append(row["programme"])
    lists = {row["list"]: row for row in tables.get("lists", ())}
    cells = {
        "lists": [
            _row(
                "lists",
                id=key,
                programme_ids=";".join(named.get(key, ())),
                edition=row.get("edition", ""),
                completeness=row.get("completeness", "unknown"),
                official_total=str(row.get("official_total") or ""),
            )
            for key, row in lists.items()
        ],
        "programmes": [_row("programmes", id=row["programme"]) for row in tables["programmes"]],
    }
    package = cast("Package", SimpleNamespace(rows=lambda name: cells[name]))
    designations = tables["designations"]
    records = {
        row["designation"]: [
            _row("records", standing=row.get("standing", ""), list_id=key)
            for key, programmes in named.items()
            if row["programme"] in programmes
        ]
        for row in designations
    }
    of_lists = completeness.of_lists(package, records)
    standings = ((row["programme"], row.get("standing", "")) for row in designations)
    of_programmes = completeness.of_programmes(package, standings, of_lists)
    return {
        "lists": [row | _completeness(of_lists[key]) for key, row in lists.items()],
        "programmes": [
            row | _completeness(of_programmes[row["programme"]]) | {"list": of_programmes[row["programme"]].list_id}
            for row in tables["programmes"]
        ],
    }


def _completeness(held: completeness.Held) -> dict[str, object]:
    return {"completeness": held.state, "held": held.held, "official_total": held.official}


def _row(table: str, **cells: str) -> Row:
    return Row(table, f"{table}.csv", 1, cells)


def _names(tables: Mapping[str, Rows]) -> Iterator[dict[str, Any]]:
    """Yield the Chinese names of things, those of places without the word for their kind, short ones of bodies."""
    for place in tables["places"]:
        for name, how in DIVISION_WORDS.forms(place["name_zh"], "", place["level"]):
            standing = "short" if how else "preferred"
            named = {"kind": "place", "key": place["place"], "name": name, "level": place["level"]}
            yield named | {"language": "zh", "standing": standing}
    for table, kind, label in (
        ("programmes", "programme", "name_zh"),
        ("authorities", "authority", "name_zh"),
        ("purposes", "purpose", "label_zh"),
        ("fields", "field", "label_zh"),
    ):
        for row in tables[table]:
            named = {"kind": kind, "key": row[kind], "name": row.get(label, "")}
            yield named | {"language": "zh", "standing": "preferred"}
            if short := row.get("short_zh", ""):
                yield named | {"name": short, "language": "zh", "standing": "short"}
