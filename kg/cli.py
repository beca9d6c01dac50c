"""The command `guapai`: build, import, validate, reason, findings, query, export, serve."""

import csv
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from time import perf_counter
from typing import Any, Self

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from kg import __version__, export, formats, query, tables, vocab
from kg.build import pipeline
from kg.columns import Columns
from kg.errors import GuapaiError
from kg.findings import engine, listing
from kg.findings.triples import triples
from kg.importing import preview, taking
from kg.release import open_release, verify
from kg.store import Store, open_store

STAGES = ("tables", "triples", "shapes", "reasoning", "columns", "store", "search")
ROOT = Path.cwd() if (Path.cwd() / "data" / tables.DESCRIPTOR).exists() else Path(__file__).resolve().parent.parent

FOLDER = click.Path(file_okay=False, path_type=Path)
DATA = click.option("--data", type=FOLDER, default=ROOT / "data", help="Folder of the tables.", show_default="data")
ONTOLOGY = click.option(
    "--ontology", type=FOLDER, default=ROOT / "ontology", help="Folder of the ontology.", show_default="ontology"
)
DIST = click.option("--dist", type=FOLDER, default=ROOT / "dist", help="Folder of the releases.", show_default="dist")
FORMAT = click.option(
    "--format", "layout", type=click.Choice(["table", "csv", "json"]), default="table", help="How to print the answer."
)


class Commands(click.Group):
    """The group of commands; errors of ours are one sentence and exit 1."""

    def invoke(self, context: click.Context) -> Any:  # noqa: ANN401 — the signature of click
        """Run a command and say a GuapaiError without a traceback."""
        try:
            return super().invoke(context)
        except GuapaiError as error:
            click.echo(f"guapai: {error}", err=True)
            context.exit(1)


@click.group(cls=Commands)
@click.version_option(__version__, prog_name="guapai")
def main() -> None:
    """Guapai: who hung which plate on whom, where, when and for which purpose."""


@main.command(epilog="Example: guapai build --data data --dist dist")
@DATA
@ONTOLOGY
@DIST
def build(data: Path, ontology: Path, dist: Path) -> None:
    """Build a release from the tables and make it the current one."""
    with _progress() as progress, _Stopwatch(progress) as stopwatch:
        release = pipeline.build(data, ontology, dist, stopwatch)
    _print_report(release.path / "report" / pipeline.LISTS)
    _print(["stage", "seconds"], stopwatch.laps, "table")
    counts = release.manifest["counts"]
    click.echo(
        f"release {release.id}: {sum(counts['triples'].values())} triples from {sum(counts['rows'].values())} rows"
    )
    found = ", ".join(f"{number} {severity}s" for severity, number in counts["results"].items())
    click.echo(f"shapes: {found}; in {release.path}")


