"""The arguments that commands share, and what they stand for: a log, a rulebook, a format."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated

import typer

from groupcore.cli.output import Format, note
from groupcore.config import load_rulebook, shipped_rulebook
from groupcore.errors import InputError, StoreError
from groupcore.rulebook import Rulebook
from groupcore.stores import Store, open_store

LogName = Annotated[
    str, typer.Argument(metavar="LOG", help="The log: community.db, log.jsonl, sqlite:///path, postgresql://host/name.")
]
RulesPath = Annotated[Path | None, typer.Option("--rules", "-r", metavar="R", help="The rulebook, a TOML file.")]
FormatName = Annotated[
    Format | None,
    typer.Option("--format", "-f", help="How to print; a table on a terminal, jsonl into a pipe, unless given."),
]


def open_log(name: str) -> Store:
    """The log of that name, for reading; it is never changed."""
    refuse_stdin(name)
    return open_store(name, read_only=True)


def note_newer(log: str, count: int) -> None:
    """Tell that *count* events of a log were passed over, which only a newer version knows; nothing for none."""
    if count:
        events = f"{count:,} event{'s' if count != 1 else ''}"
        note(f"groupcore: {shown(log)}: passed over {events} of a newer version of groupcore; update it to read all")


def note_clear(source: str, target: str) -> None:
    """Tell where what one log keeps under keys is written in clear into another."""
    if _has_keys(source) and not _has_keys(target):
        note(f"groupcore: what is under keys in {shown(source)} lies in clear in {shown(target)}, which names no keys")


def _has_keys(name: str) -> bool:
    """Whether the name of a log names the store of its keys, too."""
    found = re.search(r"[?&]keys=([^&]*)", name)
    return found is not None and found[1] != "none"


def refuse_stdin(name: str) -> None:
    """Raise StoreError for ``-``: a log is read more than once, and written to."""
    if name == "-":
        raise StoreError(
            "'-' is no log: a log is a file (groupcore import facts - LOG reads facts from standard input)"
        )


def refuse_a_dash(name: str) -> None:
    """Raise InputError for ``-`` where a file is to be made: it is standard input."""
    if name == "-":
        raise InputError("'-' is standard input; name a file, such as ./-")


def rules_or_shipped(path: Path | None) -> Rulebook:
    """The rulebook of that file; without one, the shipped rulebook, named on standard error."""
    if path is not None:
        return load_rulebook(path)
    rules = shipped_rulebook()
    note(f"groupcore: judging by {named(rules)}, which is shipped with groupcore; --rules names another")
    return rules


def named(rules: Rulebook) -> str:
    """A rulebook by name and digest."""
    return f"the rulebook {rules.name} ({rules.digest[:12]})"


def shown(log: str) -> str:
    """The name of a log as it may be printed: without the password that a URL may hold."""
    return re.sub(r"(?<=://)([^:/@?#]*):[^@/]*@", r"\1@", re.sub(r"(?i)([?&]password=)[^&]*", r"\1...", log))
