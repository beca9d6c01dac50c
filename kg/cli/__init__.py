"""The command `guapai`; its commands stand in a room for each family and hold no more than options and printing."""

from collections.abc import Mapping
from importlib import import_module
from types import MappingProxyType
from typing import Any, cast

import click

from kg import __version__
from kg.errors import GuapaiError

COMMANDS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "build": ("releases", "build"),
        "import": ("data", "import_list"),
        "validate": ("data", "validate_tables"),
        "reason": ("releases", "reason"),
        "findings": ("answers", "list_findings"),
        "decide": ("data", "decide"),
        "ask": ("answers", "ask_who"),
        "what-if": ("answers", "what_if"),
        "query": ("answers", "answer_query"),
        "claims": ("measuring", "list_claims"),
        "measures": ("measuring", "show_measures"),
        "plot": ("measuring", "plot"),
        "export": ("releases", "export_release"),
        "diff": ("releases", "diff"),
        "load": ("serving", "load"),
        "serve": ("serving", "serve"),
    }
)
"""Each command with its room and function. A room is opened when a command of it is asked for: who lists findings need
not wait for what reasons, draws and serves."""


class Commands(click.Group):
    """The group of commands; errors of ours are one sentence and exit 1."""

    def list_commands(self, _: click.Context) -> list[str]:
        """Return the names of all commands."""
        return sorted(COMMANDS)

    def get_command(self, _: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command, None where there is none of the name."""
        if cmd_name not in COMMANDS:
            return None
        room, function = COMMANDS[cmd_name]
        return cast("click.Command", getattr(import_module(f"kg.cli.{room}"), function))

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
    """Guapai: who gave which designation to whom, where, when and for which purpose."""
