"""A small world of real rows for the tests of findings: columns of the release's schema, written by hand as Parquet."""

import csv
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from kg import dates
from kg.columns import Columns

DATA = Path(__file__).parent.parent / "data"
SCHEMA = {
    "plates": (
        "plate VARCHAR, programme VARCHAR, bearer VARCHAR, name_zh VARCHAR, extent VARCHAR, ended_first DATE, "
        "ended_last DATE, counted_from DATE, dated BOOLEAN"
    ),
    "plate_places": "plate VARCHAR, place VARCHAR",
    "plate_fields": "plate VARCHAR, field VARCHAR",
    "plate_relations": "subject VARCHAR, object VARCHAR, relation VARCHAR, status VARCHAR",
    "places": (
        "place VARCHAR, name_zh VARCHAR, name_en VARCHAR, level VARCHAR, county VARCHAR, prefecture VARCHAR, "
        "province VARCHAR"
    ),
    "fields": "field VARCHAR, broader VARCHAR",
    "programmes": "programme VARCHAR, name_zh VARCHAR, name_en VARCHAR, bearer VARCHAR, parent VARCHAR",
    "programme_purposes": "programme VARCHAR, purpose VARCHAR, purpose_group VARCHAR, weight VARCHAR, generic BOOLEAN",
    "programme_relations": "subject VARCHAR, object VARCHAR, relation VARCHAR, status VARCHAR",
    "mandates": (
        "mandate VARCHAR, programme VARCHAR, authority VARCHAR, role VARCHAR, valid_from DATE, valid_to DATE, "
        "status VARCHAR"
    ),
    "authorities": "authority VARCHAR, name_zh VARCHAR, kind VARCHAR, valid_to DATE, successor VARCHAR",
    "affiliations": "authority VARCHAR, parent VARCHAR, valid_from DATE, valid_to DATE",
    "weights": "weight VARCHAR, value DOUBLE",
}
"""The columns that findings read, of the tables of a release."""


def rows(name: str) -> list[dict[str, str]]:
    """Read a table of the project's own data."""
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def registry_tables() -> dict[str, list[Sequence[Any]]]:
    """Return the project's own programmes, purposes, relations, mandates, authorities and weights as columns."""
    purposes = {row["id"]: row for row in rows("purposes")}
    return {
        "programmes": [(r["id"], r["name_zh"], r["name_en"], r["bearer"], r["parent_id"]) for r in rows("programmes")],
        "programme_purposes": [
            (
                r["programme_id"],
                r["purpose_id"],
                purposes[r["purpose_id"]]["broader_id"],
                r["weight"],
                purposes[r["purpose_id"]]["generic"] == "true",
            )
            for r in rows("purpose_assignments")
        ],
        "programme_relations": [
            (r["subject_id"], r["object_id"], r["relation"], r["status"]) for r in rows("programme_relations")
        ],
        "mandates": [
            (r["id"], r["programme_id"], r["authority_id"], r["role"], *_span(r), r["status"]) for r in rows("mandates")
        ],
        "authorities": [
            (r["id"], r["name_zh"], r["kind"], _span(r)[1], r["successor_id"]) for r in rows("authorities")
        ],
        "affiliations": [(r["authority_id"], r["parent_id"], *_span(r)) for r in rows("affiliations")],
        "weights": [(r["id"], float(r["value"])) for r in rows("weights")],
    }


def _span(row: Mapping[str, str]) -> tuple[date | None, date | None]:
    start, end = row["valid_from"], row["valid_to"]
    return dates.parse(start).first if start else None, dates.parse(end).last if end else None


def columns(folder: Path, tables: Mapping[str, Iterable[Sequence[Any]]]) -> Columns:
    """Write tables as Parquet into a folder, the rest of the schema empty, and open them."""
    connection = duckdb.connect()
    for name, described in SCHEMA.items():
        connection.execute(f"CREATE TABLE {name} ({described})")
        for row in tables.get(name, ()):
            connection.execute(f"INSERT INTO {name} VALUES ({', '.join('?' for _ in row)})", list(row))  # noqa: S608
        connection.execute(f"COPY {name} TO '{folder / name}.parquet' (FORMAT parquet)")
    connection.close()
    return Columns(folder)