@main.command("import", epilog="Example: guapai import list.xlsx --programme national-etdz --source pk-S04 --write")
@click.argument("path", metavar="LIST", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--programme", required=True, help="Key of the programme where a row names none.")
@click.option("--list", "list_id", default="", help="Key of the list.", show_default="name of the file")
@click.option("--source", default="", help="Key of the document (sources.csv) where a row names none.")
@click.option("--edition", default="", help="Date of the list, as YYYY, YYYY-MM or YYYY-MM-DD.")
@click.option("--sheet", help="Sheet of a workbook.", show_default="the first that has rows")
@click.option("--column", "columns", multiple=True, metavar="HEAD=COLUMN", help="What a head means.")
@click.option("--same", multiple=True, metavar="NAME=PLATE", help="A printed name that means this plate.")
@click.option("--replace", is_flag=True, help="The list is a newer edition of the one in the tables.")
@click.option("--write", is_flag=True, help="Write; without it, only show what would be written.")
@DATA
@FORMAT
def import_list(path: Path, data: Path, layout: str, sheet: str | None, *, write: bool, **given: Any) -> None:  # noqa: ANN401
    """Take in a list of plates, CSV or workbook: show what each row would become, and write it with --write."""
    columns, same = _pairs("column", given.pop("columns")), _pairs("same", given.pop("same"))
    proposal = taking.propose(data, path, part=sheet, columns=columns, same=same, **given)
    _print(preview.COLUMNS, preview.rows(proposal.plan), layout)
    for sentence in preview.summary(proposal.plan, proposal.sheet):
        click.echo(sentence, err=True)
    if not write:
        click.echo("nothing was written; --write writes it", err=True)
        return
    taking.write(proposal)
    click.echo("\n".join(["written:", *proposal.changed]) if proposal.changed else "nothing to write", err=True)


@main.command("validate", epilog="Example: guapai validate --format csv")
@DATA
@ONTOLOGY
@FORMAT
def validate_tables(data: Path, ontology: Path, layout: str) -> None:
    """Hold tables and triples against schema, rules and shapes; exit 1 on any violation."""
    with _progress() as progress:
        report = pipeline.report(data, ontology, progress)
    columns = ["severity", "shape", "focus", "message_en"]
    rows = [[str(getattr(result, name)) for name in columns] for result in report.results]
    _print(columns, rows, layout)
    click.echo(", ".join(f"{number} {severity}s" for severity, number in report.counts.items()), err=True)
    if report.violations:
        sys.exit(1)


@main.command(epilog="Example: guapai reason --out inferred.nt")
@DIST
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Write the inferred triples here.")
def reason(dist: Path, out: Path | None) -> None:
    """Check the current release for contradictions (HermiT) and materialise what follows from it."""
    release = open_release(dist)
    with _progress() as progress:
        found = pipeline.reasoned(release.graphs, progress)
    _print(["kind", "plates derived"], [[kind, str(number)] for kind, number in found.derived.items()], "table")
    click.echo(f"consistent; every derived type agrees with the asserted one; {len(found.triples)} triples inferred")
    if out:
        out.write_text("".join(vocab.lines(found.triples)), encoding="utf-8")
        click.echo(f"written to {out}")


@main.command("findings", epilog="Example: guapai findings --place 昆山市 --as-of 2022-12-31 --against today")
@DIST
@click.option("--kind", "kinds", type=click.Choice(list(engine.KINDS)), multiple=True, help="Default: all.")
@click.option("--place", default="", help="Code or Chinese name; all that lies in it.")
@click.option("--programme", default="", help="Key or Chinese name.")
@click.option("--ministry", default="", help="Key or Chinese name.")
@click.option("--purpose", default="", help="Group of purposes, key or Chinese name.")
@click.option("--as-of", default="today", show_default=True, help="The day, as YYYY-MM-DD.")
@click.option("--against", help="Another day: what went, came and changed between the two.")
@click.option("--top", type=click.IntRange(0), default=20, show_default=True, help="How many; 0 for all.")
@click.option("--format", "layout", type=click.Choice(["table", "csv", "json", "ttl"]), default="table")
def list_findings(dist: Path, kinds: tuple[str, ...], layout: str, *, top: int, **asked: str | None) -> None:
    """List overlaps and stacks, the most surprising and serious first; they indicate and do not accuse."""
    release = open_release(dist)
    answer = listing.answer(Columns.open(release), release.data_as_of, kinds, asked, top)
    if layout == "ttl":
        click.echo(formats.serialize_lines(triples(answer.findings), "ttl").decode(), nl=False)
    elif layout == "json" and not asked["against"]:
        click.echo(listing.as_json(answer.findings))
    else:
        _print(*(answer.named if layout == "table" else answer.keyed), layout)
        if answer.gaps:
            click.echo("take no part, for no ministry is known: " + ", ".join(answer.gaps), err=True)


@main.command("query", epilog="Examples: guapai query 1 · guapai query --list · echo 'ASK {}' | guapai query -")
@click.argument("asked", required=False)
@click.option("--list", "listed", is_flag=True, help="List the competency questions.")
@click.option("--endpoint", help="Address of a SPARQL endpoint to ask instead of the current release.")
@DIST
@FORMAT
def ask(asked: str | None, listed: bool, endpoint: str | None, dist: Path, layout: str) -> None:  # noqa: FBT001
    """Answer a competency question (by number or key), or a SELECT query from a file or standard input (-)."""
    release = open_release(dist)
    if listed or asked is None:
        known = query.questions(release.questions)
        _print(["", "question"], [[str(q.number), f"{q.titles['zh']}\n{q.titles['en']}"] for q in known], layout)
        return
    store: Store = open_store(endpoint or release.store_path)
    if asked == "-" or Path(asked).is_file():
        text = sys.stdin.read() if asked == "-" else Path(asked).read_text(encoding="utf-8")
    else:
        question = query.find(release.questions, asked)
        text = question.query
        if layout == "table":
            click.echo(f"{question.titles['zh']}\n{question.titles['en']}", err=True)
    solutions = query.rows(store, text)
    _print(list(solutions.variables), list(query.as_cells(solutions)), layout)


@main.command("export", epilog="Example: guapai export --format ttl --format csv --to export")
@DIST
@click.option("--format", "formats", type=click.Choice(list(export.FORMATS)), multiple=True, help="Default: all.")
@click.option("--to", "target", type=FOLDER, required=True, help="A new or empty folder.")
def export_release(dist: Path, formats: tuple[str, ...], target: Path) -> None:
    """Write the current release as linked data, with its description (VoID, DCAT) and checksums."""
    release = open_release(dist)
    verify(release)
    for path in export.export(release, formats or export.FORMATS, target):
        click.echo(path)


@main.command(epilog="Example: guapai serve --host 127.0.0.1 --port 8000")
@DIST
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, help="Port to listen on.")
@click.option("--workers", default=2, show_default=True, help="Number of server processes.")
@click.option("--query-seconds", default=30, show_default=True, help="Time limit of a visitor's query.")
def serve(dist: Path, host: str, port: int, workers: int, query_seconds: int) -> None:
    """Serve the current release: pages, linked data, SPARQL."""
    from web.server import run  # noqa: PLC0415 — the only way from kg to web, taken only to serve

    run(dist, host=host, port=port, workers=workers, query_seconds=query_seconds)


