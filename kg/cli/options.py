"""Options shared by several commands."""

from pathlib import Path

import click

from kg import tables

PROJECT = Path(__file__).resolve().parent.parent.parent
ROOT = Path.cwd() if (Path.cwd() / "data" / tables.DESCRIPTOR).exists() else PROJECT

FOLDER = click.Path(file_okay=False, path_type=Path)
DATA = click.option("--data", type=FOLDER, default=ROOT / "data", help="Folder of the tables.", show_default="data")
ONTOLOGY = click.option(
    "--ontology", type=FOLDER, default=ROOT / "ontology", help="Folder of the ontology.", show_default="ontology"
)
DIST = click.option("--dist", type=FOLDER, default=ROOT / "dist", help="Folder of the releases.", show_default="dist")
FORMAT = click.option(
    "--format",
    "output_format",
    type=click.Choice(["table", "csv", "json"]),
    default="table",
    help="How to print the answer.",
)
