"""Command that matches the names of a list to keys: match."""

import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from pathlib import Path

import click

from kg.analysis.matching import KINDS, Matcher
from kg.cli.data import pairs
from kg.cli.options import DIST, FORMAT
from kg.cli.output import print_rows
from kg.importing import match_list
from kg.importing.headers import Vocabulary
from kg.importing.readers import spreadsheets
from kg.release import open_release
from kg.release.columns import Columns
from kg.tables import open_package

PREVIEWED = 20
"""Rows that are shown where no file is written."""
SHOWN = ("kind", "key", "matched_name", "score", "sure", "fit")
"""Made columns of the preview."""


@click.command("match", epilog="Example: guapai match towns.xlsx --kind place --output matched.xlsx --min-score 60")
@click.argument("path", metavar="LIST", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--kind", type=click.Choice(KINDS), default=None, help="Kind of the things meant.", show_default="any")
@click.option("--column", "columns", multiple=True, metavar="HEADER=COLUMN", help="What a header means, as in import.")
@click.option("--sheet", help="Sheet of a workbook.", show_default="the first that has rows")
@click.option(
    "--min-score", type=click.FloatRange(0, 100), default=0.0, show_default=True, help="Least score of a key."
)
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="File to write: .csv or .xlsx.")
@DIST
@FORMAT
def match_names(
    path: Path,
    dist: Path,
    kind: str | None,
    output: Path | None,
    output_format: str,
    *,
    columns: tuple[str, ...],
    sheet: str | None,
    min_score: float,
) -> None:
    """Match the names of a list, CSV or workbook, to keys, with scores; without --output show the first rows."""
    release = open_release(dist)
    known = Vocabulary.of(open_package(release.path / "tables")).headers
    listed = match_list.read(spreadsheets.read(path, sheet), known, pairs("column", columns), kind or "")
    matcher, width = Matcher.of_columns(Columns.open(release)), len(listed.headers)
    heads = match_list.headers(listed)
    batches = match_list.matched(listed, matcher)
    if output is None and output_format == "table":
        found = [match for batch in islice(batches, 1) for match in batch][:PREVIEWED]
        rows = [
            match_list.row(cells, match, min_score, width) for cells, match in zip(listed.rows, found, strict=False)
        ]
        kept = [*range(width), *(heads.index(match_list.PREFIX + name) for name in SHOWN)]
        print_rows([heads[at] for at in kept], [[cells[at] for at in kept] for cells in rows], "table")
        click.echo(f"{len(rows)} of {len(listed.rows)} rows are shown; --output writes all", err=True)
        return
    counts: Counter[str] = Counter()
    with click.progressbar(listed.rows, label="match", file=sys.stderr) as bar:
        each = zip(bar, chain.from_iterable(batches), strict=True)
        made = (match_list.row(cells, match, min_score, width) for cells, match in each)
        counted = _counted(made, heads, counts)
        if output:
            match_list.write(output, heads, counted)
        else:
            rows = list(counted)
    if not output:
        print_rows(heads, rows, output_format)
    click.echo(
        f"{counts.total()} rows: {counts['true']} surely matched, {counts['false']} perhaps, "
        f"{counts['']} without a match",
        err=True,
    )


def _counted(rows: Iterable[list[str]], heads: Sequence[str], counts: Counter[str]) -> Iterator[list[str]]:
    """Yield rows, counted by whether they are sure (empty: without a key)."""
    sure = heads.index(match_list.PREFIX + "sure")
    for row in rows:
        counts[row[sure]] += 1
        yield row
