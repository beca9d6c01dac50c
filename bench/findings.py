"""Benchmark of findings against bare DuckDB: groups over all places, and the expansion of one place.

    python -m bench.findings [DESIGNATIONS …]      (default: 10000, 100000 and 1000000)

Generated designations: counties by Zipf's law, area-borne programmes evenly, half of the designations with a field,
which two of the eight groups of purposes require in common. Purposes belong to programmes, so there are at most as many
purpose sets as programmes; three kinds of sets are measured:

- groups: each programme has one to three of the eight groups of purposes;
- favourites: each has six of forty purposes, five to a group;
- uniform: each has every one of the forty purposes with probability one half, so that nearly all share nearly all.

"Bare" is the same query without what makes a finding: one ministry a programme, no certainty of place, no fields, no
relations by design, no chance. For groups it groups by place × ministry × purpose set (two bit masks: all and main) and
joins the groups; for an expansion it joins the designations of the place. Both query the same open columns with DuckDB,
and the ministries on the day are known to both.

Ours creates a coverage table once for a release, whatever the day (`kg.analysis.findings.unit_coverage`), and then has
it in memory; bare reads the files each time. The first run over a release, with that table, is reported separately, and
a second bare baseline queries the same table ("laid out"): the ratio must be small against both. Nothing else is cached
between runs. Each figure is the best of seven runs, ours and bare alternating under the same load; what counts is the
ratio.
"""

import random
import shutil
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from functools import partial
from itertools import accumulate
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from kg import tables
from kg.analysis.findings.kinds import territorial
from kg.analysis.ministries import ministries
from kg.pipeline import columns as projection
from kg.release import columns
from kg.release.columns import Cell, Columns
from kg.release.schema import SCHEMA
from kg.tables import Package

ROOT = Path(__file__).parent.parent
SIZES = (10_000, 100_000, 1_000_000)
AS_OF = date(2022, 12, 31)
APPROVED = date(2010, 1, 1)
GROUPS, PURPOSES = 8, 40
RUNS = 7
GROUPS_NEEDING_FIELD = 2
"""Groups of purposes that require a common field."""
MAX_PAIRS = 200_000
"""Places with more pairs are not expanded: Python would be measured, not the join."""

_UNIT_DESIGNATIONS = """(FROM designations JOIN designation_places USING (designation) JOIN places USING (place)
    JOIN sets USING (programme)
    WHERE bearer = 'area')"""
_COVERAGE = """(SELECT unit AS county, * FROM unit_coverage JOIN numbers USING (number) JOIN sets USING (programme)
    WHERE hold = 'in')"""
_SETS = f"""
    bits AS (
        SELECT purpose_group, row_number() OVER (ORDER BY purpose_group)::INTEGER - 1 AS bit
        FROM (SELECT DISTINCT purpose_group FROM programme_purposes)
    ),
    sets AS (
        SELECT programme, min(ministry) AS ministry, bit_or(1::BIGINT << bit) AS mask,
            bit_or(CASE WHEN weight = 'main' THEN 1::BIGINT << bit ELSE 0 END) AS main
        FROM programme_purposes JOIN bits USING (purpose_group)
        JOIN (SELECT unnest($charged, recursive := true)) USING (programme) GROUP BY programme
    ),
    lying AS (SELECT county, designation, ministry, mask, main FROM {_UNIT_DESIGNATIONS} WHERE counted_from <= $as_of)
"""  # noqa: S608 — made of our own constants
_SHARED = "a.mask & b.mask & (a.main | b.main)"
_MEET = f"a.county = b.county AND a.ministry < b.ministry AND {_SHARED} > 0"
BARE_GROUPS = f"""WITH {_SETS},
    grouped AS (SELECT county, ministry, mask, main, count(*) AS designations FROM lying GROUP BY ALL),
    met AS (
        SELECT a.county, {_SHARED} AS shared, sum(a.designations * b.designations)::BIGINT AS pairs
        FROM grouped a JOIN grouped b ON {_MEET} GROUP BY ALL
    )
    SELECT county, purpose_group, sum(pairs)::BIGINT FROM met JOIN bits ON shared & (1::BIGINT << bit) > 0 GROUP BY ALL
"""  # noqa: S608
COVERAGE_GROUPS = BARE_GROUPS.replace(_UNIT_DESIGNATIONS, _COVERAGE)
BARE_PAIRS = f"""WITH {_SETS}
    SELECT a.county, a.designation, b.designation, {_SHARED} FROM lying a JOIN lying b ON {_MEET}
    WHERE a.county = $unit ORDER BY ALL
"""  # noqa: S608


def generate(package: Package, folder: Path, designations: int, seed: int = 1) -> None:
    """Write columns with the real registry and places, and generated area-borne designations."""
    chance = random.Random(seed)  # noqa: S311 — repeatable, not secret
    found = dict(projection.tables(package, []))
    programmes = sorted(row["id"] for row in package.rows("programmes") if row["bearer"] == "area")
    counties = [row["id"] for row in package.rows("places") if row["level"] == "county"]
    chance.shuffle(counties)
    fields = [row["id"] for row in package.rows("fields") if row["broader_id"]]
    sums = list(accumulate(1 / rank for rank in range(1, len(counties) + 1)))
    keys = [f"p-{number:07d}" for number in range(designations)]
    found["designations"] = (designation_row(key, chance.choice(programmes)) for key in keys)
    found["designation_places"] = zip(keys, chance.choices(counties, cum_weights=sums, k=designations), strict=True)
    found["designation_fields"] = [(key, chance.choice(fields)) for key in keys if chance.random() < 0.5]
    found["designation_relations"] = []
    found["weights"] = [
        *found["weights"],
        *((f"needs-field.group-{number}", 1.0) for number in range(GROUPS_NEEDING_FIELD)),
    ]
    columns.write(found, folder)