def _pairs(option: str, given: tuple[str, ...]) -> dict[str, str]:
    """Read options of the form A=B; the last sign parts them."""
    parted = [pair.rpartition("=") for pair in given]
    if not all(left and right for left, _, right in parted):
        raise click.BadParameter(f"expected {' '.join(given)!r} as A=B", param_hint=f"--{option}")
    return {left: right for left, _, right in parted}


def _print(columns: list[str], rows: list[list[str]], layout: str) -> None:
    """Print rows as a table for people, as CSV, or as JSON."""
    if layout == "csv":
        click.echo(tables.to_csv(columns, iter(rows)), nl=False)
    elif layout == "json":
        click.echo(tables.to_json(columns, rows))
    else:
        table = Table(*columns, show_lines=any("\n" in cell for row in rows for cell in row))
        for row in rows:
            table.add_row(*row)
        Console(soft_wrap=False).print(table)


def _print_report(path: Path) -> None:
    """Print a table of the report of a release."""
    with path.open(encoding="utf-8", newline="") as stream:
        heads, *rows = csv.reader(stream)
    _print(heads, rows, "table")


class _Stopwatch:
    """Passes on what a build tells of its progress, and keeps the seconds that each stage takes."""

    def __init__(self, progress: pipeline.Progress) -> None:
        self._progress = progress
        self._times = [("", perf_counter())]

    def __call__(self, stage: str, detail: str) -> None:
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
def _progress() -> Iterator[pipeline.Progress]:
    """Show a bar over the stages of a build on standard error; silent where that is no terminal."""
    console = Console(stderr=True)
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal) as bar:
        task = bar.add_task("", total=len(STAGES))

        def show(stage: str, detail: str) -> None:
            bar.update(task, completed=STAGES.index(stage), description=f"{stage}: {detail}")

        yield show
