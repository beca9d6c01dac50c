"""Draw designations whose county is known, to be checked by hand, stratified by basis and programme.

    python data/draw_county_sample.py <seed> > tests/kg/places/county_sample.csv

Prints 300 rows; what they were checked against, the verdict (right, wrong, not checkable) and a note are filled in by
hand. Within a basis every programme has a row, and the rest go by its number of designations.
"""

import csv
import random
import sys
from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path

from kg.pipeline.merge import Designation, designations
from kg.places.statements import PlaceStatements
from kg.tables import Package, open_package

HERE = Path(__file__).parent
ROWS = {"stated": 20, "derived": 100, "coordinates": 30, "through-carrier": 150}
"""Rows by basis: most for the one that says least."""
HEADERS = ("designation_id", "name", "basis", "place_ids", "checked_against", "verdict", "note")


def main(seed: int) -> None:
    """Print the sample."""
    draw = random.Random(seed)  # noqa: S311  (a sample, no secret)
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(HEADERS)
    for basis, by_programme in sorted(strata(open_package(HERE)).items()):
        for programme, rows in sorted(shares(by_programme, ROWS[basis]).items()):
            for found in draw.sample(by_programme[programme], rows):
                writer.writerow((found.key, found.row["name_zh"], basis, found.cell("place_ids"), "", "", ""))


def strata(package: Package) -> dict[str, dict[str, list[Designation]]]:
    """Return the designations within one county that is known, by basis and programme."""
    beyond = {row["id"] for row in package.rows("extents") if row["entire"] and row["one_county"] == "false"}
    usual = {row["id"]: row["usual_extent"] for row in package.rows("programmes")}
    counties = PlaceStatements.of(package).counties
    found: dict[str, dict[str, list[Designation]]] = defaultdict(lambda: defaultdict(list))
    for each in designations(package):
        programme = each.row["programme_id"]
        known = not counties.isdisjoint(each.many("place_ids"))
        if known and not {usual[programme], each.cell("extent")} & beyond:
            found[each.cell("place_basis")][programme].append(each)
    return found


def shares(by_programme: dict[str, list[Designation]], rows: int) -> Counter[str]:
    """Return the rows of each programme: one, and of the rest in proportion to what is left, the largest first."""
    given = Counter(dict.fromkeys(by_programme, 1))
    while given.total() < rows:
        given[max(sorted(by_programme), key=lambda key: _due(by_programme[key], given[key]))] += 1
    return given


def _due(designations: Sequence[Designation], given: int) -> float:
    return (len(designations) - given) / (given + 1)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(int(sys.argv[1]))
