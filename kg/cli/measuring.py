"""Commands that measure a release: claims, measures, plot."""

from pathlib import Path
from typing import Literal

import click

from kg.analysis import county_coverage
from kg.analysis import plot as pictures
from kg.analysis.claims import claims
from kg.analysis.findings import table as listing
from kg.analysis.measures import table as tabulating
from kg.cli.options import DIST, FORMAT
from kg.cli.output import print_rows
from kg.release import open_release
from kg.release.columns import Columns
from kg.store import formats

AS_OF = click.option("--as-of", default="today", show_default=True, help="The day, as YYYY-MM-DD.")
LANGUAGE = click.option("--language", type=click.Choice(["zh", "en"]), default="zh", show_default=True)


@click.command("claims", epilog="Example: guapai claims --format csv")
@DIST
@LANGUAGE
@FORMAT
def list_claims(dist: Path, language: Literal["zh", "en"], output_format: str) -> None:
    """Test the papers' claims: supported, contradicted, or not testable, with the numbers."""
    judged = claims.evaluated(Columns.open(open_release(dist)))
    print_rows(list(claims.HEADERS), claims.rows(judged, language), output_format)
    click.echo(claims.summary(judged), err=True)


@click.command("measures", epilog="Example: guapai measures ministry-purpose --as-of 2022-12-31 --format csv")
@click.argument("table", type=click.Choice(tabulating.TABLES))
@DIST
@AS_OF
@click.option("--format", "output_format", type=click.Choice(["table", "csv", "json", "ttl"]), default="table")
def show_measures(table: str, dist: Path, as_of: str, output_format: str) -> None:
    """Show a matrix of ministries, purposes or programmes, or the spread of designations, with coverage."""
    release = open_release(dist)
    columns, day = Columns.open(release), listing.day(as_of, release.data_as_of)
    if output_format == "ttl":
        click.echo(formats.serialize_lines(tabulating.triples(columns, table, day), "ttl").decode(), nl=False)
        return
    found = tabulating.table(columns, table, day, named=output_format == "table")
    print_rows(found.headers, found.rows, output_format)


@click.command("counties", epilog="Example: guapai counties --format csv")
@DIST
@FORMAT
def show_counties(dist: Path, output_format: str) -> None:
    """Show by programme of how many designations that lie within one county the county is known."""
    columns = Columns.open(open_release(dist))
    print_rows(list(county_coverage.HEADERS), county_coverage.table(columns), output_format)


@click.command("plot", epilog="Example: guapai plot programme-county --as-of 2022-12-31 --to programmes.svg")
@click.argument("picture", type=click.Choice(list(pictures.PICTURES)))
@click.option("--to", "path", type=click.Path(dir_okay=False, path_type=Path), required=True, help="A .svg or .png.")
@DIST
@AS_OF
@LANGUAGE
def plot(picture: str, path: Path, dist: Path, as_of: str, language: Literal["zh", "en"]) -> None:
    """Draw a matrix, Lorenz curves, shares, or the designations of ministries over time.

    PNG needs the extra png: pip install 'guapai[png]'.
    """
    release = open_release(dist)
    day = listing.day(as_of, release.data_as_of)
    pictures.draw(pictures.Asked(Columns.open(release), day, language, release.id), picture, path)
    click.echo(path)
