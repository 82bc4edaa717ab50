"""``groupcore replay``: the facts of a log decided anew."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from groupcore.cli.guard import Interrupted
from groupcore.cli.options import (
    FormatName,
    LogName,
    RulesPath,
    named,
    note_clear,
    note_newer,
    open_log,
    refuse_stdin,
    shown,
)
from groupcore.cli.output import Format, Printer, Record, chosen, drop_output, note, padded, print_records
from groupcore.cli.pieces import plain
from groupcore.cli.tally import COLUMNS as SUMMARY
from groupcore.cli.tally import Tally
from groupcore.cli.unread import file_of
from groupcore.cli.words import told
from groupcore.clock import format_instant
from groupcore.config import load_rulebook, shipped_rulebook
from groupcore.errors import StoreError
from groupcore.events import Fact, VerdictEvent, event_types, to_wire
from groupcore.events.base import data_fields
from groupcore.replay import Run, Step, first_rulebook, replay_into, steps
from groupcore.stores import Store, open_store

app = typer.Typer(rich_markup_mode=None, add_completion=False)

_NOT_COMPLETE = "is not complete: remove it before you run this again"

Decided = tuple[VerdictEvent, Fact]


@app.command("replay", short_help="Decide the facts of a log anew.")
def replay_log(
    log: LogName,
    rules: RulesPath = None,
    into: Annotated[
        str | None, typer.Option("--into", metavar="OUT", help="Write facts and verdicts to this new log.")
    ] = None,
    summary: Annotated[bool, typer.Option("--summary", help="Print counts in place of the verdicts.")] = False,
    stats: Annotated[bool, typer.Option("--stats", help="Tell speed and memory on standard error.")] = False,
    format: FormatName = None,
) -> None:
    """Decide the facts of a log anew and print the verdicts. The log is never changed.

    Without --rules, the rulebooks that the log adopted judge, each from where it was adopted; a log that
    adopted none is judged by the shipped one. With --into, a summary is printed unless --format asks for the
    verdicts.

    \b
    groupcore replay community.db
    groupcore replay archive.db --rules rules.toml --summary
    groupcore replay archive.db --rules rules.toml --into judged.db
    """
    tally, counting = Tally(), summary or (into is not None and format is None)
    with open_log(log) as store:
        _check_target(log, into)
        run = _run(store, rules, log)
        printer = None if counting else _printer(chosen(format))
        with _told_if_half(into):
            for step in tally.counted(_steps(store, run, into)):
                printer = _print(step, printer, into)
    note_newer(log, run.skipped)
    if into is not None:
        note_clear(log, into)
    if tally.erased:
        note(f"groupcore: {tally.erased:,} messages of {shown(log)} were erased, and read as if nothing stood in them")
    if counting:
        print_records(chosen(format), SUMMARY, tally.records())
    if stats:
        note(tally.speed())


@contextmanager
def _told_if_half(into: str | None) -> Iterator[None]:
    """Say that a new log is not complete where the replay is cut off."""
    try:
        yield
    except KeyboardInterrupt:
        raise _stopped(into) from None
    except Exception:
        if into is not None and os.path.exists(file_of(into)):
            note(f"groupcore: {shown(into)} {_NOT_COMPLETE}")
        raise


def _print(step: Step, printer: Printer[Decided] | None, into: str | None) -> Printer[Decided] | None:
    """Print the verdicts of *step*; what prints the next. A new log is written to its end, whoever reads along."""
    if printer is None:
        return None
    try:
        for verdict in step.verdicts:
            printer.put((verdict, step.fact))
    except BrokenPipeError:
        if into is None:
            raise
        drop_output()
        return None
    return printer


def _stopped(into: str | None) -> Interrupted:
    said = f"; {shown(into)} {_NOT_COMPLETE}" if into is not None else ""
    return Interrupted(f"interrupted{said}")


def _run(store: Store, rules: Path | None, log: str) -> Run:
    """The run under the rules that were named, else under those of the log, else under the shipped ones."""
    if rules is not None:
        return Run(load_rulebook(rules), fixed=True)
    adopted = first_rulebook(store)
    if adopted is not None:
        note(f"groupcore: judging by what {shown(log)} adopted, first {named(adopted)}; --rules names another")
        return Run(adopted)
    shipped = shipped_rulebook()
    note(f"groupcore: {shown(log)} adopted no rulebook; judging by {named(shipped)}, which is shipped with groupcore")
    return Run(shipped)


def _steps(store: Store, run: Run, into: str | None) -> Iterator[Step]:
    if into is None:
        yield from steps(run, store.read())
        return
    with open_store(into) as out:
        yield from replay_into(out, run, store.read())


def _check_target(log: str, into: str | None) -> None:
    """Raise StoreError where OUT is LOG itself, or holds something already."""
    if into is None:
        return
    refuse_stdin(into)
    source, target = file_of(log), file_of(into)
    if not os.path.exists(target):
        return
    if os.path.samefile(source, target):
        raise StoreError(f"{into} is the log that is replayed; name a new one")
    if os.path.getsize(target):
        raise StoreError(f"{into} is there already; name a new log, or remove it first")


def _printer(format: Format) -> Printer[Decided]:
    return Printer(format, words=_in_words, record=_record, columns=_columns() if format is Format.csv else ())


def _record(decided: Decided) -> Record:
    return to_wire(decided[0])


def _in_words(decided: Decided) -> str:
    verdict, fact = decided
    group = padded(plain(verdict.group or ""), 16)
    text = getattr(fact, "text", None)
    return f"{format_instant(verdict.at):<27} {group} {verdict.type:<17} {told(verdict, text)}"


def _columns() -> list[str]:
    """The columns of all verdicts: the envelope, then the data of any type."""
    names: dict[str, None] = {}
    for cls in event_types().values():
        if issubclass(cls, VerdictEvent):
            names |= {f"data.{cls.spelled.get(item.name, item.name)}": None for item in data_fields(cls)}
    return ["type", "at", "group", "cause", *names]
