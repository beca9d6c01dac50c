"""Output of commands: rows as a table, CSV or JSON, and the progress of a build."""

import csv
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from time import perf_counter
from typing import Self

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Column, Table

from kg import tables

MIN_COLUMN_CHARS = 14
"""Width that a column of a table needs; in narrower terminals each row is printed as a card."""
ProgressCallback = Callable[[str, str], None]
"""Callback of a build's stage and detail: `kg.pipeline.build.Progress`, without importing that module."""
STAGES = ("tables", "triples", "columns", "maps", "findings", "store", "rules", "shapes", "reasoning", "search")


def print_rows(columns: list[str], rows: list[list[str]], output_format: str) -> None:
    """Print rows as a table for people, as CSV, or as JSON."""
    if output_format == "csv":
        click.echo(tables.to_csv(columns, iter(rows)), nl=False)
    elif output_format == "json":
        click.echo(tables.to_json(columns, rows))
    else:
        console = Console(soft_wrap=False)
        if console.width < MIN_COLUMN_CHARS * len(columns):
            console.print(_cards(columns, rows))
        else:
            console.print(_table(columns, rows))


def _table(columns: list[str], rows: list[list[str]]) -> Table:
    headers = (Column(name, overflow="fold") for name in columns)
    table = Table(*headers, show_lines=any("\n" in cell for row in rows for cell in row))
    for row in rows:
        table.add_row(*row)
    return table


def _cards(columns: list[str], rows: list[list[str]]) -> Table:
    """Return each row as lines of header and cell, for a terminal too narrow for a table."""
    cards = Table.grid(Column(style="dim", no_wrap=True), Column(overflow="fold"), padding=(0, 2, 0, 0))
    for number, row in enumerate(rows):
        if number:
            cards.add_row()
        for header, cell in zip(columns, row, strict=True):
            if cell:
                cards.add_row(header, cell)
    return cards


def print_report(path: Path) -> None:
    """Print a table of a release's report."""
    with path.open(encoding="utf-8", newline="") as stream:
        header, *rows = csv.reader(stream)
    print_rows(header, rows, "table")


class Stopwatch:
    """Progress callback that forwards to another and measures the seconds of each stage."""

    def __init__(self, progress: ProgressCallback) -> None:
        self._progress = progress
        self._times = [("", perf_counter())]

    def __call__(self, stage: str, detail: str) -> None:
        """Note the time when a new stage begins, and forward the call."""
        if stage != self._times[-1][0]:
            self._times.append((stage, perf_counter()))
        self._progress(stage, detail)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._times.append(("", perf_counter()))

    @property
    def laps(self) -> list[list[str]]:
        """Rows of stage and seconds, the total last."""
        laps = [(stage, end - start) for (stage, start), (_, end) in pairwise(self._times) if stage]
        return [[stage, f"{seconds:.1f}"] for stage, seconds in [*laps, ("", sum(seconds for _, seconds in laps))]]


@contextmanager
def progress_bar() -> Iterator[ProgressCallback]:
    """Show the stages of a build on standard error, if it is a terminal."""
    console = Console(stderr=True)
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal) as bar:
        task = bar.add_task("", total=len(STAGES))

        def show(stage: str, detail: str) -> None:
            bar.update(task, completed=STAGES.index(stage), description=f"{stage}: {detail}")

        yield show
