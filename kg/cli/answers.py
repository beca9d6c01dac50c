"""Commands that answer from a release: findings, query."""

import sys
from pathlib import Path

import click

from kg import formats, query
from kg.cli.options import DIST, FORMAT
from kg.cli.output import print_rows
from kg.columns import Columns
from kg.findings import engine, listing
from kg.findings.triples import triples
from kg.release import open_release
from kg.store import Store, open_store


@click.command("findings", epilog="Example: guapai findings --place 昆山市 --as-of 2022-12-31 --against today")
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
        print_rows(*(answer.named if layout == "table" else answer.keyed), layout)
        if answer.gaps:
            click.echo("take no part, for no ministry is known: " + ", ".join(answer.gaps), err=True)


@click.command("query", epilog="Examples: guapai query 1 · guapai query --list · echo 'ASK {}' | guapai query -")
@click.argument("asked", required=False)
@click.option("--list", "listed", is_flag=True, help="List the competency questions.")
@click.option("--endpoint", help="Address of a SPARQL endpoint to ask instead of the current release.")
@DIST
@FORMAT
def answer_query(asked: str | None, listed: bool, endpoint: str | None, dist: Path, layout: str) -> None:  # noqa: FBT001
    """Answer a competency question (by number or key), or a SELECT query from a file or standard input (-)."""
    release = open_release(dist)
    if listed or asked is None:
        known = query.questions(release.questions)
        print_rows(["", "question"], [[str(q.number), f"{q.titles['zh']}\n{q.titles['en']}"] for q in known], layout)
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
    print_rows(list(solutions.variables), list(query.as_cells(solutions)), layout)
