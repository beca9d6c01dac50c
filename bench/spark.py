"""Benchmark of the groups of territorial overlaps on Spark against DuckDB, over generated designations.

    python -m bench.spark [DESIGNATIONS …] [MASTER]      (default: 10000, 100000 and 1000000, local[2])

Both run the same query over the same Parquet files, and must find the same. "First" is the first answer over a release,
with the table of what designations hold; "again" the best of three later ones. Seconds are of the clock: of a cluster
nothing else can be known from here. Needs the extra `guapai[spark]`.
"""

import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.findings import AS_OF, generate
from kg import tables
from kg.analysis.findings.kinds import territorial_pairs
from kg.release.columns import Columns
from kg.release.spark import SparkColumns

ROOT = Path(__file__).parent.parent
SIZES = ("10000", "100000", "1000000")
RUNS = 3


def timed(work: Callable[[], object]) -> float:
    """Return the seconds that some work takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def measure(columns: Columns) -> tuple[float, float, list[territorial_pairs.Group]]:
    """Return seconds of the first answer, of a later one, and the answer."""
    first = timed(lambda: territorial_pairs.groups(columns, AS_OF))
    again = min(timed(lambda: territorial_pairs.groups(columns, AS_OF)) for _ in range(RUNS))
    return first, again, territorial_pairs.groups(columns, AS_OF)


def main(arguments: list[str]) -> None:
    """Measure each size on both engines and print the results."""
    master = next((argument for argument in arguments if not argument.isdigit()), "local[2]")
    package = tables.open_package(ROOT / "data")
    for size in [argument for argument in arguments if argument.isdigit()] or SIZES:
        with TemporaryDirectory() as scratch:
            folder = Path(scratch) / "columns"
            generate(package, folder, int(size))
            with closing(Columns(folder)) as duck:
                first, again, expected = measure(duck)
            start = time.perf_counter()
            with closing(SparkColumns(folder, master)) as spark:
                opened = time.perf_counter() - start
                spark_first, spark_again, found = measure(spark)
        same = "the same" if found == expected else "OTHER"
        print(  # noqa: T201 — what it is for
            f"{int(size):,} designations, {len(expected):,} groups, {same}: "
            f"DuckDB first {first:.2f} s, again {again:.2f} s; "
            f"{master} start {opened:.1f} s, first {spark_first:.2f} s, again {spark_again:.2f} s; "
            f"again ÷ DuckDB {spark_again / again:.1f}"
        )


if __name__ == "__main__":
    main(sys.argv[1:])