def designation_row(key: str, programme: str, **others: Cell) -> tuple[Cell, ...]:
    """Return a generated designation as a row of the columns; others: cells that differ from an area-borne one."""
    known: dict[str, Cell] = {
        "designation": key,
        "programme": programme,
        "bearer": "area",
        "name_zh": key,
        "extent": "within-county",
        "approved_first": APPROVED,
        "approved_last": APPROVED,
        "counted_from": APPROVED,
        "dated": True,
        "sourced": True,
        "records": 1,
        **others,
    }
    return tuple(known.get(name, "" if kind == "VARCHAR" else None) for name, kind in SCHEMA["designations"].items())


def purposes(kind: str, programmes: Sequence[str], chance: random.Random) -> Iterator[Sequence[Cell]]:
    """Yield random purposes of programmes as rows of the columns, in one of the three kinds of sets."""
    leaves = [(f"leaf-{number:02d}", f"group-{number % GROUPS}") for number in range(PURPOSES)]
    groups = [(f"group-{number}", f"group-{number}") for number in range(GROUPS)]
    for programme in programmes:
        drawn = {
            "groups": lambda: chance.sample(groups, chance.randint(1, 3)),
            "favourites": lambda: chance.sample(leaves, 6),
            "uniform": lambda: [leaf for leaf in leaves if chance.random() < 0.5],
        }[kind]()
        yield from (
            (programme, purpose, group, chance.choice(("main", "secondary")), False) for purpose, group in drawn
        )


def best(*runs: Callable[[], Any]) -> Iterator[tuple[float, Any]]:
    """Run functions alternately, RUNS times; yield for each the seconds of its best run and its last result."""
    seconds: list[list[float]] = [[] for _ in runs]
    answers: list[Any] = [None for _ in runs]
    for _ in range(RUNS):
        for number, run in enumerate(runs):
            start = time.perf_counter()
            answers[number] = run()
            seconds[number].append(time.perf_counter() - start)
    return zip(map(min, seconds), answers, strict=True)


def measure(folder: Path, say: Callable[[str], object] = print) -> None:
    """Measure one set of columns and print the results."""
    opened = Columns(folder)
    charged = [{"programme": key, "ministry": min(a.ministries)} for key, a in ministries(opened, AS_OF).items()]
    asked: dict[str, Any] = {"charged": charged, "as_of": AS_OF}
    start = time.perf_counter()
    territorial.groups(opened, AS_OF)
    say(f"  first answer over a release, what designations hold laid out: {time.perf_counter() - start:.2f} s")
    (ours, groups), (bare, rows), (laid, _) = best(
        lambda: territorial.groups(opened, AS_OF),
        lambda: opened.query(BARE_GROUPS, asked),
        lambda: opened.query(COVERAGE_GROUPS, asked),
    )
    say(
        f"  groups: {len(groups):,} in {ours:.3f} s ÷ bare {bare:.3f} s ({len(rows):,}): {ours / bare:.2f} "
        f"(goal ≤ 1.5); ÷ bare as laid out {laid:.3f} s: {ours / laid:.2f}"
    )
    pairs: dict[str, int] = {}
    for group in groups:
        pairs[group.unit] = pairs.get(group.unit, 0) + group.pairs
    chosen = sorted((number, unit) for unit, number in pairs.items() if number <= MAX_PAIRS)
    for name, (_, unit) in (("median place", chosen[len(chosen) // 2]), ("large place", chosen[-1])):
        (ours, found), (bare, rows) = best(
            partial(territorial.find, opened, AS_OF, [unit]), partial(opened.query, BARE_PAIRS, asked | {"unit": unit})
        )
        counted = sum(finding.factors["pairs"] for finding in found)
        say(
            f"  expansion of a {name}: {len(found)} findings, {counted:,.0f} pairs in {ours:.3f} s ÷ bare {bare:.3f} s "
            f"({len(rows):,} pairs): {ours / bare:.2f} (goal ≤ 2)"
        )
    opened.close()


def main(sizes: list[int]) -> None:
    """Measure each size with each kind of purpose sets."""
    package = tables.open_package(ROOT / "data")
    programmes = sorted(row["id"] for row in package.rows("programmes"))
    for size in sizes:
        with TemporaryDirectory() as scratch:
            folder = Path(scratch) / "columns"
            generate(package, folder, size)
            for kind in ("groups", "favourites", "uniform"):
                rows = list(purposes(kind, programmes, random.Random(1)))  # noqa: S311
                part = Path(scratch) / kind
                columns.write({**dict.fromkeys(SCHEMA, ()), "programme_purposes": rows}, part)
                shutil.copyfile(part / "programme_purposes.parquet", folder / "programme_purposes.parquet")
                sets = len({frozenset(row[1] for row in rows if row[0] == key) for key in programmes})
                print(f"{size:,} designations, purposes drawn as {kind}, {sets} sets")  # noqa: T201
                measure(folder)


if __name__ == "__main__":
    main([int(argument) for argument in sys.argv[1:]] or list(SIZES))
