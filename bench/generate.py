"""Generator of data folders of any size: the real registry and places, and generated lists."""

import csv
import json
import random
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from pathlib import Path
from typing import Any

from kg import tables
from kg.tables import Package

LIST = "bench"
EMPTIED_TABLES = ("withdrawn", "decisions")
"""Tables that name designations otherwise than by foreign keys of the descriptor."""
SPLIT_TABLES = ("designations", "records")
"""Tables in several files, of which one is generated."""
PAPER_LIST = "paper-1-plates"
DESIGNATIONS_PER_CARRIER = 5
SECOND_RECORD_SHARE = 0.1
"""Share of designations with a second record."""
SOURCE = "guapai"
YEARS = range(1988, 2026)

Row = Mapping[str, str]


@dataclass(frozen=True)
class Zipf:
    """Random choice from a sequence; the entry of rank r has the weight 1/r (Zipf's law with exponent 1)."""

    entries: Sequence[str]
    sums: list[float] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "sums", list(accumulate(1 / rank for rank in range(1, len(self.entries) + 1))))

    def draw(self, chance: random.Random) -> str:
        """Return a random entry."""
        return chance.choices(self.entries, cum_weights=self.sums)[0]


def generate(data: Path, target: Path, designations: int, seed: int = 1) -> None:
    """Write a data folder.

    Args:
        data: the project's tables; registry, places, papers and the designations that the papers name are copied.
        target: folder to create.
        designations: number of designations to generate. Programmes have their real shares; counties and carriers
            follow Zipf's law.
        seed: seed of the random numbers; the output is deterministic.

    Raises:
        FileExistsError: the target exists.
    """
    package = tables.open_package(data)
    target.mkdir(parents=True)
    _describe(package, target)
    kept = [row.cells for row in package.rows("records") if row["list_id"] == PAPER_LIST]
    keys = {row["designation_id"] for row in kept}
    carriers = {key for row in kept for key in row["carrier_ids"].split(";")}
    named = [row.cells for row in package.rows("designations") if row["id"] in keys]
    made = Maker(package, random.Random(seed), designations)  # noqa: S311 — repeatable, not secret
    rows: dict[str, list[Row]] = {
        "lists": [_paper_list(package), made.list],
        "carriers": [*_rows(package, "carriers", carriers), *made.carriers],
        "designations": [*named, *made.designations()],
        "records": [*kept, *made.records()],
        **{name: [] for name in EMPTIED_TABLES if name in package.resources},
    }
    for name, found in rows.items():
        path = f"{name}/{LIST}.csv" if name in SPLIT_TABLES else package.resources[name].paths[0]
        _write(package, target, name, path, found)
    _copy(package, target, {name: {row["id"] for row in found} for name, found in rows.items()})


