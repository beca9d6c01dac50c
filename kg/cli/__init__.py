"""The command `guapai`: options and printing only, one module for each family of subcommands."""

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
        "match": ("matching", "match_names"),
        "validate": ("data", "validate_tables"),
        "reason": ("releases", "reason"),
        "findings": ("answers", "list_findings"),
        "decide": ("data", "decide"),
        "ask": ("answers", "ask_who"),
        "what-if": ("answers", "what_if"),
        "query": ("answers", "answer_query"),
        "claims": ("measuring", "list_claims"),
        "measures": ("measuring", "show_measures"),
        "counties": ("measuring", "show_counties"),
        "plot": ("measuring", "plot"),
        "export": ("releases", "export_release"),
        "verify": ("releases", "verify_release"),
        "diff": ("releases", "diff"),
        "load": ("serving", "load"),
        "serve": ("serving", "serve"),
        "mcp": ("serving", "serve_assistants"),
    }
)
"""Subcommand to its module and function. Modules are imported on demand, so that listing findings does not wait for the
imports of reasoner, charts and server."""


class Commands(click.Group):
    """Command group that prints a GuapaiError as one sentence and exits with 1."""

    def list_commands(self, _: click.Context) -> list[str]:
        """Return the names of all commands."""
        return sorted(COMMANDS)

    def get_command(self, _: click.Context, cmd_name: str) -> click.Command | None:
        """Return the command of a name, None if there is none."""
        if cmd_name not in COMMANDS:
            return None
        module, function = COMMANDS[cmd_name]
        return cast("click.Command", getattr(import_module(f"kg.cli.{module}"), function))

    def invoke(self, context: click.Context) -> Any:  # noqa: ANN401 — the signature of click
        """Run a command; print a GuapaiError without a traceback."""
        try:
            return super().invoke(context)
        except GuapaiError as error:
            click.echo(f"guapai: {error}", err=True)
            context.exit(1)


@click.group(cls=Commands)
@click.version_option(__version__, prog_name="guapai")
def main() -> None:
    """Guapai: who gave which designation to whom, where, when and for which purpose."""
