"""The command `guapai`; its commands stand in a room for each family and hold no more than options and printing."""

from typing import Any

import click

from kg import __version__
from kg.cli import answers, data, measuring, releases, serving
from kg.errors import GuapaiError


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


for command in (
    *(releases.build, data.import_list, data.validate_tables, releases.reason),
    *(answers.list_findings, data.decide, answers.ask_who, answers.what_if, answers.answer_query),
    *(measuring.list_claims, measuring.show_measures, measuring.plot),
    *(releases.export_release, releases.diff, serving.load, serving.serve),
):
    main.add_command(command)
