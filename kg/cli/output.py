"""What commands show: rows as a table, CSV or JSON, and how far long work has come."""

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

NARROWEST = 14
"""Characters that a column of a table needs; where a terminal has fewer, each row stands as a card."""
Told = Callable[[str, str], None]
"""What a build tells of its progress is told to: `kg.pipeline.build.Progress`, without opening that room."""
STAGES = ("tables", "triples", "columns", "findings", "store", "rules", "shapes", "reasoning", "search")


def print_rows(columns: list[str], rows: list[list[str]], layout: str) -> None:
    """Print rows as a table for people, as CSV, or as JSON."""
    if layout == "csv":
        click.echo(tables.to_csv(columns, iter(rows)), nl=False)
    elif layout == "json":
        click.echo(tables.to_json(columns, rows))
    else:
        console = Console(soft_wrap=False)
        if console.width < NARROWEST * len(columns):
            console.print(_cards(columns, rows))
        else:
            console.print(_table(columns, rows))


def _table(columns: list[str], rows: list[list[str]]) -> Table:
    heads = (Column(name, overflow="fold") for name in columns)
    table = Table(*heads, show_lines=any("\n" in cell for row in rows for cell in row))
    for row in rows:
        table.add_row(*row)
    return table


def _cards(columns: list[str], rows: list[list[str]]) -> Table:
    """Return each row as lines of head and cell, where the terminal is too narrow for columns side by side."""
    cards = Table.grid(Column(style="dim", no_wrap=True), Column(overflow="fold"), padding=(0, 2, 0, 0))
    for number, row in enumerate(rows):
        if number:
            cards.add_row()
        for head, cell in zip(columns, row, strict=True):
            if cell:
                cards.add_row(head, cell)
    return cards


def print_report(path: Path) -> None:
    """Print a table of the report of a release."""
    with path.open(encoding="utf-8", newline="") as stream:
        heads, *rows = csv.reader(stream)
    print_rows(heads, rows, "table")


class Stopwatch:
    """Passes on what a build tells of its progress, and keeps the seconds that each stage takes."""

    def __init__(self, progress: Told) -> None:
        self._progress = progress
        self._times = [("", perf_counter())]

    def __call__(self, stage: str, detail: str) -> None:
        """Take the time where a new stage begins, and pass the word on."""
        if stage != self._times[-1][0]:
            self._times.append((stage, perf_counter()))
        self._progress(stage, detail)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._times.append(("", perf_counter()))

    @property
    def laps(self) -> list[list[str]]:
        """Stage and seconds, the sum last."""
        laps = [(stage, end - start) for (stage, start), (_, end) in pairwise(self._times) if stage]
        return [[stage, f"{seconds:.1f}"] for stage, seconds in [*laps, ("", sum(seconds for _, seconds in laps))]]


@contextmanager
def progress_bar() -> Iterator[Told]:
    """Show a bar over the stages of a build on standard error; silent where that is no terminal."""
    console = Console(stderr=True)
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal) as bar:
        task = bar.add_task("", total=len(STAGES))

        def show(stage: str, detail: str) -> None:
            bar.update(task, completed=STAGES.index(stage), description=f"{stage}: {detail}")

        yield show
