"""Reader of the research pack's tables, for the conversion scripts of this folder."""

import csv
from collections.abc import Iterator
from pathlib import Path

Row = dict[str, str]


def read(path: Path) -> Iterator[Row]:
    """Yield the rows of a table of the pack."""
    with path.open(encoding="utf-8-sig", newline="") as stream:
        yield from csv.DictReader(stream)


def take(row: Row, names: str) -> Row:
    """Return the named columns of a row, in that order."""
    return {name: row[name] for name in names.split()}
