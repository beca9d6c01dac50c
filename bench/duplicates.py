"""Benchmark of the search for possible duplicates, whose cost must not grow with the square of the designations.

    python -m bench.duplicates [DESIGNATIONS …]      (default: 10000, 100000 and 1000000)

Generated names repeat as real ones do: area-borne designations are named after their county and a frequent word,
organisation-borne ones after a subject, their carrier and a unique word. Counties, programmes and carriers follow
Zipf's law. One designation in fifty has a duplicate, spelt differently.

Reported for each size: pairs in a block that are compared (candidates), findings, the share of the duplicates found,
and seconds for features, blocking and scoring. "Bare" is the blocking alone as one join in DuckDB: designations of one
programme that share a place and one of the character pairs that are rarest there, without features, comparison or
scoring. Between sizes: the growth of seconds per designation (goal: at most twice for ten times the designations; with
the square it would be ten times). Each size runs in a process of its own, for its own peak memory.
"""

import json
import random
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar

from bench.findings import ROOT, SIZES, designation_row
from bench.generate import Zipf
from bench.search import CHARACTERS, SUBJECTS
from kg import tables
from kg.analysis.findings.duplicates.blocking import candidates, relations
from kg.analysis.findings.duplicates.features import describe, reader
from kg.analysis.findings.duplicates.scoring import DUPLICATE, UNDECIDED, judge
from kg.analysis.weights import read_weights
from kg.pipeline import columns as projection
from kg.release import columns
from kg.release.columns import Columns
from kg.tables import Package

DUPLICATE_SHARE = 0.02
"""Share of the designations that have a duplicate."""
DESIGNATIONS_PER_CARRIER = 5
Made = TypeVar("Made")

BARE = """
    WITH letters AS (
        SELECT designation, programme, place, unnest(range(1, length(name_zh))) AS start, name_zh
        FROM designations JOIN designation_places USING (designation)
    ),
    pairs AS (
        SELECT DISTINCT designation, programme, place, substring(name_zh, start, 2) AS pair FROM letters
    ),
    blocks AS (
        SELECT designation, programme, place, pair, count(*) OVER (PARTITION BY programme, place, pair) AS designations
        FROM pairs
    ),
    rare AS (
        FROM blocks WHERE designations <= $size
        QUALIFY row_number() OVER (PARTITION BY designation, place ORDER BY designations, pair) <= $rarest
    )
    SELECT count(*) FROM (
        SELECT DISTINCT a.designation, b.designation FROM rare a
        JOIN rare b USING (programme, place, pair) WHERE a.designation < b.designation
    )
"""


