"""Commands that query a release: findings, ask, what-if, query."""

import sys
from pathlib import Path

import click

from kg.analysis.ask import answer as answering
from kg.analysis.ask import ask
from kg.analysis.findings import find, rulings, table
from kg.analysis.findings.rdf import triples
from kg.analysis.scenarios import changes, outcomes, scenario
from kg.cli.options import DIST, FORMAT
from kg.cli.output import print_rows
from kg.release import open_release
from kg.release.columns import Columns
from kg.release.spark import SparkColumns
from kg.store import Store, formats, open_store, questions
from kg.store.departures import DEPARTURES, departures


@click.command("findings", epilog="Example: guapai findings --place 昆山市 --as-of 2022-12-31 --against today")
@DIST
@click.option("--kind", "kinds", type=click.Choice(list(find.KINDS)), multiple=True, help="Default: all, by turns.")
@click.option("--place", default="", help="Code or Chinese name; all that lies in it.")
@click.option("--programme", default="", help="Key or Chinese name.")
@click.option("--ministry", default="", help="Key or Chinese name.")
@click.option("--purpose", default="", help="Group of purposes, key or Chinese name.")
@click.option("--as-of", default="today", show_default=True, help="The day, as YYYY-MM-DD.")
@click.option("--against", help="Another day: what went, came and changed between the two.")
@click.option("--top", type=click.IntRange(0), default=20, show_default=True, help="How many; 0 for all.")
@click.option("--engine", type=click.Choice(["duckdb", "spark"]), default="duckdb", show_default=True)
@click.option("--master", default="local[*]", show_default=True, help="Of --engine spark: the address of the cluster.")
@click.option("--format", "output_format", type=click.Choice(["table", "csv", "json", "ttl"]), default="table")
def list_findings(
    dist: Path, kinds: tuple[str, ...], output_format: str, *, engine: str, master: str, top: int, **asked: str | None
) -> None:
    """List findings, the most surprising and serious first; they indicate and do not accuse.

    Of several kinds, what overlaps comes first (territorial, thematic, carrier, by turns), records to decide last.
    Spark needs the extra spark: pip install 'guapai[spark]'.
    """
    release = open_release(dist)
    columns = SparkColumns.of_master(release, master) if engine == "spark" else Columns.open(release)
    answer = table.answer(columns, release.data_as_of, kinds, asked, top)
    if output_format == "ttl":
        click.echo(formats.serialize_lines(triples(columns, answer.findings), "ttl").decode(), nl=False)
    elif output_format == "json" and not asked["against"]:
        click.echo(table.as_json(answer.findings))
    else:
        print_rows(*(answer.named if output_format == "table" else answer.keyed), output_format)
        for sentence in rulings.sentences(answer.findings):
            click.echo(sentence, err=True)
        if answer.gaps:
            click.echo("take no part, for no ministry is known: " + ", ".join(answer.gaps), err=True)


@click.command("ask", epilog="Example: guapai ask --place 昆山 --purpose 科技成果转移转化 --field 集成电路")
@DIST
@click.option("--place", required=True, help="Province, prefecture or county: code or name; 南京 鼓楼 narrows it.")
@click.option("--purpose", default="", help="Purpose or group of purposes, key or name.")
@click.option("--programme", default="", help="Kind of designation, key or name; stands for its main purposes.")
@click.option("--field", default="", help="Field or group of fields, key or name.")
@click.option("--as-of", default="today", show_default=True, help="The day, as YYYY-MM-DD.")
@click.option("--top", type=click.IntRange(0), default=50, show_default=True, help="How many; 0 for all.")
@FORMAT
def ask_who(dist: Path, as_of: str, top: int, output_format: str, **asked: str) -> None:
    """List who already has a designation for a purpose: in the place, covering it, in its prefecture and province."""
    release = open_release(dist)
    columns = Columns.open(release)
    answer = ask.ask(columns, ask.Question(as_of=table.day(as_of, release.data_as_of), **asked))
    shown = answer.holders[: top or None]
    if output_format == "json":
        click.echo(answering.as_json(answer, top or None))
    elif output_format == "csv":
        print_rows(list(answering.KEY_HEADERS), answering.key_rows(shown), output_format)
    else:
        print_rows(list(answering.NAME_HEADERS), answering.name_rows(columns, shown), output_format)
    for sentence in answering.sentences(columns, answer):
        click.echo(sentence, err=True)
    if len(shown) < len(answer.holders):
        click.echo(f"the nearest {len(shown)} of {len(answer.holders)} are shown; --top 0 shows all", err=True)


@click.command("what-if", epilog="Example: guapai what-if docs/what-if/reform-undone.csv --as-of today")
@click.argument("path", metavar="CHANGES", type=click.Path(dir_okay=False, path_type=Path))
@DIST
@click.option("--kind", "kinds", type=click.Choice(list(find.KINDS)), multiple=True, help="Default: all.")
@click.option("--as-of", default="today", show_default=True, help="The day, as YYYY-MM-DD.")
@click.option("--top", type=click.IntRange(0), default=20, show_default=True, help="How many; 0 for all.")
@FORMAT
def what_if(path: Path, dist: Path, kinds: tuple[str, ...], *, as_of: str, top: int, output_format: str) -> None:
    """List the findings that would go, come or change if programmes were merged, ended, transferred or re-purposed."""
    release = open_release(dist)
    columns, day = Columns.open(release), table.day(as_of, release.data_as_of)
    made = changes.read(path, columns)
    outcome = scenario.what_if(columns, made, day, kinds or tuple(find.KINDS))
    effects = outcome.effects[: top or None]
    if output_format == "json":
        click.echo(outcomes.as_json(effects))
    elif output_format == "csv":
        print_rows(list(outcomes.KEY_HEADERS), outcomes.key_rows(effects), output_format)
    else:
        print_rows(list(outcomes.NAME_HEADERS), outcomes.name_rows(columns, effects), output_format)
    for sentence in outcomes.sentences(outcome):
        click.echo(sentence, err=True)
    if late := sum(not change.holds(day) for change in made):
        click.echo(f"{late} of {len(made)} changes start after {day} and were not made", err=True)


@click.command("query", epilog="Examples: guapai query 1 · guapai query --list · echo 'ASK {}' | guapai query -")
@click.argument("asked", required=False)
@click.option("--list", "listed", is_flag=True, help="List the competency questions.")
@click.option("--endpoint", help="Address of a SPARQL endpoint to ask instead of the current release.")
@DIST
@FORMAT
def answer_query(asked: str | None, listed: bool, endpoint: str | None, dist: Path, output_format: str) -> None:  # noqa: FBT001
    """Answer a competency question (by number or key), or a SELECT query from a file or standard input (-)."""
    release = open_release(dist)
    if listed or asked is None:
        known = questions.questions(release.questions)
        print_rows(
            ["", "question"], [[str(q.number), f"{q.titles['zh']}\n{q.titles['en']}"] for q in known], output_format
        )
        return
    store: Store = open_store(endpoint or release.store_path)
    if asked == "-" or Path(asked).is_file():
        text = sys.stdin.read() if asked == "-" else Path(asked).read_text(encoding="utf-8")
        text = text.removeprefix("\ufeff")
    else:
        question = questions.find(release.questions, asked)
        text = question.query
        if output_format == "table":
            click.echo(f"{question.titles['zh']}\n{question.titles['en']}", err=True)
    solutions = questions.rows(store, text)
    for form in () if endpoint else departures(text):
        click.echo(f"note: {DEPARTURES[form]['en']}", err=True)
    print_rows(list(solutions.variables), list(questions.as_cells(solutions)), output_format)
