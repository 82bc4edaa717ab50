"""The commands by name. The module of one is loaded when it is called, so that each starts fast."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

import groupcore
from groupcore.cli.guard import guarded

COMMANDS = {
    "demo": "demonstrating",
    "check": "checking",
    "import": "importing",
    "replay": "replaying",
    "shadow": "shadowing",
    "verify": "verifying",
    "explain": "explaining",
    "log": "logs",
    "project": "projecting",
    "outbox": "outboxing",
    "rules": "rules",
}
"""The module of each command, in the order in which one learns them."""


def load(name: str) -> Any:
    """The command of that name, as typer makes it of its module's ``app``."""
    command = typer.main.get_command(import_module(f"groupcore.cli.{COMMANDS[name]}").app)
    command.name = name
    return command


class Commands(TyperGroup):
    """The commands, each loaded when asked for; whatever goes wrong in one is told in one message."""

    @property  # type: ignore[override]
    def commands(self) -> dict[str, Any]:
        """All of them, by name."""
        return {name: load(name) for name in COMMANDS}

    @commands.setter
    def commands(self, value: dict[str, Any]) -> None:
        """What typer found itself is nothing: they are all listed here."""

    def list_commands(self, ctx: Any) -> list[str]:
        """Their names, in order."""
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """The command of that name, or None."""
        return load(cmd_name) if cmd_name in COMMANDS else None

    def invoke(self, ctx: Any) -> Any:
        """Run the command that was named."""
        with guarded():
            return super().invoke(ctx)

    def main(self, *args: Any, **settings: Any) -> Any:
        """Read the arguments and run; what typer prints itself, such as help, may fail as well."""
        try:
            with guarded():
                return super().main(*args, **settings)
        except typer.Exit as ended:
            sys.exit(ended.exit_code)


app = typer.Typer(
    name="groupcore",
    cls=Commands,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    epilog="Begin with: groupcore demo",
)


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"groupcore {groupcore.__version__}")
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and exit."),
    ] = False,
) -> None:
    """Moderation of chat groups as a log of facts and verdicts: decided, proved, explained, and tried again.

    LOG is a path or a URL: community.db and sqlite:///path are SQLite, log.jsonl is JSON Lines,
    postgresql://user@host/database is PostgreSQL.
    Exit codes: 0 done; 1 done, and something is wrong that you asked about; 2 could not be done.
    """