class Maker:
    """Generates designations and their records; the drawn designations are cached for both tables."""

    def __init__(self, package: Package, chance: random.Random, designations: int) -> None:
        self._chance, self._number = chance, designations
        programmes = package.index("programmes")
        shares = Counter(row["programme_id"] for row in package.rows("designations"))
        self._programmes = [programmes[key] for key in sorted(shares)]
        self._shares = [shares[row["id"]] for row in self._programmes]
        counties = [row["id"] for row in package.rows("places") if row["level"] == "county"]
        chance.shuffle(counties)
        self._counties = Zipf(counties)
        self._names = {row["id"]: row["name_zh"] for row in package.rows("places")}
        self._fields = [row["id"] for row in package.rows("fields") if row["broader_id"]]
        keys = [f"bench-{number}" for number in range(1, max(2, designations // DESIGNATIONS_PER_CARRIER))]
        self._bearers = Zipf(keys)
        self._seats = dict(zip(keys, chance.choices(counties, k=len(keys)), strict=True))
        self._drawn: list[tuple[str, str, str, str]] = []

    @property
    def list(self) -> Row:
        """The generated list."""
        programmes = ";".join(row["id"] for row in self._programmes)
        title = {"title_zh": "测速用名单", "title_en": "Made-up designations", "programme_ids": programmes}
        return {"id": LIST, **title, "edition": "2025", "completeness": "sample", "source_ids": SOURCE}

    @property
    def carriers(self) -> Iterator[Row]:
        """The carriers, as many as a fifth of the designations."""
        for number, (key, seat) in enumerate(self._seats.items(), 1):
            name = f"{self._names[seat]}第{number}研究院有限公司"
            yield {"id": key, "name_zh": name, "kind": "company", "place_id": seat, "source_ids": SOURCE}

    def designations(self) -> Iterator[Row]:
        """Draw the designations."""
        drawn = self._chance.choices(self._programmes, self._shares, k=self._number)
        for number, programme in enumerate(drawn, 1):
            carrier = self._bearers.draw(self._chance) if programme["bearer"] == "organisation" else ""
            county = self._seats[carrier] if carrier else self._counties.draw(self._chance)
            key, name = f"bench-{number:07d}", f"{self._names[county]}第{number}{programme['name_zh']}"
            self._drawn.append((key, programme["id"], county, carrier))
            yield {"id": key, "programme_id": programme["id"], "name_zh": name}

    def records(self) -> Iterator[Row]:
        """Generate one or two records of each designation."""
        extents = {row["id"]: row["usual_extent"] for row in self._programmes}
        for number, (key, programme, county, carrier) in enumerate(self._drawn, 1):
            date = f"{self._chance.choice(YEARS)}-{self._chance.randint(1, 12):02d}"
            row = {
                "id": f"{LIST}/{number:07d}",
                "list_id": LIST,
                "name": f"{self._names[county]}第{number}",
                "approved": date,
                "outcome": "taken",
                "programme_id": programme,
                "designation_id": key,
                "approved_date": date,
                "place_ids": county,
                "place_basis": "stated",
                "extent": extents[programme],
                "carrier_ids": carrier,
                "authority_ids": "most",
                "field_ids": self._chance.choice(self._fields) if self._fields else "",
                "source_ids": SOURCE,
            }
            yield row
            if self._chance.random() < SECOND_RECORD_SHARE:
                yield {
                    **row,
                    "id": f"{LIST}/{number:07d}-2",
                    "outcome": "merged",
                    "approved": date[:4],
                    "approved_date": date[:4],
                }


def _describe(package: Package, target: Path) -> None:
    """Write a descriptor with the generated files."""
    descriptor: dict[str, Any] = json.loads(json.dumps(package.descriptor))
    for entry in descriptor["resources"]:
        if entry["name"] in SPLIT_TABLES:
            entry["path"] = [f"{entry['name']}/{LIST}.csv"]
    text = json.dumps(descriptor, ensure_ascii=False, indent=1)
    (target / tables.DESCRIPTOR).write_text(text, encoding="utf-8")


def _copy(package: Package, target: Path, made: Mapping[str, set[str]]) -> None:
    """Copy the other tables, without rows that reference missing rows.

    Args:
        package: the project's tables.
        target: folder of the copy.
        made: keys of the generated rows, by table.
    """
    rows = {
        (name, path): list(package.rows(name, (path,)))
        for name, resource in package.resources.items()
        if name not in made
        for path in resource.paths
    }
    before = -1
    while before != (before := sum(map(len, rows.values()))):
        keys: dict[str, set[str]] = {name: set() for name in package.resources} | dict(made)
        for (name, _), found in rows.items():
            keys[name].update(row["id"] for row in found)
        rows = {
            (name, path): [row for row in found if _stands(row, package.resources[name], keys)]
            for (name, path), found in rows.items()
        }
    for (name, path), found in rows.items():
        _write(package, target, name, path, [row.cells for row in found])


def _stands(row: tables.Row, resource: tables.Resource, keys: Mapping[str, set[str]]) -> bool:
    """Return whether all references of a row exist."""
    return all(
        set(row.many(column) if column in resource.lists else filter(None, [row[column]])) <= keys[table]
        for column, table in resource.references.items()
    )


def _paper_list(package: Package) -> Row:
    return next(row.cells for row in package.rows("lists") if row["id"] == PAPER_LIST)


def _rows(package: Package, name: str, keys: set[str]) -> list[Row]:
    return [row.cells for row in package.rows(name) if row["id"] in keys]


def _write(package: Package, target: Path, name: str, path: str, rows: Sequence[Row] | list[Row]) -> None:
    (target / path).parent.mkdir(parents=True, exist_ok=True)
    with (target / path).open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, package.resources[name].columns, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
