"""Commands that read and change the tables: import, validate, decide."""

import sys
from contextlib import nullcontext
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from kg.analysis.findings import table
from kg.cli.options import DATA, DIST, FORMAT, ONTOLOGY
from kg.cli.output import print_rows, progress_bar
from kg.curation import decide as deciding
from kg.importing import importer, preview
from kg.pipeline import build
from kg.release import open_release
from kg.release.columns import Columns
from kg.tables import journal


@click.command("import", epilog="Example: guapai import list.xlsx --programme national-etdz --source pk-S04 --write")
@click.argument("path", metavar="LIST", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--programme", required=True, help="Key of the programme where a row names none.")
@click.option("--list", "list_id", default="", help="Key of the list.", show_default="name of the file")
@click.option("--source", default="", help="Key of the document (sources.csv) where a row names none.")
@click.option("--edition", default="", help="Date of the list, as YYYY, YYYY-MM or YYYY-MM-DD.")
@click.option("--sheet", "sheets", multiple=True, help="Sheet of a workbook.", show_default="all not hidden")
@click.option("--column", "columns", multiple=True, metavar="HEADER=COLUMN", help="What a header means.")
@click.option(
    "--line", "lines", multiple=True, metavar="[SHEET!]NUMBER=KIND", help="What a line is: row, section, note, blank."
)
@click.option("--same", multiple=True, metavar="NAME=DESIGNATION", help="A printed name that means this designation.")
@click.option("--replace", is_flag=True, help="The list is a newer edition of the one in the tables.")
@click.option("--write", is_flag=True, help="Write; without it, only show what would be written.")
@DATA
@FORMAT
def import_list(path: Path, data: Path, output_format: str, *, write: bool, **given: Any) -> None:  # noqa: ANN401
    """Take in a list of designations as published: show what each row would become, and write it with --write.

    LIST is a CSV file, a workbook (XLSX, XLSB, XLS, ET, ODS), a web page (HTML) or a Word file (DOCX).
    """
    given |= {name: pairs(name.removesuffix("s"), given[name]) for name in ("columns", "same")}
    given |= {"parts": given.pop("sheets"), "told": importer.told_lines(pairs("line", given.pop("lines")))}
    with journal.locked(data, "guapai import") if write else nullcontext():
        proposal = importer.propose(data, path, **given)
        print_rows(preview.COLUMNS, preview.rows(proposal.plan), output_format)
        for sentence in preview.summary(proposal.plan):
            click.echo(sentence, err=True)
        if not write:
            click.echo("nothing was written; --write writes it", err=True)
            return
        importer.write(proposal)
    click.echo("\n".join(["written:", *proposal.changed]) if proposal.changed else "nothing to write", err=True)


@click.command("validate", epilog="Example: guapai validate --format csv")
@DATA
@ONTOLOGY
@FORMAT
def validate_tables(data: Path, ontology: Path, output_format: str) -> None:
    """Validate tables and triples by schema, rules and shapes; exit 1 on any violation."""
    with progress_bar() as progress:
        report = build.report(data, ontology, progress)
    columns = ["severity", "shape", "focus", "message_en"]
    rows = [[str(getattr(result, name)) for name in columns] for result in report.results]
    print_rows(columns, rows, output_format)
    click.echo(", ".join(f"{number} {severity}s" for severity, number in report.counts.items()), err=True)
    if report.violations:
        sys.exit(1)


@click.command(
    "decide",
    epilog="Example: guapai decide agri-sci-park-0001 agri-sci-park-0300 --verdict same --reason 同址 --by 张三",
)
@click.argument("keys", nargs=-1, metavar="FINDING | ONE OTHER")
@click.option("--verdict", default="", help="same, different, overlap-accepted, overlap-justified, unsure.")
@click.option("--reason", default="", help="Why.")
@click.option("--by", "decided_by", default="", help="Who decides.")
@click.option("--on", "decided_on", default="", help="The day of the decision, as YYYY-MM-DD.", show_default="today")
@click.option("--from", "path", type=click.Path(dir_okay=False, path_type=Path), help="A CSV file of decisions.")
@click.option("--as-of", default="today", show_default=True, help="The day on which the findings were looked at.")
@click.option("--write", is_flag=True, help="Write; without it, only show what each decision would do.")
@DATA
@DIST
@FORMAT
def decide(
    keys: tuple[str, ...],
    path: Path | None,
    data: Path,
    dist: Path,
    output_format: str,
    *,
    as_of: str,
    write: bool,
    **given: str,
) -> None:
    """Decide on a finding, or whether two designations (or records) are one, with the key that the tables name first.

    The file given by --from has the columns finding, one_id, other_id, verdict, reason, decided_by, decided_on. All
    decisions are written or none.
    """
    if bool(keys) == bool(path) or len(keys) > 2:
        raise click.UsageError("expected a finding, two designations or records, or --from FILE")
    about = {"finding": keys[0]} if len(keys) == 1 else dict(zip(("one_id", "other_id"), keys, strict=bool(keys)))
    asked = deciding.read(path) if path else [deciding.Given({**about, **given})]
    release = open_release(dist)
    days = table.day(as_of, release.data_as_of), datetime.now(UTC).date()
    with journal.locked(data, "guapai decide") if write else nullcontext():
        proposal = deciding.propose(data, Columns.open(release), asked, days)
        print_rows(list(deciding.HEADS), [decided.cells for decided in proposal.decided], output_format)
        if not write:
            click.echo("nothing was written; --write writes it", err=True)
            return
        written = deciding.write(proposal)
    click.echo("\n".join(["written:", *written]), err=True)


def pairs(option: str, given: tuple[str, ...]) -> dict[str, str]:
    """Parse options of the form A=B; the last equals sign separates the two."""
    split = [pair.rpartition("=") for pair in given]
    if not all(left and right for left, _, right in split):
        raise click.BadParameter(f"expected {' '.join(given)!r} as A=B", param_hint=f"--{option}")
    return {left: right for left, _, right in split}
