"""Commands that make and hand out releases: build, reason, export, diff."""

from collections import Counter
from pathlib import Path

import click

from kg.charts import choropleth
from kg.cli.options import DATA, DIST, FOLDER, FORMAT, ONTOLOGY, ROOT
from kg.cli.output import Stopwatch, print_report, print_rows, progress_bar
from kg.errors import REMEDY
from kg.pipeline import build as pipeline
from kg.pipeline.derive import derived_lines
from kg.pipeline.reason import reasoned
from kg.release import checksums, export, open_release, verify
from kg.release import diff as diffing
from kg.store import open_store


@click.command(epilog="Example: guapai build --data data --dist dist")
@DATA
@ONTOLOGY
@DIST
@click.option(
    "--modules",
    type=FOLDER,
    default=ROOT / "node_modules",
    help="Folder of the browser libraries, with the outlines of maps; without them, maps are tables and points.",
    show_default="node_modules",
)
def build(data: Path, ontology: Path, dist: Path, modules: Path) -> None:
    """Build a release from the tables and make it the current one."""
    with progress_bar() as progress, Stopwatch(progress) as stopwatch:
        release = pipeline.build(data, ontology, dist, stopwatch, modules=modules)
    print_report(release.path / "report" / pipeline.LISTS_REPORT)
    print_rows(["stage", "seconds waited for"], stopwatch.laps, "table")
    counts = release.manifest["counts"]
    click.echo(
        f"release {release.id}: {sum(counts['triples'].values())} triples from {sum(counts['rows'].values())} rows"
    )
    found = ", ".join(f"{number} {severity}s" for severity, number in counts["results"].items())
    click.echo(f"shapes: {found}; in {release.path}")
    if not (release.path / choropleth.FOLDER).is_dir():
        click.echo("maps have no outlines: run `make node_modules`, then build again", err=True)


@click.command(epilog="Example: guapai reason --out derived.nt")
@DIST
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Write the derived triples here.")
def reason(dist: Path, out: Path | None) -> None:
    """Check the consistency of the current release (HermiT) and derive again what follows by the rules."""
    release = open_release(dist)
    with progress_bar() as progress:
        kinds = reasoned(release.graphs, release.path / "ontology", progress)
        lines = list(derived_lines(open_store(release.store_path), release.rules))
    rows = [[kind, str(number)] for kind, number in sorted(Counter(kinds.values()).items())]
    print_rows(["kind", "designations derived"], rows, "table")
    click.echo(f"consistent; every derived type agrees with the asserted one; {len(lines)} triples follow by the rules")
    if out:
        out.write_text("".join(lines), encoding="utf-8")
        click.echo(f"written to {out}")


@click.command("verify", epilog="Example: guapai verify --dist dist/current")
@DIST
@click.pass_context
def verify_release(context: click.Context, dist: Path) -> None:
    """Hold every file of the current release against its checksum; print the damaged ones, and exit 1 if any is."""
    release = open_release(dist)
    found = list(checksums.faults(release.path, release.manifest, whole=True))
    for fault in found:
        click.echo(fault)
    if not checksums.is_complete(release.manifest):
        click.echo("manifest.json is of an older version and lists no checksums of columns, search index and store")
    elif not found:
        listed = release.manifest["files"] | release.manifest["derived"]
        size = sum(entry["bytes"] for entry in listed.values())
        click.echo(f"release {release.id}: {len(listed)} files, {size / 1e6:.1f} MB, all as they were built")
        return
    click.echo(f"the release {release.id} in {release.path}: {REMEDY}", err=True)
    context.exit(1)


@click.command("export", epilog="Example: guapai export --format ttl --format csv --to export")
@DIST
@click.option("--format", "formats", type=click.Choice(list(export.FORMATS)), multiple=True, help="Default: all.")
@click.option("--to", "target", type=FOLDER, required=True, help="A new or empty folder.")
def export_release(dist: Path, formats: tuple[str, ...], target: Path) -> None:
    """Write the current release as linked data, with its description (VoID, DCAT) and checksums."""
    release = open_release(dist)
    verify(release)
    for path in export.export(release, formats or export.FORMATS, target):
        click.echo(path)


@click.command(epilog="Example: guapai diff dist/3f2a91c07b1e dist/current --format csv")
@click.argument("early", type=FOLDER)
@click.argument("late", type=FOLDER)
@click.option("--only", type=click.Choice(list(diffing.PARTS)), multiple=True, help="Default: all.")
@FORMAT
def diff(early: Path, late: Path, only: tuple[str, ...], output_format: str) -> None:
    """List the programmes, designations, records and findings that came, went or changed between two releases."""
    found = diffing.compare(open_release(early), open_release(late), only or tuple(diffing.PARTS))
    print_rows(list(diffing.HEADERS), [list(difference.cells) for difference in found], output_format)
    for sentence in diffing.summary(found):
        click.echo(sentence, err=True)