def generate(package: Package, folder: Path, designations: int, seed: int = 1) -> set[frozenset[str]]:
    """Write columns with the real registry and places and generated designations; return the pairs of duplicates."""
    chance = random.Random(seed)  # noqa: S311 — repeatable, not secret
    found = dict(projection.tables(package, []))
    programmes = [row for row in package.rows("programmes") if row["bearer"] in ("area", "organisation")]
    chance.shuffle(programmes)
    places = {row["id"]: row["name_zh"] for row in package.rows("places") if row["level"] == "county"}
    codes = list(places)
    chance.shuffle(codes)
    carriers = [f"bench-{number}" for number in range(1, max(2, designations // DESIGNATIONS_PER_CARRIER))]
    seats = {carrier: chance.choice(codes) for carrier in carriers}
    by_rank = {row["id"]: row for row in programmes}
    kinds, counties, bearers = Zipf(list(by_rank)), Zipf(codes), Zipf(carriers)
    rows: dict[str, list[tuple[Any, ...]]] = {"designations": [], "designation_places": [], "designation_carriers": []}
    twice: set[frozenset[str]] = set()
    while len(rows["designations"]) < designations:
        programme = by_rank[kinds.draw(chance)]
        carrier = bearers.draw(chance) if programme["bearer"] == "organisation" else ""
        place = seats[carrier] if carrier else counties.draw(chance)
        keys = []
        for name in _names(chance, programme["name_zh"], places[place], organised=bool(carrier)):
            keys.append(f"p-{len(rows['designations']):07d}")
            rows["designations"].append(
                designation_row(keys[-1], programme["id"], bearer=programme["bearer"], name_zh=name)
            )
            rows["designation_places"].append((keys[-1], place))
            rows["designation_carriers"] += [(keys[-1], carrier)] if carrier else []
        twice |= {frozenset(keys)} if len(keys) > 1 else set()
    columns.write({**found, "designation_fields": [], "designation_relations": [], **rows}, folder)
    return twice


def _names(chance: random.Random, programme: str, place: str, *, organised: bool) -> Iterator[str]:
    """Yield a name, and for some designations a second spelling of it."""
    own, subject = "".join(chance.choices(CHARACTERS, k=3)), chance.choice(SUBJECTS)
    said = f"{own}{subject}" if organised else f"{place}{chance.choice((own, subject))}"
    yield f"{said}{programme}"
    if chance.random() < DUPLICATE_SHARE:
        yield f"国家{said}（{place}）{programme}"


def measure(designations: int) -> dict[str, float]:
    """Return the results for a number of designations, and the seconds of each part."""
    with TemporaryDirectory() as scratch:
        folder = Path(scratch) / "columns"
        twice = generate(tables.open_package(ROOT / "data"), folder, designations)
        opened = Columns(folder)
        weights, related = read_weights(opened, "duplicate_weights"), relations(opened)
        seconds: dict[str, float] = {}

        def timed(part: str, run: Callable[[], Made]) -> Made:
            start = time.perf_counter()
            answer = run()
            seconds[part] = time.perf_counter() - start
            return answer

        limits = {"size": int(weights["block.size"]), "rarest": int(weights["block.rarest"])}
        (bare,) = timed("bare", lambda: opened.query(BARE, limits))
        described = timed("describing", lambda: describe(opened, reader(opened)))
        pairs = timed("blocking", lambda: list(candidates(described, related, weights)))
        judged = timed("judging", lambda: [judge(*pair, related, weights) for pair in pairs])
        opened.close()
    found = [
        frozenset(designation.key for designation in pair)
        for pair, verdict in zip(pairs, judged, strict=True)
        if verdict and verdict.verdict in (DUPLICATE, UNDECIDED)
    ]
    return {
        "designations": len(described),
        "bare_pairs": bare[0],
        "candidates": len(pairs),
        "findings": len(found),
        "twice": len(twice),
        "found": len(twice.intersection(found)),
        "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        **seconds,
    }


def lines(measured: Sequence[dict[str, float]]) -> Iterator[str]:
    """Yield the results, a few lines for each size."""
    before: tuple[float, float, float] | None = None
    for size in measured:
        designations = size["designations"]
        ours = size["describing"] + size["blocking"] + size["judging"]
        yield (
            f"{designations:,} designations: {size['candidates']:,.0f} candidates, {size['findings']:,.0f} "
            "findings; of "
            f"{size['twice']:,.0f} designations written twice {size['found'] / size['twice']:.1%} found"
        )
        yield (
            f"  {ours:.2f} s (describing {size['describing']:.2f}, blocking {size['blocking']:.2f}, judging "
            f"{size['judging']:.2f}), at most {size['megabytes']:,.0f} MB; bare join of blocks {size['bare']:.2f} s "
            f"({size['bare_pairs']:,.0f} pairs): {ours / size['bare']:.2f}"
        )
        each, compared = ours / designations, size["candidates"] / designations
        yield f"  for each designation {1e6 * each:.0f} µs and {compared:.2f} candidates"
        if before:
            yield (
                f"  {designations / before[0]:.0f} times the designations: {each / before[1]:.2f} times the "
                "seconds for each (goal "
                f"≤ 2; with the square {designations / before[0]:.0f}), {compared / before[2]:.2f} times the candidates"
            )
        before = designations, each, compared


def main(sizes: Sequence[int]) -> None:
    """Measure each size in a process of its own and print the results."""
    measured = []
    for size in sizes:
        command = [sys.executable, "-m", "bench.duplicates", "--one", str(size)]
        answer = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, cwd=ROOT)
        measured.append(json.loads(answer.stdout))
    sys.stdout.write("\n".join(lines(measured)) + "\n")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        sys.stdout.write(json.dumps(measure(int(sys.argv[2]))))
    else:
        main([int(argument) for argument in sys.argv[1:]] or SIZES)
